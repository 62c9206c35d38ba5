"""Real tests, run again and again in one process, with caches that are switched between the passes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hitrate.analysis.rounds.sittings import passes_of
from hitrate.evidence import Saving
from hitrate.patching.patcher import SourcePatcher
from hitrate.source.function import ExistingCache
from hitrate.trials.arms import Winner
from hitrate.trials.payback import FRUGAL
from tests.integration.passing import passed
from tests.integration.trials import PYTEST, Sample

WORK = """
import functools

RAN = []


def ran(name):
    RAN.append(name)


def plain(number):
    ran("plain")
    return number + 1


def again(number):
    ran("again")
    return number if number < 2 else again(number - 1) + again(number - 2)


def noting(function):
    @functools.wraps(function)
    def wrapper(number):
        return function(number)

    return wrapper


@noting
def wrapped(number):
    ran("wrapped")
    return number + 1


class Tool:
    def method(self, number):
        ran("method")
        return number + 1

    @staticmethod
    def static(number):
        ran("static")
        return number + 1

    @classmethod
    def klass(cls, number):
        ran("klass")
        return number + 1


class Special(Tool):
    pass


TOOL = Tool()
HANDLERS = {"plain": plain}
ORDERED = [plain]
"""
CONFTEST = """
import json
import pytest
import work


@pytest.fixture(scope="session", autouse=True)
def session(tmp_path_factory):
    work.RAN.clear()
    scopes = {}
    yield scopes
    scopes["ran"] = {name: work.RAN.count(name) for name in set(work.RAN)}
    with open("passes.jsonl", "a") as file:
        file.write(json.dumps(scopes) + "\\n")


def counted(session, name):
    session[name] = session.get(name, 0) + 1
    assert work.plain(3) == 4
    yield name
    session[name + " left"] = session.get(name + " left", 0) + 1


@pytest.fixture(scope="package")
def package(session):
    yield from counted(session, "package")


@pytest.fixture(scope="module")
def module(session):
    yield from counted(session, "module")


@pytest.fixture(scope="class")
def klass(session):
    yield from counted(session, "class")


@pytest.fixture
def function(session):
    yield from counted(session, "function")
"""
TESTS = """
import unittest
import pytest
import work
from work import Special, TOOL, plain, wrapped as renamed


@pytest.mark.parametrize("number", [1, 2, 1])
def test_parametrized(number, module, function, package):
    assert plain(number) == number + 1
    assert work.plain(number) == number + 1


class TestClass:
    kept = None

    def test_one(self, klass, tmp_path):
        assert not hasattr(self, "here")
        self.here = work.HANDLERS["plain"](7)

    def test_two(self, klass):
        assert not hasattr(self, "here")
        assert work.ORDERED[0](7) == 8


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = plain(9)

    def setUp(self):
        assert not hasattr(self, "own")
        self.own = plain(9)

    def test_shared(self):
        assert self.shared == self.own == 10

    @unittest.skip("never")
    def test_skipped(self):
        raise AssertionError

    @unittest.expectedFailure
    def test_expected(self):
        assert plain(9) == 11

    def test_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                assert plain(number) == number + 1


def test_methods():
    assert [TOOL.method(1), TOOL.method(1), Special.static(1), TOOL.static(1)] == [2] * 4
    assert [TOOL.klass(1), TOOL.klass(1)] == [2, 2]
    assert Special().method(1) == 2


def test_recursion_and_wrapping():
    assert work.again(10) == 55
    assert renamed(1) + work.wrapped(1) == 4


def test_replaced(monkeypatch):
    monkeypatch.setattr(work, "plain", lambda number: 0)
    assert work.plain(1) == 0
    assert plain(1) == 2


@pytest.mark.xfail(strict=True)
def test_xfail():
    assert plain(1) == 1


@pytest.mark.skipif(True, reason="never")
def test_skip():
    raise AssertionError


def doctested():
    '''
    >>> work.again(3), plain(20)
    (2, 21)
    '''
"""
NAMES = ["plain", "again", "wrapped", "Tool.method", "Tool.static", "Tool.klass"]


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    (tmp_path / "project").mkdir()
    (tmp_path / "scratch").mkdir()
    return Sample(tmp_path / "project", tmp_path / "scratch")


def test_each_pass_is_what_a_process_of_its_own_would_be(sample):
    sample.write(work=WORK, conftest=CONFTEST, test_work=TESTS)
    found = passed(sample, NAMES, f"{PYTEST} --doctest-modules")
    assert found.sitting is not None, found.refused and found.refused.detail
    cached, *passes = (found.sitting.first, *found.sitting.passes)
    assert [each.on for each in passes] == [True, False, False, True]
    for each in passes:
        assert each.looked_up == (cached.looked_up if each.on else ((0, 0),) * len(NAMES))
    assert all(hits and misses for hits, misses in cached.looked_up)
    seen = [json.loads(line) for line in (sample.root / "passes.jsonl").read_text().splitlines()]
    scopes = [{name: count for name, count in each.items() if name != "ran"} for each in seen]
    assert all(each == scopes[0] for each in scopes), scopes
    assert scopes[0]["module"] == scopes[0]["module left"] == scopes[0]["package left"] == 1
    ran = [each["ran"] for each in seen]
    assert ran[0] == ran[1] == ran[4]
    assert ran[2] == ran[3]
    for (hits, misses), name in zip(cached.looked_up, NAMES, strict=True):
        short = name.rpartition(".")[2]
        assert ran[0][short] == misses
        assert ran[2][short] >= hits + misses  # more, where a hit saves calls below it
    assert found.sitting.run.cpu_seconds > cached.cpu_seconds


@pytest.mark.slow
def test_the_tree_is_as_before_and_the_first_process_tells_what_a_run_takes(sample):
    sample.write(
        work=WORK, test_work="from work import plain\ndef test():\n    assert plain(plain(1)) == 3\n"
    )
    found = passed(sample, ["plain"])
    assert found.content_kept
    assert found.looked_up == [(0, 2), (0, 2), (0, 0), (0, 0), (0, 2)]


@pytest.mark.slow
def test_other_caches_are_empty_at_each_pass_but_for_what_collection_filled(sample):
    sample.write(
        work="""
        import functools
        def f(number):
            return other(number)
        @functools.lru_cache
        def other(number):
            return number
        @functools.lru_cache
        def registry():
            return object()
        ONE = registry()
        """,
        test_work="""
        import work
        def test():
            assert work.other.cache_info().currsize == 0
            assert work.f(1) == work.f(1)
            assert work.registry() is work.ONE
        """,
    )
    assert passed(sample, ["f"]).looked_up == [(1, 1), (1, 1), (0, 0), (0, 0), (1, 1)]


@pytest.mark.slow
def test_what_cannot_be_made_to_hold_another_is_refused_before_any_pass(sample):
    sample.write(
        work="import functools\ndef f(number):\n    return 1\nHELD = functools.partial(f, 1)\n",
        test_work="import work\ndef test():\n    work.f(1)\n    assert False\n",
    )
    found = passed(sample, ["f"])
    assert (found.why, found.refused.detail, found.content_kept) == ("held", "partial", True)


TIMES = "import work\nSEEN = []\ndef test():\n    work.f(1)\n    SEEN.append(1)\n"
SECOND = {
    "fails": ("failed", TIMES + "    assert len(SEEN) < 2\n"),
    "skips": ("differ", TIMES + "    if len(SEEN) == 3:\n        import pytest\n        pytest.skip()\n"),
    "stops": ("nothing", TIMES + "    if len(SEEN) > 2:\n        raise KeyboardInterrupt\n"),
    "dies": ("nothing", TIMES + "    if len(SEEN) > 2:\n        import os\n        os._exit(0)\n"),
    "is killed": (
        "nothing",
        TIMES + "    if len(SEEN) > 2:\n        import os\n        os.kill(os.getpid(), 9)\n",
    ),
    "exits": ("nothing", TIMES + "    if len(SEEN) > 2:\n        import pytest\n        pytest.exit('x')\n"),
    "begins to hold": (
        "held",
        TIMES + "    import functools\n    SEEN.append(functools.partial(work.f, 1))\n",
    ),
    "fails at once": ("failed", "import work\ndef test():\n    assert work.f(1) == 3\n"),
    "has no tests": ("nothing", "HERE = 1\n"),
    "is broken": ("failed", "import nowhere\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", SECOND)
def test_tests_that_do_not_stand_repetition_are_refused(sample, case):
    why, text = SECOND[case]
    sample.write(work="def f(number):\n    return 1\n", test_work=text)
    found = passed(sample, ["f"])
    assert (found.why, found.content_kept) == (why, True)


START = "import subprocess, sys\ndef test():\n    subprocess.run([sys.executable, {}], check=True)\n"
OTHERS = {
    "another process": ("elsewhere", START.format("'-c', 'import work'")),
    "a pytest of its own": ("elsewhere", START.format("'-m', 'pytest', '-q', 'inner.py'")),
    "a call when it is collected": ("start", "work.f(1)\ndef test():\n    pass\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", OTHERS)
def test_calls_elsewhere_are_refused(sample, case):
    why, text = OTHERS[case]
    sample.write(
        work="def f(number):\n    return 1\n",
        test_work=f"import work\n{text}",
        inner="import work\ndef test():\n    work.f(1)\n",
    )
    assert passed(sample, ["f"]).why == why


@pytest.mark.slow
def test_forked_children_and_sessions_within_a_test_are_fine(sample):
    sample.write(
        work="def f(number):\n    return 1\n",
        conftest="pytest_plugins = ['pytester']",
        test_work="""
        import os
        import work
        def test_child():
            child = os.fork()
            if not child:
                work.f(1)
                os._exit(0)
            os.waitpid(child, 0)
            assert work.f(1) == work.f(1)
        def test_session(pytester):
            pytester.makepyfile("def test(): pass")
            pytester.runpytest_inprocess().assert_outcomes(passed=1)
        """,
    )
    assert passed(sample, ["f"]).looked_up == [(1, 1), (1, 1), (0, 0), (0, 0), (1, 1)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "conftest"),
    [
        ("", "def pytest_runtest_protocol(item):\n    pass\n"),
        ("", "def pytest_runtestloop(session):\n    pass\n"),
        ("", "def pytest_addoption(parser):\n    parser.addoption('--reruns', default=1)\n"),
    ],
)
def test_plugins_that_decide_how_tests_are_run_are_refused(sample, options, conftest):
    sample.write(
        work="def f(number):\n    return 1\n",
        conftest=conftest,
        test_work="import work\ndef test():\n    assert work.f(1)\n",
    )
    assert passed(sample, ["f"], f"{PYTEST} {options}").why == "plugin"


@pytest.mark.slow
def test_tests_that_xdist_spreads_are_refused(sample):
    sample.write(
        work="def f(number):\n    return 1\n", test_work="import work\ndef test():\n    assert work.f(1)\n"
    )
    assert passed(sample, ["f"], f"{PYTEST} -p xdist -n 1").why in ("plugin", "elsewhere")


@pytest.mark.slow
def test_a_plugin_that_wraps_tests_is_fine(sample):
    sample.write(
        work="def f(number):\n    return 1\n",
        conftest="import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
        "def pytest_runtest_protocol(item):\n    yield\n",
        test_work="import work\ndef test():\n    assert work.f(1)\n",
    )
    assert passed(sample, ["f"]).looked_up == [(0, 1), (0, 1), (0, 0), (0, 0), (0, 1)]


@pytest.mark.slow
def test_passes_that_take_more_than_their_means_are_not_made(sample):
    sample.write(
        work="def f(number):\n    return sum(range(10**6))\n",
        test_work="import work\ndef test():\n    assert work.f(1)\n",
    )
    assert passed(sample, ["f"], cpu_seconds=0.01).why == "long"


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [1, 6])
def test_as_many_pairs_are_made_as_are_wanted(sample, pairs):
    sample.write(
        work="def f(number):\n    return 1\n",
        test_work="import work\ndef test():\n    assert work.f(1)\n",
    )
    found = passed(sample, ["f"], pairs=pairs)
    assert found.sitting is not None
    assert [each.on for each in found.sitting.passes] == ([True, False, False, True] * 3)[: 2 * pairs]


def test_a_function_with_a_cache_has_it_lifted_in_the_other_arm(sample):
    sample.write(
        work="import functools\n@functools.lru_cache(maxsize=8)\ndef f(number):\n    return 1\n",
        test_work="import work\ndef test():\n    work.f.cache_clear()\n    assert work.f(1) == work.f(1)\n",
    )
    carrying = Winner(sample.function("f", cache=ExistingCache(8, False)), 8)
    assert passed(sample, [carrying]).looked_up == [(1, 1), (1, 1), (0, 0), (0, 0), (1, 1)]


@pytest.mark.slow
def test_a_trial_is_made_of_passes(sample):
    sample.write(
        work="""
        def f(number):
            total = 0
            for step in range(100_000):
                total += step * number
            return total
        """,
        test_work="""
        import pytest
        import work
        @pytest.mark.parametrize("number", [1, 2, 1, 2, 1, 2])
        def test(number):
            assert work.f(number) > 1
        """,
    )
    before = sample.content()
    with SourcePatcher(sample.root) as patcher:
        economy = replace(FRUGAL, free_seconds=30.0)
        validator = sample.validator(patcher, sample.suite(), economy=economy, passes=passes_of)
        trial = validator.trial([sample.winner("f")], Saving(0.05), ["test_work.py::test"], 600.0)
    assert trial.processes in (2, 3, 4, 6, 8), trial.notes
    assert trial.pairs >= trial.processes
    assert trial.low <= trial.speedup <= trial.high
    assert trial.failure is None
    assert {name: data for name, data in sample.content().items() if "__pycache__" not in name} == before

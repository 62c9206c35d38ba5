"""Tests with real caches within an allowance, on a project that ends as a test says."""

import math
from collections.abc import Sequence

import pytest

from hitrate.analysis.rounds.allowance import FREE_SECONDS, RUNS, Allowance
from hitrate.analysis.rounds.holding import held
from hitrate.testrun.run import Outcome, Suite
from hitrate.trials.arms import Bench
from hitrate.trials.verification import Standing
from hitrate.vocabulary import Effort
from tests.unit.simulated import PLAIN, Project, winner

TESTS = ("t.py::one", "t.py::two", "t.py::three")
NAMES = ("f", "g", "h")


class Place:
    """A suite of ten seconds whose tests break by the caches in ``breaks``."""

    def __init__(
        self, folder, breaks, command="pytest -q", *, named=True, seconds=math.inf, outcome=Outcome.FAILED
    ):
        (folder / "t.py").touch()

        def ending(carrying: frozenset[str]) -> tuple[Outcome, Sequence[str]]:
            failed = [test for test, names in breaks.items() if set(names) <= carrying]
            return (outcome, failed if named else ()) if failed else PLAIN

        self.project = Project(ending=ending)
        bench = Bench(self.project, folder, folder / "warm", run=self.project.run)
        winners = [winner(name) for name in NAMES]
        self.found = held(
            bench,
            Suite(command, folder, {}),
            winners,
            TESTS,
            {each.function.id: TESTS for each in winners},
            Allowance(seconds, lambda: bench.spent.cpu_seconds),
        )
        self.left = [each.function.qualname for each in self.found.winners]
        self.spent = bench.spent.cpu_seconds

    @property
    def commands(self):
        return [command for command, _ in self.project.log]


def ids(*names):
    return tuple(f"a.py::{name}" for name in names)


def test_caches_that_hold_take_one_run(tmp_path):
    place = Place(tmp_path, {})
    assert (place.left, len(place.commands)) == (["f", "g", "h"], 1)
    assert place.found.proof.standing is Standing.HOLDS


def test_the_cache_that_breaks_a_test_is_found_by_running_that_test(tmp_path):
    place = Place(tmp_path, {TESTS[1]: ["g"]})
    assert (place.left, place.found.settled.functions) == (["f", "h"], {TESTS[1]: ids("g")})
    assert place.found.proof.standing is Standing.HOLDS
    assert all(TESTS[1] in command and TESTS[0] not in command for command in place.commands[1:])


def test_where_no_cache_holds_the_tests_that_break_are_named(tmp_path):
    place = Place(tmp_path, {test: [name] for test, name in zip(TESTS, NAMES, strict=True)})
    assert place.left == []
    assert place.found.proof.standing is Standing.BROKEN
    assert set(place.found.proof.broken_tests) == set(TESTS)


def test_a_runner_that_names_no_tests_is_run_whole(tmp_path):
    place = Place(tmp_path, {TESTS[0]: ["f"]}, "make test", named=False)
    assert place.left == ["g", "h"]
    assert set(place.commands) == {"make test"}


def test_what_hangs_is_run_once_and_settles_nothing(tmp_path):
    place = Place(tmp_path, {TESTS[0]: ["f"]}, outcome=Outcome.TIMED_OUT)
    assert (place.left, len(place.commands), place.found.hung) == ([], 1, True)
    assert "do not end within" in (place.found.proof.detail or "")


@pytest.mark.parametrize("seconds", [0.0, 10.0, 15.0, 25.0, 40.0])
@pytest.mark.parametrize("command", ["pytest -q", "make test"])
def test_never_more_is_spent_than_allowed_but_for_one_run(tmp_path, command, seconds):
    breaks = {TESTS[0]: ["f"], TESTS[2]: ["f", "h"]}
    place = Place(tmp_path, breaks, command, named=command != "make test", seconds=seconds)
    assert place.spent <= max(10.0, seconds + 10.0)
    for names in breaks.values():
        assert not set(names) <= set(place.left)
    assert {"f", "g", "h"} == {
        *place.left,
        *(name.partition("::")[2] for name in place.found.settled.doubted),
        *(n.partition("::")[2] for names in place.found.settled.functions.values() for n in names),
    }


def test_no_tracebacks_are_made_of_tests_that_fail(tmp_path):
    suites = []
    project = Project()
    bench = Bench(
        project,
        tmp_path,
        tmp_path / "warm",
        run=lambda suite, **kw: suites.append(suite) or project.run(suite, **kw),
    )
    given = Suite("pytest", tmp_path, {"PYTEST_ADDOPTS": "-p x"})
    held(bench, given, [winner("f")], TESTS, {"a.py::f": TESTS}, Allowance(1.0, lambda: 0.0))
    assert [suite.environment["PYTEST_ADDOPTS"] for suite in suites] == ["-p x --tb=no"]


def test_the_allowance_is_some_runs_of_the_tests_or_a_few_seconds():
    spent = [0.0]
    allowance = Allowance.of(Effort.STANDARD, 100.0, lambda: spent[0], float)
    assert allowance.left == RUNS * 100.0
    assert Allowance.of(Effort.STANDARD, 0.5, float, float).left == FREE_SECONDS
    assert Allowance.of(Effort.THOROUGH, 0.5, float, float).left == math.inf
    spent[0] = 149.0
    assert allowance.affords(1.0)
    assert not allowance.affords(1.5)
    spent[0] = 200.0
    assert (allowance.left, allowance.affords(0.0)) == (0.0, False)

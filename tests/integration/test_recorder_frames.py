"""Wrappers are ordinary code, however frames, tracers, debuggers and coverage look at them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hitrate.trace import deployment
from hitrate.trace.deployment import Instrument, ProbePart
from tests.integration.interpreters import INTERPRETERS

SCRIPT = Path(__file__).parents[1] / "projects" / "frames.py"


@pytest.fixture
def probe(tmp_path: Path) -> Instrument:
    return deployment.recording(tmp_path / "run", "x", ProbePart.ORACLE)


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **variables}, timeout=300
    )
    assert done.returncode == 0, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
@pytest.mark.parametrize("parts", [(), (ProbePart.ORACLE,)], ids=["recorded", "overseen"])
def test_whoever_looks(interpreter: str, parts: tuple[ProbePart, ...], tmp_path: Path) -> None:
    probe = deployment.recording(tmp_path / "run", "x", *parts)
    run(interpreter, "-W", "error", str(SCRIPT), str(probe.folder), probe.module)


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_the_script_holds_without_wrappers(interpreter: str, probe: Instrument) -> None:
    run(interpreter, "-W", "error", str(SCRIPT), str(probe.folder), probe.module, "plain")


CORES = ["ctrace", "pytrace", *(["sysmon"] if sys.version_info >= (3, 12) else [])]


@pytest.mark.parametrize("core", CORES)
def test_coverage_sees_the_same_lines(core: str, probe: Instrument, tmp_path: Path) -> None:
    pytest.importorskip("coverage")
    code = tmp_path / "shop.py"
    code.write_text(
        f"{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n"
        "class Base:\n    def price(self, n):\n        return n\n"
        "class Book(Base):\n    @observe(0)\n    def price(self, n):\n"
        "        if n > 2:\n            return 0\n        return super().price(n)\n"
        "assert [Book().price(n) for n in (1, 2, 1)] == [1, 2, 1]\n"
    )
    data = tmp_path / "coverage"
    coverage = (sys.executable, "-m", "coverage")
    run(*coverage, "run", "--data-file", str(data), str(code), COVERAGE_CORE=core)
    told = run(*coverage, "report", "--data-file", str(data), "-m", "--include", str(code))
    assert told.splitlines()[2].split()[-1] == "10", told


def test_a_test_that_fails_as_expected_shows_its_locals(probe: Instrument, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        f"{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n"
        "class Base:\n    def price(self, n):\n        return 1 // n\n"
        "class Book(Base):\n    @observe(0)\n    def price(self, n):\n"
        "        doubled = 2 * n\n        return super().price(n) + doubled\n"
    )
    (tmp_path / "test_shop.py").write_text(
        "import pytest\nfrom shop import Book\n"
        "@pytest.mark.xfail\ndef test_expected():\n    assert Book().price(0)\n"
        "def test_after():\n    assert Book().price(1) == 3\n"
    )
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--showlocals", "--xfail-tb", "-rx")
    told = run(*command, str(tmp_path), PYTEST_ADDOPTS="")
    assert "1 passed, 1 xfailed" in told, told
    assert "doubled    = 0" in told, told


COUNTED = """
import inspect, sys
(module,) = [module for name, module in sys.modules.items() if name.endswith("recording.recorder")]

def shapes(wrap):
    free = count = "free"
    @wrap
    def none(): return ()
    @wrap
    def plain(a, b=2, c=(3,)): return a, b, c
    @wrap
    def named_alike(words, at, timing=3, function=1, *, every, clock=2): return words, at, every, clock
    @wrap
    def keywords(*, key0, _0=1, key1=2): return key0, _0, key1
    @wrap
    def positional(a, b=2, /, c=3): return a, b, c
    @wrap
    def closed(a, *, key1="k"): return a, key1, free, count
    @wrap
    def captured(a, b=1): return [*map(lambda _: (a, b), "1")]
    @wrap
    def more(a, *args, key0=1, **kwargs): return a, args, key0, kwargs
    class Base:
        def method(self, a): return a
    class Book(Base):
        @wrap
        def method(self, a, __b=1): return super().method(a), __b, __class__.__name__
    return [none, plain, named_alike, keywords, positional, closed, captured, more, Book().method]

def outcome(call, args, kwargs):
    try: return call(*args, **kwargs)
    except TypeError as error: return str(error)

calls = [(range(count), kwargs) for count in range(6) for kwargs in (
    {}, {"a": 5}, {"b": 6}, {"c": 7}, {"every": 8}, {"key0": 9}, {"key1": 1}, {"key0": 1, "key1": 3, "_0": 4},
    {"every": 1, "clock": 2}, {"words": 1, "at": 2, "every": 3}, {"_Book__b": 4}, {"other": 1})]
slots = iter(range(100))
before, after = shapes(lambda function: function), shapes(lambda function: observe(next(slots))(function))
for plain, observed in zip(before, after):
    assert inspect.signature(plain) == inspect.signature(observed)
    told = [outcome(plain, *call) for call in calls]
    assert [outcome(observed, *call) for call in calls] == told
    for watched in module._recorder.live():
        watched.stop(2)
    code = getattr(observed, "__func__", observed).__code__
    assert code.co_filename.endswith("importlib._bootstrap)")
    assert (code.co_flags & 12 > 0) is (plain.__name__ in ("none", "more")), plain
    assert [outcome(observed, *call) for call in calls] == told, plain
    assert [outcome(observed, *call) for call in calls] == told, plain
"""


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_what_only_counts_passes_every_call_on_as_it_was_made(interpreter: str, tmp_path: Path) -> None:
    probe = deployment.recording(tmp_path / "run", "x")
    code = f"{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n{COUNTED}"
    run(interpreter, "-W", "error", "-c", code)

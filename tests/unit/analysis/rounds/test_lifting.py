"""Caches that something speaks against are lifted: do the tests fail?"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hitrate.analysis.rounds.lifting import WHOLE_COMMAND, with_needs
from hitrate.evidence import Evidence
from hitrate.hazards.hazard import Hazard
from hitrate.patching.edits import Edit
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Bench
from hitrate.vocabulary import HazardKind, Verdict

CACHED = Function("a.py", "of", 9, cache=ExistingCache(None, typed=False))
SHARES = Hazard(HazardKind.ALIASED, "changed", shares=True)
SHARED = Evidence(CACHED, calls=9, hits=8, misses=1, hazards=(SHARES,), tests=("t.py::t",))


class Tests:
    """Tests that end in a way of their own where the cache is lifted, and in another as they are."""

    __test__ = False

    def __init__(self, lifted: Sequence[TestRun], plain: TestRun) -> None:
        self.lifted, self.plain = list(lifted), plain
        self.applied: Sequence[Edit] = ()
        self.runs: list[bool] = []
        self.limits: list[float] = []

    def apply(self, edits: Sequence[Edit]) -> None:
        self.applied = edits

    def run(self, suite: Suite, **_: object) -> TestRun:
        self.runs.append(bool(self.applied))
        self.limits.append(suite.limits.timeout_seconds)
        return self.lifted.pop(0) if self.applied else self.plain


def ended(outcome: Outcome, *failed: str) -> TestRun:
    return TestRun(outcome, 0 if outcome is Outcome.PASSED else 1, 1.0, 1.0, tests=3, failed=failed)


PASSED, FAILED = ended(Outcome.PASSED), ended(Outcome.FAILED, "t.py::t")


def needed(tests: Tests, folder: Path, *evidence: Evidence, left: float = 20.0) -> list[tuple[str, ...]]:
    bench = Bench(tests, folder, folder / "warm", run=tests.run)
    suite = Suite("python -m pytest", folder, {})
    found = with_needs(evidence, verdict_of, bench, suite, lambda: left)
    assert not tests.applied
    return [item.needed_by for item in found]


def verdict_of(item: Evidence) -> Verdict:
    return Verdict.UNSAFE if item.hazards else Verdict.KEEP


@pytest.mark.parametrize(
    ("lifted", "plain", "expected"),
    [
        ([FAILED, FAILED], PASSED, ("t.py::t",)),
        ([PASSED], PASSED, ()),
        ([FAILED], FAILED, ()),  # they fail anyway
        ([FAILED, PASSED], PASSED, ()),  # flaky
        ([ended(Outcome.FAILED), ended(Outcome.FAILED)], PASSED, (WHOLE_COMMAND,)),
        ([ended(Outcome.TIMED_OUT)] * 2, PASSED, ()),  # a recursion that takes too long is no meaning
    ],
)
def test_tests_need_a_cache_that_fail_twice_without_it(
    lifted: list[TestRun], plain: TestRun, expected: tuple[str, ...], tmp_path: Path
) -> None:
    tests = Tests(lifted, plain)
    assert needed(tests, tmp_path, SHARED) == [expected]
    assert tests.runs[0]
    assert max(tests.limits) <= 20.0


@pytest.mark.parametrize(
    ("item", "left"),
    [
        (replace(SHARED, hazards=()), 20.0),
        (replace(SHARED, hazards=(SHARES, Hazard(HazardKind.STALE, "stale"))), 20.0),
        (replace(SHARED, calls=0), 20.0),
        (replace(SHARED, cut_short="the run broke off"), 20.0),
        (replace(SHARED, function=Function("a.py", "f", 1)), 20.0),
        (SHARED, 0.0),
    ],
)
def test_nothing_is_run_where_it_could_not_matter(item: Evidence, left: float, tmp_path: Path) -> None:
    tests = Tests([], PASSED)
    assert needed(tests, tmp_path, item, left=left) == [()]
    assert not tests.runs


def named(name: str, *tests: str) -> Evidence:
    return replace(SHARED, function=replace(CACHED, qualname=name, line=1 + len(name)), tests=tests)


def test_one_run_tells_of_all_whose_tests_are_their_own(tmp_path: Path) -> None:
    failed = ended(Outcome.FAILED, "one", "two")
    tests = Tests([failed, failed], PASSED)
    items = (named("a", "one"), named("bb", "two", "three"), named("ccc", "three"))
    assert needed(tests, tmp_path, *items) == [("one",), ("two",), ()]
    assert tests.runs == [True, False, True]


def test_of_a_test_that_calls_several_each_is_lifted_alone(tmp_path: Path) -> None:
    failed = ended(Outcome.FAILED, "both")
    tests = Tests([failed, failed, failed, failed, PASSED], PASSED)
    items = (named("a", "both"), named("bb", "both"))
    assert needed(tests, tmp_path, *items) == [("both",), ()]
    assert tests.runs == [True, False, True, True, False, True, True]

"""Effort quick: whom failing tests are held against, and which caches hide which functions."""

from dataclasses import replace

import pytest

from hitrate.analysis.quick import blame, single_pair_speedup, with_hidden
from hitrate.evidence import Evidence
from hitrate.source.doubt import Topic
from hitrate.source.function import Function
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace.counts import Count
from hitrate.vocabulary import HazardKind

PLAIN = TestRun(Outcome.PASSED, 0, 10.0, 10.0, tests=3)


def item(name: str, *tests: str, **fields: object) -> Evidence:
    return replace(Evidence(Function("a.py", name, 1), calls=4, hits=2, misses=2, tests=tests), **fields)  # type: ignore[arg-type]


def failed(*tests: str, outcome: Outcome = Outcome.FAILED) -> TestRun:
    return replace(PLAIN, outcome=outcome, exit_code=1, failed=tests)


def test_a_test_that_calls_one_function_proves_it_broken() -> None:
    f, g = blame([item("f", "t1", "t2", unhashable=3), item("g", "t3")], PLAIN, failed("t1", "t2"))
    (hazard,) = f.hazards
    assert (hazard.kind, hazard.test) == (HazardKind.BROKEN, "t1")
    assert hazard.detail == (
        "t1 and 1 more fail with the cache; 3 of its calls pass arguments that cannot be hashed"
    )
    assert (g.hazards, g.doubts) == ((), ())


def test_of_several_functions_one_run_cannot_tell_which() -> None:
    found = blame([item("f", "t"), item("g", "t"), item("h", "u")], PLAIN, failed("t"))
    assert [[doubt.topic for doubt in one.doubts] for one in found] == [
        [Topic.ENTANGLED],
        [Topic.ENTANGLED],
        [],
    ]
    assert not any(one.hazards for one in found)


@pytest.mark.parametrize(
    ("run", "said"),
    [(failed(), "the test command fails"), (failed(outcome=Outcome.TIMED_OUT), "the test command times out")],
)
def test_without_a_named_test_it_is_whoever_was_called(run: TestRun, said: str) -> None:
    called, uncalled = blame([item("f"), item("g", calls=0)], PLAIN, run)
    assert called.hazards[0].detail == f"{said} with the cache"
    assert uncalled.hazards == ()


def test_what_failed_before_is_nobodys_fault_and_what_passes_neither() -> None:
    given = [item("f", "t")]
    assert blame(given, PLAIN, PLAIN) == given
    both = blame([item("f", "t", "u")], replace(PLAIN, failed=("t",)), failed("t", "u"))
    assert both[0].hazards[0].detail == "u fails with the cache"


def count(*callers: int) -> Count:
    return replace(Count(), callers=frozenset(callers))


def test_a_function_is_hidden_by_caches_that_answered_however_far_above() -> None:
    evidence = [item("a"), item("b", hits=0), item("c"), item("d")]
    found = with_hidden(evidence, [count(0), count(0), count(1, 2), count()])
    assert [one.hidden_by for one in found] == [(), ("a.py::a",), ("a.py::a",), ()]


def test_one_pair_has_a_speedup_where_the_cached_run_passed() -> None:
    assert single_pair_speedup(PLAIN, replace(PLAIN, cpu_seconds=4.0)) == 2.5
    assert single_pair_speedup(PLAIN, failed("t")) is None
    assert single_pair_speedup(PLAIN, replace(PLAIN, cpu_seconds=0.0)) is None

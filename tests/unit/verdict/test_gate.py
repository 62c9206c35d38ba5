"""The rules of the gate: what each finds, in which unit, and what they come to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.evidence import CurvePoint, Duration, Evidence, Together, Trial
from hitrate.source.function import ExistingCache, Function
from hitrate.verdict.gate import (
    Gate,
    Rule,
    broken_gate,
    gate,
    gate_verdict,
    keeps_to,
    missed_share,
    partial_gate,
    undecided_gate,
)
from hitrate.verdict.judge import Finding, Thresholds
from hitrate.verdict.reason import Unmeasured
from hitrate.vocabulary import GateRule, GateVerdict, Metric, Verdict

THRESHOLDS = Thresholds(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2, max_missed_saving=0.05)
TEN = Duration(cpu_seconds=10.0, wall_seconds=20.0)
CACHE = Function("a.py", "g", 9, cache=ExistingCache(128, typed=False))
NEW = Function("a.py", "f", 1)
EVERY = (GateRule.INCONCLUSIVE, GateRule.UNSAFE, GateRule.WASTEFUL, GateRule.MISSED, GateRule.BROKEN)


def cache(verdict: Verdict = Verdict.KEEP, hits: int = 90, **fields: object) -> Finding:
    evidence = Evidence(CACHE, maxsize=128, calls=100, hits=hits, misses=100 - hits, saved_seconds=1.0)
    return Finding(replace(evidence, **fields), verdict, Unmeasured.NOT_RUN)  # type: ignore[arg-type]


UNCALLED = Finding(Evidence(CACHE, maxsize=128, calls=0), Verdict.INCONCLUSIVE, Unmeasured.NOT_RUN)


def candidate(saved: float | None, verdict: Verdict = Verdict.CACHE, **fields: object) -> Finding:
    evidence = Evidence(NEW, maxsize=128, calls=100, hits=90, misses=10, saved_seconds=saved)
    return Finding(replace(evidence, **fields), verdict, Unmeasured.NOT_RUN)  # type: ignore[arg-type]


def rule(name: GateRule, *findings: Finding, trial: Trial | None = None) -> Rule:
    (found,) = gate(findings, (name,), THRESHOLDS, workload=TEN, trial=trial).rules
    return found


def test_unsafe_counts_caches_and_is_open_while_one_is() -> None:
    safe, open_, unsafe = cache(), cache(Verdict.INCONCLUSIVE), cache(Verdict.UNSAFE)
    new = candidate(1.0, Verdict.UNSAFE)
    assert rule(GateRule.UNSAFE, safe, new) == Rule(GateRule.UNSAFE, 0, 0, passed=True)
    assert rule(GateRule.UNSAFE, safe, open_) == Rule(GateRule.UNSAFE, 0, 0, passed=None)
    assert rule(GateRule.UNSAFE, unsafe, open_, unsafe) == Rule(GateRule.UNSAFE, 0, 2, passed=False)
    assert rule(GateRule.UNSAFE, candidate(1.0, Verdict.INCONCLUSIVE)).passed is True


@pytest.mark.parametrize(
    ("findings", "value", "passed"),
    [
        ((), None, True),
        ((cache(), cache(hits=20)), 0.2, True),
        ((cache(), cache(Verdict.DROP, hits=19)), 0.19, False),
        ((cache(Verdict.KEEP, hits=19),), None, True),
        ((cache(Verdict.INELIGIBLE, hits=19),), None, True),
        ((cache(Verdict.INCONCLUSIVE, hits=19, hidden_by=("a.py::f",)), cache()), 0.9, None),
        ((UNCALLED, cache()), 0.9, None),
        ((cache(hits=30, hidden_by=("a.py::f",)),), 0.3, True),
        ((candidate(1.0, Verdict.NOT_WORTH_IT, hits=1, misses=99),), None, True),
    ],
)
def test_wasteful_names_the_lowest_rate_that_says_something(
    findings: tuple[Finding, ...], value: float | None, passed: bool | None
) -> None:
    assert rule(GateRule.WASTEFUL, *findings) == Rule(GateRule.WASTEFUL, 0.2, value, passed)


@pytest.mark.parametrize(
    ("size", "value", "passed"), [(512, 0.7, False), (511, 0.1, False), (None, 0.1, False), (2048, 0.9, True)]
)
def test_a_cache_counts_by_its_rate_at_the_size_that_is_advised(
    size: int | None, value: float, passed: bool
) -> None:
    limit = replace(THRESHOLDS, min_cache_hit_rate=0.8)
    curve = (CurvePoint(64, 0.05, 0.1), CurvePoint(512, 0.7, 1.0), CurvePoint(1024, 0.9, 2.0))
    small = cache(Verdict.RESIZE, hits=10, curve=curve, recommended_maxsize=size)
    (found,) = gate((small,), (GateRule.WASTEFUL,), limit, workload=TEN, trial=None).rules
    assert (found.value, found.passed) == (value, passed)


def trial(low: float | None, high: float | None, **fields: object) -> Trial:
    return replace(Trial(1.05, low, high, 0.95, 8, 0.02, Metric.CPU), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("saved", "measured", "value", "passed"),
    [
        (0.5, None, 0.05, True),
        (0.51, None, 0.051, False),
        (None, None, None, None),
        (0.6, trial(None, None), 0.06, False),
        (0.6, trial(1.0, 1 / 0.95), 0.06, True),
        (0.6, trial(1.0, 1 / 0.94), 0.06, None),
        (0.6, trial(1 / 0.95, 2.0), 0.06, None),
        (0.6, trial(1 / 0.94, 2.0), 0.06, False),
        (0.6, trial(0.5, 0.9), 0.06, True),
        (0.6, trial(1 / 0.8, 2.0, tests_selected=3, seconds_without=2.0), 0.06, None),
        (0.6, trial(1 / 0.7, 2.0, tests_selected=3, seconds_without=2.0), 0.06, False),
        (0.6, trial(2.0, 2.1, tests_selected=3, seconds_without=None), 0.06, False),
        (0.6, trial(1.0, 1 / 0.8, tests_selected=3, seconds_without=4.0, metric=Metric.WALL), 0.06, True),
    ],
)
def test_missed_is_a_share_of_the_workload_by_its_cautious_end(
    saved: float | None, measured: Trial | None, value: float | None, passed: bool | None
) -> None:
    found = rule(GateRule.MISSED, candidate(saved), candidate(9.0, Verdict.NOT_WORTH_IT), trial=measured)
    assert found == Rule(GateRule.MISSED, 0.05, pytest.approx(value) if value else value, passed)


def test_what_is_missed_is_summed_together_where_that_is_known() -> None:
    both = candidate(9.0, together=Together(80, 20, 0.3)), candidate(0.2)
    assert missed_share(both, TEN) == pytest.approx(0.05)
    assert missed_share((*both, candidate(None)), TEN) is None
    assert missed_share((candidate(1.0, metric=Metric.WALL),), TEN) == pytest.approx(0.05)
    assert missed_share((candidate(9.0, Verdict.NOT_WORTH_IT),), None) == 0.0


def test_broken_holds_where_the_tests_pass() -> None:
    assert rule(GateRule.BROKEN) == Rule(GateRule.BROKEN, 0, 0, passed=True)


def test_inconclusive_counts_the_rules_that_are_open_and_comes_last() -> None:
    findings = (UNCALLED, candidate(None))
    found = gate(findings, EVERY, THRESHOLDS, workload=TEN, trial=None)
    assert [each.rule for each in found.rules] == [*EVERY[1:], GateRule.INCONCLUSIVE]
    assert found.rules[-1] == Rule(GateRule.INCONCLUSIVE, 0, 3, passed=False)
    assert found.verdict is GateVerdict.FAIL
    settled = gate((cache(),), EVERY, THRESHOLDS, workload=TEN, trial=None)
    assert settled.rules[-1] == Rule(GateRule.INCONCLUSIVE, 0, 0, passed=True)
    assert settled.verdict is GateVerdict.PASS


def test_failing_tests_decide_broken_and_leave_all_others_open() -> None:
    assert broken_gate(EVERY, 3) == Gate(
        GateVerdict.FAIL,
        (
            Rule(GateRule.UNSAFE, 0, None, passed=None),
            Rule(GateRule.WASTEFUL, 0, None, passed=None),
            Rule(GateRule.MISSED, 0, None, passed=None),
            Rule(GateRule.BROKEN, 0, 3, passed=False),
            Rule(GateRule.INCONCLUSIVE, 0, 1, passed=False),
        ),
    )
    assert broken_gate((), 3) == Gate(GateVerdict.INCONCLUSIVE)
    assert broken_gate((GateRule.UNSAFE,), 3).verdict is GateVerdict.INCONCLUSIVE


def test_where_failing_tests_were_left_out_only_broken_fails() -> None:
    whole = gate((cache(),), EVERY, THRESHOLDS, workload=TEN, trial=None)
    partial = partial_gate(whole, 2)
    assert [each for each in partial.rules if each not in whole.rules] == [
        Rule(GateRule.BROKEN, 0, 2, passed=False)
    ]
    assert partial.verdict is GateVerdict.FAIL
    rules = (GateRule.UNSAFE, GateRule.WASTEFUL)
    without = gate((cache(),), rules, THRESHOLDS, workload=TEN, trial=None)
    assert partial_gate(without, 2) == without


def test_a_change_that_no_test_ran_leaves_all_but_broken_open() -> None:
    assert undecided_gate(EVERY) == Gate(
        GateVerdict.FAIL,
        (
            Rule(GateRule.UNSAFE, 0, None, passed=None),
            Rule(GateRule.WASTEFUL, 0, None, passed=None),
            Rule(GateRule.MISSED, 0, None, passed=None),
            Rule(GateRule.BROKEN, 0, 0, passed=True),
            Rule(GateRule.INCONCLUSIVE, 0, 1, passed=False),
        ),
    )
    assert undecided_gate((GateRule.BROKEN,)) == Gate(
        GateVerdict.INCONCLUSIVE, (Rule(GateRule.BROKEN, 0, 0, passed=True),)
    )


@given(st.lists(st.sampled_from([True, False, None])))
def test_one_that_failed_decides_then_one_that_is_open(passed: list[bool | None]) -> None:
    found = gate_verdict([Rule(GateRule.UNSAFE, 0, 0, each) for each in passed])
    assert (found is GateVerdict.FAIL) == (False in passed)
    assert (found is GateVerdict.PASS) == (set(passed) <= {True})


@pytest.mark.parametrize(("low", "high"), [(None, None), (None, 0.0), (0.0, None), (1.0, None), (None, 1.0)])
def test_a_value_of_which_an_end_is_not_known_is_undecided(low: float | None, high: float | None) -> None:
    assert keeps_to(0.5, low, high) is None

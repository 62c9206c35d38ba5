"""Thresholds turn evidence into verdicts, and verdicts into a gate."""

from dataclasses import replace

import pytest

from hitrate.evidence import CurvePoint, Duration, Evidence, Together, Trial, Tried
from hitrate.hazards.hazard import Hazard
from hitrate.settings.model import Settings
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import ExistingCache, Function
from hitrate.verdict.gate import broken_gate, gate, missed_share, undecided_gate
from hitrate.verdict.judge import Finding, Thresholds, judge, thresholds_of
from hitrate.verdict.purpose import Role
from hitrate.verdict.reason import (
    Answering,
    AnswersSeldom,
    AtMost,
    CalledSeldom,
    CostsMore,
    CutShort,
    Doubted,
    Hidden,
    Ineligible,
    LeftOpen,
    LongOnes,
    MayBeTooLittle,
    NoGain,
    OnlyCounted,
    Proven,
    Reason,
    Repeating,
    Seldom,
    Slower,
    TooLittle,
    TriedLess,
    TriedTooLittle,
    Undersized,
    Unmeasured,
    Worthwhile,
)
from hitrate.vocabulary import GateRule, GateVerdict, HazardKind, Kind, Metric, Verdict

THRESHOLDS = Thresholds(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2, max_missed_saving=0.05)
NEW = Function("a.py", "f", 1)
EXISTING = Function("a.py", "g", 9, cache=ExistingCache(128, typed=False))
TEN = Duration(cpu_seconds=10.0, wall_seconds=10.0)
WIN = Evidence(NEW, maxsize=128, calls=100, hits=90, misses=10, saved_seconds=1.0)
AUDITED = Evidence(EXISTING, maxsize=128, calls=100, hits=90, misses=10, saved_seconds=1.0)
FILE = Doubt(Topic.FILE, Grounds.SEEN, ("a.txt",))
TOO_SMALL = {
    "hits": 0,
    "misses": 100,
    "saved_seconds": -0.1,
    "recommended_maxsize": 512,
    "curve": (CurvePoint(128, 0.0, -0.1), CurvePoint(512, 0.9, 5.0)),
}
"""A working set that goes round in a cache with too little room, where more room helps."""
HAZARD = Hazard(HazardKind.STALE, "reads the working directory")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.3, -0.1, Verdict.DROP),
        (-0.3, 0.0, Verdict.KEEP),
        (-0.3, 0.2, Verdict.KEEP),
        (0.1, 0.2, Verdict.KEEP),
        (None, None, Verdict.DROP),
    ],
)
def test_a_cache_is_dropped_for_its_cost_only_where_the_timings_are_sure(
    low: float | None, high: float | None, expected: Verdict
) -> None:
    found = replace(AUDITED, saved_seconds=-0.1, saved_low=low, saved_high=high)
    finding = judge(found, THRESHOLDS, TEN)
    assert finding.verdict is expected
    is_open = low is not None and high is not None and low < 0 <= high
    assert (finding.reason == Answering(0.9, LeftOpen(low or 0.0, high or 0.0))) is is_open


def verdict(evidence: Evidence, workload: Duration | None = TEN) -> Verdict:
    return judge(evidence, THRESHOLDS, workload).verdict


def test_a_new_cache_that_hits_and_saves_is_recommended() -> None:
    finding = judge(WIN, THRESHOLDS, TEN)
    assert finding.verdict is Verdict.CACHE
    assert finding.reason == Repeating(0.9, None, Worthwhile(0.1, Metric.CPU))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"function": replace(NEW, ineligible="a coroutine")}, Verdict.INELIGIBLE),
        ({"hazards": (HAZARD,)}, Verdict.UNSAFE),
        ({"calls": 0, "hits": 0, "misses": 0}, Verdict.INCONCLUSIVE),
        ({"calls": None, "hits": None, "misses": None}, Verdict.INCONCLUSIVE),
        ({"calls": 5, "hits": 0, "misses": 0, "unhashable": 5}, Verdict.INCONCLUSIVE),
        ({"hits": 10, "misses": 90}, Verdict.NOT_WORTH_IT),
        ({"hits": 10, "misses": 90, "own_seconds": 1.1}, Verdict.CACHE),
        ({"hits": 10, "misses": 90, "own_seconds": 9.0}, Verdict.NOT_WORTH_IT),
        ({"hits": 10, "misses": 90, "own_seconds": 0.06, "saved_seconds": 0.05}, Verdict.NOT_WORTH_IT),
        ({"hits": 0, "misses": 100, "own_seconds": 9.0, "saved_seconds": -0.1}, Verdict.NOT_WORTH_IT),
        ({"hits": 10, "misses": 90, "hidden_by": ("a.py::g",)}, Verdict.INCONCLUSIVE),
        ({"hidden_by": ("a.py::g",)}, Verdict.CACHE),
        ({"hazards": (HAZARD,), "hits": 10, "misses": 90}, Verdict.NOT_WORTH_IT),
        ({"hazards": (HAZARD,), "saved_seconds": 0.05}, Verdict.NOT_WORTH_IT),
        ({"hazards": (HAZARD,), "calls": 5, "hits": 0, "misses": 0}, Verdict.NOT_WORTH_IT),
        (
            {"hazards": (HAZARD,), "calls": 5, "hits": 0, "misses": 0, "mean_call_seconds": 0.1},
            Verdict.UNSAFE,
        ),
        ({"saved_seconds": 0.05}, Verdict.NOT_WORTH_IT),
        ({"saved_seconds": -0.5}, Verdict.NOT_WORTH_IT),
        ({"doubts": (Doubt(Topic.CLOCK, Grounds.SEEN),)}, Verdict.INCONCLUSIVE),
        ({"saved_seconds": None}, Verdict.CACHE),
        ({"saved_seconds": None, "saved_seconds_at_most": 0.2}, Verdict.CACHE),
        ({"saved_seconds": None, "saved_seconds_at_most": 0.05}, Verdict.NOT_WORTH_IT),
    ],
)
def test_new_functions(change: dict[str, object], expected: Verdict) -> None:
    assert verdict(replace(WIN, **change)) is expected  # type: ignore[arg-type]


def test_a_hazard_outweighs_any_saving() -> None:
    finding = judge(replace(WIN, hazards=(HAZARD,), saved_seconds=9.9), THRESHOLDS, TEN)
    assert finding.reason == Proven(HAZARD)


def test_a_saving_as_near_as_it_can_be_told_is_enough() -> None:
    """Told as 1.0 %, it would be refused for want of 1 %."""
    saves = {
        share: judge(replace(WIN, saved_seconds=10 * share), THRESHOLDS, TEN).verdict
        for share in (0.0094, 0.0096)
    }
    assert list(saves.values()) == [Verdict.NOT_WORTH_IT, Verdict.CACHE]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict.KEEP),
        ({"hits": 1, "misses": 99}, Verdict.DROP),
        ({"hits": 1, "misses": 99, "own_seconds": 2.0}, Verdict.KEEP),
        ({"hits": 1, "misses": 99, "hidden_by": ("a.py::f",)}, Verdict.INCONCLUSIVE),
        ({"hidden_by": ("a.py::f",)}, Verdict.KEEP),
        ({"saved_seconds": -0.1}, Verdict.DROP),
        ({"doubts": (FILE,)}, Verdict.INCONCLUSIVE),
        ({"hits": 1, "misses": 99, "doubts": (FILE,)}, Verdict.DROP),
        ({"calls": 1, "hits": 0, "misses": 1}, Verdict.INCONCLUSIVE),
        ({"calls": 2, "hits": 0, "misses": 2}, Verdict.INCONCLUSIVE),
        ({"calls": 3, "hits": 0, "misses": 3}, Verdict.DROP),
        ({"calls": 2, "hits": 1, "misses": 1}, Verdict.KEEP),
        (TOO_SMALL, Verdict.RESIZE),
        (TOO_SMALL | {"doubts": (FILE,)}, Verdict.INCONCLUSIVE),
        (TOO_SMALL | {"hazards": (HAZARD,)}, Verdict.UNSAFE),
        (TOO_SMALL | {"curve": (CurvePoint(512, 0.1, 0.5),)}, Verdict.DROP),
        (TOO_SMALL | {"curve": (CurvePoint(512, 0.1, 0.5),), "own_seconds": 1.0}, Verdict.RESIZE),
        (TOO_SMALL | {"recommended_maxsize": None, "curve": (CurvePoint(512, 0.9, -0.5),)}, Verdict.DROP),
        ({"hazards": (HAZARD,)}, Verdict.UNSAFE),
        ({"calls": 0}, Verdict.INCONCLUSIVE),
        ({"recommended_maxsize": 512, "curve": (CurvePoint(512, 0.99, 2.0),)}, Verdict.RESIZE),
        ({"recommended_maxsize": 512, "curve": (CurvePoint(512, 0.91, 1.01),)}, Verdict.KEEP),
        ({"recommended_maxsize": 32, "curve": (CurvePoint(32, 0.9, 1.0),)}, Verdict.KEEP),
    ],
)
def test_existing_caches(change: dict[str, object], expected: Verdict) -> None:
    assert verdict(replace(AUDITED, **change)) is expected  # type: ignore[arg-type]


ALONE = replace(EXISTING, takes_arguments=False)
PROCEDURE = replace(EXISTING, returns_nothing=True)
SHARED = replace(HAZARD, kind=HazardKind.ALIASED, shares=True)
OUTDATED = replace(HAZARD, outdated="`port: 1`, then `2`")


@pytest.mark.parametrize(
    ("function", "change", "expected"),
    [
        (ALONE, {"hazards": (SHARED,)}, Verdict.KEEP),
        (ALONE, {"hazards": (SHARED, HAZARD)}, Verdict.UNSAFE),
        (ALONE, {"hazards": (replace(SHARED, shares=False),)}, Verdict.UNSAFE),
        (EXISTING, {"hazards": (SHARED,)}, Verdict.UNSAFE),
        (ALONE, {"hazards": (OUTDATED,)}, Verdict.INCONCLUSIVE),
        (ALONE, {"hazards": (OUTDATED, SHARED)}, Verdict.INCONCLUSIVE),
        (ALONE, {"hazards": (OUTDATED, HAZARD)}, Verdict.UNSAFE),
        (EXISTING, {"hazards": (OUTDATED,)}, Verdict.UNSAFE),
        (replace(ALONE, cache=None), {"hazards": (OUTDATED,)}, Verdict.UNSAFE),
        (replace(ALONE, cache=None), {"hazards": (SHARED,)}, Verdict.UNSAFE),
        (ALONE, {"hits": 0, "misses": 1}, Verdict.KEEP),
        (ALONE, {"saved_seconds": -0.1}, Verdict.KEEP),
        (ALONE, {"calls": 0, "hits": 0, "misses": 0}, Verdict.INCONCLUSIVE),
        (ALONE, {"doubts": (Doubt(Topic.INCOMPARABLE, Grounds.SEEN),)}, Verdict.KEEP),
        (ALONE, {"doubts": (Doubt(Topic.ENVIRONMENT, Grounds.SEEN), FILE)}, Verdict.KEEP),
        (ALONE, {"doubts": (Doubt(Topic.IDENTITY, Grounds.SEEN),)}, Verdict.KEEP),
        (ALONE, {"doubts": (Doubt(Topic.LAZY, Grounds.SEEN),)}, Verdict.INCONCLUSIVE),
        (ALONE, {"doubts": (Doubt(Topic.CLOCK, Grounds.SEEN),)}, Verdict.INCONCLUSIVE),
        (ALONE, TOO_SMALL, Verdict.RESIZE),
        (PROCEDURE, {"hits": 0, "misses": 8}, Verdict.KEEP),
        (PROCEDURE, {"saved_seconds": -0.1}, Verdict.KEEP),
        (PROCEDURE, {"doubts": (FILE,)}, Verdict.INCONCLUSIVE),
        (PROCEDURE, {"hazards": (HAZARD,)}, Verdict.UNSAFE),
        (replace(PROCEDURE, cache=None), {"saved_seconds": -0.1}, Verdict.NOT_WORTH_IT),
    ],
)
def test_caches_that_are_there_for_what_they_mean(
    function: Function, change: dict[str, object], expected: Verdict
) -> None:
    assert verdict(replace(AUDITED, function=function, **change)) is expected  # type: ignore[arg-type]


def test_what_is_the_purpose_of_a_cache_is_not_held_against_it() -> None:
    finding = judge(replace(AUDITED, function=ALONE, hazards=(SHARED,)), THRESHOLDS, TEN)
    assert finding.evidence.hazards == ()
    assert finding.reason == Answering(0.9, Role.ONE_FOR_ALL)


def test_what_a_cache_without_arguments_made_of_settings_that_changed_is_a_doubt() -> None:
    finding = judge(replace(AUDITED, function=ALONE, hazards=(OUTDATED,)), THRESHOLDS, TEN)
    assert finding.evidence.hazards == ()
    outdated = Doubt(Topic.OUTDATED, Grounds.SEEN, by=OUTDATED.outdated)
    assert finding.reason == Doubted(outdated, Kind.EXISTING)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, GateVerdict.PASS),
        (TOO_SMALL, GateVerdict.PASS),
        (TOO_SMALL | {"curve": (CurvePoint(512, 0.1, 0.5),)}, GateVerdict.FAIL),
        ({"hits": 1, "misses": 99}, GateVerdict.FAIL),
        ({"hits": 1, "misses": 99, "own_seconds": 2.0}, GateVerdict.PASS),
        ({"hits": 1, "misses": 99, "hidden_by": ("a.py::f",)}, GateVerdict.INCONCLUSIVE),
        ({"hits": 0, "misses": 9, "function": ALONE}, GateVerdict.PASS),
        ({"hits": 0, "misses": 9, "function": PROCEDURE}, GateVerdict.PASS),
    ],
)
def test_only_a_cache_that_no_size_would_save_is_wasteful(
    change: dict[str, object], expected: GateVerdict
) -> None:
    finding = judge(replace(AUDITED, **change), THRESHOLDS, TEN)  # type: ignore[arg-type]
    assert decide(finding, rules=(GateRule.WASTEFUL,)) is expected


def decide(*findings: Finding, rules: tuple[GateRule, ...], trial: Trial | None = None) -> GateVerdict:
    return gate(findings, rules, THRESHOLDS, workload=TEN, trial=trial).verdict


def test_an_unsafe_existing_cache_fails_the_gate_and_an_unsafe_candidate_does_not() -> None:
    candidate = judge(replace(WIN, hazards=(HAZARD,)), THRESHOLDS, TEN)
    cache = judge(replace(AUDITED, hazards=(HAZARD,)), THRESHOLDS, TEN)
    assert decide(candidate, rules=(GateRule.UNSAFE,)) is GateVerdict.PASS
    assert decide(cache, rules=(GateRule.UNSAFE,)) is GateVerdict.FAIL


def test_an_unmeasured_cache_leaves_the_gate_undecided_and_the_user_chooses() -> None:
    unknown = judge(replace(AUDITED, calls=0), THRESHOLDS, TEN)
    assert decide(unknown, rules=(GateRule.UNSAFE,)) is GateVerdict.INCONCLUSIVE
    assert decide(unknown, rules=(GateRule.UNSAFE, GateRule.INCONCLUSIVE)) is GateVerdict.FAIL


def test_a_wasteful_cache() -> None:
    wasteful = judge(replace(AUDITED, hits=1, misses=99), THRESHOLDS, TEN)
    assert decide(wasteful, rules=(GateRule.WASTEFUL,)) is GateVerdict.FAIL
    assert decide(judge(AUDITED, THRESHOLDS, TEN), rules=(GateRule.WASTEFUL,)) is GateVerdict.PASS
    assert decide(rules=(GateRule.WASTEFUL,)) is GateVerdict.PASS


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.08, 1.12, GateVerdict.FAIL), (1.01, 1.12, GateVerdict.INCONCLUSIVE), (0.99, 1.03, GateVerdict.PASS)],
)
def test_limits_apply_to_the_cautious_end_of_the_interval(
    low: float, high: float, expected: GateVerdict
) -> None:
    trial = Trial(1.05, low, high, 0.95, 8, 0.02, Metric.CPU)
    assert decide(judge(WIN, THRESHOLDS, TEN), rules=(GateRule.MISSED,), trial=trial) is expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (8.0, GateVerdict.FAIL),
        (2.0, GateVerdict.INCONCLUSIVE),
        (0.5, GateVerdict.PASS),
        (None, GateVerdict.FAIL),
    ],
)
def test_a_trial_of_chosen_tests_counts_by_their_share_of_the_workload(
    seconds: float | None, expected: GateVerdict
) -> None:
    trial = Trial(1.4, 1.1, 1.6, 0.95, 8, 0.02, Metric.CPU, tests_selected=3, seconds_without=seconds)
    # 9 to 37 % of the chosen tests' time; where that is not known the prediction of 10 % stands.
    assert decide(judge(WIN, THRESHOLDS, TEN), rules=(GateRule.MISSED,), trial=trial) is expected


def test_savings_together_are_what_is_missed() -> None:
    both = replace(WIN, together=Together(80, 20, 0.6))
    findings = [judge(both, THRESHOLDS, TEN), judge(both, THRESHOLDS, TEN)]
    assert missed_share(findings, TEN) == pytest.approx(0.12)
    assert missed_share([], TEN) == 0.0
    assert missed_share(findings, None) is None


def test_failing_tests_fail_only_the_rule_broken() -> None:
    assert broken_gate((GateRule.UNSAFE,), 3).verdict is GateVerdict.INCONCLUSIVE
    assert broken_gate((GateRule.UNSAFE, GateRule.BROKEN), 3).verdict is GateVerdict.FAIL
    assert broken_gate((), 3).verdict is GateVerdict.INCONCLUSIVE


def test_where_no_test_ran_the_change_nothing_holds() -> None:
    assert undecided_gate(()).verdict is GateVerdict.INCONCLUSIVE
    assert undecided_gate((GateRule.BROKEN,)).verdict is GateVerdict.INCONCLUSIVE
    every = undecided_gate((GateRule.INCONCLUSIVE, GateRule.UNSAFE, GateRule.BROKEN))
    assert [(rule.rule, rule.passed) for rule in every.rules] == [
        (GateRule.UNSAFE, None),
        (GateRule.BROKEN, True),
        (GateRule.INCONCLUSIVE, False),
    ]
    assert every.verdict is GateVerdict.FAIL


def test_what_a_cache_saves_in_waiting_is_a_share_of_wall_time() -> None:
    workload = Duration(cpu_seconds=100.0, wall_seconds=4.0)
    finding = judge(replace(WIN, metric=Metric.WALL), THRESHOLDS, workload)
    assert finding.verdict is Verdict.CACHE
    assert finding.reason == Repeating(0.9, None, Worthwhile(0.25, Metric.WALL))
    assert judge(replace(WIN, saved_seconds=0.9), THRESHOLDS, workload).verdict is Verdict.NOT_WORTH_IT
    both = [finding, judge(replace(WIN, saved_seconds=50.0), THRESHOLDS, workload)]
    assert missed_share(both, workload) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("only_counted", "seconds", "expected"),
    [
        (0, 0.02, Verdict.NOT_WORTH_IT),
        (50, 0.02, Verdict.INCONCLUSIVE),
        (5, 0.02, Verdict.NOT_WORTH_IT),  # not even all of them could bring it above the threshold
        (50, 0.0001, Verdict.NOT_WORTH_IT),  # nor would they save anything to speak of
    ],
)
def test_a_low_hit_rate_of_the_first_calls_decides_only_if_the_others_cannot(
    only_counted: int, seconds: float, expected: Verdict
) -> None:
    seen = replace(WIN, hits=10, misses=90, mean_call_seconds=seconds, only_counted=only_counted)
    assert verdict(seen) is expected


@pytest.mark.parametrize("kind", HazardKind)
@pytest.mark.parametrize(
    "left_open",
    [{"mean_call_seconds": 0.02, "only_counted": 50}, {"hidden_by": ("a.py::outer",)}],
)
def test_what_is_proven_needs_no_other_calls_to_be_decided(
    kind: HazardKind, left_open: dict[str, object]
) -> None:
    seldom = replace(WIN, hits=10, misses=90)
    proven = replace(seldom, hazards=(Hazard(kind, "why"),))
    assert verdict(replace(seldom, **left_open)) is Verdict.INCONCLUSIVE  # type: ignore[arg-type]
    assert verdict(replace(proven, **left_open)) is Verdict.UNSAFE  # type: ignore[arg-type]
    assert verdict(proven) is Verdict.NOT_WORTH_IT


def tried(low: float, likely: float, high: float, **more: object) -> Tried:
    return Tried(1.0, low, likely, high, Metric.CPU, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "likely", "high", "expected"),
    [
        (0.8, 1.0, 1.2, Verdict.CACHE),
        (-0.9, 0.0, 0.9, Verdict.CACHE),  # too wide: the promise may hold
        (0.2, 0.3, 0.4, Verdict.CACHE),  # less, but more than is wanted
        (-0.3, 0.02, 0.4, Verdict.INCONCLUSIVE),
        (-0.02, 0.02, 0.05, Verdict.NOT_WORTH_IT),
        (-0.5, -0.3, -0.1, Verdict.NOT_WORTH_IT),
        (0.09, 0.095, 0.1, Verdict.CACHE),
    ],
)
def test_no_verdict_contradicts_its_trial(low: float, likely: float, high: float, expected: Verdict) -> None:
    assert verdict(replace(WIN, tried=tried(low, likely, high))) is expected


def test_what_a_trial_may_not_judge_stays_as_it_is() -> None:
    assert verdict(replace(WIN, tried=tried(-0.02, 0.02, 0.05)), None) is Verdict.CACHE
    unsafe = replace(WIN, hazards=(HAZARD,), tried=tried(-0.3, 0.02, 0.4))
    assert verdict(unsafe) is Verdict.UNSAFE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"hits": 10, "misses": 90, "own_seconds": 1.25}, Repeating(0.1, 0.8, Worthwhile(0.1, Metric.CPU))),
        ({"hits": 10, "misses": 90, "own_seconds": 0.5}, Repeating(0.1, 1.0, Worthwhile(0.1, Metric.CPU))),
        ({"hits": 10, "misses": 90}, Seldom(0.1, 0.2)),
        ({"hits": 0, "misses": 100}, Seldom(0.0, 0.2)),
        ({"hits": 0, "misses": 100, "hidden_by": ("a.py::g",)}, Seldom(0.0, 0.2, Hidden(("a.py::g",)))),
        (
            {"hits": 10, "misses": 90, "mean_call_seconds": 0.02, "only_counted": 50},
            Seldom(0.1, 0.2, OnlyCounted()),
        ),
        ({"calls": 5, "hits": 0, "misses": 0, "unhashable": 5}, Unmeasured.NO_KEYS),
        ({"calls": 5, "hits": 0, "misses": 0}, Unmeasured.UNKNOWN_CALLS),
        ({"cut_short": "seen only until the end"}, CutShort("seen only until the end")),
        ({"calls": None}, Unmeasured.NOT_RUN),
        ({"calls": 0}, Unmeasured.NEVER_CALLED),
        ({"function": replace(NEW, ineligible="a coroutine")}, Ineligible("a coroutine")),
        ({"doubts": (FILE,)}, Doubted(FILE, Kind.NEW)),
        ({"saved_seconds": None}, Repeating(0.9, None, Worthwhile(None, Metric.CPU))),
        (
            {"saved_seconds": None, "saved_seconds_at_most": 0.05},
            Repeating(0.9, None, AtMost(0.005, 0.01, Metric.CPU)),
        ),
        ({"saved_seconds": -0.5}, Repeating(0.9, None, NoGain())),
    ],
)
def test_the_reason_of_a_new_cache(change: dict[str, object], expected: Reason) -> None:
    assert judge(replace(WIN, **change), THRESHOLDS, TEN).reason == expected  # type: ignore[arg-type]


def test_too_small_a_saving_comes_with_the_rate_from_which_it_would_pay() -> None:
    """0.09 ms saved a call: 1 % of a second is reached with 111 calls."""
    reason = judge(replace(WIN, saved_seconds=0.009), THRESHOLDS, TEN).reason
    assert isinstance(reason, Repeating)
    assert isinstance(reason.worth, TooLittle)
    assert reason.worth.pays_from == pytest.approx(111, abs=0.2)


@pytest.mark.parametrize(
    "change",
    [
        *({"hazards": (Hazard(kind, "why"),)} for kind in HazardKind),
        {"doubts": (FILE,)},
        {"function": replace(NEW, doubts=(replace(FILE, grounds=Grounds.STATIC),))},
    ],
)
def test_no_rate_is_told_from_which_a_cache_would_pay_that_is_wrong_or_may_be(
    change: dict[str, object],
) -> None:
    reason = judge(replace(WIN, saved_seconds=0.009, **change), THRESHOLDS, TEN).reason  # type: ignore[arg-type]
    assert reason == Repeating(0.9, None, TooLittle(0.0009, 0.01, Metric.CPU, None))


@pytest.mark.parametrize(
    ("low", "saved", "expected"),
    [
        (0.04, 0.11, Verdict.INCONCLUSIVE),
        (-0.2, 0.14, Verdict.INCONCLUSIVE),
        (0.084, 0.098, Verdict.CACHE),  # any promise is only known to a tenth
        (0.05, 0.11, Verdict.CACHE),
        (0.04, 0.2, Verdict.CACHE),  # far enough above to be tried
        (0.05, 0.09, Verdict.NOT_WORTH_IT),
    ],
)
def test_a_saving_little_above_what_is_wanted_counts_unless_it_may_be_far_less(
    low: float, saved: float, expected: Verdict
) -> None:
    item = replace(WIN, saved_seconds=saved, saved_low=low, saved_high=saved * 1.1)
    assert judge(item, THRESHOLDS, TEN).verdict is expected


def test_why_a_saving_is_not_sure_and_that_a_trial_makes_it_so() -> None:
    item = replace(WIN, saved_seconds=0.11, saved_low=0.03, saved_high=0.12)
    reason = judge(item, THRESHOLDS, TEN).reason
    assert reason == Repeating(0.9, None, MayBeTooLittle(0.003, 0.012, 0.01, Metric.CPU))
    assert judge(replace(item, tried=tried(0.1, 0.12, 0.14)), THRESHOLDS, TEN).verdict is Verdict.CACHE


def test_the_reason_after_a_trial() -> None:
    little = judge(replace(WIN, tried=tried(-0.02, 0.02, 0.05)), THRESHOLDS, TEN)
    assert little.reason == Repeating(0.9, None, TriedTooLittle(0.005, 0.01, Metric.CPU, 1))
    several = judge(replace(WIN, tried=tried(-0.3, 0.02, 0.4, caches=3)), THRESHOLDS, TEN)
    assert several.reason == Repeating(0.9, None, TriedLess(-0.03, 0.04, 0.1, Metric.CPU, 3))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Answering(0.9)),
        ({"hits": 1, "misses": 99, "own_seconds": 0.5}, Answering(0.01, LongOnes(1.0))),
        ({"hits": 10, "misses": 90}, AnswersSeldom(0.1, 0.2)),
        (
            {"hits": 1, "misses": 99, "hidden_by": ("a.py::f",)},
            AnswersSeldom(0.01, 0.2, Hidden(("a.py::f",))),
        ),
        ({"calls": 1, "hits": 0, "misses": 1}, CalledSeldom(1)),
        ({"saved_seconds": -0.1}, CostsMore()),
        (
            {"recommended_maxsize": 512, "curve": (CurvePoint(512, 0.99, 2.0),)},
            Undersized(128, 1.0, 512, 2.0),
        ),
        ({"doubts": (FILE,)}, Doubted(FILE, Kind.EXISTING)),
        ({"function": ALONE}, Answering(0.9, Role.ONE_FOR_ALL)),
        ({"function": PROCEDURE}, Answering(0.9, Role.ONCE)),
    ],
)
def test_the_reason_of_a_cache_that_is_there(change: dict[str, object], expected: Reason) -> None:
    assert judge(replace(AUDITED, **change), THRESHOLDS, TEN).reason == expected  # type: ignore[arg-type]


def test_a_new_function_whose_cache_slows_the_tests_is_not_worth_it() -> None:
    """A trial that has shown it leaves no question open, whatever else is doubtful."""
    slower = Doubt(Topic.SLOWER, Grounds.TRIED)
    finding = judge(replace(WIN, doubts=(slower,)), THRESHOLDS, TEN)
    assert finding.verdict is Verdict.NOT_WORTH_IT
    assert finding.reason == Repeating(0.9, None, Slower())
    assert verdict(replace(WIN, doubts=(FILE, slower))) is Verdict.NOT_WORTH_IT
    assert verdict(replace(WIN, doubts=(FILE,))) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(("rate", "expected"), [(0.2, Verdict.RESIZE), (0.19, Verdict.DROP)])
def test_a_larger_size_must_answer_as_much_as_is_wanted(rate: float, expected: Verdict) -> None:
    larger = replace(
        AUDITED, **(TOO_SMALL | {"curve": (CurvePoint(128, 0.0, -0.1), CurvePoint(512, rate, 5.0))})
    )
    assert verdict(larger) is expected


def test_the_settings_are_the_thresholds_each_in_its_place() -> None:
    chosen = Settings(min_hit_rate=0.3, min_saving=0.02, min_cache_hit_rate=0.4, max_missed_saving=0.06)
    assert thresholds_of(chosen) == Thresholds(
        min_hit_rate=0.3, min_saving=0.02, min_cache_hit_rate=0.4, max_missed_saving=0.06
    )


@pytest.mark.parametrize(("seconds", "expected"), [(0.1, Verdict.UNSAFE), (0.0999, Verdict.NOT_WORTH_IT)])
def test_what_no_key_can_stand_for_is_unsafe_where_it_takes_as_much_as_is_wanted(
    seconds: float, expected: Verdict
) -> None:
    found = replace(
        WIN, calls=1, hits=0, misses=0, unhashable=1, mean_call_seconds=seconds, hazards=(HAZARD,)
    )
    assert verdict(found) is expected

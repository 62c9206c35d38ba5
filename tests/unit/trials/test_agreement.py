"""What was promised against what was measured: who is right, and why the two may differ."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.evidence import CurvePoint, Evidence, Together, Trial, Tried
from hitrate.source.function import Function
from hitrate.trials.agreement import Shortfall, claimed, compared, concerns, reasons
from hitrate.trials.remarks import of_agreement
from hitrate.vocabulary import Metric

ITEM = Evidence(
    Function("a.py", "f", 1),
    calls=100,
    hits=90,
    misses=10,
    hit_rate_within_test=0.9,
    mean_call_seconds=0.01,
    saved_seconds=3.0,
    curve=(CurvePoint(1, 0.1, -0.1), CurvePoint(8, 0.9, 3.0)),
    together=Together(90, 10, 2.9),
)


def trial(low: float, speedup: float, high: float, promised: float = 2.0, **more: object) -> Trial:
    return Trial(
        speedup,
        low,
        high,
        0.95,
        4,
        0.02,
        Metric.CPU,
        functions=("a.py::f",),
        seconds_without=10.0,
        predicted_saving_seconds=promised,
        **more,
    )


def tried(low: float, likely: float, high: float, promised: float = 2.0) -> Tried:
    return Tried(promised, low, likely, high, Metric.CPU)


def test_an_interval_of_speedups_becomes_seconds_saved_in_a_run():
    found = compared(trial(1.0, 1.25, 2.0))
    assert (found.low, found.seconds, found.high) == pytest.approx((0.0, 2.0, 5.0))
    assert (found.promised, found.caches) == (2.0, 1)


def test_a_trial_of_what_was_observed_is_told_at_the_pace_of_that_minute():
    slower = compared(trial(1.2, 1.25, 1.3, promised=4.0), plain_seconds=20.0)
    assert (slower.low, slower.seconds, slower.high) == pytest.approx((20 - 20 / 1.2, 4.0, 20 - 20 / 1.3))
    assert not slower.shows_less
    assert compared(trial(1.2, 1.25, 1.3, promised=4.0)).shows_less


@pytest.mark.parametrize(
    "without",
    [
        {"low": None, "high": None},
        {"speedup": None, "low": None, "high": None},
        {"seconds_without": None},
        {"predicted_saving_seconds": None},
        {"predicted_saving_seconds": 0.0},
    ],
)
def test_without_an_interval_or_a_promise_nothing_is_compared(without):
    assert compared(replace(trial(1.0, 1.25, 2.0), **without)) is None


@pytest.mark.parametrize(
    ("found", "less", "more"),
    [
        (tried(0.5, 1.0, 1.5), True, False),
        (tried(1.5, 1.7, 1.85), False, False),  # excluded, but by less than the promise's own uncertainty
        (tried(1.0, 1.9, 2.8), False, False),
        (tried(-8.0, 0.1, 8.0), False, False),  # too wide to say anything
        (tried(2.1, 2.15, 2.19), False, False),
        (tried(2.5, 3.0, 3.5), False, True),
        (tried(-1.0, -0.5, -0.1), True, False),
    ],
)
def test_who_is_contradicted(found, less, more):
    assert (found.shows_less, found.shows_more) == (less, more)
    changed = claimed(ITEM, found)
    assert (changed.saved_seconds < ITEM.saved_seconds) is less
    assert bool(of_agreement(found, [ITEM])) is (less or more)


def test_the_smaller_is_claimed_everywhere():
    changed = claimed(ITEM, tried(0.5, 1.0, 1.5))
    assert changed.saved_seconds == pytest.approx(1.5)
    assert changed.together.saved_seconds == pytest.approx(1.45)
    assert [point.saved_seconds for point in changed.curve] == pytest.approx([-0.1, 1.5])
    assert changed.hits == ITEM.hits


def test_nothing_is_claimed_of_a_saving_that_is_none():
    assert claimed(ITEM, tried(-1.0, -0.5, -0.1)).saved_seconds == 0.0


def test_what_is_not_known_stays_not_known():
    unknown = replace(ITEM, saved_seconds=None, together=None)
    changed = claimed(unknown, tried(0.5, 1.0, 1.5))
    assert (changed.saved_seconds, changed.together) == (None, None)


@given(st.floats(1.001, 5), st.floats(1e-3, 0.7), st.lists(st.floats(0.01, 3.0), min_size=1, max_size=5))
def test_the_claims_together_never_exceed_both_promise_and_interval(speedup, half, savings):
    promised = sum(savings)
    found = compared(trial(speedup * math.exp(-half), speedup, speedup * math.exp(half), promised))
    items = [replace(ITEM, together=Together(1, 1, saved)) for saved in savings]
    claims = sum(claimed(item, found).together.saved_seconds for item in items)
    assert claims <= promised * (1 + 1e-9)
    assert claims <= found.high / 0.9 * (1 + 1e-9)


def test_a_cpu_trial_says_nothing_of_a_function_that_waits():
    waiting = replace(ITEM, metric=Metric.WALL)
    assert not concerns(tried(0.5, 1.0, 1.5), waiting)
    assert concerns(tried(0.5, 1.0, 1.5), ITEM)
    by_wall = replace(tried(0.5, 1.0, 1.5), metric=Metric.WALL)
    assert concerns(by_wall, waiting)
    assert concerns(by_wall, ITEM)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"only_counted": 80}, Shortfall.COUNTED),
        ({"mean_call_seconds": 1e-7}, Shortfall.SHORT),
        ({"hit_rate_within_test": 0.5}, Shortfall.ACROSS),
        ({"together": Together(90, 10, 1.0)}, Shortfall.NESTED),
        ({"calls": 1000}, Shortfall.NESTED),
        ({"only_counted": 51}, Shortfall.COUNTED),
        ({"calls": 201}, Shortfall.NESTED),
    ],
)
def test_known_reasons_are_sought(change, cause):
    assert [reason.cause for reason in reasons([replace(ITEM, **change)])] == [cause]


def test_where_no_reason_is_known_none_is_given():
    (note,) = of_agreement(tried(0.5, 1.0, 1.5), [ITEM])
    assert "reason" not in note
    assert "less than" in note


def test_a_reason_names_its_functions():
    (note,) = of_agreement(tried(0.5, 1.0, 1.5), [replace(ITEM, mean_call_seconds=1e-7), ITEM])
    assert "The reason may be that calls of f are so short" in note


@pytest.mark.parametrize(
    "change",
    [
        {"only_counted": 50},  # half is not most
        {"calls": 200},  # so many more calls than lookups lie within cached ones at most
        {"calls": 220, "unhashable": 20},  # calls that a cache cannot answer are looked up all the same
        {"calls": None, "hits": None, "misses": None, "together": None},
        {"hit_rate_within_test": None},
        {"hit_rate_within_test": 0.75},
        {"together": Together(90, 10, 2.5)},
        {"mean_call_seconds": None},
        {"mean_call_seconds": 2e-6},
    ],
)
def test_what_is_within_bounds_is_no_reason(change):
    assert not list(reasons([replace(ITEM, **change)]))


def test_reasons_are_told_likeliest_first_each_with_all_its_functions():
    short = replace(ITEM, mean_call_seconds=1e-7)
    both = replace(short, only_counted=90, function=Function("a.py", "g", 9))
    found = [(one.cause, one.functions) for one in reasons([short, both, ITEM])]
    assert found == [(Shortfall.COUNTED, ("g",)), (Shortfall.SHORT, ("f", "g"))]

"""When a trial is made, and how long it may get."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.trials.payback import AT_ANY_COST, FRUGAL, plan

seconds = st.floats(0.01, 1000)


def test_a_large_saving_is_worth_a_trial():
    planned = plan(2.0, 8.0, 18.0, 600.0, FRUGAL)
    assert [look.pairs for look in planned.looks] == [4, 8, 16]  # 200 times 2 s pay for 22 pairs of 18 s
    assert planned.note is None


def test_what_is_soon_done_needs_no_payback():
    planned = plan(0.05, 0.45, 1.0, 600.0, FRUGAL)
    assert [look.pairs for look in planned.looks] == [4, 8, 16, 32]  # of 10 that would pay
    assert plan(0.05, 0.45, 3.0, 600.0, FRUGAL).looks[-1].pairs == 8


@pytest.mark.parametrize(
    ("saving", "budget", "reason"),
    [
        (0.3, 600.0, "cost more than the caches give back in 200 runs"),
        (2.0, 50.0, "time budget leaves no room"),
        (0.0, 600.0, "no saving is predicted"),
        (-1.0, 600.0, "no saving is predicted"),
    ],
)
def test_why_there_is_no_trial_is_said(saving, budget, reason):
    planned = plan(saving, 10.0, 20.0, budget, FRUGAL)
    assert not planned.looks
    assert reason in planned.note


def test_what_could_not_be_detected_is_not_tried():
    planned = plan(1.0, 10.0, 21.0, 600.0, replace(FRUGAL, assumed_spread=0.2))
    assert not planned.looks
    assert "below the noise" in planned.note
    assert planned.detectable > 1 / 11


@given(seconds, seconds, seconds, seconds)
def test_a_trial_never_costs_more_than_the_rule_allows(saving, with_caches, pair, budget):
    economy = FRUGAL
    planned = plan(saving, with_caches, pair, budget, economy)
    if planned.looks:
        pairs = planned.looks[-1].pairs
        pays = pairs * (2 * with_caches + saving) <= economy.payback_runs * saving * (1 + 1e-9)
        assert pays or pairs * pair <= economy.free_seconds * (1 + 1e-9)
        assert pairs * pair <= budget * (1 + 1e-9)
        assert planned.detectable <= saving / (with_caches + saving)
    else:
        assert planned.note


@given(seconds, seconds)
def test_a_trial_at_any_cost_is_limited_by_pairs_and_budget_only(saving, with_caches):
    economy = replace(AT_ANY_COST, pairs_at_most=8)
    planned = plan(saving, with_caches, 1.0, 600.0, economy)
    assert [look.pairs for look in planned.looks] == [4, 8]

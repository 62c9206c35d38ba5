"""When a trial is made, and how long it may get."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.trials.payback import AT_ANY_COST, FRUGAL, plan
from hitrate.trials.stats import reach_of

seconds = st.floats(0.01, 1000)


def test_chosen_tests_that_are_a_small_part_of_the_suite_are_tried_at_length():
    planned = plan(0.2, 0.8, 1.8, 600.0, FRUGAL.means(40.0), FRUGAL)
    assert [look.pairs for look in planned.looks] == [3, 8, 16]  # 22 pairs fit into one run of the suite
    assert planned.note is None


def test_what_is_soon_done_may_cost_more_than_one_run():
    planned = plan(0.01, 0.14, 0.3, 600.0, FRUGAL.means(0.3), FRUGAL)
    assert [look.pairs for look in planned.looks] == [4, 8, 16, 32]  # 10 s, 34 pairs
    assert plan(0.2, 0.4, 1.0, 600.0, FRUGAL.means(0.3), FRUGAL).looks[-1].pairs == 8


def test_where_few_pairs_fit_a_large_saving_is_still_measured():
    planned = plan(0.4, 1.3, 3.0, 600.0, FRUGAL.means(1.7), FRUGAL)
    assert [(look.pairs, round(look.error, 9)) for look in planned.looks] == [(2, 0.05)]
    planned = plan(0.15, 1.45, 3.0, 600.0, FRUGAL.means(1.7), FRUGAL)
    assert [(look.pairs, round(look.error, 9)) for look in planned.looks] == [(3, 0.05)]
    assert not plan(0.09, 1.45, 3.0, 600.0, FRUGAL.means(1.7), FRUGAL).looks  # 3 pairs show 6.2 %


def test_a_saving_far_above_the_noise_is_looked_at_early_however_much_could_be_afforded():
    planned = plan(2.0, 1.0, 5.0, 600.0, FRUGAL.means(100.0), FRUGAL)
    assert [look.pairs for look in planned.looks] == [2, 4, 8, 16]  # 25 pairs
    assert sum(look.error for look in planned.looks) == pytest.approx(0.05)
    thorough = plan(2.0, 1.0, 5.0, 600.0, AT_ANY_COST.means(100.0), AT_ANY_COST)
    assert [look.pairs for look in thorough.looks] == [4, 8, 16, 32]


@given(seconds, seconds, seconds)
def test_an_early_look_is_made_only_where_it_should_do(saving, with_caches, suite):
    planned = plan(saving, with_caches, 1.0, math.inf, FRUGAL.means(suite), FRUGAL)
    early = [look for look in planned.looks if look.pairs < 4]
    if len(planned.looks) > 1 and early:
        half = reach_of(FRUGAL.assumed_spread, early[0])
        assert half <= math.log1p(saving / with_caches) / 2


def test_what_was_spent_before_leaves_less_for_a_trial():
    tight = replace(FRUGAL, room=0.7)
    assert tight.means(2.0) == pytest.approx(1.4)
    assert tight.means(30.0) == pytest.approx(21.0)
    assert replace(FRUGAL, room=4.0).means(2.0) == pytest.approx(8.0)
    assert replace(FRUGAL, room=4.0).means(30.0) == FRUGAL.means(30.0) == 30.0
    assert FRUGAL.means(2.0) == replace(FRUGAL, room=9.0).means(2.0) == 10.0
    assert replace(FRUGAL, room=math.inf).means(0.0) == 10.0


@pytest.mark.parametrize(("saving", "means"), [(0.02, 0.4), (0.2, 1.0), (1.5, 7.5), (4.0, 10.0)])
def test_a_saving_that_soon_pays_for_its_trial_is_tried_all_the_same(saving, means):
    assert replace(FRUGAL, room=0.1).means(4.0, saving) == pytest.approx(means)


@given(seconds, seconds, st.floats(0, 10))
def test_what_was_spent_before_never_gives_more_means(run, saving, room):
    assert 0 <= replace(FRUGAL, room=room).means(run, saving) <= FRUGAL.means(run, saving)


def test_where_too_much_was_spent_before_that_is_said():
    tight = replace(FRUGAL, room=0.3)
    planned = plan(0.1, 1.0, 2.1, 600.0, tight.means(2.0, 0.1), tight)
    assert "more than is left of what this analysis may take" in planned.note


def test_a_busy_machine_makes_a_trial_no_shorter():
    quiet, busy = (plan(0.4, 1.3, wall, 600.0, FRUGAL.means(1.7), FRUGAL) for wall in (3.0, 9.0))
    assert quiet == busy


@pytest.mark.parametrize(
    ("saving", "budget", "reason"),
    [
        (2.0, 600.0, "a trial would take more than 30 s"),
        (2.0, 5.0, "time budget leaves no room"),
        (0.0, 600.0, "no saving is predicted"),
        (-1.0, 600.0, "no saving is predicted"),
    ],
)
def test_why_there_is_no_trial_is_said(saving, budget, reason):
    planned = plan(saving, 10.0, 20.0, budget, FRUGAL.means(30.0), FRUGAL)
    assert not planned.looks
    assert reason in planned.note.replace("\N{NO-BREAK SPACE}", " ")


def test_what_could_not_be_detected_is_not_tried():
    planned = plan(0.1, 1.0, 2.1, 600.0, FRUGAL.means(12.0), replace(FRUGAL, assumed_spread=0.2))
    assert not planned.looks
    assert "below the noise" in planned.note
    assert planned.detectable > 1 / 11
    assert planned.looks == ()


@given(seconds, seconds, seconds, seconds, seconds)
def test_a_trial_never_costs_more_than_the_rule_allows(saving, with_caches, pair, budget, suite):
    planned = plan(saving, with_caches, pair, budget, FRUGAL.means(suite), FRUGAL)
    if planned.looks:
        pairs = planned.looks[-1].pairs
        assert pairs * (2 * with_caches + saving) <= max(suite, 10.0) * (1 + 1e-9)
        assert pairs * pair <= budget * (1 + 1e-9)
        assert planned.detectable <= saving / (with_caches + saving)
    else:
        assert planned.note


@given(seconds, seconds)
def test_a_trial_at_any_cost_is_limited_by_pairs_and_budget_only(saving, with_caches):
    economy = replace(AT_ANY_COST, pairs_at_most=8)
    planned = plan(saving, with_caches, 1.0, 600.0, economy.means(1.0), economy)
    assert [look.pairs for look in planned.looks] == [4, 8]

"""A series of pairs: order, looks, spoiled pairs, time that runs out."""

import math
import random

import pytest

from hitrate.testrun.run import Outcome, TestRun
from hitrate.trials.pairs import Arm, measure
from hitrate.trials.stats import interval, interval_of_arms, schedule
from hitrate.vocabulary import Metric, Stop


class Runs:
    """Runs whose times and endings a test chooses; each takes one of the budget, 20 s by the clock."""

    def __init__(self, *, without=10.0, cached=8.0, noise=0.0, seed=0, failing=None, budget=math.inf):
        self.seconds = {Arm.WITHOUT: without, Arm.WITH: cached}
        self.noise, self.source = noise, random.Random(seed)
        self.failing = failing or {}
        self.budget = budget
        self.order: list[Arm] = []

    def __call__(self, arm: Arm, number: int) -> TestRun:
        assert number == len(self.order) + 1
        self.order.append(arm)
        self.budget -= 1
        cpu = self.seconds[arm] * math.exp(self.source.gauss(0, self.noise))
        ending = self.failing.get(number, ())
        if isinstance(ending, Outcome):
            return TestRun(ending, -9, cpu, cpu + 5)
        return TestRun(Outcome.FAILED if ending else Outcome.PASSED, 0, cpu, cpu + 5, failed=tuple(ending))

    def measured(self, pairs=32, metric=Metric.CPU, promised=None, early=None):
        return measure(self, schedule(pairs, early=early), metric, lambda: 20 * self.budget, promised)


def test_arms_take_turns_in_abba_order():
    runs = Runs(noise=0.3)
    runs.measured(pairs=4)
    a, b = Arm.WITHOUT, Arm.WITH
    assert runs.order == [a, b, b, a, a, b, b, a]


def test_a_clear_effect_ends_at_the_first_look():
    series = Runs(noise=0.01).measured()
    assert (len(series.pairs), series.stop) == (4, Stop.PRECISE)
    assert series.interval.low > 1.1
    assert series.speedup == pytest.approx(1.25, rel=0.05)


def test_an_early_look_ends_the_series_where_it_does():
    series = Runs(cached=5.0, noise=0.01).measured(early=2)
    assert (len(series.pairs), series.stop) == (2, Stop.PRECISE)
    logs = (
        [math.log(getattr(pair, arm).cpu_seconds) for pair in series.pairs] for arm in ("without", "cached")
    )
    assert series.interval == interval_of_arms(*logs, 0.03)
    assert 1.8 < series.interval.low < series.interval.high < 2.2


def test_an_early_look_that_does_not_do_is_followed_by_the_others():
    series = Runs(cached=9.0, noise=0.05).measured(pairs=16, early=2)
    assert len(series.pairs) in (4, 8, 16)


def test_early_looks_claim_no_more_differences_than_the_stated_rate():
    wrong = sum(
        Runs(cached=10.0, noise=0.03, seed=seed).measured(pairs=16, early=2 + seed % 2).interval.excludes_one
        for seed in range(400)
    )
    assert wrong / 400 <= 0.05


def test_an_effect_in_the_noise_is_measured_to_the_last_look():
    series = Runs(cached=9.8, noise=0.1).measured(pairs=16)
    assert (len(series.pairs), series.stop) == (16, Stop.LAST_LOOK)
    assert series.interval.low < 1 < series.interval.high


def test_a_promise_far_below_the_noise_ends_the_series_at_its_first_look():
    runs = Runs(cached=9.9, noise=0.1)
    series = runs.measured(pairs=16, promised=0.01)
    assert (len(series.pairs), series.stop) == (4, Stop.FUTILE)
    assert series.interval == interval(
        [pair.log_ratio(Metric.CPU) for pair in series.pairs], schedule(16)[0].error
    )


def test_at_the_last_look_nothing_is_left_to_be_futile():
    series = Runs(cached=9.9, noise=0.1).measured(pairs=4, promised=0.01)
    assert (len(series.pairs), series.stop) == (4, Stop.LAST_LOOK)


def test_a_promise_that_more_pairs_can_show_is_tried_on():
    shown = sum(
        Runs(cached=9.5, noise=0.02, seed=seed).measured(promised=0.051).interval.excludes_one
        for seed in range(200)
    )
    assert shown / 200 > 0.9


def test_a_difference_that_is_shown_already_is_not_given_up_for_a_small_promise():
    source_of_noise = [0.15, -0.15, 0.1, -0.1]
    runs = Runs(without=10.0, cached=3.0)
    runs.source.gauss = lambda mean, spread: source_of_noise[len(runs.order) % 4]
    series = runs.measured(promised=0.001)
    assert series.interval.low > 1
    assert series.stop is not Stop.FUTILE


def test_giving_up_claims_no_more_differences_than_the_stated_rate():
    wrong = sum(
        Runs(cached=10.0, noise=0.03, seed=seed).measured(pairs=16, promised=0.02).interval.excludes_one
        for seed in range(400)
    )
    assert wrong / 400 <= 0.05


def test_slower_is_shown_as_slower():
    series = Runs(cached=12.0, noise=0.01).measured()
    assert series.interval.high < 1


def test_the_other_metric_is_told_too():
    series = Runs(noise=0.01).measured()
    assert series.other.speedup == pytest.approx(15 / 13, rel=0.05)
    series = Runs(noise=0.01).measured(metric=Metric.WALL)
    assert series.speedup == pytest.approx(15 / 13, rel=0.05)
    assert series.other.speedup == pytest.approx(1.25, rel=0.05)


@pytest.mark.parametrize("budget", [12, 13])
def test_no_pair_begins_that_would_take_more_than_the_budget(budget):
    """Not even one whose first run fits: without the second one it would not count."""
    runs = Runs(cached=9.9, noise=0.05, budget=budget)
    series = runs.measured()
    assert (len(runs.order), len(series.pairs), series.stop) == (12, 6, Stop.BUDGET)
    assert series.interval.pairs == 6


def test_a_budget_that_ends_in_a_pair_drops_the_half_pair():
    """How long the first one takes is not known."""
    runs = Runs(budget=1)
    series = runs.measured()
    assert (len(runs.order), series.pairs, series.stop) == (1, (), Stop.BUDGET)


def test_pairs_after_the_last_look_get_all_the_error_that_is_left():
    whole = Runs(cached=9.9, noise=0.05, budget=12).measured()  # looked at 4, ended at 6 of 32
    at_once = Runs(cached=9.9, noise=0.05, budget=12).measured(pairs=4)
    assert whole.interval.pairs == 6
    assert at_once.interval.pairs == 4
    ratios = [pair.log_ratio(Metric.CPU) for pair in whole.pairs]

    assert whole.interval == interval(ratios, 0.05 * 3 / 4)


@pytest.mark.parametrize(("budget", "pairs"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_without_two_pairs_there_is_no_interval_and_nothing_is_invented(budget, pairs):
    series = Runs(budget=budget).measured()
    assert (len(series.pairs), series.interval, series.stop) == (pairs, None, Stop.BUDGET)
    assert series.speedup == (pytest.approx(1.25) if pairs else None)


@pytest.mark.parametrize("ending", [("test_x",), Outcome.TIMED_OUT])
def test_a_pair_with_one_arm_ending_otherwise_does_not_count(ending):
    runs = Runs(noise=0.01, failing={3: ending})
    series = runs.measured()
    assert (len(series.pairs), len(series.spoiled), series.stop) == (4, 1, Stop.PRECISE)
    assert len(runs.order) == 10


def test_tests_that_fail_with_and_without_do_not_spoil_a_pair():
    series = Runs(noise=0.01, failing=dict.fromkeys(range(1, 65), ("test_x",))).measured()
    assert (len(series.pairs), series.spoiled) == (4, ())


def test_two_timeouts_are_no_pair():
    series = Runs(failing={1: Outcome.TIMED_OUT, 2: Outcome.TIMED_OUT}, noise=0.01).measured()
    assert len(series.spoiled) == 1


def test_after_too_many_spoiled_pairs_the_series_ends():
    series = Runs(failing=dict.fromkeys(range(1, 65, 2), ("test_x",))).measured()
    assert (len(series.pairs), len(series.spoiled), series.stop) == (0, 3, Stop.SPOILED)
    assert series.interval is None


def test_the_same_code_in_both_arms_is_no_difference_at_the_stated_rate():
    wrong = sum(
        Runs(cached=10.0, noise=0.03, seed=seed).measured(pairs=16).interval.excludes_one
        for seed in range(400)
    )
    assert wrong / 400 <= 0.05

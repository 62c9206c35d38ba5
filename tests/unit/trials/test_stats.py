"""The arithmetic of trials: Student's t against printed tables, looks, coverage by simulation."""

import math
import random
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hitrate.trials import stats
from hitrate.trials.stats import DECLARED_PAIRS, Interval, Side

# Percentage points as any printed table has them, such as Abramowitz and Stegun, table 26.10.
TABLE = {
    (1, 0.90): 3.078, (1, 0.975): 12.706, (1, 0.995): 63.657,
    (2, 0.95): 2.920, (2, 0.975): 4.303, (2, 0.99): 6.965,
    (3, 0.975): 3.182, (3, 0.99): 4.541, (3, 0.995): 5.841,
    (4, 0.90): 1.533, (4, 0.975): 2.776,
    (5, 0.975): 2.571, (5, 0.995): 4.032,
    (7, 0.975): 2.365,
    (10, 0.95): 1.812, (10, 0.975): 2.228,
    (30, 0.975): 2.042, (30, 0.99): 2.457,
    (120, 0.975): 1.980,
}  # fmt: skip

ratios = st.lists(st.floats(-1, 1), min_size=2, max_size=40)


@pytest.mark.parametrize(("freedom", "probability"), TABLE)
def test_quantiles_agree_with_the_printed_table(freedom, probability):
    assert stats.student_quantile(probability, freedom) == pytest.approx(
        TABLE[freedom, probability], abs=6e-4
    )


@given(st.floats(0.001, 0.999), st.integers(1, 60))
def test_the_quantile_undoes_the_distribution_and_is_symmetric(probability, freedom):
    t = stats.student_quantile(probability, freedom)
    assert stats.student_central(abs(t), freedom) == pytest.approx(abs(2 * probability - 1), abs=1e-9)
    assert t == pytest.approx(-stats.student_quantile(1 - probability, freedom), rel=1e-6, abs=1e-9)


@given(st.floats(0.01, 0.99))
def test_many_degrees_of_freedom_are_the_normal_distribution(probability):
    assert stats.student_quantile(probability, 2000) == pytest.approx(
        NormalDist().inv_cdf(probability), abs=4e-3
    )


@pytest.mark.parametrize(("probability", "freedom"), [(0, 3), (1, 3), (0.5, 0)])
def test_what_has_no_quantile_is_refused(probability, freedom):
    with pytest.raises(ValueError, match="must be"):
        stats.student_quantile(probability, freedom)


@given(st.integers(0, 200), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_error_is_split_over_the_looks_that_fit(pairs, confidence):
    looks = stats.schedule(pairs, confidence)
    few = [pairs] if 2 <= pairs < DECLARED_PAIRS[0] else []
    assert [look.pairs for look in looks] == [count for count in DECLARED_PAIRS if count <= pairs] + few
    if looks:
        assert sum(look.error for look in looks) == pytest.approx(1 - confidence)


@given(st.integers(2, 200), st.data())
def test_an_early_look_and_later_ones_spend_the_error_between_them(pairs, data):
    early = data.draw(st.integers(2, min(pairs, 3)))
    first, *later = stats.schedule(pairs, early=early)
    assert first.pairs == early
    assert [look.pairs for look in later] == [c for c in DECLARED_PAIRS if 2 * early <= c <= pairs]
    assert first.error + sum(look.error for look in later) == pytest.approx(0.05)
    assert all(look.error > 0 for look in later)


@given(st.floats(0.001, 3), st.floats(0.001, 0.3), st.integers(0, 40))
def test_an_early_look_is_at_the_fewest_pairs_that_should_do(effect, spread, pairs):
    found = stats.early_look(effect, spread, pairs)
    enough = [count for count in (2, 3) if stats.reach_of(spread, stats.Look(count, 0.03)) <= effect / 2]
    assert found == next((count for count in enough if count <= pairs), None)


@given(st.integers(4, 40), st.data())
def test_what_was_not_spent_is_left_for_a_last_look(pairs, data):
    looks = stats.schedule(pairs)
    taken = data.draw(st.integers(0, len(looks)))
    spent = sum(look.error for look in looks[:taken])
    assert spent + stats.rest_of_error(looks, taken) == pytest.approx(0.05)


@given(ratios, st.floats(0.001, 0.2))
def test_the_interval_holds_the_estimate_and_turns_with_the_sign(logs, error):
    found = stats.interval(logs, error)
    turned = stats.interval([-log for log in logs], error)
    assert found.low <= found.speedup * (1 + 1e-12)
    assert found.speedup <= found.high * (1 + 1e-12)
    assert turned.low == pytest.approx(1 / found.high)
    assert turned.high == pytest.approx(1 / found.low)


@given(ratios)
def test_less_error_is_a_wider_interval(logs):
    wide, tight = stats.interval(logs, 0.01), stats.interval(logs, 0.05)
    assert wide.low <= tight.low
    assert tight.high <= wide.high


def test_a_worked_interval():
    # Mean 0.1, standard deviation 0.02, four pairs: with an error of 1 % 0.1 ± 5.841 · √(π/3) · 0.02 / √4.
    deviation = 0.02 * math.sqrt(3 / 4)
    found = stats.interval([0.1 - deviation, 0.1 + deviation] * 2, 0.01)
    assert math.log(found.low) == pytest.approx(0.1 - 0.059772, abs=2e-6)
    assert math.log(found.high) == pytest.approx(0.1 + 0.059772, abs=2e-6)
    assert found.excludes_one
    assert not found.is_narrow


def test_an_interval_holds_what_another_trial_finds_where_that_is_the_wider_one():
    # With an error of 5 % 0.1 ± 2.605 · √2 · √(π/3) · 0.02 / √4, where 3.182 would do for the truth.
    deviation = 0.02 * math.sqrt(3 / 4)
    found = stats.interval([0.1 - deviation, 0.1 + deviation] * 2, 0.05)
    assert math.log(found.high) == pytest.approx(0.1 + 0.037706, abs=2e-6)
    assert found.is_narrow


@pytest.mark.parametrize("pairs", [2, 3, 4, 8, 32])
@pytest.mark.parametrize("spikes", [0.0, 0.3])
def test_what_another_trial_finds_is_covered(pairs, spikes):
    """Be one run in ten hit by something else or not."""
    source, trials = random.Random(pairs), 3000

    def noisy(mean: float) -> float:
        hit = spikes * source.random() if source.random() < 0.1 else 0.0
        return source.gauss(mean, 0.02) + hit

    def trial() -> stats.Interval:
        without, cached = ([noisy(mean) for _ in range(pairs)] for mean in (0.1, 0.0))
        if pairs < stats.DECLARED_PAIRS[0]:
            return stats.interval_of_arms(without, cached, 0.05)
        return stats.interval([one - other for one, other in zip(without, cached, strict=True)], 0.05)

    found = [trial() for _ in range(trials)]
    again = [one.low <= other.speedup <= one.high for one, other in pairwise(found)]
    if not spikes:
        assert sum(again) / len(again) == pytest.approx(stats.AGAIN, abs=0.015)
    elif pairs > 2:  # of two it cannot be told which one was hit
        assert sum(again) / len(again) > 0.89


def test_a_run_that_was_hit_moves_the_estimate_little():
    quiet = stats.interval([0.1, 0.11, 0.09, 0.1], 0.05)
    disturbed = stats.interval([0.1, 0.11, 0.09, 0.9], 0.05)
    assert math.log(quiet.speedup) == pytest.approx(0.1)
    assert math.log(disturbed.speedup) == pytest.approx(0.1, abs=0.01)
    assert disturbed.half_width > 0.3


def test_a_worked_interval_of_two_arms():
    # Means 1.1 and 1, standard deviation 0.02 in each: 0.1 ± 3.320 · √2 · 0.02 · √(2/2).
    deviation = 0.02 / math.sqrt(2)
    without, cached = ([mean - deviation, mean + deviation] for mean in (1.1, 1.0))
    found = stats.interval_of_arms(without, cached, 0.05)
    assert math.log(found.low) == pytest.approx(0.1 - 0.09390, abs=2e-5)
    assert math.log(found.high) == pytest.approx(0.1 + 0.09390, abs=2e-5)
    assert found.pairs == 2
    assert stats.spread_of_arms(without, cached) == pytest.approx(0.02 * math.sqrt(2))


@pytest.mark.parametrize("pairs", [2, 3])
@pytest.mark.parametrize("shared", [0.0, 0.03])
@pytest.mark.parametrize("unlike", [1.0, 2.0])
@pytest.mark.parametrize("spikes", [0.0, 0.3])
def test_coverage_of_few_pairs_holds(pairs, shared, unlike, spikes):
    """Whatever disturbs both runs of a pair, one arm twice as much as the other, or one run in ten."""
    source, trials, effect, covered = random.Random(pairs), 4000, 0.5, 0

    def noisy(spread: float) -> float:
        return source.gauss(0, spikes if spikes and source.random() < 0.1 else spread)

    for _ in range(trials):
        moments = [source.gauss(0, shared) for _ in range(pairs)]
        without = [effect + moment + noisy(0.02) for moment in moments]
        cached = [moment + noisy(0.02 * unlike) for moment in moments]
        found = stats.interval_of_arms(without, cached, 0.05)
        covered += found.low <= math.exp(effect) <= found.high
    assert covered / trials >= 0.93


@pytest.mark.parametrize("pairs", [2, 3])
def test_a_detectable_effect_of_few_pairs_is_found_about_four_times_in_five(pairs):
    source, trials = random.Random(pairs), 4000
    effect = -math.log1p(-stats.detectable(0.02 * math.sqrt(2), pairs, 0.05))
    found = 0
    for _ in range(trials):
        without, cached = ([source.gauss(mean, 0.02) for _ in range(pairs)] for mean in (effect, 0.0))
        found += stats.interval_of_arms(without, cached, 0.05).low > 1
    assert 0.75 < found / trials < 0.88


def test_one_pair_has_no_interval():
    with pytest.raises(ValueError, match="two pairs"):
        stats.interval([0.1], 0.05)


@pytest.mark.parametrize(
    ("low", "high", "narrow"),
    [
        (1.06, 1.17, True),  # 11 % give or take 5
        (1.01, 1.22, False),  # 11 % give or take 10
        (0.995, 1.005, True),  # nothing, give or take half a percent
        (0.97, 1.03, False),
        (0.83, 0.93, True),  # slower, and known well
    ],
)
def test_narrow_is_half_of_the_effect_or_one_percent(low, high, narrow):
    speedup = math.sqrt(low * high)
    assert Interval(speedup, low, high, 0.95, 8, 0.05).is_narrow is narrow


@given(st.floats(0.001, 0.2), st.integers(2, 40))
def test_the_detectable_effect_shrinks_with_pairs_and_grows_with_noise(spread, pairs):
    reach = stats.detectable(spread, pairs, 0.05)
    assert 0 < reach < 1
    assert stats.detectable(spread, pairs + 1, 0.05) < reach
    assert stats.detectable(spread * 1.5, pairs, 0.05) > reach


@pytest.mark.parametrize("pairs", DECLARED_PAIRS)
def test_a_detectable_effect_is_found_about_four_times_in_five(pairs):
    source, spread, trials = random.Random(pairs), 0.03, 1500
    effect = -math.log1p(-stats.detectable(spread, pairs, 0.05))
    found = sum(
        stats.interval([source.gauss(effect, spread) for _ in range(pairs)], 0.05).low > 1
        for _ in range(trials)
    )
    assert 0.75 < found / trials < 0.88


@pytest.mark.parametrize("pairs", DECLARED_PAIRS)
def test_coverage_holds_with_outliers_at_each_declared_count(pairs):
    source, trials, effect = random.Random(pairs), 1500, 0.1

    def noisy() -> float:
        return source.gauss(0, 0.3 if source.random() < 0.1 else 0.02)

    covered = sum(_covers([effect + noisy() for _ in range(pairs)], effect) for _ in range(trials))
    assert covered / trials >= 0.93


def _covers(logs: list[float], effect: float) -> bool:
    found = stats.interval(logs, 0.05)
    return found.low <= math.exp(effect) <= found.high


def test_stopping_at_the_first_good_look_does_not_find_what_is_not_there():
    source, trials, wrong = random.Random(1), 1500, 0
    looks = stats.schedule(32)
    for _ in range(trials):
        logs = [source.gauss(0, 0.03) for _ in range(32)]
        wrong += any(stats.interval(logs[: look.pairs], look.error).excludes_one for look in looks)
    assert wrong / trials <= 0.05


@given(st.floats(0.5, 2), st.floats(0.5, 2), st.floats(0.5, 2))
def test_a_limit_is_compared_with_the_cautious_end(one, other, limit):
    low, high = sorted((one, other))
    assume(limit not in (low, high))
    expected = Side.ABOVE if low > limit else Side.BELOW if high < limit else Side.UNDECIDED
    assert stats.standing(low, high, limit) is expected


def test_an_interval_that_is_not_known_decides_nothing():
    assert stats.standing(None, None, 1.0) is Side.UNDECIDED


def test_an_end_on_the_limit_is_on_neither_side():
    assert stats.standing(1.0, 2.0, 1.0) is Side.UNDECIDED
    assert stats.standing(0.0, 1.0, 1.0) is Side.UNDECIDED


def test_one_end_that_is_known_decides_by_itself():
    assert stats.standing(1.5, None, 1.0) is Side.ABOVE
    assert stats.standing(None, 0.5, 1.0) is Side.BELOW
    assert stats.standing(0.5, None, 1.0) is stats.standing(None, 1.5, 1.0) is Side.UNDECIDED

"""What runs with real caches may cost in all."""

import math

from hypothesis import given
from hypothesis import strategies as st

from hitrate.analysis.rounds.allowance import FREE_SECONDS, RUNS, SHORT_SECONDS, WHOLE_RUNS, Allowance
from hitrate.vocabulary import Effort

SECONDS = st.floats(0, 1e6)


@given(SECONDS, SECONDS)
def test_it_is_spent_and_never_below_zero(suite: float, spent: float) -> None:
    allowance = Allowance.of(Effort.STANDARD, suite, lambda: spent, float)
    assert allowance.seconds >= max(FREE_SECONDS, RUNS * suite)
    assert allowance.left == max(0.0, allowance.seconds - spent)
    assert allowance.affords(allowance.left) is (allowance.left > 0)
    assert not allowance.affords(allowance.seconds + 1)


def test_thorough_is_bound_by_its_time_alone() -> None:
    allowance = Allowance.of(Effort.THOROUGH, 10.0, lambda: 1e9, lambda: 1e9)
    assert allowance.affords(1e9)
    assert (allowance.left, allowance.room) == (math.inf, math.inf)


@given(SECONDS, SECONDS)
def test_trials_of_tests_that_are_no_short_ones_keep_the_whole_analysis_within_some_runs(
    suite: float, used: float
) -> None:
    allowance = Allowance.of(Effort.STANDARD, suite, float, lambda: used)
    if suite > SHORT_SECONDS:
        assert allowance.room == max(0.0, WHOLE_RUNS * suite - used)
    else:
        assert allowance.room == math.inf

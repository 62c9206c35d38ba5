"""What lookups of a cache took, and how surely that is known."""

import math

import pytest

from hitrate.replay.answered import Answered, Bounds


def test_without_a_timed_lookup_nothing_is_known() -> None:
    assert Answered().lookup is None


def test_lookups_that_took_alike_are_known_as_well_as_the_clock_is() -> None:
    answered = Answered()
    for _ in range(4):
        answered.took(0.5)
    found = answered.lookup
    assert found is not None
    assert (found.low, found.likely, found.high) == pytest.approx((0.5 - 1e-7, 0.5, 0.5 + 1e-7), abs=1e-12)


def test_lookups_that_scatter_are_known_within_two_standard_errors() -> None:
    answered = Answered()
    answered.took(1.0)
    answered.took(3.0)
    assert (answered.timed, answered.seconds, answered.squares) == (2, 4.0, 10.0)
    found = answered.lookup
    assert found is not None
    error = 2 * math.sqrt(1 / 2) + 1e-7
    assert (found.low, found.likely, found.high) == pytest.approx((2 - error, 2, 2 + error))


def test_a_lookup_never_takes_less_than_no_time() -> None:
    answered = Answered()
    answered.took(-1.0)
    assert answered.lookup == Bounds(0.0, 0.0, 0.0)


def test_what_calls_would_have_taken_is_summed() -> None:
    answered = Answered()
    answered.would_have_taken(Bounds(1.0, 2.0, 3.0))
    answered.would_have_taken(Bounds(0.5, 0.5, 0.75))
    assert (answered.calls, answered.low, answered.likely, answered.high) == (2, 1.5, 2.5, 3.75)

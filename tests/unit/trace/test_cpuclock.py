"""CPU time between readings."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.trace.cpuclock import CpuClock, Moments

MS = 1_000_000


def between(moments: list[int]) -> Moments:
    return lambda begin, end: sorted(moment for moment in moments if begin < moment < end)


def test_cpu_time_runs_as_time_does_where_nothing_is_known() -> None:
    assert CpuClock([]).between(5, 9) == 4
    assert CpuClock([(100, 7)]).between(5, 9) == 4
    assert CpuClock([(100, 7)]).between(105, 109) == 4
    assert CpuClock([(100, 7), (200, 107)]).between(90, 210) == 120


def test_time_without_cpu_is_in_the_longest_stretch_in_which_nothing_happened() -> None:
    # Two calls of 0.1 ms, and 5 ms between them in which another process ran.
    moments = [2 * MS, int(2.1 * MS), int(7.3 * MS), int(7.4 * MS)]
    clock = CpuClock([(MS, 0), (8 * MS, 2 * MS)], between(moments))
    assert clock.between(moments[0], moments[1]) == pytest.approx(0.1 * MS)
    assert clock.between(moments[2], moments[3]) == pytest.approx(0.1 * MS)
    assert clock.between(MS, 8 * MS) == pytest.approx(2 * MS)


def test_a_call_that_sleeps_uses_no_cpu() -> None:
    moments = [2 * MS, 102 * MS]
    clock = CpuClock([(MS, 0), (103 * MS, 2 * MS + MS // 2)], between(moments))
    assert clock.between(*moments) == pytest.approx(MS // 2, abs=1)


@given(
    steps=st.lists(st.tuples(st.integers(1, 5 * MS), st.integers(0, 5 * MS)), min_size=1, max_size=20),
    marks=st.lists(st.integers(0, 100 * MS), max_size=30),
    times=st.tuples(st.integers(0, 120 * MS), st.integers(0, 120 * MS), st.integers(0, 120 * MS)),
)
def test_it_never_runs_backwards_and_adds_up(
    steps: list[tuple[int, int]], marks: list[int], times: tuple[int, int, int]
) -> None:
    readings = [(10 * MS, 0)]
    for passed, spent in steps:
        readings.append((readings[-1][0] + passed, readings[-1][1] + min(passed, spent)))
    clock = CpuClock(readings, between(marks))
    first, middle, last = sorted(times)
    assert clock.between(first, middle) >= 0
    assert clock.between(first, last) <= last - first + 1
    both = clock.between(first, middle) + clock.between(middle, last)
    assert clock.between(first, last) == pytest.approx(both, abs=2)
    for begin, end in pairwise(readings):
        assert clock.between(begin[0], end[0]) == pytest.approx(end[1] - begin[1], abs=2)

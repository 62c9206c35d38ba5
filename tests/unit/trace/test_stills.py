"""What a thread was kept from by others is no waiting."""

from array import array
from dataclasses import replace
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.trace.cpuclock import CpuClock
from hitrate.trace.reader import Trace
from hitrate.trace.stills import NO_STILLS, Stills
from hitrate.trace.waiting import in_wall_time, waiting_slots
from tests.unit.trace.test_waiting import COMPUTES, SECOND, WAITS, run, trace

READINGS = st.lists(
    st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(-(10**9), 10**10)), max_size=20
).map(sorted)


def kept(base: Trace, *shares: float) -> Trace:
    """The trace with the part of each call's time without CPU in which it was kept from going on."""
    (process,) = base.processes
    (lane,) = process.lanes
    still, held, times = [0.0], [0.0], [0]
    for place, (seconds, share) in enumerate(zip(lane.seconds, shares, strict=True)):
        times.append((place + 1) * SECOND)
        still.append(still[-1] + (1 - seconds) * SECOND)
        held.append(held[-1] + (1 - seconds) * SECOND * share)
    lane = replace(lane, stills=Stills(tuple(times), tuple(still), tuple(held)))
    return Trace((replace(process, lanes=(lane,)),), 1)


HALF = trace((WAITS, 0.3), (COMPUTES, 0.3), (WAITS, 0.3), (COMPUTES, 0.3))


def test_a_call_in_the_run_queue_does_not_wait() -> None:
    assert waiting_slots(HALF, run(idle=4.0)) == {0, 1}
    assert waiting_slots(kept(HALF, 0, 1, 0, 1), run(idle=4.0)) == {0}
    assert waiting_slots(kept(HALF, 1, 1, 1, 1), run(idle=4.0)) == frozenset()


def test_nearly_all_is_of_what_is_left() -> None:
    """A function that hardly computes is not taken for waiting if it was only kept from it."""
    throttled = trace((WAITS, 0.05), (COMPUTES, 0.05))
    assert waiting_slots(throttled, run(cpu=0.1, idle=4.0)) == {0, 1}
    assert waiting_slots(kept(throttled, 0, 1), run(cpu=0.1, idle=4.0)) == {0}


def test_one_that_waits_is_told_on_a_busy_machine_too() -> None:
    slept_and_queued = trace((WAITS, 0.02), (WAITS, 0.02))
    assert waiting_slots(kept(slept_and_queued, 0.7, 0.7), run(cpu=0.1, idle=0.0)) == {0}


def test_wall_time_is_without_what_others_took() -> None:
    (process,) = in_wall_time(kept(HALF, 0.5, 0, 1, 0), {0}).processes
    assert list(process.lanes[0].seconds) == pytest.approx([0.65, 0.3, 0.3, 0.3])


def test_of_what_lies_outside_the_readings_nothing_is_known() -> None:
    stills = Stills((10, 20), (0.0, 5.0), (0.0, 5.0))
    assert (stills.share_kept(0, 15), stills.share_kept(12, 30), stills.share_kept(12, 18)) == (0, 0, 1)
    assert NO_STILLS.share_kept(0, 1) == 0


def test_a_thread_that_ended_takes_its_time_along() -> None:
    """The sum over threads goes back then; that is nothing to hold against the others."""
    clock = CpuClock([(0, 0), (1000, 100), (2000, 200)])
    stills = Stills.of([(0, 5000), (1000, 100), (2000, 550)], [0, 0, 0], clock)
    assert stills.kept == (0.0, 0.0, 450.0)
    assert stills.still == (0.0, 900.0, 1800.0)


@given(readings=READINGS, start=st.integers(0, 10**9), end=st.integers(0, 10**9))
def test_a_share_is_one(readings: list[tuple[int, int, int]], start: int, end: int) -> None:
    clock = CpuClock([(time, min(time, cpu)) for time, cpu, _ in readings])
    share = Stills.of([(time, kept) for time, _, kept in readings], [0] * len(readings), clock).share_kept(
        start, end
    )
    assert 0 <= share <= 1 + 1e-9


CLOCK = CpuClock([(0, 0), (1000, 1000), (11_000_000, 1000), (12_000_000, 1_001_000)])
"""A thread that stood still for eleven milliseconds, and computed before and after."""
MOMENTS = [(0, 0), (11_500_000, 9_000_000), (12_000_000, 9_000_000)]


def test_what_its_threads_computed_is_a_calls() -> None:
    stills = Stills.of(MOMENTS, [0, 8_000_000, 8_000_000], CLOCK)
    assert stills.worked_in([0, 500], [11_200_000, 900], CLOCK) == {0: pytest.approx(0.008)}


def test_two_calls_share_what_began_in_both() -> None:
    stills = Stills.of(MOMENTS, [0, 8_000_000, 8_000_000], CLOCK)
    worked = stills.worked_in([2000, 5_501_000], [5_500_500, 11_000_000], CLOCK)
    assert sum(worked.values()) == pytest.approx(0.008, rel=1e-3)
    assert worked[0] == pytest.approx(worked[1], rel=1e-3)


def test_what_threads_computed_before_the_first_reading_is_nobodys() -> None:
    stills = Stills.of(MOMENTS[1:], [0, 8_000_000], CLOCK)
    assert stills.worked_in([0], [11_200_000], CLOCK) == {}
    assert NO_STILLS.worked_in([0], [11_200_000], CLOCK) == {}


def test_steps_in_which_a_system_tells_are_no_work() -> None:
    stills = Stills.of(MOMENTS, [0, 40_000, -40_000], CLOCK)
    assert stills.worked_in([0], [11_200_000], CLOCK) == {}


def with_workers(base: Trace, *worked: float) -> Trace:
    """The trace whose calls started threads that computed so many seconds, in which the calls were kept."""
    (process,) = kept(base, *[1.0] * len(worked)).processes
    (lane,) = process.lanes
    seconds = array("d", map(add, lane.seconds, worked))
    lane = replace(lane, seconds=seconds, worked=dict(enumerate(worked)))
    return Trace((replace(process, lanes=(lane,)),), 1)


def test_a_call_whose_threads_compute_does_not_wait() -> None:
    joins = trace((WAITS, 0.0), (COMPUTES, 0.0))
    assert waiting_slots(joins, run(cpu=0.1, idle=4.0)) == {0, 1}
    for worked in (0.1, 0.5, 1.0, 1.9):  # less where a machine was busy, more on two processors
        computed = with_workers(joins, worked, worked)
        assert waiting_slots(computed, run(cpu=0.1, idle=4.0)) == frozenset()


def test_wall_time_is_with_what_its_threads_computed() -> None:
    (process,) = in_wall_time(with_workers(trace((WAITS, 0.2), (COMPUTES, 0.2)), 0.5, 0.5), {0}).processes
    assert list(process.lanes[0].seconds) == pytest.approx([0.7, 0.7])
    (process,) = in_wall_time(with_workers(trace((WAITS, 0.2), (COMPUTES, 0.2)), 1.6, 1.6), {0}).processes
    assert list(process.lanes[0].seconds) == pytest.approx([1.0, 1.8])


def test_a_part_of_a_lane_keeps_what_its_calls_threads_computed() -> None:
    (process,) = with_workers(trace((WAITS, 0.0), (COMPUTES, 0.0), (COMPUTES, 0.0)), 0.1, 0.2, 0.3).processes
    wanted = bytes(number == COMPUTES for number in range(COMPUTES + 1))
    assert process.lanes[0].only(wanted).worked == {0: 0.2, 1: 0.3}

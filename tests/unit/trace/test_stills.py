"""What a thread was kept from by others is no waiting."""

from dataclasses import replace

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
    stills = Stills.of([(0, 5000), (1000, 100), (2000, 550)], clock)
    assert stills.kept == (0.0, 0.0, 450.0)
    assert stills.still == (0.0, 900.0, 1800.0)


@given(readings=READINGS, start=st.integers(0, 10**9), end=st.integers(0, 10**9))
def test_a_share_is_one(readings: list[tuple[int, int, int]], start: int, end: int) -> None:
    clock = CpuClock([(time, min(time, cpu)) for time, cpu, _ in readings])
    share = Stills.of([(time, engaged) for time, _, engaged in readings], clock).share_kept(start, end)
    assert 0 <= share <= 1 + 1e-9

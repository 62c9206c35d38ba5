"""What recording costs is taken off every call, and off the calls around it."""

from array import array

import pytest

from hitrate.trace.calls import Columns, Costs, Lane, LaneBuilder
from hitrate.trace.cpuclock import CpuClock

COSTS = Costs(inside=100e-9, outside=200e-9)


def lane(*calls: tuple[int, int]) -> Lane:
    """Begin and end of calls in preorder, in nanoseconds."""
    build = LaneBuilder(COSTS, CpuClock(()))
    starts, ends = zip(*calls, strict=True)
    build.calls(Columns(array("q", starts), array("q", ends), array("I", [3] * len(calls))))
    return build.lane()


def nanoseconds(found: Lane) -> list[float]:
    return [1e9 * seconds for seconds in found.seconds]


def test_a_call_alone_is_dearer_by_what_recording_adds_within_it() -> None:
    assert nanoseconds(lane((0, 1_000), (2_000, 3_000))) == pytest.approx([900, 900])


def test_a_call_around_others_is_dearer_by_all_that_recording_them_adds() -> None:
    found = lane((0, 10_000), (1_000, 5_000), (2_000, 3_000), (6_000, 7_000))
    assert list(found.stops) == [4, 3, 3, 4]
    assert nanoseconds(found) == pytest.approx([10_000 - 100 - 3 * 300, 4_000 - 100 - 300, 900, 900])

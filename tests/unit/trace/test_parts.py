"""A process taken apart by function."""

from array import array
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitrate.trace.calls import Costs, Lane
from hitrate.trace.parts import by_function
from hitrate.trace.reader import Process, Wrapper
from hitrate.trace.usage import usage_of

FUNCTIONS, KEYS = 4, 3
STEP = KEYS + 3
OWNERS = array("I", [0, *[1 + STEP * slot for slot in range(FUNCTIONS) for _ in range(STEP)]])
WRAPPERS = {1 + STEP * slot: Wrapper(slot, 2 + STEP * slot, 3 + STEP * slot) for slot in range(FUNCTIONS)}
TESTS = ("", "test_a", "test_b")


@st.composite
def lanes(draw: st.DrawFn) -> Lane:
    """Calls of some functions, nested as it comes."""
    calls = draw(st.lists(st.tuples(st.integers(0, FUNCTIONS - 1), st.integers(2, STEP - 1)), max_size=12))
    count = len(calls)
    stops = array("I", range(1, count + 1))
    for index in range(count - 1, -1, -1):
        inner = draw(st.integers(0, 2))
        for _ in range(inner):
            stops[index] = stops[stops[index]] if stops[index] < count else count
    marks = sorted(draw(st.lists(st.integers(0, count), max_size=4)))
    return Lane(
        array("I", [1 + STEP * slot + key for slot, key in calls]),
        stops,
        array("d", draw(st.lists(st.floats(-1, 1), min_size=count, max_size=count))),
        array("q", range(count)),
        array("q", [2 * count - at for at in range(count)]),
        bytearray(draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))),
        tuple((mark, draw(st.sampled_from(TESTS))) for mark in marks),
    )


@given(st.lists(lanes(), max_size=3))
def test_each_part_is_the_process_with_only_that_function(threads: list[Lane]) -> None:
    same = {0: {1 + STEP * slot + 3: 1 + STEP * slot + 2 for slot in range(FUNCTIONS)}}
    process = Process("1-0", "", 0, Costs(), tuple(threads), WRAPPERS, OWNERS, same)
    parts = by_function(process)
    assert set(parts) == set(range(FUNCTIONS))
    for slot, part in parts.items():
        expected = process.only(frozenset([slot]))
        kept = [lane for lane in expected.lanes if len(lane)]
        assert len(part.lanes) == len(kept)
        for mine, theirs in zip(part.lanes, kept, strict=True):
            for name in ("numbers", "stops", "seconds", "starts", "ends", "raised"):
                assert getattr(mine, name) == getattr(theirs, name)
            assert list(mine.stretches()) == list(theirs.stretches())
        assert part.test_changes() == expected.test_changes()
        assert usage_of(slot, [part]) == usage_of(slot, [expected])
        assert list(part.wrappers) == [1 + STEP * slot]
        assert part.same == {0: {1 + STEP * slot + 3: 1 + STEP * slot + 2}}


@given(lanes())
def test_no_call_is_lost_or_made_twice(lane: Lane) -> None:
    parts = by_function(Process("1-0", "", 0, Costs(), (lane,), WRAPPERS, OWNERS)).values()
    starts = sorted(start for part in parts for one in part.lanes for start in one.starts)
    assert starts == list(lane.starts)
    assert all(first < second for first, second in pairwise(starts))

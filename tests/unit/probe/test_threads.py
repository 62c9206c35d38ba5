"""Calls of several threads, replayed in the order in which they were made."""

import functools
from array import array

from hypothesis import given
from hypothesis import strategies as st

from hitrate.replay.replay import Replay
from hitrate.trace.calls import Costs, Lane
from hitrate.trace.reader import Process, Trace, Wrapper

FIRST_KEY = 3


def lane(calls: list[tuple[int, int]]) -> Lane:
    """A thread that made calls that do not nest: time and key."""
    return Lane(
        numbers=array("I", [FIRST_KEY + key for _, key in calls]),
        stops=array("I", range(1, len(calls) + 1)),
        seconds=array("d", [1.0] * len(calls)),
        starts=array("q", [10 * time for time, _ in calls]),
        ends=array("q", [10 * time + 5 for time, _ in calls]),
        raised=bytearray(len(calls)),
    )


def trace(threads: dict[int, list[tuple[int, int]]]) -> Trace:
    lanes = tuple(lane(calls) for calls in threads.values() if calls)
    owners = array("I", [0] + [1] * 20)
    process = Process("1-0", "", 0, Costs(), lanes, {1: Wrapper(slot=0, refused=1, cleared=2)}, owners)
    return Trace((process,), 1)


@given(
    calls=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=60),
    size=st.sampled_from([None, 0, 1, 2, 3, 5]),
)
def test_threads_that_take_turns_share_one_cache(calls: list[tuple[int, int]], size: int | None) -> None:
    threads: dict[int, list[tuple[int, int]]] = {}
    cached = functools.lru_cache(size)(str)
    for time, (thread, key) in enumerate(calls, 1):
        threads.setdefault(thread, []).append((time, key))
        cached(key)
    real = cached.cache_info()
    tally = Replay(trace(threads)).play({0: size})[0]
    assert (tally.hits, tally.misses, tally.entries) == (real.hits, real.misses, real.currsize)


def test_a_call_that_is_still_running_is_no_hit_for_another_thread() -> None:
    slow = Lane(
        array("I", [3]), array("I", [1]), array("d", [1.0]), array("q", [10]), array("q", [100]), bytearray(1)
    )
    quick = lane([(2, 0), (11, 0)])  # one call while the other thread computes, one after it
    process = Process("1-0", "", 0, Costs(), (slow, quick), {1: Wrapper(0, 1, 2)}, array("I", [0, 1, 1, 1]))
    tally = Replay(Trace((process,), 1)).play({0: None})[0]
    assert (tally.hits, tally.misses) == (1, 2)

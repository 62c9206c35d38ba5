"""What the probe and ``lru_cache`` cost here and now, measured on functions that do nothing."""

from __future__ import annotations

import functools
import types

from . import tracefile, wrappers
from .lane import ENVIRONMENT, TEST_KEY, Lane, clock
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterable, Iterator, Tuple

    from .recorder import Recorder

ROUNDS, REPETITIONS = 64, 4
TREES = (4, 4)  # depths of the binary trees of calls that are counted
TREE_CALLS = 2 * 31


def calibrated(recorder: Recorder) -> Tuple[float, ...]:
    """``tracefile.COSTS``, in nanoseconds, measured here and now."""
    lane = _lane(recorder)
    before, recorder.local.lane = getattr(recorder.local, "lane", None), lane
    try:
        measured = _spans(recorder, lane)
        best = next(measured)
        for _ in range(REPETITIONS - 1):
            best = [min(pair) for pair in zip(best, next(measured))]
    finally:  # it may be one call too deep for the recursion limit
        recorder.local.__dict__.clear()
        if before is not None:
            recorder.local.lane = before
    return _costs([time / ROUNDS for time in best])


def _lane(recorder: Recorder) -> Lane:
    """A lane that nobody will read, in which nothing is ever due."""
    lane = Lane(recorder, 0)
    lane.due = lane.deep = 1 << 62
    lane.seen = ENVIRONMENT.get(TEST_KEY)
    lane.stem = ""
    return lane


def _nothing(_: object) -> None:
    return None


def _spent(call: Callable[[int], object], numbers: Iterable[int]) -> int:
    began = clock()
    for number in numbers:
        call(number)
    return clock() - began


def _spans(recorder: Recorder, lane: Lane) -> Iterator[list[int]]:
    """Again and again, how long each of the things takes that are compared."""

    def branch(depth: int) -> int:
        return depth if not depth else tree(depth - 1) + tree(depth - 1)

    ones, different = (1,) * ROUNDS, range(ROUNDS)
    watched = Watched(recorder, 0, _nothing, None, ())
    watched.keys[1] = 1
    wrapper, args = watched.wrap(), (1,)
    cached, evicting = functools.lru_cache(ROUNDS)(_nothing), functools.lru_cache(1)(_nothing)
    words = memoryview(bytearray(8 * tracefile.ENDING_WORDS)).cast("Q")
    counting = types.FunctionType(
        wrappers.counting(branch, branch, words, 0, [True]), {}, "", None, branch.__closure__
    )
    timing = types.FunctionType(wrappers.counting(_nothing, _nothing, words, 0, []), {})
    while True:
        lane.index, lane.columns = 0, tracefile.nowhere(ROUNDS)
        began = clock()
        for _ in ones:
            pass
        looped = clock()
        for _ in ones:
            clock()
            watched.keys.get(args)
        spans = [looped - began, clock() - looped, _spent(_nothing, different), _spent(wrapper, ones)]
        spans += [_spent(cached, ones), _spent(evicting, different), sum(lane.ends) - sum(lane.starts)]
        tree: Callable[[int], int] = branch
        spans.append(_spent(tree, TREES))
        tree = counting
        spans.append(_spent(tree, TREES))
        words[:] = memoryview(bytes(8 * tracefile.ENDING_WORDS)).cast("Q")
        _spent(timing, ones)
        spans.append(words[3])
        yield spans


def _costs(spans: list[float]) -> Tuple[float, ...]:
    """The differences that make ``tracefile.COSTS``, never below zero."""
    loop, lookup, bare, recorded, hit, miss, within, tree_bare, tree_counted, timed = spans
    inside = max(0.0, within - (bare - loop))
    return (
        inside,
        max(0.0, recorded - bare - inside),
        hit - loop,
        max(0.0, miss - bare),
        lookup - loop,
        max(0.0, tree_counted - tree_bare) * ROUNDS / TREE_CALLS,
        max(0.0, timed - (bare - loop)),
    )

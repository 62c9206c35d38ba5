"""Calls that the oracle slowed take longer; they are given the time of others with the same key. Pure."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from itertools import compress

from hitrate.trace.calls import Lane
from hitrate.trace.reader import Process, Trace

SLOWED, AROUND = 1, 2
_CHOSEN = tuple(bytes(flag == wanted for flag in range(256)) for wanted in (0, SLOWED))
SAMPLES = 200_000
"""So many calls of a thread are looked at for the time of those that were not slowed."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Which calls of a lane were slowed.

    Attributes:
        slowed: Begin and end of each call that was slowed throughout and lies in no other such one, with what
            lies within it; and the indices of the calls around it.
        flags: One byte a call: ``SLOWED`` if it was slowed throughout, ``AROUND`` if in part.
    """

    slowed: Mapping[tuple[int, int], tuple[int, ...]]
    flags: bytearray

    @classmethod
    def of(cls, lane: Lane) -> "_Places":
        """Those of a lane."""
        slowed: dict[tuple[int, int], tuple[int, ...]] = {}
        flags = bytearray(len(lane))
        makers = iter([index for index, stop in enumerate(lane.stops) if stop - index > 1])
        opened: list[int] = []
        done, maker = 0, next(makers, len(lane))
        for begin, end in lane.slowed:
            done = max(begin, done)
            while done < end:
                index, done = done, lane.stops[done]
                while maker < index:
                    opened.append(maker)
                    maker = next(makers, len(lane))
                opened = [each for each in opened if lane.stops[each] > index]
                if done > end:  # slowed in part: on to what it calls
                    flags[index], done = AROUND, index + 1
                    continue
                slowed[index, done] = tuple(opened)
                flags[index:done] = bytes([SLOWED]) * (done - index)
                for each in opened:
                    flags[each] = AROUND
        return cls(slowed, flags)


class _Times:
    """Mean time of calls by number, of those that were slowed and of the others."""

    def __init__(self) -> None:
        self._sums: tuple[dict[int, float], dict[int, float]] = {}, {}
        self._calls: tuple[Counter[int], Counter[int]] = Counter(), Counter()

    def add(self, lane: Lane, flags: bytearray) -> None:
        """Add the calls of a lane, those left out that are around slowed ones."""
        looked_at = flags[:SAMPLES]
        for kind, (sums, calls) in enumerate(zip(self._sums, self._calls, strict=True)):
            chosen = looked_at.translate(_CHOSEN[kind])
            numbers = list(compress(lane.numbers, chosen))
            calls.update(numbers)
            for number, seconds in zip(numbers, compress(lane.seconds, chosen), strict=True):
                sums[number] = sums.get(number, 0.0) + seconds

    def unslowed(self, number: int) -> float | None:
        """Of calls that were not slowed; None where there was none."""
        calls = self._calls[0][number]
        return self._sums[0][number] / calls if calls else None

    def shares(self, owners: "array[int]") -> Mapping[int, float]:
        """By wrapper, what part of a slowed call's time one takes that is not, over keys that have both."""
        both: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
        (others, slowed), (count, slow_count) = self._sums, self._calls
        for number in slowed.keys() & others.keys():
            pair = both[owners[number]]
            pair[0] += max(0.0, others[number] / count[number])
            pair[1] += slowed[number] / slow_count[number]
        return {owner: min(1.0, other / slow) for owner, (other, slow) in both.items() if slow > 0}


def as_if_unslowed(trace: Trace, cached: Collection[int] = ()) -> Trace:
    """The trace with other times for calls that were slowed, and for those within and around them.

    A slowed call counts as long as the mean of the unslowed ones with its key. Where there are none, it is
    shortened as those of its function are that have some; where there are none of these either, it stays.

    Args:
        trace: What was recorded.
        cached: Functions with a cache that went on working; their calls stay as they are, since others with
            the same key are mere lookups.
    """
    return replace(trace, processes=tuple(_unslowed(process, cached) for process in trace.processes))


def flags_of(lane: Lane) -> bytearray:
    """One byte a call: 0 unless it was slowed, throughout or in part."""
    return _Places.of(lane).flags if lane.slowed else bytearray(len(lane))


def only_slowed(trace: Trace) -> Mapping[int, float]:
    """Seconds, by function, of calls that were slowed at least in part, as were all others with their keys.

    Of those that lie within each other, only the outer one counts.
    """
    found: defaultdict[int, float] = defaultdict(float)
    for process in trace.processes:
        for lane in process.lanes:
            if not lane.slowed:
                continue
            flags = flags_of(lane)
            others = set(compress(lane.numbers, flags.translate(_CHOSEN[0])))
            until: dict[int, int] = {}
            for index in compress(range(len(lane)), flags):
                wrapper = process.wrappers.get(process.owners[lane.numbers[index]])
                if wrapper is None or lane.numbers[index] in others or index < until.get(wrapper.slot, 0):
                    continue
                until[wrapper.slot] = lane.stops[index]
                found[wrapper.slot] += max(0.0, lane.seconds[index])
    return found


def slowdown(trace: Trace, unslowed: Trace) -> float:
    """CPU seconds that all slowed calls together took longer: the trace against itself as if none had."""
    pairs = zip(trace.processes, unslowed.processes, strict=True)
    return sum(
        _outer_seconds(slow) - _outer_seconds(lane)
        for before, after in pairs
        if before is not after
        for slow, lane in zip(before.lanes, after.lanes, strict=True)
    )


def _outer_seconds(lane: Lane) -> float:
    """Seconds of the calls that lie in no other one."""
    seconds, index = 0.0, 0
    while index < len(lane):
        seconds += lane.seconds[index]
        index = lane.stops[index]
    return seconds


def _unslowed(process: Process, cached: Collection[int]) -> Process:
    if not any(lane.slowed for lane in process.lanes):
        return process
    as_they_are = {number for number, wrapper in process.wrappers.items() if wrapper.slot in cached}
    places = [_Places.of(lane) for lane in process.lanes]
    times = _Times()
    for lane, place in zip(process.lanes, places, strict=True):
        times.add(lane, place.flags)
    shares = times.shares(process.owners)

    def unslowed(number: int, seconds: float) -> float:
        if process.owners[number] in as_they_are:
            return seconds
        usual = times.unslowed(number)
        if usual is not None:
            return min(seconds, usual)
        return seconds * shares.get(process.owners[number], 1.0)

    pairs = zip(process.lanes, places, strict=True)
    return replace(process, lanes=tuple(_corrected(lane, place, unslowed) for lane, place in pairs))


def _corrected(lane: Lane, places: _Places, unslowed: Callable[[int, float], float]) -> Lane:
    if not places.slowed:
        return lane
    seconds = array("d", lane.seconds)
    for (begin, end), around in places.slowed.items():
        for index in range(begin, end):
            seconds[index] = unslowed(lane.numbers[index], lane.seconds[index])
        for index in around:
            seconds[index] -= lane.seconds[begin] - seconds[begin]
    return replace(lane, seconds=seconds)

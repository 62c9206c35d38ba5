"""Calls that the oracle slowed take longer; they are given the time of others with the same key. Pure."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from hitrate.trace.calls import Lane
from hitrate.trace.reader import Process, Trace

SLOWED, AROUND = 1, 2
SAMPLES = 200_000
"""So many calls of a thread are looked at for the time of those that were not slowed."""


@dataclass(slots=True)
class _Mean:
    seconds: float = 0.0
    calls: int = 0

    def add(self, seconds: float) -> None:
        self.seconds += seconds
        self.calls += 1

    @property
    def value(self) -> float:
        return self.seconds / self.calls


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


@dataclass(slots=True)
class _Times:
    """Mean time of calls by number, of those that were slowed and of the others."""

    slowed: defaultdict[int, _Mean] = field(default_factory=lambda: defaultdict(_Mean))
    others: defaultdict[int, _Mean] = field(default_factory=lambda: defaultdict(_Mean))

    def add(self, lane: Lane, flags: bytearray) -> None:
        """Add the calls of a lane, those left out that are around slowed ones."""
        calls = zip(lane.numbers, lane.seconds, flags, strict=True)
        for number, seconds, flag in islice(calls, SAMPLES):
            if flag != AROUND:
                (self.slowed if flag else self.others)[number].add(seconds)

    def shares(self, owners: "array[int]") -> Mapping[int, float]:
        """By wrapper, what part of a slowed call's time one takes that is not, over keys that have both."""
        sums: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for number in self.slowed.keys() & self.others.keys():
            pair = sums[owners[number]]
            pair[0] += max(0.0, self.others[number].value)
            pair[1] += self.slowed[number].value
        return {owner: min(1.0, other / slowed) for owner, (other, slowed) in sums.items() if slowed > 0}


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
        if number in times.others:
            return min(seconds, times.others[number].value)
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

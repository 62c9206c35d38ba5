"""Calls that an existing cache answered: what they took, and what they would have taken without it. Pure."""

import heapq
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from math import sqrt

from hitrate.trace.calls import Lane
from hitrate.trace.correction import flags_of
from hitrate.trace.reader import Process

WATCHED_FACTOR = 8.0
"""A call under a profile function takes at most so many times as long as without."""
RERUN_ERROR = 0.2
"""Relative error of the time of a function that was run again by itself."""
CLOCK_ERROR = 1e-7
"""Seconds by which the time of a single lookup or call may be wrong whatever is done."""
LIKE_OTHERS = 5.0
"""A call takes at most so many times as long as the slowest of its function that were run again."""
OTHERS = 3
"""So many other calls have to be computed before the first is said to have done what is done only once."""
LOOKUPS = 3
"""Of a call that a cache does not answer: before it, after it, and to store the result."""
STANDARD_ERRORS = 2.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds that are not exactly known."""

    low: float
    likely: float
    high: float


@dataclass(slots=True)
class Answered:
    """The calls of one function that its cache answered, summed over processes.

    Attributes:
        calls: How many.
        low: Seconds that they would have taken at least, had they been computed.
        likely: What they would have taken.
        high: What they would have taken at most.
        timed: Those of which it is known what the lookup took: they were not watched.
        seconds: Seconds of these lookups.
        squares: Their squares.
    """

    calls: int = 0
    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0
    timed: int = 0
    seconds: float = 0.0
    squares: float = 0.0

    def took(self, seconds: float) -> None:
        """A lookup took so long."""
        self.timed += 1
        self.seconds += seconds
        self.squares += seconds * seconds

    def would_have_taken(self, bounds: Bounds) -> None:
        """A call that was answered would have taken so long."""
        self.calls += 1
        self.low += bounds.low
        self.likely += bounds.likely
        self.high += bounds.high

    @property
    def lookup(self) -> Bounds | None:
        """Mean time of a lookup that is answered, its key's hash and comparisons included."""
        if not self.timed:
            return None
        mean = self.seconds / self.timed
        spread = sqrt(max(0.0, self.squares / self.timed - mean * mean) / self.timed)
        error = STANDARD_ERRORS * spread + CLOCK_ERROR
        return Bounds(max(0.0, mean - error), max(0.0, mean), max(0.0, mean + error))


def time_lookups(
    process: Process,
    lane: Lane,
    served: Sequence[int],
    totals: Mapping[int, Answered],
    by_key: Mapping[int, Answered],
) -> None:
    """Add what answered lookups took to ``totals``, by slot, and to ``by_key``, by key number."""
    flags = flags_of(lane)
    for index in served:
        if not flags[index]:
            number = lane.numbers[index]
            totals[process.wrappers[process.owners[number]].slot].took(lane.seconds[index])
            by_key[number].took(lane.seconds[index])


def restored(
    process: Process,
    places: Sequence[Sequence[int]],
    served: Sequence[Collection[int]],
    known: dict[int, Bounds],
    extra: Callable[[int], float],
    totals: Mapping[int, Answered],
) -> tuple[Lane, ...]:
    """The lanes with the time of served calls, and with that of computed ones as it was when run again.

    A call that is computed for the first time is often watched, which slows it. One that makes others keeps
    its time: run again, a cache would have answered those. What was not run again is given its time less that
    of the lookup that came before it. What one thread computed, another one is served. Where the first call
    of a process is far slower than all others, it did what is done once, such as an import: its hits are not
    given that.

    Args:
        process: The process.
        places: Indices of the calls of functions that have a cache, for each lane.
        served: Those of them that a cache answered.
        known: What computed calls take, by key number, kept up to date.
        extra: Gives the seconds that a lookup takes more than a plain one, for a key number.
        totals: By slot; the served calls are added.
    """
    lanes = process.lanes
    seconds = [array("d", map(max, repeat(0.0), lane.seconds)) for lane in lanes]
    flags, slowest = [flags_of(lane) for lane in lanes], _slowest(process)
    others = _slowest_but_one(process, places, served)
    for place, index in _in_time(process, places):
        lane, spent = lanes[place], seconds[place]
        number = lane.numbers[index]
        owner = process.owners[number]
        if index in served[place]:
            bounds = known.get(number, Bounds(0.0, spent[index], spent[index]))
            spent[index] = bounds.likely
            totals[process.wrappers[owner].slot].would_have_taken(bounds)
            continue
        again = process.again.get(number) if lane.stops[index] == index + 1 else None
        bounds = (
            _computed(spent[index], extra(number), slowest.get(owner), watched=bool(flags[place][index]))
            if again is None
            else Bounds((1 - RERUN_ERROR) * again, again, (1 + RERUN_ERROR) * again + CLOCK_ERROR)
        )
        spent[index] = bounds.likely
        known[number] = bounds if again is not None else _repeatable(bounds, others.pop(owner, None))
    return tuple(replace(lane, seconds=spent) for lane, spent in zip(lanes, seconds, strict=True))


def _in_time(process: Process, places: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Calls of all threads as they began: which lane, and which of its calls."""
    turns = (
        [(lane.starts[index], place, index) for index in own]
        for place, (lane, own) in enumerate(zip(process.lanes, places, strict=True))
    )
    return ((place, index) for _, place, index in heapq.merge(*turns))


def _slowest(process: Process) -> dict[int, float]:
    """Seconds of the slowest call that was run again, by wrapper."""
    slowest: dict[int, float] = {}
    for number, seconds in process.again.items():
        if number < len(process.owners):
            owner = process.owners[number]
            slowest[owner] = max(seconds, slowest.get(owner, 0.0))
    return slowest


def _slowest_but_one(
    process: Process, places: Sequence[Sequence[int]], served: Sequence[Collection[int]]
) -> dict[int, float]:
    """Seconds of the call that took longest of those that were computed but for one, by wrapper.

    Of wrappers with ``OTHERS`` such calls and more.
    """
    longest: dict[int, tuple[int, float, float]] = {}
    for lane, own, hits in zip(process.lanes, places, served, strict=True):
        for index in own:
            if index not in hits:
                owner, seconds = process.owners[lane.numbers[index]], lane.seconds[index]
                calls, first, second = longest.get(owner, (0, 0.0, 0.0))
                second = max(second, min(first, seconds))
                longest[owner] = (calls + 1, max(first, seconds), second)
    return {owner: second for owner, (calls, _, second) in longest.items() if calls > OTHERS}


def _repeatable(bounds: Bounds, others: float | None) -> Bounds:
    """What the first call of a process would take again, by the slowest of the others."""
    if others is None or bounds.likely <= LIKE_OTHERS * others:
        return bounds
    return Bounds(min(bounds.low, others), others, bounds.high)


def _computed(seconds: float, extra: float, slowest: float | None, *, watched: bool) -> Bounds:
    """What a call that was not answered would have taken without its lookups, and unwatched."""
    least = max(0.0, seconds / (WATCHED_FACTOR if watched else 1.0) - LOOKUPS * extra)
    likely, most = max(0.0, seconds - extra), max(0.0, seconds)
    if slowest is not None:
        likely = max(least, min(likely, slowest))
        most = max(likely, min(most, LIKE_OTHERS * slowest))
    return Bounds(least, likely, most)

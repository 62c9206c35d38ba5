"""Plays one process: every lookup of its caches, in the order in which the calls were made."""

import heapq
from bisect import bisect_left
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from hitrate.trace.calls import Lane
from hitrate.trace.reader import Process

Sizes = Mapping[int, int | None]
"""``maxsize`` by slot; a function that is not in it has no cache."""


Entries = OrderedDict[int, None]


@dataclass(slots=True)
class Tally:
    """What a function's caches did, summed over processes.

    Attributes:
        hits: Lookups that were answered.
        misses: Lookups that called the function.
        seconds: CPU seconds of the calls that hits made unnecessary; what lookups cost is not subtracted.
        entries: Entries that the caches hold at the end of their processes.
    """

    hits: int = 0
    misses: int = 0
    seconds: float = 0.0
    entries: int = 0

    def add(self, hits: int, misses: int, seconds: float, entries: int) -> None:
        """Add what one cache did."""
        self.hits += hits
        self.misses += misses
        self.seconds += seconds
        self.entries += entries


class Cache:
    """One simulated ``lru_cache``: keys in the order of their last use."""

    __slots__ = ("entries", "hits", "is_bounded", "maxsize", "misses", "seconds")

    def __init__(self, maxsize: int | None, entries: Entries) -> None:
        self.maxsize = float("inf") if maxsize is None else maxsize
        self.is_bounded = maxsize is not None  # else the order of use does not matter
        self.entries = entries
        self.hits = self.misses = 0
        self.seconds = 0.0

    def store(self, number: int) -> None:
        """Keep a result, unless a nested call kept one for the same key meanwhile."""
        entries = self.entries
        if number in entries or not self.maxsize:
            return
        if len(entries) >= self.maxsize:
            entries.popitem(last=False)
        entries[number] = None


class Player:
    """Plays one process."""

    def __init__(
        self,
        process: Process,
        sizes: Sizes,
        inherited: Mapping[int, Entries],
        hits: Sequence[list[int]] | None = None,
    ) -> None:
        self.process = process
        self.hits = hits  # takes the indices of calls that hit, by lane, if they are asked for
        self.caches = {
            number: Cache(sizes[wrapper.slot], inherited.get(number, OrderedDict()))
            for number, wrapper in process.wrappers.items()
            if wrapper.slot in sizes
        }
        # Only of keys that are looked up here: a process may have very many of other functions.
        looked_up = set[int]().union(*(lane.numbers for lane in process.lanes))
        self.cache_of: dict[int, Cache | None]
        if len(process.wrappers) == 1:
            self.cache_of = dict.fromkeys(looked_up, next(iter(self.caches.values()), None))
        else:
            owners = map(process.owners.__getitem__, looked_up)
            self.cache_of = dict(zip(looked_up, map(self.caches.get, owners), strict=True))
        self.cleared: dict[int, Cache] = {}
        for number, cache in self.caches.items():
            wrapper = process.wrappers[number]
            self.cleared[wrapper.cleared] = cache
            self.cache_of[wrapper.cleared] = None
            if cache.maxsize:  # with 0, arguments are not even hashed
                self.cache_of[wrapper.refused] = None

    def play(self, marks: Sequence[tuple[int, str]]) -> Iterator[str]:
        """Play all calls.

        Args:
            marks: ``(moment, child)``, in order: pause there, since the child was forked; an empty name:
                empty the caches instead.

        Yields:
            The children as their moments are reached.
        """
        lanes = self.process.lanes
        if len(lanes) == 1:
            yield from self._lane(lanes[0], marks, self.hits[0] if self.hits else None)
        else:
            yield from self._lanes(lanes, marks)

    def entries(self) -> dict[int, Entries]:
        """What the caches hold now."""
        return {number: cache.entries.copy() for number, cache in self.caches.items()}

    def add_to(self, tallies: Mapping[int, Tally]) -> None:
        """Add what the caches did to the functions' tallies."""
        for number, cache in self.caches.items():
            tally = tallies[self.process.wrappers[number].slot]
            tally.add(cache.hits, cache.misses, cache.seconds, len(cache.entries))

    def _passed(self, child: str) -> Iterator[str]:
        """A mark was reached."""
        if child:
            yield child
            return
        for cache in self.caches.values():
            cache.entries.clear()

    def _lane(self, lane: Lane, marks: Sequence[tuple[int, str]], hits: list[int] | None) -> Iterator[str]:
        """Play the only thread of a process."""
        index, pending = 0, list[tuple[int, int, Cache]]()
        for moment, child in marks:
            index = self._stretch(lane, index, bisect_left(lane.starts, moment), pending, hits)
            while pending and lane.ends[pending[-1][1]] <= moment:
                _, returned, cache = pending.pop()
                cache.store(lane.numbers[returned])
            yield from self._passed(child)
        self._stretch(lane, index, len(lane), pending, hits)
        for _, returned, cache in reversed(pending):
            cache.store(lane.numbers[returned])

    def _stretch(
        self,
        lane: Lane,
        index: int,
        end: int,
        pending: list[tuple[int, int, Cache]],
        hits: list[int] | None,
    ) -> int:
        """Play the calls from ``index`` until ``end``; ``pending`` are open ones: stop, index, cache."""
        numbers, stops, raised, cache_of = lane.numbers, lane.stops, lane.raised, self.cache_of
        seconds, cleared = lane.seconds, self.cleared
        while index < end:
            while pending and pending[-1][0] <= index:
                _, returned, cache = pending.pop()
                cache.store(numbers[returned])
            number = numbers[index]
            found = cache_of[number]
            if found is None:
                if number in cleared:
                    cleared[number].entries.clear()
                index += 1
            elif number in found.entries:
                if found.is_bounded:
                    found.entries.move_to_end(number)
                found.hits += 1
                found.seconds += seconds[index]
                if hits is not None:
                    hits.append(index)
                index = stops[index]
            else:
                found.misses += 1
                if not raised[index]:
                    pending.append((stops[index], index, found))
                index += 1
        return index

    def _clear(self, number: int) -> None:
        if number in self.cleared:
            self.cleared[number].entries.clear()

    def _lanes(self, lanes: Sequence[Lane], marks: Sequence[tuple[int, str]]) -> Iterator[str]:
        """Play threads as their calls were interleaved."""
        turns = [(lane.starts[0], place, 0) for place, lane in enumerate(lanes) if len(lane)]
        heapq.heapify(turns)
        returns: list[tuple[int, int, int, Cache]] = []  # end, order, number, cache
        waiting = deque(marks)
        while turns:
            now, place, index = heapq.heappop(turns)
            while returns and returns[0][0] <= now:
                *_, number, cache = heapq.heappop(returns)
                cache.store(number)
            while waiting and waiting[0][0] <= now:
                yield from self._passed(waiting.popleft()[1])
            lane = lanes[place]
            index = self._call(lane, index, returns, self.hits[place] if self.hits else None)
            if index < len(lane):
                heapq.heappush(turns, (lane.starts[index], place, index))
        for *_, number, cache in sorted(returns, key=itemgetter(0, 1)):
            cache.store(number)
        for _, child in waiting:
            yield from self._passed(child)

    def _call(
        self,
        lane: Lane,
        index: int,
        returns: list[tuple[int, int, int, Cache]],
        hits: list[int] | None,
    ) -> int:
        """Play one call of one thread; the index of the thread's next one."""
        number = lane.numbers[index]
        found = self.cache_of[number]
        if found is None:
            self._clear(number)
        elif number in found.entries:
            found.entries.move_to_end(number)
            found.hits += 1
            found.seconds += lane.seconds[index]
            if hits is not None:
                hits.append(index)
            return lane.stops[index]
        else:
            found.misses += 1
            if not lane.raised[index]:
                # of calls that end at the same time, the inner one returns first
                heapq.heappush(returns, (lane.ends[index], -lane.starts[index], number, found))
        return index + 1

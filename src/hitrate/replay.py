"""``functools.lru_cache`` simulated over a trace: for any size, any set of functions, from one run.

A hit skips everything that the call would have called: calls are played in preorder, and a hit jumps to the
call's stop. A result is stored when its call returns, as ``lru_cache`` does it. Every process and decorated
object has a cache of its own; a forked child begins with what its parent's caches held.
"""

import heapq
from array import array
from bisect import bisect_left
from collections import OrderedDict, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from hitrate.distances import hits_within, outcomes
from hitrate.lanes import Lane
from hitrate.trace import Process, Trace

Sizes = Mapping[int, int | None]
"""``maxsize`` by slot; a function that is not in it has no cache."""
Entries = OrderedDict[int, None]


@dataclass(slots=True)
class Tally:
    """What a function's caches did, summed over processes.

    Attributes:
        hits: Look-ups that were answered.
        misses: Look-ups that called the function.
        seconds: CPU seconds of the calls that hits made unnecessary; what look-ups cost is not subtracted.
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


class Replay:
    """A trace made ready to be played again and again."""

    def __init__(self, trace: Trace, existing: Sizes | None = None) -> None:
        """Take a trace.

        Args:
            trace: What was recorded.
            existing: Sizes of the real caches that answered calls while the trace was recorded. Those calls
                are then given the time that the call took which the cache had kept.
        """
        self._processes = {process.stem: process for process in trace.processes}
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        for process in sorted(trace.processes, key=lambda process: process.forked_at):
            known = process.parent in self._processes and process.forked_at > 0
            self._children[process.parent if known else ""].append(process.stem)
        self._parts: dict[tuple[frozenset[int], int | None], dict[str, Process]] = {}
        if existing:
            self._restore_seconds(existing)

    @property
    def processes(self) -> Iterator[Process]:
        """The processes, with the time that calls take where no cache answers them."""
        return iter(self._processes.values())

    def calls_of(self, slot: int) -> Iterator[Process]:
        """The processes as if only this function had been recorded."""
        return iter(self._part(frozenset([slot]), None).values())

    def play(self, sizes: Sizes) -> dict[int, Tally]:
        """Play the trace with these functions cached.

        Args:
            sizes: The functions that have a cache.

        Returns:
            A tally for each of these functions.
        """
        part = self._part(frozenset(sizes), None)
        tallies = {slot: Tally() for slot in sizes}
        for player in self._played(part, sizes, self._children[""]):
            player.add_to(tallies)
        return tallies

    def _played(
        self,
        part: Mapping[str, Process],
        sizes: Sizes,
        roots: Iterable[str],
        *,
        between_tests: bool = True,
        log: bool = False,
    ) -> Iterator["_Player"]:
        """Play processes that were started and those that they forked, parents first."""
        waiting: list[tuple[str, dict[int, Entries]]] = [(stem, {}) for stem in roots]
        while waiting:
            stem, inherited = waiting.pop()
            hits: list[list[int]] | None = [[] for _ in part[stem].lanes] if log else None
            player = _Player(part[stem], sizes, inherited, hits)
            marks = [(part[child].forked_at, child) for child in self._children[stem]]
            if not between_tests:
                marks += [(moment, "") for moment in part[stem].test_changes()]
            waiting += [(child, player.entries()) for child in player.play(sorted(marks))]
            yield player

    def _restore_seconds(self, existing: Sizes) -> None:
        """Give calls that a real cache answered the time of the call whose result it had kept."""
        kept: dict[str, dict[int, float]] = {"": {}}
        for player in self._played(dict(self._processes), existing, self._children[""], log=True):
            process = player.process
            known = kept[process.stem] = dict(kept.get(process.parent, {}))
            lanes = zip(process.lanes, player.hits or (), strict=True)
            restored = tuple(_restored(lane, hits, known, process.again) for lane, hits in lanes)
            self._processes[process.stem] = replace(process, lanes=restored)

    def alone(
        self, slot: int, sizes: Collection[int | None], *, same: int | None = None
    ) -> dict[int | None, Tally]:
        """Play the trace with one function cached, for several sizes.

        Args:
            slot: The function.
            sizes: The sizes.
            same: Take keys for equal that differ only in this way (an index of ``Process.same``).

        Returns:
            A tally for each size.
        """
        part = self._part(frozenset([slot]), same)
        flat, rest = self._flat(part)
        tallies = {size: Tally() for size in sizes}
        for lane in flat:
            for size, outcome in outcomes(lane.numbers, lane.seconds, sizes).items():
                tallies[size].add(outcome.hits, outcome.misses, outcome.seconds, outcome.entries)
        for size in sizes if rest else ():
            for player in self._played(part, {slot: size}, rest):
                player.add_to({slot: tallies[size]})
        return tallies

    def within_tests(self, slot: int, size: int | None) -> tuple[int, int]:
        """Hits and look-ups of one function's cache if it were emptied between tests."""
        part = self._part(frozenset([slot]), None)
        flat, rest = self._flat(part)
        tally = Tally()
        for player in self._played(part, {slot: size}, rest, between_tests=False):
            player.add_to({slot: tally})
        stretches = ([(begin, end) for begin, end, _ in lane.stretches()] for lane in flat)
        hits = sum(hits_within(lane.numbers, own, size) for lane, own in zip(flat, stretches, strict=True))
        return tally.hits + hits, tally.hits + tally.misses + sum(map(len, flat))

    def _flat(self, part: Mapping[str, Process]) -> tuple[list[Lane], list[str]]:
        """The threads that can be played the short way, and the other processes that were started."""
        roots = self._children[""]
        rest = [stem for stem in roots if self._children[stem] or not _is_flat(part[stem])]
        return [part[stem].lanes[0] for stem in roots if stem not in rest], rest

    def _part(self, slots: frozenset[int], same: int | None) -> dict[str, Process]:
        """The processes with nothing but these functions, remembered."""
        if (slots, same) not in self._parts:
            self._parts[slots, same] = (
                {stem: process.only(slots) for stem, process in self._processes.items()}
                if same is None
                else {
                    stem: _respelled(process, process.same.get(same, {}))
                    for stem, process in self._part(slots, None).items()
                }
            )
        return self._parts[slots, same]


def _is_flat(process: Process) -> bool:
    """Whether its calls are look-ups of one cache in one thread, none within another, and all return."""
    if len(process.lanes) != 1:
        return False
    lane = process.lanes[0]
    owners = set(map(process.owners.__getitem__, set(lane.numbers)))
    if len(owners) != 1 or 1 in lane.raised:
        return False
    wrapper = process.wrappers[owners.pop()]
    special = wrapper.refused in lane.numbers or wrapper.cleared in lane.numbers
    return not special and lane.stops == array("I", range(1, len(lane) + 1))


def _restored(lane: Lane, served: Sequence[int], known: dict[int, float], again: Mapping[int, float]) -> Lane:
    """The lane with the time of served calls, and with that of computed ones as it was when run again.

    A call that is computed for the first time is often watched, which slows it. One that makes others keeps
    its time: run again, a cache would have answered those.

    Args:
        lane: The lane.
        served: Indices of the calls that a cache answered.
        known: Seconds of computed calls by key number, kept up to date.
        again: Seconds of calls that were run again, by key number.
    """
    seconds, answered = array("d", lane.seconds), set(served)
    for index, number in enumerate(lane.numbers):
        if index in answered:
            seconds[index] = known.get(number, seconds[index])
            continue
        if number in again and lane.stops[index] == index + 1:
            seconds[index] = again[number]
        known[number] = seconds[index]
    return replace(lane, seconds=seconds)


def _respelled(process: Process, same: Mapping[int, int]) -> Process:
    """The process with some key numbers in place of others."""
    lanes = (
        replace(lane, numbers=array("I", [same.get(number, number) for number in lane.numbers]))
        for lane in process.lanes
    )
    return replace(process, lanes=tuple(lanes)) if same else process


class _Cache:
    """One simulated ``lru_cache``: keys in the order of their last use."""

    __slots__ = ("entries", "hits", "maxsize", "misses", "seconds")

    def __init__(self, maxsize: int | None, entries: Entries) -> None:
        self.maxsize = float("inf") if maxsize is None else maxsize
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


class _Player:
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
            number: _Cache(sizes[wrapper.slot], inherited.get(number, OrderedDict()))
            for number, wrapper in process.wrappers.items()
            if wrapper.slot in sizes
        }
        # Only of keys that are looked up here: a process may have very many of other functions.
        looked_up = {number for lane in process.lanes for number in lane.numbers}
        self.cache_of: dict[int, _Cache | None] = {
            number: self.caches.get(process.owners[number]) for number in looked_up
        }
        self.cleared: dict[int, _Cache] = {}
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
        index, pending = 0, list[tuple[int, int, _Cache]]()
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
        pending: list[tuple[int, int, _Cache]],
        hits: list[int] | None,
    ) -> int:
        """Play the calls from ``index`` until ``end``; ``pending`` are open ones: stop, index, cache."""
        numbers, stops, raised, cache_of = lane.numbers, lane.stops, lane.raised, self.cache_of
        while index < end:
            while pending and pending[-1][0] <= index:
                _, returned, cache = pending.pop()
                cache.store(numbers[returned])
            number = numbers[index]
            found = cache_of[number]
            if found is None:
                self._clear(number)
                index += 1
            elif number in found.entries:
                found.entries.move_to_end(number)
                found.hits += 1
                found.seconds += lane.seconds[index]
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
        returns: list[tuple[int, int, int, _Cache]] = []  # end, order, number, cache
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
        returns: list[tuple[int, int, int, _Cache]],
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

"""``functools.lru_cache`` simulated over a trace: for any size, any set of functions, from one run.

A hit skips everything that the call would have called: calls are played in preorder, and a hit jumps to the
call's stop. A result is stored when its call returns, as ``lru_cache`` does it. Every process and decorated
object has a cache of its own; a forked child begins with what its parent's caches held.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hitrate.replay.answered import Answered, Bounds, restored, time_lookups
from hitrate.replay.player import Entries, Player, Sizes, Tally
from hitrate.replay.stackdistances import hits_within, outcomes
from hitrate.trace.calls import Lane
from hitrate.trace.parts import by_function, by_owner
from hitrate.trace.reader import Process, Trace
from hitrate.trace.usage import dearness


class Replay:
    """A trace made ready to be played again and again.

    Attributes:
        answered: What real caches answered while it was recorded, by slot.
    """

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
        self.answered: defaultdict[int, Answered] = defaultdict(Answered)
        if existing:
            self._restore_seconds(existing)
        self._empty = {
            stem: replace(process, lanes=(), wrappers={}, same={})
            for stem, process in self._processes.items()
        }
        self._flat_parts: dict[tuple[int, int | None, bool], tuple[Sequence[Lane], Sequence[str]]] = {}
        self._known: defaultdict[tuple[int, int | None], dict[int | None, Tally]] = defaultdict(dict)
        self._functions: defaultdict[int, dict[str, Process]] = defaultdict(dict)
        for stem, process in self._processes.items():
            for slot, part in by_function(process).items():
                self._functions[slot][stem] = part

    @property
    def processes(self) -> Iterator[Process]:
        """The processes, with the time that calls take where no cache answers them."""
        return iter(self._processes.values())

    def calls_of(self, slot: int) -> Iterator[Process]:
        """The processes as if only this function had been recorded, less those that know nothing of it."""
        return iter(self._functions[slot].values())

    def play(self, sizes: Sizes) -> dict[int, Tally]:
        """Play the trace with these functions cached.

        Args:
            sizes: The functions that have a cache.

        Returns:
            A tally for each of these functions.
        """
        slots = frozenset(sizes)
        # To leave out others costs more than to pass them by, but for threads, whose calls are put in order.
        part = {
            stem: process if len(slots) > 1 and len(process.lanes) == 1 else process.only(slots)
            for stem, process in self._processes.items()
        }
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
    ) -> Iterator["Player"]:
        """Play processes that were started and those that they forked, parents first."""
        waiting: list[tuple[str, dict[int, Entries]]] = [(stem, {}) for stem in roots]
        while waiting:
            stem, inherited = waiting.pop()
            hits: list[list[int]] | None = [[] for _ in part[stem].lanes] if log else None
            player = Player(part[stem], sizes, inherited, hits)
            marks = [(part[child].forked_at, child) for child in self._children[stem]]
            if not between_tests:
                marks += [(moment, "") for moment in part[stem].test_changes()]
            waiting += [(child, player.entries()) for child in player.play(sorted(marks))]
            yield player

    def _restore_seconds(self, existing: Sizes) -> None:
        """Give calls that a real cache answered the time of the call whose result it had kept."""
        kept: dict[str, dict[int, Bounds]] = {"": {}}
        part = {stem: process.only(frozenset(existing)) for stem, process in self._processes.items()}
        for player in self._played(part, existing, self._children[""], log=True):
            process = self._processes[player.process.stem]
            chosen = process.keys_of(existing)
            places = [lane.places(chosen) for lane in process.lanes]
            hits = player.hits or ()
            if part[process.stem] is not process:  # else they are indices of all calls already
                hits = [[own[hit] for hit in found] for own, found in zip(places, hits, strict=True)]
            known = kept[process.stem] = dict(kept.get(process.parent, {}))
            extra = self._time_lookups(process, hits, existing)
            lanes = restored(process, places, list(map(set, hits)), known, extra, self.answered)
            self._processes[process.stem] = replace(process, lanes=lanes)

    def _time_lookups(
        self, process: Process, served: Sequence[Sequence[int]], existing: Collection[int]
    ) -> Callable[[int], float]:
        """What lookups take more than plain ones, by key number; those of calls that were answered tell."""
        by_key: defaultdict[int, Answered] = defaultdict(Answered)
        for lane, hits in zip(process.lanes, served, strict=True):
            time_lookups(process, lane, hits, self.answered, by_key)

        def extra(number: int) -> float:
            wrapper = process.wrappers.get(process.owners[number])
            if wrapper is None or wrapper.slot not in existing:
                return 0.0
            own = by_key[number].lookup or self.answered[wrapper.slot].lookup
            more = own.likely - process.costs.hit if own else dearness(process, wrapper.slot)
            return max(0.0, more or 0.0)

        return extra

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
        known = self._known[slot, same]
        missing = [size for size in sizes if size not in known]
        if missing:
            known |= self._alone(slot, missing, same)
        return {size: replace(known[size]) for size in sizes}

    def _alone(self, slot: int, sizes: Collection[int | None], same: int | None) -> dict[int | None, Tally]:
        part = self._part(slot, same)
        # With size 0, arguments that cannot be hashed are not noticed: they count as lookups.
        flat, rest = self._flat(part, slot, same, hashed=0 not in sizes)
        if rest and None not in sizes:
            sizes = [*sizes, None]  # it is played anyway
        tallies = {size: Tally() for size in sizes}
        for lane in flat:
            for size, outcome in outcomes(lane.numbers, lane.seconds, sizes).items():
                tallies[size].add(outcome.hits, outcome.misses, outcome.seconds, outcome.entries)
        for size, found in self._nested(part, slot, sizes, rest).items():
            tallies[size].add(found.hits, found.misses, found.seconds, found.entries)
        return tallies

    def _nested(
        self, part: Mapping[str, Process], slot: int, sizes: Collection[int | None], rest: Sequence[str]
    ) -> dict[int | None, Tally]:
        """The same for processes that have to be played call by call.

        From the smallest size on: where one does what one without limit does, all larger ones do too. By
        induction over the calls, for a cache holds what a smaller one holds after the same calls.
        """
        if not rest:
            return {}
        unbounded, held = self._of_size(part, slot, None, rest)
        tallies: dict[int | None, Tally] = {None: unbounded} if None in sizes else {}
        most = sum(len(set(lane.numbers)) for process in part.values() for lane in process.lanes)
        enough = False
        for size in sorted(size for size in sizes if size is not None):
            if enough or size >= most:
                entries = sum(min(size, number) for number in held)
                tallies[size] = replace(unbounded, entries=entries)
                continue
            tally, _ = self._of_size(part, slot, size, rest)
            tallies[size] = tally
            enough = (tally.hits, tally.seconds) == (unbounded.hits, unbounded.seconds)
        return tallies

    def _of_size(
        self, part: Mapping[str, Process], slot: int, size: int | None, rest: Sequence[str]
    ) -> tuple[Tally, list[int]]:
        """What caches of one size do, and how many entries each of them holds at the end."""
        tally, held = Tally(), list[int]()
        for player in self._played(part, {slot: size}, rest):
            player.add_to({slot: tally})
            held += [len(cache.entries) for cache in player.caches.values()]
        return tally, held

    def within_tests(self, slot: int, size: int | None) -> tuple[int, int]:
        """Hits and lookups of one function's cache if it were emptied between tests."""
        part = self._part(slot)
        flat, rest = self._flat(part, slot, hashed=size != 0)
        tally = Tally()
        for player in self._played(part, {slot: size}, rest, between_tests=False):
            player.add_to({slot: tally})
        stretches = ([(begin, end) for begin, end, _ in lane.stretches()] for lane in flat)
        hits = sum(hits_within(lane.numbers, own, size) for lane, own in zip(flat, stretches, strict=True))
        return tally.hits + hits, tally.hits + tally.misses + sum(map(len, flat))

    def _flat(
        self, part: Mapping[str, Process], slot: int, same: int | None = None, *, hashed: bool
    ) -> tuple[Sequence[Lane], Sequence[str]]:
        """Calls of single caches that can be played the short way, and the other processes that were started.

        Those without a call, of which none was forked, have nothing to play.
        """
        known = self._flat_parts.get((slot, same, hashed))
        if known is None:
            roots = [stem for stem in self._children[""] if self._children[stem] or part[stem].lanes]
            lanes = {
                stem: None if self._children[stem] else _flat_lanes(part[stem], hashed) for stem in roots
            }
            flat = [lane for own in lanes.values() for lane in own or ()]
            known = flat, [stem for stem, own in lanes.items() if own is None]
            self._flat_parts[slot, same, hashed] = known
        return known

    def _part(self, slot: int, same: int | None = None) -> dict[str, Process]:
        """The processes with nothing but this function."""
        parts = self._empty | self._functions[slot]
        if same is None:
            return parts
        return {stem: _respelled(process, process.same.get(same, {})) for stem, process in parts.items()}


def _flat_lanes(process: Process, hashed: bool) -> Sequence[Lane] | None:
    """The lookups of each cache of a process, if they are in one thread, none within another, and all return.

    None if they are not. Calls whose arguments cannot be hashed are no lookups where they are ``hashed``.
    """
    if len(process.lanes) != 1:
        return None
    (lane,) = process.lanes
    if 1 in lane.raised or lane.stops != array("I", range(1, len(lane) + 1)):
        return None
    numbers = set(lane.numbers)
    refused = {wrapper.refused for wrapper in process.wrappers.values()} & numbers
    if any(wrapper.cleared in numbers for wrapper in process.wrappers.values()) or (refused and not hashed):
        return None
    owners = {process.owners[number] for number in numbers - refused}
    if len(owners) == 1 and not refused:
        return [lane]
    whose = [-1 if number in refused else process.owners[number] for number in lane.numbers]
    return [own for owner, own in by_owner(lane, whose).items() if owner >= 0]


def _respelled(process: Process, same: Mapping[int, int]) -> Process:
    """The process with some key numbers in place of others."""
    lanes = (
        replace(lane, numbers=array("I", [same.get(number, number) for number in lane.numbers]))
        for lane in process.lanes
    )
    return replace(process, lanes=tuple(lanes)) if same else process

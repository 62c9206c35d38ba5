"""How the functions of a trace were called: counts, times, keys, tests. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

from hitrate.trace.calls import Lane
from hitrate.trace.reader import Process, Wrapper

CLOCK_TICK = 1e-9
"""Seconds: a time below it is what rounding left over, and no other time can be a multiple of it."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a lookup of one function's arguments costs, in seconds, that of their hash included.

    Attributes:
        hit: One that ``lru_cache`` answers.
        miss: What one that it does not answer adds to the call.
    """

    hit: float
    miss: float


@dataclass(slots=True)
class Usage:
    """How one function was called, over all processes.

    Attributes:
        recorded: Calls in the trace.
        counted: Calls that were only counted, after recording had ended.
        refused: Recorded calls whose arguments cannot be a key.
        raised: Recorded calls that raised.
        keys: Different keys, summed over processes.
        most_keys: Different keys of the decorated object that saw most of them.
        objects: Decorated objects that were called, the most in one process.
        seconds: Of the recorded calls, had each been computed; nested ones are counted again.
        outer: Recorded calls that lie within no other one; fewer than all where the function calls itself.
        outer_seconds: Seconds of these, which is the time spent in the function.
        timed: Those of ``counted`` whose time is known.
        timed_seconds: Theirs; nested ones are not counted again.
        first_seconds: The same of those calls that were the first with their key.
        recording: Seconds that recording calls took within ``outer_seconds``, taken off by what it takes in
            the mean.
        counting: Seconds that counting took, taken off in the same way.
        endings: Why recording ended (``tracefile.CHEAP`` …) in any process.
        tests: Ids of the tests that call it, in the order first seen.
        unhashable: ``(parameter, type)`` of arguments that cannot be hashed.
        lookup: What a lookup of its arguments costs.
        plain: What one of a key that is hashed at once costs.
        entry_bytes: Mean size of a key and a result; None where no sample was taken.
    """

    recorded: int = 0
    counted: int = 0
    refused: int = 0
    raised: int = 0
    keys: int = 0
    most_keys: int = 0
    objects: int = 0
    seconds: float = 0.0
    outer: int = 0
    outer_seconds: float = 0.0
    timed: int = 0
    timed_seconds: float = 0.0
    first_seconds: float = 0.0
    recording: float = 0.0
    counting: float = 0.0
    endings: set[int] = field(default_factory=set)
    tests: dict[str, None] = field(default_factory=dict)
    unhashable: dict[tuple[str, str], None] = field(default_factory=dict)
    lookup: Lookup = Lookup(0.0, 0.0)
    plain: Lookup = Lookup(0.0, 0.0)
    entry_bytes: float | None = None

    @property
    def calls(self) -> int:
        """Calls, recorded or counted."""
        return self.recorded + self.counted

    @property
    def scale(self) -> float:
        """Calls for each recorded one."""
        return self.calls / self.recorded if self.recorded else 1.0

    @property
    def time_scale(self) -> float:
        """Time of all calls for each second of the recorded ones.

        By their number, or by the time that counted calls took, if it is known, where that is less: the
        first calls are often slow ones. In recursions it is always that time, since calls within calls are
        slowed by recording most.
        """
        if not self.timed or self.outer_seconds < CLOCK_TICK:
            return self.scale
        by_time = 1.0 + self.timed_seconds * self.counted / self.timed / self.outer_seconds
        return by_time if self.is_recursive else min(by_time, self.scale)

    @property
    def repeated_seconds(self) -> float:
        """At most so much of the recorded calls' time would a cache spare, however large."""
        return self.seconds - self.first_seconds

    @property
    def is_recursive(self) -> bool:
        """Whether some of its calls lie within others."""
        return self.outer < self.recorded

    @property
    def mean_seconds(self) -> float | None:
        """Mean time of a call that is computed; None where none was recorded."""
        return self.seconds / self.recorded if self.recorded else None


def usage_of(slot: int, processes: Iterable[Process]) -> Usage:
    """How one function was called.

    Args:
        slot: The function.
        processes: The run's processes with nothing but its calls.
    """
    usage = Usage()
    users = []
    for process in processes:
        wrappers = {number: w for number, w in process.wrappers.items() if w.slot == slot}
        for wrapper in wrappers.values():
            _add_counted(usage, wrapper)
        usage.endings |= {wrapper.stopped for wrapper in wrappers.values() if wrapper.stopped}
        usage.unhashable |= dict.fromkeys(process.unhashable.get(slot, ()))
        if any(process.lanes):
            users.append(process)
            _add_keys(usage, process)
        for lane in process.lanes:
            _add_calls(usage, lane)
            usage.recording += lane.records * (process.costs.inside + process.costs.outside)
        usage.first_seconds += _of_first_calls(process)
    # What recording costs is taken off each call by its mean: those of cheap calls may add up to less than 0.
    usage.seconds, usage.outer_seconds = max(0.0, usage.seconds), max(0.0, usage.outer_seconds)
    usage.first_seconds = min(max(0.0, usage.first_seconds), usage.seconds)
    usage.plain = _plain_lookup(users)
    usage.lookup = _lookup(slot, users)
    usage.entry_bytes = _entry_bytes(slot, users)
    return usage


def _add_keys(usage: Usage, process: Process) -> None:
    counts = Counter[int]()
    for lane in process.lanes:
        counts.update(lane.numbers)
    keys = Counter[int]()
    special = {}
    for number, wrapper in process.wrappers.items():
        special[wrapper.refused] = special[wrapper.cleared] = number
    for number in counts:
        if number not in special:
            keys[process.owners[number]] += 1
    cleared = sum(counts[wrapper.cleared] for wrapper in process.wrappers.values())
    usage.refused += sum(counts[wrapper.refused] for wrapper in process.wrappers.values())
    usage.recorded += counts.total() - cleared
    usage.keys += keys.total()
    usage.most_keys = max([usage.most_keys, *keys.values()])
    usage.objects = max(usage.objects, len({process.owners[number] for number in counts}))


def _add_counted(usage: Usage, wrapper: Wrapper) -> None:
    usage.counted += wrapper.counted
    usage.counting += wrapper.counting
    if wrapper.counted_seconds is not None:
        usage.timed += wrapper.counted
        usage.timed_seconds += wrapper.counted_seconds


def _add_calls(usage: Usage, lane: Lane) -> None:
    usage.raised += sum(lane.raised)
    usage.seconds += sum(lane.seconds)
    index = 0
    while index < len(lane):
        usage.outer += 1
        usage.outer_seconds += lane.seconds[index]
        index = lane.stops[index]
    usage.tests |= dict.fromkeys(test for *_, test in lane.stretches() if test)


def _of_first_calls(process: Process) -> float:
    """Seconds of the first call with each key, in whichever thread it was made."""
    first: dict[int, tuple[int, float]] = {}
    for lane in process.lanes:
        # Of several calls with one key in a thread, the one that comes last here is the first.
        calls = zip(reversed(lane.starts), reversed(lane.seconds), strict=True)
        for number, call in dict(zip(reversed(lane.numbers), calls, strict=True)).items():
            first[number] = min(call, first.get(number, call))
    return sum(seconds for _, seconds in first.values())


def dearness(process: Process, slot: int) -> float | None:
    """Seconds that a lookup of a function's keys takes more than that of a plain one; None if not known."""
    samples = process.key_costs.get(slot)
    return median(samples) / 1e9 - process.costs.lookup if samples else None


def _plain_lookup(processes: Sequence[Process]) -> Lookup:
    if not processes:
        return Lookup(0.0, 0.0)
    return Lookup(
        fmean(process.costs.hit for process in processes), fmean(process.costs.miss for process in processes)
    )


def _lookup(slot: int, processes: Sequence[Process]) -> Lookup:
    extra = [cost for process in processes if (cost := dearness(process, slot)) is not None]
    more, plain = max(0.0, fmean(extra)) if extra else 0.0, _plain_lookup(processes)
    return Lookup(plain.hit + more, plain.miss + more)


def _entry_bytes(slot: int, processes: Sequence[Process]) -> float | None:
    results = [size for process in processes for size in process.result_sizes.get(slot, ())]
    keys = [size for process in processes for size in process.key_sizes.get(slot, ())]
    return fmean(results) + fmean(keys) if results and keys else None

"""Reads what the recorder wrote; the files come from untrusted processes and are only ever parsed."""

import math
import re
import struct
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from pathlib import Path

from hitrate.evidence import Processes
from hitrate.files import untrusted
from hitrate.probe.recording import tracefile
from hitrate.trace.calls import Columns, Costs, Lane, LaneBuilder
from hitrate.trace.endings import WrapperEnding, endings

FILE_LIMIT_BYTES = 1 << 30
TEXT_LIMIT_BYTES = 64 << 20
RUN_LIMIT_BYTES = 1 << 31
ENTRIES_AT_MOST = 5_000_000
"""Of all processes together; a single one records no more than that."""
_NUMBERS_LIMIT = 1 << 26
_WORD = 0xFFFFFFFF
_ESCAPED = re.compile(r"\\[n\\]")
_STEM = re.compile(r"\d{1,10}-[0-9a-f]{12}")
_SAMPLES = frozenset({tracefile.RESULT_SIZE, tracefile.KEY_SIZE, tracefile.KEY_COST})
_NAMING = frozenset({tracefile.INSTANCE, tracefile.BLOCK})
_COLLECTED = _SAMPLES | _NAMING | {tracefile.AGAIN}
_PLACED = frozenset({tracefile.TEST, tracefile.SLOWED, tracefile.ENGAGED, tracefile.WORKED})
"""Events that matter where they stand among the calls."""
_Samples = defaultdict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One decorated function object of a process.

    Attributes:
        slot: The analysed function.
        refused: The number of calls whose arguments cannot be a key.
        cleared: The number that stands for ``cache_clear()``.
        counted: Calls that were counted after recording had ended.
        counted_seconds: CPU seconds of the counted calls, nested ones not counted again, the probe's own left
            out; estimated from those that were timed, None where none was.
        stopped: Why recording ended (``tracefile.CHEAP`` …), 0 if it did not.
        counting: CPU seconds that counting took, and timing.
    """

    slot: int
    refused: int
    cleared: int
    counted: int = 0
    counted_seconds: float | None = None
    stopped: int = 0
    counting: float = 0.0


@dataclass(frozen=True, slots=True)
class Process:
    """What one process recorded.

    Attributes:
        stem: Name of its files.
        parent: Stem of the process that it was forked from, empty if it was started.
        forked_at: When it was forked, on the clock of ``Lane.starts``; 0 if it was started.
        costs: What the probe and ``lru_cache`` cost in it.
        lanes: Its threads.
        wrappers: Its decorated function objects by their numbers.
        owners: For each key number the wrapper's number, 0 for none.
        same: Earlier key numbers by key number: ``same[0]`` those that are only spelled differently,
            ``same[k]`` those that differ in the ``k``-th parameter of ``without`` only.
        result_sizes: Samples of the size of a result, in bytes, by slot.
        key_sizes: Samples of the size of a key's arguments, in bytes, by slot.
        key_costs: Samples of the time of a lookup, in nanoseconds, by slot.
        unhashable: ``(parameter, type)`` of arguments that cannot be hashed, by slot.
        maxsizes: Size of the cache that a function carries, by slot; None is unbounded.
        again: Seconds that a function with a cache took when it was run once more, by key number.
        own: CPU seconds that the probe itself took, what the calls that it slowed took longer left out.
    """

    stem: str
    parent: str
    forked_at: int
    costs: Costs
    lanes: tuple[Lane, ...]
    wrappers: Mapping[int, Wrapper]
    owners: "array[int]"
    same: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    result_sizes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    key_sizes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    key_costs: Mapping[int, Sequence[int]] = field(default_factory=dict)
    unhashable: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    maxsizes: Mapping[int, int | None] = field(default_factory=dict)
    again: Mapping[int, float] = field(default_factory=dict)
    own: float = 0.0

    def test_changes(self) -> list[int]:
        """When another test began."""
        changes = sorted(
            (lane.starts[begin], test) for lane in self.lanes for begin, _, test in lane.stretches()
        )
        return [moment for (_, before), (moment, test) in pairwise(changes) if test != before]

    def keys_of(self, slots: Collection[int]) -> bytes:
        """One byte a key number, set where it is one of these functions."""
        kept = {number for number, wrapper in self.wrappers.items() if wrapper.slot in slots}
        return bytes(map(kept.__contains__, self.owners))

    def only(self, slots: frozenset[int]) -> "Process":
        """The same process as if only these functions had been recorded."""
        if all(wrapper.slot in slots for wrapper in self.wrappers.values()):
            return self
        chosen = self.keys_of(slots)
        return replace(self, lanes=tuple(lane.only(chosen) for lane in self.lanes))


@dataclass(frozen=True, slots=True)
class Trace:
    """What all processes of a run recorded."""

    processes: tuple[Process, ...]
    announced: int

    @property
    def delivered(self) -> Processes:
        """How many processes announced themselves, and how many of their files could be read."""
        return Processes(expected=max(self.announced, len(self.processes)), received=len(self.processes))


def read(records: Path) -> Trace:
    """Read the files of all processes.

    Args:
        records: The folder that the recorder wrote to.

    Returns:
        The trace; files that are not the recorder's, or are damaged, count as not delivered. Where there are
        more entries than ``ENTRIES_AT_MOST``, of each process the first are read, and the others counted.
    """
    announced = {line for line in _lines(records / "announced") if _STEM.fullmatch(line)}
    processes: list[Process] = []
    left = RUN_LIMIT_BYTES
    sizes = {stem: _size(records / f"{stem}.trace") for stem in announced}
    whole = max(1, sum(sizes.values()) // tracefile.ENTRY_BYTES)
    for stem, size in sorted(sizes.items()):
        # Each file has its limit; what forges one can forge thousands, which take no room on the disk.
        most = size // tracefile.ENTRY_BYTES * ENTRIES_AT_MOST // whole if whole > ENTRIES_AT_MOST else whole
        process = _process(records, stem, most) if size <= left else None
        left -= min(size, left)
        if process is not None:
            left -= min(len(process.owners) * process.owners.itemsize, left)
            processes.append(process)
    return Trace(tuple(processes), len(announced))


def _size(path: Path) -> int:
    """Bytes of a file, as far as they would be read."""
    with suppress(OSError):
        return min(path.stat(follow_symlinks=False).st_size, FILE_LIMIT_BYTES)
    return 0


def _bytes(path: Path, limit: int) -> bytes:
    """What a regular file holds, up to ``limit``; nothing where there is none."""
    return untrusted.read_up_to(path.parent, path.name, limit)


def _lines(path: Path) -> list[str]:
    lines = _bytes(path, TEXT_LIMIT_BYTES).split(b"\n")
    return [_ESCAPED.sub(_unescaped, line.decode("utf-8", "replace")) for line in lines if line]


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[0] == "\\n" else "\\"


class _DamagedError(Exception):
    """A file is not what the recorder writes."""


def _process(records: Path, stem: str, most: int) -> Process | None:
    data = _bytes(records / f"{stem}.trace", FILE_LIMIT_BYTES)
    try:
        return _Reading(stem, data, _texts(records / f"{stem}.names"), most).process()
    except (_DamagedError, ValueError, OverflowError, struct.error):
        return None


@dataclass(frozen=True, slots=True)
class _Texts:
    tests: dict[int, str]
    unhashable: dict[int, tuple[tuple[str, str], ...]]
    maxsizes: dict[int, int | None]


def _texts(path: Path) -> _Texts:
    tests: dict[int, str] = {}
    unhashable: defaultdict[int, dict[tuple[str, str], None]] = defaultdict(dict)
    maxsizes: dict[int, int | None] = {}
    for line in _lines(path):
        match line.split("\t", 2 if line.startswith("test\t") else -1):
            case ["test", number, name] if number.isdecimal():
                tests[int(number)] = name
            case ["unhashable", slot, parameter, kind] if slot.isdecimal():
                unhashable[int(slot)][parameter, kind] = None
            case ["maxsize", slot, size] if slot.isdecimal():
                maxsizes[int(slot)] = int(size) if size.isdecimal() else None
            case _:
                continue
    return _Texts(tests, {slot: tuple(found) for slot, found in unhashable.items()}, maxsizes)


class _Reading:
    """One file on its way to a :class:`Process`."""

    def __init__(self, stem: str, data: bytes, texts: _Texts, most: int) -> None:
        if len(data) < tracefile.HEAD_BYTES:
            raise _DamagedError
        magic, _, _, self.forked_at, parent, imported, *costs = tracefile.HEADER.unpack_from(data)
        if magic != tracefile.MAGIC:
            raise _DamagedError
        self.stem, self.data, self.texts = stem, data, texts
        self.parent = parent.rstrip(b"\0").decode("ascii", "replace")
        self.costs = Costs(*(cost / 1e9 for cost in costs))
        self.own = imported / 1e9 if 0 <= imported < math.inf else 0.0
        self.slots: dict[int, int] = {}
        self.blocks: list[tuple[int, int, int]] = []
        self.same: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self.again: dict[int, float] = {}
        self.samples: defaultdict[int, _Samples] = defaultdict(lambda: defaultdict(list))
        self.endings = endings(data)
        self.most = most
        self.left = Counter[int]()  # calls by number that are only counted

    def process(self) -> Process:
        """The whole process."""
        threads = self.threads()
        for columns in threads:
            for index in columns.events:
                number = columns.numbers[index]
                if number == tracefile.SAME:  # of which there are many
                    second = columns.ends[index]
                    self.same[second >> 32][columns.starts[index]] = second & _WORD
                elif number in _COLLECTED:
                    self.collect(number, columns.starts[index], columns.ends[index])
        wrappers, owners = self.wrappers()
        for columns in threads:
            _end_with_recording(columns, wrappers, owners)
        lanes = tuple(lane for columns in threads if len(lane := self.lane(columns)))
        self.own += sum(ending.cost(self.costs) for ending in self.endings.values())
        self.own += self.left.total() * (self.costs.inside + self.costs.outside)
        if any(max(lane.numbers) >= len(owners) for lane in lanes):
            raise _DamagedError
        return Process(
            stem=self.stem,
            parent=self.parent,
            forked_at=self.forked_at,
            costs=self.costs,
            lanes=lanes,
            wrappers=wrappers,
            owners=owners,
            same=self.same,
            result_sizes=self.samples[tracefile.RESULT_SIZE],
            key_sizes=self.samples[tracefile.KEY_SIZE],
            key_costs=self.samples[tracefile.KEY_COST],
            unhashable=self.texts.unhashable,
            maxsizes=self.texts.maxsizes,
            again=self.again,
            own=self.own,
        )

    def threads(self) -> list["Columns"]:
        """The entries of each thread, in the order in which it wrote them."""
        threads: defaultdict[int, Columns] = defaultdict(Columns)
        taken = 0
        for columns in self.chunks():
            if taken >= self.most:
                self.leave(columns)
                continue
            taken += len(columns.numbers)
            marks = [i for i in columns.events if columns.numbers[i] == tracefile.THREAD]
            for begin, end in pairwise([*marks, len(columns.numbers)]):
                threads[columns.starts[begin]].extend(columns.part(begin, end))
        return list(threads.values())

    def leave(self, columns: "Columns") -> None:
        """Take of a chunk only how often each key is called, whose the keys are, and the probe's own time."""
        self.left.update(columns.calls().numbers)
        for index in columns.events:
            number, first, second = columns.numbers[index], columns.starts[index], columns.ends[index]
            if number in _NAMING:
                self.collect(number, first, second)
            elif number == tracefile.LOST:
                self.own += max(0, second - first) / 1e9

    def chunks(self) -> Iterator["Columns"]:
        """The chunks of the file without the entries behind the last one that was used."""
        at, view = tracefile.HEAD_BYTES, memoryview(self.data)
        while at + tracefile.CHUNK_HEAD <= len(view):
            magic, capacity = tracefile.CHUNK.unpack_from(view, at)
            size = tracefile.CHUNK_HEAD + capacity * tracefile.ENTRY_BYTES
            if magic == tracefile.CHUNK_MAGIC and at + size <= len(view):
                yield Columns.of(view[at + tracefile.CHUNK_HEAD : at + size], capacity)
            elif magic != bytes(4):
                raise _DamagedError
            at += max(1, -(-size // tracefile.PAGE)) * tracefile.PAGE

    def collect(self, code: int, first: int, second: int) -> None:
        """Take what an event says; those that matter where they stand are read with the calls."""
        match code:
            case tracefile.INSTANCE:
                self.slots[first] = second
            case tracefile.BLOCK:
                self.blocks.append((first & _WORD, first >> 32, second))
            case tracefile.AGAIN:
                self.again[first] = min(second / 1e9, self.again.get(first, math.inf))
            case tracefile.RESULT_SIZE | tracefile.KEY_SIZE | tracefile.KEY_COST:
                self.samples[code][self.slots.get(first, -1)].append(second)

    def wrappers(self) -> tuple[dict[int, Wrapper], "array[int]"]:
        """The decorated objects, and whose each number is."""
        size = 1 + max((first + count for first, count, _ in self.blocks), default=0)
        if size > _NUMBERS_LIMIT:
            raise _DamagedError
        owners = array("I", bytes(4 * size))
        wrappers: dict[int, Wrapper] = {}
        firsts: dict[int, int] = {}
        for first, count, number in sorted(self.blocks):
            owners[first : first + count] = array("I", [number]) * count
            firsts.setdefault(number, first)
        left = self.left_by_owner(owners)
        for number, first in firsts.items():
            ending = self.endings.get(number, WrapperEnding())
            slot, counting = self.slots.get(number, -1), ending.cost(self.costs)
            ending = ending.and_untimed(left[number] - self.left[first + 1])  # less ``cache_clear()``
            seconds = ending.seconds(self.costs)
            wrappers[number] = Wrapper(
                slot, first, first + 1, ending.counted, seconds, ending.reason, counting
            )
        return wrappers, owners

    def left_by_owner(self, owners: Sequence[int]) -> Counter[int]:
        """How many entries were not read, by wrapper."""
        left = Counter[int]()
        for number, count in self.left.items():
            if number < len(owners):
                left[owners[number]] += count
        return left

    def lane(self, columns: "Columns") -> Lane:
        """The calls of one thread, with nesting, CPU time and tests."""
        build = LaneBuilder(self.costs, columns.cpu_clock())
        begin, since = 0, array("I")
        for place in chain(columns.events, (len(columns.numbers),)):
            number = columns.numbers[place] if place < len(columns.numbers) else 0
            if number and number not in _PLACED:
                since.append(place)
                continue
            build.stretch(columns, since, begin, place)
            if number:
                start, end = columns.starts[place], columns.ends[place]
                if number == tracefile.SLOWED:
                    build.slow(begins=bool(start))
                elif number == tracefile.ENGAGED:
                    build.engaged.append((start, end))
                elif number == tracefile.WORKED:
                    build.worked.append(end)
                elif number == tracefile.TEST:
                    build.test(self.texts.tests.get(start, "") if start else "")
            begin, since = place + 1, array("I")
        self.own += build.overhead() / 1e9
        return build.lane()


def _end_with_recording(columns: Columns, wrappers: Mapping[int, Wrapper], owners: "array[int]") -> None:
    """Let the calls of a function that were open when it was no more recorded, but counted, end there.

    Otherwise their time would have that of counted calls within them, for which the recorded ones are
    scaled up besides: a recursive function would seem to take several times what it does.
    """
    counted = {number for number, wrapper in wrappers.items() if wrapper.counted}
    if not counted:
        return
    wanted, known = bytes(map(counted.__contains__, owners)), len(owners)  # numbers beyond are events
    places = [at for at, number in enumerate(columns.numbers) if number < known and wanted[number]]
    last = {owners[columns.numbers[at]]: at for at in places}
    for at in places:
        owner = owners[columns.numbers[at]]
        stop = columns.starts[last[owner]]
        if at != last[owner] and abs(columns.ends[at]) > stop:
            columns.ends[at] = stop if columns.ends[at] > 0 else -stop

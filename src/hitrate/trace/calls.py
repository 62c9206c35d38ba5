"""The calls of one thread: from entries as they were written to calls with nesting, CPU time, tests. Pure."""

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, compress, islice, pairwise, repeat
from operator import le

from hitrate.probe.recording import tracefile
from hitrate.trace.cpuclock import NEVER, CpuClock, Reading
from hitrate.trace.stills import NO_STILLS, Stills

EARLIER = 64
"""So many calls before a moment are looked at for those that were still open then."""
MANY = 64
"""So many calls without an event between them are taken at once, if they can be."""
_ONES = re.compile(rb"\xff")
_IS_CALL = bytes(byte != 0xFF for byte in range(256))


@dataclass(frozen=True, slots=True)
class Costs:
    """What the probe and ``lru_cache`` cost in one process, in seconds a call.

    Attributes:
        inside: What recording adds to a call's own time.
        outside: What it adds to the time of its caller besides.
        hit: A lookup that ``lru_cache`` answers, for a key that is hashed at once.
        miss: What ``lru_cache`` adds to a call that it does not answer.
        lookup: A lookup of such a key, as the samples of key costs have it.
        counted: What counting adds to a call.
        timed: What timing adds to a counted call that is timed.
    """

    inside: float = 0.0
    outside: float = 0.0
    hit: float = 0.0
    miss: float = 0.0
    lookup: float = 0.0
    counted: float = 0.0
    timed: float = 0.0


@dataclass(frozen=True, slots=True)
class Lane:
    """The calls of one thread in preorder: parallel arrays, one item a call.

    Attributes:
        numbers: Which key of which wrapper.
        stops: Index just past the last call that it makes.
        seconds: CPU seconds, inclusive of what it calls, the probe's own left out.
        starts: When it began, in nanoseconds of the system's monotonic clock.
        ends: When it ended.
        raised: 1 where it raised or never came back, so that nothing would be cached.
        tests: ``(index, test)``: from this call on, this test was running; an empty name is none.
        slowed: Begin and end of stretches of calls that took longer, since the oracle had a profile function
            meanwhile; each begins with a call and ends within it, or with it.
        stills: Why the thread stood still, between readings.
        worked: Of calls that started threads, by index: CPU seconds of those, which are among ``seconds``.
        records: Calls of whatever function within those that lie in no other one; known where the calls are
            those of one function.
    """

    numbers: "array[int]"
    stops: "array[int]"
    seconds: "array[float]"
    starts: "array[int]"
    ends: "array[int]"
    raised: bytearray
    tests: tuple[tuple[int, str], ...] = ()
    slowed: tuple[tuple[int, int], ...] = ()
    stills: Stills = NO_STILLS
    worked: Mapping[int, float] = field(default_factory=dict)
    records: int = 0

    def __len__(self) -> int:
        return len(self.numbers)

    def stretches(self) -> Iterator[tuple[int, int, str]]:
        """``(begin, end, test)`` of each stretch of calls of one test, in order."""
        marks = [*self.tests, (len(self), "")]
        if not self.tests or self.tests[0][0]:
            marks.insert(0, (0, ""))
        for (begin, test), (end, _) in pairwise(marks):
            if begin < end:
                yield begin, end, test

    def places(self, wanted: bytes) -> "array[int]":
        """Indices of the calls whose number is set in ``wanted`` (one byte a number)."""
        return array("I", compress(range(len(self)), map(wanted.__getitem__, self.numbers)))

    def only(self, wanted: bytes) -> "Lane":
        """The calls whose number is set in ``wanted``, with their nesting."""
        places = self.places(wanted)
        if len(places) == len(self):
            return self
        return Lane(
            array("I", map(self.numbers.__getitem__, places)),
            stops_among(places, array("I", map(self.stops.__getitem__, places))),
            array("d", map(self.seconds.__getitem__, places)),
            array("q", map(self.starts.__getitem__, places)),
            array("q", map(self.ends.__getitem__, places)),
            bytearray(map(self.raised.__getitem__, places)),
            tuple((bisect_left(places, index), test) for index, test in self.tests),
            tuple((bisect_left(places, begin), bisect_left(places, end)) for begin, end in self.slowed),
            self.stills,
            {
                at: self.worked[i]
                for i in self.worked
                if (at := bisect_left(places, i)) < len(places) and places[at] == i
            },
        )


def stops_among(places: "array[int]", stops: "array[int]") -> "array[int]":
    """Where some calls of a lane end if they were all of them.

    Args:
        places: Their indices, in order.
        stops: Where they end in the lane.
    """
    if all(map(le, stops, islice(places, 1, None))):  # none lies within another one
        return array("I", range(1, len(places) + 1))
    return array("I", map(bisect_left, repeat(places), stops, range(len(places))))


class LaneBuilder:
    """A lane that grows stretch by stretch."""

    def __init__(self, costs: Costs, clock: CpuClock) -> None:
        self.clock = clock
        self.inside = 1e9 * costs.inside
        self.each = 1e9 * (costs.inside + costs.outside)
        self.numbers, self.starts, self.ends = array("I"), array("q"), array("q")
        self.seconds = array("d")  # nanoseconds while it grows
        self.stops = array("I")
        self.raised: list[int] = []
        self.tests: list[tuple[int, str]] = []
        self.opened: list[tuple[int, int, float]] = []  # end, index, overhead before it
        self.own = 0.0  # the probe's own nanoseconds so far, besides those of each call
        self.silent_until = 0
        self.slowed: list[list[int]] = []
        self.engaged: list[Reading] = []
        self.worked: list[int] = []  # of the same moments

    @property
    def next_end(self) -> int:
        """When the innermost open call ends."""
        return self.opened[-1][0] if self.opened else NEVER

    def stretch(self, columns: "Columns", events: Sequence[int], begin: int, end: int) -> None:
        """Add the calls of a stretch of entries, and take off the probe's own time in it.

        Args:
            columns: All entries.
            events: Places of those in the stretch that are no calls.
            begin: Where it begins.
            end: Just past its end.
        """
        done = begin
        for last, place in pairwise(chain((begin - 1,), events, (end,))):
            if place - last > MANY:
                self.entries(columns.part(done, last + 1))
                self.calls(columns.part(last + 1, place))
                done = place
        self.entries(columns.part(done, end))

    def calls(self, part: "Columns") -> None:
        """Add calls; as many as possible at once.

        Whether the last one makes further calls is only known from what follows.
        """
        if self.next_end <= part.starts[0]:
            self.close_until(part.starts[0])
        last = len(part.numbers) - 1
        if self.is_plain(part):
            inside, share, count = self.inside, self.clock.share, len(self.numbers)
            self.numbers += part.numbers[:last]
            self.starts += part.starts[:last]
            self.ends += part.ends[:last]
            self.stops.extend(range(count + 1, count + last + 1))
            spans = zip(part.starts[:last], part.ends, strict=False)
            self.seconds.extend([(end - start) * share - inside for start, end in spans])
            part = part.part(last, last + 1)
        self.entries(part)

    def is_plain(self, part: "Columns") -> bool:
        """Whether all calls but the last make no other one and return, in one stretch of the CPU clock."""
        starts, ends = part.starts, part.ends
        last = len(starts) - 1
        if not last or starts[0] < self.silent_until or self.next_end <= starts[last]:
            return False
        self.clock.seek(starts[0])
        return (
            self.clock.end >= starts[last]
            and min(ends[:last]) > 0
            and min(part.numbers) > 0
            and all(map(le, ends, starts[1:]))
        )

    def overhead(self) -> float:
        """Nanoseconds that the probe took so far, within calls and around them."""
        return self.own + self.each * len(self.numbers)

    def entries(self, part: "Columns") -> None:
        """Add entries one by one: calls in which others may begin, and the probe's own time."""
        numbers, starts, ends = self.numbers.append, self.starts.append, self.ends.append
        add, stops, seconds = self.seconds.append, self.stops, self.seconds
        opened, clock, inside, each = self.opened, self.clock, self.inside, self.each
        between, known = clock.between, len(self.numbers)
        silent, own = self.silent_until, self.own
        for number, start, end in zip(part.numbers, part.starts, part.ends, strict=True):
            lost = number == tracefile.LOST
            if not lost and (number >= tracefile.EVENTS or not number or start < silent):
                continue
            while opened and opened[-1][0] <= start:
                _, index, before = opened.pop()
                stops[index] = known
                seconds[index] -= own + each * known - before
            if lost:
                if end > start >= silent:
                    own += between(start, end)
                    silent = end
                continue
            last, spent = abs(end), 0.0
            if last:
                even = clock.begin <= start and last <= clock.end
                spent = ((last - start) * clock.share if even else between(start, last)) - inside
            if end <= 0:
                self.raised.append(known)
                last = last or NEVER
            numbers(number)
            starts(start)
            ends(last)
            add(spent)
            known += 1
            stops.append(known)
            opened.append((last, known - 1, own + each * known))
        self.silent_until, self.own = silent, own

    def slow(self, *, begins: bool) -> None:
        """The next call is slowed, or no further one is."""
        if begins:
            self.slowed.append([len(self.numbers), NEVER])
        elif self.slowed:
            self.slowed[-1][1] = min(self.slowed[-1][1], len(self.numbers))

    def close_until(self, time: int) -> None:
        """End the open calls that ended before a time."""
        while self.opened and self.opened[-1][0] <= time:
            end, index, overhead = self.opened.pop()
            self.stops[index] = len(self.numbers)
            if end < NEVER:
                self.seconds[index] -= self.overhead() - overhead

    def test(self, name: str) -> None:
        """Another test runs; what is still open and never ends was cut off by an exception from outside."""
        while self.opened and self.opened[-1][0] == NEVER:
            _, index, _ = self.opened.pop()
            self.stops[index] = len(self.numbers)
        self.tests.append((len(self.numbers), name))

    def lane(self) -> Lane:
        """The whole lane."""
        self.close_until(NEVER)
        stops = self.stops
        raised = bytearray(len(self.numbers))
        for index in self.raised:
            raised[index] = 1
        seconds = array("d", (spent * 1e-9 for spent in self.seconds))
        tests = tuple(self.tests)
        whole = [(begin, min(end, stops[begin])) for begin, end in self.slowed if begin < len(stops)]
        slowed = tuple((begin, end) for begin, end in whole if begin < end)
        stills = Stills.of(self.engaged, self.worked, self.clock)
        worked = stills.worked_in(self.starts, self.ends, self.clock)
        for index, spent in worked.items():
            seconds[index] += spent
        return Lane(
            self.numbers, stops, seconds, self.starts, self.ends, raised, tests, slowed, stills, worked
        )


@dataclass
class Columns:
    """Entries as they were written."""

    starts: "array[int]" = field(default_factory=lambda: array("q"))
    ends: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "array[int]" = field(default_factory=lambda: array("I"))

    @classmethod
    def of(cls, data: memoryview, capacity: int) -> "Columns":
        """Columns of a chunk, up to the last entry that was used."""
        numbers = data[16 * capacity :].tobytes().rstrip(b"\0")
        used = -(-len(numbers) // 4)
        return cls(
            array("q", data[: 8 * used].tobytes()),
            array("q", data[8 * capacity : 8 * (capacity + used)].tobytes()),
            array("I", numbers.ljust(4 * used, b"\0")),
        )

    @cached_property
    def events(self) -> "array[int]":
        """Places of the entries that are no calls: only their numbers have a highest byte of ones."""
        return array("I", (match.start() for match in _ONES.finditer(self._highest())))

    def _highest(self) -> bytes:
        return self.numbers.tobytes()[3 if sys.byteorder == "little" else 0 :: 4]

    def part(self, begin: int, end: int) -> "Columns":
        """The entries from ``begin`` to ``end``."""
        return Columns(self.starts[begin:end], self.ends[begin:end], self.numbers[begin:end])

    def extend(self, other: "Columns") -> None:
        """Append the entries of another one."""
        self.starts += other.starts
        self.ends += other.ends
        self.numbers += other.numbers

    def calls(self) -> "Columns":
        """The entries that are calls."""
        which = self._highest().translate(_IS_CALL)
        return Columns(
            array("q", compress(self.starts, which)),
            array("q", compress(self.ends, which)),
            array("I", compress(self.numbers, which)),
        )

    def cpu_clock(self) -> CpuClock:
        """The thread's CPU time, from the readings among the entries."""
        readings = [
            (self.starts[place], self.ends[place])
            for place in self.events
            if self.numbers[place] == tracefile.CLOCK
        ]
        return CpuClock(readings, self.calls().moments)

    def moments(self, begin: int, end: int) -> list[int]:
        """When calls began and ended between two times; of those that began long before, not all."""
        first, last = bisect_left(self.starts, begin), bisect_left(self.starts, end)
        ends = map(abs, self.ends[max(0, first - EARLIER) : last])
        return sorted([*self.starts[first:last], *(moment for moment in ends if begin < moment < end)])

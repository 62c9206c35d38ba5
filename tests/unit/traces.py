"""Traces made by hand: calls, the threads and tests that they come from, and what they call."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from hitrate.trace.calls import Costs, Lane
from hitrate.trace.reader import Process, Wrapper

REFUSED, CLEARED, OTHER_REFUSED, OTHER_CLEARED = 1, 2, 3, 4
KEYS, OTHER_KEYS = range(5, 10), range(10, 15)
FIRST, *_, LAST = KEYS
WRAPPERS = {
    1: Wrapper(slot=0, refused=REFUSED, cleared=CLEARED),
    2: Wrapper(slot=1, refused=OTHER_REFUSED, cleared=OTHER_CLEARED),
}
OWNERS = array("I", [0, 1, 1, 2, 2, *[1] * len(KEYS), *[2] * len(OTHER_KEYS)])
STEP = 10
"""Nanoseconds between two moments at which something happens."""


@dataclass(frozen=True)
class Call:
    """A call and what it calls."""

    number: int
    inner: tuple["Call", ...] = ()
    raised: bool = False
    seconds: int = 1  # whole ones are added up without rounding, whatever the order


@dataclass(frozen=True)
class Outer:
    """A call from outside: the thread that makes it, and the test that runs."""

    call: Call
    thread: int = 0
    test: str = ""


class Thread:
    """Grows by whole calls."""

    def __init__(self) -> None:
        self.rows: list[list[int]] = []  # number, stop, seconds, start, end, raised
        self.tests: list[tuple[int, str]] = []

    def add(self, call: Call, moments: "count[int]") -> None:
        row = [call.number, 0, call.seconds, next(moments), 0, call.raised]
        self.rows.append(row)
        for inner in call.inner:
            self.add(inner, moments)
        row[1], row[4] = len(self.rows), next(moments)

    def lane(self) -> Lane:
        numbers, stops, seconds, starts, ends, raised = zip(*self.rows, strict=True)
        return Lane(
            array("I", numbers), array("I", stops), array("d", seconds), array("q", starts), array("q", ends),
            bytearray(raised), tuple(self.tests),
        )  # fmt: skip


def process(calls: Sequence[Outer], stem: str = "1-0", begin: int = STEP, **fields: object) -> Process:
    """A process that makes these calls, one after the other, in threads that wait for each other."""
    threads: dict[int, Thread] = {}
    moments = count(begin, STEP)
    for outer in calls:
        thread = threads.setdefault(outer.thread, Thread())
        if outer.test != (thread.tests[-1][1] if thread.tests else ""):
            thread.tests.append((len(thread.rows), outer.test))
        thread.add(outer.call, moments)
    lanes = tuple(thread.lane() for thread in threads.values())
    return replace(Process(stem, "", 0, Costs(), lanes, WRAPPERS, OWNERS), **fields)  # type: ignore[arg-type]


def flat(numbers: Sequence[int]) -> list[Outer]:
    return [Outer(Call(number)) for number in numbers]

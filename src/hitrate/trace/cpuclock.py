"""A thread's CPU time as a function of time, from readings taken now and then. Pure."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

NEVER = (1 << 63) - 1
SHORT_NANOSECONDS = 50_000
"""Time without CPU between two readings that is not worth placing."""

Moments = Callable[[int, int], Sequence[int]]
Reading = tuple[int, int]
"""Time and CPU time of a thread, in nanoseconds."""


class CpuClock:
    """CPU time between any two moments.

    Attributes:
        begin: Begin of the stretch of time that was last asked for, in which CPU time runs evenly.
        end: Its end.
        share: CPU nanoseconds of each nanosecond in it.
    """

    def __init__(self, readings: Iterable[Reading], moments: Moments = lambda *_: ()) -> None:
        """Take the readings.

        Where a thread had no CPU for a while between two readings (it waited, or another process ran), it was
        most likely in the longest stretch in which nothing was recorded: there, and only there, its CPU time
        stands still.

        Args:
            readings: Times and CPU times; those that go backwards are left out.
            moments: Gives the times between two times at which something was recorded, in order.
        """
        self._times, self._cpu = array("q"), array("d")
        for before, after in pairwise(_in_order(readings)):
            self._add(*before)
            lost = after[0] - before[0] - (after[1] - before[1])
            if lost > SHORT_NANOSECONDS:
                inner = moments(before[0], after[0])
                for first, last, hole in _holes([before[0], *inner, after[0]], lost):
                    spent = self._cpu[-1] + first - self._times[-1]
                    self._add(first, spent)
                    self._add(last, spent + last - first - hole)
            self._add(*after)
        self.begin = self.end = 0
        self.share = 1.0

    def _add(self, time: int, spent: float) -> None:
        if not self._times or time > self._times[-1]:
            self._times.append(time)
            self._cpu.append(spent)

    def between(self, start: int, end: int) -> float:
        """CPU nanoseconds between two times."""
        if not self.begin <= start < self.end:
            self.seek(start)
        if end <= self.end:
            return (end - start) * self.share
        return self._until(end) - self._until(start)

    def seek(self, time: int) -> None:
        """Find the stretch that a time lies in; outside of the readings all time is CPU time."""
        place = bisect_right(self._times, time)
        self.begin = self._times[place - 1] if place else 0
        self.end = self._times[place] if place < len(self._times) else NEVER
        inner = 0 < place < len(self._times)
        self.share = (self._cpu[place] - self._cpu[place - 1]) / (self.end - self.begin) if inner else 1.0

    def _until(self, time: int) -> float:
        """CPU nanoseconds from the first point until a time."""
        place = bisect_right(self._times, time)
        if not place:
            return float(time - self._times[0]) if self._times else float(time)
        self.seek(time)
        return self._cpu[place - 1] - self._cpu[0] + (time - self.begin) * self.share


def _in_order(readings: Iterable[Reading]) -> Iterator[Reading]:
    last: Reading | None = None
    for reading in readings:
        if last is None or (reading[0] > last[0] and reading[1] >= last[1]):
            yield reading
            last = reading


def _holes(moments: Sequence[int], lost: int) -> list[tuple[int, int, int]]:
    """Stretches between moments in which ``lost`` was without CPU: begin, end, how much of it."""
    found = []
    for first, last in sorted(pairwise(moments), key=lambda stretch: stretch[0] - stretch[1]):
        found.append((first, last, min(lost, last - first)))
        lost -= found[-1][2]
        if not lost:
            break
    return sorted(found)

"""Why a thread stood still: it waited, or it was kept from going on. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hitrate.trace.cpuclock import CpuClock, Reading


@dataclass(frozen=True, slots=True)
class Stills:
    """A thread's time without CPU, and how much of it was no waiting, both summed up to some moments.

    Attributes:
        times: The moments, in nanoseconds.
        still: Nanoseconds without CPU so far.
        kept: Nanoseconds of those in which the process computed or was kept from it.
    """

    times: tuple[int, ...] = ()
    still: tuple[float, ...] = ()
    kept: tuple[float, ...] = ()

    @classmethod
    def of(cls, readings: Sequence[Reading], clock: CpuClock) -> "Stills":
        """From readings of ``engaged`` in a thread, in order, and the thread's CPU time."""
        if not readings:
            return cls()
        still, kept = [0.0], [0.0]
        for (begin, before), (end, after) in pairwise(readings):
            stood = max(0.0, end - begin - clock.between(begin, end)) if end > begin else 0.0
            still.append(still[-1] + stood)
            kept.append(kept[-1] + min(stood, max(0.0, after - before)))
        return cls(tuple(time for time, _ in readings), tuple(still), tuple(kept))

    def share_kept(self, start: int, end: int) -> float:
        """Which part of the time without CPU around a stretch of time was no waiting; 0 where not known."""
        first, last = bisect_right(self.times, start) - 1, bisect_left(self.times, end)
        if first < 0 or last >= len(self.times):
            return 0.0
        still = self.still[last] - self.still[first]
        return (self.kept[last] - self.kept[first]) / still if still else 0.0


NO_STILLS = Stills()
"""Of a thread of which nothing is known."""

"""Why a thread stood still: it waited, it was kept from going on, or others computed for it. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hitrate.trace.cpuclock import SHORT_NANOSECONDS, CpuClock, Reading

LEAST_WORKED = 100_000
"""Nanoseconds that threads computed, over all readings, that are not worth placing."""


@dataclass(frozen=True, slots=True)
class Stills:
    """A thread's time without CPU, and how much of it was no waiting, both summed up to some moments.

    Attributes:
        times: The moments, in nanoseconds.
        still: Nanoseconds without CPU so far.
        kept: Nanoseconds of those in which the process computed or was kept from it.
        worked: Nanoseconds that threads computed so far which began after the moment before.
    """

    times: tuple[int, ...] = ()
    still: tuple[float, ...] = ()
    kept: tuple[float, ...] = ()
    worked: tuple[int, ...] = ()

    @classmethod
    def of(cls, readings: Sequence[Reading], worked: Sequence[int], clock: CpuClock) -> "Stills":
        """From what ``Engagement`` told in a thread.

        Args:
            readings: When, and what the thread was kept from; in order.
            worked: What threads that had begun computed, of the same moments.
            clock: The thread's CPU time.
        """
        if not readings:
            return cls()
        still, kept = [0.0], [0.0]
        for (begin, before), (end, after) in pairwise(readings):
            stood = max(0.0, end - begin - clock.between(begin, end)) if end > begin else 0.0
            still.append(still[-1] + stood)
            kept.append(kept[-1] + min(stood, max(0.0, after - before)))
        return cls(tuple(time for time, _ in readings), tuple(still), tuple(kept), tuple(worked))

    def share_kept(self, start: int, end: int) -> float:
        """Which part of the time without CPU around a stretch of time was no waiting; 0 where not known."""
        return self._share(self.kept, start, end)

    def worked_in(self, starts: Sequence[int], ends: Sequence[int], clock: CpuClock) -> dict[int, float]:
        """CPU seconds of threads that calls started, by the call's index, where there are any.

        What began and computed while the thread stood still is taken to have been started by the call in
        which it did.
        """
        if not self.worked or self.worked[-1] < LEAST_WORKED:
            return {}
        found = {}
        for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if end - start > SHORT_NANOSECONDS and end <= self.times[-1]:
                still = end - start - clock.between(start, end)
                worked = still * self._share(self.worked, start, end) if still > SHORT_NANOSECONDS else 0.0
                if worked:
                    found[index] = worked / 1e9
        return found

    def _share(self, sums: Sequence[float], start: int, end: int) -> float:
        """How much was added to some sums around a stretch of time, for each nanosecond without CPU."""
        first, last = bisect_right(self.times, start) - 1, bisect_left(self.times, end)
        if first < 0 or last >= len(self.times):
            return 0.0
        still = self.still[last] - self.still[first]
        return (sums[last] - sums[first]) / still if still else 0.0


NO_STILLS = Stills()
"""Of a thread of which nothing is known."""

"""What a process made of passes over the chosen tests, and whether it tells what runs of their own do."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

from hitrate.testrun.run import TestRun
from hitrate.trials.pairs import Pair
from hitrate.trials.stats import student_quantile

UNEVEN = 0.01
DRIFT = 0.1
DRIFT_ERROR = 0.001


class Refusal(StrEnum):
    """Why tests are not run again and again in one process; the values are the probe's words."""

    FAILED = "failed"
    PLUGIN = "plugin"
    START = "start"
    HELD = "held"
    LONG = "long"
    DIFFER = "differ"
    ELSEWHERE = "elsewhere"
    CALLS = "calls"
    DRIFT = "drift"
    FIRST = "first"
    NOTHING = "nothing"


class RefusedError(Exception):
    """The tests do not stand repetition in one process, or it cannot be told what that shows."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        """Say why; ``detail`` names what it is, for a reader."""
        super().__init__(refusal.value)
        self.refusal, self.detail = refusal, detail


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the chosen tests.

    Attributes:
        on: Whether the caches were in place.
        cpu_seconds: CPU time of the process and of its children.
        wall_seconds: Wall time.
        looked_up: Hits and misses of each cache.
    """

    on: bool
    cpu_seconds: float
    wall_seconds: float
    looked_up: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one process made.

    Attributes:
        run: The whole process, less what it did besides its first pass: a run of the tests with the caches.
        first: The first pass, with the caches.
        passes: Those that follow, in ABBA order.
    """

    run: TestRun
    first: Pass
    passes: tuple[Pass, ...]

    def pairs(self) -> tuple[Pair, ...]:
        """Each pair of passes as a pair of runs: the run as it was, and as it would be without the caches."""
        return tuple(self._pair(one, other) for one, other in _in_twos(self.passes))

    def _pair(self, one: Pass, other: Pass) -> Pair:
        cached, plain = (one, other) if one.on else (other, one)
        run = self.run
        without = replace(
            run,
            cpu_seconds=run.cpu_seconds + plain.cpu_seconds - cached.cpu_seconds,
            wall_seconds=run.wall_seconds + plain.wall_seconds - cached.wall_seconds,
        )
        return Pair(without, run)


def refuse_uneven(sittings: Sequence[Sitting]) -> None:
    """Refuse passes in which the caches are not asked as often as in a process of its own."""
    for sitting in sittings:
        for each in sitting.passes:
            if each.on and not _alike(sitting.first, each):
                raise RefusedError(Refusal.CALLS)


def _alike(first: Pass, other: Pass) -> bool:
    wanted, found = (sum(map(sum, each.looked_up)) for each in (first, other))
    hits, found_hits = (sum(hits for hits, _ in each.looked_up) for each in (first, other))
    return abs(found - wanted) <= UNEVEN * wanted and abs(found_hits - hits) <= UNEVEN * wanted


def refuse_drift(sittings: Sequence[Sitting]) -> None:
    """Refuse passes without caches that take longer and longer, or less and less, beyond their noise."""
    points = [point for sitting in sittings for point in _centred(sitting)]
    freedom = len(points) - len(sittings) - 1
    square = sum(place * place for place, _ in points)
    if freedom < 1 or not square:
        return
    slope = sum(place * time for place, time in points) / square
    rest = sum((time - slope * place) ** 2 for place, time in points)
    length = max(place for place, _ in points) - min(place for place, _ in points)
    noise = student_quantile(1 - DRIFT_ERROR / 2, freedom) * math.sqrt(rest / freedom / square)
    if abs(slope) > noise and abs(slope) * length > DRIFT:
        raise RefusedError(Refusal.DRIFT)


def _centred(sitting: Sitting) -> Iterator[tuple[float, float]]:
    """Place and log time of its passes without caches, each less its mean."""
    points = [
        (index, math.log(max(each.cpu_seconds, 1e-6)))
        for index, each in enumerate(sitting.passes)
        if not each.on
    ]
    place, time = (fmean(column) for column in zip(*points, strict=True))
    return ((index - place, value - time) for index, value in points)


def first_differs(sittings: Sequence[Sitting], lacking_seconds: float) -> bool:
    """Whether what passes save less than was promised may have been saved in the first one only.

    Code that remembers what it did takes its time in the first pass of a process, as in a run of its own.

    Args:
        sittings: All processes.
        lacking_seconds: What is promised less what the passes show.
    """
    more = fmean(
        sitting.first.cpu_seconds - fmean(each.cpu_seconds for each in sitting.passes if each.on)
        for sitting in sittings
    )
    return more >= lacking_seconds > 0


def _in_twos(passes: Sequence[Pass]) -> Iterator[tuple[Pass, Pass]]:
    return (two for index, two in enumerate(pairwise(passes)) if index % 2 == 0)

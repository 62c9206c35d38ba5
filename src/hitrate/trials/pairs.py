"""Pairs of runs without and with the caches, in ABBA order, until a declared look says enough."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, stdev

from hitrate.evidence import duration_of
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trials.stats import (
    DECLARED_PAIRS,
    Interval,
    Look,
    interval,
    interval_of_arms,
    reach_of,
    rest_of_error,
    spread_of_arms,
)
from hitrate.vocabulary import Metric, Stop

SPOILED_AT_MOST = 2


class Arm(StrEnum):
    """One side of a pair."""

    WITHOUT = "without"
    WITH = "with"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs of the same tests that differ in nothing but the caches."""

    without: TestRun
    cached: TestRun

    @property
    def wall_seconds(self) -> float:
        """How long both runs took."""
        return self.without.wall_seconds + self.cached.wall_seconds

    @property
    def is_sound(self) -> bool:
        """Whether both arms ended alike: passed, or failed in the same tests."""
        ended = (Outcome.PASSED, Outcome.FAILED)
        return (
            self.without.outcome in ended
            and self.without.outcome is self.cached.outcome
            and set(self.without.failed) == set(self.cached.failed)
        )

    def log_ratio(self, metric: Metric) -> float:
        """``ln(without / with)``."""
        return math.log(seconds(self.without, metric) / seconds(self.cached, metric))


@dataclass(frozen=True, slots=True)
class Series:
    """A series of pairs and what it shows.

    Attributes:
        pairs: Sound pairs, in order.
        metric: What was measured.
        interval: At the look that ended it; None below two pairs.
        other: Interval of the other metric over the same pairs, for information.
        stop: Why it ended.
        spoiled: Pairs that do not count, since the arms did not end alike.
        processes: In how many processes pairs of passes were made; None where each run was a process.
    """

    pairs: tuple[Pair, ...]
    metric: Metric
    interval: Interval | None
    other: Interval | None
    stop: Stop
    spoiled: tuple[Pair, ...] = ()
    processes: int | None = None

    @property
    def speedup(self) -> float | None:
        """Geometric mean of time without ÷ with; None without a pair."""
        if self.interval is not None:
            return self.interval.speedup
        return math.exp(fmean(pair.log_ratio(self.metric) for pair in self.pairs)) if self.pairs else None


def seconds(run: TestRun, metric: Metric) -> float:
    """A run's time by the metric; never zero."""
    return max(duration_of(run).by(metric), 1e-6)


def measure(
    run: Callable[[Arm, int], TestRun],
    looks: Sequence[Look],
    metric: Metric,
    seconds_left: Callable[[], float],
    promised: float | None = None,
) -> Series:
    """Run pairs until a look is precise or futile, the looks or the time are used up, or pairs are spoiled.

    Args:
        run: Makes one run of an arm; the number counts runs from 1.
        looks: The declared looks, at least one.
        metric: What decides.
        seconds_left: Wall time that is left; no run is started when there is none, no pair when there is
            less than earlier ones took, and a pair without its second run does not count.
        promised: ``ln(without / with)`` that is to be shown; None where pairs are run whatever they can show.
    """
    sound: list[Pair] = []
    spoiled: list[Pair] = []
    taken, stop = 0, Stop.LAST_LOOK
    while taken < len(looks):
        earlier = [*sound, *spoiled]
        lasts = fmean(pair.wall_seconds for pair in earlier) if earlier else 0.0
        pair = _pair(run, len(earlier), seconds_left) if seconds_left() >= lasts else None
        if pair is None:
            stop = Stop.BUDGET
            break
        (sound if pair.is_sound else spoiled).append(pair)
        if len(spoiled) > SPOILED_AT_MOST:
            stop = Stop.SPOILED
            break
        if len(sound) == looks[taken].pairs and pair.is_sound:
            taken += 1
            if _is_precise(sound, looks[taken - 1], metric):
                stop = Stop.PRECISE
                break
            if taken < len(looks) and _is_futile(sound, looks[taken - 1], looks[-1], metric, promised):
                stop = Stop.FUTILE
                break
    error = _error_to_spend(looks, taken, len(sound))
    other = Metric.WALL if metric is Metric.CPU else Metric.CPU
    return Series(
        tuple(sound),
        metric,
        _interval(sound, metric, error),
        _interval(sound, other, error),
        stop,
        tuple(spoiled),
    )


def _pair(run: Callable[[Arm, int], TestRun], index: int, seconds_left: Callable[[], float]) -> Pair | None:
    """The pair with this index, in ABBA order; None where the time ends before or in it."""
    order = (Arm.WITHOUT, Arm.WITH) if index % 2 == 0 else (Arm.WITH, Arm.WITHOUT)
    runs: dict[Arm, TestRun] = {}
    for place, arm in enumerate(order):
        if seconds_left() <= 0:
            return None
        runs[arm] = run(arm, 2 * index + place + 1)
    return Pair(runs[Arm.WITHOUT], runs[Arm.WITH])


def _is_precise(sound: Sequence[Pair], look: Look, metric: Metric) -> bool:
    found = _interval(sound, metric, look.error)
    return found is not None and found.is_narrow


def _is_futile(sound: Sequence[Pair], look: Look, last: Look, metric: Metric, promised: float | None) -> bool:
    """Whether pairs scatter so much that even the last look's interval would hold both 1 and the promise.

    A series that has already shown a difference goes on: it may yet tell how large it is.
    """
    found = _interval(sound, metric, look.error)
    if promised is None or found is None or found.excludes_one:
        return False
    return reach_of(_spread(sound, metric), last) > promised


def _error_to_spend(looks: Sequence[Look], taken: int, pairs: int) -> float:
    """Error of the final interval: that of the last look, or what is left where pairs came after it."""
    if taken and pairs == looks[taken - 1].pairs:
        return looks[taken - 1].error
    return rest_of_error(looks, taken)


def _interval(pairs: Sequence[Pair], metric: Metric, error: float) -> Interval | None:
    if len(pairs) < 2:
        return None
    if len(pairs) < DECLARED_PAIRS[0]:
        return interval_of_arms(*_log_times(pairs, metric), error)
    return interval([pair.log_ratio(metric) for pair in pairs], error)


def _spread(pairs: Sequence[Pair], metric: Metric) -> float:
    """Standard deviation of a pair's log ratio, as the interval of so many pairs has it."""
    if len(pairs) < DECLARED_PAIRS[0]:
        return spread_of_arms(*_log_times(pairs, metric))
    return stdev([pair.log_ratio(metric) for pair in pairs])


def _log_times(pairs: Sequence[Pair], metric: Metric) -> tuple[list[float], list[float]]:
    """``ln`` of the times without and with the caches."""
    return (
        [math.log(seconds(pair.without, metric)) for pair in pairs],
        [math.log(seconds(pair.cached, metric)) for pair in pairs],
    )

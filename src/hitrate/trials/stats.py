"""Intervals for paired timings: Student's t on log ratios, looks with a split error, detectable effects.

All ratios are ``ln(without / with)`` of one pair: positive is faster with the caches. Runs of fewer pairs
than there are at the first declared look are compared arm with arm. Pure arithmetic; why this interval and
these looks is told in ``docs/method-trials.md``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from statistics import fmean, median, stdev, variance

CONFIDENCE = 0.95
AGAIN = 0.92
"""How often an interval is to hold what another trial like it finds on the same machine. Both scatter, which
takes more than holding the true value does, unless there are very few values."""
POWER = 0.8
DECLARED_PAIRS = (4, 8, 16, 32)
FEWEST_PAIRS = 2
EARLY_SHARE = 0.6
"""What an early look spends of the error; all later ones together have the rest."""
NARROW_SHARE = 0.5
NARROW_FLOOR = 0.01
_BISECTIONS = 64


@dataclass(frozen=True, slots=True)
class Look:
    """One declared time to look at the pairs.

    Attributes:
        pairs: Completed pairs at which to look.
        error: Share of the total error probability spent here; the shares sum to ``1 - confidence``.
    """

    pairs: int
    error: float


@dataclass(frozen=True, slots=True)
class Interval:
    """Speedup with the interval that covers the true one with probability ``confidence``.

    Attributes:
        speedup: Time without ÷ time with, in the middle of the interval.
        low: Lower end.
        high: Upper end.
        confidence: Over all declared looks together, a fraction.
        pairs: Pairs that it rests on.
        detectable: Smallest saving that so many pairs of this noise show four times in five, a fraction.
    """

    speedup: float
    low: float
    high: float
    confidence: float
    pairs: int
    detectable: float

    @property
    def half_width(self) -> float:
        """Half of the interval's length on the log scale."""
        return math.log(self.high / self.low) / 2

    @property
    def excludes_one(self) -> bool:
        """Whether "no difference" is ruled out."""
        return self.low > 1 or self.high < 1

    @property
    def is_narrow(self) -> bool:
        """Whether more pairs would tell nothing that matters: half the effect, or 1 %."""
        return self.half_width <= max(NARROW_SHARE * abs(math.log(self.speedup)), NARROW_FLOOR)


class Side(StrEnum):
    """On which side of a limit a quantity lies."""

    ABOVE = "above"
    BELOW = "below"
    UNDECIDED = "undecided"


def standing(low: float | None, high: float | None, limit: float) -> Side:
    """Compare an interval with a limit, by its cautious end; an end that is not known decides nothing."""
    if low is not None and low > limit:
        return Side.ABOVE
    if high is not None and high < limit:
        return Side.BELOW
    return Side.UNDECIDED


def student_central(t: float, freedom: int) -> float:
    """Probability that Student's t with ``freedom`` degrees of freedom lies within ±t.

    Exact finite sums for whole degrees of freedom: Abramowitz and Stegun, Handbook of Mathematical
    Functions (1964), 26.7.3 and 26.7.4.

    Raises:
        ValueError: ``freedom`` is below 1 or ``t`` is negative.
    """
    if freedom < 1 or t < 0:
        raise ValueError("degrees of freedom must be at least 1 and t must not be negative")
    return _central_at(math.atan(t / math.sqrt(freedom)), freedom)


def _central_at(angle: float, freedom: int) -> float:
    """The same by the angle whose tangent is t ÷ √freedom."""
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = freedom % 2
    term = cosine if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for power in range(2 + is_odd, freedom - 1, 2):
        term *= cosine * cosine * (power - 1) / power
        total += term
    return 2 / math.pi * (angle + sine * total) if is_odd else sine * total


@lru_cache(maxsize=256)
def student_quantile(probability: float, freedom: int) -> float:
    """The t below which Student's distribution has ``probability``, by bisection of the exact sums.

    Raises:
        ValueError: ``probability`` is not between 0 and 1, or ``freedom`` is below 1.
    """
    if not 0 < probability < 1 or freedom < 1:
        raise ValueError("probability must be between 0 and 1 and degrees of freedom at least 1")
    central = abs(2 * probability - 1)
    low, high = 0.0, math.pi / 2
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if _central_at(middle, freedom) < central:
            low = middle
        else:
            high = middle
    return math.copysign(math.tan(low) * math.sqrt(freedom), probability - 0.5)


def schedule(
    pairs_at_most: int, confidence: float = CONFIDENCE, early: int | None = None
) -> tuple[Look, ...]:
    """The declared looks that fit, the error split evenly between them (Bonferroni).

    Where not even the first declared look fits, there is one at all the pairs that do, two at least; none
    where they do not fit either.

    Args:
        pairs_at_most: Pairs that may be run.
        confidence: Coverage of the interval over all looks.
        early: Pairs, no more than may be run, at which to look first, since they should do: with
            ``EARLY_SHARE`` of the error, and all of it where no look at twice as many fits.
    """
    error = 1 - confidence
    counts = [count for count in DECLARED_PAIRS if count <= pairs_at_most]
    if early is not None:
        later = [count for count in counts if count >= 2 * early]
        spent = EARLY_SHARE * error if later else error
        return (Look(early, spent), *(Look(count, (error - spent) / len(later)) for count in later))
    if not counts and pairs_at_most >= FEWEST_PAIRS:
        counts = [pairs_at_most]
    return tuple(Look(count, error / len(counts)) for count in counts)


def early_look(
    effect: float, spread: float, pairs_at_most: int, confidence: float = CONFIDENCE
) -> int | None:
    """The fewest pairs below the first declared look whose interval should be narrow; None where none is.

    Args:
        effect: ``ln(without / with)`` that is expected.
        spread: Standard deviation of a pair's log ratio that is expected, above 0.
        pairs_at_most: Pairs that may be run.
        confidence: Coverage of the interval over all looks.
    """
    for pairs in range(FEWEST_PAIRS, min(pairs_at_most + 1, DECLARED_PAIRS[0])):
        look = Look(pairs, EARLY_SHARE * (1 - confidence))
        if reach_of(spread, look) <= NARROW_SHARE * effect:
            return pairs
    return None


def interval(log_ratios: Sequence[float], error: float, confidence: float = CONFIDENCE) -> Interval:
    """The t interval on ``ln(without / with)``, around the Hodges-Lehmann estimate.

    Args:
        log_ratios: One a pair, at least two.
        error: Error probability spent on this look.
        confidence: Coverage to publish, which holds over all looks.

    Raises:
        ValueError: Fewer than two pairs.
    """
    pairs = len(log_ratios)
    if pairs < 2:
        raise ValueError("an interval needs at least two pairs")
    return _around(_middle(log_ratios), stdev(log_ratios), pairs, pairs - 1, error, confidence)


def interval_of_arms(
    without: Sequence[float],
    cached: Sequence[float],
    error: float,
    confidence: float = CONFIDENCE,
) -> Interval:
    """The t interval on the difference of the arms, their scatter taken together.

    From two pairs the scatter of ratios is hardly known (one degree of freedom), that of four runs far better
    (two): the interval is less than half as wide. What disturbs both runs of a pair alike widens it only.

    Args:
        without: ``ln`` of the times without the caches, at least two.
        cached: As many with them.
        error: Error probability spent on this look.
        confidence: Coverage to publish, which holds over all looks.
    """
    pairs = len(without)
    middle = median(one - other for one in without for other in cached)
    return _around(middle, spread_of_arms(without, cached), pairs, 2 * pairs - 2, error, confidence)


def interval_of_groups(
    groups: Sequence[Sequence[float]], error: float = 1 - CONFIDENCE, confidence: float = CONFIDENCE
) -> Interval:
    """The t interval on the means of groups of log ratios, the wider one of two.

    What differs between processes of the same tests shows in the means of groups; with so few of them these
    may lie together by luck, closer than the scatter within them allows. So both are asked.

    Args:
        groups: Log ratios of pairs, by the process that made them: two groups at least, of the same size.
        error: Error probability spent on this look.
        confidence: Coverage to publish, which holds over all looks.
    """
    means = [fmean(group) for group in groups]
    pairs = sum(map(len, groups))
    # The spread of one pair that the scatter of means stands for.
    between = stdev(means) * math.sqrt(pairs / len(means))
    found = [_around(_middle(means), between, pairs, len(means) - 1, error, confidence)]
    if freedom := pairs - len(groups):
        squares = sum((each - mean) ** 2 for group, mean in zip(groups, means, strict=True) for each in group)
        within = math.sqrt(squares / freedom)
        found.append(_around(_middle(means), within, pairs, freedom, error, confidence))
    return max(found, key=lambda each: each.half_width)


def interval_around(
    middle: float, spread: float, pairs: int, freedom: int, error: float, confidence: float = CONFIDENCE
) -> Interval:
    """The t interval around an estimate that rests on so many pairs.

    Args:
        middle: ``ln(without / with)``.
        spread: Standard deviation of one pair's log ratio.
        pairs: Pairs.
        freedom: Degrees of freedom with which the spread is known.
        error: Error probability spent on this look.
        confidence: Coverage to publish, which holds over all looks.
    """
    return _around(middle, spread, pairs, freedom, error, confidence)


def spread_of_arms(without: Sequence[float], cached: Sequence[float]) -> float:
    """Standard deviation of a pair's log ratio, by the scatter of runs within each arm."""
    return math.sqrt(variance(without) + variance(cached))


def _middle(values: Sequence[float]) -> float:
    """The Hodges-Lehmann estimate: the median of the means of any two, each with itself too.

    One run in ten that something else on the machine has hit moves a mean further than an interval without
    such a run reaches, and this hardly; where there is none it scatters by 2 to 4 % more.
    """
    return median((one + other) / 2 for at, one in enumerate(values) for other in values[at:])


def _around(
    middle: float, spread: float, pairs: int, freedom: int, error: float, confidence: float
) -> Interval:
    half = _multiple(error, freedom) * _standard_error(spread, pairs)
    return Interval(
        speedup=math.exp(middle),
        low=math.exp(middle - half),
        high=math.exp(middle + half),
        confidence=confidence,
        pairs=pairs,
        detectable=_shown(spread, pairs, freedom, error, POWER),
    )


def _standard_error(spread: float, pairs: int) -> float:
    """Of the Hodges-Lehmann estimate: √(π/3) times that of a mean, which it is itself of two values."""
    return math.sqrt(math.pi / 3 if pairs > FEWEST_PAIRS else 1.0) * spread / math.sqrt(pairs)


def _multiple(error: float, freedom: int) -> float:
    """Standard errors to either side within which lie the true value, and what another trial finds."""
    again = math.sqrt(2) * student_quantile((1 + AGAIN) / 2, freedom)
    return max(student_quantile(1 - error / 2, freedom), again)


def _freedom(pairs: int) -> int:
    """Degrees of freedom of a trial's interval: of ratios, or of runs where they are compared by arm."""
    return pairs - 1 if pairs >= DECLARED_PAIRS[0] else 2 * pairs - 2


def detectable(spread: float, pairs: int, error: float, power: float = POWER) -> float:
    """The smallest saving, as a fraction of the time without, that a look shows with probability ``power``.

    The usual approximation (t of the error plus t of the power, times the standard error).

    Args:
        spread: Standard deviation of one pair's log ratio.
        pairs: Pairs at the look, at least two.
        error: Error probability spent on the look.
        power: Probability of seeing it.
    """
    return _shown(spread, pairs, _freedom(pairs), error, power)


def _shown(spread: float, pairs: int, freedom: int, error: float, power: float) -> float:
    reach = _multiple(error, freedom) + student_quantile(power, freedom)
    return -math.expm1(-reach * _standard_error(spread, pairs))


def reach_of(spread: float, look: Look) -> float:
    """Half-width on the log scale that an interval at this look will have, if pairs scatter like that."""
    return _multiple(look.error, _freedom(look.pairs)) * _standard_error(spread, look.pairs)


def rest_of_error(looks: Sequence[Look], taken: int, confidence: float = CONFIDENCE) -> float:
    """Error that is left for one last look when ``taken`` of the declared ones were made.

    The last look may come early because the time is up: that does not depend on what the pairs say, so all
    that is left may be spent on it.
    """
    return (1 - confidence) - sum(look.error for look in looks[:taken])

"""Passes: the chosen tests again and again in one process, the caches on and off in turn.

A few processes make some pairs of passes each. What a pair of passes differs by is what a cache saves in a
run of these tests; how long such a run takes, start-up and collection included, each process tells by its
first pass. Pure; ``docs/method-trials.md`` tells why, and when pairs of processes are run instead.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, variance

from hitrate.testrun.run import TestRun
from hitrate.trials.pairs import Series
from hitrate.trials.payback import Economy
from hitrate.trials.sitting import Pass, Refusal, RefusedError, Sitting, refuse_drift, refuse_uneven
from hitrate.trials.stats import (
    CONFIDENCE,
    DECLARED_PAIRS,
    EARLY_SHARE,
    POWER,
    Interval,
    Look,
    interval_around,
    interval_of_groups,
    rest_of_error,
    student_quantile,
)
from hitrate.vocabulary import Metric, Stop

PROCESSES = 4
FEWEST_PROCESSES = 3
SINGLE_PROCESSES = (8, 6, 4, 2)
"""So many at most where each makes one pair only: the first that there are means for. Even numbers, of which
half begin with either arm."""
MOST_SECONDS = 30.0
"""CPU time that all processes may take: start-up is no matter to longer tests, so pairs of runs will do."""
PAIRS = (2, 4, 6)
"""Pairs of passes in one process: even numbers, so that drift cancels. A saving far above the noise takes
one, in as many processes with one arm first as with the other: drift then cancels between these."""
ERROR = 1 - CONFIDENCE
ASSUMED_SPREAD = 0.015
"""Standard deviation of the log ratio of a pair of passes that is assumed before any was seen."""
FINE_SHARE = 0.25
FINE_FLOOR = 0.01
LEAST_SHARE = 1 / 3
"""Of a run of the tests, what a pass over them takes at least, start-up being the rest. Where it takes longer
the first process may tell that the means do not suffice."""
PATIENCE = 3
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Order:
    """What one process is to do.

    Attributes:
        number: Of the process, from 1.
        of: How many there will be when they are looked at next.
        pairs: Pairs of passes at most.
        cached_first: Whether the first pair begins with the caches.
        cpu_seconds: What it may take.
        saving_seconds: What a pass without the caches should take longer.
        timeout_seconds: Wall time after which it is ended.
    """

    number: int
    of: int
    pairs: int
    cached_first: bool
    cpu_seconds: float
    saving_seconds: float
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class PassPlan:
    """Passes that are worth their cost.

    Attributes:
        pairs: Pairs of passes in each process at most.
        cpu_seconds: What all processes may take.
        saving_seconds: What caches should save in a run.
        wall_seconds: What one process should take.
        detectable: Smallest saving that they should show, a fraction.
        promised: ``ln(without / with)`` of a run that is to be shown; None where passes are made whatever
            they can show.
    """

    pairs: int
    cpu_seconds: float
    saving_seconds: float
    wall_seconds: float
    detectable: float
    promised: float | None


def planned(
    saving_seconds: float,
    warm: TestRun,
    budget_seconds: float,
    means_seconds: float,
    economy: Economy,
) -> PassPlan | None:
    """Decide whether passes are worth it; None where they are not.

    Args:
        saving_seconds: Predicted CPU saving of one run of the tests.
        warm: A run of the chosen tests with the caches.
        budget_seconds: Wall time that is left.
        means_seconds: CPU time that the trial is worth.
        economy: The rule.
    """
    with_caches = max(warm.cpu_seconds, 1e-6)
    in_time = budget_seconds * min(1.0, with_caches / max(warm.wall_seconds, 1e-6))
    means = min(means_seconds, MOST_SECONDS, in_time)
    if saving_seconds <= 0:
        return None
    effect, shown = math.log1p(saving_seconds / with_caches), -math.expm1(-_reach(PAIRS[-1], POWER))
    is_frugal = economy.assumed_spread > 0
    if is_frugal and -math.expm1(-effect) < shown:
        return None
    wanted = 1 if is_frugal and _is_far_above_noise(effect) else _pairs_for(effect)
    fewest = min(wanted, PAIRS[0])
    least = with_caches * (1 + 2 * fewest * LEAST_SHARE) + fewest * saving_seconds
    if _fewest(wanted) * least > means:
        return None
    pairs = min(wanted, economy.pairs_at_most // PROCESSES // 2 * 2)
    wall_seconds = (2 * pairs + 1) * (warm.wall_seconds + saving_seconds)
    return PassPlan(pairs, means, saving_seconds, wall_seconds, shown, effect if is_frugal else None)


def _fewest(pairs: int) -> int:
    """Processes that there must be means for, where each is to make so many pairs."""
    return SINGLE_PROCESSES[-1] if pairs == 1 else FEWEST_PROCESSES


def _is_far_above_noise(effect: float) -> bool:
    """Whether one pair in each process should do at the first of two looks."""
    return _reach(1, error=EARLY_SHARE * ERROR) <= FINE_SHARE * effect


def _pairs_for(effect: float) -> int:
    """Pairs in each process that should give an interval as narrow as is of use."""
    wanted = max(FINE_SHARE * effect, FINE_FLOOR)
    return next((pairs for pairs in PAIRS if _reach(pairs) <= wanted), PAIRS[-1])


def _reach(pairs: int, power: float = 0.5, error: float = ERROR) -> float:
    """The effect that so many pairs in each process show with some probability, at the assumed spread."""
    freedom = PROCESSES - 1
    quantiles = student_quantile(1 - error / 2, freedom) + student_quantile(power, freedom)
    return quantiles * ASSUMED_SPREAD / math.sqrt(PROCESSES * pairs)


def measured(
    sit: Callable[[Order], Sitting], plan: PassPlan, seconds_left: Callable[[], float]
) -> tuple[tuple[Sitting, ...], Series]:
    """Have processes make passes, in opposite orders in turn, and say what they show.

    Where each of them has to take more than its share of the means, there are fewer processes.

    Args:
        sit: Has a process make passes.
        plan: What is worth it.
        seconds_left: Wall time that is left; no process is started when there is none.

    Raises:
        RefusedError: The passes do not tell.
    """
    sittings: list[Sitting] = []
    looks: tuple[Look, ...] = (Look(_first_look(plan), ERROR),)
    pairs, stop = plan.pairs, Stop.LAST_LOOK
    share = plan.cpu_seconds / _fewest(pairs)
    while len(sittings) < looks[-1].pairs:
        if seconds_left() <= 0:
            stop = Stop.BUDGET
            break
        number = len(sittings) + 1
        timeout = PATIENCE * plan.wall_seconds + PATIENCE_SECONDS
        of = next(look.pairs for look in looks if look.pairs >= number)
        sitting = sit(Order(number, of, pairs, number % 2 == 0, share, plan.saving_seconds, timeout))
        if number == 1:
            pairs = len(sitting.passes) // 2
            looks = _looks(sitting, plan)
            share = plan.cpu_seconds  # all others make as many pairs as this one, be they somewhat slower
        sittings.append(sitting)
        if _is_enough(sittings, looks):
            break
        if number < looks[-1].pairs and _is_futile(sittings, looks[-1].pairs, plan.promised):
            stop = Stop.FUTILE
            break
    refuse_uneven(sittings)
    refuse_drift(sittings)
    return tuple(sittings), _series(sittings, stop, _error(looks, len(sittings)))


def _looks(first: Sitting, plan: PassPlan) -> tuple[Look, ...]:
    """After how many processes to look; what they cost decides, and nothing that they show."""
    took = first.run.cpu_seconds + sum(each.cpu_seconds for each in first.passes)
    affordable = plan.cpu_seconds / max(took, 1e-9)
    if len(first.passes) > 2:
        return (Look(PROCESSES if affordable >= PROCESSES else FEWEST_PROCESSES, ERROR),)
    most = next((count for count in SINGLE_PROCESSES if count <= affordable), SINGLE_PROCESSES[-1])
    if most < PROCESSES:
        return (Look(most, ERROR),)
    # Without a second look too: the interval is to cover what another run on this machine finds.
    early = Look(_first_look(plan), EARLY_SHARE * ERROR)
    return (early,) if most == early.pairs else (early, Look(most, (1 - EARLY_SHARE) * ERROR))


def _first_look(plan: PassPlan) -> int:
    """After how many processes to look first: two should do where the promise is as far again from noise."""
    is_large = plan.pairs == 1 and plan.promised is not None and _is_far_above_noise(plan.promised / 2)
    return SINGLE_PROCESSES[-1] if is_large else PROCESSES


def _is_enough(sittings: Sequence[Sitting], looks: Sequence[Look]) -> bool:
    """Whether the first of two looks shows all that is of use."""
    first, *later = looks
    if not later or len(sittings) != first.pairs:
        return False
    found = _interval(sittings, Metric.CPU, first.error)
    return found is not None and found.is_narrow


def _error(looks: Sequence[Look], processes: int) -> float:
    """The error that the interval after so many processes may spend: all that no look has spent before."""
    taken = [look for look in looks if look.pairs < processes]
    declared = [look.error for look in looks if look.pairs == processes]
    return declared[0] if declared else rest_of_error(looks, len(taken))


def _series(sittings: Sequence[Sitting], stop: Stop, error: float) -> Series:
    by_cpu, by_wall = (_interval(sittings, metric, error) for metric in (Metric.CPU, Metric.WALL))
    if by_cpu is None:
        raise RefusedError(Refusal.LONG)
    if stop is Stop.LAST_LOOK and by_cpu.is_narrow:
        stop = Stop.PRECISE
    pairs = tuple(pair for sitting in sittings for pair in sitting.pairs())
    return Series(pairs, Metric.CPU, by_cpu, by_wall, stop, processes=len(sittings))


def _interval(sittings: Sequence[Sitting], metric: Metric, error: float = ERROR) -> Interval | None:
    if len(sittings) < 2:
        return None
    groups = [[pair.log_ratio(metric) for pair in each.pairs()] for each in sittings]
    if len(sittings) < DECLARED_PAIRS[0] and len(groups[0]) == 1:
        return _interval_of_few(sittings, metric, error)
    return interval_of_groups(groups, error)


def _interval_of_few(sittings: Sequence[Sitting], metric: Metric, error: float) -> Interval:
    """The interval of two or three processes of one pair each, whose ratios hardly tell how they scatter.

    All passes are taken to scatter alike, as a share of their own time: the first ones, with the caches and
    without. What that makes of a run's ratio follows from how long they and start-up are.
    """

    def seconds(one: Pass | TestRun) -> float:
        return max(one.wall_seconds if metric is Metric.WALL else one.cpu_seconds, 1e-6)

    passes = [one for each in sittings for one in each.passes]
    plain, cached = ([seconds(one) for one in passes if one.on is on] for on in (False, True))
    first = [seconds(each.first) for each in sittings]
    starts = [
        max(seconds(each.run) - each_first, 1e-6) for each, each_first in zip(sittings, first, strict=True)
    ]
    start, logs = fmean(starts), [[math.log(one) for one in arm] for arm in (plain, cached, first)]
    scatter = fmean(map(variance, logs))
    shares = [fmean(arm) / (start + fmean(arm)) for arm in (plain, cached)]
    of_starts = variance([math.log(one) for one in starts])
    spread = math.sqrt(sum(share**2 for share in shares) * scatter + (shares[0] - shares[1]) ** 2 * of_starts)
    ratios = [math.log((start + one) / (start + other)) for one in plain for other in cached]
    return interval_around(median(ratios), spread, len(sittings), len(logs) * (len(sittings) - 1), error)


def _is_futile(sittings: Sequence[Sitting], processes: int, promised: float | None) -> bool:
    """Whether pairs scatter so much that the interval of all processes would hold both 1 and the promise."""
    ratios = [[pair.log_ratio(Metric.CPU) for pair in sitting.pairs()] for sitting in sittings]
    alone = len(ratios[0]) == 1  # then only the processes tell how much pairs scatter
    if promised is None or len(sittings) < (PROCESSES if alone else 2):
        return False
    found = _interval(sittings, Metric.CPU)
    if found is None or found.excludes_one:
        return False
    groups = [[ratio for group in ratios for ratio in group]] if alone else ratios
    squares = sum((ratio - fmean(group)) ** 2 for group in groups for ratio in group)
    spread = math.sqrt(squares / sum(len(group) - 1 for group in groups))
    count = processes * len(ratios[0])
    reach = student_quantile(0.5 + CONFIDENCE / 2, processes - 1) * spread / math.sqrt(count)
    return reach > promised

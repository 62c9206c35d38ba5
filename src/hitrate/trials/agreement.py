"""Whether a trial bears out what the recorded calls promise, and known reasons where it does not. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hitrate.evidence import Evidence, Trial, Tried
from hitrate.vocabulary import Metric

SHORT_CALL_SECONDS = 2e-6
MOSTLY = 0.5
LESS_WITHIN = 0.8


class Shortfall(StrEnum):
    """Why caches can save less than the recorded calls promise."""

    COUNTED = "counted"
    """Most calls were counted only: what they take is not known."""

    SHORT = "short"
    """Calls are so short that recording them takes as long, which is only known so well."""

    ACROSS = "across tests"
    """Hits repeat calls of other tests, which may be run in other processes or not at all."""

    NESTED = "nested"
    """Calls lie within those of another cached function, or of the same."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause and the functions that it holds for."""

    cause: Shortfall
    functions: tuple[str, ...]


def compared(trial: Trial, plain_seconds: float | None = None) -> Tried | None:
    """What a trial's pairs say of the promised saving; None where they give no interval.

    Args:
        trial: The trial.
        plain_seconds: What a plain run took, by the trial's metric, when the calls were recorded that promise
            the saving, if it was of what the trial has run; None where it was of more. The machine may have
            been slower or faster in that minute: it is the trial's ratio that holds for both.
    """
    promised, whole = trial.predicted_saving_seconds, plain_seconds or trial.seconds_without
    if not promised or promised <= 0 or not whole or not trial.speedup or not trial.low or not trial.high:
        return None
    low, middle, high = (whole * (1 - 1 / ratio) for ratio in (trial.low, trial.speedup, trial.high))
    return Tried(promised, low, middle, high, trial.metric, len(trial.functions))


def concerns(tried: Tried, item: Evidence) -> bool:
    """Whether the trial measured what is promised of a function: not where CPU decided and it waits."""
    return tried.metric is Metric.WALL or item.metric is tried.metric


def claimed(item: Evidence, tried: Tried) -> Evidence:
    """The evidence with what the trial says, its savings cut down to it where it shows less."""
    item = replace(item, tried=tried)
    if not tried.shows_less:
        return item
    part = max(0.0, tried.seconds) / tried.promised
    return replace(
        item,
        saved_seconds=_cut(item.saved_seconds, part),
        saved_low=None,  # what was recorded lay between them
        saved_high=None,
        curve=tuple(
            replace(point, saved_seconds=_cut(point.saved_seconds, part) or 0.0) for point in item.curve
        ),
        together=item.together
        and replace(item.together, saved_seconds=_cut(item.together.saved_seconds, part)),
    )


def _cut(saved: float | None, part: float) -> float | None:
    return saved * part if saved is not None and saved > 0 else saved


def reasons(items: Sequence[Evidence]) -> Iterator[Explanation]:
    """Known reasons that hold for functions whose caches save less than promised, likeliest first."""
    for cause, holds in (
        (Shortfall.COUNTED, _counted),
        (Shortfall.SHORT, _short),
        (Shortfall.NESTED, _nested),
        (Shortfall.ACROSS, _across),
    ):
        names = tuple(item.function.qualname for item in items if holds(item))
        if names:
            yield Explanation(cause, names)


def _counted(item: Evidence) -> bool:
    return item.only_counted > MOSTLY * (item.calls or 0)


def _short(item: Evidence) -> bool:
    return item.mean_call_seconds is not None and item.mean_call_seconds < SHORT_CALL_SECONDS


def _across(item: Evidence) -> bool:
    rate, within = item.hit_rate, item.hit_rate_within_test
    return rate is not None and within is not None and within < LESS_WITHIN * rate


def _nested(item: Evidence) -> bool:
    together = item.together.saved_seconds if item.together else None
    looked_up = (item.hits or 0) + (item.misses or 0) + (item.unhashable or 0)
    inside = looked_up < MOSTLY * (item.calls or 0)
    return inside or (together is not None and together < LESS_WITHIN * (item.saved_seconds or 0.0))

"""What a trial may cost, and whether it could show anything for that: decided before the first pair."""

import math
from dataclasses import dataclass

from hitrate.trials.stats import DECLARED_PAIRS, Look, detectable, early_look, schedule
from hitrate.wording.figures import fine_percent, percent, seconds

PAID_BACK_AFTER = 5
"""Runs of the tests with the caches that save what a trial may take wherever room is left or not."""


@dataclass(frozen=True, slots=True)
class Economy:
    """The rule by which trials are made or left (``docs/method-trials.md`` gives the reasons).

    Attributes:
        runs: The pairs may take as long as so many plain runs of what is timed.
        free_seconds: So much time they may take however short that run is.
        assumed_spread: Standard deviation of a pair's log ratio that is assumed before any pair was seen; 0
            where nothing is assumed.
        pairs_at_most: Pairs that are never exceeded.
        room: In plain runs of what is timed, what is left of what everything together may take; infinite
            where that is not limited.
    """

    runs: float
    free_seconds: float
    assumed_spread: float
    pairs_at_most: int
    room: float = math.inf

    def means(self, seconds_of_run: float, saving_seconds: float = 0.0) -> float:
        """Time that pairs may take, by the metric of the trial.

        Args:
            seconds_of_run: What one plain run takes.
            saving_seconds: What it should save a run; some runs with the caches are to pay for the trial.
        """
        most = max(self.runs * seconds_of_run, self.free_seconds)
        left = self.room * seconds_of_run if math.isfinite(self.room) else math.inf
        return min(most, max(left, PAID_BACK_AFTER * saving_seconds))


FRUGAL = Economy(runs=1.0, free_seconds=10.0, assumed_spread=0.03, pairs_at_most=DECLARED_PAIRS[-1])
"""Pairs only where they cost no more than one run of the tests, or are soon done: ``standard``."""
AT_ANY_COST = Economy(
    runs=math.inf, free_seconds=math.inf, assumed_spread=0.0, pairs_at_most=DECLARED_PAIRS[-1]
)
"""Pairs until they are precise or the time is up: ``thorough``."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The looks of a trial that is worth its cost, or why none is made.

    Attributes:
        looks: When to look; empty for no trial.
        detectable: Smallest saving that the pairs it could afford would show, a fraction; None where it can
            afford none.
        note: Why there is no trial, one plain sentence; None where there is one.
    """

    looks: tuple[Look, ...]
    detectable: float | None
    note: str | None = None


def plan(
    saving_seconds: float,
    seconds_with: float,
    wall_seconds_of_pair: float,
    budget_seconds: float,
    means_seconds: float,
    economy: Economy,
) -> Schedule:
    """Decide whether to make a trial, and how long it may get.

    Args:
        saving_seconds: Predicted saving of one run of the tests.
        seconds_with: Time of one run of the chosen tests with the caches, as the trial will measure it.
        wall_seconds_of_pair: How long one pair takes.
        budget_seconds: Wall time that is left.
        means_seconds: Time that the pairs are worth, by the trial's metric: ``economy.means`` of a plain run.
        economy: The rule.
    """
    if saving_seconds <= 0:
        return Schedule((), None, "No trial was made: no saving is predicted.")
    affordable = means_seconds / max(2 * seconds_with + saving_seconds, 1e-9)
    by_budget = budget_seconds / max(wall_seconds_of_pair, 1e-9)
    pairs = math.floor(min(affordable, by_budget, economy.pairs_at_most))
    # A saving far above the noise takes two or three pairs, whatever could be afforded.
    promised = math.log1p(saving_seconds / seconds_with)
    early = early_look(promised, economy.assumed_spread, pairs) if economy.assumed_spread else None
    looks = schedule(pairs, early=early)
    effect = saving_seconds / (seconds_with + saving_seconds)
    predicted = f"The saving of {percent(effect)} of the chosen tests' time is predicted, not measured: "
    if not looks:
        return Schedule((), None, f"{predicted}{_lacking(by_budget < affordable, means_seconds, economy)}.")
    reach = min(detectable(economy.assumed_spread, look.pairs, look.error) for look in looks)
    if effect < reach:
        noise = f"{looks[-1].pairs} pairs of runs show savings from about {fine_percent(reach)} on"
        return Schedule((), reach, f"{predicted}it is below the noise ({noise}).")
    return Schedule(looks, reach)


def _lacking(is_budget: bool, means_seconds: float, economy: Economy) -> str:
    """Why not even the fewest pairs can be afforded."""
    if is_budget:
        return "the time budget leaves no room for a trial"
    if math.isfinite(economy.room) and means_seconds < economy.free_seconds:
        return "a trial would take more than is left of what this analysis may take"
    return f"a trial would take more than {seconds(means_seconds)}"

"""What everything after the observed run may cost, checks, searches and trials together."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from hitrate.vocabulary import Effort

RUNS = 1.5
"""In plain runs of the tests, for all runs with real caches together: ``standard``."""
FREE_SECONDS = 10.0
"""What they may take however short such a run is."""
WHOLE_RUNS = 3.0
"""In plain runs of the tests, up to which a trial may take the whole analysis, where such a run is no short
one; ``hitrate.trials.payback`` says when it may take more."""
SHORT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """CPU seconds that runs with real caches may take in all.

    Attributes:
        seconds: All of it; infinite where the time budget alone decides.
        spent: Tells what such runs have taken so far.
        whole_seconds: What trials may take the whole analysis to; infinite where that is not limited.
        used: Tells what the whole analysis has taken so far.
    """

    seconds: float
    spent: Callable[[], float]
    whole_seconds: float = math.inf
    used: Callable[[], float] = float

    @classmethod
    def of(
        cls, effort: Effort, suite_seconds: float, spent: Callable[[], float], used: Callable[[], float]
    ) -> "Allowance":
        """What an effort allows where one plain run of all tests takes so many CPU seconds."""
        if effort is Effort.THOROUGH:
            return cls(math.inf, spent)
        whole = WHOLE_RUNS * suite_seconds if suite_seconds > SHORT_SECONDS else math.inf
        return cls(max(RUNS * suite_seconds, FREE_SECONDS), spent, whole, used)

    @property
    def left(self) -> float:
        """CPU seconds that are left, never below zero."""
        return max(0.0, self.seconds - self.spent())

    @property
    def room(self) -> float:
        """CPU seconds that trials may take without making the whole analysis dear, never below zero."""
        return max(0.0, self.whole_seconds - self.used())

    def affords(self, seconds: float) -> bool:
        """Whether so much is left."""
        return 0 < self.left >= seconds

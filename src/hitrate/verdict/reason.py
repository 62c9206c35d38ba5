"""Why a function has its verdict: data that `verdict/sentences.py` words.

Rates, shares and what is wanted of them are fractions; times are seconds.
"""

from dataclasses import dataclass
from enum import Enum, auto

from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Doubt
from hitrate.verdict.purpose import Purpose
from hitrate.vocabulary import Kind, Metric


class Unmeasured(Enum):
    """Why nothing can be said of a function."""

    NOT_RUN = auto()
    NEVER_CALLED = auto()
    NO_KEYS = auto()
    UNKNOWN_CALLS = auto()


@dataclass(frozen=True, slots=True)
class Ineligible:
    """It may not carry a cache; ``why`` is a clause."""

    why: str


@dataclass(frozen=True, slots=True)
class CutShort:
    """What was measured is not all there was; ``why`` is a clause."""

    why: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A cache would be wrong: the worst of what proves it."""

    hazard: Hazard


@dataclass(frozen=True, slots=True)
class Doubted:
    """A cache may be wrong: one that is there, or one that would be new."""

    doubt: Doubt
    kind: Kind


@dataclass(frozen=True, slots=True)
class Hidden:
    """Caches of these functions, ids, answered before the function itself was asked."""

    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyCounted:
    """Not all calls were recorded, and the others could change the verdict."""


@dataclass(frozen=True, slots=True)
class Seldom:
    """Too few calls of a function without a cache repeat an earlier one, and what leaves that open."""

    hit_rate: float
    wanted: float
    but: Hidden | OnlyCounted | None = None


@dataclass(frozen=True, slots=True)
class Slower:
    """In a trial the tests got slower with its cache."""


@dataclass(frozen=True, slots=True)
class TriedTooLittle:
    """In a trial its cache, or so many together, saved at most a share that does not matter."""

    most: float
    wanted: float
    metric: Metric
    caches: int


@dataclass(frozen=True, slots=True)
class TriedLess:
    """In a trial its cache, or so many together, saved less than promised: between two shares."""

    low: float
    most: float
    promised: float
    metric: Metric
    caches: int


@dataclass(frozen=True, slots=True)
class AtMost:
    """A cache saves at most a share that does not matter; what it saves was not measured."""

    share: float
    wanted: float
    metric: Metric


@dataclass(frozen=True, slots=True)
class TooLittle:
    """A cache saves a share that does not matter in this workload.

    Attributes:
        share: The share that it saves.
        wanted: The share that would matter.
        metric: Of which time.
        pays_from: Calls a second from which it would matter; None where it would be wrong, or may be.
    """

    share: float
    wanted: float
    metric: Metric
    pays_from: float | None


@dataclass(frozen=True, slots=True)
class MayBeTooLittle:
    """A cache saves a share between two, of which the lower would not matter."""

    low: float
    high: float
    wanted: float
    metric: Metric


@dataclass(frozen=True, slots=True)
class NoGain:
    """A lookup costs as much as the call."""


@dataclass(frozen=True, slots=True)
class Worthwhile:
    """A cache saves a share of the workload's time; None where only the tests' passing is known."""

    share: float | None
    metric: Metric


Worth = Slower | TriedTooLittle | TriedLess | AtMost | TooLittle | MayBeTooLittle | NoGain | Worthwhile
"""What a cache of calls that do repeat is worth."""


@dataclass(frozen=True, slots=True)
class Repeating:
    """Calls of a function without a cache repeat earlier ones.

    Attributes:
        hit_rate: The fraction that does.
        long_ones: Share of the function's time that they take, where they are few but long; else None.
        worth: What a cache would come to.
    """

    hit_rate: float
    long_ones: float | None
    worth: Worth


@dataclass(frozen=True, slots=True)
class AnswersSeldom:
    """A cache that is there answers too few of the calls, and what leaves that open."""

    hit_rate: float
    wanted: float
    but: Hidden | None = None


@dataclass(frozen=True, slots=True)
class CalledSeldom:
    """The tests call a cache that is there too seldom to tell what it is worth."""

    calls: int


@dataclass(frozen=True, slots=True)
class CostsMore:
    """A lookup in the cache that is there costs more than the call."""


@dataclass(frozen=True, slots=True)
class Undersized:
    """A larger cache saves more than the present one."""

    maxsize: int
    saved_seconds: float
    better: int
    better_saved_seconds: float


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """The timings leave open whether a cache that is there saves time: the ends of the interval."""

    low_seconds: float
    high_seconds: float


@dataclass(frozen=True, slots=True)
class LongOnes:
    """A cache that is there answers few calls, but long ones: what it saves of the function's time."""

    share: float | None


@dataclass(frozen=True, slots=True)
class Answering:
    """A cache that is there answers calls, and what else is to be known of it."""

    hit_rate: float
    beside: Purpose | LeftOpen | LongOnes | None = None


Proposal = Seldom | Repeating
"""Why a function without a cache should get one, or not."""

Audit = AnswersSeldom | CalledSeldom | CostsMore | Undersized | Answering
"""Why a cache that is there should stay, change or go."""

Reason = Unmeasured | Ineligible | CutShort | Proven | Doubted | Proposal | Audit
"""Why a verdict is what it is."""

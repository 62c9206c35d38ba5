"""The published words: what a reader can find in report.json."""

from enum import StrEnum


class Verdict(StrEnum):
    """What to do about a function: the first five for new candidates, the rest for existing caches."""

    CACHE = "cache"
    UNSAFE = "unsafe"
    NOT_WORTH_IT = "not-worth-it"
    INCONCLUSIVE = "inconclusive"
    INELIGIBLE = "ineligible"
    KEEP = "keep"
    RESIZE = "resize"
    DROP = "drop"


class GateVerdict(StrEnum):
    """Whether the thresholds hold."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class GateRule(StrEnum):
    """What can fail a gate (DESIGN 3.2)."""

    UNSAFE = "unsafe"
    WASTEFUL = "wasteful"
    MISSED = "missed"
    BROKEN = "broken"
    INCONCLUSIVE = "inconclusive"


class Effort(StrEnum):
    """How much is measured (DESIGN 2)."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


class Metric(StrEnum):
    """What a trial measures."""

    CPU = "cpu"
    WALL = "wall"


class Stop(StrEnum):
    """Why a trial ran no more pairs."""

    PRECISE = "precise"
    FUTILE = "futile"
    LAST_LOOK = "last look"
    BUDGET = "budget"
    SPOILED = "spoiled"


class Kind(StrEnum):
    """Whether a function would get a cache or already has one."""

    NEW = "new"
    EXISTING = "existing"


class HazardKind(StrEnum):
    """How a cache would be wrong (DESIGN: stale, aliased, typed, side effect, leak, broken)."""

    STALE = "stale"
    ALIASED = "aliased"
    TYPED = "typed"
    SIDE_EFFECT = "side-effect"
    LEAK = "leak"
    BROKEN = "broken"


def is_finding(text: str) -> bool:
    """Whether a text says what can be found: a verdict, of one that is unsafe also how: ``unsafe+stale``."""
    verdict, *kinds = text.split("+")
    return verdict in {known.value for known in Verdict} and {*kinds} <= {known.value for known in HazardKind}

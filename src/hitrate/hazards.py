"""Evidence that a cache would be wrong."""

from dataclasses import dataclass
from enum import StrEnum


class HazardKind(StrEnum):
    """How a cache would be wrong (DESIGN: stale, aliased, typed, side effect, leak, broken)."""

    STALE = "stale"
    ALIASED = "aliased"
    TYPED = "typed"
    SIDE_EFFECT = "side-effect"
    LEAK = "leak"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Hazard:
    """One proof that caching a function changes what the program does.

    Attributes:
        kind: How the cache would be wrong.
        detail: One line in plain words.
        test: Id of the test that shows it, None where no test was running.
        key: ``repr`` of the arguments that show it, shortened; None where it is not about one key.
        remedy: What would make the cache safe, None where nothing would.
    """

    kind: HazardKind
    detail: str
    test: str | None = None
    key: str | None = None
    remedy: str | None = None

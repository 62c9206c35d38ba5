"""What speaks against a cache without proving anything: data that `hazards/sentences.py` words."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a doubt is about; hidden inputs are named as the oracle names them."""

    CWD = "cwd"
    CLOCK = "clock"
    RANDOM = "random"
    ENVIRONMENT = "environment"
    FILE = "file"
    DATABASE = "database"
    LOCALE = "locale"
    CONTEXT = "context"
    CALLER = "caller"
    THREADS = "threads"
    GLOBAL = "global"
    STATE = "state"
    GROWN = "grown"
    OUTPUT = "output"
    ONE_SHOT = "one-shot"
    SHARED = "shared"
    DECORATOR = "decorator"
    LAZY = "lazy"
    IDENTITY = "identity"
    CHANGED = "changed"
    OUTDATED = "outdated"
    LIVE = "live"
    ENDED = "ended"
    OPAQUE = "opaque"
    INCOMPARABLE = "incomparable"
    UNCOMPARED = "uncompared"
    SLOWER = "slower"
    BROKEN = "broken"
    ENTANGLED = "entangled"
    FAILING = "failing"


class Grounds(StrEnum):
    """What a doubt rests on."""

    SEEN = "seen"
    """A watched call."""

    STATIC = "static"
    """The source alone."""

    TRIED = "tried"
    """A run with real caches."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to think twice.

    Attributes:
        topic: What it is about.
        grounds: What it rests on.
        names: What it is about in particular: functions, files, attributes.
        place: Where: ``function, path:line`` where a call was seen, else ``line n``; empty where not known.
        via: Function of the module through which it is reached; empty where it is reached directly.
        by: Who changes what is read, or from what to what it changed, or what it is; empty where not known.
    """

    topic: Topic
    grounds: Grounds
    names: tuple[str, ...] = ()
    place: str = ""
    via: str = ""
    by: str = ""


def joined(seen: tuple[Doubt, ...], suspected: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    """What was seen, and what the source makes doubtful unless the same was seen, which tells more."""
    known = {doubt.topic for doubt in seen}
    return (*seen, *(doubt for doubt in suspected if doubt.topic not in known))

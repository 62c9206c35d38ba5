"""Caches that are there for what they mean: one object for all, a thing done once. Pure."""

from dataclasses import replace

from hitrate.evidence import Evidence
from hitrate.source.doubt import Doubt, Topic
from hitrate.source.function import Function
from hitrate.vocabulary import Kind

SETTLED_ONCE = frozenset(
    {Topic.ENVIRONMENT, Topic.FILE, Topic.CWD, Topic.INCOMPARABLE, Topic.IDENTITY, Topic.SHARED}
)
"""Doubts that are the purpose where one call stands for all: settings are read once, a lock is made once."""

ONE_FOR_ALL = "it takes no arguments: its cache hands the same object to all callers"
ONCE = "it returns nothing: its cache is there so that what it does is done once"


def purpose(function: Function) -> str | None:
    """What the cache that a function carries is there for; None where it is for speed, as far as is known.

    Without a cache, callers would get an object each, or the thing be done each time: no figure speaks
    against such a cache.
    """
    if function.kind is not Kind.EXISTING:
        return None
    if not function.takes_arguments:
        return ONE_FOR_ALL
    return ONCE if function.returns_nothing else None


def without_purpose(evidence: Evidence, doubts: tuple[Doubt, ...]) -> tuple[Evidence, tuple[Doubt, ...]]:
    """The evidence without hazards that are the purpose of the cache, and the doubts without such."""
    if evidence.function.kind is not Kind.EXISTING or evidence.function.takes_arguments:
        return evidence, doubts
    hazards = tuple(hazard for hazard in evidence.hazards if not hazard.shares)
    left = tuple(doubt for doubt in doubts if doubt.topic not in SETTLED_ONCE)
    return replace(evidence, hazards=hazards), left

"""Caches that are there for what they mean: one object for all, a thing done once. Pure."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from hitrate.evidence import Evidence
from hitrate.hazards.livedata import is_live
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.vocabulary import Kind

RELIED_UPON = frozenset({Topic.INCOMPARABLE, Topic.IDENTITY, Topic.SHARED})
"""Doubts that are the purpose where callers rely on getting the same object again."""
SETTLED_ONCE = RELIED_UPON | {Topic.ENVIRONMENT, Topic.FILE, Topic.CWD}
"""Doubts that are the purpose where one call stands for all: settings are read once, a lock is made once."""
ONLY_IDENTITY = frozenset({Topic.IDENTITY})
"""The doubt that is the purpose where equal arguments share one lock, or the like."""


class Role(Enum):
    """What a cache is there for as its function's signature and body tell."""

    ONE_FOR_ALL = auto()
    """It takes no arguments: all callers get the same object."""

    ONCE = auto()
    """It returns nothing: what it does is done once."""


@dataclass(frozen=True, slots=True)
class SharedThings:
    """Equal arguments share one object of such classes, of which a second one is never the same."""

    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeededBy:
    """Tests, at least one, that fail without the cache."""

    tests: tuple[str, ...]


Purpose = Role | SharedThings | NeededBy
"""What a cache is there for, other than speed."""


def purpose(evidence: Evidence) -> Purpose | None:
    """What the cache that a function carries is there for; None where it is for speed, as far as is known.

    Without a cache, callers would get an object each, or the thing be done each time: no figure speaks
    against such a cache.
    """
    classes = _own_things(evidence)
    return _meant(evidence) or (SharedThings(classes) if classes else None)


def _meant(evidence: Evidence) -> Role | NeededBy | None:
    """What it is there for as the source, or tests that fail without it, tell."""
    function = evidence.function
    if function.kind is not Kind.EXISTING:
        return None
    if not function.takes_arguments:
        return Role.ONE_FOR_ALL
    if function.returns_nothing:
        return Role.ONCE
    return NeededBy(evidence.needed_by) if evidence.needed_by else None


def _own_things(evidence: Evidence) -> tuple[str, ...]:
    """Classes of what a cache hands out of which a second one is never the same, such as locks."""
    if evidence.function.kind is not Kind.EXISTING:
        return ()
    return next((doubt.names for doubt in evidence.doubts if doubt.topic is Topic.IDENTITY), ())


def without_purpose(evidence: Evidence, doubts: tuple[Doubt, ...]) -> tuple[Evidence, tuple[Doubt, ...]]:
    """The evidence without hazards that are the purpose of the cache, and the doubts without such.

    That what is made once for all was made of settings which changed later is a doubt: to make it once is
    what such a cache is for, but the settings may be meant to be followed. So is that it was made of what the
    system tells of the moment, which are no settings.
    """
    settled = _settled(evidence)
    if not settled:
        return evidence, doubts
    shared, once = Topic.SHARED in settled, Topic.ENVIRONMENT in settled
    left = tuple(
        hazard
        for hazard in evidence.hazards
        if not (shared and hazard.shares) and not (once and hazard.outdated)
    )
    outdated = tuple(
        Doubt(Topic.OUTDATED, Grounds.SEEN, by=hazard.outdated)
        for hazard in evidence.hazards
        if once and hazard.outdated
    )
    live = tuple(each for each in map(_of_the_moment, doubts if once else ()) if each is not None)
    others = tuple(doubt for doubt in doubts if doubt.topic not in settled)
    return replace(evidence, hazards=left), (*outdated[:1], *live, *others)


def _of_the_moment(doubt: Doubt) -> Doubt | None:
    """What a doubt about files says of the moment, such as a list of devices; None where that is nothing."""
    names = tuple(filter(is_live, doubt.names))
    if doubt.topic is not Topic.FILE or not names:
        return None
    return replace(doubt, topic=Topic.LIVE, names=names)


def _settled(evidence: Evidence) -> frozenset[Topic]:
    """Doubts that the purpose of a cache answers; none where it is for speed."""
    if evidence.function.kind is not Kind.EXISTING:
        return frozenset()
    if not evidence.function.takes_arguments:
        return SETTLED_ONCE
    if evidence.needed_by:
        return RELIED_UPON
    return ONLY_IDENTITY if _own_things(evidence) else frozenset()


def could_be_meant(evidence: Evidence, doubts: tuple[Doubt, ...]) -> bool:
    """Whether all that is held against a cache would be its purpose if tests needed it.

    Where the tests fail without it, they do; that they pass with it is known.
    """
    if evidence.function.kind is not Kind.EXISTING:
        return False
    if _meant(evidence) is not None:
        return False
    shares = all(hazard.shares for hazard in evidence.hazards)
    return shares and all(doubt.topic in RELIED_UPON for doubt in doubts)

"""Caches that are there for what they mean: one object for all, a thing done once. Pure."""

from dataclasses import replace

from hitrate.evidence import Evidence
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.vocabulary import Kind
from hitrate.wording.figures import listed
from hitrate.wording.text import quoted

RELIED_UPON = frozenset({Topic.INCOMPARABLE, Topic.IDENTITY, Topic.SHARED})
"""Doubts that are the purpose where callers rely on getting the same object again."""
SETTLED_ONCE = RELIED_UPON | {Topic.ENVIRONMENT, Topic.FILE, Topic.CWD}
"""Doubts that are the purpose where one call stands for all: settings are read once, a lock is made once."""
ONLY_IDENTITY = frozenset({Topic.IDENTITY})
"""The doubt that is the purpose where equal arguments share one lock, or the like."""

ONE_FOR_ALL = "it takes no arguments: its cache hands the same object to all callers"
ONCE = "it returns nothing: its cache is there so that what it does is done once"


def purpose(evidence: Evidence) -> str | None:
    """What the cache that a function carries is there for; None where it is for speed, as far as is known.

    Without a cache, callers would get an object each, or the thing be done each time: no figure speaks
    against such a cache.
    """
    things = _own_things(evidence)
    shared = f"equal arguments share one {listed(list(map(quoted, things)))}" if things else None
    return _meant(evidence) or shared


def _meant(evidence: Evidence) -> str | None:
    """What it is there for as the source, or tests that fail without it, tell."""
    function = evidence.function
    if function.kind is not Kind.EXISTING:
        return None
    if not function.takes_arguments:
        return ONE_FOR_ALL
    if function.returns_nothing:
        return ONCE
    return _relied_upon(evidence.needed_by) if evidence.needed_by else None


def _own_things(evidence: Evidence) -> tuple[str, ...]:
    """Classes of what a cache hands out of which a second one is never the same, such as locks."""
    if evidence.function.kind is not Kind.EXISTING:
        return ()
    return next((doubt.names for doubt in evidence.doubts if doubt.topic is Topic.IDENTITY), ())


def _relied_upon(tests: tuple[str, ...]) -> str:
    first, *others = tests
    fails = f"and {len(others)} more fail" if others else "fails"
    return f"{first} {fails} without its cache, which is there for what it means"


def without_purpose(evidence: Evidence, doubts: tuple[Doubt, ...]) -> tuple[Evidence, tuple[Doubt, ...]]:
    """The evidence without hazards that are the purpose of the cache, and the doubts without such.

    That what is made once for all was made of settings which changed later is a doubt: to make it once is
    what such a cache is for, but the settings may be meant to be followed.
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
    others = tuple(doubt for doubt in doubts if doubt.topic not in settled)
    return replace(evidence, hazards=left), (*outdated[:1], *others)


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

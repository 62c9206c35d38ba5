"""English sentences about hazards, doubts and what was not looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hitrate.hazards.changes import how_changed
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.observations import (
    Aliased,
    ChangedArgument,
    ChangedGlobal,
    Effect,
    Leak,
    OneShot,
    OracleTally,
    Proof,
    Refused,
    Stale,
    Typed,
)
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.vocabulary import HazardKind
from hitrate.wording.figures import listed, verb
from hitrate.wording.prose import clause
from hitrate.wording.text import quoted, without_escapes


def hazard_of(observation: Proof) -> Hazard:
    """The hazard that an observation proves."""
    told = _told(observation)
    test = None if observation.test is None else without_escapes(observation.test)
    key = None if observation.key is None else without_escapes(observation.key)
    return Hazard(
        told.kind,
        without_escapes(told.detail),
        test=test,
        key=key,
        remedy=without_escapes(told.remedy),
        gist=without_escapes(told.gist),
        shares=isinstance(observation, Aliased),
        leaves_rest=told.remedy == CACHE_THE_REST,
        outdated=without_escapes(_outdated(observation)) if isinstance(observation, Stale) else "",
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """An observation in words: in a few, in full, and what would help."""

    kind: HazardKind
    gist: str
    detail: str
    remedy: str


HIDDEN_INPUTS = {
    Topic.CWD: "the current directory",
    Topic.ENVIRONMENT: "environment variables",
    Topic.CLOCK: "the clock",
    Topic.RANDOM: "random numbers",
    Topic.FILE: "files",
    Topic.DATABASE: "a database",
    Topic.LOCALE: "the locale",
    Topic.CONTEXT: "context variables",
    Topic.CALLER: "its caller",
    Topic.THREADS: "results of its own threads",
}
"""What a function can read besides its arguments; by topic, in the order in which it is told."""


_EFFECTS = {
    "output": "writes to standard output or error",
    "log": "writes to the log",
    "warning": "gives a warning",
    "write": "changes files",
    "process": "starts or signals a process",
    "network": "talks to the network",
    "thread": "starts a thread",
    "system": "changes the process",
    "input": "reads standard input",
}


CACHE_THE_REST = "move that out of the function and cache the rest"
"""Holds only where nothing else speaks against a cache, and the rest needs nothing of what is moved out."""
ASK_OUTSIDE = "do that outside of the function and pass what comes of it as an argument"
_GIVES_NOTHING = frozenset({"output", "log", "warning", "write"})
"""Effects that the rest of a function goes on without."""


_HASHABLE = {
    "list": "pass a tuple",
    "dict": "pass a tuple of its items",
    "set": "pass a frozenset",
    "bytearray": "pass bytes",
}


def _tell_aliased(seen: Aliased) -> _Told:
    return _Told(
        HazardKind.ALIASED,
        "what it returns is changed afterwards",
        f"a result was changed after it was returned ({_change(seen)}); "
        "a cache hands the changed object to the next caller",
        "return a copy, or something immutable such as a tuple",
    )


def _tell_one_shot(seen: OneShot) -> _Told:
    what = seen.what or "an iterator"
    gist = f"it returns {what}, which only its first receiver can use"
    remedy = "return a tuple of its items" if what != "a coroutine" else "cache what it awaits"
    return _Told(HazardKind.ALIASED, gist, gist, remedy)


def _tell_stale(seen: Stale) -> _Told:
    match seen.cause:
        case "state":
            return _Told(
                HazardKind.STALE,
                f"{seen.argument} changes between calls, and so does the result",
                f"{seen.argument} had changed between two calls, and so had the result ({_change(seen)})",
                "pass the attributes that matter as arguments, or clear the cache with them",
            )
        case "coarse":
            return _Told(
                HazardKind.STALE,
                "arguments that are equal but not the same gave different results",
                f"two equal arguments are not the same ({quoted(seen.argument)}; first "
                f"{quoted(seen.first)}) and gave different results ({_change(seen)})",
                "make __eq__ and __hash__ tell them apart, or pass what tells them apart",
            )
        case _:
            return _tell_hidden_input(seen)


def _tell_hidden_input(seen: Stale) -> _Told:
    different = "equal arguments gave different results"
    reads = listed(
        [HIDDEN_INPUTS[Topic(read)] for read in seen.reads if read in HIDDEN_INPUTS], len(HIDDEN_INPUTS)
    )
    source = f"it reads {reads}" if reads else "it depends on something that is not among its arguments"
    elsewhere = seen.first_test is not None and seen.first_test != seen.test
    where = f", first in {quoted(seen.first_test or '', 200)}" if elsewhere else ""
    return _Told(
        HazardKind.STALE,
        f"{different}; it reads {reads}" if reads else different,
        f"{different} ({_change(seen)}{where}); {source}",
        f"pass what it {'reads' if reads else 'depends on'} as an argument",
    )


_SETTINGS = frozenset({Topic.ENVIRONMENT, Topic.FILE, Topic.CWD})
"""What a program's settings are read from."""


def _outdated(seen: Stale) -> str:
    """From what to what a result changed that was made of settings; "" where it was made of anything else.

    They are known by where they are read from, or else by being attributes of an object that is made of them,
    or what a table has under a name.
    """
    is_object = not seen.reads and seen.place.startswith((".", "['"))
    if seen.cause not in ("", "hidden") or not (
        is_object or (seen.reads and _SETTINGS.issuperset(seen.reads))
    ):
        return ""
    return f"{_change(seen)}{f' in {quoted(seen.test, 200)}' if seen.test else ''}"


def _tell_typed(seen: Typed) -> _Told:
    nested = "convert them to one type first; typed=True does not look inside arguments"
    return _Told(
        HazardKind.TYPED,
        "equal arguments of different types gave different results",
        f"equal arguments of different types (first {quoted(seen.first)}) gave different results "
        f"({_change(seen)})",
        nested if seen.cause == "nested types" else "typed=True",
    )


def _tell_effect(seen: Effect) -> _Told:
    effect = _EFFECTS.get(seen.about, "does more than return")
    parts = ", ".join(part for part in (seen.what, seen.where) if part)
    what = f" ({parts})" if parts else ""
    return _Told(
        HazardKind.SIDE_EFFECT,
        f"a repeated call {effect}; a cached one would not",
        f"a repeated call {effect}{what}; a cached one would not",
        CACHE_THE_REST if seen.about in _GIVES_NOTHING else ASK_OUTSIDE,
    )


def _tell_argument(seen: ChangedArgument) -> _Told:
    gist = f"a repeated call changes its argument {seen.argument}"
    detail = f"{gist} ({_change(seen)}); a cached one would not"
    return _Told(HazardKind.SIDE_EFFECT, gist, detail, "return the change instead of making it")


def _tell_global(seen: ChangedGlobal) -> _Told:
    gist = f"a repeated call changes {seen.about}"
    detail = f"{gist} ({_change(seen)}); a cached one would not"
    return _Told(HazardKind.SIDE_EFFECT, gist, detail, ASK_OUTSIDE if seen.gives else CACHE_THE_REST)


def _tell_refused(seen: Refused) -> _Told:
    if seen.why == "compared":
        gist = f"a call passes {seen.type} as {seen.argument}, which raises when it is compared"
        remedy = f"make __eq__ of {seen.type} give True or False, or pass a key for it"
        return _Told(HazardKind.BROKEN, gist, f"{gist}: so does a cache that looks for it", remedy)
    if seen.raises not in ("", "TypeError"):
        gist = f"a call passes {seen.type} as {seen.argument}, which raises {seen.raises} when it is hashed"
        remedy = f"make __hash__ of {seen.type} give a number, or pass a key for it"
        return _Told(HazardKind.BROKEN, gist, f"{gist}: so does a cache that looks for it", remedy)
    gist = f"a call passes {seen.type} as {seen.argument}, which cannot be hashed"
    remedy = _HASHABLE.get(seen.type, f"make {seen.type} hashable, or pass a key for it")
    return _Told(HazardKind.BROKEN, gist, f"{gist}: a cache raises TypeError", remedy)


def _tell_leak(seen: Leak) -> _Told:
    gist = f"a cache keeps {seen.what} alive that nothing else refers to any more"
    remedy = (
        "cache per instance (cached_property, or a dict in the instance), or cache a function without self"
    )
    return _Told(HazardKind.LEAK, gist, gist, remedy)


def _told(seen: Proof) -> _Told:  # noqa: PLR0911 - one line a kind
    match seen:
        case Aliased():
            return _tell_aliased(seen)
        case OneShot():
            return _tell_one_shot(seen)
        case Stale():
            return _tell_stale(seen)
        case Typed():
            return _tell_typed(seen)
        case Effect():
            return _tell_effect(seen)
        case ChangedArgument():
            return _tell_argument(seen)
        case ChangedGlobal():
            return _tell_global(seen)
        case Refused():
            return _tell_refused(seen)
        case Leak():
            return _tell_leak(seen)


def _change(seen: Stale | Typed | Aliased | ChangedArgument | ChangedGlobal) -> str:
    place = f"{seen.place.removeprefix('.')}: " if seen.place else ""
    return f"{quoted(place + seen.before)}, then {quoted(seen.after)}"


_NOT_FOLLOWED = ", which a cached result would not follow; if it can change, pass it as an argument"
_NOT_DRAWN = "; with a cache, all callers get those of the first call"


_TAILS = {
    Topic.ENDED: "; clear the cache where it is closed",
    Topic.IDENTITY: "; with a cache, all callers share one",
    Topic.ENTANGLED: "; effort standard tells which breaks it",
}
"""What a cache would do, or what to do, where nothing else is to be told in between."""


def doubt_sentence(doubt: Doubt) -> str:
    """A doubt in full: what, where, and what to do; a clause without a full stop."""
    gist = doubt_gist(doubt)
    through = f" through {doubt.via}" if doubt.via else ""
    names = f" ({listed(list(doubt.names))})" if doubt.names else ""
    where = f" in {doubt.place}" if doubt.place else ""
    match doubt.grounds, doubt.topic:
        case _, Topic.ONE_SHOT:
            full = f"{gist}, which only its first receiver can use{through} ({doubt.place})"
        case Grounds.SEEN, topic if topic in HIDDEN_INPUTS:
            full = f"{gist}{names}{where}{_NOT_DRAWN if topic is Topic.RANDOM else _NOT_FOLLOWED}"
        case _, Topic.LAZY:
            full = f"{gist}{_remembered(doubt)}; a cache hands what the first one read to all"
        case _, topic if topic in _TAILS:
            full = f"{gist}{_TAILS[topic]}"
        case _, Topic.OUTDATED:
            full = f"{gist} ({doubt.by}); clear the cache where its settings change"
        case _, Topic.CHANGED:
            full = f"{gist} {how_changed(doubt, where)}"
        case _, Topic.LIVE:
            full = f"{gist}{names}{where}; all callers get what the first one found there"
        case Grounds.STATIC, Topic.GROWN:
            full = f"{gist}{through} ({doubt.place})"
        case Grounds.STATIC, _:
            full = f"{gist}{names}{through} ({doubt.place})"
        case _:
            full = gist
    return without_escapes(full)


def _remembered(doubt: Doubt) -> str:
    """The class of a lazy result; or place, what one remembered there, what the next one did."""
    match doubt.names:
        case (place, before, after):
            return f" ({quoted(f'{place}: {before}')}, then {quoted(after)})"
        case names:
            return f" ({', '.join(map(quoted, names))})"


_GISTS = {
    Topic.LAZY: "what it returns reads when it is used, and remembers that",
    Topic.INCOMPARABLE: "its results are of a kind that could not be compared",
    Topic.UNCOMPARED: "none of its repeated calls was compared with an earlier one",
    Topic.OUTDATED: "what it made on its first call would be another one later in the tests",
    Topic.LIVE: "it reads how the system is now",
    Topic.SLOWER: "the tests got slower with its cache",
}
"""Doubts that have no more to tell."""


def doubt_gist(doubt: Doubt) -> str:  # noqa: PLR0911 - one line a topic
    """A doubt without what it is about in particular, where it was seen, and what could be done."""
    match doubt.topic:
        case topic if topic in HIDDEN_INPUTS:
            return f"it reads {HIDDEN_INPUTS[topic]}"
        case Topic.ONE_SHOT:
            return f"it returns {listed(list(doubt.names))}"
        case Topic.IDENTITY:
            return f"each call makes its own {listed([quoted(name) for name in doubt.names])}"
        case topic if topic in _GISTS:
            return _GISTS[topic]
        case Topic.ENDED:
            return f"it handed out a {quoted(doubt.names[0])} that had been closed before"
        case Topic.CHANGED:
            return f"it reads {listed(list(doubt.names))}, which changed during the tests"
        case Topic.OPAQUE:
            thing = doubt.by.partition(" ")[2]
            return (
                f"a repeated call is given the same {thing} as {listed(list(doubt.names))}, "
                "which may have moved on since; a cached one would not move it"
            )
        case Topic.FAILING | Topic.ENTANGLED:
            return _of_tests(doubt)
        case Topic.BROKEN:
            return clause(listed(list(doubt.names)))
        case _:
            return f"it {warning_sentence(doubt)}"


def _of_tests(doubt: Doubt) -> str:
    if doubt.topic is Topic.ENTANGLED:
        return f"{listed(list(doubt.names))} with all candidates cached"
    which = verb(doubt.names, "which calls it, already fails", "which call it, already fail")
    return f"{listed([quoted(test, 120) for test in doubt.names])}, {which} without any change"


def warning_sentence(warning: Doubt) -> str:  # noqa: PLR0911 - one line a topic
    """What the source suggests and nothing has shown; a predicate without its subject."""
    names, through = listed(list(warning.names)), f" through {warning.via}" if warning.via else ""
    match warning.topic:
        case topic if topic in HIDDEN_INPUTS:
            return f"reads {HIDDEN_INPUTS[topic]} ({names}){through}"
        case Topic.OUTPUT:
            return f"writes output ({names}){through}"
        case Topic.GLOBAL:
            return f"reads {names}, which {warning.by} changes"
        case Topic.STATE:
            return f"reads {names}, which {warning.by} sets"
        case Topic.GROWN:
            return f"reads {names}, whose items {warning.by} changes"
        case Topic.ONE_SHOT:
            return f"returns {names}, which only its first receiver can use"
        case Topic.SHARED:
            return f"returns {names}, which every caller would share"
        case Topic.DECORATOR:
            return f"{names} gets a cache instead of a function"
        case _:
            return names


def remarks_of(tallies: Sequence[OracleTally]) -> Iterator[str]:
    """What was not looked at, each one plain sentence."""
    compared, unknown, partial, left_out = (
        sum(getattr(tally, name) for tally in tallies)
        for name in ("compared", "unknown", "partial", "left_out")
    )
    if unknown and unknown < compared:
        yield f"{unknown:,} of {compared:,} repeated results could not be compared whole."
    if partial:
        yield f"{partial:,} of {compared:,} repeated results were too large to be compared whole."
    if left_out:
        calls = "1 call was" if left_out == 1 else f"{left_out:,} different calls were"
        yield f"{calls} not checked for results that differ, to keep the observed run short."

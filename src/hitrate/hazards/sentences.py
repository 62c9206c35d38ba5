"""English sentences about hazards, doubts and what was not looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hitrate.hazards.hazard import Hazard
from hitrate.hazards.observations import Observation
from hitrate.vocabulary import HazardKind
from hitrate.wording.figures import listed
from hitrate.wording.text import quoted, without_escapes


def hazard_of(observation: Observation) -> Hazard | None:
    """The hazard that an observation proves, None if it proves none."""
    teller = _TELLERS.get(observation.kind)
    if teller is None:
        return None
    told = teller(observation)
    test = None if observation.test is None else without_escapes(observation.test)
    key = None if observation.key is None else without_escapes(observation.key)
    return Hazard(
        told.kind,
        without_escapes(told.detail),
        test=test,
        key=key,
        remedy=without_escapes(told.remedy),
        gist=without_escapes(told.gist),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """An observation in words: in a few, in full, and what would help."""

    kind: HazardKind
    gist: str
    detail: str
    remedy: str


_READS = {
    "cwd": "the current directory",
    "environment": "environment variables",
    "clock": "the clock",
    "random": "random numbers",
    "file": "files",
    "database": "a database",
    "locale": "the locale",
    "context": "context variables",
    "caller": "its caller",
    "threads": "what threads of its own give",
}


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


_HASHABLE = {
    "list": "pass a tuple",
    "dict": "pass a tuple of its items",
    "set": "pass a frozenset",
    "bytearray": "pass bytes",
}


def _tell_aliased(seen: Observation) -> _Told:
    return _Told(
        HazardKind.ALIASED,
        "what it returns is changed afterwards",
        f"a result was changed after it was returned ({_change(seen)}); "
        "a cache hands the changed object to the next caller",
        "return a copy, or something immutable such as a tuple",
    )


def _tell_one_shot(seen: Observation) -> _Told:
    what = seen.what or "an iterator"
    gist = f"it returns {what}, which only its first receiver can use"
    remedy = "return a tuple of its items" if what != "a coroutine" else "cache what it awaits"
    return _Told(HazardKind.ALIASED, gist, gist, remedy)


def _tell_stale(seen: Observation) -> _Told:
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


def _tell_hidden_input(seen: Observation) -> _Told:
    different = "equal arguments gave different results"
    reads = listed([_READS[read] for read in seen.reads if read in _READS], len(_READS))
    source = f"it reads {reads}" if reads else "it depends on something that is not among its arguments"
    elsewhere = seen.first_test is not None and seen.first_test != seen.test
    where = f", first in {quoted(seen.first_test or '', 200)}" if elsewhere else ""
    return _Told(
        HazardKind.STALE,
        f"{different}; it reads {reads}" if reads else different,
        f"{different} ({_change(seen)}{where}); {source}",
        f"pass what it {'reads' if reads else 'depends on'} as an argument",
    )


def _tell_typed(seen: Observation) -> _Told:
    nested = "convert them to one type first; typed=True does not look inside arguments"
    return _Told(
        HazardKind.TYPED,
        "equal arguments of different types gave different results",
        f"equal arguments of different types (first {quoted(seen.first)}) gave different results "
        f"({_change(seen)})",
        nested if seen.cause == "nested types" else "typed=True",
    )


def _tell_effect(seen: Observation) -> _Told:
    effect = _EFFECTS.get(seen.about, "does more than return")
    parts = ", ".join(part for part in (seen.what, seen.where) if part)
    what = f" ({parts})" if parts else ""
    return _Told(
        HazardKind.SIDE_EFFECT,
        f"a repeated call {effect}; a cached one would not",
        f"a repeated call {effect}{what}; a cached one would not",
        "move that out of the function and cache the rest",
    )


def _tell_argument(seen: Observation) -> _Told:
    gist = f"a repeated call changes its argument {seen.argument}"
    detail = f"{gist} ({_change(seen)}); a cached one would not"
    return _Told(HazardKind.SIDE_EFFECT, gist, detail, "return the change instead of making it")


def _tell_global(seen: Observation) -> _Told:
    gist = f"a repeated call changes {seen.about}"
    detail = f"{gist} ({_change(seen)}); a cached one would not"
    return _Told(HazardKind.SIDE_EFFECT, gist, detail, "move that out of the function and cache the rest")


def _tell_refused(seen: Observation) -> _Told:
    gist = f"a call passes {seen.type} as {seen.argument}, which cannot be hashed"
    remedy = _HASHABLE.get(seen.type, f"make {seen.type} hashable, or pass a key for it")
    return _Told(HazardKind.BROKEN, gist, f"{gist}: a cache raises TypeError", remedy)


def _tell_leak(seen: Observation) -> _Told:
    gist = f"a cache keeps {seen.what} alive that nothing else refers to any more"
    remedy = (
        "cache per instance (cached_property, or a dict in the instance), or cache a function without self"
    )
    return _Told(HazardKind.LEAK, gist, gist, remedy)


_TELLERS = {
    "aliased": _tell_aliased,
    "one-shot": _tell_one_shot,
    "stale": _tell_stale,
    "typed": _tell_typed,
    "effect": _tell_effect,
    "argument": _tell_argument,
    "global": _tell_global,
    "refused": _tell_refused,
    "leak": _tell_leak,
}


def _change(seen: Observation) -> str:
    place = f"{seen.place.removeprefix('.')}: " if seen.place else ""
    return f"{quoted(place + seen.before)}, then {quoted(seen.after)}"


def doubts_of(observations: Iterable[Observation], tallies: Sequence[Observation]) -> Iterator[str]:
    """One sentence a kind of hidden input, with what it is about and where."""
    reads: dict[str, list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.kind == "reads" and observation.about in _READS:
            reads[observation.about].append(observation)
    for about, words in _READS.items():
        if seen := reads.get(about):
            names = [each.what for each in seen if each.what]
            what = f" ({listed(list(dict.fromkeys(names))[:3])})" if names else ""
            where = next((f" in {each.where}" for each in seen if each.where), "")
            yield without_escapes(
                f"it reads {words}{what}{where}, which a cached result would not follow; "
                "if it can change, pass it as an argument"
            )
    compared, unknown = (sum(getattr(tally, name) for tally in tallies) for name in ("compared", "unknown"))
    if compared and compared == unknown:
        yield "its results are of a kind that could not be compared"


def remarks_of(tallies: Sequence[Observation]) -> Iterator[str]:
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
        yield f"{calls} not compared, to keep the observed run short."

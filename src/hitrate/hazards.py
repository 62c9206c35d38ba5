"""Evidence that a cache would be wrong, and what the oracle saw of it in the analysed project's processes."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitrate import confined
from hitrate.outcome import plain
from hitrate.report.escape import quoted
from hitrate.report.figures import listed

ENDING = ".hazards"
FILE_LIMIT_BYTES = 8 << 20
LINE_LIMIT = 1 << 14
HAZARDS_LIMIT = 8
_TEMPORARY = re.compile("(/private)?(/tmp|/var/tmp|/var/folders)/")


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
        gist: The detail in a few words, without values, tests and keys; None where it has none.
    """

    kind: HazardKind
    detail: str
    test: str | None = None
    key: str | None = None
    remedy: str | None = None
    gist: str | None = None


@dataclass(frozen=True, slots=True)
class Oversight:
    """What the oracle found about one function in all processes of a run.

    Attributes:
        hazards: Proofs, worst first.
        doubts: Why a cache cannot be recommended although nothing was proven, each one plain sentence.
        remarks: What was not looked at, each one plain sentence.
        compared: Repeated calls whose result was compared with what a cache would have handed out.
        watched: Repeated calls that were watched for reads and effects.
        seconds: Time that the oracle took in all processes, for all functions.
    """

    hazards: tuple[Hazard, ...] = ()
    doubts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    compared: int = 0
    watched: int = 0
    seconds: float = 0.0


Text = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0, le=1 << 62)]


class Observation(BaseModel):
    """One line that the oracle wrote. The processes that wrote it are not trusted: it is text, no more."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    slot: Count
    kind: Literal[
        "stale",
        "typed",
        "aliased",
        "one-shot",
        "effect",
        "argument",
        "global",
        "refused",
        "leak",
        "reads",
        "tally",
    ]
    test: Text | None = None
    key: Text | None = None
    cause: Text = ""
    about: Text = ""
    what: Text = ""
    where: Text = ""
    argument: Text = ""
    type: Text = ""
    place: Text = ""
    before: Text = ""
    after: Text = ""
    first: Text = ""
    first_test: Text | None = None
    reads: Annotated[list[Text], Field(max_length=20)] = []
    process: Count = 0
    instance: Count = 0
    hits: Count = 0
    compared: Count = 0
    unknown: Count = 0
    partial: Count = 0
    watched: Count = 0
    left_out: Count = 0
    spent: Count = 0


def read_oversights(records: Path, slots: int, tree: Path | None = None) -> tuple[Oversight, ...]:
    """What the oracle saw of each function, joined over processes.

    Args:
        records: The folder that the probe wrote to.
        slots: Number of functions.
        tree: Root of the working tree; files in it are named by their paths from there. Temporary files are
            told by their names alone.
    """
    root = f"{tree}{os.sep}" if tree else ""
    by_slot: dict[int, list[Observation]] = defaultdict(list)
    for file in sorted(records.glob(f"*{ENDING}")):
        for observation in _observations(file):
            what = _in_short(observation.what.removeprefix(root))
            by_slot[observation.slot].append(observation.model_copy(update={"what": what}))
    return tuple(oversight(by_slot[slot]) for slot in range(slots))


def _in_short(path: str) -> str:
    """A path without the folders that every run makes anew."""
    return f"temporary {PurePosixPath(path).name}" if _TEMPORARY.match(path) else path


def joined_doubts(seen: Sequence[str], suspected: Iterable[str]) -> tuple[str, ...]:
    """What was seen, and what the source makes doubtful unless the same was seen (in better words)."""
    known = {doubt.partition(" (")[0].partition(" in ")[0] for doubt in seen}
    return (*seen, *(doubt for doubt in suspected if doubt.partition(" (")[0] not in known))


def _observations(file: Path) -> Iterator[Observation]:
    """The file's lines that are as they should be; the last one may be torn."""
    for line in confined.read_up_to(file.parent, file.name, FILE_LIMIT_BYTES).split(b"\n"):
        if not line or len(line) > LINE_LIMIT:
            continue
        try:
            yield Observation.model_validate(json.loads(line))
        except (ValueError, ValidationError, RecursionError):
            continue


def oversight(observations: Sequence[Observation]) -> Oversight:
    """Join what was observed of one function."""
    found: dict[tuple[str, ...], Hazard] = {}
    reads = sorted({each.about for each in observations if each.kind == "reads"})
    for observation in sorted(observations, key=lambda each: each.test is None):
        hazard = hazard_of(_explained(observation, reads))
        if hazard is not None:
            found.setdefault((observation.kind, observation.cause, observation.about), hazard)
    order = list(HazardKind)
    hazards = sorted(found.values(), key=lambda hazard: order.index(hazard.kind))
    tallies = _last_tallies(observations)
    return Oversight(
        hazards=tuple(hazards[:HAZARDS_LIMIT]),
        doubts=tuple(_doubts(observations, tallies)),
        remarks=tuple(_remarks(tallies)),
        compared=sum(tally.compared for tally in tallies),
        watched=sum(tally.watched for tally in tallies),
        seconds=sum(_spent(tallies).values()) / 1e9,
    )


def _explained(observation: Observation, reads: list[str]) -> Observation:
    """A changed result with what the function reads in other calls, where this one was not watched."""
    if observation.kind != "stale" or observation.reads:
        return observation
    return observation.model_copy(update={"reads": reads})


def _last_tallies(observations: Iterable[Observation]) -> list[Observation]:
    """Each process tells its counts again and again; the last ones count."""
    last = {(each.process, each.instance): each for each in observations if each.kind == "tally"}
    return list(last.values())


def _spent(tallies: Iterable[Observation]) -> dict[int, int]:
    """Nanoseconds by process; each tally tells those of its whole process so far."""
    spent: dict[int, int] = {}
    for tally in tallies:
        spent[tally.process] = max(tally.spent, spent.get(tally.process, 0))
    return spent


def hazard_of(observation: Observation) -> Hazard | None:
    """The hazard that an observation proves, None if it proves none."""
    teller = _TELLERS.get(observation.kind)
    if teller is None:
        return None
    told = teller(observation)
    test = None if observation.test is None else plain(observation.test)
    key = None if observation.key is None else plain(observation.key)
    return Hazard(
        told.kind, plain(told.detail), test=test, key=key, remedy=plain(told.remedy), gist=plain(told.gist)
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


def _doubts(observations: Iterable[Observation], tallies: Sequence[Observation]) -> Iterator[str]:
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
            yield plain(
                f"it reads {words}{what}{where}, which a cached result would not follow; "
                "if it can change, pass it as an argument"
            )
    compared, unknown = (sum(getattr(tally, name) for tally in tallies) for name in ("compared", "unknown"))
    if compared and compared == unknown:
        yield "its results are of a kind that could not be compared"


def _remarks(tallies: Sequence[Observation]) -> Iterator[str]:
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

"""What the oracle saw of one function: read from its files, merged, bounded."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from hitrate.files import untrusted
from hitrate.hazards.changes import change_of_input
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.livedata import is_live
from hitrate.hazards.observations import (
    OBSERVATION,
    ChangedGlobal,
    ChangedInput,
    Effect,
    Ended,
    Hint,
    Lazy,
    Observation,
    OracleTally,
    OwnIdentity,
    Proof,
    Reads,
    Stale,
    Typed,
    Unreadable,
)
from hitrate.hazards.sentences import HIDDEN_INPUTS, hazard_of, remarks_of
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.vocabulary import HazardKind

ENDING = ".hazards"


FILE_LIMIT_BYTES = 8 << 20


LINE_LIMIT = 1 << 14


HAZARDS_LIMIT = 8
NAMES_LIMIT = 3


_TEMPORARY = re.compile("(/private)?(/tmp|/var/tmp|/var/folders)/")


@dataclass(frozen=True, slots=True)
class Oversight:
    """What the oracle found about one function in all processes of a run.

    Attributes:
        hazards: Proofs, worst first.
        doubts: Why a cache cannot be recommended although nothing was proven.
        remarks: What was not looked at, each one plain sentence.
        compared: Repeated calls whose result was compared with what a cache would have handed out.
        watched: Repeated calls that were watched for reads and effects.
        left_out: Different calls that were not looked at, for the time that it takes.
        seconds: Time that the oracle took in all processes, for all functions.
    """

    hazards: tuple[Hazard, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[str, ...] = ()
    compared: int = 0
    watched: int = 0
    left_out: int = 0
    seconds: float = 0.0


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
            by_slot[observation.slot].append(_in_the_tree(observation, root))
    return tuple(oversight(by_slot[slot]) for slot in range(slots))


def _in_the_tree(observation: Observation, root: str) -> Observation:
    """An observation that names a file by its path in the tree."""
    if not isinstance(observation, Effect | Reads):
        return observation
    return observation.model_copy(update={"what": _in_short(observation.what.removeprefix(root))})


def _in_short(path: str) -> str:
    """A path without the folders that every run makes for itself."""
    return f"temporary {PurePosixPath(path).name}" if _TEMPORARY.match(path) else path


def _observations(file: Path) -> Iterator[Observation]:
    """The file's lines that are as they should be; the last one may be torn."""
    for line in untrusted.read_up_to(file.parent, file.name, FILE_LIMIT_BYTES).split(b"\n"):
        if not line or len(line) > LINE_LIMIT:
            continue
        try:
            yield OBSERVATION.validate_json(line)
        except ValidationError:
            continue


def oversight(observations: Sequence[Observation]) -> Oversight:
    """Join what was observed of one function."""
    found: dict[tuple[str, ...], Hazard] = {}
    reads = tuple(sorted({each.about for each in observations if isinstance(each, Reads)}))
    for observation in sorted(observations, key=lambda each: each.test is None):
        if not isinstance(observation, Hint | OracleTally):
            found.setdefault(_sameness(observation), hazard_of(_explained(observation, reads)))
    order = list(HazardKind)
    hazards = sorted(found.values(), key=lambda hazard: order.index(hazard.kind))
    tallies = _last_tallies(observations)
    return Oversight(
        hazards=tuple(hazards[:HAZARDS_LIMIT]),
        doubts=tuple(doubts_of(observations, tallies)),
        remarks=tuple(remarks_of(tallies)),
        compared=sum(tally.compared for tally in tallies),
        watched=sum(tally.watched for tally in tallies),
        left_out=sum(tally.left_out for tally in tallies),
        seconds=sum(_spent(tallies).values()) / 1e9,
    )


def uncompared(found: Oversight, hits: int | None) -> tuple[Doubt, ...]:
    """The doubt that remains where none of the calls that a cache would have answered was compared."""
    silent = bool(hits) and not (found.compared or found.hazards or found.doubts)
    return (Doubt(Topic.UNCOMPARED, Grounds.SEEN),) if silent else ()


def _sameness(proof: Proof) -> tuple[str, ...]:
    """What two observations share that are told only once."""
    match proof:
        case Stale() | Typed():
            return proof.kind, proof.cause
        case Effect() | ChangedGlobal():
            return proof.kind, proof.about
        case _:
            return (proof.kind,)


def _explained(observation: Proof, reads: tuple[str, ...]) -> Proof:
    """A changed result with what the function reads in other calls, where this one was not watched."""
    if not isinstance(observation, Stale) or observation.reads:
        return observation
    return observation.model_copy(update={"reads": reads})


def _last_tallies(observations: Iterable[Observation]) -> list[OracleTally]:
    """Each process tells its counts again and again; the last ones count."""
    last = {(each.process, each.instance): each for each in observations if isinstance(each, OracleTally)}
    return list(last.values())


def _spent(tallies: Iterable[OracleTally]) -> dict[int, int]:
    """Nanoseconds by process; each tally tells those of its whole process so far."""
    spent: dict[int, int] = {}
    for tally in tallies:
        spent[tally.process] = max(tally.spent, spent.get(tally.process, 0))
    return spent


def doubts_of(observations: Sequence[Observation], tallies: Sequence[OracleTally]) -> Iterator[Doubt]:
    """One doubt a kind of hidden input, one of what changed, one of what cannot be read."""
    reads: dict[Topic, list[Reads]] = defaultdict(list)
    for observation in observations:
        if isinstance(observation, Reads) and observation.about in HIDDEN_INPUTS:
            reads[Topic(observation.about)].append(observation)
    for topic in HIDDEN_INPUTS:
        if seen := reads.get(topic):
            names = sorted(
                dict.fromkeys(each.what for each in seen if each.what), key=lambda each: not is_live(each)
            )
            where = next((each.where for each in seen if each.where), "")
            yield Doubt(topic, Grounds.SEEN, tuple(names[:NAMES_LIMIT]), where)
    natures = [*_natures(observations)]
    yield from natures
    yield from _doubtful_calls(observations)
    compared, unknown = (sum(getattr(tally, name) for tally in tallies) for name in ("compared", "unknown"))
    if compared and compared == unknown and not natures:
        yield Doubt(Topic.INCOMPARABLE, Grounds.SEEN)


def _doubtful_calls(observations: Sequence[Observation]) -> Iterator[Doubt]:
    """What changed between calls that read it, and what calls are given that cannot be read."""
    changed = [each for each in observations if isinstance(each, ChangedInput)]
    for first in changed[:1]:
        names = tuple(dict.fromkeys(each.what for each in changed))
        yield Doubt(Topic.CHANGED, Grounds.SEEN, names[:NAMES_LIMIT], first.where, by=change_of_input(first))
    opaque = [each for each in observations if isinstance(each, Unreadable)]
    for given in opaque[:1]:
        yield Doubt(Topic.OPAQUE, Grounds.SEEN, (given.argument,), by=given.what)


def _natures(observations: Sequence[Observation]) -> Iterator[Doubt]:
    """What its results are: things of their own, or such as read later."""
    for seen in [each for each in observations if isinstance(each, Lazy)][:1]:
        names = (seen.what,) if seen.what else (seen.place.removeprefix("."), seen.before, seen.after)
        yield Doubt(Topic.LAZY, Grounds.SEEN, names)
    for closed in [each for each in observations if isinstance(each, Ended)][:1]:
        yield Doubt(Topic.ENDED, Grounds.SEEN, (closed.what,))
    things = dict.fromkeys(each.what for each in observations if isinstance(each, OwnIdentity))
    if things:
        yield Doubt(Topic.IDENTITY, Grounds.SEEN, tuple(things)[:NAMES_LIMIT])

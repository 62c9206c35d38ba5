"""What the oracle saw of one function: read from its files, merged, bounded."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from hitrate.files import untrusted
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.observations import Observation
from hitrate.hazards.sentences import doubts_of, hazard_of, remarks_of
from hitrate.vocabulary import HazardKind

ENDING = ".hazards"


FILE_LIMIT_BYTES = 8 << 20


LINE_LIMIT = 1 << 14


HAZARDS_LIMIT = 8


_TEMPORARY = re.compile("(/private)?(/tmp|/var/tmp|/var/folders)/")


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
    for line in untrusted.read_up_to(file.parent, file.name, FILE_LIMIT_BYTES).split(b"\n"):
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
        doubts=tuple(doubts_of(observations, tallies)),
        remarks=tuple(remarks_of(tallies)),
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

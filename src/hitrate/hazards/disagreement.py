"""Calls that gave different results in runs under different conditions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitrate.files import untrusted
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.perturbation import Disturbance
from hitrate.vocabulary import HazardKind
from hitrate.wording.text import quoted, without_escapes

ENDING = ".ledger"
FILE_LIMIT_BYTES = 16 << 20
LINE_LIMIT = 1 << 12

Digest = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Text = Annotated[str, Field(max_length=1000)]


class Note(BaseModel):
    """One call that a process noted; it is not trusted: text, no more."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    slot: Annotated[int, Field(ge=0)]
    arguments: Digest
    result: Digest
    shown: Text
    key: Text
    test: Text | None = None


Ledger = Mapping[tuple[int, str], Mapping[str, Note]]
"""By function and arguments: each different result, with one call that gave it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What follows for one function from the runs."""

    hazards: tuple[Hazard, ...] = ()
    remarks: tuple[str, ...] = ()


def read_ledger(records: Path) -> Ledger:
    """The notes of all processes of one run."""
    found: dict[tuple[int, str], dict[str, Note]] = {}
    for file in sorted(records.glob(f"*{ENDING}")):
        for note in _notes(file):
            found.setdefault((note.slot, note.arguments), {}).setdefault(note.result, note)
    return found


def _notes(file: Path) -> Iterator[Note]:
    for line in untrusted.read_up_to(file.parent, file.name, FILE_LIMIT_BYTES).split(b"\n"):
        if line and len(line) <= LINE_LIMIT:
            try:
                yield Note.model_validate(json.loads(line))
            except (ValueError, ValidationError, RecursionError):
                continue


def disagreements(base: Ledger, changed: Mapping[Disturbance, Ledger], slots: int) -> list[Disagreement]:
    """What the changes of conditions bring to light, by function.

    A result that differs under one change is put down to it if another run agrees with the first one. What
    differs in every run, such as the path of a temporary folder, tells nothing about a single process.

    Args:
        base: The run without any change.
        changed: The run with each change.
        slots: Number of functions.
    """
    found: list[Disagreement] = [Disagreement()] * slots
    for change, ledger in changed.items():
        others = [other for each, other in changed.items() if each is not change]
        for slot, (before, after) in _first_differences(base, ledger, others).items():
            if slot < slots:
                found[slot] = _joined(found[slot], change, before, after)
    return found


def _joined(known: Disagreement, change: Disturbance, before: Note, after: Note) -> Disagreement:
    if change is Disturbance.HASH_SEED:
        return replace(known, remarks=(*known.remarks, _seed_remark(before, after)))
    return replace(known, hazards=(*known.hazards, _hazard(change, before, after)))


def _first_differences(
    base: Ledger, ledger: Ledger, others: Sequence[Ledger]
) -> dict[int, tuple[Note, Note]]:
    """By function, the first call that gave one result in the base run and only others in this one."""
    found: dict[int, tuple[Note, Note]] = {}
    for call, results in ledger.items():
        before = base.get(call, {})
        if len(before) != 1 or not before.keys().isdisjoint(results):
            continue
        if any(before.keys() == other[call].keys() for other in others if call in other):
            found.setdefault(call[0], (next(iter(before.values())), next(iter(results.values()))))
    return found


def _hazard(change: Disturbance, before: Note, after: Note) -> Hazard:
    gist = f"its result follows {change}"
    shown = f"{quoted(before.shown)}, then {quoted(after.shown)}"
    remedy = (
        "pass it as an argument"
        if change is not Disturbance.ORDER
        else "clear the cache when the state changes"
    )
    test = None if after.test is None else without_escapes(after.test)
    return Hazard(
        HazardKind.STALE,
        without_escapes(f"{gist}: {shown} when that was changed"),
        test=test,
        key=without_escapes(after.key),
        remedy=remedy,
        gist=gist,
    )


def _seed_remark(before: Note, after: Note) -> str:
    return without_escapes(
        f"Its result follows the hash seed ({quoted(before.shown)}, then {quoted(after.shown)} "
        f"for {quoted(after.key)}); "
        "that is fixed within a process, so a cache is not affected."
    )

"""Putting files back, after a run and after a crash: all that can be, and a word about each that cannot."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hitrate.patching import exchange, stalebytecode
from hitrate.patching.edited import left, threeway
from hitrate.patching.edits import PatchError, spliced
from hitrate.patching.interrupts import uninterrupted
from hitrate.patching.journal import Journal, JournalPlace, PatchedFile, opened, sync_folder

_ATTEMPTS = 3


class RestoreError(PatchError):
    """Files that somebody else changed while they were patched; their change was not overwritten."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A file that had been patched and is not any more.

    Attributes:
        path: The file.
        edited: Whether somebody edited it meanwhile: it is the original with these edits.
    """

    path: Path
    edited: bool


def recover(tree: Path | str, *, place: JournalPlace | None = None) -> list[str]:
    """Put a tree back after a crash.

    Returns:
        The files that were put back, relative to the tree.

    Raises:
        PatchError: Another Hitrate is at work in the tree.
        RestoreError: Files were changed after the crash and were not touched, or were left by an earlier run
            and still have lines of a patch in them; all the others are back.
    """
    return [name_of(item.path, Path(tree).resolve()) for item in recovered(tree, place=place)]


def recovered(
    tree: Path | str, *, place: JournalPlace | None = None, exchanging: exchange.Exchange = exchange.exchange
) -> list[Restored]:
    """What :func:`recover` does, with what became of each file; it raises the same."""
    place = place or JournalPlace.of(Path(tree))
    if not place.folder.is_dir():
        return []
    with opened(place) as journal, uninterrupted():
        restored = put_all_back(journal, journal.entries, exchanging)
        complaints = [
            f"{name_of(item.path, place.root)} still has lines of a patch in it, from a run while it was "
            f"edited: take them out, or put its original back: {item.command}"
            for item in left.remaining(journal)
        ]
    if complaints:
        raise RestoreError("; ".join(complaints))
    return restored


def put_all_back(
    journal: Journal,
    entries: Sequence[PatchedFile],
    exchanging: exchange.Exchange,
    refill: Callable[[PatchedFile], None] | None = None,
) -> list[Restored]:
    """Put files back; those that really had been patched. What somebody edited in them meanwhile is kept.

    Args:
        journal: Where the entries are.
        entries: The files.
        exchanging: Exchanges two files.
        refill: Makes an original again that is not where it should be, where it is known.

    Raises:
        RestoreError: Some could not be; says why, after all the others were put back.
    """
    restored: list[Restored] = []
    complaints: list[str] = []
    for entry in tuple(entries):
        try:
            if refill is not None:
                refill(entry)
            if (done := _put_one_back(journal, entry, exchanging)) is not None:
                restored.append(done)
        except exchange.ChangedError:
            complaints.append(_changed(journal, entry))
        except OSError as error:
            complaints.append(
                f"{name_of(entry.path, journal.place.root)} could not be put back ({error.strerror}): "
                "once that is fixed, run hitrate recover"
            )
            continue
        journal.settle(entry)
    for folder in {item.path.parent for item in restored}:  # before the journal may go
        with suppress(OSError):
            sync_folder(folder)
    if complaints:
        raise RestoreError("; ".join(complaints))
    return restored


def _put_one_back(journal: Journal, entry: PatchedFile, exchanging: exchange.Exchange) -> Restored | None:
    """Put one file and its compiled files back; None if it was not patched.

    Raises:
        ChangedError: Somebody changed it in a way that cannot be kept apart from the patch.
    """
    patched = exchange.is_patched(entry)
    if patched:
        stalebytecode.put_back(entry)
    else:
        stalebytecode.return_set_aside(entry)
    for _ in range(_ATTEMPTS):  # it may be saved at this very moment
        try:
            exchange.put_back(entry, exchanging)
            edited = patched and exchange.digest_of(entry.path) != entry.original
        except exchange.ChangedError:
            try:
                edited = _merge(journal, entry, exchanging)
            except exchange.ChangedError:
                continue
            if not edited:
                raise
        return Restored(entry.path, edited) if patched else None
    raise exchange.ChangedError


def _merge(journal: Journal, entry: PatchedFile, exchanging: exchange.Exchange) -> bool:
    """Take the patch out of a file that somebody edited; whether that could be done.

    Raises:
        ChangedError: It was changed once more, just now.
    """
    if os.path.realpath(entry.path.parent) != str(entry.path.parent):
        return False
    original, current = exchange.content_of(entry.slot), exchange.content_of(entry.path)
    if original is None or current is None or exchange.digest(original) != entry.original:
        return False
    variants = [
        pieces
        for digest, pieces in entry.patched.items()
        if exchange.digest(spliced(original, pieces)) == digest
    ]
    data = threeway.merged(original, variants, current)
    if data is None:
        return False
    edited, merged = exchange.digest(current), exchange.digest(data)
    if not exchange.stage_merged(entry, data):
        return False
    journal.record_merged(entry, edited, merged)
    exchange.swap_merged_in(entry, edited, exchanging)
    return True


def _changed(journal: Journal, entry: PatchedFile) -> str:
    name = name_of(entry.path, journal.place.root)
    if not os.path.lexists(entry.slot):
        return f"{name} was changed by somebody else while it was patched; it is back, with that change"
    item, traced = left.leave(journal, entry)
    told = f"{name} was changed by somebody else while it was patched and left as it is"
    if os.path.realpath(entry.path.parent) != str(entry.path.parent):
        return f"{told}; its original is in {item.kept}"
    if traced:
        told += ", with lines of the patch in it"
    return f"{told}; this puts its original back: {item.command}"


def name_of(path: Path, tree: Path) -> str:
    """A file's name for people: relative to the tree if it is in it."""
    return path.relative_to(tree).as_posix() if path.is_relative_to(tree) else str(path)

"""Putting files back, after a run and after a crash: all that can be, and a word about each that cannot."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from hitrate import bytecode, swap
from hitrate.edits import PatchError
from hitrate.journal import Entry, Journal, sync_folder


class RestoreError(PatchError):
    """Files that somebody else changed while they were patched; their change was not overwritten."""


def put_all_back(
    journal: Journal,
    entries: Sequence[Entry],
    exchanging: swap.Exchange,
    refill: Callable[[Entry], None] | None = None,
) -> list[Path]:
    """Put files back; those that really had been patched.

    Args:
        journal: Where the entries are.
        entries: The files.
        exchanging: Exchanges two files.
        refill: Makes an original anew that is not where it should wait, where it is known.

    Raises:
        RestoreError: Some could not be; says why, after all the others were put back.
    """
    restored: list[Path] = []
    complaints: list[str] = []
    for entry in tuple(entries):
        try:
            if refill is not None:
                refill(entry)
            if _put_one_back(entry, exchanging):
                restored.append(entry.path)
        except swap.ChangedError:
            complaints.append(_changed(journal, entry))
        except OSError as error:
            complaints.append(
                f"{name_of(entry.path, journal.place.root)} could not be put back ({error.strerror}): "
                "when that is mended, run hitrate recover"
            )
            continue
        journal.settle(entry)
    for folder in {path.parent for path in restored}:  # before the journal may go
        with suppress(OSError):
            sync_folder(folder)
    if complaints:
        raise RestoreError("; ".join(complaints))
    return restored


def _put_one_back(entry: Entry, exchanging: swap.Exchange) -> bool:
    """Put one file and its compiled files back; whether it had been patched."""
    patched = swap.is_patched(entry)
    if patched:
        bytecode.put_back(entry)
    else:
        bytecode.return_set_aside(entry)
    swap.put_back(entry, exchanging)
    return patched


def _changed(journal: Journal, entry: Entry) -> str:
    name = name_of(entry.path, journal.place.root)
    if not os.path.lexists(entry.slot):
        return f"{name} was changed by somebody else while it was patched; it is back, with that change"
    return (
        f"{name} was changed by somebody else while it was patched and left as it is; its original is in "
        f"{journal.keep(entry)}"
    )


def name_of(path: Path, tree: Path) -> str:
    """A file's name for people: relative to the tree if it is in it."""
    return path.relative_to(tree).as_posix() if path.is_relative_to(tree) else str(path)

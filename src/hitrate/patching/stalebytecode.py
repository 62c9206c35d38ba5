"""Compiled files of patched modules: set aside while a patch is there, put back after it."""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from hitrate.patching.journal import PatchedFile

FOLDER = "__pycache__"
_HASHED_NOT_CHECKED = 1


def compiled(path: Path) -> list[Path]:
    """A module's compiled files, of any Python and of pytest, also those that were being written."""
    folder = path.parent / FOLDER
    if folder.is_symlink():
        return []
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / name for name in sorted(names) if name.startswith(f"{path.stem}.") and ".pyc" in name]


def set_aside(entry: PatchedFile) -> None:
    """Take the compiled files away: Python never compares some kinds of them with their source.

    Those of somebody else, as root's in a tree where tests once ran in a container, stay: each content of a
    file has a time of its own, so Python does not run them.

    Raises:
        PermissionError: One of these is of the kind that Python would run.
    """
    for path, slot in entry.bytecode:
        try:
            _move(path, slot)
        except PermissionError:
            slot.unlink(missing_ok=True)
            if _never_compared(path):
                raise


def put_back(entry: PatchedFile) -> None:
    """Remove what was compiled from patched source and put the compiled files back that were there before."""
    before = {path for path, _ in entry.bytecode}
    for path in compiled(entry.path):
        if path not in before:
            with suppress(PermissionError, FileNotFoundError):
                path.unlink()
    return_set_aside(entry)
    if not entry.had_bytecode_folder:
        with suppress(OSError):  # others' compiled files may be there
            (entry.path.parent / FOLDER).rmdir()


def return_set_aside(entry: PatchedFile) -> None:
    """Put the compiled files back that were set aside."""
    for path, slot in entry.bytecode:
        if slot.exists():
            path.parent.mkdir(exist_ok=True)
            _move(slot, path)


def _never_compared(path: Path) -> bool:
    """Whether a compiled file says that it holds whatever its source says (PEP 552)."""
    with suppress(OSError), path.open("rb") as file:
        return int.from_bytes(file.read(8)[4:], "little") == _HASHED_NOT_CHECKED
    return False


def _move(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.move(source, target)

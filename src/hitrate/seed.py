"""A variant's bytecode folder begins with what another variant compiled: no run compiles everything."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def seed(folder: Path, source: Path) -> None:
    """Fill a bytecode folder from another variant's by hard links; an existing folder is left as it is.

    Python and pytest compare a compiled file with size and time of its source, which the patcher makes differ
    for patched files, and replace it by a new file, never in place: neither folder can change the other.

    Args:
        folder: The new variant's folder.
        source: Another variant's folder; it may be missing.
    """
    if folder.exists() or not source.is_dir():
        return
    for place, _, files in os.walk(source):
        target = folder / os.path.relpath(place, source)
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(Path(place).stat().st_mode)
        for name in files:
            if name.endswith(".pyc"):
                _link(Path(place, name), target / name)
    if os.geteuid() == 0:
        _give_folders(folder, source)


def _link(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):
        try:
            os.link(source, target)
        except OSError:  # another file system, or one without hard links
            shutil.copy2(source, target)


def _give_folders(folder: Path, source: Path) -> None:
    """Give the folders to the users that own their models: the tests may run as another user."""
    for place, _, _ in os.walk(folder):
        model = (source / os.path.relpath(place, folder)).stat()
        os.chown(place, model.st_uid, model.st_gid)

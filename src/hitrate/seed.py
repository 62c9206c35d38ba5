"""Bytecode folders that begin with what was compiled before: no run has to compile everything anew.

A variant's folder (``PYTHONPYCACHEPREFIX``) mirrors the file system and stands for every ``__pycache__``.
Python and pytest replace a compiled file by a new one and never write into it, so folders may share files by
hard links: neither can change the other.
"""

import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path


def seed(folder: Path, source: Path, without: Collection[str] = ()) -> None:
    """Fill a variant's folder from another variant's; an existing folder is left as it is.

    Args:
        folder: The new variant's folder.
        source: Another variant's folder; it may be missing.
        without: Source files that differ between the two, relative to the tree, with forward slashes. Python
            mostly notices, but there are compiled files that it never compares with their source.
    """
    if folder.exists() or not source.is_dir():
        return
    patched = tuple(f"/{path.removesuffix('.py')}." for path in without)
    # Thousands of files: paths stay plain strings.
    for place, _, files in os.walk(source):
        target = f"{folder}{place.removeprefix(str(source))}"
        _make_like(target, os.stat(place))
        for name in files:
            if name.endswith(".pyc") and not f"{place}/{name.partition('.')[0]}.".endswith(patched):
                _link(f"{place}/{name}", f"{target}/{name}")


def _link(source: str, target: str) -> None:
    with suppress(FileNotFoundError):
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:  # another file system, or one without hard links
            shutil.copy2(source, target)


def _make_like(folder: str, model: os.stat_result) -> None:
    """Make a folder with the mode and owner of its model: the tests may run as another user."""
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, model.st_mode & 0o7777)
    if os.geteuid() == 0:
        os.chown(folder, model.st_uid, model.st_gid)

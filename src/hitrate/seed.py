"""Bytecode folders that begin with what was compiled before: no run has to compile everything anew.

A variant's folder (``PYTHONPYCACHEPREFIX``) mirrors the file system and stands for every ``__pycache__``.
Python and pytest replace a compiled file by a new one and never write into it, so folders may share files by
hard links: neither can change the other.
"""

import os
from collections.abc import Collection
from pathlib import Path

from hitrate.filecopy import share_tree


def seed(folder: Path, source: Path, without: Collection[str] = ()) -> None:
    """Fill a variant's folder from another variant's; an existing folder is left as it is.

    Args:
        folder: The new variant's folder.
        source: Another variant's folder; it may be missing.
        without: Source files that differ between the two, relative to the tree, with forward slashes. Python
            mostly notices, but there are compiled files that it never compares with their source.
    """
    if os.path.lexists(folder) or not source.is_dir():
        return
    patched = tuple(f"/{path.removesuffix('.py')}." for path in without)

    def wanted(path: str) -> bool:
        place, _, name = f"/{path}".rpartition("/")
        return name.endswith(".pyc") and not f"{place}/{name.partition('.')[0]}.".endswith(patched)

    share_tree(source, folder, wanted)

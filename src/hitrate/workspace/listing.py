"""Which files belong to a tree: those that git tracks, and new source that is part of a change."""

import os
from pathlib import Path

from git import Repo

from hitrate.change.comparison import Change


def belonging(repository: Repo, change: Change) -> frozenset[str]:
    """The paths of all files of a working tree, with forward slashes, less source of caches and environments.

    Args:
        repository: Its repository.
        change: What differs from the base; new source is among it before git tracks it.
    """
    root = Path(repository.working_dir)
    tracked = _listed(repository, "--cached", "--recurse-submodules")
    others = (path for path in _listed(repository, "--others", "--exclude-standard") if path[-3:] != ".py")
    new = (file.path for file in change.files)
    return frozenset(path for path in (*tracked, *others, *new) if (root / path).is_file())


def _listed(repository: Repo, *which: str) -> list[str]:
    listed = repository.git.ls_files("-z", *which, stdout_as_string=False)
    return [os.fsdecode(path) for path in listed.split(b"\0") if path]

"""What test runs leave behind in a tree, and how it is put away."""

import os
import resource
import sys
from pathlib import Path

import pytest
from git import Repo

from hitrate.workspace import leftovers
from tests.integration.repositories import new_repository


def test_new_caches_and_ignored_files_are_removed(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "tree", {".gitignore": "*.log\n", "a.py": ""})
    (tree / "old.log").touch()
    tidy = leftovers.tidier(Repo(tree))
    for name in ("new.log", "new.txt", ".coverage"):
        (tree / name).touch()
    (tree / "__pycache__").mkdir()
    (tree / "__pycache__" / "a.pyc").touch()
    tidy()
    assert {path.name for path in tree.iterdir()} == {".git", ".gitignore", "a.py", "old.log", "new.txt"}


def test_a_pipe_among_gits_files_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "LISTING_SECONDS", 0.2)
    tree = new_repository(tmp_path / "tree", {"a.py": ""})
    tidy = leftovers.tidier(Repo(tree))
    (tree / "new").mkdir()
    (tree / "new" / "a.txt").touch()
    os.mkfifo(tree / "new" / ".gitignore")
    tidy()
    assert (tree / "a.py").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what is mapped")
def test_a_file_of_gits_that_is_larger_than_the_memory(tmp_path: Path) -> None:
    """It takes no room on the disk, and git would read it as a whole, as root."""
    tree = new_repository(tmp_path / "tree", {"a.py": ""})
    tidy = leftovers.tidier(Repo(tree))
    (tree / "new").mkdir()
    (tree / "new" / "a.txt").touch()
    with (tree / "new" / ".gitignore").open("wb") as file:
        file.truncate(2 * leftovers.LISTING_BYTES)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tidy()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < max(
        before, leftovers.LISTING_BYTES // 1024
    )
    assert (tree / "new" / "a.txt").exists()

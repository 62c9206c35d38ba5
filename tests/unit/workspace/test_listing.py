"""Which files belong to a tree."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from git import Repo

from hitrate.change.comparison import Change, ChangedFile
from hitrate.workspace.listing import belonging
from tests.integration.repositories import git, new_repository, write

BASE = {".gitignore": "*.log\n__pycache__/\n", "a.py": "", "data/table.csv": ""}


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repo]:
    with Repo(new_repository(tmp_path / "tree", BASE)) as repository:
        yield repository


def listed(repository: Repo, *changed: str) -> frozenset[str]:
    change = Change(None, None, files=tuple(ChangedFile(path, ()) for path in changed))
    return belonging(repository, change)


def test_source_that_git_does_not_track_belongs_to_a_tree_as_part_of_a_change(repository: Repo) -> None:
    """The tests may read any other file that is not ignored; a stray module is nobody's."""
    write(
        Path(repository.working_dir),
        {"new.py": "", "stray.py": "", "notes.txt": "", "run.log": "", "__pycache__/a.pyc": ""},
    )
    assert listed(repository, "new.py") == {*BASE, "new.py", "notes.txt"}
    assert listed(repository) == {*BASE, "notes.txt"}


def test_a_file_that_is_gone_does_not_belong_whoever_names_it(repository: Repo) -> None:
    (Path(repository.working_dir) / "a.py").unlink()
    assert listed(repository, "a.py", "never.py", "data") == set(BASE) - {"a.py"}


def test_an_ignored_file_that_git_tracks_belongs(repository: Repo) -> None:
    tree = Path(repository.working_dir)
    write(tree, {"kept.log": ""})
    git(tree, "add", "-f", "kept.log")
    assert listed(repository) == {*BASE, "kept.log"}


def test_names_are_what_they_are_on_the_disk(repository: Repo) -> None:
    tree = Path(repository.working_dir)
    names = ["a b.txt", "line\nbreak.txt", '"quoted".txt', "ö.txt", os.fsdecode(b"\xff.txt")]
    for name in names:
        (tree / name).touch()
    assert listed(repository) == {*BASE, *names}


def test_files_of_a_submodule_belong(repository: Repo, tmp_path: Path) -> None:
    tree, other = Path(repository.working_dir), new_repository(tmp_path / "other", {"b.py": ""})
    git(tree, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "lib")
    assert listed(repository) == {*BASE, ".gitmodules", "lib/.gitignore", "lib/b.py"}

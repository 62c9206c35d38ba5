"""Which lines of which files changed, whatever the files are called."""

import os
from pathlib import Path

import pytest
from git import Repo

from hitrate.change.comparison import Lines, compare
from hitrate.change.rawdiff import FileDifference, parsed
from tests.integration.repositories import commit, new_repository

NAMES = [
    "plain.py",
    "a:b.py",
    ":colon.py",
    "::error::FORGED.py",
    "a\n:100644 100644 0 0 M\n.py",
    "a\nb.py",
    "\r.py",
    "tab\t.py",
    'quote".py',
    "back\\slash.py",
    " space .py",
    "ü.py",
    "%0A.py",
    ":(glob)**.py",
    "folder:x/:y.py",
    "-dash.py",
]


def write(tree: Path, name: str, text: str) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text)


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "in the working tree"])
def test_files_of_every_name(tmp_path: Path, committed: bool) -> None:
    tree = tmp_path / "tree"
    new_repository(tree, dict.fromkeys(NAMES, "one\ntwo\n"))
    for name in NAMES:
        write(tree, name, "one\n2\n")
    with Repo(tree) as repository:
        if committed:
            commit(tree)
        base, head = ("HEAD~1", "HEAD") if committed else ("HEAD", None)
        found = {file.path: file.lines for file in compare(repository, base, head).files}
    assert found == dict.fromkeys(NAMES, (Lines(2, 2),))


def test_new_renamed_and_deleted_files(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    text = "".join(f"line {number}\n" for number in range(30))
    new_repository(tree, {"old:name.py": text, "gone:.py": "other\n"})
    with Repo(tree) as repository:
        repository.git.mv("old:name.py", "new:name.py")
        write(tree, "new:name.py", text.replace("line 7\n", "line seven\n"))
        write(tree, "new:.py", "one\n")
        os.unlink(tree / "gone:.py")
        commit(tree)
        found = {file.path: file.lines for file in compare(repository, "HEAD~1", "HEAD").files}
    assert found == {"new:name.py": (Lines(8, 8),), "new:.py": (Lines(1, 1),)}


def test_what_git_says_is_read_field_by_field() -> None:
    sha, none = "a" * 40, "0" * 40
    said = f":100644 100644 {sha} {none} M\0:a\n:b\0:000000 120000 {none} {sha} A\0x\0".encode()
    said += f":100644 100755 {sha} {sha} R090\0one\0two\0".encode()
    assert list(parsed(said)) == [
        FileDifference(0o100644, 0o100644, sha, None, ":a\n:b", ":a\n:b"),
        FileDifference(0, 0o120000, None, sha, "x", "x"),
        FileDifference(0o100644, 0o100755, sha, sha, "one", "two"),
    ]
    assert list(parsed(b"")) == []

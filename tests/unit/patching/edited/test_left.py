"""Files that keep lines of a patch: told until these are gone, with a command that puts the original back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitrate.patching import exchange
from hitrate.patching.edited.left import Left, leave, remaining
from hitrate.patching.edits import cached, pieces_of, spliced
from hitrate.patching.journal import Journal, JournalPlace, Method, PatchedFile, opened
from hitrate.source.definitions import parse

ORIGINAL = b"def f(x):\n    return x\n"
PIECES = pieces_of(parse(ORIGINAL), [cached("a.py", "f", 1, 8)])
PATCHED = spliced(ORIGINAL, PIECES)
EDITED = PATCHED + b"\n\nNEW = 1\n"
REWRITTEN = b"def g():\n    return 2\n"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(JournalPlace.of(tmp_path)) as journal:
        yield journal


def left(journal: Journal, content: bytes) -> tuple[Left, bool]:
    """What becomes of a patched file that somebody has made ``content`` of."""
    entry = PatchedFile(
        path=journal.place.root / "a.py",
        slot=journal.slot(),
        original=exchange.digest(ORIGINAL),
        method=Method.COPY,
        bytecode=(),
        had_bytecode_folder=False,
        patched={exchange.digest(PATCHED): PIECES},
    )
    entry.slot.write_bytes(ORIGINAL)
    entry.path.write_bytes(content)
    return leave(journal, entry)


def test_a_file_with_lines_of_a_patch_is_told_of_again_and_again(journal: Journal) -> None:
    file, traced = left(journal, EDITED)
    assert traced
    assert file.path.read_bytes() == EDITED
    assert file.kept.read_bytes() == ORIGINAL
    assert list(remaining(journal)) == list(remaining(journal)) == [file]


def test_a_file_without_them_is_not_told_of_and_its_original_stays(journal: Journal) -> None:
    file, traced = left(journal, REWRITTEN)
    assert not traced
    assert list(journal.kept.iterdir()) == [file.kept]
    assert list(remaining(journal)) == []
    assert file.kept.read_bytes() == ORIGINAL


@pytest.mark.parametrize(("content", "kept"), [(ORIGINAL, False), (ORIGINAL + b"\n\nNEW = 1\n", True)])
def test_it_is_forgotten_once_they_are_gone(journal: Journal, content: bytes, kept: bool) -> None:
    """The original stays where the file has become another; it is no use where they are the same."""
    file, _ = left(journal, EDITED)
    file.path.write_bytes(content)
    assert list(remaining(journal)) == []
    assert [path.name for path in journal.kept.glob("*")] == ([file.kept.name] if kept else [])
    file.path.write_bytes(EDITED)
    assert list(remaining(journal)) == []


def test_a_file_that_was_deleted_is_forgotten_with_its_original_kept(journal: Journal) -> None:
    file, _ = left(journal, EDITED)
    file.path.unlink()
    assert list(remaining(journal)) == []
    assert list(journal.kept.iterdir()) == [file.kept]


@pytest.mark.parametrize(
    "note", [b"", b"{", b"\xff", b"[]", b'{"file": "a.py"}', b'{"file": 1, "texts": []}']
)
def test_a_strange_note_is_left_alone(journal: Journal, note: bytes) -> None:
    file, _ = left(journal, EDITED)
    strange = journal.kept / "0-strange.left.json"
    strange.write_bytes(note)
    assert list(remaining(journal)) == [file]
    assert strange.read_bytes() == note


def put_back(file: Left) -> None:
    subprocess.run(["sh", "-euc", file.command], check=True, timeout=20)


@pytest.mark.parametrize("name", ["a.py", "it's mine.py", "$(touch x).py", "-f.py", "ö\n.py"])
def test_the_command_puts_the_original_back_whatever_its_name(tmp_path: Path, name: str) -> None:
    path, kept = tmp_path / name, tmp_path / f"kept-{name}"
    path.write_bytes(EDITED)
    kept.write_bytes(ORIGINAL)
    put_back(Left(path, kept))
    assert [found.name for found in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == ORIGINAL


@pytest.mark.parametrize("linked", [False, True])
def test_the_command_moves_a_folder_in_its_place_aside(tmp_path: Path, linked: bool) -> None:
    path, kept, folder = tmp_path / "a.py", tmp_path / "kept", tmp_path / "folder"
    kept.write_bytes(ORIGINAL)
    folder.mkdir()
    (folder / "theirs").touch()
    if linked:
        path.symlink_to(folder)
    else:
        folder.rename(path)
    put_back(Left(path, kept))
    assert path.read_bytes() == ORIGINAL
    assert [found.name for found in (tmp_path / "a.py.aside").iterdir()] == ["theirs"]

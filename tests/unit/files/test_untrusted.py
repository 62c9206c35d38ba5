"""Files below a folder whose content others have made."""

import os
from pathlib import Path

import pytest

from hitrate.files import untrusted

OUTSIDE = ["../x", "a/../../x", "/etc/passwd", "", ".", "a\0b"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="not below the folder"):
        untrusted.read(tmp_path, path, 10)
    with pytest.raises(ValueError, match="not below the folder"):
        untrusted.write(tmp_path, path, b"x")


@pytest.mark.parametrize("path", ["a.txt", "a/b.txt", "a/b/c/d.txt", "./a/b.txt", "a b/ä.txt"])
def test_what_is_written_is_read(tmp_path: Path, path: str) -> None:
    assert untrusted.read(tmp_path, path, 10) is None
    untrusted.write(tmp_path, path, b"first and long")
    untrusted.write(tmp_path, path, b"second")
    assert untrusted.read(tmp_path, path, 10) == b"second"
    assert (tmp_path / path).read_bytes() == b"second"


def test_other_names_of_what_is_replaced_keep_their_content(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "out").mkdir()
    os.link(tmp_path / "theirs", tmp_path / "out" / "report")
    untrusted.write(tmp_path, "out/report", b"ours")
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert (tmp_path / "out" / "report").read_bytes() == b"ours"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report"]


def test_the_limit_counts_bytes(tmp_path: Path) -> None:
    untrusted.write(tmp_path, "a", b"12345")
    assert untrusted.read(tmp_path, "a", 5) == b"12345"
    with pytest.raises(ValueError, match="larger than 4 bytes"):
        untrusted.read(tmp_path, "a", 4)


@pytest.mark.parametrize("kind", ["file link", "folder link", "pipe", "folder", "file as folder"])
def test_only_real_files_and_folders(tmp_path: Path, kind: str) -> None:
    root, secret = tmp_path / "root", tmp_path / "secret"
    root.mkdir()
    secret.mkdir()
    (secret / "key").write_text("hunter2")
    path = {"file link": "key", "pipe": "key", "folder": "key"}.get(kind, "in/key")
    match kind:
        case "file link":
            (root / "key").symlink_to(secret / "key")
        case "folder link":
            (root / "in").symlink_to(secret)
        case "pipe":
            os.mkfifo(root / "key")
        case "folder":
            (root / "key").mkdir()
        case _:
            (root / "in").write_text("")
    with pytest.raises(ValueError, match=r"not a regular file"):
        untrusted.read(root, path, 100)
    with pytest.raises(ValueError, match=r"cannot be written"):
        untrusted.write(root, path, b"x")
    assert (secret / "key").read_text() == "hunter2"

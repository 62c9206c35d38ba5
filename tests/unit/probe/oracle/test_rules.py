"""What is outside of a function: paths, streams, databases."""

import io
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from hitrate.probe.oracle import rules


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a/../b", "b"), (b"a", "a"), ("/x//y", "/x/y"), ("", ""), (None, ""), (3.5, ""), (Path("a"), "")],
)
def test_paths_are_text_and_absolute(
    value: object, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = os.path.join(tmp_path, expected) if expected else ""
    assert rules.path_of(value) == wanted


def test_a_path_may_be_relative_to_an_open_folder_or_be_one(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        assert rules.path_of("a", folder) == str(tmp_path / "a")
        assert rules.path_of(folder) == str(tmp_path)
    finally:
        os.close(folder)
    assert rules.path_of("a", 99_999) == "a"


def test_streams_that_lead_to_files(tmp_path: Path) -> None:
    with (tmp_path / "f").open("w") as stream:
        assert rules.is_file(stream)
        assert rules.is_file(stream.buffer)
        assert rules.stream_name(stream) == str(tmp_path / "f")
    assert not rules.is_file(io.StringIO())
    assert not rules.is_file(io.BytesIO())
    assert not rules.is_file("f")


def test_rows_that_a_connection_changed() -> None:
    connection = sqlite3.connect(":memory:")
    cursor = connection.cursor()
    assert rules.connection_of(cursor) is connection
    assert rules.connection_of(connection) is connection
    assert rules.connection_of("x") is None
    cursor.execute("create table t (a)")
    before = rules.changes_of(connection)
    cursor.execute("insert into t values (1), (2)")
    assert before is not None
    assert rules.changes_of(connection) == before + 2
    connection.close()
    assert rules.changes_of(connection) is None


def test_the_nearest_frame_outside_of_files() -> None:
    frame = sys._getframe()
    assert rules.outside(frame, "/nowhere") is frame
    caller = rules.outside(frame, __file__)
    assert caller is not None
    assert caller.f_code.co_filename != __file__
    assert rules.outside(None, "") is None

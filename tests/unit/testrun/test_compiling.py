"""What compiling took of a run, told from the files that came of it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.testrun import compiling
from hitrate.testrun.compiling import Compiled, compiled_since, compiling_seconds, measured_pace, shorter
from hitrate.testrun.run import Outcome, TestRun

MOMENT = 1_000_000_000.0


def put(file: Path, size: int, when: float) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * size)
    os.utime(file, (when, when))
    return file


def test_files_of_this_run_are_told_from_those_it_began_with(tmp_path: Path) -> None:
    put(tmp_path / "a/b/new.cpython-311.pyc", 100, MOMENT + 1)
    put(tmp_path / "a/.venv/hidden.cpython-311.pyc", 20, MOMENT + 1)
    put(tmp_path / "a/test_new.cpython-311-pytest-8.4.1.pyc", 7, MOMENT + 2)
    put(tmp_path / "a/old.cpython-311.pyc", 1_000, MOMENT - 60)
    put(tmp_path / "a/notes.txt", 5_000, MOMENT + 1)
    assert compiled_since(MOMENT, [tmp_path, tmp_path / "missing"]) == Compiled(3, 120, 7)


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside/new.pyc", 100, MOMENT + 1)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file.pyc").symlink_to(outside)
    (tmp_path / "folder/all").symlink_to(outside.parent)
    assert compiled_since(MOMENT, [tmp_path / "folder"]) == Compiled()


def test_any_number_of_files_takes_no_longer_than_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "ENTRIES_AT_MOST", 3)
    for number in range(9):
        put(tmp_path / f"{number}.pyc", 1, MOMENT + 1)
    assert compiled_since(MOMENT, [tmp_path]).files == 3


def test_the_pace_is_asked_only_where_something_was_compiled() -> None:
    def never() -> float:
        raise AssertionError

    assert compiling_seconds(Compiled(), never) == 0.0
    assert compiling_seconds(Compiled(10, 1_000_000, 0), lambda: 1e-7) == pytest.approx(0.107)


def test_what_pytest_rewrites_takes_longer() -> None:
    plain, rewritten = (Compiled(1, *sizes) for sizes in ((10_000, 0), (0, 10_000)))
    assert compiling_seconds(rewritten, measured_pace) > 2 * compiling_seconds(plain, lambda: 1e-9)


def test_this_machine_compiles_some_megabytes_a_second() -> None:
    assert 1e-9 < measured_pace() < 1e-5


@given(st.floats(0.01, 1e3), st.floats(0.01, 1e3), st.floats(0, 1))
def test_a_run_is_shorter_by_that_and_never_below_zero(cpu: float, wall: float, share: float) -> None:
    run = shorter(TestRun(Outcome.PASSED, 0, cpu, wall), share * cpu)
    assert run.cpu_seconds == pytest.approx(cpu * (1 - share))
    assert -1e-9 <= run.wall_seconds <= wall

"""Compiled files are set aside while a patch is there, and put back after it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hitrate.patching.stalebytecode import compiled, put_back, set_aside


@pytest.fixture
def entry(tmp_path: Path) -> Any:
    cache, slots = tmp_path / "__pycache__", tmp_path / "slots"
    cache.mkdir()
    slots.mkdir()
    for name in ("mod.cpython-312.pyc", "mod.cpython-312-pytest-8.pyc", "other.cpython-312.pyc"):
        (cache / name).write_text(name)
    path = tmp_path / "mod.py"
    files = [(file, slots / file.name) for file in compiled(path)]
    return SimpleNamespace(path=path, bytecode=files, had_bytecode_folder=True)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_files_of_the_module_and_no_other_are_set_aside_and_come_back(entry: Any, tmp_path: Path) -> None:
    cache = tmp_path / "__pycache__"
    before = {file: (cache / file).read_text() for file in names(cache)}
    set_aside(entry)
    assert names(cache) == ["other.cpython-312.pyc"]
    (cache / "mod.cpython-312.pyc").write_text("patched")
    (cache / "mod.cpython-313.pyc").write_text("patched")
    put_back(entry)
    assert {file: (cache / file).read_text() for file in names(cache)} == before


def test_a_folder_that_was_not_there_is_removed(entry: Any, tmp_path: Path) -> None:
    set_aside(entry)
    (tmp_path / "__pycache__" / "other.cpython-312.pyc").unlink()
    put_back(SimpleNamespace(path=entry.path, bytecode=[], had_bytecode_folder=False))  # type: ignore[arg-type]
    assert not (tmp_path / "__pycache__").exists()


def test_a_folder_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "mod.cpython-312.pyc").touch()
    (tmp_path / "__pycache__").symlink_to(tmp_path / "real")
    assert compiled(tmp_path / "mod.py") == []
    assert compiled(tmp_path / "none" / "mod.py") == []

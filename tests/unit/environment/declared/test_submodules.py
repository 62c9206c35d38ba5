"""Submodules that a checkout left empty."""

from pathlib import Path

import pytest

from hitrate.environment.declared.submodules import left_empty


def module(path: str) -> str:
    return f'[submodule "{path}"]\n\tpath = {path}\n\turl = https://example.org/x\n'


@pytest.mark.parametrize("folder", [".", "part/of"])
def test_those_with_nothing_in_them(tmp_path: Path, folder: str) -> None:
    (tmp_path / ".gitmodules").write_text("".join(map(module, ("vendor/data", "filled", "missing"))))
    for place in (".git", "vendor/data", "filled/x", "part/of"):
        (tmp_path / place).mkdir(parents=True)
    assert left_empty(tmp_path / folder) == ("vendor/data", "missing")


@pytest.mark.parametrize("path", ["/etc/nothing-there", "../nothing-there", "a/../../b", "x`y", ""])
def test_paths_that_are_none(tmp_path: Path, path: str) -> None:
    (tmp_path / ".gitmodules").write_text(module(path))
    assert left_empty(tmp_path) == ()


def test_a_project_without_submodules(tmp_path: Path) -> None:
    assert left_empty(tmp_path) == ()

"""Folders that the action writes to are each its own."""

import subprocess
from pathlib import Path

import pytest

from hitrate.action.keeping.folders import require_own_folders
from hitrate.errors import InputError
from hitrate.settings.model import Settings


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    return tmp_path


def test_separate_folders_are_fine(workspace: Path) -> None:
    require_own_folders(workspace, Settings())
    require_own_folders(workspace, Settings(report_dir="out", cache_dir="cache", memory=".memory"))


@pytest.mark.parametrize(
    ("report", "cache", "memory"),
    [("out", "out", None), ("out", "out/cache", None), ("out/report", None, "out"), ("a", "m/c", "m")],
)
def test_folders_that_lie_in_each_other_are_refused(
    workspace: Path, report: str, cache: str | None, memory: str | None
) -> None:
    with pytest.raises(InputError, match="overlap; name two separate folders"):
        require_own_folders(workspace, Settings(report_dir=report, cache_dir=cache, memory=memory))


@pytest.mark.parametrize("name", ["../out", ".git/out", "/tmp"])
def test_folders_elsewhere_are_refused(workspace: Path, name: str) -> None:
    with pytest.raises(InputError):
        require_own_folders(workspace, Settings(memory=name))

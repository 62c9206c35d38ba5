"""What a checkout left out."""

from pathlib import Path

import pytest

from hitrate.environment.declared.checkout import left_empty, left_out
from hitrate.environment.manifest import read


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


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"pyproject.toml": '[build-system]\nrequires = ["setuptools", "setuptools_scm[toml]>=8"]\n'}, True),
        ({"pyproject.toml": '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n'}, True),
        ({"pyproject.toml": '[build-system]\nrequires = ["setuptools-git-versioning >=2.0"]\n'}, True),
        ({"setup.py": "import versioneer\nsetup(version=versioneer.get_version())\n"}, True),
        ({"setup.py": "setup(use_scm_version=True)\n"}, True),
        ({"pyproject.toml": '[build-system]\nrequires = ["setuptools", "scm"]\n'}, False),
        ({"setup.py": "setup(version='1')\n"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("tags", [None, "refs/tags/v1", "packed-refs", "reftable"])
def test_a_version_of_tags_that_are_not_there(
    tmp_path: Path, files: dict[str, str], told: bool, tags: str | None
) -> None:
    (tmp_path / ".git" / "refs" / "tags").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    if tags:
        (tmp_path / ".git" / tags).write_text("0123 refs/tags/v1\n")
    found = tuple(left_out(read(tmp_path)))
    assert len(found) == (told and tags is None)
    assert all("fetch-depth: 0" in one for one in found)


def test_the_tags_of_a_linked_tree_are_elsewhere(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere\n")
    (tmp_path / "setup.py").write_text("setup(use_scm_version=True)\n")
    assert tuple(left_out(read(tmp_path))) == ()


def test_more_references_than_are_read_are_taken_to_hold_tags(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "packed-refs").write_text("0123 refs/heads/a\n" * 100_000)
    (tmp_path / "setup.py").write_text("setup(use_scm_version=True)\n")
    assert tuple(left_out(read(tmp_path))) == ()

"""Where in a repository the project is that a change is about."""

from pathlib import Path

import pytest

from hitrate.environment.place import folder_of_project


def made(tree: Path, *files: str) -> Path:
    for file in files:
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).touch()
    return tree


@pytest.mark.parametrize(
    ("files", "changed", "folder"),
    [
        (["python/setup.py"], ["python/lib/a.py"], "python"),
        (
            ["python/pyproject.toml", "java/pom.xml", "README.md"],
            ["python/lib/a.py", "python/b.py"],
            "python",
        ),
        (["libs/one/setup.cfg", "libs/two/setup.py"], ["libs/two/src/a.py"], "libs/two"),
        (["a/pyproject.toml", "a/tests/sample/setup.py"], ["a/lib.py"], "a"),
        (["python/setup.py"], [], "python"),
        # Nothing tells, or the root does.
        (["a/setup.py", "b/setup.py"], ["a/x.py", "b/y.py"], "."),
        (["a/setup.py", "b/setup.py"], [], "."),
        (["a/setup.py"], ["tools/x.py", "a/y.py"], "."),
        (["a/setup.py"], ["x.py"], "."),
        (["pyproject.toml", "a/setup.py"], ["a/x.py"], "."),
        (["requirements.txt", "a/setup.py"], ["a/x.py"], "."),
        (["tox.ini", "a/setup.py"], ["a/x.py"], "."),
        (["test_all.py", "a/setup.py"], ["a/x.py"], "."),
        (["lib/a.py"], ["lib/a.py"], "."),
    ],
)
def test_the_folder(tmp_path: Path, files: list[str], changed: list[str], folder: str) -> None:
    assert folder_of_project(made(tmp_path, *files), changed) == folder


def test_a_link_at_the_top_is_no_project(tmp_path: Path) -> None:
    made(tmp_path / "elsewhere", "setup.py")
    tree = made(tmp_path / "tree", "lib/a.py")
    (tree / "python").symlink_to(tmp_path / "elsewhere")
    assert folder_of_project(tree, []) == "."

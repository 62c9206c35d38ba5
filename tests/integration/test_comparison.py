"""What of a real working tree belongs to the change."""

from pathlib import Path

import pytest
from git import Repo

from hitrate.change.comparison import compare
from tests.integration.repositories import new_repository, write


def changed(tree: Path) -> list[str]:
    with Repo(tree) as repository:
        return [file.path for file in compare(repository, "HEAD", None).files]


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "CACHEDIR.TAG"])
@pytest.mark.parametrize("folder", ["v", "deep/down/környezet", "with space"])
def test_what_programs_make_is_no_part_of_the_change(tmp_path: Path, mark: str, folder: str) -> None:
    tree = new_repository(tmp_path / "tree", {"a.py": "", "deep/b.py": ""})
    write(
        tree,
        {
            f"{folder}/{mark}": "",
            f"{folder}/lib/python3.13/site-packages/x/y.py": "",
            f"{folder}/z.py": "",
            "deep/new.py": "",
        },
    )
    assert changed(tree) == ["deep/new.py"]


def test_a_mark_says_nothing_of_folders_that_hold_tracked_files(tmp_path: Path) -> None:
    """Such as a test's own virtual environment, or the whole project where it is its own environment."""
    tree = new_repository(tmp_path / "tree", {"a.py": "", "data/env/pyvenv.cfg": "", "data/env/b.py": ""})
    installed = "lib/python3.13/site-packages/x.py"
    write(tree, {"data/env/new.py": "", "pyvenv.cfg": "", "new.py": "", "pyvenv.py": "", installed: ""})
    assert changed(tree) == ["data/env/new.py", "new.py", "pyvenv.py"]


def test_a_folder_of_that_name_is_no_mark(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "tree", {"a.py": ""})
    write(tree, {"lib/CACHEDIR.TAG/new.py": ""})
    assert changed(tree) == ["lib/CACHEDIR.TAG/new.py"]


def test_tracked_files_are_compared_wherever_they_lie(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "tree", {"env/pyvenv.cfg": "", "env/a.py": "a = 1\n"})
    write(tree, {"env/a.py": "a = 2\n"})
    assert changed(tree) == ["env/a.py"]

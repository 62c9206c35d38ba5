"""Which files are the tree's, by the names that others have for them."""

from pathlib import Path

import pytest

from hitrate.probe.reach.tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "root"
    (root / "src" / "pkg").mkdir(parents=True)
    (root / "src" / "pkg" / "mod.py").touch()
    (root / "data.txt").touch()
    (tmp_path / "link").symlink_to(root)
    (root / "out").symlink_to(tmp_path)
    return Tree(str(tmp_path / "link"), ["src/pkg/mod.py"])


def test_a_source_is_known_by_its_own_name_and_by_a_link(tree: Tree, tmp_path: Path) -> None:
    for root in ("root", "link"):
        assert tree.source(str(tmp_path / root / "src" / "pkg" / "mod.py")) == "src/pkg/mod.py"


def test_an_installed_copy_is_the_tree_s(tree: Tree) -> None:
    assert tree.source("/venv/lib/python3.12/site-packages/pkg/mod.py") == "src/pkg/mod.py"
    assert tree.source("/venv/lib/python3.12/site-packages/other/mod.py") is None


@pytest.mark.parametrize("name", ["<string>", "/elsewhere/pkg/mod.py", "data.txt", "\0"])
def test_other_code_is_none_of_it(tree: Tree, name: str) -> None:
    assert tree.source(name) is None


def test_what_is_opened_below_the_tree(tree: Tree, tmp_path: Path) -> None:
    root = tmp_path / "root"
    assert tree.inside(root / "data.txt") == "data.txt"
    assert tree.inside(str(root / "new" / ".." / "data.txt").encode()) == "data.txt"
    assert tree.inside(root) == "."
    assert tree.inside(root / "out" / "file") is None
    assert tree.inside(tmp_path / "rootless") is None
    assert tree.inside(3) is None
    assert tree.inside("a\0b") is None

"""Globs that match nothing in the tree are told, with what was probably meant."""

from pathlib import Path

import pytest

from hitrate.change.comparison import ChangedFile, Lines
from hitrate.change.discovery import changed_functions
from hitrate.change.patterns import unmatched

SHOP = "class Cart:\n    def total(self):\n        return 1\n\n\ndef price(n):\n    return n\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path in ("shop/prices.py", "docs/index.md", "tests/test_shop.py", ".venv/lib/hidden.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(SHOP if path == "shop/prices.py" else "")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    (tmp_path / "env" / "prises.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("shpo/**", "matches no file; the nearest is `shop`"),
        ("shop/prises.py", "matches no file; the nearest is `shop/prices.py`"),
        ("legacy/", "matches no file"),
        ("env", "matches no file"),
        ("shop/prices.py::prise", "matches no function; the nearest is `price`"),
        ("shop/prices.py::Cart.totals", "matches no function; the nearest is `Cart.total`"),
        ("shpo/prices.py::price", "matches no file; the nearest is `shop/prices.py`"),
    ],
)
def test_a_slip_is_told(tree: Path, pattern: str, told: str) -> None:
    assert unmatched(tree, {"exclude": [pattern]}, []) == (f"`exclude: {pattern}` {told}.",)


@pytest.mark.parametrize(
    "pattern",
    [
        *("shop", "shop/", "./shop/**", "**/*.py", "docs/**", "shop/prices.py::price"),
        *("shop/*.py::Cart.*", "**::*total", "*::price", ".ci/**", "./.github"),
    ],
)
def test_what_matches_something_is_not(tree: Path, pattern: str) -> None:
    assert unmatched(tree, {"exclude": [pattern]}, []) == ()


def test_what_matches_the_change_needs_no_look_at_the_tree(tmp_path: Path) -> None:
    assert unmatched(tmp_path / "missing", {"paths": ["gone.py"]}, ["gone.py"]) == ()


def test_it_is_a_note_of_the_selection(tree: Path) -> None:
    changed = [ChangedFile("shop/prices.py", (Lines(6, 7),))]
    selection = changed_functions(tree, changed, paths=["shop"], exclude=["shpo/old.py"])
    assert [function.qualname for function in selection.functions] == ["price"]
    assert selection.notes == ("`exclude: shpo/old.py` matches no file.",)

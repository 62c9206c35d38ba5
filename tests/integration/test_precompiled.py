"""Linked bytecode saves compiling and is never written to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hitrate.testrun.pycache import link_compiled, seed
from hitrate.testrun.run import Suite


def imports(bytecode: Path, tree: Path) -> str:
    """Where a fresh interpreter finds the compiled form of a module of the tree's."""
    environment = {
        "PATH": f"{tree}:{os.environ['PATH']}",
        "PYTHONPYCACHEPREFIX": str(bytecode),
        "PYTHONPATH": str(tree),
    }
    code = "import shop, json; print(shop.price, shop.__spec__.cached)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()[0]


def refused(*_: object, **__: object) -> None:
    raise PermissionError("this is another's file")


@pytest.mark.parametrize("hard_links", [True, False])
def test_links_are_used_replaced_when_outdated_and_never_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard_links: bool
) -> None:
    if not hard_links:
        monkeypatch.setattr(os, "link", refused)
    tree = tmp_path / "lib"
    tree.mkdir()
    (tree / "python").symlink_to(sys.executable)
    (tree / "shop.py").write_text("price = 1\n")
    environment = {"PATH": f"{tree}:{os.environ['PATH']}", "PYTHONPATH": str(tree)}
    subprocess.run([sys.executable, "-c", "import shop"], env=environment, check=True)
    (compiled,) = (tree / "__pycache__").glob("shop.*.pyc")
    before = compiled.read_bytes()

    link_compiled(tmp_path / "bytecode", Suite("", tmp_path, environment))
    linked = Path(f"{tmp_path / 'bytecode'}{tree}") / compiled.name
    assert linked.samefile(compiled)
    assert linked.is_symlink() is not hard_links
    assert any((tmp_path / "bytecode").rglob("json/decoder.*.pyc"))

    monkeypatch.undo()
    seed(tmp_path / "other", tmp_path / "bytecode")
    assert imports(tmp_path / "other", tree) == "1"
    (tree / "shop.py").write_text("price = 22\n")
    assert imports(tmp_path / "other", tree) == "22"
    assert imports(tmp_path / "bytecode", tree) == "22"
    assert not linked.samefile(compiled)
    assert compiled.read_bytes() == before


def test_no_python_on_path_is_no_error(tmp_path: Path) -> None:
    link_compiled(tmp_path / "bytecode", Suite("", tmp_path, {"PATH": str(tmp_path)}))
    assert not (tmp_path / "bytecode").exists()

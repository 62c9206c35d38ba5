"""Seeded bytecode folders: what is taken, what is shared, and that nothing stale is run."""

import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from hitrate.testrun.pycache import seed


def run(folder: Path, prefix: Path, code: str = "import package.module") -> str:
    environment = {"PYTHONPYCACHEPREFIX": str(prefix), "PYTHONPATH": str(folder), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def compiled(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*.pyc")}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / "package").mkdir(parents=True)
    (tmp_path / "tree" / "package" / "__init__.py").touch()
    (tmp_path / "tree" / "package" / "module.py").write_text("print('old')\n")
    return tmp_path / "tree"


def test_a_new_variant_shares_what_another_has_compiled(tree, tmp_path):
    run(tree, tmp_path / "one")
    seed(tmp_path / "two", tmp_path / "one")
    assert compiled(tmp_path / "two") == compiled(tmp_path / "one") != {}


def test_what_differs_is_not_taken(tree, tmp_path):
    run(tree, tmp_path / "one")
    seed(tmp_path / "two", tmp_path / "one", {"package/module.py"})
    missing = compiled(tmp_path / "one").keys() - compiled(tmp_path / "two").keys()
    assert [Path(name).name.partition(".")[0] for name in missing] == ["module"]


@pytest.mark.parametrize("mode", list(py_compile.PycInvalidationMode))
def test_a_patched_file_is_never_run_from_what_was_compiled_before(tree, tmp_path, mode):
    run(tree, tmp_path / "one")
    source = tree / "package" / "module.py"
    (old,) = (tmp_path / "one").rglob("module.*.pyc")
    py_compile.compile(str(source), cfile=str(old), invalidation_mode=mode)
    status = source.stat()
    source.write_text("print('new')\n")
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    seed(tmp_path / "two", tmp_path / "one", {"package/module.py"})
    assert run(tree, tmp_path / "two") == "new\n"


def test_a_variant_that_compiles_anew_does_not_change_the_other(tree, tmp_path):
    run(tree, tmp_path / "one")
    seed(tmp_path / "two", tmp_path / "one")
    before = {path: path.read_bytes() for path in (tmp_path / "one").rglob("*.pyc")}
    (tree / "package" / "module.py").write_text("print('changed')\n")
    assert run(tree, tmp_path / "two") == "changed\n"
    assert {path: path.read_bytes() for path in (tmp_path / "one").rglob("*.pyc")} == before


def test_a_folder_that_is_there_or_has_no_model_is_left_alone(tmp_path):
    seed(tmp_path / "two", tmp_path / "missing")
    assert not (tmp_path / "two").exists()
    (tmp_path / "two").mkdir()
    seed(tmp_path / "two", tmp_path)
    assert not list((tmp_path / "two").iterdir())

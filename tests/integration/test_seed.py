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
    """What is compiled in a folder, links followed: Python 3.13's ``rglob`` first can do so itself."""
    found = (Path(place, name) for place, _, names in os.walk(folder, followlinks=True) for name in names)
    return {str(path.relative_to(folder)): path.stat().st_ino for path in found if path.suffix == ".pyc"}


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


def installed(folder: Path, name: str, *, at: str = "lib/python3.11/site-packages") -> Path:
    """A package in a folder of packages, with one module, which says where it lies."""
    package = folder / at / name
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text(f"import {name}.inner\n")
    (package / "inner" / "__init__.py").write_text("print('old')\n")
    return package


@pytest.mark.parametrize(
    "at", ["lib/python3.11/site-packages", "lib/python3/dist-packages", "lib64/python3.14t"]
)
def test_folders_of_installed_packages_are_one_for_all_variants(tmp_path, at):
    package = installed(tmp_path, "other", at=at)
    run(package.parent, tmp_path / "one", "import other")
    seed(tmp_path / "two", tmp_path / "one", {"package/module.py"})
    seed(tmp_path / "three", tmp_path / "two", {"package/module.py"})
    first = Path(f"{tmp_path / 'one'}{package}")
    for variant in ("two", "three"):
        there = Path(f"{tmp_path / variant}{package}")
        assert there.is_symlink()
        assert there.samefile(first)
    (package / "inner" / "__init__.py").write_text("print('changed')\n")
    assert run(package.parent, tmp_path / "three", "import other") == "changed\n"
    assert run(package.parent, tmp_path / "one", "import other") == "changed\n"


@pytest.mark.parametrize(
    ("name", "patched"),
    [
        ("shop", "shop/inner/__init__.py"),
        ("shop", "src/shop/other.py"),
        ("inner", "src/shop/inner/prices.py"),  # shop is a folder that is on the path itself
    ],
)
def test_a_package_that_may_be_an_installed_copy_has_a_folder_for_each_variant(tmp_path, name, patched):
    package = installed(tmp_path, name)
    run(package.parent, tmp_path / "one", f"import {name}")
    seed(tmp_path / "two", tmp_path / "one", {patched})
    there = Path(f"{tmp_path / 'two'}{package}")
    assert there.is_dir()
    assert not there.is_symlink()


def test_what_was_shared_before_is_not_shared_where_it_may_be_a_copy(tmp_path):
    package = installed(tmp_path, "shop")
    run(package.parent, tmp_path / "one", "import shop")
    seed(tmp_path / "two", tmp_path / "one", {"unlike/module.py"})
    assert Path(f"{tmp_path / 'two'}{package}").is_symlink()
    seed(tmp_path / "three", tmp_path / "two", {"shop/inner/__init__.py"})
    assert not os.path.lexists(f"{tmp_path / 'three'}{package}")
    assert run(package.parent, tmp_path / "three", "import shop") == "old\n"
    assert not Path(f"{tmp_path / 'three'}{package}").is_symlink()


@pytest.mark.parametrize(
    "place", ["tests/data/packages/shop", "site-packages-of-ours/shop", "lib/python/shop"]
)
def test_folders_elsewhere_are_each_variants_own(tmp_path, place):
    where, name = place.rsplit("/", 1)
    package = installed(tmp_path, name, at=where)
    run(package.parent, tmp_path / "one", f"import {name}")
    seed(tmp_path / "two", tmp_path / "one")
    there = Path(f"{tmp_path / 'two'}{package}")
    assert compiled(there) == compiled(Path(f"{tmp_path / 'one'}{package}")) != {}
    assert not there.is_symlink()


@pytest.mark.parametrize("mode", list(py_compile.PycInvalidationMode))
def test_an_installed_copy_is_never_run_from_what_was_compiled_before(tmp_path, mode):
    package = installed(tmp_path, "shop")
    source = package / "inner" / "__init__.py"
    run(package.parent, tmp_path / "one", "import shop")
    (old,) = Path(f"{tmp_path / 'one'}{source.parent}").rglob("__init__.*.pyc")
    py_compile.compile(str(source), cfile=str(old), invalidation_mode=mode)
    status = source.stat()
    source.write_text("print('new')\n")
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    seed(tmp_path / "two", tmp_path / "one", {"shop/inner/__init__.py"})
    assert run(package.parent, tmp_path / "two", "import shop") == "new\n"
    seed(tmp_path / "three", tmp_path / "one", {"src/shop/inner/__init__.py"})
    assert run(package.parent, tmp_path / "three", "import shop") == "new\n"

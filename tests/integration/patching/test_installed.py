"""Installed copies of the tree's modules: found, told, and patched along if they are the same."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from hitrate.patching.installed import find_copies, mirrors, notes
from hitrate.patching.patcher import SourcePatcher
from hitrate.testrun.interpreter import ask
from hitrate.testrun.run import Suite
from tests.integration.patching.trees import MODULE, state, write
from tests.integration.repositories import hitrate, new_repository

FILES = {
    "src/pkg/__init__.py": b"",
    "src/pkg/sub/__init__.py": b"",
    "src/pkg/sub/mod.py": MODULE,
    "src/names/pkg/__init__.py": b"",
    "src/names/pkg/mod.py": MODULE,
    "top.py": MODULE,
    "scripts/tool.py": MODULE,
}
TESTS = "from pkg.fibonacci import fib\n\n\ndef test_fib():\n    assert fib(9) == 34\n"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment; its packages are this test's to write."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


@pytest.fixture
def site(python: Path, tmp_path: Path) -> Path:
    """Its packages, at first none."""
    site = python / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    for path in sorted(site.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return site


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(tmp_path / "tree", FILES)


@pytest.fixture
def suite(python: Path, tree: Path) -> Suite:
    return Suite("pytest", tree, {"PATH": f"{python / 'bin'}{os.pathsep}{os.environ['PATH']}"})


def test_the_python_on_the_path_is_asked(suite: Suite, site: Path) -> None:
    interpreter = ask(suite)
    assert interpreter is not None
    assert interpreter.tag == sys.implementation.cache_tag
    assert str(site) in interpreter.path
    assert ask(Suite("pytest", suite.directory, {"PATH": "/nowhere"})) is None


def test_copies_are_found_by_their_module_names(suite: Suite, tree: Path, site: Path) -> None:
    write(site, {path.removeprefix("src/").removeprefix("scripts/"): data for path, data in FILES.items()})
    found = {copy.path: copy.place for copy in find_copies(ask(suite), tree, FILES)}
    assert found["src/pkg/sub/mod.py"] == site / "pkg/sub/mod.py"
    assert found["src/names/pkg/mod.py"] == site / "names/pkg/mod.py"
    assert found["top.py"] == site / "top.py"
    assert "scripts/tool.py" not in found


def test_an_editable_installation_has_no_copies(suite: Suite, tree: Path, site: Path) -> None:
    write(site, {"editable.pth": f"{tree / 'src'}\n".encode()})
    assert find_copies(ask(suite), tree, FILES) == ()
    assert notes(()) == ()


def test_the_same_copy_is_patched_and_put_back(suite: Suite, tree: Path, site: Path) -> None:
    write(site, {"pkg/__init__.py": b"", "pkg/sub/__init__.py": b"", "pkg/sub/mod.py": MODULE})
    before = state(site)
    copies = find_copies(ask(suite), tree, ["src/pkg/sub/mod.py"])
    (note,) = notes(copies)
    assert note.startswith(f"src/pkg/sub/mod.py: an identical copy is installed in {site}")
    with SourcePatcher(tree, mirrors=mirrors(copies)) as patcher:
        patcher.apply_cache_decorator("src/pkg/sub/mod.py", "f", 8)
        environment = {**suite.environment, "PYTHONDONTWRITEBYTECODE": "1"}
        code = "from pkg.sub.mod import f; print(f.__module__, f.cache_info().maxsize)"
        done = subprocess.run(
            ["python", "-c", code], env=environment, cwd=tree, check=True, capture_output=True
        )
        assert done.stdout == b"pkg.sub.mod 8\n"
    assert state(site) == before


def test_another_version_is_told_with_the_remedy_and_left_alone(suite: Suite, tree: Path, site: Path) -> None:
    write(site, {"pkg/__init__.py": b"", "pkg/sub/__init__.py": b"", "pkg/sub/mod.py": MODULE + b"# old\n"})
    copies = find_copies(ask(suite), tree, ["src/pkg/sub/mod.py", "src/pkg/sub/__init__.py"])
    assert mirrors(copies) == {"src/pkg/sub/__init__.py": [site / "pkg/sub/__init__.py"]}
    assert "install the project with `pip install -e .`" in notes(copies)[1]


@pytest.mark.slow
def test_tests_that_import_the_copy_are_measured(python: Path, site: Path, tmp_path: Path) -> None:
    module = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
    tree = new_repository(
        tmp_path / "project",
        {
            "src/pkg/__init__.py": "",
            "src/pkg/fibonacci.py": module,
            "tests/test_pkg.py": TESTS,
        },
    )
    outer = sysconfig.get_path("purelib").encode()  # has pytest
    write(site, {"outer.pth": outer, "pkg/__init__.py": b"", "pkg/fibonacci.py": module.encode()})
    report = tmp_path / "report.json"
    arguments = ["run", "--effort", "quick", "--function", "src/pkg/fibonacci.py::fib", "--json", str(report)]
    done = hitrate(tree, *arguments, PATH=f"{python / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    said = json.loads(report.read_text())
    assert (said["functions"][0]["hits"], said["functions"][0]["misses"]) == (7, 10)
    assert any("an identical copy is installed" in note for note in said["notes"])
    assert (site / "pkg/fibonacci.py").read_text() == module

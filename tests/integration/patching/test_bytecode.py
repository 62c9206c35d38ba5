"""Compiled code: that of another variant is never run, and none is left behind."""

import os
import py_compile
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hitrate.patching.edits import cached
from hitrate.patching.patcher import SourcePatcher
from tests.integration.patching.trees import ended, forked, state, write

MODULE = b"def f(x):\n    return x\n"
SIZE = "import a; print(getattr(a.f, 'cache_info', lambda: 'none')())"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(tmp_path / "tree", {"a.py": MODULE, "b.py": MODULE})


def runs(tree: Path, **environment: str) -> str:
    """What a new process, which inherits nothing, finds on ``a.f``."""
    done = subprocess.run(
        [sys.executable, "-c", SIZE], cwd=tree, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def found(size: int) -> str:
    return f"CacheInfo(hits=0, misses=0, maxsize={size}, currsize=0)"


@pytest.mark.parametrize("prefix", [False, True])
def test_variants_of_one_size_within_one_second_never_run_each_others_code(
    tree: Path, tmp_path: Path, prefix: bool
) -> None:
    environment = {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")} if prefix else {}
    before = state(tree)
    for _ in range(2):  # a second patcher starts anew and must not collide with what the first one left
        with SourcePatcher(tree) as patcher:
            for size in (1, 2, 3, 1, 2):
                patcher.apply([cached("a.py", "f", 1, size)])
                assert runs(tree, **environment) == found(size)
        assert runs(tree, PYTHONDONTWRITEBYTECODE="1", **environment) == "none"
    assert state(tree) == before


def test_this_would_be_seen(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a second of its own for each content, Python does run stale code."""
    monkeypatch.setattr("hitrate.patching.patched.File.mtime_ns", lambda self, digest: self.stat.st_mtime_ns)
    with SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 1, 1)])
        assert runs(tree) == found(1)
        patcher.apply([cached("a.py", "f", 1, 2)])
        assert runs(tree) == found(1)


@pytest.mark.parametrize("mode", list(py_compile.PycInvalidationMode))
def test_compiled_files_that_were_there_are_not_run_and_come_back(
    tree: Path, mode: py_compile.PycInvalidationMode
) -> None:
    for optimize in (0, 1):
        py_compile.compile(str(tree / "a.py"), invalidation_mode=mode, optimize=optimize, doraise=True)
    py_compile.compile(str(tree / "b.py"), doraise=True)
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 1, 3)])
        assert runs(tree) == found(3)
        assert runs(tree, PYTHONOPTIMIZE="2") == found(3)
    assert runs(tree) == "none"
    assert state(tree) == before


def test_no_folder_is_left_where_none_was(tree: Path) -> None:
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 1, 3)])
        runs(tree)
        assert len(os.listdir(tree / "__pycache__")) == 1
    assert state(tree) == before


def test_no_folder_is_left_that_a_patched_file_made_before_another_was_patched(tree: Path) -> None:
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        first, second = cached("a.py", "f", 1, 3), cached("b.py", "f", 1, 3)
        patcher.apply([first])
        py_compile.compile(str(tree / "a.py"), doraise=True)
        patcher.apply([first, second])
        py_compile.compile(str(tree / "b.py"), doraise=True)
    assert state(tree) == before


def test_compiled_files_of_others_stay(tree: Path) -> None:
    with SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 1, 3)])
        py_compile.compile(str(tree / "b.py"), doraise=True)
    assert [name.split(".")[0] for name in os.listdir(tree / "__pycache__")] == ["b"]


@pytest.mark.parametrize("seconds", [0, 1, 10**9, 4 * 10**9])
def test_any_time_of_modification_comes_back(tree: Path, seconds: int) -> None:
    os.utime(tree / "a.py", ns=(seconds * 10**9, seconds * 10**9 + 1))
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        for size in (1, 2):
            patcher.apply([cached("a.py", "f", 1, size)])
            assert int((tree / "a.py").stat().st_mtime) != seconds
            assert runs(tree) == found(size)
    assert state(tree) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("mode", list(py_compile.PycInvalidationMode))
def test_compiled_files_of_somebody_else(mode: py_compile.PycInvalidationMode) -> None:
    """As root's in a tree where tests once ran in a container."""
    with TemporaryDirectory() as folder:
        tree = write(Path(folder) / "tree", {"a.py": MODULE})
        Path(folder).chmod(0o755)
        tree.chmod(0o777)
        os.chown(tree / "a.py", 65534, 65534)
        py_compile.compile(str(tree / "a.py"), invalidation_mode=mode, doraise=True)
        before = state(tree)

        def work() -> None:
            os.setegid(65534)
            os.seteuid(65534)
            with SourcePatcher(tree) as patcher:
                patcher.apply([cached("a.py", "f", 1, 3)])

        dangerous = mode is py_compile.PycInvalidationMode.UNCHECKED_HASH
        assert ended(forked(work)) == (2 if dangerous else 0)
        assert state(tree) == before

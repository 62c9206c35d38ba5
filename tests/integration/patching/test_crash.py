"""Killed, out of space or read-only at any instant: after recovery the tree is as it was."""

import errno
import itertools
import os
import py_compile
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hitrate.patching import exchange as swap
from hitrate.patching.edits import cached
from hitrate.patching.patcher import PatchError, SourcePatcher, recover
from tests.integration.patching.trees import MODULE, ended, forked, state, write

FILES = {
    "a.py": MODULE,
    "b.py": b"# -*- coding: latin-1 -*-\r\n'\xe9'\r\ndef g(): return 1",
    "pkg/c.py": MODULE * 200,
    "pkg/d.py": b"\xef\xbb\xbfasync def h(): pass\n" + b"# long\n" * 5000,
}
FUNCTIONS = [
    ("a.py", "f", 5),
    ("a.py", "A.f", 11),
    ("b.py", "g", 3),
    ("pkg/c.py", "f", 5),
    ("pkg/d.py", "h", 1),
]
STEPS = {
    *("open", "exchange", "fcntl.flock", "os.chmod", "os.chown", "os.listdir", "os.mkdir", "os.remove"),
    *("os.rename", "os.rmdir", "os.setxattr", "os.truncate", "os.utime", "shutil.copystat"),
}
KILLED = -signal.SIGKILL


def no_exchange(one: Path, other: Path) -> None:
    raise swap.NoExchangeError


METHODS = {"exchange": swap.exchange, "copy": no_exchange}


@pytest.fixture(params=METHODS)
def exchanging(request: pytest.FixtureRequest) -> swap.Exchange:
    return METHODS[request.param]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree, part of it compiled already."""
    tree = tmp_path / "tree"
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    write(tree, FILES)
    (tree / "a.py").chmod(0o755)
    py_compile.compile(str(tree / "a.py"), doraise=True)
    return tree


def session(tree: Path, exchanging: swap.Exchange, dice: random.Random, rounds: int) -> None:
    """Patch, run, patch otherwise, put back; a run leaves compiled files of what was patched."""
    with SourcePatcher(tree, exchanging=exchanging) as patcher:
        for _ in range(rounds):
            chosen = dice.sample(FUNCTIONS, dice.randint(0, len(FUNCTIONS)))
            patcher.apply([cached(*function, dice.choice([1, 2, None])) for function in chosen])
            for path in {path for path, _, _ in chosen}:
                py_compile.compile(str(tree / path), doraise=True)


def at_step(number: int, act: Callable[[], None]) -> None:
    """Act just before this process's ``number``-th step with files, and before each one from then on."""
    steps = itertools.count(1)

    def step(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and next(steps) >= number:
            act()

    sys.addaudithook(step)


def audited(exchanging: swap.Exchange) -> swap.Exchange:
    """Makes exchanges steps too."""

    def exchange(one: Path, other: Path) -> None:
        sys.audit("exchange", one, other)
        exchanging(one, other)

    return exchange


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(number: int) -> Callable[[], None]:
    def raise_it() -> None:
        raise OSError(number, os.strerror(number))

    return raise_it


def same_after_recovery(tree: Path, before: dict[str, tuple[object, ...]]) -> None:
    recover(tree)
    assert state(tree) == before


def endlessly(tree: Path, way: swap.Exchange, dice: random.Random, fault: int | None) -> None:
    """Sessions until somebody kills this process; from some step on, every write may fail."""
    if fault is not None:
        at_step(dice.randint(1, 400), fail(fault))
    while True:
        with suppress(PatchError, OSError):
            session(tree, audited(way), dice, 20)


def killed_at_random(tree: Path, runs: int) -> int:
    """How many of the runs were killed at work; the tree is compared after each."""
    dice, before, killed = random.Random(runs), state(tree), 0
    trials = itertools.product([None, None, errno.ENOSPC, errno.EROFS], METHODS.values())
    for run, (fault, way) in zip(range(runs), itertools.cycle(trials), strict=False):
        seeded = random.Random(run)
        child = forked(lambda way=way, fault=fault, dice=seeded: endlessly(tree, way, dice, fault))
        time.sleep(dice.random() * 0.06)  # the instant is what is tried
        os.kill(child, signal.SIGKILL)
        killed += ended(child) == KILLED
        same_after_recovery(tree, before)
    return killed


def test_killed_at_random_instants(tree: Path) -> None:
    assert killed_at_random(tree, 32) == 32


@pytest.mark.slow
def test_killed_at_many_random_instants(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    killed = killed_at_random(tree, 600)
    with capsys.disabled():
        print(f"\n{killed} runs killed, half of them out of space or read-only: always the same tree")
    assert killed == 600


def steps_of(tree: Path, exchanging: swap.Exchange, act: Callable[[], None], every: int) -> set[int]:
    """Run a session once for each of its steps, acting from that step on; the ways in which they ended."""
    before, endings = state(tree), set[int]()
    for number in itertools.count(1, every):

        def work(number: int = number) -> None:
            at_step(number, act)
            session(tree, audited(exchanging), random.Random(7), 2)

        ending = ended(forked(work))
        same_after_recovery(tree, before)
        endings.add(ending)
        if ending == 0:
            return endings
    raise AssertionError


def test_killed_at_steps(tree: Path, exchanging: swap.Exchange) -> None:
    assert steps_of(tree, exchanging, kill, every=23) == {KILLED, 0}


@pytest.mark.slow
def test_killed_at_every_step(tree: Path, exchanging: swap.Exchange) -> None:
    assert steps_of(tree, exchanging, kill, every=1) == {KILLED, 0}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_faults_from_a_step_on(tree: Path, exchanging: swap.Exchange, number: int) -> None:
    assert steps_of(tree, exchanging, fail(number), every=37) <= {0, 1, 2}


@pytest.mark.slow
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_faults_from_every_other_step_on(tree: Path, exchanging: swap.Exchange, number: int) -> None:
    assert steps_of(tree, exchanging, fail(number), every=2) <= {0, 1, 2}


def crashed(tree: Path, exchanging: swap.Exchange) -> None:
    """Leave everything patched, as a killed process does."""

    def work() -> None:
        with SourcePatcher(tree, exchanging=exchanging) as patcher:
            patcher.apply([cached(*function, 8) for function in FUNCTIONS])
            py_compile.compile(str(tree / "a.py"), doraise=True)
            kill()

    assert ended(forked(work)) == KILLED
    assert b"_hitrate" in (tree / "a.py").read_bytes()


def test_killed_at_steps_of_recovery(tree: Path, exchanging: swap.Exchange) -> None:
    before, ending = state(tree), KILLED
    for number in itertools.count(1, 11):
        crashed(tree, exchanging)

        def work(number: int = number) -> None:
            at_step(number, kill)
            with SourcePatcher(tree, exchanging=audited(exchanging)):
                pass

        ending = ended(forked(work))
        same_after_recovery(tree, before)
        if ending == 0:
            return
    raise AssertionError


def test_no_room_for_a_patched_file(tree: Path, exchanging: swap.Exchange) -> None:
    """The limit cuts writes short, as a full disk does."""
    before = state(tree)

    def work() -> None:
        with SourcePatcher(tree, exchanging=exchanging) as patcher:
            patcher.apply([cached("a.py", "f", 5, 1)])
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
            with pytest.raises(PatchError, match=r"^pkg/c\.py: cannot be patched: File too large"):
                patcher.apply([cached("a.py", "f", 5, 2), cached("pkg/c.py", "f", 5, 2)])
            with suppress(PatchError):
                patcher.apply([cached("b.py", "g", 3, 1), cached("a.py", "f", 5, 1)])
                assert b"_hitrate" in (tree / "b.py").read_bytes()

    assert ended(forked(work)) == 0
    assert state(tree) == before


SCRIPT = """
import os, subprocess, sys
from pathlib import Path
from hitrate.patch import PatchError, SourcePatcher
from hitrate.patching.edits import cached
from hitrate.patching.restore import RestoreError, recover
from tests.integration.patching.trees import MODULE, ended, forked, state, write

tree = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(tree)], check=True)
remount = lambda how: subprocess.run(["mount", "-o", f"remount,{how}", str(tree)], check=True)
write(tree, {"a.py": MODULE, "b.py": MODULE})
before = state(tree)
edits = [cached("a.py", "f", 5, 1), cached("b.py", "f", 5, 1)]
"""
READ_ONLY_FROM_THE_START = """
remount("ro")
try:
    with SourcePatcher(tree) as patcher:
        patcher.apply(edits)
except PatchError as error:
    assert "Read-only file system" in str(error), error
else:
    raise AssertionError
assert recover(tree) == []
"""
READ_ONLY_LATER = """
try:
    with SourcePatcher(tree) as patcher:
        patcher.apply(edits)
        remount("ro")
        try:
            patcher.apply(edits[:1])
        except PatchError as error:
            assert "b.py could not be put back (Read-only file system)" in str(error), error
except RestoreError as error:
    assert "a.py could not be put back (Read-only file system)" in str(error), error
    assert "hitrate recover" in str(error)
else:
    raise AssertionError
remount("rw")
assert recover(tree) == ["a.py", "b.py"]
"""
FULL_FROM_THE_START = """
fill = lambda: subprocess.run(["dd", "if=/dev/zero", f"of={tree}/fill"], stderr=subprocess.DEVNULL)
fill()
try:
    with SourcePatcher(tree) as patcher:
        patcher.apply(edits)
except PatchError as error:
    assert "No space left on device" in str(error), error
else:
    raise AssertionError
(tree / "fill").unlink()
"""
FULL_LATER = """
fill = lambda: subprocess.run(["dd", "if=/dev/zero", f"of={tree}/fill"], stderr=subprocess.DEVNULL)
with SourcePatcher(tree) as patcher:
    patcher.apply(edits)
    fill()  # the tests of a project may do that; putting back needs no space
(tree / "fill").unlink()
"""


def unshared() -> bool:
    """Whether this process may mount, in a namespace of its own."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not unshared(), reason="needs user namespaces")
@pytest.mark.parametrize(
    "story", [READ_ONLY_FROM_THE_START, READ_ONLY_LATER, FULL_FROM_THE_START, FULL_LATER]
)
def test_real_file_systems_that_refuse_to_be_written(tmp_path: Path, story: str) -> None:
    script = SCRIPT + story + "assert state(tree) == before\n"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = ["unshare", "-rm", sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

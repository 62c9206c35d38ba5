"""One run of the project's test command: environment, limits, outcome, CPU time."""

import contextlib
import ctypes
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from hitrate.outcome import OutputReader
from hitrate.progress import Progress, Silent

TAIL_LINES = 40
KILL_GRACE_SECONDS = 3.0
_PR_SET_CHILD_SUBREAPER = 36


class Outcome(StrEnum):
    """How a run of the test command ended."""

    PASSED = "passed"
    FAILED = "failed"
    NO_TESTS = "no tests"
    NOT_FOUND = "not found"
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use.

    Attributes:
        timeout_seconds: Wall time after which the whole process group is killed.
    """

    timeout_seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class Suite:
    """A command that runs a project's tests (or its workload).

    Attributes:
        command: Shell command line.
        directory: Where it is run.
        environment: The whole environment that it gets.
        limits: What it may use.
        launcher: Starts the process; None is :func:`launch`.
        tidy: Called after each run, to put away what the tests left in the tree.
    """

    command: str
    directory: Path
    environment: Mapping[str, str]
    limits: Limits = field(default=Limits())
    launcher: "Launcher | None" = None
    tidy: Callable[[], None] | None = None

    def with_command(self, command: str) -> "Suite":
        """The same place and limits with another command."""
        return replace(self, command=command)


@dataclass(frozen=True, slots=True)
class TestRun:
    """What one run gave.

    Attributes:
        outcome: How it ended.
        exit_code: Of the command; negative for a signal.
        cpu_seconds: User and system time of the whole process tree.
        wall_seconds: From start to the end of the last process of the group.
        tests: Tests that ran, None if the command does not say.
        failed: Ids of the tests that failed, as the runner names them.
        tail: Last lines of the output, without escape sequences.
    """

    __test__ = False  # keeps pytest from collecting it

    outcome: Outcome
    exit_code: int
    cpu_seconds: float
    wall_seconds: float
    tests: int | None = None
    failed: tuple[str, ...] = ()
    tail: str = ""


Launcher = Callable[["Suite", Mapping[str, str]], "subprocess.Popen[bytes]"]


def launch(suite: Suite, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start the command in a session of its own, output and errors in one pipe."""
    return subprocess.Popen(
        [shutil.which("bash") or "/bin/sh", "-c", suite.command],
        cwd=suite.directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def run(suite: Suite, *, bytecode: Path, progress: Progress | None = None) -> TestRun:
    """Run the suite once and wait until its whole process group is gone.

    Args:
        suite: What to run.
        bytecode: Folder for this variant's ``.pyc`` files, so that no other variant's are run.
        progress: Told how many tests have ended.

    Returns:
        Outcome, CPU seconds of the whole process tree, wall seconds, failed tests, last lines.
    """
    environment = variant_environment(suite.environment, bytecode)
    reader = OutputReader(progress or Silent(), tail_lines=TAIL_LINES)
    started = time.monotonic()
    with _adopting_orphans(), (suite.launcher or launch)(suite, environment) as process:
        timed_out, exit_code, cpu_seconds = _drain(process, reader, started + suite.limits.timeout_seconds)
    wall_seconds = time.monotonic() - started
    if suite.tidy is not None:
        suite.tidy()
    summary = reader.summary()
    return TestRun(
        outcome=_outcome(timed_out, exit_code, summary.nothing_collected),
        exit_code=exit_code,
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
        tests=summary.tests,
        failed=summary.failed,
        tail=summary.tail,
    )


def variant_environment(environment: Mapping[str, str], bytecode: Path) -> dict[str, str]:
    """The run's environment: fixed hash seed, private bytecode, which is therefore written."""
    fixed = {"PYTHONHASHSEED": environment.get("PYTHONHASHSEED", "0"), "PYTHONPYCACHEPREFIX": str(bytecode)}
    # Bytecode goes to a private folder, so a wish not to litter is met; without it every process would
    # compile every module anew.
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | fixed


def _outcome(timed_out: bool, exit_code: int, nothing_collected: bool) -> Outcome:
    if timed_out:
        return Outcome.TIMED_OUT
    if exit_code == 0:
        return Outcome.PASSED
    if exit_code in (126, 127):
        return Outcome.NOT_FOUND
    return Outcome.NO_TESTS if nothing_collected else Outcome.FAILED


def _drain(
    process: "subprocess.Popen[bytes]", reader: OutputReader, deadline: float
) -> tuple[bool, int, float]:
    """Read output until the command ends or the deadline passes; then end its group, count its CPU time."""
    timed_out = False
    try:
        timed_out = not _read_until_exit(process, reader, deadline)
    finally:
        exit_code, cpu_seconds = _end_group(process, gently=timed_out or sys.exc_info()[0] is not None)
        if process.stdout is not None:
            process.stdout.close()
    return timed_out, exit_code, cpu_seconds


def _read_until_exit(process: "subprocess.Popen[bytes]", reader: OutputReader, deadline: float) -> bool:
    """Feed the reader; True when the command ended by itself, False when the deadline passed."""
    if process.stdout is None:
        raise ValueError("the launcher must give a pipe as stdout")
    descriptor = process.stdout.fileno()
    os.set_blocking(descriptor, False)
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            # A background child may hold the pipe open after the command has ended: look at the command too.
            ready = selector.select(timeout=min(0.25, max(0.0, deadline - time.monotonic())))
            chunk = os.read(descriptor, 1 << 16) if ready else None
            if chunk:
                reader.feed(chunk)
            elif chunk == b"":
                return _wait_exited(process.pid, deadline)
            elif _has_exited(process.pid):
                return True
    return False


def _has_exited(pid: int) -> bool:
    """Whether the process has ended; it stays waitable, so that its CPU time can still be read."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _wait_exited(pid: int, deadline: float) -> bool:
    pause = 0.001
    while not _has_exited(pid):
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.05)
    return True


def _end_group(process: "subprocess.Popen[bytes]", *, gently: bool) -> tuple[int, float]:
    """Kill what is left of the group and wait for all of it; exit code and CPU seconds of the tree."""
    group = process.pid
    if gently:
        _signal_group(group, signal.SIGTERM)
        _wait_exited(process.pid, time.monotonic() + KILL_GRACE_SECONDS)
    _signal_group(group, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu_seconds = usage.ru_utime + usage.ru_stime
    # Orphans of the group were handed to this process: their time counts too.
    with contextlib.suppress(ChildProcessError):
        while True:
            _, _, usage = os.wait4(-group, 0)
            cpu_seconds += usage.ru_utime + usage.ru_stime
    return process.returncode, cpu_seconds


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[None]:
    """On Linux, become the parent of processes whose own parent ends first, to be able to wait for them."""
    if not sys.platform.startswith("linux"):
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

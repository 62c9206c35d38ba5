"""One run of the project's test command: environment, limits, outcome, CPU time."""

import contextlib
import ctypes
import math
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from hitrate.progress.progress import Progress, Silent
from hitrate.testrun.output import OutputReader

TAIL_LINES = 40
KILL_GRACE_SECONDS = 3.0
HYPOTHESIS_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"
"""Where Hypothesis keeps examples of failures, which the next run begins with: new for each run."""
_POLL_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 60.0
_CHUNK_BYTES = 1 << 16
_PIPE_BYTES_AT_MOST = 1 << 20
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
        wall_seconds: From start to the end of the command.
        idle_seconds: Time in which processors of the machine had nothing to do, summed over them; None where
            the system does not say.
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
    idle_seconds: float | None = None

    @property
    def stalled_seconds(self) -> float:
        """Wall time in which the command did not compute; 0 where several processes computed at once."""
        return max(0.0, self.wall_seconds - self.cpu_seconds)

    @property
    def waiting_seconds(self) -> float:
        """The part of it in which no busy processor can have been the cause."""
        return min(self.stalled_seconds, math.inf if self.idle_seconds is None else self.idle_seconds)


class Command(subprocess.Popen[bytes]):
    """The process of a command in a session of its own, whose ``with`` block ends once none of it is left."""

    def kill_all(self) -> None:
        """Kill all that can be killed at once, ended or not; the process itself is not waited for."""
        _signal_group(self.pid, signal.SIGKILL)


Launcher = Callable[["Suite", Mapping[str, str]], Command]


def launch(suite: Suite, environment: Mapping[str, str]) -> Command:
    """Start the command in a session of its own, output and errors in one pipe."""
    return Command(
        [shutil.which("bash") or "/bin/sh", "-c", suite.command],
        cwd=suite.directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def run(suite: Suite, *, bytecode: Path, progress: Progress | None = None) -> TestRun:
    """Run the suite once and wait until no process of it is left.

    On Linux, processes that were orphaned or moved to a session of their own are ended and counted too. Not
    counted is the time of children whose parent told the system to forget them (SIGCHLD ignored).

    Args:
        suite: What to run.
        bytecode: Folder for this variant's ``.pyc`` files, so that no other variant's are run.
        progress: Told how many tests have ended.

    Returns:
        Outcome, CPU seconds of the whole process tree, wall seconds, failed tests, last lines.
    """
    _open_folder(bytecode)
    examples = Path(tempfile.mkdtemp(prefix="examples-", dir=bytecode))
    _open_folder(examples)
    environment = variant_environment(suite.environment, bytecode) | {HYPOTHESIS_STORAGE: str(examples)}
    reader = OutputReader(progress or Silent(), tail_lines=TAIL_LINES)
    idle_before = _idle_seconds()
    try:
        with _adopting_orphans():
            timed_out, exit_code, cpu_seconds, wall_seconds = _watch(suite, environment, reader)
    finally:
        if suite.tidy is not None:
            suite.tidy()
    idle_after = _idle_seconds()
    summary = reader.summary()
    return TestRun(
        outcome=_outcome(timed_out, exit_code, summary.nothing_collected),
        exit_code=exit_code,
        cpu_seconds=cpu_seconds,
        wall_seconds=wall_seconds,
        tests=summary.tests,
        failed=summary.failed,
        tail=summary.tail,
        idle_seconds=None if idle_before is None or idle_after is None else idle_after - idle_before,
    )


def _open_folder(folder: Path) -> None:
    """Make a folder where the tests may write: as root, Hitrate runs them as another user."""
    folder.mkdir(parents=True, exist_ok=True)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        folder.chmod(0o777)


def _idle_seconds() -> float | None:
    """Idle time of all processors since the machine was started (proc(5)); None where it is not told."""
    try:
        with open("/proc/stat", "rb") as stream:
            fields = stream.readline().split()
        return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None


def cpu_seconds() -> float:
    """CPU seconds used so far by this process and all its children that were waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def variant_environment(environment: Mapping[str, str], bytecode: Path) -> dict[str, str]:
    """The run's environment: the caller's with a fixed hash seed and a bytecode folder of its own.

    A caller's ``PYTHONDONTWRITEBYTECODE`` stays: some tests change a module within a second and pass only so.
    """
    fixed = {"PYTHONHASHSEED": environment.get("PYTHONHASHSEED", "0"), "PYTHONPYCACHEPREFIX": str(bytecode)}
    return {**environment, **fixed}


def _outcome(timed_out: bool, exit_code: int, nothing_collected: bool) -> Outcome:
    if timed_out:
        return Outcome.TIMED_OUT
    if exit_code in (126, 127):
        return Outcome.NOT_FOUND
    if nothing_collected:  # which is no failure for unittest before Python 3.12
        return Outcome.NO_TESTS
    return Outcome.FAILED if exit_code else Outcome.PASSED


def _watch(
    suite: Suite, environment: Mapping[str, str], reader: OutputReader
) -> tuple[bool, int, float, float]:
    """Run the command to its end or its deadline; whether it timed out, exit code, CPU and wall seconds."""
    others = _children()
    try:
        return _watch_process(suite, environment, reader, others)
    finally:  # interrupted while the command was being started: it may run, though nobody holds it yet
        _end_strays(others)


def _watch_process(
    suite: Suite, environment: Mapping[str, str], reader: OutputReader, others: frozenset[int]
) -> tuple[bool, int, float, float]:
    started = time.monotonic()
    # A launcher's process may have more to end than its group: it does so when the block ends.
    with (suite.launcher or launch)(suite, environment) as process:
        timed_out = True
        try:
            timed_out = not _read_until_exit(process, reader, started + suite.limits.timeout_seconds)
        finally:
            try:
                # Still true after an exception: an interrupted command gets time to put itself right too.
                if timed_out:
                    _ask_to_end(process, reader)
            finally:  # interrupted again: no more patience, and no survivors
                wall_seconds = time.monotonic() - started
                exit_code, cpu_seconds = _end_tree(process, others)
                _read_rest(process, reader)
    return timed_out, exit_code, cpu_seconds, wall_seconds


def _read_until_exit(process: Command, reader: OutputReader, deadline: float) -> bool:
    """Feed the reader; True when the command ended by itself, False when the deadline passed."""
    output = _output(process)
    with selectors.DefaultSelector() as selector, _exit_descriptor(process.pid) as ended:
        pause = _POLL_SECONDS if ended is None else math.inf
        if ended is not None:
            selector.register(ended, selectors.EVENT_READ)
        selector.register(output, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            # A background child may hold the pipe open after the command has ended: look at the command too.
            ready = [key.fd for key, _ in selector.select(timeout=min(pause, left, _LONGEST_WAIT_SECONDS))]
            if output in ready and not _read_chunk(output, reader):
                selector.unregister(output)  # closed: the command may run on without it
            if _has_exited(process.pid):
                return True
    return False


def _output(process: Command) -> int:
    if process.stdout is None:
        raise ValueError("the launcher must give a pipe as stdout")
    descriptor = process.stdout.fileno()
    os.set_blocking(descriptor, False)
    return descriptor


def _read_chunk(descriptor: int, reader: OutputReader) -> bool:
    """Feed what is there; False at the end of the output."""
    try:
        chunk = os.read(descriptor, _CHUNK_BYTES)
    except BlockingIOError:
        return True
    reader.feed(chunk)
    return bool(chunk)


def _read_rest(process: Command, reader: OutputReader) -> None:
    """Feed what the pipe still holds once nobody is left to write, and close it."""
    with process.stdout or contextlib.nullcontext():
        for _ in range(_PIPE_BYTES_AT_MOST // _CHUNK_BYTES):
            if not _read_chunk(_output(process), reader):
                break


@contextlib.contextmanager
def _exit_descriptor(pid: int) -> Iterator[int | None]:
    """A descriptor that becomes readable when the process ends; None where the system has none."""
    if not hasattr(os, "pidfd_open"):
        yield None
        return
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:  # a sandbox may forbid it
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _has_exited(pid: int) -> bool:
    """Whether the process has ended; it stays waitable, so that its CPU time can still be read."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _ask_to_end(process: Command, reader: OutputReader) -> None:
    """Give the group a moment to end by itself, reading on so that nobody is stuck in a full pipe."""
    _signal_group(process.pid, signal.SIGTERM)
    _read_until_exit(process, reader, time.monotonic() + KILL_GRACE_SECONDS)


def _end_tree(process: Command, others: frozenset[int]) -> tuple[int, float]:
    """Kill what is left of the tree and wait for all of it; exit code and CPU seconds of the tree.

    Args:
        process: The command, ended or not.
        others: Children of this process that are not of the tree.
    """
    group = process.pid
    process.kill_all()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu_seconds = usage.ru_utime + usage.ru_stime
    # Orphans of the group were handed to this process: their time counts too.
    with contextlib.suppress(ChildProcessError):
        while True:
            _, _, usage = os.wait4(-group, 0)
            cpu_seconds += usage.ru_utime + usage.ru_stime
    # So were those that had left for a session of their own.
    return process.returncode, cpu_seconds + _end_strays(others)


def _end_strays(others: frozenset[int]) -> float:
    """Kill every child but ``others`` and wait for it; their CPU seconds."""
    cpu_seconds = 0.0
    spared = set(others)
    while strays := _children() - spared:  # each of them may leave children in turn
        for pid in strays:
            spared.add(pid)
            cpu_seconds += _end_stray(pid)
    return cpu_seconds


def _end_stray(pid: int) -> float:
    """Kill one adopted process and wait for it; its CPU seconds."""
    with contextlib.suppress(ProcessLookupError, PermissionError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        _, _, usage = os.wait4(pid, 0)
        return usage.ru_utime + usage.ru_stime
    return 0.0


def _children() -> frozenset[int]:
    """Processes whose parent is this one, ended ones that were not waited for included; empty off Linux."""
    own = os.getpid()
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in brackets, may hold anything; the parent is the second field behind it.
            if int(entry.read_bytes().rpartition(b")")[2].split()[1]) == own:
                found.add(int(entry.parent.name))
    return frozenset(found)


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[None]:
    """On Linux, become the parent of processes whose own parent ends first, so as to wait for them."""
    if not sys.platform.startswith("linux"):
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

"""The processes of one command: started, read from, and ended to the last one."""

import contextlib
import ctypes
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hitrate.testrun.output import OutputReader
from hitrate.testrun.treetime import children, cpu_seconds_below

KILL_GRACE_SECONDS = 3.0
_POLL_SECONDS = 0.05
_LOOK_SECONDS = 0.2  # between two looks at what the processes have computed
_LONGEST_WAIT_SECONDS = 60.0
_CHUNK_BYTES = 1 << 16
_PIPE_BYTES_AT_MOST = 1 << 20
_PR_SET_CHILD_SUBREAPER = 36
_IS_LINUX = sys.platform.startswith("linux")
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended, and what it took.

    Attributes:
        timed_out: Whether it was ended because its time was up.
        exit_code: Of the command; negative for a signal.
        cpu_seconds: User and system time of the whole process tree.
        wall_seconds: From its start to its end.
    """

    timed_out: bool
    exit_code: int
    cpu_seconds: float
    wall_seconds: float


class Command(subprocess.Popen[bytes]):
    """The process of a command in a session of its own, whose ``with`` block ends once none of it is left."""

    def kill_all(self) -> None:
        """Kill all that can be killed at once, ended or not; the process itself is not waited for."""
        _signal_group(self.pid, signal.SIGKILL)


def watch(
    start: Callable[[], Command],
    reader: OutputReader,
    timeout_seconds: float,
    cpu_limit_seconds: float = math.inf,
) -> Ending:
    """Run a command to its end or until its time is up, and wait until no process of it is left.

    Args:
        start: Starts it.
        reader: Fed with its output.
        timeout_seconds: Wall time after which it is asked to end, and then killed.
        cpu_limit_seconds: CPU time of the whole process tree after which it is too, if the system tells.
    """
    with _adopting_orphans():
        others = children()
        try:
            allotted = _Allotted(time.monotonic() + timeout_seconds, cpu_limit_seconds, others)
            return _watched(start, reader, allotted, others)
        finally:  # interrupted while the command was being started: it may run, though nobody holds it yet
            _end_strays(others)


class _Allotted:
    """Time that a command may take."""

    def __init__(
        self, deadline: float, cpu_seconds: float = math.inf, others: frozenset[int] = NOBODY
    ) -> None:
        """Both limits.

        Args:
            deadline: Of the monotonic clock.
            cpu_seconds: Of all children of this process together, but for ``others``.
            others: Children of this process that are not meant.
        """
        self._deadline, self._cpu_seconds, self._others = deadline, cpu_seconds, others
        self._next_look = time.monotonic()

    def left(self, ended_cpu_seconds: float = 0.0) -> float:
        """Seconds until it is to be asked again; none when either limit is reached.

        No look at all processes is taken before all processors could have used up what is left.

        Args:
            ended_cpu_seconds: Of processes that are not to be seen any more.
        """
        now = time.monotonic()
        if self._cpu_seconds == math.inf:
            return self._deadline - now
        if now >= self._next_look:
            left = self._cpu_seconds - ended_cpu_seconds - cpu_seconds_below(self._others)
            if left <= 0:
                return 0.0
            self._next_look = now + max(_LOOK_SECONDS, left / (os.cpu_count() or 1))
        return min(self._deadline, self._next_look) - now


class _Orphans:
    """Processes whose own parent ended first, and which this one was given instead.

    The system's first process waits for those that end at once; who asks whether one is still there must not
    wait for the end of the whole command.
    """

    def __init__(self, command: int, others: frozenset[int]) -> None:
        """None so far.

        Args:
            command: A child that is none.
            others: Others that are none.
        """
        self._own = others | {command}
        self.cpu_seconds = 0.0

    def reap(self) -> None:
        """Wait for those that have ended, unless a child that is none has ended before them."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
                if ended.si_pid in self._own:
                    break
                _, _, usage = os.wait4(ended.si_pid, 0)
                self.cpu_seconds += usage.ru_utime + usage.ru_stime


def _watched(
    start: Callable[[], Command], reader: OutputReader, allotted: _Allotted, others: frozenset[int]
) -> Ending:
    started = time.monotonic()
    # A launcher's process may have more to end than its group: it does so when the block ends.
    with start() as process:
        timed_out, orphans = True, _Orphans(process.pid, others)
        try:
            timed_out = not _read_until_exit(process, reader, allotted, orphans)
        finally:
            try:
                # Still true after an exception: an interrupted command gets time to put itself right too.
                if timed_out:
                    _ask_to_end(process, reader, orphans)
            finally:  # interrupted again: no more patience, and no survivors
                wall_seconds = time.monotonic() - started
                exit_code, cpu_seconds = _end_tree(process, others)
                _read_rest(process, reader)
    return Ending(timed_out, exit_code, cpu_seconds + orphans.cpu_seconds, wall_seconds)


def _read_until_exit(process: Command, reader: OutputReader, allotted: _Allotted, orphans: _Orphans) -> bool:
    """Feed the reader; True when the command ended by itself, False when its time was up."""
    output = _output(process)
    with selectors.DefaultSelector() as selector, _exit_descriptor(process.pid) as ended:
        pause = _POLL_SECONDS if ended is None or _IS_LINUX else math.inf
        if ended is not None:
            selector.register(ended, selectors.EVENT_READ)
        selector.register(output, selectors.EVENT_READ)
        while (left := allotted.left(orphans.cpu_seconds)) > 0:
            # A background child may hold the pipe open after the command has ended: look at the command too.
            ready = [key.fd for key, _ in selector.select(timeout=min(pause, left, _LONGEST_WAIT_SECONDS))]
            if output in ready and not _read_chunk(output, reader):
                selector.unregister(output)  # closed: the command may run on without it
            orphans.reap()
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


def _ask_to_end(process: Command, reader: OutputReader, orphans: _Orphans) -> None:
    """Give the group a moment to end by itself, reading on so that nobody is stuck in a full pipe."""
    _signal_group(process.pid, signal.SIGTERM)
    _read_until_exit(process, reader, _Allotted(time.monotonic() + KILL_GRACE_SECONDS), orphans)


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
    while strays := children() - spared:  # each of them may leave children in turn
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


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[None]:
    """On Linux, become the parent of processes whose own parent ends first, so as to wait for them."""
    if not _IS_LINUX:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

"""Starts the project's code as another user, under limits, and ends all of it."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from hitrate.errors import AnalysisError
from hitrate.sandbox.identity import (
    END_ATTEMPTS,
    END_PAUSE_SECONDS,
    ENDER_UID,
    KILL_ALL,
    OUT_OF_MEMORY_FIRST,
    SYSTEM_PATH,
    Identity,
    as_identity,
    system_program,
)
from hitrate.sandbox.quota import Quota, Watch
from hitrate.testrun.processtree import Command
from hitrate.testrun.run import Suite


def within(quota: Quota) -> list[str]:
    """The start of a command line that runs the rest under the limits of one process.

    Raises:
        AnalysisError: The system lacks what sets them.
    """
    return [
        system_program("choom"),
        f"--adjust={OUT_OF_MEMORY_FIRST}",
        "--",
        system_program("prlimit"),
        "--core=0",
        f"--data={quota.memory_bytes}",
        f"--fsize={quota.disk_bytes}",
        f"--nproc={quota.processes}",
        "--",
    ]


class Launcher:
    """Starts the project's code as another user and under limits (see `hitrate.testrun.run.Launcher`).

    Attributes:
        notes: What a reader of the report must know about the runs so far.
    """

    def __init__(self, identity: Identity, quota: Quota, *, disk: Path) -> None:
        """Start nothing yet; ``disk`` is a folder on the disk whose use is limited."""
        self._identity = identity
        self._quota = quota
        self._disk = disk
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the report must know about the runs so far, each one sentence."""
        return tuple(self._notes)

    def __call__(self, suite: Suite, environment: Mapping[str, str]) -> Command:
        """Start the suite's command in a session of its own, output and errors in one pipe.

        Its environment begins with the other user: what changes users is run as root, and is not to load a
        library (``LD_LIBRARY_PATH``) that lies in the tree.
        """
        shell = shutil.which("bash", path=SYSTEM_PATH) or "/bin/sh"
        variables = [f"{name}={value}" for name, value in environment.items()]
        return _Confined(
            [
                *as_identity(self._identity),
                *within(self._quota),
                *(system_program("env"), "-i", "--", *variables),
                *(shell, "-c", suite.command),
            ],
            directory=suite.directory,
            confinement=(self._identity, self._quota, self._disk),
            notes=self._notes,
        )


class _Confined(Command):
    """A process whose ``with`` block ends with every process of its user."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        directory: Path,
        confinement: tuple[Identity, Quota, Path],
        notes: dict[str, None],
    ) -> None:
        self._identity, quota, disk = confinement
        self._remarks = notes
        super().__init__(
            command,
            cwd=directory,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._watch = Watch(quota, disk, self._stop)
        self._watch.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._watch.end()
        survivors = end_all(self._identity)
        if survivors:
            self._remarks["The tests left processes behind in the background; they were ended."] = None
        super().__exit__(kind, value, traceback)

    def kill_all(self) -> None:
        """Kill every process of the user at once: one by one, those that multiply would outrun it."""
        super().kill_all()
        kill_all(self._identity)

    def _stop(self, reason: str) -> None:
        """Say why in the output of the run, then end it."""
        self._remarks[reason] = None
        if self.stdout is not None:
            _write_into(self.stdout.fileno(), f"\nhitrate: {reason}\n".encode())
        kill_all(self._identity)


def kill_all(identity: Identity) -> None:
    """Kill every process of that user, by one call that reaches all, and that none can forestall."""
    numbers = (str(identity.uid), str(ENDER_UID))
    # By way of a program of the system: the first one is looked up with the rights of `files_as`.
    program = [system_program("env"), "-i", sys.executable, "-I", "-S", "-c", KILL_ALL]
    subprocess.run([*program, *numbers], env={}, cwd="/", check=False)


def end_all(identity: Identity) -> int:
    """Kill every process of that user and wait until none is left.

    Returns:
        How many there were.

    Raises:
        AnalysisError: They cannot be ended.
    """
    first = {pid for pid, process in processes_of(identity).items() if not process.zombie}
    for _ in range(END_ATTEMPTS):
        found = processes_of(identity)
        _reap(pid for pid, process in found.items() if process.zombie and process.parent == os.getpid())
        if all(process.zombie for process in found.values()):
            return len(first)
        kill_all(identity)
        time.sleep(END_PAUSE_SECONDS)
    raise AnalysisError(f"processes of user {identity.name!r} cannot be ended: {sorted(found)[:10]}")


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A process as ``/proc`` shows it."""

    parent: int
    zombie: bool


def processes_of(identity: Identity) -> dict[int, RunningProcess]:
    """All processes of that user by id, those included that have ended and not been waited for."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                status = _status(Path(f"/proc/{entry}/status").read_text(encoding="utf-8", errors="replace"))
                if status["Uid"].split()[0] == str(identity.uid):
                    found[int(entry)] = RunningProcess(
                        int(status["PPid"]), status["State"].startswith(("Z", "X"))
                    )
    return found


def _status(text: str) -> dict[str, str]:
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def _reap(pids: Iterable[int]) -> None:
    """Wait for orphans that were handed to this process."""
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def _write_into(pipe: int, message: bytes) -> None:
    """Write into a pipe whose reading end this process holds, unless it stays full."""
    with contextlib.suppress(OSError):
        descriptor = os.open(f"/proc/self/fd/{pipe}", os.O_WRONLY | os.O_NONBLOCK)
        try:
            for _ in range(END_ATTEMPTS):
                with contextlib.suppress(BlockingIOError):
                    os.write(descriptor, message)
                    return
                time.sleep(END_PAUSE_SECONDS)
        finally:
            os.close(descriptor)

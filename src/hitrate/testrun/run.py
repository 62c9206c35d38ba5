"""One run of the project's test command: environment, limits, outcome, CPU time."""

import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from hitrate.progress.progress import Progress, Silent
from hitrate.testrun.output import OutputReader, OutputSummary
from hitrate.testrun.processtree import Command, Ending, watch

TAIL_LINES = 40
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
BYTECODE_FOLDER = "PYTHONPYCACHEPREFIX"
HYPOTHESIS_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"
"""Where Hypothesis keeps examples of failures, which the next run begins with: new for each run."""


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
        cpu_seconds: CPU time of the whole process tree after which it is too, on Linux.
    """

    timeout_seconds: float = 1800.0
    cpu_seconds: float = math.inf


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
        ending = watch(
            lambda: (suite.launcher or launch)(suite, environment),
            reader,
            suite.limits.timeout_seconds,
            suite.limits.cpu_seconds,
        )
    finally:
        if suite.tidy is not None:
            suite.tidy()
    idle_after = _idle_seconds()
    summary = reader.summary()
    return TestRun(
        outcome=_outcome(ending, summary),
        exit_code=ending.exit_code,
        cpu_seconds=ending.cpu_seconds,
        wall_seconds=ending.wall_seconds,
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
    With it, an empty ``PYTHONPYCACHEPREFIX`` stays too: some look beside a source for what they compile.
    """
    beside = environment.get(NO_BYTECODE) and environment.get(BYTECODE_FOLDER) == ""
    fixed = {
        "PYTHONHASHSEED": environment.get("PYTHONHASHSEED", "0"),
        BYTECODE_FOLDER: "" if beside else str(bytecode),
    }
    return {**environment, **fixed}


def _outcome(ending: Ending, summary: OutputSummary) -> Outcome:
    if ending.timed_out:
        return Outcome.TIMED_OUT
    if ending.exit_code in (126, 127):
        return Outcome.NOT_FOUND
    if summary.nothing_collected:  # which is no failure for unittest before Python 3.12
        return Outcome.NO_TESTS
    return Outcome.FAILED if ending.exit_code else Outcome.PASSED

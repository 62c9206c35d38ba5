"""What every effort is given, and what it gives back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.errors import InputError
from hitrate.evidence import Duration, Evidence, Processes, Runs, Trial
from hitrate.memory.model import Memory
from hitrate.patching.patcher import SourcePatcher
from hitrate.progress.progress import Progress
from hitrate.settings.model import Settings
from hitrate.testrun.run import Suite, TestRun


def project_folder(tree: Path, start: Path, name: str) -> Path:
    """The folder in which a project's commands are run.

    Args:
        tree: Root of the working tree.
        start: The folder from which it is named.
        name: What the user wrote.

    Raises:
        InputError: There is no such folder in the tree.
    """
    folder = (start / name).resolve()
    if not folder.is_relative_to(tree.resolve()) or not folder.is_dir():
        raise InputError(f"working-directory: no folder {name!r}; name one inside the repository")
    return folder


def as_it_is(run: TestRun) -> TestRun:
    """Those that were run are all."""
    return run


@dataclass(frozen=True, slots=True)
class Project:
    """What is analysed.

    Attributes:
        tree: Root of the working tree that is patched and tested.
        suite: Runs the tests; they tell whether a cache is safe.
        workload: Runs what stands for production; None where the tests do.
        change: What was compared.
        selection: The functions to look at.
        notes: What a reader must know of how it is run, each one plain sentence.
        others: Commands that are tried in turn where that of the suite runs no test.
        kept: Memory that tells which tests a change can make a difference to; None where there is none.
        left_out: Tests that fail without any change and that the suite's command leaves out.
    """

    tree: Path
    suite: Suite
    workload: Suite | None
    change: Change
    selection: Selection
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    kept: "Kept | None" = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Memory of the base, and what it takes to use it.

    Attributes:
        memory: What a run of all tests reached.
        listed: All files that belong to the tree.
        now: Seconds since 1970.
        others: Files other than Python that differ from those of its commit.
        links: Those of them that are links, or were.
    """

    memory: Memory
    listed: Collection[str]
    now: float
    others: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recalled:
    """What memory said of a change.

    Attributes:
        commit: The commit that it is of.
        age_seconds: How old it is.
        run: How many of the tests were run.
        tests: How many there are.
        everything: Why all were run, as the second half of a sentence; None where they were not.
    """

    commit: str
    age_seconds: float
    run: int
    tests: int
    everything: str | None = None


@dataclass(frozen=True, slots=True)
class Bytecode:
    """Folders of compiled files that new variants begin with.

    Attributes:
        compiled: What the interpreter had compiled before any run.
        warm: What it had after the first run; missing until then.
    """

    compiled: Path
    warm: Path


@dataclass(frozen=True, slots=True)
class Session:
    """What an effort works with.

    Attributes:
        patcher: Patches the tree, inside its ``with`` block.
        project: What is analysed.
        settings: What the user chose.
        scratch: A private folder.
        bytecode: Compiled files to begin with.
        progress: Told what is being done.
        clock: Wall seconds.
        cpu_seconds: Tells what the analysis has taken so far, itself and all that it has run.
        of_all: Makes a run of the tests one of all tests, where only some are run.
    """

    patcher: SourcePatcher
    project: Project
    settings: Settings
    scratch: Path
    bytecode: Bytecode
    progress: Progress
    clock: Callable[[], float]
    cpu_seconds: Callable[[], float]
    of_all: Callable[[TestRun], TestRun] = as_it_is


@dataclass(frozen=True, slots=True)
class Plain:
    """The tests without any change.

    Attributes:
        run: A plain run, or what is known of one.
        estimated: Whether its times are those of an observed run, less what observing added.
        runs: How many plain runs of all tests were made.
    """

    run: TestRun
    estimated: bool = False
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the runs gave.

    Attributes:
        evidence: One entry for each function that was measured.
        processes: Processes announced and received; None where nothing was recorded.
        trial: The caches together against none; None where none was tried.
        runs: How often commands were run.
        workload: How long one plain run of what stands for production took; None where nothing was run.
        solos: Trials of single functions, by their ids.
        broken_off: How the observed run ended before its time, a sentence; None where it got to its end.
        notes: What a reader of the report must know, each one plain sentence.
        command: What ran the tests in the end; None where it is that of the project.
        plain: The tests without any change; None where nothing was run.
        recalled: What memory said; None where there is none.
        observed_seconds: CPU time of the observed run; None where there was none.
        cached_seconds: CPU time of all runs with other caches than the tree has; None where there was none.
        left_out: Tests that fail without any change, without which the others were run.
        left_out_said: Last lines of a run of these.
    """

    evidence: tuple[Evidence, ...] = ()
    processes: Processes | None = None
    trial: Trial | None = None
    runs: Runs = field(default=Runs())
    workload: Duration | None = None
    solos: tuple[tuple[str, Trial], ...] = ()
    broken_off: str | None = None
    notes: tuple[str, ...] = ()
    command: str | None = None
    plain: Plain | None = None
    recalled: Recalled | None = None
    observed_seconds: float | None = None
    cached_seconds: float | None = None
    left_out: tuple[str, ...] = ()
    left_out_said: str = ""

"""The way of the data as one function to read from top to bottom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hitrate import testrun
from hitrate.advice import advised
from hitrate.config import for_path
from hitrate.discovery import Selection, read_source
from hitrate.errors import AnalysisError, InputError
from hitrate.evidence import Evidence, Metric, Processes, Screening, Trial
from hitrate.functions import Function
from hitrate.patch import SourcePatcher
from hitrate.precompiled import link_compiled
from hitrate.progress import Progress
from hitrate.quick import cached_run, single_pair_speedup
from hitrate.report.assemble import Cost, assemble, suite_report
from hitrate.report.model import ChangeReport, Report, RunsReport
from hitrate.seed import seed
from hitrate.settings import Settings
from hitrate.testrun import Outcome, Suite, TestRun
from hitrate.verdict import Finding, Thresholds, broken_gate, gate, judge

NOTHING_IMPORTED = (
    "no test process imported the changed files from this tree; install the project in editable mode "
    "(pip install -e .), or name a test command that imports it"
)


@dataclass(frozen=True, slots=True)
class Project:
    """What is analysed.

    Attributes:
        tree: Root of the working tree that is patched and tested.
        suite: Runs the tests; they tell whether a cache is safe.
        workload: Runs what stands for production; None where the tests do.
        change: What was compared.
        selection: The functions to look at.
    """

    tree: Path
    suite: Suite
    workload: Suite | None
    change: ChangeReport
    selection: Selection


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the runs gave: one entry of evidence for each function that was measured."""

    evidence: tuple[Evidence, ...] = ()
    processes: Processes | None = None
    trial: Trial | None = None
    runs: RunsReport = field(default=RunsReport())
    notes: tuple[str, ...] = ()


def analyse(
    project: Project, settings: Settings, scratch: Path, progress: Progress, cpu_clock: Callable[[], float]
) -> Report:
    """Measure the functions of a project and judge them.

    Args:
        project: What is analysed; its tree is as before when this returns.
        settings: What the user chose.
        scratch: An empty private folder.
        progress: Told what is being done.
        cpu_clock: CPU seconds used so far by this process and all its children.

    Raises:
        InputError: The test command was not found.
        AnalysisError: It timed out or ran no test, with nothing changed.
    """
    started = cpu_clock()
    measurable = [function for function in project.selection.functions if function.ineligible is None]
    baseline: TestRun | None = None
    measured = Measurement()
    if measurable:
        with progress.phase("Tests without any change"):
            progress.run("baseline", 1, None)
            link_compiled(scratch / "compiled", project.suite)
            seed(scratch / "baseline", scratch / "compiled")
            baseline = testrun.run(project.suite, bytecode=scratch / "baseline", progress=progress)
        check_baseline(baseline, project.suite)
        measured = _measure(project, settings, scratch, progress, measurable, baseline)
    spent = cpu_clock() - started
    findings = _judge(project.selection.functions, measured.evidence, settings, baseline)
    broken = baseline is not None and baseline.outcome is Outcome.FAILED
    report = assemble(
        project.change,
        suite_report(
            project.suite.command,
            project.workload.command if project.workload else None,
            settings.effort,
            baseline,
            Cost(measured.runs, spent / baseline.cpu_seconds if baseline and baseline.cpu_seconds else None),
            measured.processes,
        ),
        measured.trial,
        findings,
        broken_gate(settings.fail_on, len(baseline.failed) or 1)
        if baseline and broken
        else gate(
            findings,
            settings.fail_on,
            thresholds_of(settings),
            workload_seconds=baseline.cpu_seconds if baseline else None,
            trial=measured.trial,
        ),
        [*project.selection.notes, *measured.notes],
    )
    return advised(report, lambda path: read_source(project.tree, path))


def check_baseline(baseline: TestRun, suite: Suite) -> None:
    """Refuse what cannot be a baseline; failing tests are no error here but a finding.

    Raises:
        InputError: The command was not found.
        AnalysisError: It timed out or ran no test.
    """
    last = baseline.tail.strip().splitlines()[-1:] or ["no output"]
    match baseline.outcome:
        case Outcome.NOT_FOUND:
            raise InputError(
                f"test-command: {suite.command!r} was not found ({last[0]}); name one that runs the tests"
            )
        case Outcome.TIMED_OUT:
            raise AnalysisError(
                f"timeout: {suite.command!r} took over {suite.limits.timeout_seconds:.0f} s; raise it"
            )
        case Outcome.NO_TESTS:
            raise AnalysisError(
                f"test-command: {suite.command!r} ran no test ({last[0]}); name a command that runs the tests"
            )
        case _:
            return


def _measure(
    project: Project,
    settings: Settings,
    scratch: Path,
    progress: Progress,
    functions: Sequence[Function],
    baseline: TestRun,
) -> Measurement:
    if baseline.outcome is Outcome.FAILED:
        return Measurement(
            runs=RunsReport(baseline=1), notes=("The tests fail without any change: nothing was measured.",)
        )
    with SourcePatcher(project.tree) as patcher:
        return _quick(patcher, project, settings, scratch, progress, functions, baseline)


def _quick(
    patcher: SourcePatcher,
    project: Project,
    settings: Settings,
    scratch: Path,
    progress: Progress,
    functions: Sequence[Function],
    baseline: TestRun,
) -> Measurement:
    with progress.phase(f"Tests with {len(functions)} functions cached"):
        progress.run("cached", 2, 2)
        seed(scratch / "cached" / "bytecode", scratch / "compiled")  # as cold as the baseline was
        screening = cached_run(
            patcher,
            project.suite,
            scratch / "cached",
            functions,
            maxsize=settings.maxsize,
            baseline=baseline,
            progress=progress,
        )
    return Measurement(
        screening.evidence,
        screening.processes,
        _single_pair(baseline, screening),
        RunsReport(baseline=1, cached=1),
        (*screening.notes, *process_notes(screening.processes)),
    )


def _single_pair(baseline: TestRun, screening: Screening) -> Trial:
    """One pair of runs as a trial without an interval."""
    cached = screening.run
    return Trial(
        speedup=single_pair_speedup(baseline, cached),
        low=None,
        high=None,
        confidence=None,
        pairs=1,
        detectable=None,
        metric=Metric.CPU,
        broken_tests=tuple(test for test in cached.failed if test not in baseline.failed),
        functions=tuple(item.function.id for item in screening.evidence),
    )


def process_notes(processes: Processes) -> tuple[str, ...]:
    """What a reader must know about processes that did not deliver, or that there was none."""
    if not processes.expected:
        return (f"{NOTHING_IMPORTED.capitalize()}.",)
    lost = processes.expected - processes.received
    return (f"{lost} of {processes.expected} test processes delivered no figures.",) if lost else ()


def thresholds_of(settings: Settings) -> Thresholds:
    """What the settings ask of a cache."""
    return Thresholds(
        settings.min_hit_rate, settings.min_saving, settings.min_cache_hit_rate, settings.max_missed_saving
    )


def _judge(
    functions: Sequence[Function],
    evidence: Sequence[Evidence],
    settings: Settings,
    baseline: TestRun | None,
) -> list[Finding]:
    """One finding a function, in the order given; each file may have thresholds of its own."""
    known = {(item.function.path, item.function.line): item for item in evidence}
    workload_seconds = baseline.cpu_seconds if baseline else None
    return [
        judge(
            known.get((function.path, function.line), Evidence(function)),
            thresholds_of(for_path(settings, function.path)),
            workload_seconds,
        )
        for function in functions
    ]

"""The way of the data as one function to read from top to bottom."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hitrate import installed, quick, standard, testrun
from hitrate.advice import advised
from hitrate.config import for_path
from hitrate.discovery import read_source
from hitrate.errors import AnalysisError, InputError
from hitrate.evidence import Evidence, Processes
from hitrate.functions import Function
from hitrate.measurement import Bytecode, Measurement, Project, Session
from hitrate.patch import SourcePatcher
from hitrate.precompiled import link_compiled
from hitrate.progress import Progress
from hitrate.report.assemble import assemble, limits_report, suite_report
from hitrate.report.model import Effort, GateReport, Report, RunsReport
from hitrate.seed import seed
from hitrate.selection import Reach, ways_to_run
from hitrate.settings import Settings
from hitrate.testrun import Outcome, Suite, TestRun
from hitrate.verdict import Finding, broken_gate, gate, judge, thresholds_of, undecided_gate

__all__ = ["NOTHING_IMPORTED", "Project", "analyse"]

NOTHING_IMPORTED = (
    "no test process imported the changed files from this tree; install the project in editable mode "
    "(pip install -e .), or name a test command that imports it"
)
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


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
    baseline, measured = None, Measurement()
    if measurable:
        project, baseline, runs = _plain_run(project, scratch, progress)
        measured = _measured(project, settings, scratch, progress, measurable, baseline)
        measured = replace(measured, runs=measured.runs.model_copy(update={"baseline": runs}))
    findings = _judge(project.selection.functions, measured, settings)
    report = assemble(
        project.change,
        suite_report(project, settings.effort, baseline, measured, cpu_clock() - started),
        measured,
        findings,
        _gate(findings, settings, baseline, measured),
        limits_report(settings),
        [*project.selection.notes, *project.notes, *measured.notes, *process_notes(measured.processes)],
    )
    return advised(report, lambda path: read_source(project.tree, path))


def _plain_run(project: Project, scratch: Path, progress: Progress) -> tuple[Project, TestRun, int]:
    """The tests without any change: how the project is to be run, the run, and how many were made.

    Tests that change a module within a second and delete its bytecode do not find it where Hitrate keeps all
    bytecode (coverage.py's do so): where tests fail, they are run once more without writing any, unless those
    that failed do so again by themselves.
    """
    with progress.phase("Tests without any change"):
        progress.run("baseline", 1, None)
        link_compiled(scratch / "compiled", project.suite)
        seed(scratch / "baseline", scratch / "compiled")
        baseline, runs = testrun.run(project.suite, bytecode=scratch / "baseline", progress=progress), 1
        frugal = _without_bytecode(project)
        if baseline.outcome is Outcome.FAILED and not (
            project.suite.environment.get(NO_BYTECODE) or _fails_again(frugal.suite, baseline, scratch)
        ):
            runs = 2
            progress.run("baseline without writing bytecode", runs, runs)
            again = testrun.run(frugal.suite, bytecode=scratch / "baseline", progress=progress)
            if again.outcome is Outcome.PASSED:
                project, baseline = frugal, again
        if baseline.outcome is not Outcome.PASSED:
            progress.output(baseline.tail)
    check_baseline(baseline, project.suite)
    return project, baseline, runs


def _fails_again(suite: Suite, run: TestRun, scratch: Path) -> bool:
    """Whether tests that failed fail once more; False where they cannot be run by themselves."""
    way, *_ = ways_to_run(suite.command, suite.directory, run.failed, run.tests)
    if way.reach is Reach.ALL:
        return False
    again = testrun.run(suite.with_command(way.command), bytecode=scratch / "baseline")
    return not set(run.failed).isdisjoint(again.failed)


def _without_bytecode(project: Project) -> Project:
    """The project with tests and workload that write no bytecode."""

    def frugal(suite: Suite) -> Suite:
        return replace(suite, environment={**suite.environment, NO_BYTECODE: "1"})

    note = f"The tests failed once; they were run with {NO_BYTECODE} from then on, and passed."
    workload = frugal(project.workload) if project.workload else None
    return replace(project, suite=frugal(project.suite), workload=workload, notes=(note,))


def _gate(
    findings: Sequence[Finding], settings: Settings, baseline: TestRun | None, measured: Measurement
) -> GateReport:
    if baseline is not None and baseline.outcome is Outcome.FAILED:
        return broken_gate(settings.fail_on, len(baseline.failed) or 1)
    if measured.processes is not None and not measured.processes.expected:
        return undecided_gate(settings.fail_on)
    return gate(
        findings,
        settings.fail_on,
        thresholds_of(settings),
        workload=measured.workload,
        trial=measured.trial,
    )


def check_baseline(baseline: TestRun, suite: Suite) -> None:
    """Refuse what cannot be a baseline; failing tests are no error here but a finding.

    Raises:
        InputError: The command was not found.
        AnalysisError: It timed out or ran no test.
    """
    last = [line.strip("= ") for line in baseline.tail.strip().splitlines()[-1:]] or ["no output"]
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


def _measured(
    project: Project,
    settings: Settings,
    scratch: Path,
    progress: Progress,
    functions: Sequence[Function],
    baseline: TestRun,
) -> Measurement:
    """What the effort that the user chose finds out about functions that may carry a cache."""
    if baseline.outcome is Outcome.FAILED:
        return Measurement(runs=RunsReport(baseline=1))
    bytecode = Bytecode(scratch / "compiled", scratch / "baseline")
    copies = installed.find_copies(project.suite, project.tree, {function.path for function in functions})
    with SourcePatcher(project.tree, mirrors=installed.mirrors(copies)) as patcher:
        session = Session(
            patcher, project, settings, scratch, bytecode, progress, baseline, clock=time.monotonic
        )
        effort = quick.measure if settings.effort is Effort.QUICK else standard.measure
        measured = effort(session, functions)
    return replace(measured, notes=(*measured.notes, *installed.notes(copies)))


def process_notes(processes: Processes | None) -> tuple[str, ...]:
    """What a reader must know about processes that did not deliver, or that there was none."""
    if processes is None:
        return ()
    if not processes.expected:
        return (f"{NOTHING_IMPORTED.capitalize()}.",)
    lost = processes.expected - processes.received
    return (f"{lost} of {processes.expected} test processes delivered no figures.",) if lost else ()


def _judge(functions: Sequence[Function], measured: Measurement, settings: Settings) -> list[Finding]:
    """One finding a function, in the order given; each file may have thresholds of its own."""
    known = {(item.function.path, item.function.line): item for item in measured.evidence}
    return [
        judge(
            known.get((function.path, function.line), Evidence(function)),
            thresholds_of(for_path(settings, function.path)),
            measured.workload,
        )
        for function in functions
    ]

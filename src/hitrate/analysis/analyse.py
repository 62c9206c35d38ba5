"""The way of the data as one function to read from top to bottom."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

from hitrate.analysis import quick, standard
from hitrate.analysis.assemble import assemble, limits_report, suite_report
from hitrate.analysis.baseline import plain_run
from hitrate.analysis.memory.recollection import measured_by_memory
from hitrate.analysis.session import Bytecode, Measurement, Plain, Project, Session, as_it_is
from hitrate.analysis.steadiness import Steadied, steadied
from hitrate.analysis.unfinished.failing import without_failing
from hitrate.change.discovery import read_source
from hitrate.environment.causes import cause_of
from hitrate.errors import InputError
from hitrate.evidence import Evidence, Processes, Runs
from hitrate.patching import installed
from hitrate.patching.patcher import SourcePatcher
from hitrate.progress.progress import Progress
from hitrate.report.model import Report
from hitrate.settings.config import for_path
from hitrate.settings.model import Settings
from hitrate.source.definitions import Source
from hitrate.source.digest import digest
from hitrate.source.function import Function
from hitrate.testrun.interpreter import Interpreter, ask
from hitrate.testrun.pycache import link_compiled
from hitrate.testrun.run import Outcome, TestRun
from hitrate.verdict.advice import advice_on
from hitrate.verdict.gate import Gate, broken_gate, gate, partial_gate, undecided_gate
from hitrate.verdict.judge import Finding, judge, thresholds_of
from hitrate.vocabulary import Effort

__all__ = ["NOTHING_IMPORTED", "Project", "analyse"]

NOTHING_IMPORTED = (
    "no test process imported the changed files from this tree; install the project in editable mode "
    "(pip install -e .), or name a test command that imports it"
)


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
    measured = Measurement()
    if measurable:
        task = _Task(project, measurable, settings, scratch, progress, lambda: cpu_clock() - started)
        measured = _measured(task)
    findings = _judge(project.selection.functions, measured, settings)
    findings = without_idle(findings, project.selection.alternatives)

    @cache  # each function asks for its file
    def read(path: str) -> Source:
        return read_source(project.tree, path)

    return assemble(
        project.change,
        suite_report(project, settings.effort, measured, cpu_clock() - started),
        measured,
        [
            (finding, advice_on(finding, read), _digest(finding.evidence.function, read))
            for finding in findings
        ],
        _gate(findings, settings, measured),
        limits_report(settings),
        [
            *project.selection.notes,
            *measured.notes,
            *_why_failing(measured),
            *process_notes(measured.processes),
        ],
    )


def _digest(function: Function, read: Callable[[str], Source]) -> str | None:
    """Of a function's source; None where its file cannot be read any more."""
    try:
        source = read(function.path)
    except InputError:
        return None
    definition = source.by_place.get((function.qualname, function.line))
    return digest(source, definition) if definition else None


def _why_failing(measured: Measurement) -> tuple[str, ...]:
    """The likeliest cause where the tests fail without any change, and what to do."""
    failed = measured.plain is not None and measured.plain.run.outcome is Outcome.FAILED
    found = cause_of(measured.plain.run.tail if measured.plain and failed else measured.left_out_said)
    return (f"Why they may fail: {found}.",) if found else ()


def _gate(findings: Sequence[Finding], settings: Settings, measured: Measurement) -> Gate:
    if measured.plain is not None and measured.plain.run.outcome is Outcome.FAILED:
        failing = len(measured.left_out) + len(measured.plain.run.failed)
        return broken_gate(settings.fail_on, failing or 1)
    if measured.processes is not None and not measured.processes.expected:
        whole = undecided_gate(settings.fail_on)
    else:
        whole = gate(
            findings,
            settings.fail_on,
            thresholds_of(settings),
            workload=measured.workload,
            trial=measured.trial,
        )
    return partial_gate(whole, len(measured.left_out)) if measured.left_out else whole


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be measured, and with what.

    Attributes:
        project: What is analysed.
        functions: Those that may carry a cache.
        settings: What the user chose.
        scratch: A private folder for these runs.
        progress: Told what is being done.
        cpu_seconds: Tells what the analysis has taken so far.
        of_all: Makes a run of the tests one of all tests, where only some are run.
    """

    project: Project
    functions: Sequence[Function]
    settings: Settings
    scratch: Path
    progress: Progress
    cpu_seconds: Callable[[], float]
    of_all: Callable[[TestRun], TestRun] = as_it_is


def _measured(task: _Task) -> Measurement:
    """What the effort that the user chose finds out about functions that may carry a cache.

    ``standard`` runs only the tests that the change reaches, where there is memory that tells.
    """

    def measure(chosen: Project, of_all: Callable[[TestRun], TestRun], name: str) -> Measurement:
        folder = task.scratch / name
        folder.mkdir(exist_ok=True)
        return _run(replace(task, project=chosen, scratch=folder, of_all=of_all))

    if task.project.kept is None or task.settings.effort is not Effort.STANDARD:
        return _run(task)
    return measured_by_memory(task.project, task.project.kept, task.functions, measure)


def _run(task: _Task) -> Measurement:
    """What the runs of one effort tell; made again as they are where the runner keeps our plugin away."""
    interpreter = ask(task.project.suite)
    steady = steadied(task.project, interpreter, task.scratch)
    measured = _run_as(steady, interpreter, task)
    if not (measured.plain and steady.was_kept_away(measured.plain.run)):
        return measured
    task.progress.say("The runner sets PYTHONPATH itself; running again without Hitrate's plugin for pytest")
    again = task.scratch / "unsteadied"
    again.mkdir()
    return _run_as(Steadied(task.project), interpreter, replace(task, scratch=again))


def _run_as(steady: Steadied, interpreter: Interpreter | None, task: _Task) -> Measurement:
    """The runs of one effort.

    ``standard`` makes a plain run only where it must; its first run is the observed one.
    """
    project, functions, settings = steady.project, task.functions, task.settings
    bytecode = Bytecode(task.scratch / "compiled", task.scratch / "baseline")
    link_compiled(bytecode.compiled, project.suite)
    plain: Plain | None = None
    if settings.effort is not Effort.STANDARD:
        project, run, runs = plain_run(project, bytecode, task.progress)
        plain = Plain(run, runs=runs)
        if settings.effort is Effort.THOROUGH and without_failing(project, run):
            plain = None  # those that fail are looked for while they are observed, to know what they call
        elif run.outcome is Outcome.FAILED:
            command = project.suite.command
            notes = (*project.notes, *steady.notes())
            return Measurement(runs=Runs(baseline=runs), plain=plain, notes=notes, command=command)
    copies = installed.find_copies(interpreter, project.tree, {function.path for function in functions})
    with SourcePatcher(project.tree, mirrors=installed.mirrors(copies)) as patcher:
        session = Session(
            patcher,
            project,
            settings,
            task.scratch,
            bytecode,
            task.progress,
            clock=time.monotonic,
            cpu_seconds=task.cpu_seconds,
            of_all=task.of_all,
        )
        if plain is not None and settings.effort is Effort.QUICK:
            measured = quick.measure(session, functions, plain.run)
        else:
            measured = standard.measure(session, functions, plain)
    plain = measured.plain or plain
    return replace(
        measured,
        plain=plain,
        runs=replace(measured.runs, baseline=plain.runs if plain else 0),
        command=measured.command or project.suite.command,
        notes=(*project.notes, *measured.notes, *steady.notes(), *installed.notes(copies)),
    )


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


def without_idle(findings: Sequence[Finding], alternatives: Collection[str]) -> list[Finding]:
    """Of the definitions of one name, each of which may run, those that did; the last where none did."""
    kept: list[Finding] = []
    for _, group in groupby(findings, key=lambda finding: finding.evidence.function.id):
        same = list(group)
        if same[0].evidence.function.id in alternatives:
            same = [finding for finding in same if finding.evidence.calls] or same[-1:]
        kept += same
    return kept

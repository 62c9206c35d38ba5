"""Efforts ``standard`` and ``thorough``: one observed run of everything, then trials of the winners only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hitrate.analysis.plaintimes import as_if_plain, plain_tests
from hitrate.analysis.rounds.course import Course
from hitrate.analysis.screener import BatchScreener
from hitrate.analysis.session import Measurement, Plain, Session
from hitrate.analysis.thorough import Shaken, shake
from hitrate.analysis.unfinished.breakage import cut_short, missing_processes
from hitrate.analysis.unfinished.failing import are_few, doubted, without_failing
from hitrate.analysis.unfinished.rescue import rescued
from hitrate.errors import AnalysisError, InputError
from hitrate.evidence import Evidence, Runs, Screening, duration_of, merged_remarks
from hitrate.hazards.disagreement import Disagreement
from hitrate.hazards.oversight import Oversight, read_oversights, uncompared
from hitrate.source.doubt import Doubt
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace.deployment import ProbePart
from hitrate.vocabulary import Effort, Kind
from hitrate.wording.figures import some, verb

OBSERVED = "observed"
ROUNDS = 3
"""So often at most are tests left out that fail without any change."""


def measure(session: Session, functions: Sequence[Function], plain: Plain | None = None) -> Measurement:
    """Observe all functions in one run, then try those that are worth it with real caches.

    Args:
        session: What to work with.
        functions: Candidates and existing caches, none ineligible.
        plain: The plain run of the tests, which passed; None where one is only to be made if need be.
    """
    thorough = session.settings.effort is Effort.THOROUGH
    workload = _plain_workload(session) if thorough else None
    observed = _without_failing(_observed(session, functions, plain), functions)
    session, screener, screening = observed.session, observed.screener, observed.screening
    plain, left_out, notes = observed.plain, session.project.left_out, session.project.notes
    if plain.run.outcome is Outcome.FAILED:
        return _failing(observed)
    deadline = session.clock() + session.settings.time_budget
    rescue = rescued(session, functions, screener, screening, plain.run)
    functions, screening = rescue.functions, rescue.screening
    if session.project.workload and not workload:
        workload = _told_workload(session, screener)
    evidence = _overseen(screening, screener, len(functions), session.project.tree)
    shaken = _shaken(session, functions, screener, deadline, screening.run.wall_seconds)
    evidence = [_with_disagreement(item, found) for item, found in zip(evidence, shaken.found, strict=True)]
    evidence = cut_short(evidence, screening.run, plain.run, screening.processes)
    evidence = doubted(evidence, observed.with_failing, left_out)
    timed = workload or session.of_all(plain.run)
    spent = duration_of(timed)
    evidence = [bounded(item, spent.by(item.metric)) for item in evidence]
    course = Course(session, screener, timed, deadline, session.of_all(plain.run))
    evidence, trial = course.tried(course.needed(evidence))
    solos, untried = course.solos(evidence, trial) if thorough else ((), ())
    more = (*(trial.notes if trial else ()), *untried)
    return Measurement(
        evidence=(*evidence, *rescue.left_out),
        processes=screening.processes,
        trial=trial,
        plain=plain,
        command=session.project.suite.command,
        runs=Runs(0, observed.runs + rescue.runs + shaken.runs, 0, trial.pairs if trial else 0),
        workload=spent,
        solos=solos,
        observed_seconds=screening.run.cpu_seconds,
        cached_seconds=course.allowance.spent() or None,
        left_out=left_out,
        left_out_said=observed.said,
        broken_off=rescue.broken_off or missing_processes(screening.processes),
        notes=(*notes, *screening.notes, *_observed_notes(screening.run, plain.run), *shaken.notes, *more),
    )


def _failing(observed: "_Observed") -> Measurement:
    """What is known where the tests fail without any change."""
    project = observed.session.project
    return Measurement(
        plain=observed.plain,
        runs=Runs(observed=observed.runs),
        notes=project.notes,
        command=project.suite.command,
        left_out=project.left_out,
    )


@dataclass(frozen=True, slots=True)
class _Observed:
    """The observed run, and the tests without any change.

    Attributes:
        session: What to work with, with the project as its tests are to be run.
        screener: What observed them.
        screening: What it gave.
        plain: The tests without any change.
        runs: Observed runs that were made.
        with_failing: What runs gave in which tests were that fail without any change.
        said: Last lines of the first of these; empty where there was none.
    """

    session: Session
    screener: BatchScreener
    screening: Screening
    plain: Plain
    runs: int = 1
    with_failing: tuple[Evidence, ...] = ()
    said: str = ""


def _observed(
    session: Session, functions: Sequence[Function], plain: Plain | None, runs: int = 1
) -> _Observed:
    """The observed run, the how manieth is told, and the tests without any change, as they are to be run."""
    name = OBSERVED if runs == 1 else f"{OBSERVED}-{runs}"
    screener, screening = _screened(session, functions, name)
    if plain is None:
        project, plain = plain_tests(session, screener)
        if project is not session.project:  # it is run in another way, and was not observed so
            session = replace(session, project=project)
            if plain.run.outcome is not Outcome.FAILED:
                screener, screening = _screened(session, functions, f"{name}-again")
                runs += 1
    return _Observed(session, screener, screening, plain, runs)


def _without_failing(observed: _Observed, functions: Sequence[Function]) -> _Observed:
    """The same without the tests that fail without any change, where they are few and can be left out.

    Without them others may fail that needed them; these are left out too, a few times.
    """
    found = observed
    for _ in range(ROUNDS):
        project = without_failing(found.session.project, found.plain.run)
        if project is None:
            break
        failing = f"{some(len(project.left_out), 'test')} {verb(project.left_out, 'fails', 'fail')}"
        found.session.progress.say(f"{failing} without any change; observing the others")
        rest = _observed(replace(found.session, project=project), functions, None, found.runs + 1)
        seen, said = (*found.with_failing, *found.screening.evidence), found.said or found.plain.run.tail
        found = replace(rest, with_failing=seen, said=said)
    passed = found.plain.run.outcome is Outcome.PASSED
    return found if passed and are_few(found.session.project.left_out, found.plain.run) else observed


def _screened(session: Session, functions: Sequence[Function], name: str) -> tuple[BatchScreener, Screening]:
    """One observed run, and what was recorded in it."""
    warm, compiled = session.bytecode.warm, session.bytecode.compiled
    screener = BatchScreener(
        session.patcher,
        session.project.suite,
        session.scratch,
        session.progress,
        workload=session.project.workload,
        parts=(ProbePart.ORACLE, ProbePart.RESULT_LOG)
        if session.settings.effort is Effort.THOROUGH
        else (ProbePart.ORACLE,),
        warm=warm if warm.is_dir() else compiled,
    )
    with session.progress.phase(f"One observed run of {some(len(functions), 'function')}"):
        session.progress.run("observed", 1, 1)
        screening = screener.screen(functions, maxsize=session.settings.maxsize, run_name=name)
        if screening.run.outcome is not Outcome.PASSED:
            session.progress.output(screening.run.tail)
            if not any(item.calls for item in screening.evidence):  # it broke off before the tests
                screening = replace(screening, evidence=tuple(map(Evidence, functions)))
    seed(warm, session.scratch / name / "bytecode", {function.path for function in functions})
    return screener, screening


def _told_workload(session: Session, screener: BatchScreener) -> TestRun | None:
    """The workload's plain run as its observed one tells it, or a plain one where that does not."""
    work = screener.work
    told = as_if_plain(work) if work and work.run.outcome is Outcome.PASSED else None
    return told or _plain_workload(session)


def _plain_workload(session: Session) -> TestRun | None:
    """The workload's own plain run; None where the tests are the workload.

    Raises:
        InputError: It was not found.
        AnalysisError: It fails.
    """
    workload = session.project.workload
    if workload is None:
        return None
    with session.progress.phase("Workload without any change"):
        run = testrun.run(workload, bytecode=session.bytecode.warm, progress=session.progress)
    if run.outcome is not Outcome.PASSED:
        last = run.tail.strip().splitlines()[-1:] or ["no output"]
        if run.outcome is Outcome.NOT_FOUND:
            raise InputError(
                f"workload: {workload.command!r} was not found ({last[0]}); name one that can be run"
            )
        raise AnalysisError(f"workload: {workload.command!r} fails without any change ({last[0]}); fix it")
    return run


def _overseen(screening: Screening, screener: BatchScreener, slots: int, tree: Path) -> list[Evidence]:
    """The evidence with what the oracle saw in the same run."""
    if screener.observation is None:
        return list(screening.evidence)
    found = read_oversights(screener.observation.records, slots, tree)
    return [
        replace(
            item,
            hazards=(*item.hazards, *oversight.hazards),
            doubts=(*item.doubts, *oversight.doubts, *_uncompared(item, oversight, screener)),
            remarks=merged_remarks(item.remarks, oversight.remarks),
        )
        for item, oversight in zip(screening.evidence, found, strict=True)
    ]


def _uncompared(item: Evidence, oversight: Oversight, screener: BatchScreener) -> tuple[Doubt, ...]:
    """Whether nothing is known of the calls that a cache would answer; of a workload nothing is asked."""
    new = item.function.kind is Kind.NEW and screener.work is None
    return uncompared(oversight, item.hits) if new else ()


def _shaken(
    session: Session,
    functions: Sequence[Function],
    screener: BatchScreener,
    deadline: float,
    lasts: float,
) -> Shaken:
    """The observed run, which lasted so long, under other conditions, begun in half of what time is left."""
    if session.settings.effort is not Effort.THOROUGH or screener.observation is None:
        return Shaken.not_at_all(len(functions))
    now = session.clock()
    last = min(now + (deadline - now) / 2, deadline - lasts)
    return shake(session, functions, screener.observation.records, last)


def _with_disagreement(item: Evidence, found: Disagreement) -> Evidence:
    return replace(
        item,
        hazards=(*item.hazards, *found.hazards),
        remarks=merged_remarks(item.remarks, found.remarks),
    )


def _observed_notes(run: TestRun, baseline: TestRun) -> tuple[str, ...]:
    """What is to be said of an observed run that did not end as the plain one did."""
    if run.outcome is Outcome.PASSED:
        return ()
    failed = [test for test in run.failed if test not in baseline.failed]
    # Tests that failed are those of a run that went on to its end.
    what = f": {', '.join(failed[:3])}" if failed else "; its figures end there"
    return (f"The observed run {run.outcome} where the plain one passed{what}.",)


def bounded(item: Evidence, seconds: float) -> Evidence:
    """A new cache saves no more than all there is; where calls were sampled, scaled figures may exceed it.

    What a cache that is there saves was not spent, and so may well be more.
    """
    if item.function.kind is Kind.EXISTING or item.saved_seconds is None or item.saved_seconds <= seconds:
        return item
    curve = tuple(replace(point, saved_seconds=min(point.saved_seconds, seconds)) for point in item.curve)
    return replace(item, saved_seconds=seconds, curve=curve)

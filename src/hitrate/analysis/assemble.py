"""Findings become the report. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from hitrate import __version__
from hitrate.analysis.session import Measurement, Project
from hitrate.change.comparison import Change
from hitrate.evidence import Evidence, Trial, merged_remarks
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.sentences import doubt_sentence, warning_sentence
from hitrate.report.model import (
    CacheReport,
    ChangeReport,
    EditReport,
    FunctionReport,
    GateReport,
    HazardReport,
    LimitsReport,
    MemoryReport,
    ProcessesReport,
    Report,
    RuleReport,
    RunsReport,
    SuiteReport,
    TogetherReport,
    ToolReport,
    TrialReport,
)
from hitrate.settings.model import Settings
from hitrate.testrun.run import Outcome
from hitrate.verdict.advice import Advice
from hitrate.verdict.gate import Gate, attainable_hit_rate
from hitrate.verdict.judge import Finding, doubts_about
from hitrate.verdict.remedies import remedy_of
from hitrate.verdict.sentences import reason_gist, reason_sentence
from hitrate.vocabulary import Effort

TESTS_SHOWN = 20


def suite_report(project: Project, effort: Effort, measured: Measurement, cpu_seconds: float) -> SuiteReport:
    """The part on the test command.

    Args:
        project: What was analysed.
        effort: How much was measured.
        measured: What the runs gave.
        cpu_seconds: CPU time of the whole analysis.
    """
    processes = measured.processes
    baseline = measured.plain.run if measured.plain else None
    workload = measured.workload if project.workload else None
    return SuiteReport(
        command=measured.command or project.suite.command,
        directory=_within(project.tree, project.suite.directory),
        workload=project.workload.command if project.workload else None,
        workload_cpu_seconds=workload.cpu_seconds if workload else None,
        workload_wall_seconds=workload.wall_seconds if workload else None,
        effort=effort,
        tests=baseline.tests if baseline else None,
        cpu_seconds=baseline.cpu_seconds if baseline else None,
        wall_seconds=baseline.wall_seconds if baseline else None,
        estimated=bool(measured.plain and measured.plain.estimated),
        runs=RunsReport(
            baseline=measured.runs.baseline,
            observed=measured.runs.observed,
            cached=measured.runs.cached,
            trial_pairs=measured.runs.trial_pairs,
        ),
        suite_equivalents=cpu_seconds / baseline.cpu_seconds if baseline and baseline.cpu_seconds else None,
        observed_cpu_seconds=measured.observed_seconds,
        cached_cpu_seconds=measured.cached_seconds,
        processes=ProcessesReport(expected=processes.expected, received=processes.received)
        if processes
        else None,
        passed=baseline.outcome is Outcome.PASSED and not measured.left_out if baseline else None,
        failing_tests=(*measured.left_out, *(baseline.failed if baseline else ())),
        failing_left_out=bool(baseline and measured.left_out and baseline.outcome is Outcome.PASSED),
        broken_off=measured.broken_off,
        memory=MemoryReport(**asdict(measured.recalled)) if measured.recalled else None,
    )


def _within(tree: Path, folder: Path) -> str:
    """A folder as it is named from the root of the tree."""
    root, inside = tree.resolve(), folder.resolve()
    return inside.relative_to(root).as_posix() if inside.is_relative_to(root) else "."


def limits_report(settings: Settings) -> LimitsReport:
    """The part on the thresholds."""
    return LimitsReport(
        min_hit_rate=settings.min_hit_rate,
        min_saving=settings.min_saving,
        min_cache_hit_rate=settings.min_cache_hit_rate,
    )


def assemble(
    change: Change,
    suite: SuiteReport,
    measured: Measurement,
    findings: Sequence[tuple[Finding, Advice, str | None]],
    gate: Gate,
    limits: LimitsReport,
    notes: Sequence[str],
) -> Report:
    """The whole report; with each finding come its advice and the digest of the function's source."""
    solos = dict(measured.solos)
    return Report(
        tool=ToolReport(version=__version__),
        change=ChangeReport(
            repository=change.repository,
            base=change.base,
            head=change.head,
            uncommitted=change.uncommitted,
            pull_request=change.pull_request,
        ),
        suite=suite,
        trial=trial_report(measured.trial) if measured.trial else None,
        functions=tuple(
            function_report(finding, advice, solos.get(finding.evidence.function.id)).model_copy(
                update={"source": source, "attainable_hit_rate": _attainable(finding, limits)}
            )
            for finding, advice, source in findings
        ),
        gate=GateReport(
            verdict=gate.verdict,
            rules=tuple(
                RuleReport(rule=rule.rule, limit=rule.limit, value=rule.value, passed=rule.passed)
                for rule in gate.rules
            ),
        ),
        limits=limits,
        notes=tuple(dict.fromkeys(notes)),
    )


def _attainable(finding: Finding, limits: LimitsReport) -> float | None:
    if finding.evidence.function.cache is None:
        return None
    return attainable_hit_rate(finding.evidence, limits.min_cache_hit_rate)


def trial_report(trial: Trial) -> TrialReport:
    """The part on a trial."""
    return TrialReport(
        speedup=trial.speedup,
        low=trial.low,
        high=trial.high,
        confidence=trial.confidence,
        pairs=trial.pairs,
        detectable=trial.detectable,
        metric=trial.metric,
        tests_selected=trial.tests_selected,
        broken_tests=trial.broken_tests,
        failure=trial.failure,
        slowed_by=trial.slowed_by,
        seconds_without=trial.seconds_without,
        seconds_with=trial.seconds_with,
        predicted_saving_seconds=trial.predicted_saving_seconds,
        wall_speedup=trial.wall_speedup,
        wall_low=trial.wall_low,
        wall_high=trial.wall_high,
        stop=trial.stop,
        processes=trial.processes,
    )


def function_report(finding: Finding, advice: Advice, solo: Trial | None = None) -> FunctionReport:
    """The part on one function; ``solo`` is the trial of it alone."""
    evidence = finding.evidence
    function = evidence.function
    return FunctionReport(
        path=function.path,
        qualname=function.qualname,
        line=function.line,
        kind=function.kind,
        verdict=finding.verdict,
        reason=reason_sentence(finding.reason),
        gist=reason_gist(finding.reason),
        calls=evidence.calls,
        hits=evidence.hits,
        misses=evidence.misses,
        hit_rate=evidence.hit_rate,
        hit_rate_within_test=evidence.hit_rate_within_test,
        distinct_keys=evidence.distinct_keys,
        unhashable=evidence.unhashable,
        maxsize=evidence.maxsize,
        typed=function.cache.typed if function.cache else False,
        recommended_maxsize=evidence.recommended_maxsize,
        curve=tuple((point.maxsize, point.hit_rate, point.saved_seconds) for point in evidence.curve),
        mean_call_seconds=evidence.mean_call_seconds,
        saved_seconds=evidence.saved_seconds,
        saved_low=evidence.saved_low,
        saved_high=evidence.saved_high,
        metric=evidence.metric,
        speedup=evidence.speedup,
        memory_bytes=evidence.memory_bytes,
        together=_together(evidence),
        trial=trial_report(solo) if solo else None,
        hazards=tuple(_hazard(hazard, finding) for hazard in evidence.hazards),
        doubted=bool(doubts_about(evidence)),
        remarks=merged_remarks(
            [doubt_sentence(doubt) for doubt in doubts_about(evidence)],
            evidence.remarks,
            [warning_sentence(warning) for warning in function.warnings],
        ),
        tests=evidence.tests[:TESTS_SHOWN],
        suggestion=advice.decorator,
        suggested=CacheReport(maxsize=advice.cache.maxsize, typed=advice.cache.typed)
        if advice.cache
        else None,
        suggested_import=advice.imported,
        edits=tuple(EditReport(line=e.line, before=e.before, after=e.after) for e in advice.edits),
    )


def _hazard(hazard: Hazard, finding: Finding) -> HazardReport:
    return HazardReport(
        kind=hazard.kind,
        test=hazard.test,
        key=hazard.key,
        detail=hazard.detail,
        remedy=remedy_of(hazard, finding),
        gist=hazard.gist,
    )


def _together(evidence: Evidence) -> TogetherReport | None:
    both = evidence.together
    if both is None:
        return None
    return TogetherReport(
        hits=both.hits, misses=both.misses, hit_rate=both.hit_rate, saved_seconds=both.saved_seconds
    )

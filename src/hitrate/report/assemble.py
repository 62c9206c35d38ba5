"""Findings become the report. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitrate import __version__
from hitrate.evidence import Evidence, Processes, Trial
from hitrate.report.model import (
    ChangeReport,
    Effort,
    FunctionReport,
    GateReport,
    HazardReport,
    ProcessesReport,
    Report,
    RunsReport,
    SuiteReport,
    TogetherReport,
    ToolReport,
    TrialReport,
    Verdict,
)
from hitrate.testrun import Outcome, TestRun
from hitrate.verdict import Finding

TESTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What the analysis itself took.

    Attributes:
        runs: How often the test command was run, by kind.
        suite_equivalents: CPU time of the analysis ÷ that of one plain run; None if that is zero.
    """

    runs: RunsReport
    suite_equivalents: float | None


def suite_report(
    command: str,
    workload: str | None,
    effort: Effort,
    baseline: TestRun | None,
    cost: Cost,
    processes: Processes | None,
) -> SuiteReport:
    """The part on the test command."""
    return SuiteReport(
        command=command,
        workload=workload,
        effort=effort,
        tests=baseline.tests if baseline else None,
        cpu_seconds=baseline.cpu_seconds if baseline else None,
        wall_seconds=baseline.wall_seconds if baseline else None,
        runs=cost.runs,
        suite_equivalents=cost.suite_equivalents,
        processes=ProcessesReport(expected=processes.expected, received=processes.received)
        if processes
        else None,
        passed=baseline.outcome is Outcome.PASSED if baseline else None,
        failing_tests=baseline.failed if baseline else (),
    )


def assemble(
    change: ChangeReport,
    suite: SuiteReport,
    trial: Trial | None,
    findings: Sequence[Finding],
    gate: GateReport,
    notes: Sequence[str],
) -> Report:
    """The whole report."""
    return Report(
        tool=ToolReport(version=__version__),
        change=change,
        suite=suite,
        trial=trial_report(trial) if trial else None,
        functions=tuple(function_report(finding) for finding in findings),
        gate=gate,
        notes=tuple(dict.fromkeys(notes)),
    )


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
    )


def function_report(finding: Finding) -> FunctionReport:
    """The part on one function."""
    evidence = finding.evidence
    function = evidence.function
    return FunctionReport(
        path=function.path,
        qualname=function.qualname,
        line=function.line,
        kind=function.kind,
        verdict=finding.verdict,
        reason=finding.reason,
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
        speedup=evidence.speedup,
        memory_bytes=evidence.memory_bytes,
        together=_together(evidence),
        hazards=tuple(
            HazardReport(kind=h.kind, test=h.test, key=h.key, detail=h.detail, remedy=h.remedy)
            for h in evidence.hazards
        ),
        remarks=(*evidence.doubts, *evidence.remarks, *function.warnings),
        tests=evidence.tests[:TESTS_SHOWN],
        suggestion=suggestion(finding),
    )


def _together(evidence: Evidence) -> TogetherReport | None:
    both = evidence.together
    if both is None:
        return None
    return TogetherReport(
        hits=both.hits, misses=both.misses, hit_rate=both.hit_rate, saved_seconds=both.saved_seconds
    )


def suggestion(finding: Finding) -> str | None:
    """The decorator line to write, None if none is advised."""
    evidence = finding.evidence
    match finding.verdict:
        case Verdict.CACHE:
            size = evidence.recommended_maxsize or evidence.maxsize
        case Verdict.RESIZE:
            size = evidence.recommended_maxsize
        case _:
            return None
    typed = evidence.function.cache is not None and evidence.function.cache.typed
    return f"@lru_cache(maxsize={size}{', typed=True' if typed else ''})"

"""What a table says about one function: the reason in a few words, what a cache saves, its size."""

from hitrate.report.model import FunctionReport, Report
from hitrate.vocabulary import Kind, Metric, Verdict
from hitrate.wording.figures import NBSP, TIMES, UNKNOWN, entries, percent, seconds
from hitrate.wording.prose import clause, lead

WORDS = 110
NEGLIGIBLE = 0.005
"""Share of the time below which a saving or a loss is none, where the report names no wanted saving."""


def why(function: FunctionReport) -> str:
    """Why the verdict, in a few words that leave values, tests and figures to the details."""
    return lead(clause(function.gist or function.reason), WORDS)


def saves(report: Report, function: FunctionReport) -> str:
    """What its cache saves, and of how much: ``3.0 s (70 %)``; ``≈ 0`` where it does not matter."""
    saved = function.saved_seconds
    total = seconds_without(report, function, saved)
    if saved is None or not total:
        return seconds(saved)
    share = min(saved / total, 1.0)
    wanted = report.limits.min_saving / 2 if report.limits else NEGLIGIBLE
    if abs(share) < wanted or not saved:
        return f"≈{NBSP}0"
    return f"{seconds(share * total)}{NBSP}({percent(share)})" if share > 0 else seconds(saved)


def share_saved(report: Report, saved: float, metric: Metric) -> str:
    """Time saved and what it is saved of: ``9.9 s of 41 s CPU time``."""
    return _of(saved, workload_seconds(report, metric), metric)


def own_share_saved(report: Report, function: FunctionReport, saved: float) -> str:
    """The same of what the cache of one function saves."""
    return _of(abs(saved), seconds_without(report, function, saved), function.metric)


def _of(saved: float, total: float | None, metric: Metric) -> str:
    if not total:
        return seconds(saved)
    return f"{seconds(min(saved, total))} of {seconds(total)} {TIMES[metric]}"


def seconds_without(report: Report, function: FunctionReport, saved: float | None) -> float | None:
    """Time of one plain run without the cache of one function; what one that is there saves was not spent."""
    total = workload_seconds(report, function.metric)
    if not total or function.kind is Kind.NEW:
        return total
    return total + max(saved or 0.0, 0.0)


def workload_seconds(report: Report, metric: Metric) -> float | None:
    """Time of one plain run of what stands for production: the workload, or else the tests."""
    suite = report.suite
    if suite.workload is None:
        return suite.cpu_seconds if metric is Metric.CPU else suite.wall_seconds
    return suite.workload_cpu_seconds if metric is Metric.CPU else suite.workload_wall_seconds


def advised_size(function: FunctionReport) -> str:
    """The size that its cache should have; nothing where it should have none."""
    match function.verdict:
        case Verdict.CACHE | Verdict.RESIZE:
            return _suggested_size(function)
        case Verdict.KEEP:
            return entries(function.maxsize)
        case _:
            return UNKNOWN


def _suggested_size(function: FunctionReport) -> str:
    """The size that the suggestion sets, or the one that is recommended without one."""
    if function.suggested is not None:
        return entries(function.suggested.maxsize)
    return UNKNOWN if function.recommended_maxsize is None else entries(function.recommended_maxsize)

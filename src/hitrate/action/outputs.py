"""The step's outputs: what a report decides, and what a run that failed leaves."""

from collections.abc import Mapping

from hitrate.report.content.row import workload_seconds
from hitrate.report.model import FunctionReport, Report
from hitrate.vocabulary import GateVerdict, Kind, Verdict

OUTPUTS: Mapping[str, str] = {
    "verdict": "Whether the gate holds: pass, fail or inconclusive; empty if the run was held back.",
    "recommended": "Number of functions that are worth caching.",
    "unsafe": "Number of caches, added or touched, that are proven to be wrong.",
    "wasteful": "Number of caches, added or touched, that do not earn their keep.",
    "missed-saving": "Share of the workload's time that those would save; empty if not known.",
    "suite-speedup": "Time without those caches divided by time with them; empty if not known.",
    "report-json": "Path of the report as JSON, relative to the workspace.",
    "report-html": "Path of the report as one HTML page, relative to the workspace.",
    "comment-url": "Address of the pull request comment; empty if there is none.",
}
"""What the step sets, and the one text about each that action.yml and README show."""


def outputs(report: Report) -> dict[str, object]:
    """The step's outputs that the report decides; None is not known."""
    asking = [function for function in report.functions if function.acknowledged is None]
    verdicts = [function.verdict for function in asking]
    existing = [function for function in asking if function.kind is Kind.EXISTING]
    return {
        "verdict": report.gate.verdict,
        "recommended": verdicts.count(Verdict.CACHE),
        "unsafe": sum(function.verdict is Verdict.UNSAFE for function in existing),
        "wasteful": sum(function.verdict is Verdict.DROP for function in existing),
        "missed-saving": missed_saving(report),
        "suite-speedup": report.trial.speedup if report.trial else None,
    }


def failed_outputs(known: Mapping[str, object]) -> dict[str, object]:
    """The outputs of a run that failed: no gate was decided and nothing counted, whatever was thought before.

    Args:
        known: What is there all the same: files that were written, a comment.
    """
    nothing = dict.fromkeys(OUTPUTS)
    return nothing | {"verdict": GateVerdict.INCONCLUSIVE} | dict(known)


def missed_saving(report: Report) -> float | None:
    """Share of the workload's time that the recommended caches would save together; None if not known."""
    recommended = [
        function
        for function in report.functions
        if function.verdict is Verdict.CACHE and function.acknowledged is None
    ]
    shares = [_share(report, function) for function in recommended]
    known = [share for share in shares if share is not None]
    return sum(known, 0.0) if len(known) == len(shares) else None


def _share(report: Report, function: FunctionReport) -> float | None:
    saved, total = (function.together or function).saved_seconds, workload_seconds(report, function.metric)
    return saved / total if saved is not None and total else None


def gate_lines(report: Report) -> list[str]:
    """Which rule failed, its limit and the value; one line a rule."""
    words = {True: "passed", False: "failed", None: "could not be decided"}
    lines = [
        f"  {rule.rule}: {words[rule.passed]} (limit {rule.limit:g}, "
        f"value {'not known' if rule.value is None else f'{rule.value:g}'})"
        for rule in report.gate.rules
    ]
    return [f"Gate: {report.gate.verdict}", *lines]

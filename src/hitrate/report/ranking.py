"""The order of functions in a report: worst news first."""

from enum import IntEnum

from hitrate.report.model import FunctionReport, Report
from hitrate.report.row import workload_seconds
from hitrate.vocabulary import Kind, Verdict


class Rank(IntEnum):
    """How bad the news is; the worst comes first."""

    WRONG = 0
    TEMPTING = 1
    DROP = 2
    RESIZE = 3
    CACHE = 4
    INCONCLUSIVE = 5
    UNSAFE = 6
    KEEP = 7
    NOT_WORTH_IT = 8
    INELIGIBLE = 9


NEWS = frozenset({Rank.WRONG, Rank.TEMPTING, Rank.DROP, Rank.RESIZE, Rank.CACHE})
"""What asks its reader to do or know something."""

BRIEF = {Rank.NOT_WORTH_IT: "Not worth a cache", Rank.INELIGIBLE: "Cannot carry a cache"}
"""What is listed in a line a function, with the title of the list."""

DETAILED = tuple(rank for rank in Rank if rank not in BRIEF)
"""What is told with all its evidence."""

_RANKS = {
    Verdict.DROP: Rank.DROP,
    Verdict.RESIZE: Rank.RESIZE,
    Verdict.CACHE: Rank.CACHE,
    Verdict.INCONCLUSIVE: Rank.INCONCLUSIVE,
    Verdict.KEEP: Rank.KEEP,
    Verdict.NOT_WORTH_IT: Rank.NOT_WORTH_IT,
    Verdict.INELIGIBLE: Rank.INELIGIBLE,
}


def rank(report: Report, function: FunctionReport) -> Rank:
    """How bad the news about one function is."""
    if function.verdict is not Verdict.UNSAFE:
        return _RANKS[function.verdict]
    if function.kind is Kind.EXISTING:
        return Rank.WRONG
    return Rank.TEMPTING if _is_tempting(report, function) else Rank.UNSAFE


def ranked(report: Report) -> list[FunctionReport]:
    """All functions, worst news first, then by what a cache saves or hits."""
    return sorted(
        report.functions,
        key=lambda function: (
            rank(report, function),
            -(function.saved_seconds or 0.0),
            -(function.hits or 0),
            function.path,
            function.line,
            function.qualname,
        ),
    )


def having(report: Report, *ranks: Rank) -> list[FunctionReport]:
    """The functions of these ranks, worst news first."""
    return [function for function in ranked(report) if rank(report, function) in ranks]


def label(function: FunctionReport) -> str:
    """The verdict in words: ``not worth it``."""
    return function.verdict.value.replace("-", " ")


def _is_tempting(report: Report, function: FunctionReport) -> bool:
    """Whether somebody who looks at the figures alone would cache it."""
    if not function.hits:
        return False
    hit_rate, saved = function.hit_rate or 0.0, function.saved_seconds
    total = workload_seconds(report, function.metric)
    if report.limits is None:
        return saved is None or saved > 0
    worth = saved is None or not total or saved / total >= report.limits.min_saving
    return hit_rate >= report.limits.min_hit_rate and worth

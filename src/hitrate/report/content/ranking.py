"""The order of functions in a report: worst news first."""

from enum import IntEnum

from hitrate.report.model import FunctionReport, Report
from hitrate.vocabulary import Kind, Verdict


class Rank(IntEnum):
    """How bad the news is; the worst comes first."""

    WRONG = 0
    DROP = 1
    RESIZE = 2
    DOUBTED = 3
    CACHE = 4
    INCONCLUSIVE = 5
    UNSAFE = 6
    KEEP = 7
    NOT_WORTH_IT = 8
    INELIGIBLE = 9
    ACKNOWLEDGED = 10


NEWS = frozenset({Rank.WRONG, Rank.DROP, Rank.RESIZE, Rank.DOUBTED, Rank.CACHE})
"""What asks its reader to do something. That a function must not be given a cache asks nothing."""

BRIEF = {
    Rank.INCONCLUSIVE: "Undecided",
    Rank.UNSAFE: "Must not be cached",
    Rank.KEEP: "Caches that earn their keep",
    Rank.NOT_WORTH_IT: "Not worth a cache",
    Rank.INELIGIBLE: "Cannot carry a cache",
}
"""What is listed in a line a function, with the title of the list."""

_MARKS = {
    Verdict.UNSAFE: "✗",
    Verdict.DROP: "−",
    Verdict.RESIZE: "↕",
    Verdict.INCONCLUSIVE: "?",
    Verdict.CACHE: "+",
    Verdict.KEEP: "✓",
}

_RANKS = {
    Verdict.DROP: Rank.DROP,
    Verdict.RESIZE: Rank.RESIZE,
    Verdict.CACHE: Rank.CACHE,
    Verdict.INCONCLUSIVE: Rank.INCONCLUSIVE,
    Verdict.UNSAFE: Rank.UNSAFE,
    Verdict.KEEP: Rank.KEEP,
    Verdict.NOT_WORTH_IT: Rank.NOT_WORTH_IT,
    Verdict.INELIGIBLE: Rank.INELIGIBLE,
}


def rank(function: FunctionReport) -> Rank:
    """How bad the news about one function is."""
    if function.acknowledged is not None:
        return Rank.ACKNOWLEDGED
    if function.kind is Kind.EXISTING:
        if function.verdict is Verdict.UNSAFE:
            return Rank.WRONG
        if function.verdict is Verdict.INCONCLUSIVE and function.doubted:
            return Rank.DOUBTED
    return _RANKS[function.verdict]


def ranked(report: Report) -> list[FunctionReport]:
    """All functions, worst news first, then by what a cache saves or hits."""
    return sorted(
        report.functions,
        key=lambda function: (
            rank(function),
            -(function.saved_seconds or 0.0),
            -(function.hits or 0),
            function.path,
            function.line,
            function.qualname,
        ),
    )


def having(report: Report, *ranks: Rank) -> list[FunctionReport]:
    """The functions of these ranks, worst news first."""
    return [function for function in ranked(report) if rank(function) in ranks]


def mark(function: FunctionReport) -> str:
    """A sign for the verdict, which stands beside the word; a dot where nothing is asked."""
    return _MARKS.get(function.verdict, "·")


def label(function: FunctionReport) -> str:
    """The verdict in words: ``not worth it``."""
    return function.verdict.value.replace("-", " ")

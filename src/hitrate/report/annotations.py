"""The report as workflow commands, which GitHub shows as annotations beside the lines of the diff."""

from collections.abc import Iterator
from enum import StrEnum

from hitrate.report.content.answer import answer, not_measured
from hitrate.report.content.facts import gate, reason
from hitrate.report.content.ranking import Rank, having, rank
from hitrate.report.content.row import advised_size
from hitrate.report.escape import command_data, command_property
from hitrate.report.model import FunctionReport, HazardReport, Report
from hitrate.vocabulary import GateVerdict
from hitrate.wording.figures import some
from hitrate.wording.prose import clause
from hitrate.wording.text import plain, unmarked

PER_LEVEL = 10
"""Annotations of one level that GitHub keeps of one step; it drops the others silently."""

HAZARDS = 3


class Level(StrEnum):
    """How an annotation is shown."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_LEVELS = {
    Rank.WRONG: Level.ERROR,
    Rank.DROP: Level.WARNING,
    Rank.RESIZE: Level.WARNING,
    Rank.DOUBTED: Level.WARNING,
    Rank.CACHE: Level.NOTICE,
}
_TITLES = {
    Rank.WRONG: "This cache is wrong",
    Rank.DROP: "This cache does not earn its keep",
    Rank.RESIZE: "This cache has the wrong size",
    Rank.DOUBTED: "This cache may be wrong",
    Rank.CACHE: "Worth caching",
}


def commands(report: Report) -> list[str]:
    """One workflow command an annotation, worst news first, at most ten of a level.

    Print each on a line of its own, outside ``::stop-commands::``.
    """
    return [*_gate(report), *(command for level in Level for command in _of_level(report, level))]


def _gate(report: Report) -> Iterator[str]:
    if report.gate.verdict is not GateVerdict.PASS:
        level = Level.ERROR if report.gate.verdict is GateVerdict.FAIL else Level.WARNING
        why = answer(report)[:1] if not_measured(report) else []
        for sentence in gate(report):
            yield _command(level, {"title": "Hitrate"}, unmarked(" ".join([*why, sentence])))


def _of_level(report: Report, level: Level) -> Iterator[str]:
    functions = having(report, *(rank for rank, its_level in _LEVELS.items() if its_level is level))
    # The gate's own annotation may take one place, the line on those left out another.
    room = PER_LEVEL - 1
    shown = functions if len(functions) <= room else functions[: room - 1]
    for function in shown:
        yield _annotation(function, level)
    if left := len(functions) - len(shown):
        yield _command(level, {"title": "Hitrate"}, f"{some(left, 'more function')}: see the job summary.")


def _annotation(function: FunctionReport, level: Level) -> str:
    where = {
        "file": plain(function.path, 1000),
        "line": str(function.line),
        "title": f"Hitrate: {_TITLES[rank(function)]}",
    }
    return _command(level, where, "\n".join(plain(unmarked(line), 500) for line in _message(function)))


def _message(function: FunctionReport) -> Iterator[str]:
    yield " ".join([f"{function.qualname}.", *reason(function)])
    for hazard in function.hazards[:HAZARDS]:
        yield from _hazard(hazard)
    match rank(function):
        case Rank.CACHE if function.suggestion is not None:
            yield f"Write {function.suggestion} above it."
        case Rank.RESIZE:
            yield f"Better: maxsize={advised_size(function).replace(',', '')}."


def _hazard(hazard: HazardReport) -> Iterator[str]:
    test = f" in {hazard.test}" if hazard.test else ""
    key = f" with the arguments {hazard.key}" if hazard.key else ""
    seen = f" Seen{test}{key}." if test or key else ""
    yield f"{hazard.kind.value}: {clause(hazard.detail)}.{seen}"
    if hazard.remedy:
        yield f"To make it safe: {clause(hazard.remedy)}."


def _command(level: Level, properties: dict[str, str], message: str) -> str:
    joined = ",".join(f"{name}={command_property(value, 1000)}" for name, value in properties.items())
    return f"::{level.value} {joined}::{command_data(message)}"

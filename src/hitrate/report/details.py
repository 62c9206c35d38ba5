"""What a comment tells of one function, folded: few lines, the figures, the change, the curve, a command."""

import json
import shlex
from collections.abc import Callable, Iterator
from itertools import islice

from hitrate.report.content import links
from hitrate.report.content.curve import Curve, curve
from hitrate.report.content.diff import diff
from hitrate.report.content.facts import reason, remarks
from hitrate.report.content.row import advised_size
from hitrate.report.escape import linked, markdown, markdown_block, markdown_code, mermaid
from hitrate.report.model import FunctionReport, HazardReport, Report
from hitrate.vocabulary import Effort, Verdict
from hitrate.wording.figures import UNKNOWN, count, percent, seconds, some
from hitrate.wording.prose import clause
from hitrate.wording.text import plain

LINES = 6
"""Lines of text about a function at most; its table, change and chart come on top."""

_HAZARDS = 2
_COMMAND_LIMIT = 300

# Mermaid's own line colour is all but invisible on white; this one is seen on light and dark.
_CHART_LOOK = {
    "xyChart": {"width": 640, "height": 280},
    "themeVariables": {"xyChart": {"plotColorPalette": "#2f6fdb"}},
}

_FIGURES: tuple[tuple[str, Callable[[FunctionReport], str]], ...] = (
    ("Calls", lambda function: count(function.calls)),
    ("Different arguments", lambda function: count(function.distinct_keys)),
    ("Hit rate", lambda function: percent(function.hit_rate)),
    ("Repeated in the same test", lambda function: percent(function.hit_rate_within_test)),
    ("A call takes", lambda function: seconds(function.mean_call_seconds)),
    ("With the cache", lambda function: seconds(_cached_seconds(function))),
)
_SIZED = (Verdict.CACHE, Verdict.RESIZE)


def details(report: Report, function: FunctionReport) -> Iterator[str]:
    """The blocks of Markdown that tell of a function, without those of which nothing is known."""
    command = reproduction(report, function) if function.hazards else None
    why = function.reason if any(reason(function)) else ""
    told = [place(report, function, why), *_hazards(function)]
    room = LINES - len(told) - (command is not None)
    yield from told
    yield from map(markdown, islice(remarks(function), max(room, 0)))
    if table := _figures(function):
        yield table
    if (change := diff(function)) is not None:
        yield markdown_block(change, "diff")
    if function.verdict in _SIZED and (points := curve(function)) is not None:
        yield _chart(points, advised_size(function))
    if command is not None:
        yield f"To see it in a checkout of this commit:\n\n{markdown_block(command, 'sh')}"


def place(report: Report, function: FunctionReport, told: str) -> str:
    """Where a function is, linked where that can be, and what is told of it."""
    where = linked(markdown_code(f"{function.path}:{function.line}", 200), links.lines(report, function))
    return f"{where}: {markdown(clause(told))}." if told else f"In {where}."


def reproduction(report: Report, function: FunctionReport) -> str:
    """The command that measures this function again, less what fits no line: the tests, then its name."""
    suite = report.suite
    folder = [] if suite.directory == "." else ["--working-directory", suite.directory]
    effort = [] if suite.effort is Effort.STANDARD else ["--effort", suite.effort.value]
    named, tests = ["--function", function.id], ["--test-command", suite.command]
    tried: tuple[list[str], ...] = ([*named, *tests, *folder, *effort], [*named, *folder, *effort], [])
    commands = (shlex.join(["hitrate", "run", *options]) for options in tried)
    return next(command for command in commands if command == plain(command, _COMMAND_LIMIT))


def _hazards(function: FunctionReport) -> Iterator[str]:
    yield from map(_hazard, function.hazards[:_HAZARDS])
    if len(function.hazards) > _HAZARDS:
        yield f"{some(len(function.hazards) - _HAZARDS, 'more hazard')} in the report."


def _hazard(hazard: HazardReport) -> str:
    seen = [
        f"in {markdown_code(hazard.test, 200)}" if hazard.test else "",
        f"with the arguments {markdown_code(hazard.key, 200)}" if hazard.key else "",
    ]
    where = " ".join(part for part in seen if part)
    kind = linked(f"**{hazard.kind.value}**", links.explained(hazard.kind))
    lines = [
        f"{kind}: {markdown(clause(hazard.detail))}.",
        where and f"Seen {where}.",
        hazard.remedy and f"To make it safe: {markdown(clause(hazard.remedy))}.",
    ]
    return " ".join(line for line in lines if line)


def _figures(function: FunctionReport) -> str:
    known = [(title, cell(function)) for title, cell in _FIGURES if cell(function) != UNKNOWN]
    if len(known) < 2:
        return ""
    rows = [[title for title, _ in known], ["---:"] * len(known), [figure for _, figure in known]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cached_seconds(function: FunctionReport) -> float | None:
    if function.mean_call_seconds is None or function.speedup is None:
        return None
    return function.mean_call_seconds / function.speedup


def _chart(points: Curve, advised: str) -> str:
    title = "Hit rate by cache size" + ("" if advised == UNKNOWN else f" (advised: {advised})")
    sizes = ", ".join(f'"{size:,}"' for size in points.sizes)
    rates = ", ".join(f"{rate * 100:.1f}" for rate in points.hit_rates)
    lines = [
        f"%%{{init: {json.dumps(_CHART_LOOK)}}}%%",
        "xychart-beta",
        f"    title {mermaid(title)}",
        f"    x-axis {mermaid('maxsize')} [{sizes}]",
        f"    y-axis {mermaid('hit rate (%)')} 0 --> 100",
        f"    line [{rates}]",
    ]
    return "\n".join(["```mermaid", *lines, "```"])

"""The report as GitHub Markdown: the sticky comment and the job summary."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from hitrate.report.answer import answer, has_news, not_measured
from hitrate.report.curve import Curve, curve
from hitrate.report.diff import diff
from hitrate.report.escape import html, markdown, markdown_block, markdown_code, mermaid
from hitrate.report.facts import evidence, gate, method, notes, reason, unlisted
from hitrate.report.model import LARGEST, FunctionReport, HazardReport, Report
from hitrate.report.ranking import BRIEF, DETAILED, Rank, having, label, rank, ranked
from hitrate.report.row import advised_size, saves, why
from hitrate.vocabulary import Verdict
from hitrate.wording.figures import UNKNOWN, percent, some
from hitrate.wording.prose import clause
from hitrate.wording.text import quoted

COMMENT_LIMIT = 65_536
SUMMARY_LIMIT = 1_048_576
SCREEN = 12
_MESSAGE_LIMIT = 1000
_DETAILS = "Details of each function"

# Mermaid's own line colour is all but invisible on white; this one is seen on light and dark.
_CHART_LOOK = {
    "xyChart": {"width": 640, "height": 280},
    "themeVariables": {"xyChart": {"plotColorPalette": "#2f6fdb"}},
}


def comment(report: Report, *, limit: int = COMMENT_LIMIT, marker: str = "") -> str:
    """The pull request comment.

    Args:
        report: What to say.
        limit: Bytes of UTF-8 at most, and so characters at most.
        marker: A hidden first line that finds the comment again.

    Returns:
        Markdown: the answer, one table of at most a screen, folded details, how it was measured.
    """
    return _fitted(_head(report, SCREEN, limit), _details(report), _method(report, limit), marker, limit)


def resolved(report: Report, *, limit: int = COMMENT_LIMIT, marker: str = "") -> str:
    """The comment for a pull request that had something to say before and has nothing now."""
    head = [f"**Resolved.** {' '.join(map(markdown, answer(report)))}"]
    return _fitted(head, _details(report), _method(report, limit), marker, limit)


def failed(message: str, head: str | None, *, limit: int = COMMENT_LIMIT) -> str:
    """The comment for a commit that could not be measured, in the place of what was said of an earlier one.

    Args:
        message: Why, as one sentence.
        head: Sha of the commit; None if it is not known.
        limit: Bytes of UTF-8 at most.
    """
    commit = f"Commit {head[:12]}" if head else "This commit"
    text = (
        f"**{commit} could not be measured:** {markdown(clause(message), _MESSAGE_LIMIT)}.\n\n"
        "What stood here before was about an earlier commit. The log of the run says more.\n"
    )
    return text.encode()[:limit].decode(errors="ignore")


def summary(report: Report, *, limit: int = SUMMARY_LIMIT) -> str:
    """The job summary: as the comment, with every function in its table.

    Args:
        report: What to say.
        limit: Bytes of UTF-8 at most: GitHub drops a larger summary altogether.
    """
    head = ["## Hitrate", *_head(report, len(report.functions), limit)]
    return _fitted(head, _details(report), _method(report, limit), "", limit)


def has_something_to_say(report: Report) -> bool:
    """Whether ``comment: auto`` posts: there is a change to make, a failed gate or a test that breaks."""
    return has_news(report)


@dataclass(frozen=True, slots=True)
class _Block:
    """A part that may be left out, and how many functions are then missing."""

    text: str
    functions: int


def _fitted(head: Sequence[str], details: Iterable[_Block], method: str, marker: str, limit: int) -> str:
    """The marker, the head, as many whole details as fit, what was left out, and the method."""
    fixed = [*head, _folded(_DETAILS, []), _omitted(LARGEST), method]
    room = limit - _bytes("\n\n".join(fixed)) - _bytes(marker) - 4
    shown: list[str] = []
    omitted = 0
    for block in details:
        room -= _bytes(block.text) + 2
        if room >= 0:
            shown.append(block.text)
        else:
            omitted += block.functions
    if len(shown) > SCREEN:  # so many folds would be a second screen
        shown = [_folded(_DETAILS, shown)]
    note = [_omitted(omitted)] if omitted else []
    text = "\n\n".join([*head, *shown, *note, method]) + "\n"
    return f"{marker}\n{text}" if marker else text


def _omitted(functions: int) -> str:
    return f"*Details of {some(functions, 'function')} omitted, see the summary.*"


def _bytes(text: str) -> int:
    return len(text.encode())


def _head(report: Report, rows: int, limit: int) -> list[str]:
    """The answer, the gate and the table, which gets at most half of the room."""
    while True:
        table = _table(report, rows)
        if rows == 0 or _bytes("\n\n".join(table)) <= limit // 2:
            return [_answer(report), *map(markdown, gate(report)), *table]
        rows //= 2


def _answer(report: Report) -> str:
    first, *others = map(markdown, answer(report))
    return " ".join([f"**{first}**", *others])


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table; one in which nothing is known is not shown."""

    title: str
    align: str
    cell: Callable[[FunctionReport], str]
    known: Callable[[FunctionReport], bool]


def _table(report: Report, limit: int) -> list[str]:
    """The table of at most ``limit`` functions, and a line that counts the others."""
    if not_measured(report):
        return []
    rows = [function for function in ranked(report) if rank(report, function) is not Rank.INELIGIBLE][:limit]
    columns = [column for column in _columns(report) if any(map(column.known, rows))]
    lines = [
        _row(column.title for column in columns),
        _row(column.align for column in columns),
        *(_row(column.cell(function) for column in columns) for function in rows),
    ]
    return [*(["\n".join(lines)] if rows else []), *unlisted(report, rows)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _name(function: FunctionReport) -> str:
    place = markdown(f"{function.path}:{function.line}", 60)
    return f"{markdown_code(function.qualname, 60)}<br><sub>{place}</sub>"


def _verdict(function: FunctionReport) -> str:
    """The verdict, and why unless the figures beside it say so."""
    strong = "**" if function.verdict in _URGENT else ""
    reason = "" if function.verdict in _PLAIN else f": {markdown(why(function))}"
    return f"{strong}{label(function)}{strong}{reason}"


_URGENT = (Verdict.UNSAFE, Verdict.DROP, Verdict.RESIZE, Verdict.CACHE)
_PLAIN = (Verdict.CACHE, Verdict.KEEP)


def _columns(report: Report) -> Iterator[_Column]:
    yield _Column("Function", "---", _name, lambda function: bool(function.qualname))
    yield _Column(
        "Hit rate",
        "---:",
        lambda function: percent(function.hit_rate),
        lambda function: function.hit_rate is not None,
    )
    yield _Column(
        "Within a test",
        "---:",
        lambda function: percent(function.hit_rate_within_test),
        lambda function: function.hit_rate_within_test is not None,
    )
    yield _Column(
        "Saves", "---:", partial(saves, report), lambda function: function.saved_seconds is not None
    )
    yield _Column("maxsize", "---:", advised_size, lambda function: function.suggestion is not None)
    yield _Column("Verdict", "---", _verdict, lambda function: bool(function.verdict))


def _details(report: Report) -> Iterator[_Block]:
    if not_measured(report):
        return
    for function in having(report, *DETAILED):
        yield _Block(_folded(_title(function), _function(report, function)), 1)
    for group, title in BRIEF.items():
        yield from _brief(title, having(report, group))


def _title(function: FunctionReport) -> str:
    return f"<b>{label(function)}</b> {html(quoted(function.qualname))}"


def _function(report: Report, function: FunctionReport) -> Iterator[str]:
    place = markdown(f"In {quoted(function.path)}, line {function.line}.", 300)
    yield " ".join([place, *map(markdown, reason(function))])
    yield from map(_hazard, function.hazards)
    if (change := diff(function)) is not None:
        yield "The change to make:"
        yield markdown_block(change, "diff")
    if facts := list(evidence(report, function)):
        yield "\n".join(f"- {markdown(fact)}" for fact in facts)
    if function.verdict is not Verdict.UNSAFE and (points := curve(function)) is not None:
        yield _chart(points, advised_size(function))


def _place(function: FunctionReport) -> str:
    return markdown(f"{quoted(function.qualname)} in {quoted(function.path)}, line {function.line}", 300)


def _hazard(hazard: HazardReport) -> str:
    seen = [
        f"in {markdown_code(hazard.test, 200)}" if hazard.test else "",
        f"with the arguments {markdown_code(hazard.key, 200)}" if hazard.key else "",
    ]
    where = " ".join(part for part in seen if part)
    lines = [
        f"**{hazard.kind.value}**: {markdown(clause(hazard.detail))}.",
        where and f"Seen {where}.",
        hazard.remedy and f"To make it safe: {markdown(clause(hazard.remedy))}.",
    ]
    return "<br>".join(line for line in lines if line)


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


def _brief(title: str, functions: Sequence[FunctionReport], chunk: int = 50) -> Iterator[_Block]:
    """Functions of one kind as lists of at most ``chunk``."""
    for start in range(0, len(functions), chunk):
        part = functions[start : start + chunk]
        range_ = f"{start + 1}–{start + len(part)} of " if len(functions) > chunk else ""
        lines = [f"- {_place(function)}: {markdown(clause(function.reason), 200)}." for function in part]
        yield _Block(_folded(f"{title} ({range_}{len(functions)})", ["\n".join(lines)]), len(part))


def _method(report: Report, limit: int) -> str:
    """How it was measured, with as many notes as fit into a quarter of the room."""
    lines = [f"- {markdown(fact)}" for fact in method(report)]
    room = limit // 4 - _bytes("\n".join(lines))
    for shown, note in enumerate(notes(report)):
        line = f"- {markdown(note)}"
        room -= _bytes(line) + 1
        if room < 0:
            lines.append(f"- *{some(len(report.notes) - shown, 'note')} omitted, see report.json.*")
            break
        lines.append(line)
    marked = f" · {some(len(report.notes), 'note')}" if report.notes else ""
    return _folded(f"How this was measured{marked}", ["\n".join(lines)])


def _folded(title: str, paragraphs: Iterable[str]) -> str:
    return "\n\n".join([f"<details><summary>{title}</summary>", *paragraphs, "</details>"])

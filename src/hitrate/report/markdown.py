"""The report as GitHub Markdown: the sticky comment and the job summary."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hitrate.report.answer import advised_size, answer, has_news
from hitrate.report.change import diff
from hitrate.report.curve import Curve, curve
from hitrate.report.escape import html, markdown, markdown_block, markdown_code, mermaid, quoted
from hitrate.report.facts import evidence, gate, method
from hitrate.report.figures import percent, seconds, some
from hitrate.report.model import LARGEST, FunctionReport, HazardReport, Report, Verdict
from hitrate.report.ranking import Rank, having, rank, ranked

COMMENT_LIMIT = 65_536
SUMMARY_LIMIT = 1_048_576
SCREEN = 12

DETAILED = (
    Rank.WRONG, Rank.TEMPTING, Rank.DROP, Rank.RESIZE, Rank.CACHE, Rank.INCONCLUSIVE, Rank.UNSAFE, Rank.KEEP,
)  # fmt: skip
BRIEF = {Rank.NOT_WORTH_IT: "Not worth a cache", Rank.INELIGIBLE: "Cannot carry a cache"}


def comment(report: Report, *, limit: int = COMMENT_LIMIT, marker: str = "") -> str:
    """The pull request comment.

    Args:
        report: What to say.
        limit: Bytes of UTF-8 at most, and so characters at most.
        marker: A hidden line that finds the comment again; it comes last, since the first line is the answer.

    Returns:
        Markdown: the answer, one table of at most a screen, folded details, how it was measured.
    """
    head = [_answer(report), *_gate(report), *_table(report, SCREEN)]
    return _fitted(head, _details(report), [_method(report), marker], limit)


def resolved(report: Report, *, limit: int = COMMENT_LIMIT, marker: str = "") -> str:
    """The comment for a pull request that had something to say before and has nothing now."""
    head = [f"**Resolved.** {_answer(report, bold=False)}"]
    return _fitted(head, _details(report), [_method(report), marker], limit)


def summary(report: Report, *, limit: int = SUMMARY_LIMIT) -> str:
    """The job summary: as the comment, with every function in its table.

    Args:
        report: What to say.
        limit: Bytes of UTF-8 at most: GitHub drops a larger summary altogether.
    """
    head = ["## Hitrate", _answer(report), *_gate(report)]
    table = _table(report, len(report.functions))
    if _bytes("\n\n".join(table)) > limit // 2:
        table = _table(report, 200)
    return _fitted([*head, *table], _details(report), [_method(report)], limit)


def has_something_to_say(report: Report) -> bool:
    """Whether ``comment: auto`` posts: there is a change to make, a failed gate or a test that breaks."""
    return has_news(report)


# -- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """A part that may be left out, and how many functions are then missing."""

    text: str
    functions: int


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table; one in which nothing is known is not shown."""

    title: str
    align: str
    cell: Callable[[FunctionReport], str]
    known: Callable[[FunctionReport], bool]


def _fitted(head: Sequence[str], details: Iterator[_Block], tail: Sequence[str], limit: int) -> str:
    """Head, as many whole details as fit, what was left out, and the tail."""
    fixed = [part for part in (*head, *tail) if part]
    room = limit - _bytes("\n\n".join([*fixed, _omitted(LARGEST)])) - 4
    shown: list[str] = []
    omitted = 0
    for block in details:
        room -= _bytes(block.text) + 2
        if room >= 0 and not omitted:
            shown.append(block.text)
        else:
            omitted += block.functions
    note = [_omitted(omitted)] if omitted else []
    return "\n\n".join(part for part in (*head, *shown, *note, *tail) if part) + "\n"


def _omitted(functions: int) -> str:
    return f"*Details of {some(functions, 'function')} omitted, see the summary.*"


def _answer(report: Report, *, bold: bool = True) -> str:
    first, *others = [markdown(sentence) for sentence in answer(report)]
    return " ".join([f"**{first}**" if bold else first, *others])


def _gate(report: Report) -> Iterator[str]:
    if sentence := gate(report):
        yield markdown(sentence)


def _table(report: Report, limit: int) -> list[str]:
    """The table of at most ``limit`` functions, and a line that counts the others."""
    known = [function for function in ranked(report) if rank(report, function) is not Rank.INELIGIBLE]
    rows, left = known[:limit], known[limit:]
    columns = [column for column in _COLUMNS if any(map(column.known, rows))]
    lines = [
        f"| {' | '.join(column.title for column in columns)} |",
        f"| {' | '.join(column.align for column in columns)} |",
        *(f"| {' | '.join(column.cell(function) for column in columns)} |" for function in rows),
    ]
    return [*(["\n".join(lines)] if rows else []), *_others(report, left)]


def _others(report: Report, left: Sequence[FunctionReport]) -> Iterator[str]:
    others = [*left, *having(report, Rank.INELIGIBLE)]
    if not others:
        return
    counts: dict[str, int] = {}
    for function in others:
        counts[_label(function)] = counts.get(_label(function), 0) + 1
    parts = ", ".join(f"{number:,} {label}" for label, number in counts.items())
    yield f"Not in the table: {parts}."


def _label(function: FunctionReport) -> str:
    return function.verdict.value.replace("-", " ")


def _name(function: FunctionReport) -> str:
    place = markdown(f"{function.path}:{function.line}", 60)
    return f"{markdown_code(function.qualname, 60)}<br><sub>{place}</sub>"


def _hit_rate(function: FunctionReport) -> str:
    if function.hit_rate_within_test is None:
        return percent(function.hit_rate)
    return (
        f"{percent(function.hit_rate)}<br><sub>{percent(function.hit_rate_within_test)} within a test</sub>"
    )


def _verdict(function: FunctionReport) -> str:
    label = _label(function)
    strong = f"**{label}**" if function.verdict in _BOLD else label
    return f"{strong}: {markdown(function.reason, 110)}"


def _bytes(text: str) -> int:
    return len(text.encode())


_BOLD = (Verdict.UNSAFE, Verdict.DROP, Verdict.RESIZE, Verdict.CACHE)
_COLUMNS = (
    _Column("Function", "---", _name, lambda function: True),
    _Column("Hit rate", "---:", _hit_rate, lambda function: function.hit_rate is not None),
    _Column(
        "Saves",
        "---:",
        lambda function: seconds(function.saved_seconds),
        lambda function: function.saved_seconds is not None,
    ),
    _Column("maxsize", "---:", advised_size, lambda function: function.suggestion is not None),
    _Column("Verdict", "---", _verdict, lambda function: True),
)


# -- details ---------------------------------------------------------------------------------------------------------


def _details(report: Report) -> Iterator[_Block]:
    for function in having(report, *DETAILED):
        yield _Block(_folded(_title(function), _function(report, function)), 1)
    for group, title in BRIEF.items():
        if functions := having(report, group):
            yield from _brief(title, functions)


def _title(function: FunctionReport) -> str:
    return f"<b>{_label(function)}</b> {html(quoted(function.qualname))}"


def _function(report: Report, function: FunctionReport) -> Iterator[str]:
    yield f"{_place(function)}: {markdown(function.reason)}"
    yield from _hazards(function)
    if (change := diff(function)) is not None:
        yield "The change to make:"
        yield markdown_block(change, "diff")
    if facts := list(evidence(report, function)):
        yield "\n".join(f"- {markdown(fact)}" for fact in facts)
    if (points := curve(function)) is not None:
        yield _chart(points)


def _place(function: FunctionReport) -> str:
    return markdown(f"{quoted(function.qualname)} in {quoted(function.path)}, line {function.line}", 300)


def _hazards(function: FunctionReport) -> Iterator[str]:
    if function.hazards:
        yield "\n".join(f"- {_hazard(hazard)}" for hazard in function.hazards)


def _hazard(hazard: HazardReport) -> str:
    seen = [
        f"in {markdown_code(hazard.test, 200)}" if hazard.test else "",
        f"with the arguments {markdown_code(hazard.key, 200)}" if hazard.key else "",
    ]
    where = " ".join(part for part in seen if part)
    lines = [f"**{hazard.kind.value}**: {markdown(hazard.detail)}", where and f"Seen {where}."]
    remedy = hazard.remedy and f"To make it safe: {markdown(hazard.remedy)}"
    return "<br>".join(line for line in [*lines, remedy] if line)


def _chart(points: Curve) -> str:
    sizes = ", ".join(f'"{size:,}"' for size in points.sizes)
    rates = ", ".join(f"{rate * 100:.1f}" for rate in points.hit_rates)
    lines = [
        "xychart-beta",
        f"    title {mermaid('Hit rate by cache size')}",
        f"    x-axis {mermaid('maxsize')} [{sizes}]",
        f"    y-axis {mermaid('hit rate (%)')} 0 --> 100",
        f"    line [{rates}]",
    ]
    return "\n".join(["```mermaid", *lines, "```"])


def _brief(title: str, functions: Sequence[FunctionReport], chunk: int = 50) -> Iterator[_Block]:
    for start in range(0, len(functions), chunk):
        part = functions[start : start + chunk]
        numbers = (
            f"{start + 1}–{start + len(part)} of {len(functions)}"
            if len(functions) > chunk
            else f"{len(functions)}"
        )
        lines = [f"- {_place(function)}: {markdown(function.reason, 200)}" for function in part]
        yield _Block(_folded(f"{title} ({numbers})", ["\n".join(lines)]), len(part))


def _method(report: Report) -> str:
    facts = [*method(report), *report.notes]
    notes = f" · {some(len(report.notes), 'note')}" if report.notes else ""
    return _folded(f"How this was measured{notes}", ["\n".join(f"- {markdown(fact)}" for fact in facts)])


def _folded(title: str, paragraphs: Iterator[str] | Sequence[str]) -> str:
    return "\n\n".join([f"<details><summary>{title}</summary>", *paragraphs, "</details>"])

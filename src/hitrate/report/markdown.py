"""The report as GitHub Markdown: the sticky comment and the job summary."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby

from hitrate.report.content import links
from hitrate.report.content.answer import NOTHING_TO_DO, answer, has_news, not_measured, state
from hitrate.report.content.facts import gate, method, notes, unlisted
from hitrate.report.content.finding import word
from hitrate.report.content.ranking import BRIEF, NEWS, Rank, having, label, mark, rank, ranked
from hitrate.report.content.row import advised_size, saves, why
from hitrate.report.details import details, place
from hitrate.report.escape import html, linked, markdown, markdown_block, markdown_code
from hitrate.report.model import LARGEST, FunctionReport, Report
from hitrate.vocabulary import Verdict
from hitrate.wording.figures import NBSP, percent, some
from hitrate.wording.prose import clause
from hitrate.wording.text import plain, quoted

COMMENT_LIMIT = 65_536
SUMMARY_LIMIT = 1_048_576
SCREEN = 12
_MESSAGE_LIMIT = 1000
_DETAILS = "Details of each function"
_FOLDS = 8
_MISSES = 20
"""Parts that are tried, and have no room, before all that follow are left out."""


def comment(report: Report, *, limit: int = COMMENT_LIMIT, marker: str = "") -> str:
    """The pull request comment.

    Args:
        report: What to say.
        limit: Bytes of UTF-8 at most, and so characters at most.
        marker: A hidden first line that finds the comment again.

    Returns:
        Markdown: the state, the answer, one table of at most a screen of what asks something of its reader,
        folded details, how it was measured.
    """
    rows = having(report, *NEWS)[:SCREEN]
    blocks = [*_details(report), *_acknowledging(rows)]
    return _fitted(_head(report, rows, limit), blocks, _method(report, limit), marker, limit)


def resolved(report: Report, *, limit: int = COMMENT_LIMIT, marker: str = "") -> str:
    """The comment for a pull request that had something to say before and has nothing now.

    What is not known is not resolved: then the state and the answer are those of this run.
    """
    if state(report) == NOTHING_TO_DO:
        head = [_heading("resolved"), " ".join(map(markdown, answer(report)))]
    else:
        head = [_heading(state(report)), _answer(report), _EARLIER]
    return _fitted(head, _details(report), _method(report, limit), marker, limit)


_EARLIER = "What stood here before was about an earlier commit."


def failed(message: str, head: str | None, run: str | None = None, *, limit: int = COMMENT_LIMIT) -> str:
    """The comment for a commit that could not be measured, in the place of what was said of an earlier one.

    Args:
        message: Why, as one sentence.
        head: Sha of the commit; None if it is not known.
        run: Address of the run; None if it is not known.
        limit: Bytes of UTF-8 at most.
    """
    commit = f"Commit {head[:12]}" if head else "This commit"
    text = (
        f"{_heading('not measured')}\n\n"
        f"**{commit} could not be measured:** {markdown(clause(message), _MESSAGE_LIMIT)}.\n\n"
        f"{_EARLIER} "
        f"{linked('The log of the run', run)} says more.\n"
    )
    return text.encode()[:limit].decode(errors="ignore")


def held(reason: str, head: str | None, run: str | None = None, *, limit: int = COMMENT_LIMIT) -> str:
    """The comment for a commit that was held back, in the place of what was said before.

    Args:
        reason: What holds it back, as a clause.
        head: Sha of the commit; None if it is not known.
        run: Address of the run; None if it is not known.
        limit: Bytes of UTF-8 at most.
    """
    commit = f"Commit {head[:12]}" if head else "This commit"
    text = (
        f"{_heading('held back')}\n\n"
        f"**{commit} was not measured:** {markdown(clause(reason), _MESSAGE_LIMIT)}.\n\n"
        f"What stood here before was about an earlier run, {linked('this one', run)} measured nothing.\n"
    )
    return text.encode()[:limit].decode(errors="ignore")


def summary(report: Report, *, limit: int = SUMMARY_LIMIT) -> str:
    """The job summary: as the comment, with every function in its table.

    Args:
        report: What to say.
        limit: Bytes of UTF-8 at most: GitHub drops a larger summary altogether.
    """
    rows = [function for function in ranked(report) if rank(function) < Rank.INELIGIBLE]
    return _fitted(_head(report, rows, limit), _details(report), _method(report, limit), "", limit)


def has_something_to_say(report: Report) -> bool:
    """Whether ``comment: auto`` makes a comment: there is a change to make or a failed gate."""
    return has_news(report)


@dataclass(frozen=True, slots=True)
class _Block:
    """A part that may be left out, and how many functions are then missing; made where there is room."""

    render: Callable[[], str]
    functions: int


def _fitted(head: Sequence[str], details: Iterable[_Block], method: str, marker: str, limit: int) -> str:
    """The marker, the head, as many whole details as fit, what was left out, and the method."""
    fixed = [*head, _folded(_DETAILS, []), _omitted(LARGEST), method]
    room = limit - _bytes("\n\n".join(fixed)) - _bytes(marker) - 4
    shown: list[str] = []
    omitted = misses = 0
    for block in details:
        text = block.render() if misses < _MISSES else ""
        size = _bytes(text) + 2
        if text and size <= room:
            shown.append(text)
            room -= size
        else:
            omitted += block.functions
            misses += 1
    if len(shown) > _FOLDS:  # so many would be a second screen
        shown = [_folded(_DETAILS, shown)]
    note = [_omitted(omitted)] if omitted else []
    text = "\n\n".join([*head, *shown, *note, method]) + "\n"
    return f"{marker}\n{text}" if marker else text


def _omitted(functions: int) -> str:
    return f"*Details of {some(functions, 'function')} omitted, see the summary.*"


def _bytes(text: str) -> int:
    return len(text.encode())


def _head(report: Report, rows: Sequence[FunctionReport], limit: int) -> list[str]:
    """The state, the answer, the gate and the table, which gets at most half of the room."""
    while True:
        table = _table(report, rows)
        if not rows or _bytes("\n\n".join(table)) <= limit // 2:
            return [_heading(state(report)), _answer(report), *map(markdown, gate(report)), *table]
        rows = rows[: len(rows) // 2]


def _heading(told: str) -> str:
    return f"### Hitrate: {told}"


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


def _table(report: Report, rows: Sequence[FunctionReport]) -> list[str]:
    """The table of these functions, and a line that counts the others."""
    if not_measured(report):
        return []
    columns = [column for column in _columns(report) if any(map(column.known, rows))]
    lines = [
        _row(column.title for column in columns),
        _row(column.align for column in columns),
        *(_row(column.cell(function) for column in columns) for function in rows),
    ]
    return [*(["\n".join(lines)] if rows else []), *unlisted(report, rows)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _verdict(function: FunctionReport) -> str:
    """The verdict, marked and linked to what explains it: in the first column, which a phone shows."""
    word = label(function)
    strong = f"**{word}**" if rank(function) in NEWS else word
    return f"{mark(function)}{NBSP}{linked(strong, links.explained(function.verdict))}"


def _name(report: Report, function: FunctionReport) -> str:
    """The function, linked to its line, and why the verdict unless the figures beside it say so."""
    name = linked(markdown_code(function.qualname, 60), links.lines(report, function))
    lines = [] if function.verdict in _PLAIN else [markdown(why(function))]
    return "<br>".join([name, f"<sub>{markdown(f'{function.path}:{function.line}', 60)}</sub>", *lines])


_PLAIN = (Verdict.CACHE, Verdict.KEEP)


def _columns(report: Report) -> Iterator[_Column]:
    yield _Column("Verdict", "---", _verdict, lambda function: bool(function.verdict))
    yield _Column("Function", "---", partial(_name, report), lambda function: bool(function.verdict))
    yield _Column(
        "Hit rate",
        "---:",
        lambda function: percent(function.hit_rate),
        lambda function: function.hit_rate is not None,
    )
    yield _Column(
        "Saves", "---:", partial(saves, report), lambda function: function.saved_seconds is not None
    )
    yield _Column("maxsize", "---:", advised_size, lambda function: function.suggestion is not None)


def _details(report: Report) -> Iterator[_Block]:
    if not_measured(report):
        return
    for function in having(report, *NEWS):
        yield _Block(partial(_detailed, report, function), 1)
    yield from _brief(report, having(report, *BRIEF))


def _detailed(report: Report, function: FunctionReport) -> str:
    return _folded(_title(function), details(report, function))


_HOW_TO_ACKNOWLEDGE = (
    "A comment with such a line, by somebody who may write to this repository, takes the finding off this "
    "pull request and its gate until the function changes:"
)


def _acknowledging(rows: Sequence[FunctionReport]) -> Iterator[_Block]:
    """How the findings in the table are taken off, for the source that they have now."""
    named = [f"hitrate:ok {one.id}@{one.source}:{word(one)}" for one in rows if one.source is not None]
    words = [line for line in named if plain(line, 300) == line]
    if words:
        paragraphs = [
            _HOW_TO_ACKNOWLEDGE,
            markdown_block("\n".join(words), "text"),
            markdown("`acknowledged` in the config file does so for good."),
        ]
        yield _Block(partial(_folded, "Known and accepted? Acknowledge a finding", paragraphs), 0)


def _title(function: FunctionReport) -> str:
    return f"{mark(function)} <b>{label(function)}</b> {html(quoted(function.qualname))}"


def _brief(report: Report, functions: Sequence[FunctionReport], chunk: int = 50) -> Iterator[_Block]:
    """Functions that ask nothing of a reader, a line each, in lists of at most ``chunk``."""
    for start in range(0, len(functions), chunk):
        part = functions[start : start + chunk]
        range_ = f"{start + 1}–{start + len(part)} of " if len(functions) > chunk else ""
        title = f"Looked at and left as they are ({range_}{len(functions)})"
        yield _Block(partial(_lines, report, title, part), len(part))


def _lines(report: Report, title: str, functions: Sequence[FunctionReport]) -> str:
    groups = groupby(functions, key=rank)
    lists = ((BRIEF[group], "\n".join(_line(report, one) for one in part)) for group, part in groups)
    return _folded(title, (f"**{group}**\n\n{lines}" for group, lines in lists))


def _line(report: Report, function: FunctionReport) -> str:
    name = markdown_code(function.qualname, 80)
    return f"- {name}, {place(report, function, clause(function.reason))}"


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
    more = [("the run", links.run(report)), ("what the verdicts mean", links.explained())]
    anchors = [f' · <a href="{escape(address)}">{text}</a>' for text, address in more if address]
    return _folded(f"How this was measured{marked}{''.join(anchors)}", ["\n".join(lines)])


def _folded(title: str, paragraphs: Iterable[str]) -> str:
    return "\n\n".join([f"<details><summary>{title}</summary>", *paragraphs, "</details>"])

"""The report for a person at a terminal; a narrow one gets no figures in its table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hitrate.report.answer import answer, not_measured
from hitrate.report.diff import diff
from hitrate.report.facts import gate, method, notes, reason, unlisted
from hitrate.report.model import FunctionReport, HazardReport, Report
from hitrate.report.ranking import NEWS, Rank, having, label, rank, ranked
from hitrate.report.row import advised_size, saves, why
from hitrate.vocabulary import GateVerdict, Verdict
from hitrate.wording.figures import UNKNOWN, percent
from hitrate.wording.prose import clause, sentence
from hitrate.wording.text import pieces, plain, shown

ROWS = 30
DETAILS = 10
ROOM_FOR_FIGURES = 60
"""Columns that the figures take beside names that can still be read."""

_Column = tuple[str, Callable[[FunctionReport], str]]

_STYLES = {
    Verdict.UNSAFE: "bold red",
    Verdict.DROP: "bold yellow",
    Verdict.RESIZE: "bold yellow",
    Verdict.CACHE: "bold green",
    Verdict.KEEP: "green",
}
_DIFF_STYLES = {"+": "green", "-": "red", "@": "dim"}


def render(report: Report, console: Console) -> None:
    """Print the report: the answer, a table, the changes to make, how it was measured."""
    first, *others = map(_sentence, answer(report))
    first.stylize("bold")
    console.print(Text(" ").join([first, *others]))
    style = "red" if report.gate.verdict is GateVerdict.FAIL else "yellow"
    for text in gate(report):
        console.print(_sentence(text), style=style)
    _print_parts(console, _table(report, console.width))
    news = having(report, *NEWS)
    for function in news[:DETAILS]:
        _print_parts(console, _details(function))
    if len(news) > DETAILS:
        console.print(f"\nDetails of {len(news) - DETAILS} more are in the report (--html, --json).")
    _print_parts(console, _others(report))
    _print_parts(console, _method(report))


def _print_parts(console: Console, parts: Iterable[RenderableType]) -> None:
    for number, part in enumerate(parts):
        if number == 0:
            console.print()
        console.print(part)


def _table(report: Report, width: int) -> Iterator[RenderableType]:
    if not_measured(report):
        return
    rows = [function for function in ranked(report) if rank(report, function) is not Rank.INELIGIBLE][:ROWS]
    if rows:
        yield _grid(rows, _columns(report, rows) if width >= ROOM_FOR_FIGURES else [])
    for text in unlisted(report, rows):
        yield Text(text, style="dim")


def _others(report: Report) -> Iterator[RenderableType]:
    """Why nothing is to be done, a line a function; not for the one function that the answer is about."""
    if not_measured(report) or len(report.functions) == 1:
        return
    others = [function for function in ranked(report) if rank(report, function) not in NEWS]
    for function in others[:DETAILS]:
        line = Text(f"{label(function)} {plain(function.qualname, 60)}: ")
        yield line.append_text(_sentence(f"{why(function)}."))
    if len(others) > DETAILS:
        yield Text(f"{len(others) - DETAILS} more are in the report (--html, --json).")


def _columns(report: Report, rows: Sequence[FunctionReport]) -> list[_Column]:
    """The columns of figures; one in which nothing is known is left out."""
    columns: list[_Column] = [
        ("Hit rate", lambda function: percent(function.hit_rate)),
        ("In a test", lambda function: percent(function.hit_rate_within_test)),
        ("Saves", partial(saves, report)),
        ("maxsize", advised_size),
    ]
    return [(title, cell) for title, cell in columns if {*map(cell, rows)} - {UNKNOWN}]


def _grid(rows: Sequence[FunctionReport], columns: Sequence[_Column]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Function", overflow="fold")
    for title, _ in columns:
        table.add_column(title, justify="right", no_wrap=True)
    for function in rows:
        name = Text(plain(function.qualname, 60))
        name.append(f"\n{plain(function.path, 60)}:{function.line}", style="dim")
        verdict = Text(label(function), style=_STYLES.get(function.verdict, ""))
        table.add_row(verdict, name, *(cell(function) for _, cell in columns))
    return table


def _details(function: FunctionReport) -> Iterator[RenderableType]:
    title = Text(label(function), style=_STYLES.get(function.verdict, ""))
    yield title.append(f" {plain(function.qualname, 60)}", style="bold")
    for hazard in function.hazards:
        yield from _hazard(hazard)
    for text in (*reason(function), *map(sentence, function.remarks)):
        yield _indented(_sentence(text))
    change = diff(function)
    for line in change.split("\n") if change else ():
        yield _indented(Text(plain(line, 200), style=_DIFF_STYLES.get(line[:1], "")))


def _hazard(hazard: HazardReport) -> Iterator[RenderableType]:
    kind = Text(f"{hazard.kind.value}: ", style="red")
    yield _indented(kind.append_text(_sentence(f"{clause(hazard.detail)}.")))
    if hazard.test:
        yield _indented(Text(f"seen in {plain(hazard.test, 200)}"), 4)
    if hazard.key:
        yield _indented(Text(f"with the arguments {plain(hazard.key, 200)}"), 4)
    if hazard.remedy:
        yield _indented(_sentence(f"to make it safe: {clause(hazard.remedy)}."), 4)


def _method(report: Report) -> Iterator[RenderableType]:
    for text in map(_sentence, (*notes(report), *method(report))):
        text.stylize("dim")
        yield text


def _indented(text: Text, by: int = 2) -> Padding:
    return Padding(text, (0, 0, 0, by), expand=False)


def _sentence(told: str) -> Text:
    """A sentence with its code set apart; control characters are spelled out."""
    text = Text()
    for is_code, part in pieces(shown(told)):
        text.append(part, style="cyan" if is_code else None)
    return text

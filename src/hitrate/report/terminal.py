"""The report for a person at a terminal: a narrow one gets fewer figures, never a broken place."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from hitrate.report.content.answer import answer, not_measured
from hitrate.report.content.diff import diff
from hitrate.report.content.facts import gate, method, notes, passed, reason, remarks, unlisted
from hitrate.report.content.ranking import NEWS, Rank, having, label, rank, ranked
from hitrate.report.content.row import advised_size, saves, why
from hitrate.report.model import FunctionReport, HazardReport, Report
from hitrate.vocabulary import GateVerdict
from hitrate.wording.figures import UNKNOWN, percent, some
from hitrate.wording.prose import clause
from hitrate.wording.text import pieces, plain, shown

ROWS = 30
DETAILS = 10
HAZARDS = 10
_Column = tuple[str, Callable[[FunctionReport], str]]

_STYLES = {
    Rank.WRONG: "bold red",
    Rank.DROP: "bold yellow",
    Rank.RESIZE: "bold yellow",
    Rank.DOUBTED: "bold yellow",
    Rank.CACHE: "bold green",
    Rank.KEEP: "green",
}
_GATE_STYLES = {GateVerdict.FAIL: "red", GateVerdict.INCONCLUSIVE: "yellow", GateVerdict.PASS: "green"}
_DIFF_STYLES = {"+": "green", "-": "red", "@": "dim"}


def render(report: Report, console: Console, tree: Path | None = None) -> None:
    """Print the report: the answer, a table, the changes to make, how it was measured.

    Args:
        report: What to say.
        console: Where to say it.
        tree: Root of the files, to which a terminal that can gets links; None for no links.
    """
    first, *others = map(_sentence, answer(report))
    first.stylize("bold")
    console.print(Text(" ").join([first, *others]))
    for text in (*gate(report), *passed(report)):
        console.print(_sentence(text), style=_GATE_STYLES[report.gate.verdict])
    _print_parts(console, _table(report, console.width, tree))
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
        whole = isinstance(part, Text) and bool(part.no_wrap)
        console.print(part, soft_wrap=whole)  # the terminal may wrap it; to copy it is one line


def _table(report: Report, width: int, tree: Path | None) -> Iterator[RenderableType]:
    if not_measured(report):
        return
    rows = [function for function in ranked(report) if rank(function) < Rank.INELIGIBLE][:ROWS]
    if rows:
        yield from _grid(rows, _columns(report, rows), width, tree)
    for text in unlisted(report, rows):
        yield Text(text, style="dim")


def _others(report: Report) -> Iterator[RenderableType]:
    """Why nothing is to be done, a line a function; not for the one function that the answer is about."""
    if not_measured(report) or len(report.functions) == 1:
        return
    others = [function for function in ranked(report) if rank(function) not in NEWS]
    for function in others[:DETAILS]:
        line = Text(f"{label(function)} {plain(function.qualname, 60)}: ")
        yield line.append_text(_sentence(f"{why(function)}."))
    if len(others) > DETAILS:
        yield Text(f"{len(others) - DETAILS} more are in the report (--html, --json).")


def _columns(report: Report, rows: Sequence[FunctionReport]) -> list[_Column]:
    """The columns of figures; one in which nothing is known is left out."""
    columns: list[_Column] = [
        ("Hit rate", lambda function: percent(function.hit_rate)),
        ("Saves", partial(saves, report)),
        ("maxsize", advised_size),
    ]
    return [(title, cell) for title, cell in columns if {*map(cell, rows)} - {UNKNOWN}]


def _grid(
    rows: Sequence[FunctionReport], columns: Sequence[_Column], width: int, tree: Path | None
) -> Iterator[RenderableType]:
    """The table with as many figures as leave room for every name and place in one piece."""
    names = [_named(function, tree) for function in rows]
    room = width - max(len(label(function)) for function in rows) - 1 - max(map(_width, names))
    figures = [(title, [cell(function) for function in rows]) for title, cell in columns]
    while figures and sum(1 + max(map(len, (title, *cells))) for title, cells in figures) > room:
        figures.pop()
    if room < 0:
        yield from (_stacked(function, name) for function, name in zip(rows, names, strict=True))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Function", no_wrap=True)
    for title, _ in figures:
        table.add_column(title, justify="right", no_wrap=True)
    for index, (function, name) in enumerate(zip(rows, names, strict=True)):
        table.add_row(_verdict(function), name, *(cells[index] for _, cells in figures))
    yield table


def _width(text: Text) -> int:
    return max(cell_len(line.plain) for line in text.split())


def _stacked(function: FunctionReport, name: Text) -> Text:
    """A function where there is no room for a table: whole lines, which the terminal may wrap."""
    told = Text(" ").join([_verdict(function), name])
    told.no_wrap = True
    return told


def _named(function: FunctionReport, tree: Path | None) -> Text:
    """A function's name over its place."""
    name = Text(plain(function.qualname, 60))
    return name.append("\n").append_text(_place(function, tree))


def _verdict(function: FunctionReport) -> Text:
    return Text(label(function), style=_STYLES.get(rank(function), ""))


def _place(function: FunctionReport, tree: Path | None) -> Text:
    """``path:line`` as it can be copied, with a link to the file on a terminal that shows links."""
    place = Text(f"{plain(function.path, 200)}:{function.line}", style="dim")
    if tree is not None and (address := _address(tree, function.path)):
        place.stylize(Style(link=address))
    return place


def _address(tree: Path, path: str) -> str | None:
    try:
        return (tree / path).as_uri()
    except ValueError:  # not absolute, or no name that could be encoded
        return None


def _details(function: FunctionReport) -> Iterator[RenderableType]:
    yield _verdict(function).append(f" {plain(function.qualname, 60)}", style="bold")
    for hazard in function.hazards[:HAZARDS]:
        yield from _hazard(hazard)
    if len(function.hazards) > HAZARDS:
        yield _indented(Text(f"{some(len(function.hazards) - HAZARDS, 'more hazard')} (--json)"))
    for text in (*reason(function), *remarks(function)):
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

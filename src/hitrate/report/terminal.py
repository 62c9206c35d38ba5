"""The report for a person at a terminal, from 80 columns up."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hitrate.report.answer import advised_size, answer, clause
from hitrate.report.change import diff
from hitrate.report.escape import pieces, plain
from hitrate.report.facts import gate, method, reason, unlisted
from hitrate.report.figures import percent, seconds
from hitrate.report.model import FunctionReport, HazardReport, Report, Verdict
from hitrate.report.ranking import NEWS, Rank, having, label, rank, ranked

ROWS = 30
DETAILS = 10

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
    first, *others = [_sentence(sentence) for sentence in answer(report)]
    first.stylize("bold")
    console.print(Text(" ").join([first, *others]))
    for sentence in gate(report):
        console.print(_sentence(sentence), style="red" if sentence.startswith("The gate fails") else "yellow")
    _print_parts(console, _table(report))
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


def _table(report: Report) -> Iterator[RenderableType]:
    rows = [function for function in ranked(report) if rank(report, function) is not Rank.INELIGIBLE][:ROWS]
    if rows:
        yield _grid(rows)
    for sentence in unlisted(report, rows):
        yield Text(sentence, style="dim")


def _others(report: Report) -> Iterator[RenderableType]:
    """Why nothing is to be done, a line a function."""
    others = [function for function in ranked(report) if rank(report, function) not in NEWS]
    for function in others[:DETAILS]:
        line = Text(f"{label(function)} {plain(function.qualname, 60)}: ")
        yield line.append_text(_sentence(clause(function.reason) + "."))
    if len(others) > DETAILS:
        yield Text(f"{len(others) - DETAILS} more are in the report (--html, --json).")


def _grid(rows: Sequence[FunctionReport]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Function", overflow="fold")
    for title in ("Hit rate", "In a test", "Saves", "maxsize"):
        table.add_column(title, justify="right", no_wrap=True)
    for function in rows:
        name = Text(plain(function.qualname, 60))
        name.append(f"\n{plain(function.path, 60)}:{function.line}", style="dim")
        table.add_row(
            Text(label(function), style=_STYLES.get(function.verdict, "")),
            name,
            percent(function.hit_rate),
            percent(function.hit_rate_within_test),
            seconds(function.saved_seconds),
            advised_size(function),
        )
    return table


def _details(function: FunctionReport) -> Iterator[RenderableType]:
    title = Text(label(function), style=_STYLES.get(function.verdict, ""))
    yield title.append(f" {plain(function.qualname, 60)}", style="bold")
    for sentence in (*reason(function), *function.remarks):
        yield _indented(_sentence(sentence))
    for hazard in function.hazards:
        yield from map(_indented, _hazard(hazard))
    change = diff(function)
    for line in change.split("\n") if change else ():
        yield _indented(Text(plain(line, 200), style=_DIFF_STYLES.get(line[:1], "")))


def _hazard(hazard: HazardReport) -> Iterator[Text]:
    yield Text(f"{hazard.kind.value}: ", style="red").append_text(_sentence(clause(hazard.detail) + "."))
    if hazard.test:
        yield Text(f"  seen in {plain(hazard.test, 200)}")
    if hazard.key:
        yield Text(f"  with the arguments {plain(hazard.key, 200)}")
    if hazard.remedy:
        yield Text("  to make it safe: ").append_text(_sentence(clause(hazard.remedy) + "."))


def _method(report: Report) -> Iterator[RenderableType]:
    for sentence in (*report.notes, *method(report)):
        text = _sentence(sentence)
        text.stylize("dim")
        yield text


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2))


def _sentence(sentence: str) -> Text:
    """A sentence with its code set apart; control characters are spelled out."""
    text = Text()
    for is_code, part in pieces(plain(sentence)):
        text.append(part, style="cyan" if is_code else None)
    return text

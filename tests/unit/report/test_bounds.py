"""What rendering costs is bounded by what is shown, whatever a report within the limits holds."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from hitrate.report import annotations, html, markdown
from hitrate.report.model import EditReport, FunctionReport, HazardReport, Report
from hitrate.report.terminal import render
from hitrate.vocabulary import HazardKind
from hitrate.wording import text
from tests.unit import reports

LONG = "`a` b|c @d " * 1_800


def many(number: int, make: Callable[..., FunctionReport] = reports.win, **facts: Any) -> Report:
    return reports.report([make(qualname=f"f{n}", line=n + 1, **facts) for n in range(number)])


def hazard(words: str = "so") -> HazardReport:
    return HazardReport(kind=HazardKind.STALE, test=words, key=words, detail=words, remedy=words)


EDITS = tuple(EditReport(line=n + 1, before="x", after=("y",) * 100) for n in range(200))
LARGE: dict[str, Report] = {
    "wins": many(2_000),
    "not worth it": many(300, reports.not_worth_it, reason=LONG, gist=LONG),
    "wrong": many(100, reports.wrong, reason=LONG, gist=LONG, hazards=(hazard(LONG),) * 10),
    "remarks": many(20, remarks=(LONG[:1_000],) * 200),
    "hazards": many(20, reports.wrong, hazards=(hazard(),) * 100),
    "edits": many(5, edits=EDITS),
    "failing": reports.report(
        [], suite=reports.suite(passed=False, failing_tests=tuple(f"{n}{LONG[:500]}" for n in range(5_000)))
    ),
    "broken": reports.report([reports.win()], trial=reports.trial(broken_tests=("x" * 500,) * 5_000)),
    "tests": many(20, tests=("x" * 500,) * 1_000),
}


def terminal(report: Report) -> str:
    stream = StringIO()
    render(report, Console(file=stream, width=100))
    return stream.getvalue()


@pytest.mark.parametrize("name", LARGE)
def test_a_terminal_shows_a_few_screens(name: str) -> None:
    assert terminal(LARGE[name]).count("\n") < 1_500


@pytest.mark.parametrize("name", LARGE)
def test_annotations_are_few_and_short(name: str) -> None:
    lines = annotations.commands(LARGE[name])
    assert sum(map(len, lines)) < 60_000


@pytest.mark.parametrize("name", LARGE)
def test_a_page_is_no_larger_than_a_browser_likes(name: str) -> None:
    assert len(html.page(LARGE[name])) < 8_000_000


@pytest.mark.parametrize("name", [name for name in LARGE if name != "failing"])
def test_a_comment_makes_no_details_that_have_no_room(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    details, line = markdown.details, markdown._line

    def detailed(report: Report, function: FunctionReport) -> list[str]:
        made.append(function.qualname)
        return list(details(report, function))

    def listed(report: Report, function: FunctionReport) -> str:
        made.append(function.qualname)
        return line(report, function)

    monkeypatch.setattr(markdown, "details", detailed)
    monkeypatch.setattr(markdown, "_line", listed)
    written = markdown.comment(LARGE[name])
    assert len(written.encode()) <= markdown.COMMENT_LIMIT
    assert len(made) <= max(200, 20 * 50)
    left = len(LARGE[name].functions) - written.count("</b>")
    if name in ("wins", "wrong"):
        assert f"*Details of {left:,} functions omitted, see the summary.*" in written


def test_what_is_not_shown_of_a_text_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    visible = text._visible
    monkeypatch.setattr(text, "_visible", lambda character: looked.append(character) or visible(character))
    assert len(text.plain("\x1b\x00" * 10_000, 100)) == 100
    assert len(text.shown("\x1b\x00" * 10_000, 100)) <= 100
    assert len(looked) < 1_500


def test_the_end_of_a_change_that_is_long_is_said_to_be_missing() -> None:
    assert "@@ … @@" in markdown.comment(LARGE["edits"])
    assert "@@ … @@" in html.page(LARGE["edits"])

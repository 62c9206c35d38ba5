import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from hitrate.report import terminal
from hitrate.report.model import Report
from hitrate.wording.figures import NBSP
from tests.unit import reports


def shown(report: Report, width: int = 80) -> str:
    file = io.StringIO()
    terminal.render(report, Console(width=width, file=file, force_terminal=False, no_color=True))
    return file.getvalue().replace(NBSP, " ")


@pytest.mark.parametrize("name", reports.STATES)
def test_every_state_fits_80_columns(name: str) -> None:
    lines = shown(reports.STATES[name]()).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) < 250


def test_figures_stand_in_one_line_a_function() -> None:
    rows = {tuple(line.split()) for line in shown(reports.one_win()).splitlines()}
    assert ("cache", "parse_rate", "96", "%", "9.7", "s", "(23", "%)", "512") in rows


def test_the_change_and_the_reasons_are_told() -> None:
    text = shown(reports.mixed())
    assert "  +from functools import lru_cache" in text
    assert "    seen in tests/test_cart.py::test_discount_twice" in text
    assert "not worth it slug: its hit rate is below 20 %." in text
    assert "ineligible Client.fetch: a coroutine function" in text


def test_a_large_report_says_what_it_leaves_out() -> None:
    text = shown(reports.many(500))
    assert "Not in the table: 20 to resize," in text
    assert "Details of 90 more are in the report" in text


def test_a_narrow_terminal_keeps_the_names() -> None:
    text = shown(reports.mixed(), 40)
    assert max(map(len, text.splitlines())) <= 40
    assert any(line.split() == ["unsafe", "Cart.lines"] for line in text.splitlines())


def test_a_column_in_which_nothing_is_known_is_left_out() -> None:
    assert "Saves" in shown(reports.one_win())
    assert "Saves" not in shown(reports.quick())


def test_of_one_function_the_reason_is_told_once() -> None:
    assert shown(reports.report([reports.not_worth_it()])).count("its hit rate is below 20 %") == 1


def test_where_nothing_was_measured_no_function_is_listed() -> None:
    text = shown(reports.broken_suite())
    assert "2 tests already fail" in text
    assert "Order.weight" not in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize(
    "path", ["a.py", "src/shop/rates.py", "src/" + "package/" * 8 + "module.py", "é/名前.py"]
)
def test_a_place_is_never_broken(path: str, width: int) -> None:
    function = reports.win(path=path, line=1234)
    assert shown(reports.report([function, reports.doubted()]), width).count(f"{path}:1234") == 1


def test_a_terminal_gets_links_and_a_file_gets_none(tmp_path: Path) -> None:
    report = reports.report([reports.win(path="a b.py")])
    for terminal_, wanted in ((True, True), (False, False)):
        file = io.StringIO()
        terminal.render(report, Console(file=file, width=80, force_terminal=terminal_), tmp_path)
        assert (f"{tmp_path.as_uri()}/a%20b.py" in file.getvalue()) is wanted
    assert "file:" not in shown(report)


@pytest.mark.parametrize("path", ["\x1b]8;;evil\x07.py", "a\nb.py", "\x9c.py"])
def test_no_name_of_a_file_ends_its_link(path: str, tmp_path: Path) -> None:
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=True)
    terminal.render(reports.report([reports.win(path=path)]), console, tmp_path)
    addresses = re.findall("\x1b]8;[^;]*;([^\x1b]*)\x1b\\\\", file.getvalue())
    assert {address for address in addresses if address} == {(tmp_path / path).as_uri()}


def test_the_gate_is_named_when_it_passes_too() -> None:
    assert "The gate passes: unsafe." in shown(reports.one_win())
    assert "The gate passes" not in shown(reports.mixed())
    assert "The gate passes" not in shown(reports.slower())
    nothing = reports.GateReport(verdict=reports.GateVerdict.PASS)
    assert "gate" not in shown(reports.report([], gate=nothing))

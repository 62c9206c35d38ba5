import io

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
    assert ("cache", "parse_rate", "96", "%", "83", "%", "9.7", "s", "(23", "%)", "512") in rows


def test_the_change_and_the_reasons_are_told() -> None:
    text = shown(reports.mixed())
    assert "  +from functools import lru_cache" in text
    assert "    seen in tests/test_cart.py::test_discount_twice" in text
    assert "not worth it slug: its hit rate is below 20 %." in text
    assert "ineligible Client.fetch: a coroutine function" in text


def test_a_large_report_says_what_it_leaves_out() -> None:
    text = shown(reports.many(500))
    assert "Not in the table: 20 unsafe," in text
    assert "Details of 140 more are in the report" in text


def test_a_narrow_terminal_keeps_the_names() -> None:
    text = shown(reports.mixed(), 40)
    assert max(map(len, text.splitlines())) <= 40
    assert any(line.split() == ["unsafe", "Cart.lines"] for line in text.splitlines())


def test_a_column_in_which_nothing_is_known_is_left_out() -> None:
    assert "In a test" in shown(reports.one_win())
    assert "In a test" not in shown(reports.quick())


def test_of_one_function_the_reason_is_told_once() -> None:
    assert shown(reports.report([reports.not_worth_it()])).count("its hit rate is below 20 %") == 1


def test_where_nothing_was_measured_no_function_is_listed() -> None:
    text = shown(reports.broken_suite())
    assert "2 tests already fail" in text
    assert "Order.weight" not in text

import base64
import hashlib
import re
from itertools import pairwise

import pytest

from hitrate.report import html
from hitrate.report.chart import chart
from hitrate.vocabulary import Verdict
from hitrate.wording.figures import NBSP
from tests.unit import hostile, reports


@pytest.mark.parametrize("name", reports.STATES)
def test_every_state_is_one_page_that_needs_nothing_else(name: str) -> None:
    text = html.page(reports.STATES[name]())
    page = hostile.skeleton(text)
    opened = [part[1:].split()[0] for part in page.parts if not part.startswith("</")]
    closed = [part[2:-1] for part in page.parts if part.startswith("</")]
    assert sorted(
        tag for tag in opened if tag not in ("meta", "input", "line", "circle", "polygon", "polyline")
    ) == sorted(tag for tag in closed if tag not in ("line", "circle", "polygon", "polyline"))
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert not re.search(r"<(script\b(?!>)|link|img|iframe|object)\b|\bsrc=|url\(|@import", text)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'\"" in text
    assert all(link and link.startswith("https://github.com/") for link in page.links)
    assert "None" not in "".join(page.texts).replace("None of the", "")


def test_the_answer_is_the_heading() -> None:
    assert "<h1>The cache on <code>Cart.lines</code> is wrong: what it returns" in html.page(reports.mixed())


def test_figures_and_change() -> None:
    text = html.page(reports.one_win()).replace(NBSP, " ")
    assert '<td class="figure" data-title="Hit rate">96 %</td>' in text
    assert '<td class="figure" data-title="Saves">9.7 s (23 %)</td>' in text
    assert '<td class="figure unknown" data-title="maxsize">–</td>' in text
    assert '<span class="why">its hit rate is below 20 %</span>' in text
    assert '<span class="added">+@lru_cache(maxsize=512)</span>' in text
    assert "<dd>1.38×</dd>" in text


def test_a_curve_has_words_for_those_who_do_not_see_it() -> None:
    drawing = chart(reports.win())
    assert drawing is not None
    assert drawing.description.replace(NBSP, " ").startswith("Hit rate by cache size: 3 % at 1, ")
    assert f'<svg role="img" aria-label="{drawing.description}"' in html.page(reports.one_win())


def test_a_curve_stays_inside_its_drawing() -> None:
    for function in (reports.win(), reports.second_win(), reports.existing(Verdict.RESIZE)):
        drawing = chart(function)
        assert drawing is not None
        for pair in drawing.area.split():
            x, y = map(float, pair.split(","))
            assert drawing.left <= x <= drawing.right
            assert 0 <= y <= drawing.floor
        assert [mark.text.split()[0] for mark in drawing.marks][-1:] == ["recommended"]


@pytest.mark.parametrize(
    "curve", [(), ((1, 0.5, 0.1), (2, 0.6, 0.2)), ((0, 0.9, 1), (1, 0.9, 1), (2, 0.9, 1))]
)
def test_a_curve_that_says_nothing_is_not_drawn(curve: tuple[tuple[int, float, float], ...]) -> None:
    assert chart(reports.win(curve=curve)) is None
    assert "<svg" not in html.page(reports.report([reports.win(curve=curve)]))


def test_a_size_of_zero_is_drawn() -> None:
    assert chart(reports.win(curve=((0, 0.0, 0), (1, 0.2, 1), (2, 0.9, 1)))) is not None


def test_sizes_are_written_far_enough_apart() -> None:
    dense = tuple((size, size / 3000, 0.1 * size) for size in range(1, 3001))
    drawing = chart(reports.win(curve=dense))
    assert drawing is not None
    places = [tick.at for tick in drawing.sizes]
    assert 5 <= len(places) <= 9
    assert all(right - left >= 40 for left, right in pairwise(places))


def test_a_column_in_which_nothing_is_known_is_left_out() -> None:
    assert ">In the same test</th>" in html.page(reports.one_win())
    assert ">In the same test</th>" not in html.page(reports.quick())


def test_where_nothing_was_measured_no_function_is_listed() -> None:
    assert "Order.weight" not in html.page(reports.broken_suite())


def test_functions_are_shown_by_verdict() -> None:
    text = html.page(reports.mixed())
    shown = re.findall(r'id="show-([a-z-]+)"> ([a-z ]+) (\d+)</label>', text)
    assert [(name.replace("-", " "), int(number)) for name, _, number in shown] == [
        ("unsafe", 2), ("drop", 1), ("resize", 1), ("cache", 2), ("inconclusive", 1),
        ("keep", 1), ("not worth it", 1), ("ineligible", 1),
    ]  # fmt: skip
    for verdict in Verdict:
        rule = f'main:has(#show-{verdict}:checked) [data-verdict]:not([data-verdict="{verdict}"])'
        assert rule in text
    assert text.count("<tr data-verdict=") == 10
    assert "<fieldset" not in html.page(reports.report([reports.win()]))


def test_what_is_to_be_run_or_written_can_be_copied() -> None:
    text = html.page(reports.report([reports.wrong(), reports.win(), reports.existing(Verdict.DROP)]))
    assert text.count("<button") == 2
    assert re.search(r"hitrate run --function [^<]+</span></pre><button[^>]*>Copy the command<", text)
    assert '</pre><button type="button" hidden>Copy the new lines</button>' in text

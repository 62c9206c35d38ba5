"""The change to make, as a diff."""

import pytest

from hitrate.report.content.diff import diff
from hitrate.report.model import EditReport, FunctionReport
from hitrate.vocabulary import Verdict
from tests.unit import reports


def test_each_edit_is_a_hunk_headed_by_its_line() -> None:
    assert diff(reports.win()) == (
        "@@ line 3 @@\n import re\n+from functools import lru_cache\n"
        "@@ line 41 @@\n+@lru_cache(maxsize=512)\n def parse_rate(text: str, currency: str) -> Rate:"
    )


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        ((), ["-@cache"]),
        (("@lru_cache(8)",), ["-@cache", "+@lru_cache(8)"]),
        (("@cache", "@cache"), [" @cache", "+@cache"]),
        (("import re", "@cache"), ["+import re", " @cache"]),
    ],
)
def test_a_line_that_stays_is_context_once(after: tuple[str, ...], lines: list[str]) -> None:
    function = reports.win(edits=(EditReport(line=7, before="@cache", after=after),))
    assert diff(function) == "\n".join(["@@ line 7 @@", *lines])


@pytest.mark.parametrize("decorator", ["@lru_cache(maxsize=8)", "@memo(maxsize=8)", "@functools.lru_cache"])
def test_where_the_lines_are_not_known_the_import_is_the_one_that_came_with_the_advice(
    decorator: str,
) -> None:
    function = reports.second_win(suggestion=decorator)
    sketch = f"@@ line 88 @@\n+{decorator}\n def best_fit(…):"
    assert diff(function) == f"+from functools import lru_cache\n{sketch}"
    assert diff(function.model_copy(update={"suggested_import": None})) == sketch


@pytest.mark.parametrize(
    "function", [reports.tempting(), reports.not_worth_it(), reports.existing(Verdict.KEEP)]
)
def test_without_advice_there_is_no_diff(function: FunctionReport) -> None:
    assert diff(function) is None

import re
import shlex

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitrate.report import details, html, markdown
from hitrate.report.content import links
from hitrate.report.model import Report
from hitrate.vocabulary import Effort, Verdict
from hitrate.wording.figures import NBSP
from tests.unit import reports

LIMITS = (6_000, 20_000, 65_536)


def rendered(text: str) -> str:
    return cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)


def rows(text: str) -> list[list[str]]:
    """Cells of the first table's body."""
    body = re.search(r"<tbody>(.*?)</tbody>", rendered(text), re.DOTALL)
    if body is None:
        return []
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body[1].split("</tr>")[:-1]]


@pytest.mark.parametrize("name", reports.STATES)
def test_every_state_has_a_comment_and_a_summary_within_the_limits(name: str) -> None:
    report = reports.STATES[name]()
    for text in (markdown.comment(report), markdown.summary(report), markdown.resolved(report)):
        assert text.endswith("</details>\n")
        assert text.count("<details>") == text.count("</details>")
    assert len(markdown.comment(report).encode()) <= 65_536
    assert len(markdown.summary(report).encode()) <= 1_048_576


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=20)
@given(
    number=st.integers(0, 120), limit=st.integers(6_000, 65_536), marker=st.sampled_from(["", "<!-- m -->"])
)
def test_the_limit_is_kept_and_what_is_left_out_is_counted(number: int, limit: int, marker: str) -> None:
    report = reports.many(number)
    text = markdown.comment(report, limit=limit, marker=marker)
    assert len(text.encode()) <= limit
    assert text.startswith(marker)
    detailed = len(re.findall(r"<details><summary>\S <b>", text))
    listed = sum(int(end) - int(start) + 1 for start, end in re.findall(r"\((\d+)–(\d+) of \d+\)", text))
    listed += sum(int(count) for count in re.findall(r"<summary>[A-Z][a-z ]+ \((\d+)\)</summary>", text))
    omitted = sum(int(count) for count in re.findall(r"Details of (\d+) functions? omitted", text))
    assert detailed + listed + omitted == number


def test_the_heading_names_hitrate_and_the_state_below_the_hidden_marker() -> None:
    heading, _, answer = markdown.comment(reports.one_win()).splitlines()[:3]
    assert heading == "### Hitrate: a function is worth caching"
    assert answer.startswith("**1 of 2 changed functions is worth")
    marker, first = markdown.comment(reports.one_win(), marker="<!-- hitrate -->").splitlines()[:2]
    assert (marker, first) == ("<!-- hitrate -->", heading)


def test_one_table_with_worst_news_first_and_at_most_a_screen() -> None:
    text = markdown.comment(reports.mixed())
    verdicts = [re.sub("<[^>]+>", "", row[0]).replace(NBSP, " ") for row in rows(text)]
    assert verdicts == ["✗ unsafe", "− drop", "↕ resize", "+ cache", "+ cache"]
    large = markdown.comment(reports.many(150))
    assert len(rows(large)) == markdown.SCREEN
    told = "15 undecided, 15 that must not be cached, 60 not worth a cache, 30 that cannot carry one"
    assert f"Not in the table: 3 to resize, 15 worth caching, {told}." in large
    assert len(rows(markdown.summary(reports.many(50)))) == 40


@pytest.mark.parametrize("report", [reports.nothing(), reports.report([reports.tempting()])])
def test_what_asks_nothing_of_the_reader_is_counted_and_folded(report: Report) -> None:
    text = markdown.comment(report)
    assert rows(text) == []
    assert "\n\nLooked at: " in text
    assert "### Hitrate: nothing to do\n" in text


def test_what_must_not_be_cached_stands_in_the_details_only() -> None:
    above, below = markdown.comment(reports.report([reports.tempting(), reports.win()])).split("<details>", 1)
    assert "load_config" not in above
    assert "`load_config`, " in below


def test_figures_in_the_table() -> None:
    verdict = f'+ <a href="{links.DOCS}/verdicts.md#cache"><strong>cache</strong></a>'
    line = f"https://github.com/octo-org/shop/blob/{reports.HEAD}/src/shop/rates.py#L41"
    assert rows(markdown.comment(reports.one_win()).replace(NBSP, " "))[:1] == [
        [
            verdict,
            f'<a href="{line}"><code>parse_rate</code></a><br><sub>src/shop/rates.py:41</sub>',
            "96 %", "9.7 s (23 %)", "512",
        ],
    ]  # fmt: skip


def test_a_hazard_is_told_in_a_few_words_and_its_evidence_in_the_details() -> None:
    text = markdown.comment(reports.report([reports.wrong()]))
    above, below = text.split("<details>", 1)
    [[_, function, *_]] = rows(text)
    assert function.endswith("<br>what it returns is changed afterwards")
    assert "Line(id=9)" not in above
    assert "`[2]: nothing`, then `Line(id=9)`" in below


def test_the_run_and_the_page_that_explains_are_linked() -> None:
    (method,) = re.findall(r"<summary>How this.*</summary>", markdown.comment(reports.one_win()))
    assert re.findall(r'href="([^"]*)"', method) == [
        "https://github.com/octo-org/shop/actions/runs/31",
        f"{links.DOCS}/verdicts.md",
    ]


def test_a_cache_in_doubt_is_told_with_its_doubt() -> None:
    text = markdown.comment(reports.report([reports.doubted()]))
    assert "**The cache on `rate_of_today` may be wrong: it reads the clock.**" in text
    assert len(rows(text)) == 1


@pytest.mark.parametrize("number", range(4))
def test_no_function_has_more_than_six_lines(number: int) -> None:
    hazards = reports.tempting().hazards * number
    remarks = tuple(f"Remark {index} of many." for index in range(9))
    text = details_of(reports.report([reports.wrong(hazards=hazards, remarks=remarks)]), "Cart.lines")
    fences = re.sub(r"```.*?```", "", text.partition("</summary>")[2], flags=re.DOTALL)
    prose = [line for line in fences.splitlines() if line.strip() and not line.startswith("|")]
    assert 5 <= len(prose) <= details.LINES
    assert ("more hazards in the report" in text) == (number > 1)


def test_long_words_of_an_older_report_end_at_a_word_in_the_table() -> None:
    aside = "; ".join(
        ["it read a value (" + "shop " * 30 + ")", "since that is not an argument, it is stale"]
    )
    told = [reports.wrong(reason=aside, gist=None), reports.wrong(reason="word " * 90, gist=None)]
    [[_, first, *_], [_, second, *_]] = rows(markdown.comment(reports.report(told)))
    assert first.endswith("<br>it read a value")
    assert re.search(r"(?:word ){15,}…$", second)


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    unknown = reports.win(
        calls=None, hits=None, misses=None, hit_rate=None, hit_rate_within_test=None, saved_seconds=None,
        distinct_keys=None, memory_bytes=None, mean_call_seconds=None, speedup=None, together=None, curve=(),
        recommended_maxsize=None, suggestion=None, suggested=None, edits=(), maxsize=None, reason="not known",
    )  # fmt: skip
    known = reports.second_win(qualname="g")
    text = markdown.comment(reports.report([unknown, known]))
    assert [row[2:] for row in rows(text)][1] == ["–", "–", "–"]
    told = text[text.index("<b>cache</b> <code>parse_rate") :].split("</details>")[0]
    assert not re.search(r"\b0\b|None|nan", told)
    columns = re.search(
        r"<thead>.*?</thead>", rendered(markdown.comment(reports.report([unknown]))), re.DOTALL
    )
    assert columns is not None
    assert re.findall(r">([^<>\n]+)</th>", columns[0]) == ["Verdict", "Function"]


def details_of(report: Report, name: str) -> str:
    text = markdown.comment(report)
    return text[text.index(f"</b> <code>{name}</code></summary>") :].split("</details>")[0].replace(NBSP, " ")


def test_details_tell_the_change_to_make() -> None:
    text = details_of(reports.one_win(), "parse_rate")
    assert (
        "```diff\n@@ line 3 @@\n import re\n+from functools import lru_cache\n"
        "@@ line 41 @@\n+@lru_cache(maxsize=512)\n def parse_rate(text: str, currency: str) -> Rate:\n```"
    ) in text
    sketched = details_of(reports.report([reports.second_win()]), "Packer.best_fit")
    assert (
        "```diff\n+from functools import lru_cache\n"
        "@@ line 88 @@\n+@lru_cache(maxsize=1024)\n def best_fit(…):\n```"
    ) in sketched
    assert "```diff\n@@ line 70 @@\n-@lru_cache\n```" in details_of(
        reports.report([reports.existing(Verdict.DROP)]), "request_id"
    )


def test_details_tell_evidence_and_curve() -> None:
    text = details_of(reports.one_win(), "parse_rate")
    assert "96 % of its calls repeat an earlier one; a cache saves 23 % of CPU time." in text
    titles = (
        "Calls | Different arguments | Hit rate | Repeated in the same test | A call takes | With the cache"
    )
    assert f"| {titles} |" in text
    assert "| 9,120 | 320 | 96 % | 83 % | 1.1 ms | 39 µs |" in text
    assert 'title "Hit rate by cache size (advised: 512)"' in text
    assert 'x-axis "maxsize" ["1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "1,024"]' in text
    assert "line [3.0, 4.6, 7.0, 10.5, 16.0, 24.2, 36.7, 55.7, 84.4, 96.5, 96.5]" in text


def test_a_remark_that_the_reason_says_already_is_not_told_again() -> None:
    twice = "it reads random numbers in f, a.py:3, which a cached result would not follow"
    doubted = reports.doubted(
        reason=f"its cache may be wrong: {twice}", remarks=(twice, "it reads the clock in g, a.py:9")
    )
    page = html.page(reports.report([doubted]))
    text = details_of(reports.report([doubted]), doubted.qualname)
    for told in (text, page):
        assert told.count("reads random numbers in f") == 1
        assert "reads the clock in g" in told


@pytest.mark.parametrize(
    ("command", "name", "told"),
    [
        ("pytest", "lines", "hitrate run --function a.py::lines --test-command pytest"),
        ("pytest " + "x" * 300, "lines", "hitrate run --function a.py::lines"),
        ("pytest " + "x" * 300, "l" * 300, "hitrate run"),
        ("pytest\x1b[0m", "lines", "hitrate run --function a.py::lines"),
    ],
)
def test_the_command_names_as_much_as_fits_a_line(command: str, name: str, told: str) -> None:
    report = reports.report([], suite=reports.suite(command=command))
    assert details.reproduction(report, reports.wrong(path="a.py", qualname=name)) == told


def test_hazards_tell_test_key_remedy_and_how_to_see_it() -> None:
    text = details_of(reports.report([reports.wrong()]), "Cart.lines")
    kind = f"[**aliased**]({links.DOCS}/verdicts.md#aliased)"
    assert f"{kind}: a result was changed after it was returned (`[2]: nothing`, then" in text
    assert "Seen in `tests/test_cart.py::test_discount_twice` with the arguments `(Cart(id=7),)`." in text
    assert "To make it safe: return a copy, or something immutable such as a tuple." in text
    command = "hitrate run --function src/shop/cart.py::Cart.lines --test-command 'python -m pytest -q'"
    assert f"```sh\n{command}\n```" in text
    assert "mermaid" not in text


@pytest.mark.parametrize("name", ["a'; rm -rf ~; '", "$(id)", "`id`", "a b", "--maxsize=1", "é", "a\\"])
def test_the_command_names_one_function_whatever_it_is_called(name: str) -> None:
    function = reports.wrong(path=name)
    command = details.reproduction(reports.report([function]), function)
    assert shlex.split(command)[:4] == ["hitrate", "run", "--function", function.id]


def test_the_command_runs_the_tests_where_and_as_they_were_run() -> None:
    measured = reports.suite(directory="services/shop", effort=Effort.THOROUGH)
    command = details.reproduction(reports.report([reports.wrong()], suite=measured), reports.wrong())
    assert shlex.split(command)[4:] == [
        "--test-command", "python -m pytest -q", "--working-directory", "services/shop",
        "--effort", "thorough",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a\nb", "\x1b[2J", "\u202e", "x" * 400])
def test_a_name_that_cannot_be_written_on_a_line_is_not_put_into_a_command(name: str) -> None:
    function = reports.wrong(path=name)
    assert details.reproduction(reports.report([function]), function) == "hitrate run"


def test_the_method_is_one_folded_line_with_the_notes() -> None:
    text = markdown.comment(reports.mixed())
    method = text[text.rindex("<details>") :].replace(NBSP, " ")
    assert method.startswith("<details><summary>How this was measured · 1 note · <a href=")
    for fact in (
        "Tests: `python -m pytest -q` (812 tests, 41 s CPU time).",
        "1 run without caches, 1 run that records calls and 8 pairs of runs without and with the caches; all",
        "; all of it took 2.1 times the CPU time of one run of the tests.",
        "Counts are the sum over 3 processes, all of which reported.",
        "The smallest saving that it could have seen is 2 %.",
        "This pull request changes `.github/hitrate.yml`; its values were used.",
    ):
        assert fact in method


def test_remarks_are_sentences() -> None:
    remarks = ("returns a dict, which every caller would share", "Most of it is waiting.")
    text = details_of(reports.report([reports.win(remarks=remarks)]), "parse_rate")
    assert "\n\nReturns a dict, which every caller would share.\n\nMost of it is waiting.\n" in text


def test_lost_processes_are_told() -> None:
    lost = reports.report([reports.win()], suite=reports.suite(processes={"expected": 3, "received": 1}))
    assert "Only 1 of 3 processes reported, so the counts are too low." in markdown.comment(lost)


def test_the_gate_says_which_rule_and_what_was_found() -> None:
    text = markdown.comment(reports.mixed()).replace(NBSP, " ")
    assert (
        "The gate fails: 1 cache proven to be wrong (`unsafe`); "
        "a cache hits 0.3 %, at least 20 % wanted (`wasteful`)."
    ) in text
    assert "The gate's rule `wasteful` could not be decided." in markdown.comment(reports.slower())
    assert "The gate" not in markdown.comment(reports.one_win())


@pytest.mark.parametrize(
    ("name", "heading", "first"),
    [
        ("broken-suite", "the tests already fail", "**Nothing was measured: 2 tests already fail"),
        ("slower", "tests fail with the caches", "**1 test fails only with the caches:"),
        ("cut-short", "not everything was measured", "**2 of 5 test processes delivered no figures.**"),
    ],
)  # fmt: skip
def test_a_stale_comment_does_not_say_resolved_where_that_is_not_known(
    name: str, heading: str, first: str
) -> None:
    text = markdown.resolved(reports.STATES[name]())
    assert text.startswith(f"### Hitrate: {heading}\n\n{first}")
    assert "What stood here before was about an earlier commit." in text


def test_a_stale_comment_says_that_it_is_resolved() -> None:
    text = markdown.resolved(reports.nothing(), marker="<!-- hitrate -->")
    assert text.splitlines()[1] == "### Hitrate: resolved"
    assert text.splitlines()[3] == "None of the 2 changed functions is worth caching."


def test_many_details_are_one_fold() -> None:
    few, large = markdown.comment(reports.mixed()), markdown.comment(reports.many(50))
    assert "<summary>Details of each function</summary>" not in few
    assert (
        large.count(
            "\n<details><summary>Details of each function</summary>\n\n<details><summary>↕ <b>resize</b>"
        )
        == 1
    )
    assert large.count("<details>") == large.count("</details>")


def test_where_nothing_was_measured_no_function_is_listed() -> None:
    assert "Order.weight" not in markdown.comment(reports.broken_suite())


@pytest.mark.parametrize("limit", [65_000, 300, 90])
def test_a_run_that_failed_is_told_within_the_room_there_is(limit: int) -> None:
    text = markdown.failed("install: " + "ä" * 10_000, "b" * 40, limit=limit)
    assert len(text.encode()) <= limit
    heading = "### Hitrate: not measured\n\n"
    assert text.startswith(f"{heading}**Commit bbbbbbbbbbbb could not be measured:** install"[:limit])

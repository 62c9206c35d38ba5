import re

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitrate.report import markdown
from hitrate.report.model import Report
from hitrate.vocabulary import Verdict
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
    detailed = len(re.findall(r"<details><summary><b>", text))
    listed = sum(int(end) - int(start) + 1 for start, end in re.findall(r"\((\d+)–(\d+) of \d+\)", text))
    listed += sum(int(count) for count in re.findall(r"(?:a cache) \((\d+)\)</summary>", text))
    omitted = sum(int(count) for count in re.findall(r"Details of (\d+) functions? omitted", text))
    assert detailed + listed + omitted == number


def test_the_first_line_is_the_answer_below_the_hidden_marker() -> None:
    assert (
        markdown.comment(reports.one_win()).splitlines()[0].startswith("**1 of 2 changed functions is worth")
    )
    first, second = markdown.comment(reports.one_win(), marker="<!-- hitrate -->").splitlines()[:2]
    assert first == "<!-- hitrate -->"
    assert second.startswith("**1 of 2 changed functions")


def test_one_table_with_worst_news_first_and_at_most_a_screen() -> None:
    text = markdown.comment(reports.mixed())
    verdicts = [re.sub("<[^>]+>", "", row[-1]).split(":")[0] for row in rows(text)]
    assert verdicts == [
        "unsafe", "unsafe", "drop", "resize", "cache", "cache", "inconclusive", "keep", "not worth it",
    ]  # fmt: skip
    large = markdown.comment(reports.many(50))
    assert len(rows(large)) == markdown.SCREEN
    assert rendered(large).count("<table>") == 1
    assert "Not in the table: 3 cache, 5 inconclusive, 20 not worth it, 10 ineligible." in large
    assert len(rows(markdown.summary(reports.many(50)))) == 40


def test_figures_in_the_table() -> None:
    assert rows(markdown.comment(reports.one_win()).replace(NBSP, " ")) == [
        [
            "<code>parse_rate</code><br><sub>src/shop/rates.py:41</sub>",
            "96 %", "83 %", "9.7 s (23 %)", "512",
            "<strong>cache</strong>",
        ],
        [
            "<code>slug</code><br><sub>src/shop/text.py:9</sub>",
            "5 %", "0 %", "≈ 0", "–",
            "not worth it: its hit rate is below 20 %",
        ],
    ]  # fmt: skip


def test_a_hazard_is_told_in_a_few_words_and_its_evidence_in_the_details() -> None:
    text = markdown.comment(reports.report([reports.tempting()]))
    above, below = text.split("<details>", 1)
    [[*_, verdict]] = rows(text)
    assert verdict == "<strong>unsafe</strong>: equal arguments gave different results; it reads files"
    assert "EUR" not in above
    assert "`['currency']: 'EUR'`, then `'SEK'`" in below


def test_long_words_of_an_older_report_end_at_a_word_in_the_table() -> None:
    aside = "; ".join(
        ["it read a value (" + "shop " * 30 + ")", "since that is not an argument, it is stale"]
    )
    told = [reports.tempting(reason=aside, gist=None), reports.tempting(reason="word " * 90, gist=None)]
    [[*_, first], [*_, second]] = rows(markdown.comment(reports.report(told)))
    assert first.endswith(": it read a value")
    assert re.search(r"(?:word ){15,}…$", second)


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    unknown = reports.win(
        calls=None, hits=None, misses=None, hit_rate=None, hit_rate_within_test=None, saved_seconds=None,
        distinct_keys=None, memory_bytes=None, mean_call_seconds=None, speedup=None, together=None, curve=(),
        recommended_maxsize=None, suggestion=None, edits=(), maxsize=None, reason="not known",
    )  # fmt: skip
    known = reports.second_win(qualname="g")
    text = markdown.comment(reports.report([unknown, known]))
    assert [row[1:4] for row in rows(text)][1] == ["–", "–", "–"]
    details = text[text.index("<b>cache</b> <code>parse_rate") :].split("</details>")[0]
    assert not re.search(r"\b0\b|None|nan", details)
    columns = re.search(
        r"<thead>.*?</thead>", rendered(markdown.comment(reports.report([unknown]))), re.DOTALL
    )
    assert columns is not None
    assert re.findall(r">([^<>\n]+)</th>", columns[0]) == ["Function", "Verdict"]


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
        "```diff\n+import functools\n"
        "@@ line 88 @@\n+@functools.lru_cache(maxsize=1024)\n def best_fit(…):\n```"
    ) in sketched
    assert "```diff\n@@ line 70 @@\n-@lru_cache\n```" in details_of(
        reports.report([reports.existing(Verdict.DROP)]), "request_id"
    )


def test_details_tell_evidence_and_curve() -> None:
    text = details_of(reports.one_win(), "parse_rate")
    for fact in (
        "9,120 calls with 320 different keys.",
        "8,800 hits and 320 misses at maxsize 512: hit rate 96 %.",
        "Within a single test it hits 83 %; the rest is repetition across tests.",
        "A call takes 1.1 ms on average, 39 µs with the cache (28× faster).",
        "A cache would save 9.7 s of 41 s CPU time (23 %).",
        "A full cache holds about 75 KiB.",
    ):
        assert f"- {fact}" in text
    assert 'title "Hit rate by cache size (advised: 512)"' in text
    assert 'x-axis "maxsize" ["1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "1,024"]' in text
    assert "line [3.0, 4.6, 7.0, 10.5, 16.0, 24.2, 36.7, 55.7, 84.4, 96.5, 96.5]" in text


def test_an_outer_cache_that_starves_an_inner_one_is_told() -> None:
    starved = reports.win(together=reports.together(10, 310, 0.01))
    text = details_of(reports.report([starved]), "parse_rate")
    assert "With the other recommended caches in place it hits 3 %, saving 10 ms of 41 s CPU time." in text


def test_hazards_tell_test_key_and_remedy() -> None:
    text = details_of(reports.report([reports.tempting()]), "load_config")
    assert "**aliased**: a result was changed after it was returned (`['currency']: 'EUR'`, then" in text
    assert (
        "Seen in `tests/test_config.py::test_defaults` with the arguments `(PosixPath('shop.toml'),)`."
        in text
    )
    assert "To make it safe: return a copy, or something immutable such as a tuple." in text
    assert "mermaid" not in text


def test_the_method_is_one_folded_line_with_the_notes() -> None:
    text = markdown.comment(reports.mixed())
    method = text[text.rindex("<details>") :].replace(NBSP, " ")
    assert method.startswith("<details><summary>How this was measured · 1 note</summary>")
    for fact in (
        "Tests: `python -m pytest -q` (812 tests, 41 s CPU time).",
        "1 run without caches, 1 observed run and 8 trial pairs; the whole analysis cost 2.1 plain runs",
        "Counts are the sum over 3 processes, all of which reported.",
        "The smallest saving that it could have seen is 2 %.",
        "This pull request changes `.github/hitrate.yml`; its values were used.",
    ):
        assert fact in method


def test_remarks_are_sentences() -> None:
    remarks = ("returns a dict, which every caller would share", "Most of it is waiting.")
    text = details_of(reports.report([reports.win(remarks=remarks)]), "parse_rate")
    assert "- Returns a dict, which every caller would share.\n- Most of it is waiting.\n" in text


def test_fewer_look_ups_than_calls_are_explained() -> None:
    text = details_of(reports.report([reports.win(calls=20_000)]), "parse_rate")
    assert "hit rate 96 %; calls made within a call that hits would not happen." in text


def test_lost_processes_are_told() -> None:
    lost = reports.report([reports.win()], suite=reports.suite(processes={"expected": 3, "received": 1}))
    assert "Only 1 of 3 processes reported, so the counts are too low." in markdown.comment(lost)


def test_the_gate_says_which_rule_its_limit_and_value() -> None:
    text = markdown.comment(reports.mixed()).replace(NBSP, " ")
    assert (
        "The gate fails: 1 cache with a proven hazard, limit 0 (`unsafe`); "
        "a cache hits 0.3 %, limit 20 % (`wasteful`)."
    ) in text
    assert "The gate's rule `wasteful` could not be decided." in markdown.comment(reports.slower())
    assert "gate" not in markdown.comment(reports.one_win())


def test_a_stale_comment_says_that_it_is_resolved() -> None:
    text = markdown.resolved(reports.nothing(), marker="<!-- hitrate -->")
    assert text.splitlines()[1] == "**Resolved.** None of the 2 changed functions is worth caching."


def test_many_details_are_one_fold() -> None:
    few, large = markdown.comment(reports.mixed()), markdown.comment(reports.many(50))
    assert "<summary>Details of each function</summary>" not in few
    assert (
        large.count(
            "\n<details><summary>Details of each function</summary>\n\n<details><summary><b>unsafe</b>"
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
    assert text.startswith("**Commit bbbbbbbbbbbb could not be measured:** install")

"""The words that acknowledge a finding: where they count, for which function, for which source of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.github.answers import Comment
from hitrate.github.wishes.acknowledgement import Words, decide, words_in
from hitrate.github.wishes.findings import ROOM, Seen, Shown, key, line, read_seen

F, G, SPACED = "src/a.py::f", "src/a.py::C.g", "src/a b.py::h"
SOURCES = {F: "abcdef123456", G: "123456abcdef", SPACED: None}


def comment(body: str, login: str = "octocat", kind: str = "User", when: int = 100) -> Comment:
    known: dict[str, Any] = {"id": 1, "body": body, "user": {"login": login, "type": kind}}
    return Comment.model_validate(known | {"created_at": datetime.fromtimestamp(when, UTC)})


@pytest.mark.parametrize(
    "body",
    [
        f"hitrate:ok {F}",
        f"Known, and accepted.\r\n\r\nhitrate:ok {F}\r\nThanks!",
        f"  hitrate:ok   {F}  ",
        f"hitrate:ok\t{F} it is cleared in every request",
        f"`hitrate:ok {F}`",
        f"```\ncode\n```\nhitrate:ok {F}",
        f"~~~\n```\n~~~\nhitrate:ok {F}",
        f"hitrate:ok {F}@abcdef123456",
        f"hitrate:ok {F}@abcdef",
    ],
)
def test_words_that_count(body: str) -> None:
    (words,) = words_in(comment(body))
    decision = decide([words], SOURCES, {})
    assert {name: (one.by, one.when) for name, one in decision.accepted.items()} == {F: ("octocat", 100.0)}
    assert not decision.unknown
    assert not decision.changed


@pytest.mark.parametrize(
    "body",
    [
        f"> hitrate:ok {F}",
        f"```\nhitrate:ok {F}\n```",
        f"```text\nhitrate:ok {F}",
        f"~~~\n```\nhitrate:ok {F}",
        f"    hitrate:ok {F}",
        f"> quoted\x85hitrate:ok {F}",
        f"> quoted\x0chitrate:ok {F}",
        f"> quoted\u2028hitrate:ok {F}",
        f"Should I write hitrate:ok {F}?",
        f"Should I write `hitrate:ok {F}`?",
        f"hitrate:okay {F}",
        f"hitrate: ok {F}",
        "hitrate:ok",
        f"<!-- hitrate id=hitrate schema=1 head=aaaa run=1.1 -->\nhitrate:ok {F}",
    ],
)
def test_words_that_do_not(body: str) -> None:
    assert list(words_in(comment(body))) == []


@pytest.mark.parametrize(
    ("login", "kind"), [("github-actions[bot]", "Bot"), ("helper[bot]", "User"), ("x", "Bot")]
)
def test_an_app_acknowledges_nothing(login: str, kind: str) -> None:
    assert list(words_in(comment(f"hitrate:ok {F}", login, kind))) == []


def test_an_account_that_is_gone_acknowledges_nothing() -> None:
    assert list(words_in(Comment.model_validate({"id": 1, "body": f"hitrate:ok {F}", "user": None}))) == []


@pytest.mark.parametrize(
    ("rest", "name"),
    [
        (G, G),
        (f"{SPACED} for now", SPACED),
        ("src/a.py::f.inner", None),
        ("src/a.py::ff", None),
        ("a.py::f", None),
        ("src/a.py", None),
        ("everything", None),
    ],
)
def test_which_function_is_meant(rest: str, name: str | None) -> None:
    decision = decide([Words(rest, "octocat", 100)], SOURCES, {})
    assert list(decision.accepted) == ([name] if name else [])
    assert decision.unknown == (() if name else ((rest.split(maxsplit=1)[0], "octocat"),))


@pytest.mark.parametrize(
    ("rest", "seen", "holds"),
    [
        (F, None, True),
        (F, Seen("abcdef123456", 100), True),
        (F, Seen("abcdef123456", 101), False),
        (F, Seen("fedcba654321", 50), False),
        (f"{F}@abcdef123456", Seen("abcdef123456", 999), True),
        (f"{F}@abcdef123456", Seen("fedcba654321", 50), True),
        (f"{F}@fedcba654321", None, False),
        (f"{F}@fedcba654321", Seen("fedcba654321", 50), False),
    ],
)
def test_it_counts_for_the_source_that_was_meant(rest: str, seen: Seen | None, holds: bool) -> None:
    decision = decide([Words(rest, "octocat", 100)], SOURCES, {key(F): seen} if seen else {})
    assert (F in decision.accepted, dict(decision.changed)) == (holds, {} if holds else {F: "octocat"})


def test_a_later_word_counts_where_an_earlier_one_does_no_more() -> None:
    seen = {key(F): Seen("abcdef123456", 150)}
    decision = decide([Words(F, "octocat", 100), Words(F, "hubot", 200)], SOURCES, seen)
    assert decision.accepted[F].by == "hubot"
    assert decision.changed == {}


class TestWhatWasSeen:
    def test_is_read_as_it_was_written(self) -> None:
        text = line("", Shown({F: "aa", G: "bb"}, {F: 10.7}, 11.0))
        assert read_seen(f"marker\n{text}### Hitrate") == {key(F): Seen("aa", 10)}

    def test_is_kept_by_a_run_that_shows_nothing(self) -> None:
        text = line("", Shown({F: "aa"}, {F: 10}, 10))
        assert line(f"m\n{text}", None) == text
        assert line(f"m\n{text}", Shown({}, {}, 20)) == text
        assert line(f"m\n{text}", Shown({F: "aa"}, {}, 20)) == text
        assert line("m\n", None) == ""

    def test_a_source_that_stays_keeps_its_time_and_one_that_changes_gets_a_new_one(self) -> None:
        text = line("", Shown({F: "aa", G: "bb"}, {F: 10, G: 10}, 10))
        again = line(text, Shown({F: "aa", G: "cc"}, {F: 20}, 20))
        assert read_seen(again) == {key(F): Seen("aa", 10), key(G): Seen("cc", 20)}

    def test_a_source_that_comes_back_was_not_meant_by_words_of_before(self) -> None:
        text = line("", Shown({F: "aa"}, {F: 10}, 10))
        text = line(text, Shown({F: "bb"}, {F: 20}, 20))
        text = line(text, Shown({F: "aa"}, {F: 30}, 30))
        assert not decide([Words(F, "octocat", 15)], {F: "aa"}, read_seen(text)).accepted

    @given(st.dictionaries(st.text(), st.text("0123456789abcdef", min_size=1, max_size=12), max_size=200))
    def test_the_line_is_bounded_and_one_line(self, sources: dict[str, str]) -> None:
        text = line("", Shown(sources, dict.fromkeys(sources, 1_700_000_000.0), 1_700_000_000.0))
        assert len(text) <= ROOM
        assert text.count("\n") == bool(sources)
        assert len(read_seen(text)) == min(len({key(name) for name in sources}), 120)

    @given(st.text())
    def test_any_text_can_be_read(self, body: str) -> None:
        assert len(read_seen(body)) <= 120


@pytest.mark.parametrize("version", ["@", "@9999", "@ABCDEF123456", "@main", "@abcdeg"])
def test_no_version_that_a_source_can_have_counts(version: str) -> None:
    (words,) = words_in(comment(f"hitrate:ok {F}{version}"))
    assert not decide([words], SOURCES, {}).accepted


def test_a_long_line_takes_no_longer_than_it_is() -> None:
    body = f"hitrate:ok {F}" + " " * 1_000_000 + "y"
    (words,) = words_in(comment(body))
    assert words.rest == body.removeprefix("hitrate:ok ")

"""The words that acknowledge a finding: where they count, for which function, for which source of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.github.answers import Comment
from hitrate.github.wishes.acknowledgement import Decision, Miss, Subject, Words, words_in
from hitrate.github.wishes.acknowledgement import decide as decide_subjects
from hitrate.github.wishes.findings import ROOM, Shown, ShownFunction, key, line, read_seen

F, G, SPACED = "src/a.py::f", "src/a.py::C.g", "src/a b.py::h"
SOURCES = {F: "abcdef123456", G: "123456abcdef", SPACED: "654321fedcba"}


def shown(
    name: str, digest: str | None = None, since: int = 50, found: str = "unsafe+stale"
) -> dict[str, ShownFunction]:
    return {key(name): ShownFunction(digest or SOURCES[name], since, found)}


SHOWN = {**shown(F), **shown(G), **shown(SPACED)}


def decide(
    words: list[Words], sources: dict[str, str], seen: dict[str, ShownFunction], found: str = "unsafe+stale"
) -> Decision:
    return decide_subjects(
        words, [Subject(name, name, source, found) for name, source in sources.items()], seen
    )


def missed(decision: Decision) -> dict[str, tuple[str, Miss]]:
    return {one.subject.identity: (one.by, one.why) for one in decision.missed}


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
        f"hitrate:ok {F}@abcdef123456:unsafe+stale",
        f"hitrate:ok {F}@abcdef123456:unsafe+leak+stale it is cleared by every request",
        f"hitrate:ok {F}@abcdef123456:unsafe",
    ],
)
def test_words_that_count(body: str) -> None:
    (words,) = words_in(comment(body))
    decision = decide([words], SOURCES, SHOWN)
    assert {name: (one.by, one.when) for name, one in decision.accepted.items()} == {F: ("octocat", 100.0)}
    assert not decision.unknown
    assert not decision.missed


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
    decision = decide([Words(rest, "octocat", 100)], SOURCES, SHOWN)
    assert list(decision.accepted) == ([name] if name else [])
    assert decision.unknown == (() if name else ((rest.split(maxsplit=1)[0], "octocat"),))


@pytest.mark.parametrize(
    ("rest", "seen", "why"),
    [
        (F, {}, Miss.UNSEEN),
        (F, shown(F, since=100), None),
        (F, shown(F, since=101), Miss.CHANGED),
        (F, shown(F, "fedcba654321"), Miss.CHANGED),
        (F, shown(F, found="unsafe+leak+stale"), None),
        (F, shown(F, found="unsafe+leak"), Miss.GRAVER),
        (F, shown(F, found="resize"), Miss.GRAVER),
        (F, shown(F, found="inconclusive"), Miss.GRAVER),
        (f"{F}@abcdef123456", {}, Miss.UNSEEN),
        (f"{F}@abcdef123456", shown(F, "fedcba654321"), Miss.UNSEEN),
        (f"{F}@abcdef123456", shown(G), Miss.UNSEEN),
        (f"{F}@abcdef123456", shown(F, since=100), None),
        (f"{F}@abcdef", shown(F), None),
        (f"{F}@abcdef", {}, Miss.UNSEEN),
        (f"{F}@abcdef123456 it is cleared by every request", {}, Miss.UNSEEN),
        (f"{F}@abcdef123456", shown(F, found="unsafe+stale"), None),
        (f"{F}@abcdef123456", shown(F, found="resize"), Miss.GRAVER),
        (f"{F}@abcdef123456", shown(F, since=999), Miss.UNSEEN),
        (f"{F}@abcdef123456:unsafe+stale", shown(F, since=999), None),
        (f"{F}@abcdef123456:resize", {}, Miss.GRAVER),
        (f"{F}@abcdef123456:unsafe+leak", {}, Miss.GRAVER),
        (f"{F}@abcdef123456:fine", {}, Miss.GRAVER),
        (f"{F}@fedcba654321", {}, Miss.CHANGED),
        (f"{F}@fedcba654321:unsafe", shown(F), Miss.CHANGED),
        (f"{F}@fedcba654321", shown(F, "fedcba654321"), Miss.CHANGED),
    ],
)
def test_it_counts_for_the_source_and_the_finding_that_were_meant(
    rest: str, seen: dict[str, ShownFunction], why: Miss | None
) -> None:
    decision = decide([Words(rest, "octocat", 100)], SOURCES, seen)
    assert (F in decision.accepted) is (why is None)
    assert missed(decision) == ({F: ("octocat", why)} if why else {})


@pytest.mark.parametrize("now", ["drop", "cache", "resize", "keep", "not-worth-it"])
@pytest.mark.parametrize("accepted", ["drop", "cache", "resize", "inconclusive", "unsafe+stale"])
def test_what_is_less_grave_or_of_the_same_kind_is_accepted_too(accepted: str, now: str) -> None:
    seen = shown(F, found=accepted)
    assert decide([Words(F, "octocat", 100)], SOURCES, seen, now).accepted
    assert decide([Words(f"{F}@abcdef123456:{accepted}", "octocat", 100)], SOURCES, {}, now).accepted


NAMESAKES = [Subject(f"{F}#{n}", F, f"{n}bcdef123456", "unsafe+stale") for n in (1, 2)]
FIRST, SECOND = (one.identity for one in NAMESAKES)


class TestNamesakes:
    def both(self, since: int = 50) -> dict[str, ShownFunction]:
        return {key(one.identity): ShownFunction(one.source or "", since, one.found) for one in NAMESAKES}

    def test_words_that_name_a_source_are_about_that_one_alone(self) -> None:
        decision = decide_subjects(
            [Words(f"{F}@2bcdef123456:unsafe", "octocat", 100)], NAMESAKES, self.both()
        )
        assert list(decision.accepted) == [SECOND]
        assert not decision.missed

    def test_words_that_name_none_are_about_the_one_that_was_shown(self) -> None:
        seen = self.both()
        del seen[key(SECOND)]
        decision = decide_subjects([Words(F, "octocat", 100)], NAMESAKES, seen)
        assert list(decision.accepted) == [FIRST]
        assert missed(decision) == {SECOND: ("octocat", Miss.UNSEEN)}

    def test_words_that_name_none_are_about_none_of_two(self) -> None:
        decision = decide_subjects([Words(F, "octocat", 100)], NAMESAKES, self.both())
        assert not decision.accepted
        assert missed(decision) == dict.fromkeys((FIRST, SECOND), ("octocat", Miss.AMBIGUOUS))

    def test_one_that_is_shown_later_takes_nothing_from_the_first(self) -> None:
        seen = self.both() | {key(SECOND): ShownFunction("2bcdef123456", 200, "unsafe+stale")}
        assert list(decide_subjects([Words(F, "octocat", 100)], NAMESAKES, seen).accepted) == [FIRST]


def test_a_later_word_counts_where_an_earlier_one_does_no_more() -> None:
    decision = decide([Words(F, "octocat", 100), Words(F, "hubot", 200)], SOURCES, shown(F, since=150))
    assert decision.accepted[F].by == "hubot"
    assert not decision.missed


AA = ShownFunction("aa", 10, "resize")


class TestWhatWasSeen:
    def test_is_read_as_it_was_written(self) -> None:
        text = line("", Shown({F: "aa", G: "bb"}, {F: AA}, 11.0))
        assert read_seen(f"marker\n{text}### Hitrate") == {key(F): AA}

    def test_is_kept_by_a_run_that_shows_nothing(self) -> None:
        text = line("", Shown({F: "aa"}, {F: AA}, 10))
        assert line(f"m\n{text}", None) == text
        assert line(f"m\n{text}", Shown({}, {}, 20)) == text
        assert line(f"m\n{text}", Shown({F: "aa"}, {}, 20)) == text
        assert line("m\n", None) == ""

    def test_a_source_that_stays_keeps_its_time_and_one_that_changes_is_not_seen_any_more(self) -> None:
        """What no comment has shown is acknowledged by no word, so nothing is to be kept of it."""
        text = line("", Shown({F: "aa", G: "bb"}, {F: AA, G: ShownFunction("bb", 10, "drop")}, 10))
        again = line(text, Shown({F: "aa", G: "cc"}, {F: ShownFunction("aa", 20, "drop")}, 20))
        assert read_seen(again) == {key(F): AA}
        shown_again = line(text, Shown({G: "cc"}, {G: ShownFunction("cc", 20, "drop")}, 20))
        assert read_seen(shown_again)[key(G)] == ShownFunction("cc", 20, "drop")

    def test_a_source_that_comes_back_was_not_meant_by_words_of_before(self) -> None:
        text = line("", Shown({F: "aa"}, {F: AA}, 10))
        text = line(text, Shown({F: "bb"}, {F: ShownFunction("bb", 20, "resize")}, 20))
        text = line(text, Shown({F: "aa"}, {F: ShownFunction("aa", 30, "resize")}, 30))
        assert not decide([Words(F, "octocat", 15)], {F: "aa"}, read_seen(text), "resize").accepted

    def test_what_is_graver_counts_as_seen_from_then_on(self) -> None:
        text = line("", Shown({F: "aa"}, {F: AA}, 10))
        text = line(text, Shown({F: "aa"}, {F: ShownFunction("aa", 20, "unsafe+stale")}, 20))
        assert read_seen(text) == {key(F): ShownFunction("aa", 20, "unsafe+stale")}
        text = line(text, Shown({F: "aa"}, {F: ShownFunction("aa", 30, "unsafe+leak")}, 30))
        assert read_seen(text) == {key(F): ShownFunction("aa", 30, "unsafe+leak+stale")}
        assert line(text, Shown({F: "aa"}, {F: ShownFunction("aa", 40, "resize")}, 40)) == text

    @pytest.mark.parametrize("found", ["fine", "unsafe+", "unsafe+worse", "", "unsafe stale"])
    def test_what_is_no_finding_is_not_read(self, found: str) -> None:
        assert read_seen(f"m\n<!-- seen {key(F)}=aa@10:{found} -->\n") == {}

    @given(st.dictionaries(st.text(), st.text("0123456789abcdef", min_size=1, max_size=12), max_size=200))
    def test_the_line_is_bounded_and_one_line(self, sources: dict[str, str]) -> None:
        longest = "unsafe+aliased+broken+leak+side-effect+stale+typed"
        findings = {name: ShownFunction(digest, 1_700_000_000, longest) for name, digest in sources.items()}
        text = line("", Shown(sources, findings, 1_700_000_000.0))
        assert len(text) <= ROOM
        assert text.count("\n") == bool(sources)
        assert len(read_seen(text)) == min(len({key(name) for name in sources}), 120)

    @given(st.text())
    def test_any_text_can_be_read(self, body: str) -> None:
        assert len(read_seen(body)) <= 120


@pytest.mark.parametrize("version", ["@", "@9999", "@ABCDEF123456", "@main", "@abcdeg"])
def test_no_version_that_a_source_can_have_counts(version: str) -> None:
    (words,) = words_in(comment(f"hitrate:ok {F}{version}"))
    assert not decide([words], SOURCES, SHOWN).accepted


def test_a_long_line_takes_no_longer_than_it_is() -> None:
    body = f"hitrate:ok {F}" + " " * 1_000_000 + "y"
    (words,) = words_in(comment(body))
    assert words.rest == body.removeprefix("hitrate:ok ")

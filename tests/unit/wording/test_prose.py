"""Sentences, clauses, and what is left of them where there is little room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.wording.prose import article, clause, clip, ended, lead, sentence


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("it reads files", "It reads files."),
        ("it reads files.", "It reads files."),
        ("does it?", "Does it?"),
        ("`f` reads files", "`f` reads files."),
        ("test_a.py::test_x fails", "test_a.py::test_x fails."),
        ("  however, it fails ", "However, it fails."),
        ("maxsize 128 is too small", "Maxsize 128 is too small."),
    ],
)
def test_a_text_becomes_a_sentence(text: str, whole: str) -> None:
    assert sentence(text) == whole


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The tests fail.", "the tests fail"),
        ("HTTP is off.", "HTTP is off"),
        ("Hitrate", "Hitrate"),
        ("A cache is wrong.", "a cache is wrong"),
        ("", ""),
    ],
)
def test_a_sentence_becomes_the_end_of_another_one(text: str, part: str) -> None:
    assert clause(text) == part


@given(st.text(max_size=100))
def test_a_sentence_ends_once(text: str) -> None:
    whole = sentence(text)
    assert whole.endswith((".", "!", "?"))
    assert sentence(whole) == whole


def test_the_lead_is_the_main_clause_where_all_of_it_is_too_long() -> None:
    text = "equal arguments gave different results (1, then 2); it reads files"
    assert lead(text, 100) == text
    assert lead(text, 50) == "equal arguments gave different results"
    assert lead(text, 20) == "equal arguments …"


@given(st.text("ab `,;(", max_size=60), st.integers(1, 40))
def test_what_is_ended_fits_and_cuts_no_code(text: str, limit: int) -> None:
    made = ended(text, limit)
    assert len(made) <= limit
    if len(text) <= limit:
        assert made == text
    elif made.endswith(" …"):
        kept = made.removesuffix(" …")
        assert text.startswith(kept)
        assert kept.count("`") % 2 == 0
        assert kept == kept.rstrip(" ,;:(")
    else:
        assert made == clip(text, limit)


@given(st.text(max_size=60), st.integers(1, 40))
def test_what_is_clipped_keeps_its_beginning_and_end(text: str, limit: int) -> None:
    made = clip(text, limit)
    assert len(made) == min(len(text), limit)
    if len(text) > limit:
        head, mark, tail = made.partition("…") if "…" not in text else (made, "…", "")
        assert mark == "…"
        assert text.startswith(head) or "…" in text
        assert text.endswith(tail)


@pytest.mark.parametrize(
    ("noun", "expected"), [("list", "a"), ("OrderedDict", "an"), ("array", "an"), ("", "a")]
)
def test_nouns_have_the_article_that_goes_before_them(noun: str, expected: str) -> None:
    assert article(noun) == expected

"""Untrusted text made plain: one line, nothing hidden, bounded."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.wording.text import pieces, plain, quoted, shown, unmarked, without_escapes

texts = st.text(max_size=200) | st.text("a`\x1b[\u202e\u0301\n\t\ud800é …", max_size=60)


@given(texts, st.integers(1, 120))
def test_plain_text_hides_nothing_and_is_as_short_as_asked(text: str, limit: int) -> None:
    made = plain(text, limit)
    assert len(made) <= limit
    assert not any(unicodedata.category(each) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} for each in made)
    assert plain(made, limit) == made


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80))
def test_plain_text_that_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("abc\u202edef", r"abc\u202edef"),
        ("\ud800", r"\ud800"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 3),
        ("e\u0301e\u0301", "e\u0301e\u0301"),
        ("a" * 50, "aaaaaa…aaa"),
    ],
)
def test_what_is_not_plain_is_spelled_out(text: str, made: str) -> None:
    assert plain(text, 10 if len(text) == 50 else 40) == made


@given(texts, st.integers(2, 120))
def test_a_sentence_is_shown_in_its_room(text: str, limit: int) -> None:
    assert len(shown(text, limit)) <= limit


def test_a_long_sentence_ends_at_a_word() -> None:
    assert shown("one two three four", 12) == "one two …"


@given(texts)
def test_pieces_of_a_sentence_are_all_of_it(text: str) -> None:
    parts = list(pieces(text))
    assert "".join(f"`{part}`" if code else part for code, part in parts) == text
    assert unmarked(text) == "".join(part for _, part in parts)
    assert all(part and not (code and "`" in part) for code, part in parts)


@given(texts)
def test_a_quoted_name_is_one_piece_of_code(name: str) -> None:
    ((code, inside),) = pieces(quoted(name))
    assert code
    assert inside == (plain(name, 80).replace("`", "ˋ") or " ")


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("\x1b[1;31mFAILED\x1b[0m x", "FAILED x"),
        ("\x1b]8;;http://a\x07link\x1b]8;;\x1b\\", "link"),
        ("10 %\r20 %\r30 %", "30 %"),
        ("done\r", "done"),
        ("a\x00b\x07", "ab"),
        ("a\tb", "a\tb"),
    ],
)
def test_a_terminals_line_is_what_it_shows_in_the_end(line: str, made: str) -> None:
    assert without_escapes(line) == made


@given(st.text(max_size=300))
def test_no_escape_survives(line: str) -> None:
    made = without_escapes(line)
    assert "\x1b" not in made
    assert "\r" not in made
    assert len(without_escapes("a" * 5000)) == 4000

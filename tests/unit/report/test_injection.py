"""Whatever a report says, it stays in its place: Markdown, HTML, workflow command, terminal."""

import functools
import io
import re
import unicodedata
from collections.abc import Callable

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from hitrate.report import annotations, escape, html, markdown, terminal
from hitrate.report.model import Report
from hitrate.wording import prose
from hitrate.wording import text as text_
from tests.unit import hostile, reports

HARMLESS = "harmless"
NASTY = st.text(
    st.one_of(st.sampled_from("`|\\<>&*_[]()!~#@$:-+=\"'{}%\n\r\t 0a1\u202e\x1b"), st.characters()),
    min_size=1,
)
PAYLOADS = pytest.mark.parametrize("text", hostile.PAYLOADS.values(), ids=hostile.PAYLOADS)
EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]


def as_github_shows(text: str) -> str:
    return cmarkgfm.markdown_to_html_with_extensions(text, Options.CMARK_OPT_UNSAFE, EXTENSIONS)


def bodies(report: Report) -> list[str]:
    """Everything as Markdown, nothing left out for want of room."""
    room = 10_000_000
    return [
        markdown.comment(report, limit=room),
        markdown.summary(report, limit=room),
        markdown.resolved(report, limit=room),
    ]


@functools.cache
def harmless_markdown(shape: Callable[[str], Report]) -> list[list[list[str]]]:
    """What each body may be made of: odd names of functions cannot be acknowledged."""
    report = shape(HARMLESS)
    unnamed = report.model_copy(
        update={"functions": tuple(one.model_copy(update={"source": None}) for one in report.functions)}
    )
    return [
        [hostile.skeleton(as_github_shows(body)).parts for body in either]
        for either in zip(bodies(report), bodies(unnamed), strict=True)
    ]


@functools.cache
def harmless_html(shape: Callable[[str], Report]) -> list[str]:
    return hostile.skeleton(html.page(shape(HARMLESS))).parts


ADDRESS = re.compile(
    r"https://github\.com/hitrate/hitrate/blob/main/docs/[a-z]+\.md(?:#[a-z-]+)?"
    rf"|https://github\.com/octo-org/shop/(?:actions/runs/\d+|blob/{reports.HEAD}/[\w.~%/-]+#L\d+)",
    re.ASCII,
)
"""Every link that a report may hold, whatever others call their files and functions."""


def check_markdown(text: str) -> None:
    for shape in hostile.SHAPES:
        report = shape(text)
        for body, parts in zip(bodies(report), harmless_markdown(shape), strict=True):
            page = hostile.skeleton(as_github_shows(body))
            assert page.parts in parts
            assert all(ADDRESS.fullmatch(link or "") for link in page.links)
            for words in page.mention_texts:
                assert not re.search(r"@[\w-]|#\d|GH-\d|://|www\.", words)
            assert "<!--" not in body.replace("<!-- -->", "")
            check_visible(body.replace("\n", ""))
        assert len(markdown.comment(report).encode()) <= markdown.COMMENT_LIMIT


def check_visible(text: str) -> None:
    hidden = {
        character
        for character in text
        if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"
    }
    assert not hidden


@PAYLOADS
def test_nothing_escapes_its_cell_in_markdown(text: str) -> None:
    check_markdown(text)


@settings(deadline=None, max_examples=40)
@given(NASTY)
def test_nothing_escapes_its_cell_in_markdown_whatever_it_is(text: str) -> None:
    check_markdown(text)


@PAYLOADS
def test_nothing_escapes_its_element_in_html(text: str) -> None:
    for shape in hostile.SHAPES:
        page = hostile.skeleton(html.page(shape(text)))
        assert page.parts == harmless_html(shape)
        check_visible("".join(page.texts).replace("\n", ""))


@settings(deadline=None, max_examples=30)
@given(NASTY)
def test_nothing_escapes_its_element_in_html_whatever_it_is(text: str) -> None:
    page = hostile.skeleton(html.page(hostile.report_of(text)))
    assert page.parts == harmless_html(hostile.report_of)


COMMAND = re.compile(r"::(?:error|warning|notice) (?:\w+=[^:,]*,)*\w+=[^:,]*::[^\r\n]*")


@settings(deadline=None, max_examples=60)
@given(NASTY)
def test_every_annotation_is_one_command(text: str) -> None:
    check_commands(text)


@PAYLOADS
def test_no_payload_makes_a_command_of_its_own(text: str) -> None:
    check_commands(text)


def check_commands(text: str) -> None:
    for shape in hostile.SHAPES:
        commands = annotations.commands(shape(text))
        assert len(commands) == len(annotations.commands(shape(HARMLESS)))
        for command in commands:
            assert COMMAND.fullmatch(command)
            assert len(command) < 20_000
            check_visible(command)
            command.encode()


@PAYLOADS
@pytest.mark.parametrize("width", [80, 200])
def test_a_terminal_gets_no_control_character(text: str, width: int) -> None:
    for shape in hostile.SHAPES:
        console = Console(width=width, file=io.StringIO(), force_terminal=False)
        terminal.render(shape(text), console)
        assert isinstance(console.file, io.StringIO)
        said = console.file.getvalue()
        check_visible(said.replace("\n", ""))
        said.encode()


@given(st.text())
def test_plain_text_is_one_visible_line(text: str) -> None:
    shown = text_.plain(text)
    check_visible(shown)
    assert len(shown) <= text_.SENTENCE_LIMIT
    shown.encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"])))
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert text_.plain(text, 10_000) == text


@given(st.text("ab `;(", max_size=200), st.integers(1, 60))
def test_a_sentence_ends_at_a_word_within_its_limit(text: str, limit: int) -> None:
    for shown in (prose.ended(text, limit), prose.lead(text, limit)):
        assert len(shown) <= limit


@given(st.text(), st.integers(1, 50))
def test_clip_keeps_its_limit_and_both_ends(text: str, limit: int) -> None:
    shown = prose.clip(text, limit)
    assert len(shown) <= limit
    assert shown == text or "…" in shown


@given(NASTY)
def test_code_shows_exactly_its_text(text: str) -> None:
    page = hostile.skeleton(as_github_shows(escape.markdown_code(text)))
    assert "".join(page.texts).removesuffix("\n") == text_.plain(text, text_.NAME_LIMIT)
    assert not page.mention_texts or not "".join(page.mention_texts).strip()


@given(st.text(st.sampled_from("ab `*_<&|\\[]()@#1$:!~-+.")))
def test_prose_shows_exactly_its_text(text: str) -> None:
    sentence = text.replace("`", "")
    page = hostile.skeleton(as_github_shows("x " + escape.markdown(sentence) + " x"))
    shown = "".join(page.texts).replace("\u200b", "").strip("\n")
    assert shown.split() == f"x {sentence} x".split()


@pytest.mark.parametrize(
    "text",
    [
        "equal arguments gave different results (['fuel']: 0.12, then 0.14); it reads files",
        "a_name, tests/test_a.py::test_b[1-2], x > 1, R&D, 3 of 4: 'a' (b) {c} \"d\" 5!?",
    ],
)
def test_ordinary_text_stays_readable_in_the_source(text: str) -> None:
    assert escape.markdown(text) == text


def test_code_that_needs_spelling_out_stays_as_readable_as_it_can() -> None:
    assert escape.markdown_code("tests/a_b.py::c[x|y]") == "<code>tests/a_b.py::c&#91;x&#124;y&#93;</code>"


@given(NASTY)
def test_a_mermaid_string_ends_where_it_should(text: str) -> None:
    assert re.fullmatch(r'"[^"\n`;#<>{}\[\]]*"', escape.mermaid(text))

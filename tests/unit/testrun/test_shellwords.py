"""Command lines split as the shell does, compared with the shell itself."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.testrun.shellwords import parse

ODD = st.text(alphabet=" ab'\"\\$*;|&(){}[]<>#~\n=-", max_size=12)


def shown_by_the_shell(text: str) -> list[str]:
    done = subprocess.run(["sh", "-c", f"printf '%s\\0' {text}"], capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


@pytest.mark.parametrize(
    "text",
    [
        "a 'b c' \"d e\" f\\ g",
        r'"a \"quoted\" \\ back\slash"',
        "'single \"double\" inside'\"and\"' more'",
        r"a\'b",
        "--opt='x y'z",
        r'"\d"',
        "''",
    ],
)
def test_words_are_what_the_program_gets(text):
    command = parse(f"program {text}")
    assert [word.value for word in command.words[1:]] == shown_by_the_shell(text)
    assert [word.text for word in command.words] == ["program", *(word.text for word in command.words[1:])]


@pytest.mark.parametrize("text", ["$X", '"$X"', "`x`", "a*", "a?", "[ab]", "{a,b}", "~/x", '"a`b`"', "$(x)"])
def test_what_the_shell_expands_has_no_value(text):
    command = parse(f"program {text}")
    assert command is None or command.words[1].value is None


@pytest.mark.parametrize(
    "line", ["a | b", "a > b", "a &", "a || b", "(a)", "a 'open", 'a "open', "", "  ", "a # why", "a <b"]
)
def test_what_is_not_one_plain_call_at_the_end_is_refused(line):
    assert parse(line) is None


def test_steps_and_assignments_before_the_last_call_are_kept_as_text():
    command = parse("cd 'my sub' && export B=2; A=1  C='x y' pytest -q tests")
    assert [word.value for word in command.steps[0]] == ["cd", "my sub"]
    assert command.before == "cd 'my sub' && export B=2; A=1  C='x y'"
    assert [word.value for word in command.words] == ["pytest", "-q", "tests"]


@given(st.lists(ODD, max_size=5))
def test_quoted_words_come_back_unchanged(words):
    line = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    command = parse(f"program {line}")
    assert [word.value for word in command.words[1:]] == words


@given(ODD)
def test_any_line_is_split_or_refused_and_its_words_are_pieces_of_it(line):
    command = parse(line)
    if command is not None:
        assert line.startswith(command.before)
        assert all(word.text in line[len(command.before) :] for word in command.words)

"""Untrusted lines in a log."""

import re

from hypothesis import given
from hypothesis import strategies as st

from hitrate.fence import fenced


def commands(lines: list[str]) -> list[str]:
    """Commands that actions/runner would find (ActionCommandManager), the fence's own left out."""
    found, stopped = [], None
    for line in lines:
        assert not re.search(r"[\r\n]", line)
        text = line.strip()
        if stopped is not None:
            stopped = None if text == f"::{stopped}::" else stopped
        elif text.startswith("::stop-commands::"):
            stopped = text.removeprefix("::stop-commands::")
        elif "::" in text or "##[" in text:
            found.append(text)
    assert stopped is None, "the runner must listen again"
    return found


@given(
    st.lists(
        st.sampled_from(
            ["::error::x", "::stop-commands::y", "::y::", "\r", "\n", "##[add-path]/", "\x85", " "]
        )
    )
)
def test_nothing_in_it_is_a_command(parts: list[str]) -> None:
    assert commands(fenced("".join(parts))) == []


def test_the_end_cannot_be_guessed() -> None:
    assert fenced("a")[0] != fenced("a")[0]


def test_what_is_shown() -> None:
    assert fenced("one\ntwo", "t0ken") == ["::stop-commands::t0ken", "one", "two", "::t0ken::"]

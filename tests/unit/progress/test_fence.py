"""Untrusted lines in a log."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from hitrate.commands.outputs import show
from hitrate.progress.fence import fenced
from tests.unit import hostile


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


def test_a_report_in_a_job_of_github_holds_no_command() -> None:
    report = hostile.report_of("::error::owned ##[error]owned")
    files = {}
    for environ in ({"GITHUB_ACTIONS": "true"}, {}):
        files[bool(environ)] = file = io.StringIO()
        show(report, Console(width=80, file=file), environ)
    lines = files[True].getvalue().splitlines()
    assert commands(lines) == []
    assert lines[1:-1] == files[False].getvalue().splitlines()
    assert commands(lines[1:-1]) != []


def test_the_end_cannot_be_guessed() -> None:
    assert fenced("a")[0] != fenced("a")[0]


def test_what_is_shown() -> None:
    assert fenced("one\ntwo", "t0ken") == ["::stop-commands::t0ken", "one", "two", "::t0ken::"]

"""Progress: what a terminal shows at 80 columns and what a CI log holds."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from hitrate.progress.joblog import GroupedLogProgress, LogProgress
from hitrate.progress.status import Pace, duration, one_line
from hitrate.progress.terminal import TerminalProgress, progress_for


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(progress: LogProgress | TerminalProgress, clock: Clock) -> None:
    with progress.phase("Trial of 3 caches"):
        progress.run("warm-up", 1, 3)
        progress.tests(40)
        clock.now += 60
        progress.run("without", 2, 3)
        progress.tests(12)
        clock.now += 20
        progress.say("a fact")
        clock.now += 40
        progress.tests(40)
        progress.run("with", 3, 3)
        clock.now += 5


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (59, "59 s"), (60, "1 min"), (125, "2 min 5 s"), (3600, "1 h"), (3785, "1 h 3 min")],
)
def test_durations_are_written_for_people(seconds, text):
    assert duration(seconds) == text


def test_the_rest_is_estimated_from_the_runs_of_the_phase(clock):
    pace = Pace(clock)
    pace.begin("Trial")
    pace.run("a", 1, 4)
    assert pace.seconds_left is None
    clock.now += 10
    pace.run("b", 2, 4)
    assert pace.seconds_left == 30
    clock.now += 4
    assert pace.seconds_left == 26
    clock.now += 20  # longer than usual: the others are still to come
    assert pace.seconds_left == 20
    pace.run("c", 3, None)
    assert pace.seconds_left is None


@given(
    st.text(max_size=120),
    st.text(max_size=120),
    st.integers(0, 1000),
    st.none() | st.integers(1, 1000),
    st.integers(0, 10**6),
    st.integers(0, 120),
)
def test_the_line_always_fits(title, label, number, of, tests, width):
    pace = Pace(lambda: 0.0)
    pace.begin(one_line(title))
    pace.run(one_line(label), number, of)
    pace.tests = tests
    assert len(pace.line(width)) <= width
    if number and width >= 80:
        assert f"run {number}" in pace.line(width)


def test_the_line_says_phase_run_tests_and_time(clock):
    pace = Pace(clock)
    pace.begin("Trial of 3 caches")
    pace.run("warm-up", 1, 33)
    clock.now += 2.5
    pace.run("with the caches", 2, 33)
    pace.tests = 95
    assert (
        pace.line(90) == "Trial of 3 caches: with the caches, run 2 of 33, 95 tests, at most 1 min 20 s left"
    )


@given(
    st.text() | st.sampled_from(["::set-output name=x::y", "a\n::error::b", "##[command]x", "\x1b[31mred"])
)
def test_one_line_is_one_harmless_line(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 for character in line)
    assert not line.lstrip().startswith("::")
    assert "##[" not in line


def test_a_github_log_is_grouped_and_free_of_control_characters(clock):
    stream = io.StringIO()
    work(GroupedLogProgress(stream, clock), clock)
    assert stream.getvalue().splitlines() == [
        "::group::Trial of 3 caches",
        "  run 1 of 3: warm-up",
        "  run 2 of 3: without, at most 2 min left",
        "a fact",
        "    40 tests so far",
        "  run 3 of 3: with, at most 1 min left",
        "Trial of 3 caches: done in 2 min 5 s",
        "::endgroup::",
    ]


def test_groups_are_closed_when_the_work_fails_and_never_nested():
    stream = io.StringIO()
    progress = GroupedLogProgress(stream)
    with pytest.raises(ZeroDivisionError), progress.phase("outer"), progress.phase("in\nner"):
        raise ZeroDivisionError
    assert stream.getvalue().splitlines() == ["::group::outer", "in ner", "::endgroup::"]


def test_a_plain_log_has_no_groups(clock):
    stream = io.StringIO()
    work(LogProgress(stream, clock), clock)
    assert "::" not in stream.getvalue()
    assert stream.getvalue().startswith("Trial of 3 caches\n")


def test_a_log_that_cannot_hold_a_letter_gets_a_question_mark():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    LogProgress(stream).say("naïve")
    assert stream.buffer.getvalue() == b"na?ve\n"


def test_a_terminal_keeps_facts_and_finished_phases(clock):
    stream = Terminal()
    console = Console(file=stream, force_terminal=True, width=80, legacy_windows=False)
    work(TerminalProgress(console, clock), clock)
    assert "a fact\n" in stream.getvalue()
    assert "Trial of 3 caches (2 min 5 s)\n" in stream.getvalue()


def test_a_name_is_not_taken_for_markup(clock):
    stream = Terminal()
    console = Console(file=stream, force_terminal=True, width=80, legacy_windows=False)
    TerminalProgress(console, clock).say("test_x[bold] [/nothing]")
    assert "test_x[bold] [/nothing]" in stream.getvalue()


@pytest.mark.parametrize(
    ("environ", "stream", "kind"),
    [
        ({"GITHUB_ACTIONS": "true", "CI": "true"}, Terminal(), GroupedLogProgress),
        ({"TERM": "xterm"}, Terminal(), TerminalProgress),
        ({"TERM": "dumb"}, Terminal(), LogProgress),
        ({"CI": "true", "TERM": "xterm"}, Terminal(), LogProgress),
        ({"TERM": "xterm"}, io.StringIO(), LogProgress),
    ],
)
def test_the_place_decides_the_kind(environ, stream, kind):
    assert type(progress_for(environ, stream)) is kind

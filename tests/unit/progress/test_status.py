"""Where long work stands, in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.progress.status import Pace, duration, one_line, shortened


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_rest_of_a_phase_goes_on_as_it_began() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.begin("Trial of 2 caches")
    pace.run("without", 1, 4)
    assert pace.seconds_left is None
    clock.now = 10.0
    pace.run("with", 2, 4)
    assert pace.seconds_left == 30.0
    clock.now = 14.0
    assert (pace.seconds, pace.seconds_left) == (14.0, 26.0)
    clock.now = 50.0
    assert pace.seconds_left == 20.0  # this run takes longer than usual, and may end at any time
    pace.tests = 1
    assert pace.line(200) == "Trial of 2 caches: with, run 2 of 4, 1 test, at most 20 s left"
    pace.begin("Report")
    assert (pace.seconds, pace.seconds_left, pace.line(80)) == (0.0, None, "Report")


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 9), st.integers(0, 999), st.integers(0, 60))
def test_a_line_is_never_wider_than_the_terminal(
    title: str, label: str, number: int, tests: int, width: int
) -> None:
    pace = Pace(Clock())
    pace.begin(title)
    if number:
        pace.run(label, number, 9)
    pace.tests = tests
    assert len(pace.line(width)) <= width


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (125, "2 min 5 s"), (3600, "1 h"), (3780, "1 h 3 min")],
)
def test_durations_for_people(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@given(st.text(max_size=40), st.integers(0, 50))
def test_a_cut_end_is_marked(text: str, width: int) -> None:
    made = shortened(text, width)
    assert len(made) == min(len(text), width)
    assert made == text or made.endswith("."[:width])


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a\n b\tc", "a b c"),
        ("::error::x", ": :error::x"),
        ("a ::error::x", "a ::error::x"),
        ("##[group]x", "## [group]x"),
        ("\x1b[31mred", "red"),
    ],
)
def test_no_line_of_a_project_is_a_command_of_the_runner(text: str, made: str) -> None:
    assert one_line(text) == made

"""Where the calls of one thread go."""

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.probe.recording import lane as lanes
from hitrate.probe.recording import tracefile
from hitrate.probe.recording.lane import ENVIRONMENT, ROOM, STOOD_STILL, TEST_KEY, Lane, end_entry

CAPACITY = 4 * ROOM


@dataclass
class Owner:
    """What a lane asks of a recorder."""

    stem: str = "7-first"
    spare: list[tuple[int, Any]] = field(default_factory=list)


def left(owner: Owner, used: int, stem: str) -> None:
    """A thread's lane goes, so many entries of its chunk used; its process is now called ``stem``."""
    lane = Lane(owner, 1)
    lane.columns = tracefile.nowhere(CAPACITY)
    lane.index = used
    owner.stem = stem


@pytest.mark.parametrize(
    ("used", "stem", "spared"),
    [
        (3, "7-first", [3]),
        (CAPACITY - ROOM - 1, "7-first", [CAPACITY - ROOM - 1]),
        (CAPACITY - ROOM, "7-first", []),  # no room for another thread
        (3, "8-forked", []),  # the chunk is the parent's
    ],
)
def test_what_a_thread_leaves_of_its_chunk_is_for_the_next_one(
    used: int, stem: str, spared: list[int]
) -> None:
    owner = Owner()
    left(owner, used, stem)
    assert [index for index, _ in owner.spare] == spared
    assert all(len(numbers) == CAPACITY for _, (_, _, numbers) in owner.spare)


def test_a_thread_stood_still_when_its_clock_ran_without_cpu_time_since_it_was_last_asked() -> None:
    lane = Lane(Owner(), 1)
    assert lane.stood_still(now=50, cpu=0)  # so that the first look tells what there was before
    assert not lane.stood_still(now=50 + STOOD_STILL - 1, cpu=0)
    assert lane.stood_still(now=50 + STOOD_STILL, cpu=0)
    assert not lane.stood_still(now=50 + STOOD_STILL, cpu=0)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10 * STOOD_STILL), max_size=8))
def test_a_thread_that_computes_all_the_time_never_stands_still(spans: list[int]) -> None:
    lane, now = Lane(Owner(), 1), 1_000
    lane.stood_still(now, 0)
    for span in spans:
        now += span
        assert not lane.stood_still(now, now - 1_000)


def test_an_entry_of_a_chunk_that_is_gone_is_left_alone() -> None:
    _, ends, _ = tracefile.nowhere(4)
    end_entry(ends, 2)
    assert [bool(end) for end in ends] == [False, False, True, False]
    ends.release()
    end_entry(ends, 2)


def test_the_test_that_runs_is_read_as_the_system_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "a.py::ä (call)")
    assert ENVIRONMENT.get(TEST_KEY) == "a.py::ä (call)".encode()
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert ENVIRONMENT.get(TEST_KEY) is None


def test_tools_that_stop_time_find_none_of_its_clocks_to_replace() -> None:
    """They put their own in the place of the functions wherever a module names these."""
    stopped = [time.perf_counter_ns, time.process_time_ns]
    assert not [name for name, value in vars(lanes).items() if any(value is each for each in stopped)]
    assert time.perf_counter_ns() <= lanes.clock() <= time.perf_counter_ns()
    assert time.process_time_ns() <= lanes.process_clock() <= time.process_time_ns()

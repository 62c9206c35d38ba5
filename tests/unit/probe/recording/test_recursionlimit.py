"""The frames of wrappers are made up for, and the limit is given back."""

import sys
from collections.abc import Iterator

import pytest

from hitrate.probe.recording.recursionlimit import RecursionLimit


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)


def test_what_was_added_is_taken_back() -> None:
    before, limit = sys.getrecursionlimit(), RecursionLimit()
    limit.raise_for(10)
    first = sys.getrecursionlimit()
    limit.raise_for(20)
    assert before < first < sys.getrecursionlimit() == first + 10
    limit.lower()
    limit.lower()
    assert sys.getrecursionlimit() == before


def test_a_limit_that_the_program_sets_is_its_own() -> None:
    before, limit = sys.getrecursionlimit(), RecursionLimit()
    limit.raise_for(10)
    sys.setrecursionlimit(before + 5000)
    limit.lower()
    assert sys.getrecursionlimit() == before + 5000


def test_far_from_the_limit_nothing_changes() -> None:
    before, limit = sys.getrecursionlimit(), RecursionLimit()
    sys.setrecursionlimit(before + 50_000)
    limit.deepen(5)
    assert sys.getrecursionlimit() == before + 50_000
    sys.setrecursionlimit(before)


def test_near_the_limit_it_is_raised() -> None:
    frames, frame = 0, sys._getframe()
    while frame.f_back is not None:
        frames, frame = frames + 1, frame.f_back
    limit = RecursionLimit()
    sys.setrecursionlimit(frames + 60)
    limit.deepen(5)
    assert sys.getrecursionlimit() > frames + 60

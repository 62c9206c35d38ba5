"""The ways to see which functions begin; each is of some versions of CPython only."""

import contextlib
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from hitrate.probe.reach.watch import Monitoring, Profiling

MONITORED = sys.version_info >= (3, 12)


def one() -> int:
    """A function that calls another one."""
    return two()


def two() -> int:
    """A function."""
    return 2


NUMBERS = {one.__code__: 1, two.__code__: 2}


class Watched:
    """What a watch has told so far."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.watch: Monitoring | Profiling = (
            Monitoring(self.reach) if MONITORED else Profiling(self.reach, NUMBERS.get)
        )

    def reach(self, number: int, _: FrameType | None) -> None:
        self.told.append(number)

    def start(self) -> None:
        assert self.watch.start()
        for code, number in NUMBERS.items():
            self.watch.add(code, number)

    def numbers(self) -> list[int]:
        """What has begun since the last time."""
        assert self.watch.gather()
        self.watch.again()
        told, self.told = self.told, []
        return sorted(told)


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.watch.stop()


def test_each_function_is_told_once_however_often_it_is_called_and_again_in_the_next_context(
    watched: Watched,
) -> None:
    watched.start()
    for _ in range(3):
        one()
    assert watched.numbers() == [1, 2]
    assert watched.numbers() == []
    two()
    assert watched.numbers() == [2]


def test_nothing_is_told_once_it_was_stopped(watched: Watched) -> None:
    watched.start()
    watched.watch.stop()
    one()
    watched.watch.gather()
    assert watched.told == []


@contextlib.contextmanager
def taken() -> Iterator[None]:
    """Another tool is wherever this one could be."""
    if not MONITORED:
        sys.setprofile(lambda *_: None)
        try:
            yield
        finally:
            sys.setprofile(None)
        return
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined]
    free = [tool for tool in range(6) if monitoring.get_tool(tool) is None]
    for tool in free:
        monitoring.use_tool_id(tool, "another")
    try:
        yield
    finally:
        for tool in free:
            monitoring.free_tool_id(tool)


def test_where_another_tool_is_in_its_place_it_does_not_begin(watched: Watched) -> None:
    with taken():
        assert not watched.watch.start()
        one()
    watched.watch.gather()
    assert watched.told == []


@pytest.mark.skipif(MONITORED, reason="another way from CPython 3.12 on")
def test_a_profiler_that_came_in_between_is_noticed_once(watched: Watched) -> None:
    watched.start()
    sys.setprofile(None)
    assert not watched.watch.gather()
    two()
    assert watched.numbers() == [2]  # it is back in its place

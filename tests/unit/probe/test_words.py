"""What the oracle saw is told in words that are right: why arguments are no key, what would help."""

import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hitrate.hazards.hazard import Hazard
from hitrate.hazards.sentences import ASK_OUTSIDE, CACHE_THE_REST
from tests.unit.probe.oracle_driver import Driver

ORDERS: Any = queue.Queue()
ANSWERS: Any = queue.SimpleQueue()


class Meter:
    def __init__(self) -> None:
        self.count = 0

    def add(self) -> None:
        self.count += 1


class Channel:
    """A project's own, which answers what it is sent."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, text: str) -> None:
        self.sent += 1

    def recv(self) -> str:
        return "ok"


METER, CHANNEL = Meter(), Channel()


def hazards(folder: Path, function: Callable[..., Any], *calls: Any) -> tuple[Hazard, ...]:
    (folder / "records").mkdir()
    driver = Driver(folder / "records")
    driver.test("test_words.py::test")
    observed = driver.observe(function)
    for argument in calls:
        observed(argument)
    (oversight,) = driver.oversights()
    return oversight.hazards


def asks_a_queue(name: str) -> str:
    ORDERS.put(name)
    found: str = ORDERS.get()
    return found.upper()


def asks_a_channel(name: str) -> str:
    CHANNEL.send(name)
    return CHANNEL.recv() + name


def counts(name: str) -> str:
    METER.add()
    return name.upper()


@pytest.mark.parametrize("function", [asks_a_queue, asks_a_channel])
def test_what_hands_something_out_leaves_no_rest(function: Callable[..., Any], tmp_path: Path) -> None:
    found = hazards(tmp_path, function, *["a"] * 6)
    assert {hazard.remedy for hazard in found} == {ASK_OUTSIDE}


def test_a_counter_can_be_moved_out(tmp_path: Path) -> None:
    found = hazards(tmp_path, counts, *["a"] * 6)
    assert {hazard.remedy for hazard in found} == {CACHE_THE_REST}


class Draft:
    """Has a hash only once it is complete."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Draft)

    def __hash__(self) -> int:
        raise self.error("not complete yet")


@pytest.mark.parametrize("error", [RuntimeError, ValueError, NotImplementedError])
def test_a_hash_that_raises_is_told_as_it_is(error: type[Exception], tmp_path: Path) -> None:
    (hazard,) = hazards(tmp_path, lambda given: str(type(given)), *[Draft(error)] * 3)
    assert f"raises {error.__name__} when it is hashed" in hazard.detail
    assert "cannot be hashed" not in hazard.detail
    assert "TypeError" not in hazard.detail


@pytest.mark.parametrize("value", [[1], {"a": 1}, ([1],), Draft(TypeError)])
def test_what_has_no_hash_is_told_as_it_is(value: object, tmp_path: Path) -> None:
    (hazard,) = hazards(tmp_path, lambda given: str(type(given)), *[value] * 3)
    assert hazard.detail.endswith("which cannot be hashed: a cache raises TypeError")

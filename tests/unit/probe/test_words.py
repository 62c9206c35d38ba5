"""What the oracle saw is told in words that are right: why arguments are no key, what would help."""

import functools
import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hitrate.hazards.hazard import Hazard
from hitrate.hazards.sentences import ASK_OUTSIDE, CACHE_THE_REST
from hitrate.source.doubt import Topic
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


class Client:
    def __init__(self, base: str) -> None:
        self.base, self.lock = base, threading.Lock()


@pytest.mark.parametrize(
    ("function", "things"),
    [
        (lambda name: threading.Lock(), ["lock"]),
        (Client, ["lock"]),
        (lambda name: object(), ["object"]),
        (lambda name: name.upper(), []),
        (lambda name: (name, [1, 2]), []),
    ],
)
def test_existing_caches_tell_what_their_callers_share(
    function: Callable[..., Any], things: list[str], tmp_path: Path
) -> None:
    (tmp_path / "records").mkdir()
    driver = Driver(tmp_path / "records")
    driver.test("test_words.py::test")
    observed = driver.observe(functools.lru_cache(lambda name, made=function: made(name)))
    for _ in range(3):
        observed("a")
    (oversight,) = driver.oversights()
    assert [doubt.topic for doubt in oversight.doubts if doubt.names] == [Topic.IDENTITY] * bool(things)
    assert [name for doubt in oversight.doubts for name in doubt.names] == things


def test_a_logger_gets_its_handler_once_where_a_cache_answers(tmp_path: Path) -> None:
    """Run once more to compare with, it would write everything twice."""
    (tmp_path / "records").mkdir()
    driver = Driver(tmp_path / "records")
    driver.test("test_words.py::test")

    @functools.lru_cache
    def equipped(name: str) -> logging.Logger:
        found = logging.getLogger(name)
        found.addHandler(logging.NullHandler())
        return found

    observed = driver.observe(equipped)
    for _ in range(5):
        observed("words.equipped")
    assert len(logging.getLogger("words.equipped").handlers) == 1
    driver.oversights()

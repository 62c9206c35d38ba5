"""What an existing cache hands out although somebody has closed it."""

import asyncio
import functools
import socket
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hitrate.probe.oracle.following.rerun import Rerun
from hitrate.source.doubt import Topic
from tests.unit.probe.oracle_driver import Driver


class Connection:
    def __init__(self, url: str = "") -> None:
        self.url = url
        self._closed = False

    def close(self) -> None:
        self._closed = True


class Slotted:
    __slots__ = ("closed",)

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Shop:
    """Which is closed on Sundays."""

    def __init__(self) -> None:
        self.closed = False


class Archive:
    """Which is closed as soon as it has been read."""

    def __init__(self) -> None:
        self.closed = True

    def close(self) -> None:
        self.closed = True


def _cached(make: Callable[..., Any]) -> Any:
    def get(*args: str) -> Any:
        return make(*args)

    return functools.lru_cache(get)


class Holding(Driver):
    def topics(self) -> set[Topic]:
        return {doubt.topic for doubt in self.oversights()[0].doubts}


@pytest.mark.parametrize(
    ("make", "end"),
    [
        (Connection, Connection.close),
        (Slotted, Slotted.close),
        (asyncio.new_event_loop, lambda loop: loop.close()),
        (lambda: ThreadPoolExecutor(1), lambda pool: pool.shutdown()),
        (tempfile.TemporaryFile, lambda file: file.close()),
        (socket.socket, lambda opened: opened.close()),
    ],
    ids=["object", "slots", "loop", "pool", "file", "socket"],
)
def test_what_was_closed_is_handed_out(
    tmp_path: Path, make: Callable[[], Any], end: Callable[[Any], object]
) -> None:
    driver = Holding(tmp_path)
    get = driver.observe(_cached(make))
    end(get())
    driver.test("test_it.py::test_then")
    assert get() is get()
    assert Topic.ENDED in driver.topics()


@pytest.mark.parametrize(("kind", "again"), [(Connection, 0), (Shop, 1)])
def test_no_second_one_is_made_of_what_somebody_has_to_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Connection] | type[Shop], again: int
) -> None:
    made: list[object] = []
    monkeypatch.setattr(Rerun, "compare", lambda *arguments: made.append(arguments))
    get = Holding(tmp_path).observe(_cached(kind))
    assert get() is get()
    assert len(made) == again


def test_so_it_is_with_arguments(tmp_path: Path) -> None:
    driver = Holding(tmp_path)
    get = driver.observe(_cached(Connection))
    get("a").close()
    assert get("a") is get("a")
    assert Topic.ENDED in driver.topics()


def test_what_is_closed_when_nobody_asks_for_it_any_more_is_not(tmp_path: Path) -> None:
    driver = Holding(tmp_path)
    get = driver.observe(_cached(Connection))
    assert get() is get()
    get().close()
    assert Topic.ENDED not in driver.topics()


def test_nor_is_what_is_made_anew(tmp_path: Path) -> None:
    driver = Holding(tmp_path)
    cached = _cached(Connection)
    get = driver.observe(cached)
    get().close()
    cached.cache_clear()
    get.cache_clear()
    assert get() is get()
    assert Topic.ENDED not in driver.topics()


@pytest.mark.parametrize("kind", [Shop, Archive])
def test_nor_what_cannot_be_closed_or_is_so_from_the_start(
    tmp_path: Path, kind: type[Shop] | type[Archive]
) -> None:
    driver = Holding(tmp_path)
    get = driver.observe(_cached(kind))
    get().closed = True
    assert get() is get()
    assert Topic.ENDED not in driver.topics()

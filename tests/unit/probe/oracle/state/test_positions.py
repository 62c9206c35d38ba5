"""Where iterators stand: told without moving them."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator

import pytest

from hitrate.probe.oracle.state import positions


def counted() -> Iterator[int]:
    yield from range(5)


def delegating() -> Iterator[int]:
    yield from counted()


MADE = [
    lambda: iter([1, 2, 3]),
    lambda: iter({1: 2, 3: 4}),
    lambda: zip([1, 2], [3, 4], strict=True),
    lambda: enumerate("abc"),
    lambda: itertools.count(4),
    lambda: itertools.chain([1, 2], [3]),
    lambda: map(str, [1, 2]),
    lambda: csv.reader(io.StringIO("a\nb\nc\n")),
    counted,
    delegating,
]


@pytest.mark.parametrize("make", MADE)
def test_a_step_is_seen_and_a_look_is_none(make: Callable[[], Iterator[object]]) -> None:
    moving = make()
    if make in (counted, delegating):
        next(moving)
    before = positions.position(moving)
    assert before is not None
    assert positions.position(moving) == before
    next(moving)
    assert positions.position(moving) != before
    assert positions.is_moving(moving)


def test_a_generator_that_is_through_has_ended() -> None:
    moving = counted()
    assert sum(moving) == 10
    assert positions.position(moving) == "ended"


@pytest.mark.parametrize("value", [[1], "a", {}, object()])
def test_what_nobody_uses_up_has_no_position(value: object) -> None:
    assert not positions.is_moving(value)
    assert positions.position(value) is None

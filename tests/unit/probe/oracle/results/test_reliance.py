"""Callers that rely on each result being a thing of its own."""

from collections import namedtuple
from dataclasses import dataclass

import pytest

from hitrate.probe.oracle.results.reliance import Earlier, Reliance, is_told_by_identity


class Thing:
    """Equal to itself alone."""


@dataclass
class Point:
    """Equal to others like it."""

    x: int = 1


Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Thing(), True),
        (Point(), False),
        (Pair(1, 2), False),
        ([], False),
        ("a", False),
        (None, False),
        (Thing, False),
    ],
)
def test_what_is_told_by_identity(value: object, expected: bool) -> None:
    assert is_told_by_identity(value) is expected


def test_results_that_nobody_holds_are_not_seen() -> None:
    reliance, earlier = Reliance(), Earlier()
    assert not any(reliance.is_seen(earlier, Thing()) for _ in range(3))
    assert earlier.alive() == []


def test_results_in_one_set_are_told_from_each_other() -> None:
    reliance, earlier, held = Reliance(), Earlier(), set()
    for _ in range(2):
        result = Thing()
        reliance.is_seen(earlier, result)
        held.add(result)
    del result
    assert len(earlier.alive()) == len(held) == 2
    assert reliance.is_seen(earlier, Thing())


def test_results_in_lists_of_their_own_are_not() -> None:
    reliance, earlier = Reliance(), Earlier()
    held = [[Thing()] for _ in range(2)]
    for (result,) in held:
        reliance.is_seen(earlier, result)
    assert not reliance.is_seen(earlier, Thing())

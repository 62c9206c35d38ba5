"""Objects that are what they are, and those that are what they hold."""

import asyncio
import gc
import queue
import threading
import weakref
from dataclasses import dataclass

import pytest

from hitrate.probe.oracle import snapshot
from hitrate.probe.oracle.results import natures


@dataclass(eq=False)
class Point:
    """What it holds."""

    x: int = 1


class Node:
    """A place in a structure: it finds itself among others by ``is``."""

    def __init__(self, value: int = 1) -> None:
        self.value = value

    def precedes(self, other: object) -> bool:
        return self is not other


class Marked:
    """Says itself that it is told by where it is."""

    def __hash__(self) -> int:
        return id(self)


class Ending:
    """Does something at its end."""

    def __del__(self) -> None:
        self.done = True


class Keyed:
    """Is a key of its own table."""

    def __init__(self) -> None:
        self.table = {self: 1}


def nature(value: object) -> str:
    tree = snapshot.take(value).tree
    assert type(tree) is tuple
    return natures.nature_of(tree)


@pytest.mark.parametrize(
    "value",
    [object(), threading.Lock(), threading.Event(), queue.Queue(), asyncio.Event(), Marked(), Node()],
)
def test_a_second_one_is_never_the_same(value: object) -> None:
    assert nature(value) == natures.IDENTITY


@pytest.mark.parametrize("value", [Point(), [1], {}, {1}, Node(Node())])  # type: ignore[arg-type]
def test_others_are_what_they_hold(value: object) -> None:
    assert nature(value) == natures.CONTENT


def test_things_are_found_in_a_result_and_in_its_attributes() -> None:
    holder = Point(threading.Lock())  # type: ignore[arg-type]
    assert [*natures.things_in(snapshot.take(holder).tree)] == ["lock"]
    assert [*natures.things_in(snapshot.take(Point()).tree)] == []


@pytest.mark.parametrize(
    ("value", "expected"), [(Ending(), True), (Keyed(), True), (Point(), False), (1, False), (Point, False)]
)
def test_what_stands_for_itself(value: object, expected: bool) -> None:
    assert natures.stands_for_itself(value) is expected


def test_one_whose_end_is_waited_for_stands_for_itself() -> None:
    value = Point()
    finalizer = weakref.finalize(value, gc.isenabled)
    assert natures.stands_for_itself(value)
    finalizer.detach()
    assert not natures.stands_for_itself(value)


def test_an_exception_that_was_raised_holds_where() -> None:
    raised, fresh = ValueError(), ValueError()
    try:
        raise raised
    except ValueError:
        pass
    assert natures.was_raised(raised, fresh)
    assert not natures.was_raised(fresh, raised)
    assert not natures.was_raised([], fresh)

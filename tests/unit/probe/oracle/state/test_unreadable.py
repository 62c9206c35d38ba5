"""Arguments that may be other ones than they look."""

import enum
import hashlib
import io
import threading
import zlib
from collections.abc import Iterator

import pytest

from hitrate.probe.oracle import nodes, snapshot
from hitrate.probe.oracle.state.unreadable import place_of, what_is


def numbers() -> Iterator[int]:
    yield 1


class Holder:
    """Holds something that cannot be read."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()


class Colour(enum.Enum):
    """Immutable."""

    RED = 1


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (numbers(), "a generator"),
        (iter([1]), "an iterator"),
        ((1, (2, iter([1]))), "an iterator"),
        (threading.Event(), "an Event object"),
        (zlib.compressobj(), "a Compress object"),
    ],
)
def test_what_moves_on_unseen(value: object, what: str) -> None:
    assert what_is(value) == what


@pytest.mark.parametrize(
    "value", [1, "a", None, (1, "a"), [1], {}, Colour.RED, threading.Lock(), io.StringIO(), object()]
)
def test_what_can_be_read_or_guards_only_is_none(value: object) -> None:
    assert what_is(value) is None


def test_it_is_found_within_what_holds_it() -> None:
    holder = Holder()
    taken = snapshot.take(((holder, 1), {})).tree
    place = place_of(taken, nodes.id_of(holder.digest))
    assert place == "[0][0].digest"
    assert place_of(taken, nodes.id_of(holder)) is None

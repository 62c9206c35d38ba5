"""Snapshots and comparisons: what is equal, what differs, what cannot be told, whatever classes define."""

import copy
import ipaddress
import threading
import time
import zoneinfo
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.probe.oracle import difference, shortrepr, snapshot


class Thing:
    """A class without ``__eq__``."""

    def __init__(self, value: object) -> None:
        self.value = value


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
)
hashables = st.recursive(
    scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(hashables, inner, max_size=4)
        | st.sets(hashables, max_size=4)
        | st.builds(Thing, inner)
    ),
    max_leaves=12,
)


def compared(first: object, second: object) -> difference.Comparison:
    return difference.compare(snapshot.take(first), snapshot.take(second))


@given(values)
def test_a_deep_copy_never_differs(value: Any) -> None:
    assert compared(value, copy.deepcopy(value)).difference is None


@given(values)
def test_a_value_never_differs_from_itself(value: Any) -> None:
    taken = snapshot.take(value)
    again = snapshot.take(value)
    assert difference.compare(taken, again, together=True).difference is None


def _shape(value: Any) -> Any:
    """Types and texts of all parts; ``repr`` tells all that differ but NaN payloads."""
    if isinstance(value, Thing):
        return ("Thing", _shape(value.value))
    if isinstance(value, dict):
        return ("dict", [(_shape(key), _shape(item)) for key, item in value.items()])
    if isinstance(value, (set, frozenset)):
        return (type(value).__name__, sorted(map(repr, map(_shape, value))))
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [_shape(item) for item in value])
    return (type(value).__name__, repr(value))


@given(values, values)
def test_what_differs_is_never_called_equal(first: Any, second: Any) -> None:
    found = compared(first, second)
    if _shape(first) != _shape(second):
        assert found.difference is not None or found.unknown
    else:
        assert found.difference is None


@given(st.lists(values, min_size=1, max_size=4), st.data())
def test_a_change_is_seen_where_it_was_made(items: list[Any], data: st.DataObject) -> None:
    before = snapshot.take(items)
    index = data.draw(st.integers(0, len(items) - 1))
    items[index] = Thing("changed")
    found = difference.compare(before, snapshot.take(items)).difference
    assert found is not None
    assert found.place.startswith(f"[{index}]")


def test_order_of_keys_alone_cannot_be_told() -> None:
    found = compared({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert found.difference is None
    assert found.unknown


@pytest.mark.parametrize("make", [threading.Lock, object, lambda: iter([1]), threading.Thread])
def test_what_cannot_be_read_is_unknown(make: Callable[[], object]) -> None:
    found = compared(make(), make())
    assert found.difference is None
    assert found.unknown


def test_what_is_too_large_is_partly_compared() -> None:
    found = compared(list(range(10**5)), list(range(10**5)))
    assert (found.difference, found.unknown, found.partial) == (None, False, True)
    assert compared(list(range(10**5)), list(range(1, 10**5 + 1))).difference is not None


LARGE = {
    "list": lambda: list(range(10**6)),
    "dict": lambda: dict.fromkeys(range(10**6)),
    "set": lambda: set(range(10**6)),
    "str": lambda: "x" * 10**8,
    "bytearray": lambda: bytearray(10**8),
}


@pytest.mark.parametrize("kind", LARGE)
def test_large_values_are_read_in_bounded_work(kind: str) -> None:
    large = LARGE[kind]()
    start = time.process_time()
    for _ in range(20):
        snapshot.take(large)
    assert time.process_time() - start < 1.0  # 50 ms a snapshot, some hundred times what it takes


def test_arrays_by_their_buffer() -> None:
    numpy = pytest.importorskip("numpy")
    assert compared(numpy.arange(5), numpy.arange(5)).difference is None
    assert compared(numpy.arange(5), numpy.arange(5.0)).difference is not None
    assert compared(numpy.arange(6), numpy.arange(6).reshape(2, 3)).difference is not None
    changed = numpy.zeros(10)
    before = snapshot.take(changed)
    changed[3] = 1
    assert difference.compare(before, snapshot.take(changed)).difference is not None
    assert compared(numpy.array([{"a": 1}]), numpy.array([{"a": 2}])).difference is not None
    assert compared(numpy.datetime64("2020-01-01"), numpy.datetime64("2020-01-02")).difference is not None


def test_text_of_arguments_calls_no_repr() -> None:
    class Loud:
        def __init__(self) -> None:
            self.name = "x"

        def __repr__(self) -> str:
            raise AssertionError

    text = shortrepr.show(("n", 1, [1, 2], Loud()), {"mode": {"a": 1}})
    assert (
        text
        == "('n', 1, [1, 2], test_text_of_arguments_calls_no_repr.<locals>.Loud(name='x'), mode={'a': 1})"
    )
    assert len(shortrepr.show(("x" * 1000,) * 50, {})) <= 130


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (Decimal("17.25"), "17.25"),
        (Decimal("-0"), "-0"),
        (("n", Decimal("NaN")), "NaN"),
        (datetime(2031, 5, 6, 17, 45), "45"),
        (datetime(2031, 5, 6, tzinfo=UTC), "UTC"),
        (date(2031, 5, 6), "6"),
        (clock_time(17, 45), "17"),
        (timedelta(seconds=90), "seconds=90"),
        (Fraction(355, 113), "355"),
        (UUID(int=355), "163"),
        (zoneinfo.ZoneInfo("UTC"), "UTC"),
        (PurePosixPath("/a/b"), "/a/b"),
        (ipaddress.ip_address("10.0.0.1"), "167772161"),
        (deque([355]), "355"),
        (MappingProxyType({"n": 355}), "355"),
        (range(3, 355), "355"),
        (1 + 355j, "355"),
    ],
)
def test_a_key_of_a_type_written_in_c_shows_what_it_holds(value: object, content: str) -> None:
    assert content in shortrepr.show((value,), {})
    assert content in shortrepr.show((), {"key": value})


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (datetime(2013, 1, 1), datetime(2013, 1, 1, 2), (".hour", "0", "2")),
        (date(2013, 1, 1), date(2014, 1, 1), (".year", "2013", "2014")),
        (timedelta(1), timedelta(2), (".days", "1", "2")),
        (datetime(2013, 1, 1), datetime(2013, 1, 1, tzinfo=UTC), (".tzinfo", "None", "UTC")),
    ],
)
def test_times_differ_in_words_of_theirs(first: object, second: object, words: tuple[str, str, str]) -> None:
    found = compared(first, second).difference
    assert found is not None
    assert (found.place, found.before, found.after) == words

"""Keys and their results, and what tells the arguments of one call from those of another."""

import threading
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.probe.oracle import snapshot
from hitrate.probe.oracle.following import followed
from hitrate.probe.oracle.following.followed import KeptCall, Token


class Thing:
    def __init__(self, value: object = 1) -> None:
        self.value = value


@dataclass(frozen=True)
class Point:
    x: object = 1


class Alike:
    """All are equal, whatever they hold."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


class Child(Alike): ...


def call(*args: object, **kwargs: object) -> Token:
    token = Token(1, None, args, kwargs)
    token.before = followed.arguments_of(token)
    return token


def key(*args: object, **kwargs: object) -> KeptCall:
    return KeptCall(call(*args, **kwargs), "test_first")


def test_a_result_is_held_as_a_cache_would_hold_it() -> None:
    entry = key(1)
    entry.keep(Thing(), snapshot.take(Thing()))
    assert isinstance(entry.held(), Thing)


def test_one_that_matters_when_it_ends_is_held_only_as_long_as_others_do() -> None:
    entry, result = key(1), threading.Thread()
    entry.keep(result, snapshot.take(result))
    assert entry.held() is result
    assert type(entry.kept) is followed.Weak
    large = [*range(10**5)]  # too much to keep, and there are no weak references to it
    entry.keep(large, snapshot.take(large))
    assert entry.held() is None


def test_a_later_call_whose_result_is_kept_takes_the_place_of_the_first() -> None:
    entry = key(1, a=2)
    later = call(True, a=2.0)
    entry.remember(later, "test_later")
    assert (entry.args, entry.kwargs, entry.before) == (later.args, later.kwargs, later.before)
    assert entry.args[0] is True
    assert (entry.first_test, entry.test) == ("test_first", "test_later")


@pytest.mark.parametrize(
    ("args", "kwargs", "expected"),
    [
        ((), {}, False),
        ((1, "x", None), {"a": 2.5}, False),
        ((Thing(),), {}, True),
        ((1,), {"a": Thing()}, True),
        ((Point(Thing()),), {}, False),
        ((Alike(1),), {}, False),
        ((Child(1),), {}, False),
        ((Thing,), {}, False),
        (((1, 2),), {}, False),
    ],
)
def test_arguments_that_are_hashed_by_identity_may_change_and_be_the_same_key(
    args: tuple[object, ...], kwargs: dict[str, object], expected: bool
) -> None:
    assert followed.have_state(args, kwargs) is expected


def test_a_hash_is_found_where_it_is_inherited_from() -> None:
    assert followed.hash_of(Child) is Alike.__hash__
    assert followed.hash_of(Thing) is object.__hash__
    assert followed.hash_of(list) is None


@pytest.mark.parametrize("value", ["name", 3, 2.5, None, True])
def test_scalars_are_plain_wherever_they_are_given(value: object) -> None:
    assert followed.are_plain((value,), {"a": value})
    assert not followed.are_plain((value, [value]), {})
    assert not followed.are_plain((value,), {"a": (value,)})


def test_the_very_same_argument_that_has_changed_is_found() -> None:
    thing = Thing()
    entry = key(0, thing)
    assert followed.changed_state(entry, call(0, thing)) is None
    thing.value = 2
    found = followed.changed_state(entry, call(0, thing))
    assert found is not None
    assert (found.place, found.before, found.after) == ("[0][1].value", "1", "2")


def test_another_argument_is_none_that_has_changed() -> None:
    assert followed.changed_state(key(Alike(1)), call(Alike(2))) is None


@pytest.mark.parametrize(
    ("first", "second", "place", "is_type"),
    [
        ((1,), (True,), "[0][0]", True),
        (((1, 2),), ((1, 2.0),), "[0][0][1]", True),
        ((Alike(1),), (Alike(2),), "[0][0].value", False),
    ],
)
def test_equal_arguments_that_are_not_the_same_are_told_by_where_they_differ(
    first: tuple[object, ...], second: tuple[object, ...], place: str, is_type: bool
) -> None:
    assert first == second
    found = followed.unlike(key(*first), call(*second))
    assert found is not None
    assert (found.place, found.is_type) == (place, is_type)


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
values: st.SearchStrategy[Any] = st.recursive(scalars, lambda inner: st.tuples(inner, inner), max_leaves=4)


@settings(max_examples=40)
@given(st.lists(values, max_size=3), st.dictionaries(st.sampled_from("abc"), values, max_size=2))
def test_a_call_is_never_unlike_itself(args: list[object], kwargs: dict[str, object]) -> None:
    assert followed.unlike(key(*args, **kwargs), call(*args, **kwargs)) is None
    assert followed.changed_state(key(*args, **kwargs), call(*args, **kwargs)) is None
    assert followed.types_of(call(*args, **kwargs)) == [*map(type, args), *map(type, kwargs.values())]


def test_an_exception_differs_from_the_result_that_is_kept() -> None:
    entry = key(1)
    entry.keep(3, snapshot.take(3))
    found = followed.raising(entry, KeyError("x"))
    assert (found.before, found.after) == ("3", "raises KeyError")

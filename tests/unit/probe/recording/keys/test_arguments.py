"""The arguments of calls."""

import enum
import fractions
import gc
import types
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.probe.recording.keys.arguments import Parameters, StandIn, goes_with, lasting, size_of


def plain(a, b, c=3):
    return a, b, c


def wide(a, /, b=2, *rest, c, d=4, **more):
    return a, b, rest, c, d, more


@given(st.integers(), st.integers(), st.integers())
def test_spellings_of_one_call_have_the_same_values(a: int, b: int, c: int) -> None:
    parameters = Parameters(plain)
    spelled = [
        parameters.values((a, b), {"c": c}),
        parameters.values((a,), {"c": c, "b": b}),
        parameters.values((), {"a": a, "b": b, "c": c}),
    ]
    assert len(set(spelled)) == 1
    assert spelled[0][:3] == (a, b, c)


def test_a_default_that_is_given_is_the_default() -> None:
    parameters = Parameters(plain)
    assert parameters.values((1, 2), {}) == parameters.values((1,), {"b": 2, "c": 3})
    assert parameters.values((1, 2, 3), {}) == (1, 2, 3)


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((1, 2, 9), {"c": 3}), ((1,), {"c": 3, "x": 1}), ((1,), {"c": 3, "d": 5}), ((1, 2), {"c": 4})],
)
def test_other_calls_have_other_values(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    parameters = Parameters(wide)
    assert parameters.values(args, kwargs) != parameters.values((1, 2), {"c": 3})
    assert parameters.values((1, 2), {"c": 3, "d": 4}) == parameters.values((1,), {"c": 3})


def test_what_cannot_be_hashed_is_named_with_its_type() -> None:
    class Raising:
        def __hash__(self) -> int:
            raise OSError

    found = [*Parameters(wide).unhashable((1, [], {}, Raising()), {"c": set(), "x": 1})]
    assert found == [("b", "list"), ("*args", "dict"), ("*args", "Raising"), ("c", "set")]


def test_what_has_no_code_has_no_names() -> None:
    parameters = Parameters(len)
    assert (parameters.names, parameters.positional) == ((), 0)
    assert parameters.values((1,), {"x": 2}) == ((1,), ("x", 2))


@given(st.integers(0, 50))
def test_sizes_grow_with_what_is_held_and_are_bounded(count: int) -> None:
    few, many = (
        size_of(([b"x" * 1000] * 1,), 100),
        size_of(([bytes(1000 + n) for n in range(count + 1)],), 100),
    )
    assert many >= few - 100
    assert size_of(([bytes(1000 + n) for n in range(500)],), 10) < 20_000


def test_what_holds_itself_is_measured_once() -> None:
    loop: list[Any] = [bytes(1000)]
    loop += [loop, loop[0]]
    assert 1000 < size_of((loop,), 100) < 1400


class Thing:
    """Equal to itself alone."""


class Metaclass(type):
    def __getattribute__(cls, name: str) -> object:
        if name in ("__hash__", "__eq__"):
            raise AssertionError(name)
        return super().__getattribute__(name)

    def __eq__(cls, other: object) -> bool:
        raise AssertionError

    def __hash__(cls) -> int:
        raise AssertionError


class Colour(enum.Enum):
    RED = 1


class Slotted:
    __slots__ = ()


class Valued:
    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Valued) and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)


class Hashed:
    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize(
    "value",
    [
        Thing(),
        Thing,
        lambda: 0,
        types.ModuleType("m"),
        Metaclass("Odd", (), {})(),
        (n for n in ()),
        Metaclass,
    ],
    ids=["object", "class", "function", "module", "of an odd metaclass", "generator", "metaclass"],
)
def test_what_is_equal_to_itself_alone_is_stood_for(value: object) -> None:
    held = lasting(value)
    assert type(held) is StandIn
    assert lasting(value) is held
    assert hash(held) == object.__hash__(value)
    assert {(1, held): "found"}[1, value] == "found"
    assert (Thing(), int(held)) not in {(held, 1), (1, held), (held, held)}


@pytest.mark.parametrize(
    "value",
    [None, 1, True, 2.5, "text", b"bytes", (), (1, "a"), frozenset({1}), fractions.Fraction(1, 3), Colour.RED,
     Valued(1), Hashed(), Slotted(), object(), [].append, weakref.ref(Thing), Metaclass("Odd", (), {})],
    ids=lambda value: type(value).__name__ if type(type(value)) is type else "odd",
)  # fmt: skip
def test_other_values_stay(value: object) -> None:
    assert lasting(value) is value


def test_a_key_goes_with_its_objects_and_only_with_them() -> None:
    keys: dict[Any, int] = {}
    things = [Thing() for _ in range(4)]
    for number, thing in enumerate(things):
        key = (lasting(thing), "text", lasting(things[0]))
        keys[key] = number
        goes_with(key, keys, key)
    assert [keys[thing, "text", things[0]] for thing in things] == [0, 1, 2, 3]
    del thing, things[1]
    gc.collect()
    assert [keys[thing, "text", things[0]] for thing in things] == [0, 2, 3]
    assert len(keys) == 3
    del things[0]
    gc.collect()
    assert keys == {}


def test_the_next_object_at_a_place_is_another_one() -> None:
    keys: dict[Any, int] = {}
    places = set()
    for number in range(2_000):
        thing = Thing()
        places.add(id(thing))
        assert (thing, "text") not in keys
        key = (lasting(thing), "text")
        keys[key] = number
        goes_with(key, keys, key)
        assert keys[thing, "text"] == number
        del thing
    assert len(places) < 1_000  # many came to the same place, else nothing is tried
    assert keys == {}


def test_an_object_that_comes_back_to_life_is_met_anew() -> None:
    class Phoenix:
        def __del__(self) -> None:
            risen.append(self)

    risen: list[object] = []
    keys: dict[Any, int] = {}
    key = (lasting(Phoenix()),)
    keys[key] = 1
    goes_with(key, keys, key)
    gc.collect()
    again = (lasting(risen[0]),)
    keys[again] = 2
    goes_with(again, keys, again)
    assert keys[(risen[0],)] == 2

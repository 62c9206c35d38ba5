"""The arguments of calls."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.probe.recording.arguments import Parameters, size_of


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

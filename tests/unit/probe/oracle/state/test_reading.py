"""What is reached by name, read as flat facts, without running a line of the project."""

import collections
import copy
import functools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.probe.oracle import nodes
from hitrate.probe.oracle.state.facts import Holds
from hitrate.probe.oracle.state.reading import parts_of, view


class Thing:
    """With attributes as a test says; nothing of it may be called."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)

    def __eq__(self, other: object) -> bool:
        raise AssertionError("the project's code was run")

    __hash__ = None  # type: ignore[assignment]


def facts(value: object, names: set[str] | None = None) -> dict[tuple[str, ...], object]:
    """What is read of a value, without where generators stand that all share, if numpy is loaded."""
    read = {path: one for path, one in view([("x", value)], names).facts.items() if path[0] == "x"}
    return {path: (one.kind, one.count) if isinstance(one, Holds) else one for path, one in read.items()}


@given(st.recursive(st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=6))
def test_equal_values_give_equal_facts(value: object) -> None:
    assert facts(value) == facts(copy.deepcopy(value))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([1], [2]),
        ([1], [1, 2]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ((1, [2]), (1, [3])),
        (collections.deque([1]), collections.deque([2])),
        (bytearray(b"a"), bytearray(b"b")),
        (Thing(a=1), Thing(a=2)),
        (Thing(a=[Thing(b=1)]), Thing(a=[Thing(b=2)])),
        (iter([1, 2]), iter([1])),
        (functools.partial(int, 1), functools.partial(int, 2)),
    ],
)
def test_a_change_anywhere_is_seen(before: object, after: object) -> None:
    assert str(facts(before)) != str(facts(after))


def test_only_names_that_code_has_are_read() -> None:
    assert facts(Thing(a=1, b=2), {"a"}).keys() == facts(Thing(a=1, b=3), {"a"}).keys()
    assert str(facts(Thing(a=1, b=2), {"a"})) == str(facts(Thing(a=1, b=3), {"a"}))


def test_what_holds_itself_comes_to_an_end() -> None:
    loop: list[object] = [1]
    loop.append(loop)
    assert len(facts(loop)) < 10
    assert parts_of(loop) == {nodes.id_of(loop)}


def test_much_is_read_in_part() -> None:
    assert len(facts([[*range(100)] for _ in range(100)])) < 5000


def test_a_generator_that_is_drawn_from_stands_elsewhere() -> None:
    source = random.Random(1)
    before = view([("x", source)], None).facts
    source.random()
    after = view([("x", source)], None).facts
    standings = [[getattr(one, "standing", None) for one in read.values()] for read in (before, after)]
    assert standings[0] != standings[1]

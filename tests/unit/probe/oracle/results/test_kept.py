"""What a project keeps of single objects: weak tables that they are in, and tables by their number."""

import contextlib
import sys
import weakref
from typing import Any

import pytest

from hitrate.probe.oracle.results import kept


class Thing:
    def __init__(self, name: str = "a") -> None:
        self.name = name


def test_an_object_is_listed_in_a_weak_set_or_as_a_value_but_not_as_a_key() -> None:
    thing = Thing()
    by_object = weakref.WeakKeyDictionary({thing: 1})
    assert [*kept.tables_of(thing)] == [by_object]
    assert not kept.is_listed(thing)
    by_name = weakref.WeakValueDictionary({"a": thing})
    assert kept.is_listed(thing)
    del by_name
    assert not kept.is_listed(thing)
    some = weakref.WeakSet([thing])
    assert kept.is_listed(thing)
    some.discard(thing)
    assert not kept.is_listed(thing)


def test_references_of_others_list_nothing() -> None:
    thing, other = Thing(), Thing()

    def gone(reference: object, holder: object = weakref.ref(other)) -> None:
        """As those of weak tables are, with what holds the reference."""

    references = [weakref.ref(thing, print), weakref.ref(thing, gone), weakref.ref(thing)]
    assert [*kept.tables_of(thing)] == []
    assert len(references) == 3


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([1], [2], True),
        ([1], [1], False),  # a memo
        ([1], None, False),  # nobody noted anything of the second
        (None, [1], False),
    ],
)
def test_one_stands_for_another_unless_something_else_is_noted_of_it(
    first: object, second: object, expected: bool
) -> None:
    table: weakref.WeakKeyDictionary[Thing, object] = weakref.WeakKeyDictionary()
    things = Thing(), Thing()
    for thing, noted in zip(things, (first, second), strict=True):
        if noted is not None:
            table[thing] = noted
    before, now = map(kept.noted_of, things)
    assert kept.differ(before, now) is expected


def test_what_is_noted_in_place_later_is_seen() -> None:
    thing = Thing()
    table = weakref.WeakKeyDictionary({thing: [1]})
    before = kept.noted_of(thing)
    assert not kept.differ(before, kept.noted_of(thing))
    table[thing].append(2)
    assert kept.differ(before, kept.noted_of(thing))


ADDING = {
    "known.add(thing)": True,
    "holder.known.add(thing)": True,
    "plain.add(thing)": False,
    "known.discard(thing)": False,
    "known.add(other)": False,
    "missing.add(thing)": False,
}


@pytest.mark.parametrize("line", ADDING)
def test_code_that_will_put_a_result_into_a_weak_set_is_told_before_it_does(line: str) -> None:
    found: list[bool] = []

    def make() -> Thing:
        frame = sys._getframe().f_back
        assert frame is not None
        found.append(kept.will_be_listed(frame))
        return Thing()

    holder = Thing()
    holder.known = weakref.WeakSet()  # type: ignore[attr-defined]
    space: dict[str, Any] = {
        "make": make,
        "known": weakref.WeakSet(),
        "holder": holder,
        "plain": set(),
        "other": Thing(),
    }
    exec(f"def use():\n    thing = make()\n    {line}\n", space)
    with contextlib.suppress(NameError, KeyError):  # as the code does what it says
        space["use"]()
    assert found == [ADDING[line]]


BY_NUMBER = {
    "def label(item):\n    return LABELS[id(item)], item.name\n": True,
    "def label(item):\n    return LABELS[id(item)]\n": False,  # of nothing that says it is a thing
    "def label(item):\n    return LABELS[id(item)], item.price\n": False,  # of another class
    "def label(item):\n    return LABELS[item], item.name\n": False,
    "def label(item, other):\n    return LABELS[id(item)], other.name\n": False,
    # Those that go through objects.
    "def label(item):\n    return item.name, id(item) in SEEN or label(item.name)\n": False,
    "def label(item, left):\n    return id(item) in SEEN, item.name, left.pop()\n": False,
    "class Shop:\n    def __repr__(item):\n        return f'{id(item)} {item.name}'\n": False,
}


@pytest.mark.parametrize("source", BY_NUMBER)
def test_a_project_tells_things_by_number_where_it_reads_their_attributes_too(source: str) -> None:
    space: dict[str, object] = {"__name__": "shop", "__file__": "/project/shop.py"}
    exec(compile(source, "/project/shop.py", "exec"), space)
    assert kept.is_told_by_number(Thing(), [space]) is BY_NUMBER[source]
    library = {**space, "__file__": "/v/site-packages/shop.py"}
    assert not kept.is_told_by_number(Thing(), [library])

"""What changed of what a function reaches by name: in one call, and between two that read it."""

import functools
from types import SimpleNamespace
from typing import Any

import pytest

from hitrate.probe.oracle import nodes
from hitrate.probe.oracle.state.changes import State, name_of

SOURCE = """
count = 0
items = []
table = {}
options = None
rate = 1
_cache = {}

class Options:
    def __init__(self):
        self.level = 1

def bump():
    global count
    count += 1

def collect():
    items.append(1)

def remember():
    _cache["a"] = items

def keep():
    result = object()
    items.append(result)
    return result

def fill():
    table["a"] = 1

def look():
    return count, items, options.level, rate, _cache

def ask():
    return table.get("a")

def turn():
    change()  # by what shows no names
    return rate

def give():
    return items

class Till:
    total = 0

    def add(self):
        self.total += 1

    def read(self):
        return self.total
"""


@pytest.fixture
def shop() -> Any:
    space: dict[str, Any] = {"__name__": "shop"}
    exec(compile(SOURCE, "/project/shop.py", "exec"), space)
    space["options"] = space["Options"]()
    return SimpleNamespace(space=space, **space)


def effects(state: State, *args: object, at_once: bool = False) -> list[tuple[str, str, str]]:
    """What one call changed."""
    before = state.look(args)
    result = state.function(*args)
    changed, drawn = state.effects(before, state.look(args), result, at_once)
    assert drawn == []
    return [(each.name, each.before, each.after) for each in changed]


def inputs(state: State, *args: object, test: str = "test_now") -> list[tuple[str, str, str, str | None]]:
    """What one call read that was another thing in an earlier one."""
    found = state.inputs(state.look(args), state.function(*args), test)
    return [(each.name, each.before, each.after, each.test) for each in found]


def test_a_number_that_a_call_changes_counts_at_once(shop: Any) -> None:
    assert effects(State(shop.bump)) == [("count", "0", "1")]


def test_what_a_call_fills_counts_when_a_second_one_fills_it_too(shop: Any) -> None:
    state = State(shop.collect)
    assert effects(state) == []  # it may have been prepared for all
    assert effects(state) == [("items", "1 item", "2 items")]
    assert effects(State(shop.collect), at_once=True) == [("items", "2 items", "3 items")]


@pytest.mark.parametrize("name", ["remember", "keep", "look", "read"])
def test_memos_what_takes_in_the_result_and_what_is_read_are_no_effects(shop: Any, name: str) -> None:
    function = getattr(shop, name, None) or shop.Till.read
    state = State(function)
    args = (shop.Till(),) if name == "read" else ()
    for _ in range(3):
        assert effects(state, *args, at_once=True) == []


def test_that_an_object_changes_itself_is_told_by_its_argument_and_not_here(shop: Any) -> None:
    state = State(shop.Till.add)
    till = shop.Till()
    till.add()  # which has an attribute of its own from now on
    assert effects(state, till, at_once=True) == []


def test_what_others_change_between_calls_is_an_input_and_is_told_once(shop: Any) -> None:
    state = State(shop.look)
    assert inputs(state, test="test_first") == []
    shop.space["rate"] = 2
    shop.options.level = 1
    assert inputs(state) == [("rate", "1", "2", "test_first")]
    shop.space["rate"] = 3
    assert inputs(state) == []
    shop.space["options"].level = 5
    assert inputs(state) == [("options.level", "1", "5", "test_first")]


def test_an_input_is_told_with_the_function_that_reads_it(shop: Any) -> None:
    state = State(shop.look)
    state.note(state.look(()), "test_first")
    shop.space["rate"] = 2
    (found,) = state.inputs(state.look(()), None, "test_now")
    assert found.where.startswith("look, shop.py:")


@pytest.mark.parametrize("name", ["bump", "turn"])
def test_what_a_call_changes_itself_is_no_input_of_the_next(shop: Any, name: str) -> None:
    shop.space["change"] = functools.partial(exec, "rate += 1", shop.space)
    state = State(shop.space[name])
    state.note(state.look(()), "test_first")
    assert effects(state)
    assert inputs(state) == []


def test_what_the_result_leads_to_is_seen_by_who_has_it(shop: Any) -> None:
    state = State(shop.give)
    inputs(state)
    shop.items.append(1)
    assert inputs(state) == []
    assert [each.name for each in state.inputs(state.look(()), None, None)] == ["items"]


@pytest.mark.parametrize(("entry", "told"), [("a", ["table['a']"]), ("b", [])])
def test_of_a_table_only_the_entries_count_that_the_code_asks_for(
    shop: Any, entry: str, told: list[str]
) -> None:
    shop.table.update(a=1, b=1)
    state = State(shop.ask)
    inputs(state)
    shop.table[entry] = 2
    assert [name for name, *_ in inputs(state)] == told


@pytest.mark.parametrize(("entry", "told"), [("a", ["table"]), ("b", [])])
@pytest.mark.parametrize("had", [[], ["c"]])
def test_so_it_is_where_one_is_new(shop: Any, had: list[str], entry: str, told: list[str]) -> None:
    shop.table.update(dict.fromkeys(had, 1))
    state = State(shop.ask)
    inputs(state)
    shop.table[entry] = 1
    assert [name for name, *_ in inputs(state)] == told


@pytest.mark.parametrize("before", [None, float("nan")])
def test_what_is_filled_for_the_first_time_is_known_from_what_stays_the_same(
    shop: Any, before: object
) -> None:
    shop.space["rate"] = before
    state = State(shop.look)
    inputs(state)
    assert inputs(state) == []
    shop.space["rate"] = 2
    assert [name for name, *_ in inputs(state)] == ["rate"]


def test_after_it_has_forgotten_nothing_was_another_thing(shop: Any) -> None:
    state = State(shop.look)
    inputs(state)
    shop.space["rate"] = 2
    state.forget()
    assert inputs(state) == []


def test_nor_had_a_table_other_entries(shop: Any) -> None:
    state = State(shop.ask)
    inputs(state)
    state.forget()
    shop.table["a"] = 1
    inputs(state)
    shop.table["b"] = 1
    assert inputs(state) == []


def test_unknown_code_that_ran_may_have_changed_what_was_not_looked_at(shop: Any) -> None:
    state = State(shop.look)
    codes = {nodes.id_of(each.__code__): (each.__code__, shop.space) for each in (shop.bump, shop.give)}
    state.look(())
    assert state.may_have_changed(codes)
    assert not state.may_have_changed({nodes.id_of(shop.give.__code__): (shop.give.__code__, shop.space)})
    state.learn(codes)
    assert not state.may_have_changed(codes)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("options", ".level"), "options.level"),
        (("self@7f", ".rows", "[0]", " members"), "self.rows[0]"),
        (("Till", ": total"), "total"),
        (("Till", ".kind", ": total"), "Till.kind.total"),
    ],
)
def test_a_path_is_named_as_code_writes_it(path: tuple[str, ...], name: str) -> None:
    assert name_of(path) == name

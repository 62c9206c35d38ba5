"""What a project keeps for each single object, which one that all share would have once; and memos."""

import weakref
from collections.abc import Iterable
from typing import Any

from tests.unit.probe.zoo import Keeper, specimen

noticed = specimen("noticed")
harmless = specimen(None)


class Parameter:
    def __init__(self, value: int) -> None:
        self.value = value


class Node:
    def __init__(self, name: str) -> None:
        self.name = name
        self.below: list[Node] = []


class Slotted:
    __slots__ = ("__weakref__", "size")

    def __init__(self, size: int) -> None:
        self.size = size


class Bus:
    def __init__(self) -> None:
        self.listeners: Any = weakref.WeakSet()
        self.names: set[str] = set()


def gradients(parameters: Iterable[Parameter]) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in parameters:
        found[id(each)] = found.get(id(each), 0) + each.value
    return found


def sizes(things: Iterable[Slotted]) -> list[int]:
    numbers = {id(thing): thing.size for thing in things}
    return sorted(numbers.values())


def names_below(node: Node, seen: set[int]) -> list[str]:
    if id(node) in seen:
        return []
    seen.add(id(node))
    return [node.name, *(name for each in node.below for name in names_below(each, seen))]


def names_in_turn(node: Node) -> list[str]:
    seen, found, pending = set(), [], [node]
    while pending:
        each = pending.pop()
        if id(each) not in seen:
            seen.add(id(each))
            found.append(each.name)
            pending += each.below
    return found


@noticed
def kept_by_number(keeper: Keeper) -> None:
    parameter = keeper.observe(lambda value: Parameter(value))
    for _ in range(3):
        assert len(gradients([parameter(1), parameter(2)])) == 2


@noticed
def kept_by_number_with_slots(keeper: Keeper) -> None:
    slotted = keeper.observe(lambda size: Slotted(size))
    for _ in range(3):
        assert sizes([slotted(1), slotted(2)]) == [1, 2]


@noticed
def noted_in_a_weak_dictionary(keeper: Keeper) -> None:
    """Each one has a colour of its own."""
    node = keeper.observe(lambda name: Node(name))
    colours: Any = weakref.WeakKeyDictionary()
    for number in range(4):
        colours[node("a")] = f"colour {number}"


@noticed
def found_by_name_as_long_as_it_lives(keeper: Keeper) -> None:
    node = keeper.observe(lambda name: Node(name))
    living: Any = weakref.WeakValueDictionary()
    for _ in range(4):
        living["last"] = node("a")


@noticed
def in_a_weak_set_of_its_own(keeper: Keeper) -> None:
    node = keeper.observe(lambda name: Node(name))

    def join(bus: Bus) -> Node:
        one: Node = node("a")
        bus.listeners.add(one)
        return one

    for _ in range(4):
        bus = Bus()
        joined = join(bus)
        assert [*bus.listeners] == [joined]


@noticed
def in_a_weak_set_that_stays(keeper: Keeper) -> None:
    slotted = keeper.observe(lambda size: Slotted(size))
    known: Any = weakref.WeakSet()
    for _ in range(4):
        known.update([slotted(1)])


@harmless
def walked_down_by_number(keeper: Keeper) -> None:
    """Numbers only keep the walk from going round."""
    node = keeper.observe(lambda name: Node(name))
    for _ in range(4):
        assert names_below(node("a"), set()) == ["a"]


class Tree:
    def __init__(self, name: str) -> None:
        self.name = name
        self.below: list[Tree] = []


@harmless
def memo_in_a_weak_dictionary(keeper: Keeper) -> None:
    """The same is kept of each: it is computed from what they hold."""
    lengths: Any = weakref.WeakKeyDictionary()
    tree = keeper.observe(lambda name: Tree(name))

    def length(one: Tree) -> int:
        if one not in lengths:
            lengths[one] = len(one.name)
        return int(lengths[one])

    assert [length(tree("abc")) for _ in range(4)] == [3] * 4


@harmless
def name_in_a_set(keeper: Keeper) -> None:
    """What is added to a set is a text; the set is none of the weak ones."""
    tree = keeper.observe(lambda name: Tree(name))
    bus = Bus()

    def join() -> str:
        one = tree("a")
        bus.names.add(one.name)
        return str(one.name)

    assert [join() for _ in range(4)] == ["a"] * 4


@harmless
def weakly_referred_to(keeper: Keeper) -> None:
    tree = keeper.observe(lambda name: Tree(name))
    for _ in range(4):
        one = tree("a")
        assert weakref.ref(one)() is one


@harmless
def interned_by_name(keeper: Keeper) -> None:
    """Whoever asks gets the one that lives."""
    living: Any = weakref.WeakValueDictionary()

    def interned(name: str) -> Tree:
        found = living.get(name)
        if found is None:
            found = living[name] = Tree(name)
        return found

    tree = keeper.observe(interned)
    assert [tree("a").name for _ in range(4)] == ["a"] * 4


@harmless
def walked_in_turn(keeper: Keeper) -> None:
    node = keeper.observe(lambda name: Node(name))
    for _ in range(4):
        assert names_in_turn(node("a")) == ["a"]


class Rule:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<Rule {self.name} at {id(self):x}>"


@harmless
def told_with_its_number(keeper: Keeper) -> None:
    rule = keeper.observe(lambda name: Rule(name))
    assert [rule("a").name for _ in range(4)] == ["a"] * 4


@harmless
def numbers_of_others(keeper: Keeper) -> None:
    """``id`` is asked of objects of another class, which have what these have not."""
    tree = keeper.observe(lambda name: Tree(name))
    assert [tree("a").name for _ in range(4)] == ["a"] * 4

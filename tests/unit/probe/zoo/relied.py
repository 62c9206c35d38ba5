"""Two results of equal arguments are told apart by what they are, or only by what they hold."""

import collections
import copy
import weakref
from typing import Any, NamedTuple

import pytest

from tests.unit.probe.zoo import Keeper, specimen

noticed = specimen("noticed")
harmless = specimen(None)

MISSING = object()


class Ticket:
    """Without ``__eq__``."""

    def __init__(self, name: str) -> None:
        self.name = name


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and self.cents == other.cents

    def __hash__(self) -> int:
        return hash(self.cents)


@noticed
def told_apart_by_is(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))

    def distinct() -> bool:
        first, second = ticket("a"), ticket("a")
        return first is not second

    assert all(distinct() for _ in range(3))


@noticed
def counted_in_a_set(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))

    def guests(count: int) -> int:
        return len({ticket("a") for _ in range(count)})

    assert guests(3) == 3


@noticed
def keys_of_a_dictionary(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))
    seats: dict[Ticket, int] = {}
    for number in range(4):
        seats[ticket("a")] = number
    assert len(seats) == 4


@noticed
def keys_of_a_weak_dictionary(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))
    seats: Any = weakref.WeakKeyDictionary()
    kept = []
    for number in range(4):
        kept.append(ticket("a"))
        seats[kept[-1]] = number
    assert len(seats) == 4


@noticed
def kept_by_number_of_place(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))
    seats: dict[int, Ticket] = {}
    for _ in range(4):
        made = ticket("a")
        seats[id(made)] = made
    assert len(seats) == 4


@noticed
def removed_from_a_list(keeper: Keeper) -> None:
    """Removes the second of two, which look alike."""
    ticket = keeper.observe(lambda name: Ticket(name))
    queue = [ticket("a"), ticket("b"), ticket("a")]
    queue.remove(queue[2])
    assert [each.name for each in queue] == ["a", "b"]
    made = ticket("a")
    assert made not in queue


@noticed
def unequal_without_eq(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))

    def compared() -> bool:
        return ticket("a") != ticket("a")

    assert all(compared() for _ in range(3))


@noticed
def uncertain_values(keeper: Keeper) -> None:
    uncertainties = pytest.importorskip("uncertainties")
    reading = keeper.observe(lambda value: uncertainties.ufloat(value, 0.1))
    for _ in range(3):
        assert (reading(1.0) - reading(1.0)).s > 0.1


@noticed
def context_variable_of_its_own(keeper: Keeper) -> None:
    contextvars = pytest.importorskip("contextvars")
    make = keeper.observe(lambda name: contextvars.ContextVar(name))
    for _ in range(3):
        make("a")


@noticed
def future_of_its_own(keeper: Keeper) -> None:
    futures = pytest.importorskip("concurrent.futures")
    make = keeper.observe(lambda name: futures.Future())
    for _ in range(3):
        make("a")


@noticed
def thread_local_of_its_own(keeper: Keeper) -> None:
    threading = pytest.importorskip("threading")
    make = keeper.observe(lambda name: threading.local())
    for _ in range(3):
        make("a")


@noticed
def sentinel_in_a_dictionary(keeper: Keeper) -> None:
    make = keeper.observe(lambda name: {"name": name, "end": object()})
    for _ in range(3):
        make("a")


@harmless
def value_objects_in_a_set(keeper: Keeper) -> None:
    money = keeper.observe(lambda cents: Money(cents))
    assert len({money(1) for _ in range(4)}) == 1


@harmless
def value_objects_as_keys(keeper: Keeper) -> None:
    money = keeper.observe(lambda cents: Money(cents))
    prices: dict[Money, int] = {}
    for number in range(4):
        prices[money(1)] = number
    assert len(prices) == 1


@harmless
def texts_and_tuples_as_keys(keeper: Keeper) -> None:
    class Place(NamedTuple):
        x: int
        y: int

    place = keeper.observe(lambda x: Place(x, x))
    seen = collections.Counter(place(1) for _ in range(4))
    assert seen[Place(1, 1)] == 4


@harmless
def compared_with_none_and_a_mark(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))

    def named(name: str, default: object = MISSING) -> str:
        found = ticket(name)
        if found is None or found is MISSING or default is not MISSING:
            return ""
        return found.name

    assert [named("a") for _ in range(4)] == ["a"] * 4


@harmless
def values_of_a_dictionary(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))
    seats: dict[int, Ticket] = {}
    for number in range(4):
        seats[number] = ticket("a")
    assert len(seats) == 4


@harmless
def kept_in_a_list(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))
    kept = [ticket("a") for _ in range(4)]
    assert {each.name for each in kept} == {"a"}


@harmless
def visited_while_walking(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))

    def walked(name: str) -> int:
        found, visited = ticket(name), set()
        for _ in range(2):
            visited.add(found)
        return len(visited)

    assert [walked("a") for _ in range(4)] == [1] * 4


@harmless
def one_object_in_a_set(keeper: Keeper) -> None:
    only = Ticket("a")
    ticket = keeper.observe(lambda name: only)
    assert len({ticket("a") for _ in range(4)}) == 1


@harmless
def copied_by_its_receiver(keeper: Keeper) -> None:
    ticket = keeper.observe(lambda name: Ticket(name))
    copies = [copy.deepcopy(ticket("a")) for _ in range(4)]
    assert len(copies) == 4


@harmless
def keys_of_other_arguments(keeper: Keeper) -> None:
    """Each argument has an entry of its own, whether cached or not."""
    ticket = keeper.observe(lambda name: Ticket(name))
    seats: dict[Ticket, str] = {}
    for name in ("a", "b", "c"):
        seats[ticket(name)] = name
        ticket(name)
    assert len(seats) == 3

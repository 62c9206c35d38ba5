"""Results that read when they are used and remember it, and those that remember only what they hold."""

import functools
import types
from collections.abc import Iterator
from typing import Any

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

doubt = specimen("doubt")
harmless = specimen(None)


class Query:
    """Rows of a table that are looked up when they are read."""

    def __init__(self, table: list[int], least: int) -> None:
        self._source = types.MappingProxyType({"table": lambda: table})
        self.least = least
        self._result_cache: list[int] | None = None

    def __iter__(self) -> Iterator[int]:
        if self._result_cache is None:
            table = self._source["table"]()
            self._result_cache = [row for row in table if row >= self.least]
        return iter(self._result_cache)


@doubt
def query_over_a_table_that_grows(keeper: Keeper) -> None:
    table = [1]
    select = keeper.observe(lambda least: Query(table, least))
    for number in range(3):
        assert len([*select(0)]) == number + 1
        table.append(number)


@doubt
def query_read_twice_only(keeper: Keeper) -> None:
    """The second result is seen when the process ends."""
    table = [1]
    select = keeper.observe(lambda least: Query(table, least))
    assert [*select(0)] == [1]
    table[0] = 2
    assert [*select(0)] == [2]


@doubt
def cached_property_of_a_table(keeper: Keeper) -> None:
    prices = {"a": 1}

    class Order:
        def __init__(self, name: str) -> None:
            self.name = name

        @functools.cached_property
        def price(self) -> int:
            return prices[self.name]

    order = keeper.observe(lambda name: Order(name))
    for number in range(3):
        prices["a"] = number
        assert order("a").price == number


@doubt
def promise(keeper: Keeper) -> None:
    settings = {"host": "a"}

    class Promise:
        def __init__(self, function: Any) -> None:
            self._function = function

        def get(self) -> Any:
            if self._function is not None:
                self._value, self._function = self._function(), None
            return self._value

    later = keeper.observe(lambda name: Promise(lambda: settings[name]))
    for host in ("a", "b", "c"):
        settings["host"] = host
        assert later("host").get() == host


@doubt
def slot_filled_from_outside(keeper: Keeper) -> None:
    log: list[str] = []

    class Account:
        __slots__ = ("_balance", "name")

        def __init__(self, name: str) -> None:
            self.name, self._balance = name, None

        def balance(self) -> int:
            if self._balance is None:
                self._balance = len(log)
            return self._balance

    account = keeper.observe(lambda name: Account(name))
    for number in range(3):
        assert account("a").balance() == number
        log.append("paid")


@doubt
def table_of_loaded_relations(keeper: Keeper) -> None:
    rows = {"books": ["x"]}

    class Author:
        def __init__(self, name: str) -> None:
            self.name = name
            self._loaded_cache: dict[str, list[str]] = {}

        def related(self, kind: str) -> list[str]:
            return self._loaded_cache.setdefault(kind, [*rows[kind]])

    author = keeper.observe(lambda name: Author(name))
    for number in range(3):
        assert author("ada").related("books")[-1] == "xyz"[number]
        rows["books"] = ["xyz"[number + 1 :][:1]]


@doubt
def rows_within_a_list(keeper: Keeper) -> None:
    table = [1]
    pages = keeper.observe(lambda least: [Query(table, least), Query(table, least)])
    for number in range(3):
        table[0] = number
        assert [*pages(0)[1]] == [number]


@harmless
def query_over_a_table_that_stays(keeper: Keeper) -> None:
    table = [1, 2, 3]
    select = keeper.observe(lambda least: Query(table, least))
    for _ in range(3):
        assert [*select(2)] == [2, 3]


@harmless
def receivers_that_ask_different_things(keeper: Keeper) -> None:
    class Grammar:
        def __init__(self, text: str) -> None:
            self.text = text
            self._rule_cache: dict[str, int] = {}

        def rule(self, name: str) -> int:
            return self._rule_cache.setdefault(name, len(self.text + name))

    parse = keeper.observe(lambda text: Grammar(text))
    for name in ("a", "ab", "b", "a"):
        assert parse("x").rule(name) == 1 + len(name)


@harmless
def receivers_that_read_to_different_depths(keeper: Keeper) -> None:
    class Squares:
        def __init__(self) -> None:
            self._memo: list[int] = []

        def __getitem__(self, index: int) -> int:
            while len(self._memo) <= index:
                self._memo.append(len(self._memo) ** 2)
            return self._memo[index]

    squares = keeper.observe(lambda name: Squares())
    for index in (3, 1, 5, 2):
        assert squares("a")[index] == index**2


@harmless
def receivers_of_which_not_all_ask(keeper: Keeper) -> None:
    class Text:
        def __init__(self, text: str) -> None:
            self.text = text

        @functools.cached_property
        def words(self) -> list[str]:
            return self.text.split()

    read = keeper.observe(lambda text: Text(text))
    for asks in (True, False, True, False):
        text = read("a b")
        assert not asks or text.words == ["a", "b"]


@harmless
def hash_of_its_place_in_memory(keeper: Keeper) -> None:
    class Mark:
        def __init__(self, name: str) -> None:
            self.name, self._hash = name, None

        def hashed(self) -> int:
            if self._hash is None:
                self._hash = hash((self.name, object.__hash__(self)))
            return self._hash

    mark = keeper.observe(lambda name: Mark(name))
    for _ in range(4):
        mark("a").hashed()


@harmless
def memo_that_all_results_share(keeper: Keeper) -> None:
    class Words:
        def __init__(self, memo: dict[str, int]) -> None:
            self._memo = memo

    memo: dict[str, int] = {}
    words = keeper.observe(lambda name: Words(memo))
    for number in range(4):
        words("a")._memo["last"] = number


@harmless
def memo_made_of_its_own_fields(keeper: Keeper) -> None:
    class Shape:
        def __init__(self, side: int) -> None:
            self.side, self._area, self._corners = side, None, None

        def area(self) -> int:
            if self._area is None:
                self._area = self.side**2
                self._corners = [(0, 0), (self.side, self.side)]
            return self._area

    shape = keeper.observe(lambda side: Shape(side))
    for _ in range(4):
        assert shape(3).area() == 9


@harmless
def memo_that_leads_to_a_shared_object(keeper: Keeper) -> None:
    """The registry changes, and a cached result would refer to the same one."""

    class Registry:
        def __init__(self) -> None:
            self.names: list[str] = []

    class Plugin:
        def __init__(self, name: str) -> None:
            self.name, self._registry, self._view = name, None, None

        def registry(self) -> Registry:
            if self._registry is None:
                self._registry, self._view = shared, (self.name, shared)
            return self._registry

    shared = Registry()
    plugin = keeper.observe(lambda name: Plugin(name))
    for number in range(4):
        plugin("a").registry().names.append(str(number))


class CachedProperty(property):
    """One that can be set, as Werkzeug's: the value lies among the attributes of the object."""

    def __set__(self, owner: object, value: object) -> None:
        vars(owner)["parts"] = value

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        if owner is None:
            return self
        if "parts" not in vars(owner):
            vars(owner)["parts"] = super().__get__(owner, kind)
        return vars(owner)["parts"]


class Address:
    def __init__(self, text: str) -> None:
        self.text = text

    @CachedProperty
    def parts(self) -> list[str]:
        return self.text.split("/")


@harmless
def cached_property_that_can_be_set(keeper: Keeper) -> None:
    parse = keeper.observe(lambda text: Address(text))
    for _ in range(3):
        assert parse("a/b").parts == ["a", "b"]


@specimen(HazardKind.ALIASED)
def cached_property_that_its_receiver_changes(keeper: Keeper) -> None:
    parse = keeper.observe(lambda text: Address(text))
    for _ in range(3):
        parse("a/b").text = "c"


@functools.lru_cache
def _below(value: int) -> int:
    return value + (_below(value - 1) if value else 0)


@harmless
def cache_that_is_emptied_before_it_is_used(keeper: Keeper) -> None:
    def total(value: int) -> int:
        _below.cache_clear()
        return _below(value)

    observed = keeper.observe(total)
    assert [observed(5) for _ in range(3)] == [15, 15, 15]


@harmless
def cache_that_is_emptied_after_it_was_used(keeper: Keeper) -> None:
    def total(value: int) -> int:
        found = _below(value)
        _below.cache_clear()
        return found

    observed = keeper.observe(total)
    assert [observed(5) for _ in range(3)] == [15, 15, 15]


@harmless
def cache_of_the_call_itself(keeper: Keeper) -> None:
    def total(value: int) -> int:
        @functools.lru_cache
        def half(number: int) -> int:
            return number // 2

        found = half(value)
        half.cache_clear()
        return found

    observed = keeper.observe(total)
    assert [observed(5) for _ in range(3)] == [2, 2, 2]


@harmless
def empty_cache_that_is_emptied(keeper: Keeper) -> None:
    def forget(name: str) -> str:
        _below.cache_clear()
        return name

    _below.cache_clear()
    observed = keeper.observe(forget)
    for _ in range(3):
        observed("a")

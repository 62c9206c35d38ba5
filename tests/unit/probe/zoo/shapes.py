"""Effects, lazy results and tables of settings in shapes that are less common."""

import array
import itertools
import threading
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from tests.unit.probe.zoo import Keeper, specimen

noticed = specimen("noticed")
harmless = specimen(None)

TABLE: dict[str, list[int]] = {}
LIVE: "weakref.WeakSet[Any]" = weakref.WeakSet()
HISTORY = array.array("l")
SPACE = types.SimpleNamespace(calls=0)
SETTINGS = {"currency": "EUR", "debug": False}


class Named:
    def __init__(self, name: str) -> None:
        self.name = name


def _often(keeper: Keeper, work: Callable[..., Any], *arguments: Any) -> None:
    call = keeper.observe(work)
    for _ in range(40):
        call(*arguments)


@noticed
def counts_in_a_name_space(keeper: Keeper) -> None:
    def work(value: int) -> int:
        SPACE.calls += 1
        return value

    _often(keeper, work, 1)


@noticed
def counts_on_itself(keeper: Keeper) -> None:
    def work(value: int) -> int:
        work.calls += 1  # type: ignore[attr-defined]
        return value

    work.calls = 0  # type: ignore[attr-defined]
    _often(keeper, work, 1)


@noticed
def remembers_in_an_array(keeper: Keeper) -> None:
    def work(value: int) -> int:
        HISTORY.append(value)
        return value

    _often(keeper, work, 1)


@noticed
def registers_what_is_alive(keeper: Keeper) -> None:
    alive = []

    def work(value: int) -> int:
        made = Named(str(value))
        alive.append(made)
        LIVE.add(made)
        return value

    _often(keeper, work, 1)


@noticed
def takes_from_a_semaphore(keeper: Keeper) -> None:
    permits = threading.Semaphore(100)

    def work(value: int) -> int:
        permits.acquire()
        return value

    _often(keeper, work, 1)


@noticed
def takes_the_next_number(keeper: Keeper) -> None:
    numbers = itertools.count()

    def work(value: int) -> int:
        next(numbers)
        return value

    _often(keeper, work, 1)


@noticed
def takes_the_next_of_a_generator(keeper: Keeper) -> None:
    def numbers() -> Iterator[int]:
        yield from range(1000)

    tickets = numbers()

    def work(value: int) -> int:
        next(tickets)
        return value

    _often(keeper, work, 1)


@noticed
def generator_in_a_dictionary(keeper: Keeper) -> None:
    _often(keeper, lambda n: {"rows": (i for i in range(n)), "count": n}, 3)


@noticed
def map_in_a_pair(keeper: Keeper) -> None:
    _often(keeper, lambda n: (n, map(str, range(n))), 3)


@noticed
def iterator_in_an_object(keeper: Keeper) -> None:
    class Page:
        def __init__(self, rows: Iterator[int]) -> None:
            self.rows = rows

    _often(keeper, lambda n: Page(iter(range(n))), 3)


@harmless
def list_in_an_object(keeper: Keeper) -> None:
    class Page:
        def __init__(self, rows: list[int]) -> None:
            self.rows = rows

    _often(keeper, lambda n: Page([*range(n)]), 3)


def _read(keeper: Keeper, make: Callable[[str], Any], use: Callable[[Any], Any]) -> None:
    call = keeper.observe(make)
    for number in range(12):
        keeper.test(f"test_zoo.py::test_{number}")
        TABLE["a"] = [*range(number + 1)]
        use(call("a"))


@noticed
def closure_that_remembers(keeper: Keeper) -> None:
    def make(key: str) -> Callable[[], list[int]]:
        rows: list[int] | None = None

        def read() -> list[int]:
            nonlocal rows
            if rows is None:
                rows = list(TABLE[key])
            return rows

        return read

    _read(keeper, make, lambda read: read())


@noticed
def dictionary_that_fills_itself(keeper: Keeper) -> None:
    class Rows(dict[str, Any]):
        def __missing__(self, key: str) -> Any:
            self[key] = list(TABLE[key])
            return self[key]

    _read(keeper, lambda key: Rows(), lambda rows: rows["a"])


@noticed
def mangled_name(keeper: Keeper) -> None:
    class Query:
        def __init__(self, key: str) -> None:
            self.key = key
            self.__rows: Any = None

        def all(self) -> Any:
            if self.__rows is None:
                self.__rows = list(TABLE[self.key])
            return self.__rows

    _read(keeper, lambda key: Query(key), lambda query: query.all())


@noticed
def slots_that_are_filled(keeper: Keeper) -> None:
    class Query:
        __slots__ = ("_rows", "key")

        def __init__(self, key: str) -> None:
            self.key = key

        def all(self) -> Any:
            try:
                return self._rows
            except AttributeError:
                self._rows: Any = list(TABLE[self.key])
                return self._rows

    _read(keeper, lambda key: Query(key), lambda query: query.all())


@noticed
def public_rows_that_are_filled(keeper: Keeper) -> None:
    class Query:
        def __init__(self, key: str) -> None:
            self.key = key
            self.loaded = False
            self.rows: list[int] = []

        def all(self) -> list[int]:
            if not self.loaded:
                self.rows.extend(TABLE[self.key])
                self.loaded = True
            return self.rows

    _read(keeper, lambda key: Query(key), lambda query: query.all())


@harmless
def closure_that_remembers_its_own(keeper: Keeper) -> None:
    def make(key: str) -> Callable[[], str]:
        made: str | None = None

        def read() -> str:
            nonlocal made
            if made is None:
                made = key * 3
            return made

        return read

    _read(keeper, make, lambda read: read())


def _then(keeper: Keeper, work: Callable[[int], Any], change: Callable[[], Any]) -> None:
    call = keeper.observe(work)
    for argument in (1, 1):
        call(argument)
    keeper.test("test_zoo.py::test_then")
    change()
    for argument in (2, 2):
        call(argument)


@harmless
def another_entry_of_a_table_of_settings(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS["currency"]),
        lambda: keeper.patch.setitem(SETTINGS, "debug", True),
    )


@harmless
def one_more_entry_of_a_table_of_settings(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS.get("currency")),
        lambda: keeper.patch.setitem(SETTINGS, "extra", True),
    )


@noticed
def that_entry_of_a_table_of_settings(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS["currency"]),
        lambda: keeper.patch.setitem(SETTINGS, "currency", "USD"),
    )


@noticed
def entry_that_is_named_by_an_argument(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS[("currency", "debug", "extra")[number]]),
        lambda: keeper.patch.setitem(SETTINGS, "extra", "USD"),
    )


def _shops() -> dict[str, dict[str, object]]:
    return {"shop": {"currency": "EUR", "debug": False}}


@noticed
def entry_of_an_entry(keeper: Keeper) -> None:
    shops = _shops()
    _then(
        keeper,
        lambda number: (number, shops["shop"]["currency"]),
        lambda: keeper.patch.setitem(shops["shop"], "currency", "USD"),
    )


@noticed
def entry_that_comes_later(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS.get("region", "all")),
        lambda: keeper.patch.setitem(SETTINGS, "region", "north"),
    )


@noticed
def all_entries(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS["currency"], len(SETTINGS)),
        lambda: keeper.patch.setitem(SETTINGS, "extra", True),
    )


def _setting(name: str) -> object:
    return SETTINGS[name]


@noticed
def entry_that_a_helper_is_asked_for(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, SETTINGS["debug"], _setting("currency")),
        lambda: keeper.patch.setitem(SETTINGS, "currency", "USD"),
    )

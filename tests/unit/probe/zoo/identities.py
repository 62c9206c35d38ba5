"""Results of which a second one is never the same, and those that are their content."""

import asyncio
import contextlib
import dataclasses
import enum
import multiprocessing
import queue
import re
import threading
import weakref
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from xml.etree import ElementTree

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

stale = specimen(HazardKind.STALE)
doubt = specimen("doubt")
harmless = specimen(None)


def _thrice(function: Any, *args: Any) -> list[Any]:
    return [function(*args) for _ in range(3)]


class Holder:
    """Anything that has a part."""

    def __init__(self, name: str, part: object) -> None:
        self.name = name
        self.part = part


@doubt
def sentinel(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: object()), "a")


@doubt
def lock_within(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: Holder(name, threading.Lock())), "a")


@doubt
def lock_of_asyncio(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: Holder(name, asyncio.Lock())), "a")


@doubt
def semaphores_of_asyncio(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda count: [asyncio.Semaphore(2) for _ in range(count)]), 2)


@doubt
def condition_of_asyncio(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: {"changed": asyncio.Condition()}), "a")


@doubt
def event_of_asyncio(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: Holder(name, asyncio.Event())), "a")


@doubt
def queue_of_threads(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda room: queue.Queue(maxsize=room)), 2)


@stale
def lock_of_processes(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: Holder(name, multiprocessing.get_context("spawn").Lock())), "a")


@doubt
def lock_of_another_library(keeper: Keeper) -> None:
    class Mutex:
        def __init__(self) -> None:
            self.holder: object = None

        async def acquire(self) -> None:
            self.holder = self

        def release(self) -> None:
            self.holder = None

    _thrice(keeper.observe(lambda name: Holder(name, Mutex())), "a")


class Measured:
    """A value with an error; two measurements are independent, one with itself is not."""

    def __init__(self, value: float, error: float) -> None:
        self.value = value
        self.error = error

    def minus(self, other: "Measured") -> "Measured":
        if self is other:
            return Measured(0.0, 0.0)
        return Measured(self.value - other.value, self.error + other.error)


@doubt
def measurement_that_knows_itself(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: Measured(value, 0.5)), 1.0)


class Variable:
    """Equal to others of its value, and hashed by what it is."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Variable) and self.value == other.value

    def __hash__(self) -> int:
        return id(self)


@doubt
def variable_hashed_by_identity(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: Variable(value)), 1.0)


@doubt
def sum_over_variables(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: {"parts": [(2.0, Variable(value)), (1.0, Variable(value))]}), 1.0)


_SHARED = threading.Lock()
_SHARED_ASYNC = asyncio.Event()


@harmless
def frozen_without_eq(keeper: Keeper) -> None:
    @dataclasses.dataclass(frozen=True, eq=False)
    class Point:
        x: int
        y: int

    _thrice(keeper.observe(lambda x: Point(x, x)), 1)


@harmless
def tree_that_asks_for_its_place(keeper: Keeper) -> None:
    class Node:
        def __init__(self, name: str) -> None:
            self.name, self.parent, self.children = name, None, []

        def add(self, child: "Node") -> "Node":
            child.parent = self
            self.children.append(child)
            return self

        def holds(self, other: "Node | None") -> bool:
            while other is not None and self is not other:
                other = other.parent
            return self is other

    _thrice(keeper.observe(lambda name: Node(name).add(Node("b"))), "a")


@harmless
def equal_by_value_with_a_short_cut(keeper: Keeper) -> None:
    class Money:
        def __init__(self, cents: int) -> None:
            self.cents = cents

        def __eq__(self, other: object) -> bool:
            return self is other or (isinstance(other, Money) and self.cents == other.cents)

        def __hash__(self) -> int:
            return hash(self.cents)

    _thrice(keeper.observe(lambda cents: Money(cents)), 1)


@harmless
def compares_with_none_and_a_default(keeper: Keeper) -> None:
    missing = enum.Enum("missing", ["VALUE"])

    class Range:
        def __init__(self, start: int) -> None:
            self.start = start

        def clip(self, other: "Range | None", default: object = missing.VALUE) -> object:
            if other is None or default is not missing.VALUE:
                return default
            return max(self.start, other.start)

    _thrice(keeper.observe(lambda start: Range(start)), 1)


@harmless
def asyncio_event_that_all_share(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: Holder(name, _SHARED_ASYNC)), "a")


@harmless
def result_made_under_a_lock(keeper: Keeper) -> None:
    def locked(name: str) -> list[str]:
        with _SHARED, threading.Lock():
            return [name]

    _thrice(keeper.observe(locked), "a")


@harmless
def settings_that_can_be_set_and_cleared(keeper: Keeper) -> None:
    class Options:
        def __init__(self, **values: int) -> None:
            self.values = values

        def set(self, name: str, value: int) -> None:
            self.values[name] = value

        def get(self, name: str) -> int:
            return self.values[name]

        def clear(self) -> None:
            self.values.clear()

    _thrice(keeper.observe(lambda value: Options(a=value)), 1)


@harmless
def patterns_paths_and_records(keeper: Keeper) -> None:
    class Span(NamedTuple):
        start: int
        pattern: "re.Pattern[str]"

    _thrice(
        keeper.observe(lambda text: [re.compile(text), PurePosixPath(text), Span(1, re.compile(text))]), "a"
    )


@harmless
def parsed_tree(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: ElementTree.fromstring(text)), "<a><b c='d'/></a>")


@harmless
def hash_of_the_id_field(keeper: Keeper) -> None:
    class User:
        def __init__(self, number: int) -> None:
            self.id = number

        def __hash__(self) -> int:
            return hash(self.id)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, User) and self.id == other.id

    _thrice(keeper.observe(lambda number: User(number)), 1)


class FetchError(Exception):
    """A project's own."""


class Uncertain:
    """Told from others with the same value: what is made of it says how much of each it holds."""

    def __init__(self, value: float) -> None:
        self.value = value
        self.parts = {self: 1.0}


class Marked:
    __slots__ = ("among",)

    def __init__(self) -> None:
        self.among = frozenset((self,))


class Borrowed:
    """Gives something back when nobody has it any more."""

    def __init__(self, free: list[int]) -> None:
        weakref.finalize(self, free.append, 1)


class Closing:
    def __init__(self, name: str) -> None:
        self.name = name

    def __del__(self) -> None:
        self.name = ""


def _raise(error: Exception) -> None:
    with contextlib.suppress(type(error)):
        raise error


@doubt
def exception_for_its_receiver_to_raise(keeper: Keeper) -> None:
    make = keeper.observe(lambda code: FetchError(f"failed with {code}"))
    for _ in range(3):
        _raise(make(3))


@doubt
def builtin_exception(keeper: Keeper) -> None:
    make = keeper.observe(lambda name: KeyError(name))
    for _ in range(3):
        _raise(make("a"))


@doubt
def exception_that_was_raised_within(keeper: Keeper) -> None:
    def tried(text: str) -> Exception:
        try:
            int(text)
        except ValueError as error:
            return error
        raise AssertionError

    make = keeper.observe(tried)
    for _ in range(3):
        _raise(make("x"))


@doubt
def key_of_its_own_dictionary(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: Uncertain(value)), 1.5)


@doubt
def member_of_its_own_set(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: Marked()), "a")


@doubt
def gives_back_at_its_end(keeper: Keeper) -> None:
    free: list[int] = []
    make = keeper.observe(lambda size: Borrowed(free))
    for _ in range(3):
        make(2)


@doubt
def closes_at_its_end(keeper: Keeper) -> None:
    make = keeper.observe(lambda name: Closing(name))
    for _ in range(3):
        make("a")


FAILED = FetchError("the same for all")


@harmless
def one_exception_for_all(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: FAILED), "a")


@harmless
def class_of_exceptions(keeper: Keeper) -> None:
    kinds: dict[str, type[Exception]] = {"key": KeyError, "own": FetchError}
    _thrice(keeper.observe(lambda name: kinds[name]), "own")


@harmless
def exceptions_that_nobody_raises(keeper: Keeper) -> None:
    def errors(text: str) -> list[Exception]:
        try:
            int(text)
        except ValueError as error:
            return [error, FetchError(text)]
        return []

    make = keeper.observe(errors)
    for _ in range(3):
        assert [str(error) for error in make("x")][1] == "x"


@harmless
def refers_to_itself(keeper: Keeper) -> None:
    class Node:
        def __init__(self, name: str) -> None:
            self.name = name
            self.root = self
            self.known = {name: self}

    _thrice(keeper.observe(lambda name: Node(name)), "a")


@harmless
def remembered_for_as_long_as_it_lives(keeper: Keeper) -> None:
    lengths: Any = weakref.WeakKeyDictionary()

    class Text:
        def __init__(self, text: str) -> None:
            self.text = text

    make = keeper.observe(lambda text: Text(text))
    for _ in range(3):
        made = make("abc")
        lengths[made] = len(made.text)

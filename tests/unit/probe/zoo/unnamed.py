"""What no name in the code leads to: data of ctypes, weak references, getters, tables behind properties.

And functions of libraries in whose place tests put others.
"""

import ctypes
import functools
import getpass
import locale
import math
import operator
import os
import platform
import random
import socket
import sysconfig
import time
import weakref
from collections import UserDict
from collections.abc import Callable, Generator
from platform import machine
from types import MappingProxyType, SimpleNamespace
from typing import Any, ClassVar
from unittest import mock

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

effect = specimen(HazardKind.SIDE_EFFECT)
doubtful = specimen("doubt")
harmless = specimen(None)


class Stats(ctypes.Structure):
    _fields_: ClassVar = [("calls", ctypes.c_uint), ("last", ctypes.c_int)]


class Either(ctypes.Union):
    _fields_: ClassVar = [("whole", ctypes.c_uint), ("bytes", ctypes.c_ubyte * 4)]


class Unit:
    def __init__(self, factor: float) -> None:
        self.factor = factor


class Style:
    def __init__(self) -> None:
        self.digits = 2
        self._places = 2
        self.inner = SimpleNamespace(digits=2)

    def places(self) -> int:
        return self._places


class Registry:
    _table: ClassVar[dict[str, str]] = {"txt": "text"}
    _order: ClassVar[list[str]] = ["txt"]

    @property
    def table(self) -> dict[str, str]:
        return type(self)._table

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(self._order)

    def register(self, name: str, kind: str) -> None:
        self._table[name] = kind
        self._order.append(name)


class Constants:
    _table: ClassVar[dict[str, float]] = {"m": 1.0, "km": 1000.0}
    seen: ClassVar[list[str]] = []

    @property
    def table(self) -> dict[str, float]:
        return self._table

    def look(self) -> None:
        self.seen.append("look")


CALLS, RATIO, STATS, EITHER = ctypes.c_long(0), ctypes.c_double(0.0), Stats(), Either()
HISTOGRAM, SCALE, LADDER = (ctypes.c_int * 8)(), ctypes.c_double(2.5), (ctypes.c_int * 4)(1, 2, 3, 4)
NAME = ctypes.create_string_buffer(8)
UNITS: weakref.WeakValueDictionary[str, Unit] = weakref.WeakValueDictionary()
POOL: weakref.WeakValueDictionary[str, Unit] = weakref.WeakValueDictionary()
METRE, STYLE, REGISTRY, CONSTANTS = Unit(1.0), Style(), Registry(), Constants()
CURRENT, FIXED, PROXY = weakref.ref(METRE), weakref.ref(STYLE), weakref.proxy(METRE)
RAW = {"sender": "a"}
VIEW, FROZEN = MappingProxyType(RAW), MappingProxyType({"sender": "a"})
STORE: UserDict[str, str] = UserDict(sender="a")
digits_of, inner_digits, places_of = (
    operator.attrgetter("digits"),
    operator.attrgetter("inner.digits"),
    operator.methodcaller("places"),
)
first, weight = operator.itemgetter(0), operator.attrgetter("factor")


def _shown(style: Style, value: float) -> str:
    return f"{value:.{style.digits}f}"


shown = functools.partial(_shown, Style())
rounded = functools.partial(round, ndigits=2)


def unit(name: str) -> Unit:
    found = POOL.get(name)
    if found is None:
        found = POOL[name] = Unit({"m": 1.0, "km": 1000.0}[name])
    return found


def _twice(keeper: Keeper, call: Callable[[Any], Any], *arguments: Any) -> None:
    observed = keeper.observe(call)
    for _ in range(4):
        for argument in arguments or (1, 2):
            observed(argument)


def _then(keeper: Keeper, call: Callable[[Any], Any], change: Callable[[], Any]) -> None:
    """Calls with one argument; after a change, with another one, so that no result differs."""
    observed = keeper.observe(call)
    for _ in range(3):
        observed("a")
    keeper.test("test_zoo.py::test_then")
    change()
    for _ in range(3):
        observed("b")


# Counters in data of ctypes.


@effect
def counter_of_ctypes(keeper: Keeper) -> None:
    def score(number: int) -> int:
        CALLS.value += 1
        return number * 2

    _twice(keeper, score)


@effect
def float_of_ctypes(keeper: Keeper) -> None:
    def score(number: int) -> int:
        RATIO.value += 0.5
        return number * 2

    _twice(keeper, score)


@effect
def field_of_a_structure(keeper: Keeper) -> None:
    def score(number: int) -> int:
        STATS.calls += 1
        return number * 2

    _twice(keeper, score)


@effect
def field_of_a_union(keeper: Keeper) -> None:
    def score(number: int) -> int:
        EITHER.whole += 1
        return number * 2

    _twice(keeper, score)


@effect
def counters_in_an_array_of_ctypes(keeper: Keeper) -> None:
    def score(number: int) -> int:
        HISTOGRAM[number % 8] += 1
        return number * 2

    _twice(keeper, score)


@effect
def counter_of_ctypes_in_a_closure(keeper: Keeper) -> None:
    calls = ctypes.c_ulonglong(0)

    def score(number: int) -> int:
        calls.value += 1
        return number * 2

    _twice(keeper, score)


@doubtful
def number_of_ctypes_that_others_set(keeper: Keeper) -> None:
    def scaled(text: str) -> float:
        return len(text) * RATIO.value

    _then(keeper, scaled, lambda: setattr(RATIO, "value", 77.0))


@harmless
def constants_of_ctypes(keeper: Keeper) -> None:
    _twice(keeper, lambda number: number * SCALE.value + LADDER[number % 4])


@harmless
def own_data_of_ctypes(keeper: Keeper) -> None:
    def score(number: int) -> int:
        own, several = ctypes.c_long(number), (ctypes.c_int * 3)()
        own.value += 1
        several[0] = number
        return own.value + several[0]

    _twice(keeper, score)


@harmless
def buffer_of_ctypes_that_is_only_read(keeper: Keeper) -> None:
    _twice(keeper, lambda number: number + len(NAME.value) + ctypes.sizeof(NAME))


# Behind weak references.


@doubtful
def object_in_a_weak_dictionary(keeper: Keeper) -> None:
    held = UNITS["now"] = Unit(1.0)
    _then(keeper, lambda text: len(text) * UNITS["now"].factor, lambda: setattr(held, "factor", 3.0))


@doubtful
def another_object_in_a_weak_dictionary(keeper: Keeper) -> None:
    held = [Unit(1.0), Unit(2.0)]
    UNITS["now"] = held[0]

    def length(text: str) -> float:
        found = UNITS.get("now")
        return len(text) * (found.factor if found is not None else 0.0)

    _then(keeper, length, lambda: UNITS.__setitem__("now", held[1]))


@doubtful
def object_behind_a_weak_reference(keeper: Keeper) -> None:
    def length(text: str) -> float:
        found = CURRENT()
        return len(text) * (found.factor if found is not None else 0.0)

    try:
        _then(keeper, length, lambda: setattr(METRE, "factor", 2.0))
    finally:
        METRE.factor = 1.0


@doubtful
def object_behind_a_weak_proxy(keeper: Keeper) -> None:
    try:
        _then(keeper, lambda text: len(text) * PROXY.factor, lambda: setattr(METRE, "factor", 2.0))
    finally:
        METRE.factor = 1.0


@harmless
def weak_proxy_of_what_is_gone(keeper: Keeper) -> None:
    gone = weakref.proxy(Unit(1.0))

    def length(text: str) -> float:
        try:
            return gone.factor
        except ReferenceError:
            return len(text)

    _then(keeper, length, lambda: None)


@harmless
def weak_proxy_of_what_stays(keeper: Keeper) -> None:
    _then(keeper, lambda text: len(text) * PROXY.factor, lambda: None)


@effect
def counter_behind_a_weak_reference(keeper: Keeper) -> None:
    def length(number: int) -> int:
        found = FIXED()
        if found is not None:
            found.digits += 1
        return number * 2

    try:
        _twice(keeper, length)
    finally:
        STYLE.digits = 2


@harmless
def weak_pool_that_it_fills_itself(keeper: Keeper) -> None:
    def area(name: str) -> float:
        return unit(name).factor ** 2

    _then(keeper, lambda text: area("m" if text == "a" else "km"), lambda: unit("m"))


@harmless
def weak_reference_to_what_stays(keeper: Keeper) -> None:
    def length(text: str) -> str:
        found = FIXED()
        return f"{len(text):.{found.digits if found is not None else 0}f}"

    _then(keeper, length, lambda: None)


# Named by getters alone.


@doubtful
def attribute_named_by_a_getter(keeper: Keeper) -> None:
    change = functools.partial(keeper.patch.setattr, STYLE, "digits", 5)
    _then(keeper, lambda text: f"{len(text):.{digits_of(STYLE)}f}", change)


@doubtful
def deep_attribute_named_by_a_getter(keeper: Keeper) -> None:
    change = functools.partial(keeper.patch.setattr, STYLE.inner, "digits", 5)
    _then(keeper, lambda text: f"{len(text):.{inner_digits(STYLE)}f}", change)


@doubtful
def attribute_named_by_a_getter_in_a_closure(keeper: Keeper) -> None:
    read, style = operator.attrgetter("digits"), Style()
    _then(keeper, lambda text: f"{len(text):.{read(style)}f}", lambda: setattr(style, "digits", 5))


@doubtful
def attribute_named_by_a_getter_of_a_class(keeper: Keeper) -> None:
    class Reader:
        get = staticmethod(operator.attrgetter("digits"))

    style = Style()
    _then(keeper, lambda text: f"{len(text):.{Reader.get(style)}f}", lambda: setattr(style, "digits", 5))


@doubtful
def method_named_by_a_caller(keeper: Keeper) -> None:
    change = functools.partial(keeper.patch.setattr, STYLE, "_places", 5)
    _then(keeper, lambda text: f"{len(text):.{places_of(STYLE)}f}", change)


@doubtful
def style_that_a_partial_holds(keeper: Keeper) -> None:
    change = functools.partial(keeper.patch.setattr, shown.args[0], "digits", 5)
    _then(keeper, lambda text: shown(len(text)), change)


@harmless
def getters_of_arguments(keeper: Keeper) -> None:
    def ranked(units: tuple[Unit, ...]) -> tuple[float, ...]:
        return tuple(rounded(weight(each)) for each in sorted(units, key=weight))

    _twice(keeper, ranked, (Unit(2.0), Unit(1.0)), (METRE,))


@harmless
def getters_of_items(keeper: Keeper) -> None:
    _twice(keeper, lambda pairs: [first(each) for each in pairs], ((1, 2), (3, 4)), ((5, 6),))


# Tables that only properties lead to.


@doubtful
def table_of_a_class_behind_a_property(keeper: Keeper) -> None:
    def told(name: str) -> str:
        return f"{name} of {sorted(REGISTRY.table)}"

    _then(keeper, told, lambda: REGISTRY.register("png", "image"))


@doubtful
def list_of_a_class_behind_a_property(keeper: Keeper) -> None:
    _then(keeper, lambda name: (name, *REGISTRY.order), lambda: REGISTRY.register("gif", "image"))


@doubtful
def dictionary_of_a_user(keeper: Keeper) -> None:
    _then(keeper, lambda name: name + STORE["sender"], lambda: STORE.__setitem__("sender", "b"))


@harmless
def constant_table_behind_a_property(keeper: Keeper) -> None:
    _then(keeper, lambda name: len(name) * CONSTANTS.table["km"], CONSTANTS.look)


@doubtful
def view_of_a_dictionary(keeper: Keeper) -> None:
    _then(keeper, lambda name: name + VIEW["sender"], lambda: RAW.__setitem__("sender", "b"))


@harmless
def view_of_what_stays(keeper: Keeper) -> None:
    _then(keeper, lambda name: name + FROZEN["sender"], lambda: None)


@effect
def generator_that_is_fed(keeper: Keeper) -> None:
    def collecting() -> Generator[int, int, None]:
        taken: list[int] = []
        while True:
            taken.append((yield len(taken)))

    collector = collecting()
    next(collector)

    def length(number: int) -> int:
        collector.send(number)
        return number * 2

    _twice(keeper, length)


# What is made on first use and kept, or made anew each time.


class Once:
    _one: ClassVar["Once | None"] = None
    _last: ClassVar["Once | None"] = None

    def __init__(self, digits: int = 2) -> None:
        self.digits = digits

    @classmethod
    def get(cls) -> "Once":
        if cls._one is None:
            cls._one = cls()
        return cls._one

    @classmethod
    def anew(cls, digits: int) -> "Once":
        cls._last = cls(digits)
        return cls._last


@doubtful
def settings_made_on_first_use(keeper: Keeper) -> None:
    change = lambda: setattr(Once.get(), "digits", 5)  # noqa: E731
    _then(keeper, lambda text: f"{len(text):.{Once.get().digits}f}", change)


@harmless
def settings_made_on_first_use_that_stay(keeper: Keeper) -> None:
    _then(keeper, lambda text: f"{len(text):.{Once.get().digits}f}", lambda: None)


@harmless
def made_anew_by_each_call_for_its_class(keeper: Keeper) -> None:
    _then(keeper, lambda text: Once.anew(len(text) * 3).digits, lambda: None)


# Functions and classes in whose place tests put others.


def now() -> int:
    return 3


class Client:
    def get(self) -> int:
        return 1

    def used(self) -> str:
        return "used"


CLIENT = Client()


def _with_other(keeper: Keeper, call: Callable[[str], Any], where: object, name: str, other: Any) -> None:
    _then(keeper, call, functools.partial(keeper.patch.setattr, where, name, other))


@doubtful
def another_platform(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (platform.system(), name), platform, "system", lambda: "Windows")


@doubtful
def another_machine_by_its_own_name(keeper: Keeper) -> None:
    own = __import__(__name__, fromlist=["machine"])
    _with_other(keeper, lambda name: (machine(), name), own, "machine", lambda: "arm64")


@doubtful
def another_host(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (socket.gethostname(), name), socket, "gethostname", lambda: "there")


@doubtful
def another_encoding(keeper: Keeper) -> None:
    call = lambda name: (locale.getpreferredencoding(), name)  # noqa: E731
    _with_other(keeper, call, locale, "getpreferredencoding", lambda: "cp1252")


@doubtful
def another_user(keeper: Keeper) -> None:
    keeper.patch.setenv("LOGNAME", "someone")
    _with_other(keeper, lambda name: (getpass.getuser(), name), getpass, "getuser", lambda: "root")


@doubtful
def another_number_of_processors(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (os.cpu_count(), name), os, "cpu_count", lambda: 64)


@doubtful
def a_mock_of_a_platform(keeper: Keeper) -> None:
    stand_in = mock.MagicMock(return_value="win")
    _with_other(keeper, lambda name: (sysconfig.get_platform(), name), sysconfig, "get_platform", stand_in)


@doubtful
def another_function_through_a_helper(keeper: Keeper) -> None:
    def where() -> str:
        return platform.node()

    _with_other(keeper, lambda name: (where(), name), platform, "node", lambda: "x")


@harmless
def another_function_that_it_does_not_name(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: math.sqrt(len(name)), platform, "release", lambda: "1")


@harmless
def sleeping_that_is_patched_away(keeper: Keeper) -> None:
    def patient(name: str) -> int:
        time.sleep(0)
        return len(name)

    _with_other(keeper, patient, time, "sleep", lambda seconds: None)


@harmless
def the_same_functions_all_along(keeper: Keeper) -> None:
    def call(name: str) -> tuple[str, str, float]:
        return platform.python_implementation(), name, math.floor(random.Random(3).random())

    _then(keeper, call, lambda: None)


def _own() -> Any:
    return __import__(__name__, fromlist=["now"])


@doubtful
def another_function_of_its_module(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (now(), name), _own(), "now", lambda: 7)


@doubtful
def another_function_of_another_module(keeper: Keeper) -> None:
    own = _own()
    _with_other(keeper, lambda name: (own.now(), name), own, "now", lambda: 7)


@doubtful
def another_method(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (Client().get(), name), Client, "get", lambda self: 7)


@doubtful
def another_method_of_an_object(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (CLIENT.get(), name), Client, "get", lambda self: 7)


@doubtful
def another_class(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (str(Client().get()), name), _own(), "Client", mock.MagicMock())


@harmless
def another_method_that_it_does_not_name(keeper: Keeper) -> None:
    _with_other(keeper, lambda name: (Client().get(), name), Client, "used", lambda self: "?")


@harmless
def the_same_function_decorated_anew(keeper: Keeper) -> None:
    def made() -> Callable[[], int]:
        return lambda: 7

    keeper.patch.setattr(_own(), "now", made())
    _with_other(keeper, lambda name: (now(), name), _own(), "now", made())


@harmless
def methods_that_stay(keeper: Keeper) -> None:
    _then(keeper, lambda name: (CLIENT.get(), Client().used(), now(), name), lambda: None)

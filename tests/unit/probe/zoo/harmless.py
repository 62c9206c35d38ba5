"""Functions that look dangerous and may be cached."""

import abc
import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import json
import logging
import math
import os
import random
import re
import signal
import sqlite3
import string
import tempfile
import threading
import time
import types
import uuid
import warnings
import weakref
from contextlib import closing, redirect_stdout
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, NamedTuple
from xml.etree import ElementTree

import pytest

from tests.unit.probe.zoo import Keeper, specimen

harmless = specimen(None)

CONSTANT = {"a": 1, "b": (1, 2)}
RATE = 2
VERBOSE = os.environ.get("ZOO_VERBOSE", "")
logger = logging.getLogger("zoo.harmless")
logger.warning("logged at import only") if VERBOSE else None
_memo: dict[Any, Any] = {}
_kept: list[Any] = []
_table: dict[str, int] | None = None
_package_data = Path(__file__).with_name("__init__.py")


class Plain:
    """Without ``__eq__``."""

    def __init__(self, value: object) -> None:
        self.value = value


def _thrice(function: Any, *args: Any, **kwargs: Any) -> list[Any]:
    return [function(*args, **kwargs) for _ in range(3)]


@harmless
def fresh_object_without_eq(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: Plain(value)), 1)


@harmless
def fresh_objects_nested(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: [Plain(Plain(value)), {"a": Plain({value})}]), 1)


@harmless
def fresh_list_that_nobody_changes(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: text.split()), "a b")


@harmless
def same_list_every_time(keeper: Keeper) -> None:
    shared = [1, 2]
    _thrice(keeper.observe(lambda key: shared), 1)


@harmless
def same_registry_that_grows(keeper: Keeper) -> None:
    registry: dict[str, int] = {}
    get = keeper.observe(lambda name: registry)
    get("a")["x"] = 1
    get("a")["y"] = 2
    assert len(get("a")) == 2


@harmless
def tuple_with_a_registry_that_grows(keeper: Keeper) -> None:
    registry: dict[str, int] = {}
    get = keeper.observe(lambda name: (name, registry))
    for number in range(3):
        get("a")[1][str(number)] = number


@harmless
def object_that_refers_to_a_changing_world(keeper: Keeper) -> None:
    world = Plain([])
    make = keeper.observe(lambda name: Plain((name, world)))
    for number in range(3):
        make("a")
        world.value.append(number)


@harmless
def reads_a_constant_global(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda key: (CONSTANT[key], RATE)), "a")


@harmless
def logs_at_debug_level_which_is_off(keeper: Keeper) -> None:
    def work(value: int) -> int:
        logger.debug("value %s", value)
        return value

    _thrice(keeper.observe(work), 1)


@harmless
def environment_read_at_import(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: text + VERBOSE), "a")


@harmless
def opens_a_file_once(keeper: Keeper) -> None:
    file = keeper.path / "table.json"
    file.write_text('{"a": 1}')
    loaded: list[dict[str, int]] = []

    def look_up(key: str) -> int:
        if not loaded:
            loaded.append(json.loads(file.read_text()))
        return loaded[0][key]

    _thrice(keeper.observe(look_up), "a")


@harmless
def lazy_global(keeper: Keeper) -> None:
    def look_up(key: str) -> int:
        global _table
        if _table is None:
            _table = {"a": 1}
        return _table[key]

    keeper.patch.setitem(globals(), "_table", None)
    _thrice(keeper.observe(look_up), "a")


@harmless
def imports_inside(keeper: Keeper) -> None:
    def quote(text: str) -> str:
        import shlex  # noqa: PLC0415

        return shlex.quote(text)

    _thrice(keeper.observe(quote), "a b")


@harmless
def imports_what_is_not_there(keeper: Keeper) -> None:
    def fast() -> bool:
        try:
            import no_such_module_anywhere  # noqa: F401, PLC0415
        except ImportError:
            return False
        return True

    _thrice(keeper.observe(fast))


@harmless
def package_data(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: len(_package_data.read_text())), "a")


def _memoised(value: int) -> list[int]:
    if value not in _memo:
        _memo[value] = [value]
    return _memo[value]


@harmless
def caches_by_itself(keeper: Keeper) -> None:
    _thrice(keeper.observe(_memoised), 1)


@harmless
def caches_by_itself_and_forgets(keeper: Keeper) -> None:
    entries: dict[int, Any] = {}

    def compute(value: int) -> Plain:
        if value not in entries:
            if len(entries) > 1:
                entries.clear()
            entries[value] = Plain(value)
        return entries[value]

    observed = keeper.observe(compute)
    for value in (1, 2, 3, 1, 2, 3, 1):
        observed(value)


@harmless
def calls_a_cached_function(keeper: Keeper) -> None:
    @functools.lru_cache(maxsize=None)
    def inner(value: int) -> Plain:
        return Plain(value)

    _thrice(keeper.observe(lambda value: inner(value).value), 1)


@harmless
def memo_in_an_attribute(keeper: Keeper) -> None:
    class Grammar:
        def __init__(self) -> None:
            self._rule_cache: dict[str, int] = {}

        def rule(self, name: str) -> int:
            return self._rule_cache.setdefault(name, len(name))

    _thrice(keeper.observe(Grammar.rule), Grammar(), "a")


@harmless
def cached_property_of_the_result(keeper: Keeper) -> None:
    class Version:
        def __init__(self, text: str) -> None:
            self.text = text

        @functools.cached_property
        def key(self) -> tuple[str, ...]:
            return tuple(self.text.split("."))

    parse = keeper.observe(lambda text: Version(text))
    for _ in range(3):
        assert parse("1.2").key == ("1", "2")


@harmless
def hash_memo_of_the_result(keeper: Keeper) -> None:
    class Key:
        def __init__(self, text: str) -> None:
            self.text, self._hash, self._parts = text, None, None

        def __hash__(self) -> int:
            if self._hash is None:
                self._hash, self._parts = hash(self.text), self.text.split()
            return self._hash

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Key) and self.text == other.text

    make = keeper.observe(lambda text: Key(text))
    for _ in range(3):
        hash(make("a b"))


@harmless
def lazy_descriptor_of_the_result(keeper: Keeper) -> None:
    class reify:
        def __init__(self, function: Any) -> None:
            self.function = function

        def __get__(self, owner: Any, kind: Any = None) -> Any:
            value = self.function(owner)
            setattr(owner, self.function.__name__, value)
            return value

    class Page:
        @reify
        def words(self) -> list[str]:
            return ["a"]

    make = keeper.observe(lambda name: Page())
    for _ in range(3):
        assert make("a").words == ["a"]


@harmless
def slots_filled_lazily(keeper: Keeper) -> None:
    class Path_:
        __slots__ = ("_text", "parts")

        def __init__(self, *parts: str) -> None:
            self.parts = parts

        def text(self) -> str:
            self._text = "/".join(self.parts)
            return self._text

    make = keeper.observe(lambda name: Path_(name))
    for _ in range(3):
        make("a").text()


@harmless
def lazy_link_to_another_object(keeper: Keeper) -> None:
    class Marker:
        def __init__(self, text: str) -> None:
            self.text, self._inverse = text, None

        def inverse(self) -> "Marker":
            if self._inverse is None:
                self._inverse = Marker("not " + self.text)
            return self._inverse

    parse = keeper.observe(lambda text: Marker(text))
    for _ in range(3):
        parse("a").inverse()


@harmless
def pure_paths(keeper: Keeper) -> None:
    join = keeper.observe(lambda name: PurePosixPath("a") / name / "c")
    for _ in range(3):
        str(join("b")), join("b").parts


@harmless
def not_a_number(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: [value - value, float("nan")]), math.inf)


@harmless
def none(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: None), 1)


@harmless
def not_implemented(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: NotImplemented), 1)


@harmless
def dataclass_result(keeper: Keeper) -> None:
    @dataclasses.dataclass
    class Token:
        text: str
        tags: list[str] = dataclasses.field(default_factory=list)

    _thrice(keeper.observe(lambda text: Token(text, ["a"])), "a")


@harmless
def frozen_dataclass_without_eq(keeper: Keeper) -> None:
    @dataclasses.dataclass(frozen=True, eq=False)
    class Token:
        text: str

    _thrice(keeper.observe(lambda text: (Token(text), Token(text))), "a")


class Segment(NamedTuple):
    text: str
    style: str | None = None

    def upper(self) -> "Segment":
        return Segment(self.text.upper(), self.style)


@harmless
def method_of_a_named_tuple(keeper: Keeper) -> None:
    upper = keeper.observe(Segment.upper)
    for _ in range(3):
        upper(Segment("a"))


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@harmless
def enum_member(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: {Colour(name): Colour.BLUE}), "red")


@harmless
def class_and_module(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: (Plain, json, len, getattr(math, name))), "sin")


@harmless
def set_of_texts(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: (set(text), frozenset(text))), string.ascii_letters)


@harmless
def set_of_objects(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda value: {Plain(value), Plain((value, value))}), 1)


@harmless
def dict_views(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda key: {key: 1}.keys()), "a")


@harmless
def read_only_mapping(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda key: types.MappingProxyType({key: [1]})), "a")


@harmless
def numbers_of_the_library(keeper: Keeper) -> None:
    make = keeper.observe(lambda value: (decimal.Decimal(value), fractions.Fraction(value), complex(1, 2)))
    _thrice(make, "1.5")


@harmless
def dates(keeper: Keeper) -> None:
    parse = keeper.observe(
        lambda text: (
            datetime.date.fromisoformat(text),
            datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc),
            datetime.timedelta(1),
        )
    )
    _thrice(parse, "2020-01-01")


@harmless
def formats_a_given_time(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda moment: time.strftime("%Y", time.gmtime(moment))), 0)


@harmless
def measures_how_long_it_takes(keeper: Keeper) -> None:
    def work(value: int) -> int:
        start = time.perf_counter()
        return value if time.perf_counter() >= start else -1

    _thrice(keeper.observe(work), 1)


@harmless
def uuid_of_a_name(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda name: uuid.uuid5(uuid.NAMESPACE_DNS, name)), "a")


@harmless
def seeded_local_generator(keeper: Keeper) -> None:
    def sample(seed: int) -> list[float]:
        generator = random.Random(seed)
        return [generator.random(), generator.choice([1, 2]), generator.randint(1, 9)]

    _thrice(keeper.observe(sample), 1)


@harmless
def regular_expressions(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: (re.compile(text), re.match("(a)(b)", "ab"))), "a+")


@harmless
def arrays_and_buffers(keeper: Keeper) -> None:
    make = keeper.observe(
        lambda size: (array.array("d", range(size)), bytearray(size), memoryview(bytes(size)))
    )
    _thrice(make, 5)


@harmless
def standard_containers(keeper: Keeper) -> None:
    make = keeper.observe(
        lambda text: (
            collections.deque(text),
            collections.Counter(text),
            collections.OrderedDict.fromkeys(text),
            collections.ChainMap({"a": text}),
            types.SimpleNamespace(text=text),
            range(3),
            slice(1, 2),
        )
    )
    _thrice(make, "abc")


@harmless
def exception_as_a_result(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: ValueError(text)), "a")


@harmless
def always_raises(keeper: Keeper) -> None:
    observed = keeper.observe(lambda text: int(text))
    for _ in range(3):
        with pytest.raises(ValueError, match="invalid"):
            observed("x")
    _thrice(observed, "1")


@harmless
def raises_before_it_returns(keeper: Keeper) -> None:
    ready: list[int] = []
    observed = keeper.observe(lambda value: ready[0])
    with pytest.raises(IndexError):
        observed(1)
    ready.append(1)
    _thrice(observed, 1)


@harmless
def functions_as_results(keeper: Keeper) -> None:
    def make(value: int) -> Any:
        def add(other: int, by: int = value) -> int:
            return value + other + by

        return add, functools.partial(int, base=value), "a".upper, lambda: value

    _thrice(keeper.observe(make), 2)


@harmless
def cyclic_structure(keeper: Keeper) -> None:
    def ring(size: int) -> list[Any]:
        first: list[Any] = [size]
        first.append({"back": first})
        return first

    _thrice(keeper.observe(ring), 1)


@harmless
def parents_and_children(keeper: Keeper) -> None:
    class Node:
        def __init__(self, parent: "Node | None", depth: int) -> None:
            self.parent = parent
            self.children = [Node(self, depth - 1) for _ in range(2)] if depth else []

    _thrice(keeper.observe(lambda depth: Node(None, depth)), 3)


@harmless
def deep_structure(keeper: Keeper) -> None:
    def nest(depth: int) -> list[Any]:
        found: list[Any] = []
        for _ in range(depth):
            found = [found]
        return found

    _thrice(keeper.observe(nest), 5000)


@harmless
def object_with_a_lock(keeper: Keeper) -> None:
    class Guarded:
        def __init__(self, value: int) -> None:
            self.value, self.lock = value, threading.Lock()

    made = keeper.observe(lambda value: Guarded(value).value)
    _thrice(made, 1)


@harmless
def weak_reference_in_the_result(keeper: Keeper) -> None:
    target = Plain(1)
    make = keeper.observe(lambda value: (value, weakref.ref(target)))
    assert _thrice(make, 1)[0][1]() is target


@harmless
def large_list(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda size: list(range(size))), 10**5)


@harmless
def large_text(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda size: "x" * size + str(size)), 10**5)


@harmless
def generator_used_up_inside(keeper: Keeper) -> None:
    def total(most: int) -> int:
        return sum(number * number for number in map(int, iter(range(most))))

    _thrice(keeper.observe(total), 5)


@harmless
def recursion(keeper: Keeper) -> None:
    def fibonacci(number: int) -> int:
        return number if number < 2 else observed(number - 1) + observed(number - 2)

    observed = keeper.observe(fibonacci)
    assert observed(10) == 55


@harmless
def changes_only_its_own_copy(keeper: Keeper) -> None:
    def ordered(items: tuple[int, ...]) -> tuple[int, ...]:
        mine = list(items)
        mine.sort()
        mine.append(0)
        return tuple(mine)

    _thrice(keeper.observe(ordered), (3, 1))


@harmless
def prints_into_memory(keeper: Keeper) -> None:
    def render(text: str) -> str:
        stream = io.StringIO()
        print(text, file=stream)
        stream.write(text)
        wrapped = io.TextIOWrapper(io.BytesIO())
        wrapped.write(text)
        return stream.getvalue()

    _thrice(keeper.observe(render), "a")


@harmless
def temporary_file_that_is_removed(keeper: Keeper) -> None:
    keeper.patch.setattr(tempfile, "tempdir", str(keeper.path))

    def round_trip(text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x"
            file.write_text(text)
            return file.read_text()

    _thrice(keeper.observe(round_trip), "a")


@harmless
def method_without_state(keeper: Keeper) -> None:
    class Formatter:
        def format(self, value: int) -> str:
            return f"<{value}>"

    _thrice(keeper.observe(Formatter.format), Formatter(), 1)


@harmless
def method_of_long_lived_instances(keeper: Keeper) -> None:
    class Formatter:
        def __init__(self, width: int) -> None:
            self.width = width

        def format(self, value: int) -> str:
            return f"{value:{self.width}}"

    formatters = [Formatter(1), Formatter(2)]
    _kept.extend(formatters)
    format_ = keeper.observe(Formatter.format)
    for formatter in formatters * 3:
        format_(formatter, 1)


@harmless
def frozen_value_as_self(keeper: Keeper) -> None:
    @dataclasses.dataclass(frozen=True)
    class Money:
        amount: int

        def double(self) -> "Money":
            return Money(self.amount * 2)

    double = keeper.observe(Money.double)
    for _ in range(3):
        double(Money(1))


@harmless
def equal_arguments_of_different_types_with_equal_results(keeper: Keeper) -> None:
    sign = keeper.observe(lambda value: "positive" if value > 0 else "not")
    for value in (1, True, 1.0, decimal.Decimal(1)):
        sign(value)


@harmless
def equal_arguments_with_different_memos(keeper: Keeper) -> None:
    class Name:
        def __init__(self, text: str) -> None:
            self.text, self._key = text, None

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Name) and self.text == other.text

        def __hash__(self) -> int:
            self._key = hash(self.text)
            return self._key

    length = keeper.observe(lambda name: [len(name.text)])
    for _ in range(3):
        length(Name("a"))


@harmless
def abstract_base_and_metaclass(keeper: Keeper) -> None:
    class Shape(abc.ABC):
        @abc.abstractmethod
        def area(self) -> int: ...

    class Square(Shape):
        def __init__(self, side: int) -> None:
            self.side = side

        def area(self) -> int:
            return self.side**2

    _thrice(keeper.observe(lambda side: Square(side)), 2)


@harmless
def called_from_threads(keeper: Keeper) -> None:
    square = keeper.observe(lambda value: [value * value])
    threads = [threading.Thread(target=_thrice, args=(square, 3)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@harmless
def result_that_is_its_argument(keeper: Keeper) -> None:
    value = Plain([])
    same = keeper.observe(lambda item: item)
    for number in range(3):
        same(value).value.append(number)


@harmless
def cleared_when_the_world_changes(keeper: Keeper) -> None:
    rates = {"a": 1}
    rate = keeper.observe(lambda name: rates[name])
    _thrice(rate, "a")
    rates["a"] = 2
    rate.cache_clear()
    _thrice(rate, "a")


@harmless
def sets_a_variable_and_takes_it_back(keeper: Keeper) -> None:
    def shout(text: str) -> str:
        os.environ["ZOO"] = text
        try:
            return text.upper()
        finally:
            del os.environ["ZOO"]

    _thrice(keeper.observe(shout), "a")


@harmless
def catches_its_own_output(keeper: Keeper) -> None:
    def render(text: str) -> str:
        stream = io.StringIO()
        with redirect_stdout(stream):
            print(text)
        return stream.getvalue()

    _thrice(keeper.observe(render), "a")


@harmless
def writes_to_nowhere(keeper: Keeper) -> None:
    def check(text: str) -> str:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
            nowhere.write(text)
            print(text)
        return text

    _thrice(keeper.observe(check), "a")


@harmless
def named_temporary_file(keeper: Keeper) -> None:
    keeper.patch.setattr(tempfile, "tempdir", str(keeper.path))

    def round_trip(text: str) -> str:
        with tempfile.NamedTemporaryFile("w+") as file:
            file.write(text)
            file.seek(0)
            return file.read()

    _thrice(keeper.observe(round_trip), "a")


@harmless
def warning_that_nobody_is_given(keeper: Keeper) -> None:
    def work(value: int) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.warn("careful", stacklevel=1)
        return value

    _thrice(keeper.observe(work), 1)


@harmless
def warning_that_is_given_once(keeper: Keeper) -> None:
    def work(value: int) -> int:
        warnings.warn("careful", stacklevel=1)
        return value

    observed = keeper.observe(work)
    with warnings.catch_warnings(record=True):
        warnings.resetwarnings()
        warnings.simplefilter("once")
        _thrice(observed, 1)


@harmless
def database_in_memory(keeper: Keeper) -> None:
    def add(value: int) -> int:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("create table number (value)")
            connection.execute("insert into number values (?)", (value,))
            return connection.execute("select value + 1 from number").fetchone()[0]

    if hasattr(sqlite3.Connection, "serialize"):  # since 3.11 it is told which connection was made
        _thrice(keeper.observe(add), 1)
    else:
        _thrice(keeper.observe(lambda value: value + 1), 1)


@harmless
def compiled_code(keeper: Keeper) -> None:
    make = keeper.observe(lambda text: (compile(text, "<zoo>", "eval"), eval(f"lambda x: {text}")))
    _thrice(make, "1 + 2")


@harmless
def elements_written_in_c(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: ElementTree.fromstring(text)), '<a b="1"><c>d</c></a>')


@harmless
def weak_reference_to_itself(keeper: Keeper) -> None:
    class Node:
        def __init__(self, name: str) -> None:
            self.name, self.own = name, weakref.ref(self)

    _thrice(keeper.observe(lambda name: Node(name)), "a")


@harmless
def generator_of_a_subclass_that_is_seeded(keeper: Keeper) -> None:
    class Dice(random.Random):
        def roll(self) -> int:
            return self.randint(1, 6)

    def rolls(seed: int) -> list[int]:
        dice = Dice()
        dice.seed(seed)
        return [dice.roll(), dice.roll()]

    _thrice(keeper.observe(rolls), 1)


@harmless
def memo_in_the_class(keeper: Keeper) -> None:
    class Grammar:
        rules: ClassVar[dict[str, list[str]]] = {}

        def rule(self, name: str) -> list[str]:
            if name not in self.rules:
                self.rules[name] = [name]
            return self.rules[name]

    _thrice(keeper.observe(Grammar.rule), Grammar(), "a")


@harmless
def single_instance(keeper: Keeper) -> None:
    class Application:
        instance: Any = None

        @classmethod
        def get(cls) -> Any:
            if cls.instance is None:
                cls.instance = cls()
            return cls.instance

    get = keeper.observe(Application.get.__func__)
    for number in range(3):
        get(Application).number = number


@harmless
def takes_from_a_pool_and_gives_back(keeper: Keeper) -> None:
    free = [object()]

    def work(value: int) -> int:
        taken = free.pop()
        try:
            return value
        finally:
            free.append(taken)

    _thrice(keeper.observe(work), 1)


@harmless
def state_that_it_does_not_read(keeper: Keeper) -> None:
    class Price:
        def __init__(self) -> None:
            self.rate, self.asked = 2, 0

        def gross(self, net: int) -> int:
            return net * self.rate

    price, gross = Price(), keeper.observe(Price.gross)
    for _ in range(3):
        gross(price, 1)
        price.asked += 1


@harmless
def under_a_lock(keeper: Keeper) -> None:
    lock = threading.Lock()

    def work(value: int) -> int:
        with lock:
            return value

    _thrice(keeper.observe(work), 1)


@harmless
def cached_object_that_refers_to_a_changing_world(keeper: Keeper) -> None:
    world: list[int] = []
    view = keeper.observe(functools.lru_cache(lambda name: Plain((name, world))))
    for number in range(3):
        view("a")
        world.append(number)


@harmless
def handles_a_signal_for_a_while(keeper: Keeper) -> None:
    def work(value: int) -> int:
        before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        try:
            return value
        finally:
            signal.signal(signal.SIGUSR1, before)

    _thrice(keeper.observe(work), 1)


@harmless
def parses_a_date(keeper: Keeper) -> None:
    _thrice(keeper.observe(lambda text: datetime.datetime.strptime(text, "%Y-%m-%d")), "2020-01-02")


@harmless
def logger_that_has_its_handler(keeper: Keeper) -> None:
    handler = logging.NullHandler()

    def named(name: str) -> logging.Logger:
        found = logging.getLogger(name)
        found.addHandler(handler)
        return found

    named("zoo.has")
    _thrice(keeper.observe(named), "zoo.has")

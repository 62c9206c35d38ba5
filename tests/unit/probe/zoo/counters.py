"""Counts and notes kept where few look, and memos in the same places."""

import array
import collections
import contextvars
import decimal
import enum
import functools
import heapq
import itertools
import logging
import os
import queue
import re
import sys
import threading
import types
import weakref
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import pytest

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

effect = specimen(HazardKind.SIDE_EFFECT)
noticed = specimen("noticed")
harmless = specimen(None)


class Value:
    __slots__ = ("__weakref__", "number")

    def __init__(self) -> None:
        self.number = 0


class Metric:
    """As clients of metrics servers are: labels, children, a lock."""

    def __init__(self) -> None:
        self._lock, self._children = threading.Lock(), {}

    def labels(self, *names: str) -> "Metric":
        with self._lock:
            if names not in self._children:
                self._children[names] = Metric()
                self._children[names]._value = Value()
            return self._children[names]

    def inc(self) -> None:
        with self._lock:
            self._value.number += 1


@dataclass
class Stats:
    seen: dict[str, int] = field(default_factory=dict)
    total: int = 0


class Pair(NamedTuple):
    name: str
    items: list[int]


class Level(enum.Enum):
    LOW = 1


class Node:
    def __init__(self, inner: Any) -> None:
        self.inner = inner


METRIC, DEEP = Metric(), Node(Node(Node(Stats())))
BY_CLASS: dict[type, Stats] = {Value: Stats()}
DEQUE: collections.deque[int] = collections.deque(maxlen=3)
NUMBERS, BAG, SEEN = array.array("l"), bytearray(), set()
TALLY: collections.Counter[str] = collections.Counter()
ORDER = collections.OrderedDict.fromkeys("abc")
GROUPS: Any = collections.defaultdict(list)
WEAK: Any = weakref.WeakValueDictionary()
WEAK_SET: Any = weakref.WeakSet()
CHAIN = collections.ChainMap({"n": 0})
USER, USERS = collections.UserDict(n=0), collections.UserList([0])
SPACE, PAIR, HEAP = types.SimpleNamespace(n=0), Pair("a", []), [1]
TASKS: Any = queue.Queue()
LOCAL = threading.local()
CURRENT: Any = contextvars.ContextVar("current")
COUNTS = {"main": Node(itertools.count())}
push = HEAP.append
_memo: dict[int, int] = {}
MEMOS = Node(Node({}))


def _often(function: Any, *args: object) -> None:
    for _ in range(4):
        function(*args)


def _counting(expected: Any) -> Any:
    """Registers a specimen: its function is observed as it stands and called four times with 1."""

    def register(work: Any) -> Any:
        def play(keeper: Keeper) -> None:
            _often(keeper.observe(work), 1)

        play.__name__, play.__module__ = work.__name__, __name__
        specimen(expected)(play)
        return work

    return register


counts = _counting(HazardKind.SIDE_EFFECT)
counts_somehow = _counting("noticed")
pure = _counting(None)


def _helper_with_default(seen: list[int] = []) -> None:  # noqa: B006 - it is the fault
    seen.append(1)


def _helper_with_attribute() -> None:
    _helper_with_attribute.calls += 1


_helper_with_attribute.calls = 0


class Base:
    total: ClassVar[int] = 0
    kept: ClassVar[dict[str, int]] = {"n": 0}

    @classmethod
    def note(cls) -> None:
        cls.total += 1

    @staticmethod
    def keep() -> None:
        Base.kept["n"] += 1


class Derived(Base):
    pass


def _closed() -> Any:
    state = {"n": 0}

    def outer() -> Any:
        def inner() -> None:
            state["n"] += 1

        return inner

    return outer()


_inner = _closed()


@counts
def metric_with_labels(value: int) -> int:
    METRIC.labels("a", "b").inc()
    return value


@counts
def deep_within_objects(value: int) -> int:
    DEEP.inner.inner.inner.total += 1
    return value


@counts
def registry_by_class(value: int) -> int:
    BY_CLASS[Value].total += 1
    return value


@counts
def default_of_a_helper(value: int) -> int:
    _helper_with_default()
    return value


@counts
def attribute_of_a_helper(value: int) -> int:
    _helper_with_attribute()
    return value


@counts
def attribute_of_itself(value: int) -> int:
    attribute_of_itself.calls = getattr(attribute_of_itself, "calls", 0) + 1
    return value


@counts
def class_method_of_a_base(value: int) -> int:
    Derived.note()
    return value


@counts
def static_method_of_a_base(value: int) -> int:
    Derived.keep()
    return value


@counts
def closure_within_a_closure(value: int) -> int:
    _inner()
    return value


@counts
def deque_appended(value: int) -> int:
    DEQUE.append(len(SEEN) + (DEQUE[-1] if DEQUE else 0) + 1)
    return value


@counts
def array_appended(value: int) -> int:
    NUMBERS.append(value)
    return value


@counts
def bytes_extended(value: int) -> int:
    BAG.extend(b"a")
    return value


@counts
def set_added_to(value: int) -> int:
    SEEN.add(len(SEEN))
    return value


@counts
def counter_updated(value: int) -> int:
    TALLY.update("a")
    return value


@counts
def order_turned(value: int) -> int:
    ORDER.move_to_end(next(iter(ORDER)))
    return value


@counts
def group_appended(value: int) -> int:
    GROUPS["a"].append(value)
    return value


@counts
def chain_of_maps(value: int) -> int:
    CHAIN["n"] += 1
    return value


@counts
def user_dictionary(value: int) -> int:
    USER["n"] += 1
    return value


@counts
def user_list(value: int) -> int:
    USERS.append(1)
    return value


@counts
def simple_namespace(value: int) -> int:
    SPACE.n += 1
    return value


@counts
def list_of_a_named_tuple(value: int) -> int:
    PAIR.items.append(value)
    return value


@counts
def attribute_of_a_member(value: int) -> int:
    Level.LOW.asked = getattr(Level.LOW, "asked", 0) + 1
    return value


@counts
def heap_pushed(value: int) -> int:
    heapq.heappush(HEAP, value)
    return value


@counts_somehow
def bound_method_of_a_list(value: int) -> int:
    push(value)
    return value


@counts
def queue_put(value: int) -> int:
    TASKS.put(value)
    return value


@counts
def thread_local_counter(value: int) -> int:
    LOCAL.asked = getattr(LOCAL, "asked", 0) + 1
    return value


@counts
def thread_local_list(value: int) -> int:
    vars(LOCAL).setdefault("items", []).append(value)
    return value


@counts_somehow
def count_in_an_object_in_a_dictionary(value: int) -> int:
    next(COUNTS["main"].inner)
    return value


@counts
def environment_counter(value: int) -> int:
    os.environ["ZOO_COUNT"] = str(int(os.environ.get("ZOO_COUNT", "0")) + 1)
    return value


@counts
def global_through_its_dictionary(value: int) -> int:
    globals()["_asked"] = globals().get("_asked", 0) + 1
    return value


@counts
def attribute_set_by_name(value: int) -> int:
    setattr(sys.modules[__name__], "_set", getattr(sys.modules[__name__], "_set", 0) + 1)  # noqa: B010
    return value


@counts
def instance_dictionary(value: int) -> int:
    vars(DEEP)["asked"] = vars(DEEP).get("asked", 0) + 1
    return value


@effect
def dictionary_of_a_context_variable(keeper: Keeper) -> None:
    def work(value: int) -> int:
        CURRENT.get()["n"] += 1
        return value

    def play() -> None:
        CURRENT.set({"n": 0})
        _often(keeper.observe(work), 1)

    contextvars.copy_context().run(play)


@effect
def weak_values(keeper: Keeper) -> None:
    kept = [Value() for _ in range(4)]
    fresh = iter(kept)

    def work(value: int) -> int:
        WEAK[len(WEAK)] = next(fresh)
        return value

    _often(keeper.observe(work), 1)


@effect
def weak_set(keeper: Keeper) -> None:
    kept: list[Value] = []

    def work(value: int) -> int:
        kept.append(Value())
        WEAK_SET.add(kept[-1])
        return value

    _often(keeper.observe(work), 1)


@effect
def numpy_array_of_the_module(keeper: Keeper) -> None:
    totals = pytest.importorskip("numpy").zeros(3)

    def work(value: int) -> int:
        totals[value] += 1
        return value

    _often(keeper.observe(work), 1)


@effect
def numpy_array_of_self(keeper: Keeper) -> None:
    numpy = pytest.importorskip("numpy")

    class Histogram:
        def __init__(self) -> None:
            self.bins = numpy.zeros(300)

        def add(self, value: int) -> int:
            self.bins[value] += 1
            return value

    _often(keeper.observe(Histogram.add), Histogram(), 250)


@effect
def rounding_for_all(keeper: Keeper) -> None:
    def work(value: int) -> int:
        context = decimal.getcontext()
        context.prec += 1
        return value

    with decimal.localcontext():
        _often(keeper.observe(work), 1)


@effect
def level_of_a_logger(keeper: Keeper) -> None:
    logger = logging.getLogger("zoo.level")

    def work(value: int) -> int:
        logger.setLevel(logger.level + 1)
        return value

    _often(keeper.observe(work), 1)
    logger.setLevel(logging.NOTSET)


@effect
def registered_for_a_type(keeper: Keeper) -> None:
    @functools.singledispatch
    def show(value: object) -> str:
        return ""

    kinds = iter([int, str, bytes, float])

    def work(value: int) -> int:
        show.register(next(kinds), repr)
        return value

    _often(keeper.observe(work), 1)


# --- the same places, and nothing that matters


@pure
def memo_deep_within_objects(value: int) -> int:
    return MEMOS.inner.inner.setdefault(value, value * 2)


@pure
def memo_in_a_default(value: int, _known: dict[int, int] = {}) -> int:  # noqa: B006 - on purpose
    if value not in _known:
        _known[value] = value * 2
    return _known[value]


@pure
def memo_as_an_attribute(value: int) -> int:
    if not hasattr(memo_as_an_attribute, "known"):
        memo_as_an_attribute.known = {}
    return memo_as_an_attribute.known.setdefault(value, value * 2)


@pure
def patterns_kept(value: int) -> bool:
    pattern = _patterns.get(value)
    if pattern is None:
        pattern = _patterns[value] = re.compile(f"a{{{value}}}")
    return bool(pattern.match("a"))


_patterns: dict[int, Any] = {}


@pure
def containers_of_its_own(value: int) -> tuple[Any, ...]:
    last: collections.deque[int] = collections.deque(maxlen=2)
    groups: Any = collections.defaultdict(list)
    tally = collections.Counter("banana")
    for number in range(4):
        last.append(number)
        groups[number % 2].append(value)
    tally["a"] += value
    return last, groups, tally


@pure
def changes_a_copy(value: int) -> int:
    mine = [*HEAP_OF_NAMES]
    mine.append("b")
    return len(mine) * value


HEAP_OF_NAMES = ["a"]
DEPTH = {"n": 0}
INSIDE: set[int] = set()
FIXED: Any = collections.defaultdict(int, a=1)


@pure
def counts_up_and_down(value: int) -> int:
    DEPTH["n"] += 1
    try:
        return value * 2
    finally:
        DEPTH["n"] -= 1


@pure
def guards_against_itself(value: int) -> int:
    if value in INSIDE:
        return 0
    INSIDE.add(value)
    try:
        return value * 2
    finally:
        INSIDE.discard(value)


@pure
def context_variable_set_and_put_back(value: int) -> int:
    token = CURRENT.set(value)
    try:
        return value * 2
    finally:
        CURRENT.reset(token)


@pure
def rounding_of_its_own(value: int) -> decimal.Decimal:
    with decimal.localcontext() as context:
        context.prec = 5
        return decimal.Decimal(value) / 3


@pure
def default_that_is_there_after_the_first_call(value: int) -> int:
    return FIXED["b"] + value


@harmless
def memo_that_forgets_the_oldest(keeper: Keeper) -> None:
    """The order of its entries changes in every call, and nobody can tell."""

    class Recent:
        def __init__(self, size: int) -> None:
            self.size, self.entries = size, collections.OrderedDict()

        def get(self, key: int) -> int:
            if key in self.entries:
                self.entries.move_to_end(key)
            else:
                self.entries[key] = key * 2
                if len(self.entries) > self.size:
                    self.entries.popitem(last=False)
            return self.entries[key]

    recent = Recent(2)
    double = keeper.observe(lambda key: recent.get(key))
    for key in (1, 2, 1, 1, 2, 2, 1):
        double(key)


@harmless
def weak_table_of_values(keeper: Keeper) -> None:
    """Hands out the same object while somebody has it."""
    table: Any = weakref.WeakValueDictionary()

    def intern(name: str) -> Any:
        found = table.get(name)
        if found is None:
            found = table[name] = Node(name)
        return found

    observed = keeper.observe(intern)
    kept = observed("a")
    _often(observed, "a")
    assert kept is observed("a")


@harmless
def numpy_array_of_its_own(keeper: Keeper) -> None:
    numpy = pytest.importorskip("numpy")

    def work(size: int) -> float:
        totals = numpy.zeros(size)
        totals[1] += 1
        return float(totals.sum())

    _often(keeper.observe(work), 4)


@harmless
def numpy_scratch_of_the_module(keeper: Keeper) -> None:
    """Written anew from the arguments in every call."""
    scratch = pytest.importorskip("numpy").zeros(4)

    def work(value: int) -> float:
        scratch[:] = value
        return float(scratch.sum())

    _often(keeper.observe(work), 4)


@harmless
def settings_that_never_change(keeper: Keeper) -> None:
    options = types.MappingProxyType({"rate": Node(Stats(total=3))})
    _often(keeper.observe(lambda value: value * options["rate"].inner.total), 4)

"""What is reached by name: counters deep within, settings of other modules, arguments that cannot be read."""

import csv
import decimal
import hashlib
import io
import itertools
import queue
import re
import struct
import threading
import zlib
from collections.abc import Callable
from typing import Any, ClassVar
from unittest.mock import Mock

import pytest

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

effect = specimen(HazardKind.SIDE_EFFECT)
doubtful = specimen("doubt")
harmless = specimen(None)


class Cell:
    def __init__(self) -> None:
        self.total = 0


class Meter:
    def __init__(self) -> None:
        self.inner = Cell()

    def inc(self) -> None:
        self.inner.total += 1


class Ring:
    def __init__(self) -> None:
        self.items: list[int] = []

    def push(self, item: int) -> None:
        self.items = [*self.items, item]


class Totals:
    shared = Cell()


class Settings:
    def __init__(self) -> None:
        self.currency = "EUR"
        self.debug = False
        self.limits = {"lines": 40}


class Options:
    mark = "."
    grouping = 3


class Rates:
    full = 19
    reduced = 7


METER, RING, SETTINGS, LOCAL = Meter(), {"recent": Ring()}, Settings(), threading.local()
REGISTRY = {"tax": {"calls": 0}, "ports": {"calls": 0}}
PLUGINS: list[dict[str, dict[str, int]]] = [{"seen": {}}]
GOODS: list[str] = []
TABLE: dict[int, int] = {}
UNITS: dict[str, int] = {}
_letters: dict[str, int] | None = None


def bump(group: str) -> None:
    REGISTRY[group]["calls"] += 1


def stock(name: str) -> None:
    GOODS.append(name)


def listed() -> list[str]:
    return [*GOODS]


def squared(number: int) -> int:
    if number not in TABLE:
        TABLE[number] = number * number
    return TABLE[number]


def _counted(function: Callable[[str], str]) -> Callable[[str], str]:
    asked = 0

    def inner(word: str) -> str:
        nonlocal asked
        asked += 1
        return function(word)

    return inner


ending = _counted(lambda word: "es" if word.endswith("s") else "s")


def _often(function: Any, *args: object) -> None:
    for _ in range(4):
        function(*args)


def _in_two_tests(keeper: Keeper, function: Any, change: Callable[[], None], *keys: object) -> None:
    """Call with one key, change something, call with another key in the next test."""
    _often(function, keys[0])
    keeper.test("test_zoo.py::test_later")
    change()
    _often(function, keys[1])


@effect
def counter_in_an_object_within_an_object(keeper: Keeper) -> None:
    def score(text: str) -> int:
        METER.inc()
        return len(text)

    _often(keeper.observe(score), "a")


@effect
def counter_in_a_dictionary_of_a_registry(keeper: Keeper) -> None:
    def duty(value: int) -> int:
        bump("tax")
        return value * 2

    _often(keeper.observe(duty), 1)


@effect
def counter_in_a_default_argument(keeper: Keeper) -> None:
    def area(side: int, _asked: dict[str, int] = {"times": 0}) -> int:  # noqa: B006 - it is the fault
        _asked["times"] += 1
        return side * side

    _often(keeper.observe(area), 3)


@effect
def counter_in_a_keyword_default(keeper: Keeper) -> None:
    def area(side: int, *, asked: list[int] = [0]) -> int:  # noqa: B006 - it is the fault
        asked[0] += 1
        return side * side

    _often(keeper.observe(area), 3)


@effect
def counter_in_an_object_of_a_class(keeper: Keeper) -> None:
    def girth(a: int, b: int) -> int:
        Totals.shared.total += 1
        return 2 * (a + b)

    _often(keeper.observe(girth), 3, 4)


@effect
def counter_in_a_closure_of_a_decorator(keeper: Keeper) -> None:
    def many(word: str) -> str:
        return word + ending(word)

    _often(keeper.observe(many), "bus")


@effect
def list_of_an_object_in_a_dictionary(keeper: Keeper) -> None:
    def distance(a: int, b: int) -> int:
        RING["recent"].push(a)
        return a - b

    _often(keeper.observe(distance), 3, 4)


@effect
def counter_in_a_dictionary_within_a_list(keeper: Keeper) -> None:
    def allowed(user: str) -> bool:
        seen = PLUGINS[0]["seen"]
        seen[user] = seen.get(user, 0) + 1
        return True

    _often(keeper.observe(allowed), "ada")


@doubtful
def iterator_moved_on(keeper: Keeper) -> None:
    def drop(lines: Any, count: int) -> None:
        for _ in range(count):
            next(lines, None)

    _often(keeper.observe(drop), iter(range(100)), 3)


@doubtful
def generator_moved_on(keeper: Keeper) -> None:
    def advance(numbers: Any) -> bool:
        next(numbers)
        return True

    _often(keeper.observe(advance), (n for n in itertools.count()))


@doubtful
def iterators_in_a_tuple(keeper: Keeper) -> None:
    def advance(pair: Any) -> bool:
        next(pair[0])
        return True

    _often(keeper.observe(advance), (iter(range(9)), 1))


@doubtful
def hash_object_fed(keeper: Keeper) -> None:
    def absorb(digest: Any, number: int) -> None:
        digest.update(b"%d" % number)

    _often(keeper.observe(absorb), hashlib.sha256(), 3)


@doubtful
def csv_writer(keeper: Keeper) -> None:
    def write_row(writer: Any, number: int) -> None:
        writer.writerow([number])

    _often(keeper.observe(write_row), csv.writer(io.StringIO()), 3)


@doubtful
def event_set(keeper: Keeper) -> None:
    def finish(event: threading.Event) -> int:
        event.set()
        return 1

    _often(keeper.observe(finish), threading.Event())


@doubtful
def simple_queue(keeper: Keeper) -> None:
    def deposit(box: Any, number: int) -> None:
        box.put(number)

    _often(keeper.observe(deposit), queue.SimpleQueue(), 3)


@doubtful
def compressor(keeper: Keeper) -> None:
    def compress(packer: Any) -> int:
        return len(packer.compress(b"a")) * 0

    _often(keeper.observe(compress), zlib.compressobj())


@doubtful
def settings_object(keeper: Keeper) -> None:
    def amount(cents: int) -> str:
        return f"{cents} {SETTINGS.currency}"

    change = lambda: keeper.patch.setattr(SETTINGS, "currency", "USD")  # noqa: E731
    _in_two_tests(keeper, keeper.observe(amount), change, 150, 275)


@doubtful
def dictionary_of_a_settings_object(keeper: Keeper) -> None:
    def page(number: int) -> int:
        return number * SETTINGS.limits["lines"]

    change = lambda: keeper.patch.setitem(SETTINGS.limits, "lines", 10)  # noqa: E731
    _in_two_tests(keeper, keeper.observe(page), change, 2, 3)


@doubtful
def attribute_of_a_class(keeper: Keeper) -> None:
    def tax(amount: int) -> int:
        return amount * Rates.full

    _in_two_tests(keeper, keeper.observe(tax), lambda: keeper.patch.setattr(Rates, "full", 21), 2, 3)


@doubtful
def thread_local_attribute(keeper: Keeper) -> None:
    def address(path: str) -> str:
        return f"{getattr(LOCAL, 'tenant', 'public')}/{path}"

    change = lambda: keeper.patch.setattr(LOCAL, "tenant", "acme", raising=False)  # noqa: E731
    _in_two_tests(keeper, keeper.observe(address), change, "a", "b")


@doubtful
def list_behind_functions(keeper: Keeper) -> None:
    def shelf(letter: str) -> tuple[str, ...]:
        return tuple(name for name in listed() if name.startswith(letter))

    stock("apple")
    _in_two_tests(keeper, keeper.observe(shelf), lambda: stock("banana"), "a", "b")


@doubtful
def decimal_context(keeper: Keeper) -> None:
    def third(amount: int) -> str:
        return str(decimal.Decimal(amount) / 3)

    seen = keeper.observe(third)
    _often(seen, 1)
    with decimal.localcontext() as context:
        context.prec = 4
        _often(seen, 2)


@doubtful
def attribute_of_self_for_another_key(keeper: Keeper) -> None:
    class Till:
        def __init__(self) -> None:
            self.rate = 3

        def price(self, count: int) -> int:
            return count * self.rate

    till = Till()
    seen = keeper.observe(Till.price)
    _often(seen, till, 1)
    till.rate = 4
    _often(seen, till, 2)


@doubtful
def attribute_that_stands_in_for_that_of_the_class(keeper: Keeper) -> None:
    options = Options()

    def written(number: int) -> str:
        return f"{number}{options.mark}"

    change = lambda: keeper.patch.setattr(options, "mark", ",")  # noqa: E731
    _in_two_tests(keeper, keeper.observe(written), change, 17, 23)


@harmless
def other_attribute_stands_in_for_that_of_the_class(keeper: Keeper) -> None:
    options = Options()

    def written(number: int) -> str:
        return f"{number}{options.mark}"

    change = lambda: keeper.patch.setattr(options, "grouping", 4)  # noqa: E731
    _in_two_tests(keeper, keeper.observe(written), change, 17, 23)


@harmless
def cleared_when_a_setting_changes(keeper: Keeper) -> None:
    def amount(cents: int) -> str:
        return f"{cents} {SETTINGS.currency}"

    seen = keeper.observe(amount)

    def change() -> None:
        keeper.patch.setattr(SETTINGS, "currency", "USD")
        seen.cache_clear()

    _in_two_tests(keeper, seen, change, 150, 275)


@harmless
def other_settings_change(keeper: Keeper) -> None:
    def amount(cents: int) -> str:
        return f"{cents} {SETTINGS.currency}"

    change = lambda: keeper.patch.setattr(SETTINGS, "debug", True)  # noqa: E731
    _in_two_tests(keeper, keeper.observe(amount), change, 150, 275)


@harmless
def other_attribute_of_a_class_changes(keeper: Keeper) -> None:
    def tax(amount: int) -> int:
        return amount * Rates.full

    _in_two_tests(keeper, keeper.observe(tax), lambda: keeper.patch.setattr(Rates, "reduced", 5), 2, 3)


@harmless
def table_that_a_helper_fills(keeper: Keeper) -> None:
    seen = keeper.observe(lambda number: squared(number) + 1)
    _in_two_tests(keeper, seen, lambda: None, 11, 12)


@harmless
def table_made_when_it_is_first_asked(keeper: Keeper) -> None:
    def score(word: str) -> int:
        global _letters
        if _letters is None:
            _letters = {letter: ord(letter) for letter in "abc"}
        return sum(_letters[letter] for letter in word)

    _in_two_tests(keeper, keeper.observe(score), lambda: None, "ab", "ca")


@harmless
def factors_filled_before(keeper: Keeper) -> None:
    UNITS.update(m=1, km=1000)
    _in_two_tests(keeper, keeper.observe(lambda name: UNITS[name] * 2), lambda: None, "m", "km")


@harmless
def counts_in_an_object_of_its_own(keeper: Keeper) -> None:
    def vowels(text: str) -> int:
        meter = Meter()
        for letter in text:
            if letter in "aeiou":
                meter.inc()
        return meter.inner.total

    _often(keeper.observe(vowels), "caterpillar")


@harmless
def hash_object_of_its_own(keeper: Keeper) -> None:
    _often(keeper.observe(lambda text: hashlib.sha256(text.encode()).hexdigest()), "ab")


@harmless
def csv_writer_of_its_own(keeper: Keeper) -> None:
    def table(rows: int) -> str:
        stream = io.StringIO()
        csv.writer(stream).writerows([[row] for row in range(rows)])
        return stream.getvalue()

    _often(keeper.observe(table), 3)


@harmless
def sentinel_as_an_argument(keeper: Keeper) -> None:
    _often(keeper.observe(lambda mark, number: number), object(), 3)


@harmless
def lock_as_an_argument(keeper: Keeper) -> None:
    def guarded(lock: Any, number: int) -> int:
        with lock:
            return number

    _often(keeper.observe(guarded), threading.Lock(), 3)


@harmless
def pattern_as_an_argument(keeper: Keeper) -> None:
    _often(keeper.observe(lambda pattern, text: len(pattern.findall(text))), re.compile("a"), "banana")


@harmless
def layout_as_an_argument(keeper: Keeper) -> None:
    _often(keeper.observe(lambda layout, number: layout.pack(number)), struct.Struct("<I"), 3)


@harmless
def mock_as_an_argument(keeper: Keeper) -> None:
    _often(keeper.observe(lambda source, number: number), Mock(), 3)


@harmless
def function_and_class_as_arguments(keeper: Keeper) -> None:
    _often(keeper.observe(lambda function, kind: function(kind())), repr, int)


@harmless
def other_instances_with_other_state(keeper: Keeper) -> None:
    class Till:
        kept: ClassVar[list[Any]] = []

        def __init__(self, rate: int) -> None:
            self.rate = rate
            self.kept.append(self)

        def price(self) -> int:
            return 2 * self.rate

    seen = keeper.observe(Till.price)
    _often(seen, Till(1))
    keeper.test("test_zoo.py::test_later")
    _often(seen, Till(2))


@doubtful
def global_generator_of_numpy(keeper: Keeper) -> None:
    numpy = pytest.importorskip("numpy")

    def speckle(rows: int) -> int:
        return len(numpy.random.standard_normal(rows))

    _often(keeper.observe(speckle), 3)


@doubtful
def generator_of_numpy_in_a_closure(keeper: Keeper) -> None:
    generator = pytest.importorskip("numpy").random.default_rng(1)

    def some(count: int) -> int:
        return len(generator.integers(0, 9, size=count))

    _often(keeper.observe(some), 3)


@doubtful
def generator_of_numpy_as_an_argument(keeper: Keeper) -> None:
    generator = pytest.importorskip("numpy").random.default_rng(1)
    _often(keeper.observe(lambda source, count: len(source.normal(size=count))), generator, 3)


@harmless
def generator_of_numpy_seeded_within(keeper: Keeper) -> None:
    numpy = pytest.importorskip("numpy")

    def field(seed: int) -> float:
        return float(numpy.random.default_rng(seed).normal(size=9).sum())

    _often(keeper.observe(field), 3)


@harmless
def old_generator_of_numpy_seeded_within(keeper: Keeper) -> None:
    numpy = pytest.importorskip("numpy")

    def field(seed: int) -> float:
        return float(numpy.random.RandomState(seed).uniform(size=9).sum())

    _often(keeper.observe(field), 3)

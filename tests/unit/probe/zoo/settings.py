"""Settings that change for other arguments, of kinds that are no text, number or plain container."""

import collections
import configparser
import datetime
import decimal
import enum
import fractions
import functools
import re
import types
import uuid
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from tests.unit.probe.zoo import Keeper, specimen

doubtful = specimen("doubt")
harmless = specimen(None)


class Mode(enum.Enum):
    FAST = "fast"
    SAFE = "safe"


class Level(enum.IntEnum):
    LOW = 0
    HIGH = 1


class Options:
    def __init__(self) -> None:
        self.value: Any = None
        self.other: Any = None


class ByClass:
    value: Any = "a"


OPTIONS = Options()
PARSER = configparser.ConfigParser()
LAYERS: collections.ChainMap[str, str] = collections.ChainMap({}, {"value": "a"})
WRAPPED: collections.UserDict[str, str] = collections.UserDict(value="a")
SPACE = types.SimpleNamespace(value="a")
FEATURES = {"a", "b"}
HANDLERS: dict[str, Callable[[str], str]] = {}
CURRENT: str | None = None


def _then(keeper: Keeper, work: Callable[[int], Any], change: Callable[[], Any]) -> None:
    """Two calls before something changes and two with another argument after it."""
    call = keeper.observe(work)
    for argument in (1, 1):
        call(argument)
    keeper.test("test_zoo.py::test_then")
    change()
    for argument in (2, 2):
        call(argument)


def _of_options(number: int) -> str:
    return f"{OPTIONS.value} {number}"


def _changes(keeper: Keeper, before: object, after: object, name: str = "value") -> None:
    keeper.patch.setattr(OPTIONS, "value", before)
    _then(keeper, _of_options, functools.partial(keeper.patch.setattr, OPTIONS, name, after))


VALUES = {
    "member_of_an_enum": (Mode.FAST, Mode.SAFE),
    "number_and_member": (0, Level.HIGH),
    "member_and_text": (Mode.FAST, "fast"),
    "decimal_number": (decimal.Decimal("0.19"), decimal.Decimal("0.21")),
    "fraction": (fractions.Fraction(1, 3), fractions.Fraction(2, 3)),
    "date": (datetime.date(2024, 1, 1), datetime.date(2025, 1, 1)),
    "moment": (datetime.datetime(2024, 1, 1), datetime.datetime(2024, 1, 2)),
    "span": (datetime.timedelta(1), datetime.timedelta(2)),
    "path": (PurePosixPath("/a"), PurePosixPath("/b")),
    "uuid": (uuid.UUID(int=1), uuid.UUID(int=2)),
    "pattern": (re.compile("a"), re.compile("b")),
    "frozen_set": (frozenset("ab"), frozenset("ac")),
    "nothing_first": (None, "b"),
    "nothing_then": ("a", None),
    "flag": (False, True),
}
for _name, _pair in VALUES.items():
    _play = functools.partial(lambda keeper, pair: _changes(keeper, *pair), pair=_pair)
    _play.__module__, _play.__name__ = __name__, _name  # type: ignore[attr-defined]
    doubtful(_play)
    _same = functools.partial(lambda keeper, pair: _changes(keeper, pair[0], pair[0]), pair=_pair)
    _same.__module__, _same.__name__ = __name__, f"{_name}_that_stays"  # type: ignore[attr-defined]
    harmless(_same)
    _other = functools.partial(lambda keeper, pair: _changes(keeper, *pair, name="other"), pair=_pair)
    _other.__module__, _other.__name__ = __name__, f"{_name}_that_it_does_not_read"  # type: ignore[attr-defined]
    harmless(_other)


@doubtful
def parser_of_a_file(keeper: Keeper) -> None:
    PARSER.read_dict({"shop": {"currency": "EUR"}})
    _then(
        keeper,
        lambda number: f"{number} {PARSER.get('shop', 'currency')}",
        lambda: PARSER.set("shop", "currency", "USD"),
    )


@harmless
def parser_of_a_file_that_stays(keeper: Keeper) -> None:
    PARSER.read_dict({"shop": {"currency": "EUR"}})
    _then(
        keeper,
        lambda number: f"{number} {PARSER.get('shop', 'currency')}",
        lambda: PARSER.read_dict({"shop": {"currency": "EUR"}}),
    )


@doubtful
def layers(keeper: Keeper) -> None:
    _then(keeper, lambda number: (number, LAYERS["value"]), lambda: LAYERS.update(value="b"))


@doubtful
def wrapped_dictionary(keeper: Keeper) -> None:
    _then(keeper, lambda number: (number, WRAPPED["value"]), lambda: WRAPPED.update(value="b"))


@doubtful
def name_space(keeper: Keeper) -> None:
    _then(keeper, lambda number: (number, SPACE.value), lambda: setattr(SPACE, "value", "b"))


@doubtful
def attribute_of_a_class(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: (number, ByClass.value),
        lambda: keeper.patch.setattr(ByClass, "value", decimal.Decimal(2)),
    )


@doubtful
def features_of_which_as_many_are_on(keeper: Keeper) -> None:
    def change() -> None:
        FEATURES.discard("a")
        FEATURES.add("c")

    _then(keeper, lambda number: (number, "b" in FEATURES), change)


@doubtful
def handler_in_a_table(keeper: Keeper) -> None:
    HANDLERS["page"] = str.upper
    other = lambda text: text + "!"  # noqa: E731
    _then(keeper, lambda number: HANDLERS["page"](str(number)), lambda: HANDLERS.__setitem__("page", other))


def _current(number: int) -> str:
    return f"{CURRENT}: {number}"


@doubtful
def global_that_is_bound_later(keeper: Keeper) -> None:
    _then(keeper, _current, lambda: globals().__setitem__("CURRENT", "b"))
    globals()["CURRENT"] = None


@doubtful
def object_that_is_set_later(keeper: Keeper) -> None:
    _changes(keeper, None, Options())


_MEMO: Any = None


def _filled(number: int) -> int:
    global _MEMO
    if _MEMO is None:
        _MEMO = "filled"
    return number


@harmless
def global_that_it_fills(keeper: Keeper) -> None:
    globals()["_MEMO"] = None
    _then(keeper, _filled, list)

"""Keys and values are shown with their content, and no code of theirs is run."""

import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from hitrate.probe.oracle import shortrepr


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Markup(str):
    __slots__ = ()

    def __repr__(self) -> str:
        raise AssertionError


class Amount(decimal.Decimal):
    def __repr__(self) -> str:
        raise AssertionError

    def __str__(self) -> str:
        raise AssertionError

    def __reduce__(self) -> Any:
        raise AssertionError


class Zone(datetime.tzinfo):
    def __repr__(self) -> str:
        raise AssertionError


@dataclass(frozen=True)
class Order:
    number: int
    due: datetime.date
    total: decimal.Decimal

    def __repr__(self) -> str:
        raise AssertionError


Point = collections.namedtuple("Point", "x y")
MOMENT = datetime.datetime(2024, 1, 1, 12, 30)
TEXTS = [
    (decimal.Decimal("1.5"), "Decimal('1.5')"),
    (fractions.Fraction(3, 4), "Fraction(3, 4)"),
    (datetime.date(2024, 1, 2), "date(2024, 1, 2)"),
    (datetime.datetime(2024, 1, 1), "datetime(2024, 1, 1)"),
    (MOMENT, "datetime(2024, 1, 1, 12, 30)"),
    (MOMENT.replace(tzinfo=datetime.UTC), "datetime(2024, 1, 1, 12, 30, tzinfo=UTC)"),
    (MOMENT.replace(tzinfo=Zone()), "datetime(2024, 1, 1, 12, 30, tzinfo=Zone())"),
    (datetime.time(12, 5), "time(12, 5)"),
    (datetime.timedelta(days=1, seconds=5), "timedelta(days=1, seconds=5)"),
    (datetime.timedelta(), "timedelta(0)"),
    (uuid.UUID(int=5), "UUID('00000000-0000-0000-0000-000000000005')"),
    (pathlib.PurePosixPath("a/b"), "PurePosixPath('a/b')"),
    (range(1, 9, 2), "range(1, 9, 2)"),
    (b"abc", "b'abc'"),
    (Colour.RED, "Colour.RED"),
    (Level.LOW, "Level.LOW"),
    (Point(1, decimal.Decimal("1.5")), "Point(1, Decimal('1.5'))"),
    (
        Order(1, MOMENT.date(), decimal.Decimal(2)),
        "Order(number=1, due=date(2024, 1, 1), total=Decimal('2'))",
    ),
    (Markup("<"), "Markup('<')"),
    ((1, (2, datetime.date(2024, 1, 2))), "(1, (2, date(2024, 1, 2)))"),
    (frozenset({decimal.Decimal(1)}), "frozenset(Decimal('1'))"),
    (bytearray(2), "bytearray of shape (2,)"),
]


@pytest.mark.parametrize(("value", "text"), TEXTS, ids=lambda each: each if type(each) is str else "")
def test_a_key_shows_its_content(value: object, text: str) -> None:
    assert shortrepr.show((value,), {}) == f"({text},)"


def test_a_representation_of_the_code_under_test_is_not_run() -> None:
    assert shortrepr.show((Amount("1.5"),), {"by": Markup("x")}) == "(Amount('1.5'), by=Markup('x'))"


def test_an_argument_among_others_keeps_its_content() -> None:
    text = shortrepr.show((decimal.Decimal("17.25"),), {"on": datetime.date(2024, 2, 29)})
    assert text == "(Decimal('17.25'), on=date(2024, 2, 29))"


def test_one_item_is_no_plural() -> None:
    assert [shortrepr.items(count) for count in (0, 1, 2)] == ["0 items", "1 item", "2 items"]

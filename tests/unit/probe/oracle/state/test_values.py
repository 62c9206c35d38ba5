"""Immutable values, told by what they say."""

import datetime
import decimal
import enum
import pathlib
import re
from collections.abc import Callable

import pytest

from hitrate.probe.oracle.state import values


class Colour(enum.Enum):
    """An enumeration of a project."""

    RED = 1


class OwnDecimal(decimal.Decimal):
    """It may say what it likes."""

    def __repr__(self) -> str:
        raise AssertionError("a class of the project was asked")


@pytest.mark.parametrize(
    "value",
    [
        range(3),
        2j,
        decimal.Decimal("1.0"),
        datetime.date(2024, 2, 29),
        pathlib.PurePosixPath("a"),
        re.compile("a"),
    ],
)
def test_what_cannot_change_says_what_it_is(value: object) -> None:
    assert values.says(value) == repr(value)
    assert values.is_value(value)


@pytest.mark.parametrize("value", [[], {}, object(), OwnDecimal(1), test_what_cannot_change_says_what_it_is])
def test_what_can_change_or_is_of_the_project_says_nothing(value: object) -> None:
    assert values.says(value) is None
    assert not values.is_value(value)


def test_a_member_is_told_by_its_name() -> None:
    assert values.is_value(Colour.RED)
    assert values.member(Colour.RED) == "Colour.RED"


def _made(number: int) -> Callable[[], int]:
    return lambda: number


def test_a_function_is_told_by_where_it_is_written() -> None:
    assert values.entry(_made(1)) == values.entry(_made(2)) != values.entry(_made)
    assert values.entry(Colour) == f"{__name__}.Colour"
    assert values.entry(len) == "len"
    assert values.entry(3) is None


def test_a_set_is_told_in_whatever_order_where_it_is_small_and_plain() -> None:
    assert values.members({"b", "a"}, 2) == values.members(["a", "b"], 2)
    assert values.members({(1,)}, 1) is None
    assert values.members(range(values.MEMBERS + 1), values.MEMBERS + 1) is None

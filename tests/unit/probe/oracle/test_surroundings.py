"""What a function can change besides its arguments."""

from collections.abc import Callable
from typing import Any

import pytest

from hitrate.probe.oracle.surroundings import Surroundings

SOURCE = """
count = 0
table = {}
items = [1]
_cache = {}
other = []

class Settings:
    level = 1

def bump():
    global count
    count += 1

def fill():
    table["a"] = 1

def through_a_helper():
    helper()

def helper():
    items.append(2)

def remember():
    _cache["a"] = 1

def keep():
    result = object()
    other.append(result)
    return result

def level():
    Settings.level = 2

def look():
    return count, table, items, Settings.level
"""


@pytest.fixture
def space() -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": "module"}
    exec(compile(SOURCE, "/project/module.py", "exec"), made)
    return made


def change(space: dict[str, Any], name: str) -> Any:
    function = space[name]
    around = Surroundings(function)
    before = around.look()
    return around.change(before, function())


@pytest.mark.parametrize(
    ("name", "place", "before", "after"),
    [
        ("bump", "count", "0", "1"),
        ("fill", "table", None, None),
        ("through_a_helper", "items", None, None),
        ("level", "Settings.level", "1", "2"),
    ],
)
def test_a_change_that_lasts_is_found(
    space: dict[str, Any], name: str, place: str, before: str | None, after: str | None
) -> None:
    found = change(space, name)
    assert found is not None
    assert found[0].startswith(place)
    if before is not None:
        assert found[1:3] == (before, after)


@pytest.mark.parametrize("name", ["look", "remember"])
def test_a_look_and_a_memo_are_none(space: dict[str, Any], name: str) -> None:
    assert change(space, name) is None


def test_a_closure_is_looked_at_too() -> None:
    def counter() -> Callable[[], int]:
        count = 0

        def bump() -> int:
            nonlocal count
            count += 1
            return count

        return bump

    around = Surroundings(counter())  # type: ignore[arg-type]
    before = around.look()
    around.function()
    found = around.change(before, "something else")
    assert found is not None
    assert found[:3] == ("count", "0", "1")

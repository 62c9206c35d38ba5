"""Where a cache answered, the function is run again to compare with: only if that does nothing to anybody."""

import functools
import types
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.unit.probe.oracle_driver import Driver


class Listed:
    """Enters a list of its module and a table of its class when it is made."""

    by_name: ClassVar[Any] = weakref.WeakValueDictionary()

    def __init__(self, name: str) -> None:
        self.name = name
        MADE.append(name)
        Listed.by_name[name] = self


class Quiet:
    def __init__(self, name: str) -> None:
        self.name, self.parts = name, [CURRENT[0]]
        self.parts.append(name)


MADE: list[str] = []
CURRENT = [""]

ELSEWHERE = """
MADE = []

class Plugin:
    def __init__(self, name):
        self.name = name
        MADE.append(name)

class Thing:
    def __init__(self, name):
        self.name, self.parts = name, {}
        self.parts["name"] = name
"""


def listed(name: str) -> Listed:
    return Listed(name)


def only() -> Listed:
    return Listed("only")


def quiet(name: str) -> Quiet:
    return Quiet(name)


@pytest.fixture
def driver(tmp_path: Path) -> Driver:
    made = Driver(tmp_path)
    made.test("test_run_again.py::test")
    MADE.clear()
    return made


def often(function: Callable[..., Any], *names: str) -> None:
    for _ in range(20):
        if not names:
            function()
        for name in names:
            function(name)


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")])
def test_a_constructor_that_enters_its_object_somewhere_is_not_run_again(
    driver: Driver, names: tuple[str, ...]
) -> None:
    observed = driver.observe(functools.lru_cache(listed))
    often(observed, *names)
    assert [*names] == MADE
    assert all(Listed.by_name[name] is observed(name) for name in names)


def test_nor_is_one_of_a_function_without_arguments(driver: Driver) -> None:
    observed = driver.observe(functools.lru_cache(only))
    often(observed)
    assert MADE == ["only"]


@pytest.mark.parametrize("names", [(), ("a",), ("a", "b", "c")])
def test_nor_is_one_of_another_module(driver: Driver, names: tuple[str, ...]) -> None:
    other = types.ModuleType("other")
    exec(compile(ELSEWHERE, "/project/other.py", "exec"), vars(other))
    space: dict[str, Any] = {"Plugin": other.Plugin}
    exec("def plugin(name='only'):\n    return Plugin(name)\n", space)
    observed = driver.observe(functools.lru_cache(space["plugin"]))
    often(observed, *names)
    assert [*(names or ("only",))] == other.MADE


def test_one_that_changes_itself_alone_is_run_again(driver: Driver) -> None:
    """What it would give now is seen to be another."""
    observed = driver.observe(functools.lru_cache(quiet))
    CURRENT[0] = "first"
    often(observed, "a")
    CURRENT[0] = "second"
    often(observed, "a")
    assert [hazard.kind for hazard in driver.oversights()[0].hazards] == ["stale"]


def test_so_is_one_of_another_module_that_changes_itself_alone(driver: Driver) -> None:
    other = types.ModuleType("other")
    exec(compile(ELSEWHERE, "/project/other.py", "exec"), vars(other))
    space: dict[str, Any] = {"Thing": other.Thing, "CURRENT": [1]}
    exec("def thing():\n    return Thing(CURRENT[0])\n", space)
    observed = driver.observe(functools.lru_cache(space["thing"]))
    often(observed)
    space["CURRENT"][0] = 2
    often(observed)
    assert [hazard.kind for hazard in driver.oversights()[0].hazards] == ["stale"]

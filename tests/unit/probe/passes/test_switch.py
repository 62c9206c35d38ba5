"""Functions and their caches put in each other's place, in this very process."""

import functools
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.unit.probe.passes.trial import Trial

CODE = """
def {name}(number):
    return [number]
"""


@pytest.fixture
def switch(tmp_path: Path) -> ModuleType:
    return Trial(tmp_path).module("switch")


def made(switch: ModuleType, name: str, slot: int = 0) -> dict[str, Any]:
    """A namespace that alone holds a function which is switched."""
    space: dict[str, Any] = {}
    exec(CODE.format(name=name), space)
    space[name] = switch.add(space.pop(name), slot, 8, typed=False, lifted=False)
    return space


def is_cached(space: dict[str, Any], name: str = "f") -> bool:
    return space[name](1) is space[name](1)


def test_every_place_that_names_a_function_is_switched_with_the_others(switch: ModuleType) -> None:
    space = made(switch, "f")
    space["g"], space["many"] = space["f"], [None, space["f"]]
    seen = []
    for on in (False, True, True, False):
        switch.turn(on)
        assert space["f"] is space["g"] is space["many"][1]
        seen.append(is_cached(space))
    assert seen == [False, True, True, False]


def test_where_one_of_them_is_held_none_is_switched_and_what_holds_it_is_named(switch: ModuleType) -> None:
    free, held = made(switch, "f"), made(switch, "f")
    held["holder"] = (held["f"],)
    with pytest.raises(switch.HeldError, match="tuple"):
        switch.turn(False)
    assert is_cached(free)
    assert is_cached(held)
    assert held["holder"] == (held["f"],)


def test_what_is_added_later_stands_as_the_others_stand(switch: ModuleType) -> None:
    switch.turn(False)
    space = made(switch, "f")
    assert not is_cached(space)
    switch.turn(True)
    assert is_cached(space)


def test_the_functions_of_a_slot_are_counted_together(switch: ModuleType) -> None:
    spaces = [made(switch, "f"), made(switch, "f"), made(switch, "f", slot=2)]
    for space in spaces:
        for number in (1, 1, 2):
            space["f"](number)
    assert switch.counts(3) == [(2, 4), (0, 0), (1, 2)]


def test_only_caches_that_were_filled_before_keep_what_they_hold(switch: ModuleType) -> None:
    space = made(switch, "f")
    early, late = functools.lru_cache(len), functools.lru_cache(len)
    early("a")
    space["f"](1)
    kept = switch.entries()
    late("b")
    early("c")
    switch.empty(kept)
    assert (early.cache_info().currsize, late.cache_info().currsize) == (2, 0)
    assert switch.counts(1) == [(0, 0)]  # those that are switched are always emptied

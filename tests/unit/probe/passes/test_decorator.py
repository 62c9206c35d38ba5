"""What patched code is decorated with: the cache in one pass, the function itself in the other."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.probe.passes.trial import Trial


def kept(*numbers: Any) -> list[Any]:
    """A result that tells by its identity whether it came from a cache."""
    return [*numbers]


@pytest.mark.parametrize(("typed", "shared"), [(False, True), (True, False)])
def test_while_caches_are_on_it_gives_the_cache_that_was_asked_for(
    tmp_path: Path, typed: bool, shared: bool
) -> None:
    function = Trial(tmp_path).module("decorator").both(0, 2, typed=typed)(kept)
    assert function.cache_parameters() == {"maxsize": 2, "typed": typed}
    assert function(1) is function(1)
    assert (function(1, 2) is function(1.0, 2)) is shared


def test_while_they_are_off_it_gives_the_function_itself(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    both = trial.module("decorator").both
    trial.module("switch").turn(False)
    assert both(0, None)(kept) is kept


def test_where_a_cache_is_lifted_the_tests_can_still_clear_it(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    both = trial.module("decorator").both
    trial.module("switch").turn(False)
    function = both(0, 8, lifted=True)(kept)
    function.cache_clear()
    assert function(1) is not function(1)
    assert function.cache_info().currsize == 0


def test_a_process_that_makes_no_passes_is_noted(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    decorator = trial.module("decorator")
    trial.module("records").claim()
    decorator.both(0, 8)
    assert trial.lines("elsewhere") == []
    other = Trial(tmp_path)
    other.module("decorator").both(0, 8)
    assert other.lines("elsewhere") == [[os.getpid()]]

"""Small functions that a cache would make wrong, and look-alikes that it would not.

A specimen is a function that gets a keeper, lets it observe a function and calls that as a test suite would.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hitrate.vocabulary import HazardKind
from tests.unit.probe.oracle_driver import Driver


@dataclass(frozen=True)
class Keeper:
    """What a specimen gets.

    Attributes:
        observe: Wraps the function; called once.
        test: Begins another test.
        path: An empty folder.
        patch: pytest's own.
    """

    driver: Driver
    path: Path
    patch: pytest.MonkeyPatch

    def observe(self, function: Callable[..., Any]) -> Any:
        return self.driver.observe(function)

    def test(self, name: str) -> None:
        self.driver.test(name)


@dataclass(frozen=True)
class Specimen:
    """A specimen and what is to be found: a kind of hazard, a ``"doubt"``, either (``"noticed"``) or None."""

    name: str
    play: Callable[[Keeper], None]
    expected: HazardKind | str | None


SPECIMENS: list[Specimen] = []


def specimen(
    expected: HazardKind | str | None,
) -> Callable[[Callable[[Keeper], None]], Callable[[Keeper], None]]:
    def register(play: Callable[[Keeper], None]) -> Callable[[Keeper], None]:
        SPECIMENS.append(Specimen(f"{play.__module__.rpartition('.')[2]}-{play.__name__}", play, expected))
        return play

    return register

"""What code does with what it gets, told from its bytecode."""

import sys
from typing import TYPE_CHECKING

import pytest

from hitrate.probe.oracle.results.uses import Site, site_of, uses_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def compiled(body: str) -> object:
    space: dict[str, object] = {}
    exec(f"def f(a, b, items, self):\n    {body}\n", space)
    return space["f"].__code__  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        ("return a is b", {frozenset("ab")}),
        ("return a is not b", {frozenset("ab")}),
        ("return a == b", {frozenset("ab")}),
        ("self.assertIs(a, b)", {frozenset("ab")}),
        ("return a < b", set()),
        ("return a + b", set()),
        ("return a is None", set()),
    ],
)
def test_names_that_are_compared(body: str, pairs: set[frozenset[str]]) -> None:
    assert uses_of(compiled(body)).pairs == pairs  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "asked"), [("return id(a)", {"a"}), ("return a in items", {"a"}), ("return len(a)", set())]
)
def test_names_whose_identity_is_asked_for(body: str, asked: set[str]) -> None:
    assert uses_of(compiled(body)).asked == asked  # type: ignore[arg-type]


def test_code_is_read_once() -> None:
    code = compiled("return a")
    assert uses_of(code) is uses_of(code)  # type: ignore[arg-type]


def here(noted: list[Site | None]) -> object:
    frame: FrameType | None = sys._getframe().f_back
    assert frame is not None
    noted.append(site_of(frame))
    return object()


def asked_twice(noted: list[Site | None]) -> bool:
    return here(noted) is here(noted)


def test_where_a_call_is_made() -> None:
    noted: list[Site | None] = []
    kept = here(noted)
    assert not asked_twice(noted)
    first, left, right = noted
    assert kept is not None
    assert first is not None
    assert left is not None
    assert right is not None
    assert (first.name, first.is_waiting) == ("kept", False)
    assert left.is_waiting
    assert left.is_open_at(right)
    assert not right.is_open_at(left)
    assert not first.is_open_at(right)
    assert right.is_compared


def test_lambdas_have_sites_too() -> None:
    noted: list[Site | None] = []
    calls: Callable[[], bool] = lambda: here(noted) == here(noted)  # noqa: E731
    assert not calls()
    assert [each is not None for each in noted] == [True, True]

"""Findings of one function: by its parameters' names, and a few times at most."""

from types import SimpleNamespace
from typing import Any

import pytest

from hitrate.probe.oracle.following.findings import REPORTS, SUBJECTS, Findings, raised_by_hash


def asked(a: object, b: object, *rest: object, c: object = 1) -> None: ...


@pytest.fixture
def said() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def findings(said: list[dict[str, Any]]) -> Findings:
    return Findings(SimpleNamespace(current_test="test_x", report=said.append), 3, asked.__code__)  # type: ignore[arg-type]


CALL: Any = SimpleNamespace(args=(1, "x"), kwargs={"c": 2})


def test_the_same_is_said_a_few_times(findings: Findings, said: list[dict[str, Any]]) -> None:
    for _ in range(10):
        findings.report("stale", CALL, cause="state")
    findings.report("stale", CALL, cause="keys")
    assert [one["cause"] for one in said] == ["state"] * REPORTS + ["keys"]
    assert said[0]["slot"] == 3
    assert said[0]["test"] == "test_x"
    assert said[0]["key"] == "(1, 'x', c=2)"


def test_of_very_many_things_no_more_is_said(findings: Findings, said: list[dict[str, Any]]) -> None:
    for number in range(3 * SUBJECTS):
        findings.report("reads", CALL, about="file", what=str(number))
    assert len(said) == SUBJECTS


@pytest.mark.parametrize(
    ("place", "name"),
    [("[0][0]", "a"), ("[0][1].count", "b.count"), ("[0][7][2]", "*args[2]"), ("[1]['c'].x", "c.x")],
)
def test_places_are_named_after_parameters(findings: Findings, place: str, name: str) -> None:
    assert findings.argument(place) == name


def test_arguments_with_their_names(findings: Findings) -> None:
    token: Any = SimpleNamespace(args=(1, 2, 3), kwargs={"c": 4})
    assert list(findings.named_arguments(token)) == [("a", 1), ("b", 2), ("*args", 3), ("c", 4)]


def test_what_a_hash_raises() -> None:
    class Failing:
        def __hash__(self) -> int:
            raise LookupError

    assert raised_by_hash([]) == "TypeError"
    assert raised_by_hash(Failing()) == "LookupError"
    assert raised_by_hash("a") == ""

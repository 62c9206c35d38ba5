"""What was found about a function, in a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.report.content.finding import WORD, both, covers, identities, split, word
from hitrate.vocabulary import HazardKind, Verdict
from tests.unit import reports

FOUND = st.sampled_from([Verdict.DROP, Verdict.RESIZE, Verdict.INCONCLUSIVE]).map(
    lambda one: one.value
) | st.lists(st.sampled_from(HazardKind), min_size=1, max_size=3, unique=True).map(
    lambda kinds: "+".join(["unsafe", *sorted(kind.value for kind in kinds)])
)


@given(FOUND, FOUND, FOUND)
def test_to_accept_is_an_order(one: str, other: str, third: str) -> None:
    assert covers(one, one)
    if covers(one, other) and covers(other, third):
        assert covers(one, third)


@given(FOUND, FOUND)
def test_what_stands_for_two_findings_covers_both(one: str, other: str) -> None:
    joined = both(one, other)
    assert covers(joined, one)
    assert covers(joined, other)
    assert re.fullmatch(WORD, joined)


def test_unsafe_alone_stands_for_every_hazard() -> None:
    assert covers("unsafe", "unsafe+stale")
    assert not covers("unsafe+stale", "unsafe+aliased")
    assert covers("unsafe+stale", "inconclusive")
    assert not covers("resize", "inconclusive")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a.py::f:resize", ("a.py::f", "resize")),
        ("a.py::f", ("a.py::f", None)),
        ("a.py::f:unsafe+stale", ("a.py::f", "unsafe+stale")),
        ("a.py::resize", ("a.py::resize", None)),
    ],
)
def test_a_finding_behind_a_name(written: str, expected: tuple[str, str | None]) -> None:
    assert split(written) == expected


def test_namesakes_are_numbered_as_they_stand_in_their_file() -> None:
    first, second = (reports.win().model_copy(update={"line": line}) for line in (3, 9))
    other = reports.second_win()
    assert identities([second, other, first]) == [f"{first.id}#2", other.id, f"{first.id}#1"]
    assert word(first) == first.verdict.value

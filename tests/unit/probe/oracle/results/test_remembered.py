"""What results remember of what they read when they were first used."""

import pytest

from hitrate.probe.oracle import snapshot
from hitrate.probe.oracle.results.remembered import grown, of
from hitrate.probe.oracle.shortrepr import ABSENT


def node(value: object) -> object:
    return snapshot.take(value).tree


def memo(now: object, new: object = ABSENT, place: str = ".rows") -> tuple[str, object, object]:
    return place, node(now), new if new is ABSENT else node(new)


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ([1, 2], [1, 2], False),
        ([1, 2], [1, 3], True),
        ({"a": 1}, {"a": 2}, True),
        ({"a": 1}, {"b": 2}, False),
    ],
)
def test_results_of_one_key_that_remember_different_things(
    first: object, second: object, differs: bool
) -> None:
    one, other = of(object(), [memo(first)]), of(object(), [memo(second)])  # type: ignore[list-item]
    assert one is not None
    assert other is not None
    assert (one.unlike(other, frozenset()) is not None) is differs


def test_of_what_has_grown_only_what_both_have_counts() -> None:
    rows = [1, 2], [1]  # both live on: two lists with one identity would be one list
    memos = [memo(each, []) for each in rows]
    places = grown(memos)  # type: ignore[arg-type]
    assert places == {".rows"}
    one, other = (of(object(), [each]) for each in memos)  # type: ignore[list-item]
    assert one is not None
    assert other is not None
    assert one.unlike(other, places) is None
    assert one.unlike(other, frozenset()) is not None


def test_hashes_and_what_is_not_set_are_not_remembered() -> None:
    assert of(object(), []) is None
    assert of(object(), [memo(5, place="._hash"), (".rows", None, ABSENT)]) is None  # type: ignore[list-item]


def test_places_that_only_one_has_filled_say_nothing() -> None:
    one, other = of(object(), [memo(1, place=".a")]), of(object(), [memo(2, place=".b")])  # type: ignore[list-item]
    assert one is not None
    assert other is not None
    assert one.unlike(other, frozenset()) is None

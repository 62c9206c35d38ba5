"""What each key's first call gave: told by digests that are the same in every process."""

import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.probe.oracle import snapshot
from hitrate.probe.oracle.resultlog import digest

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


class Thing:
    """With a public and a private part."""

    def __init__(self, public: object, private: object = None) -> None:
        self.public, self._private = public, private


def of(value: object) -> str | None:
    return digest(snapshot.take(value))


@given(plain, plain)
def test_values_are_told_apart(one: object, other: object) -> None:
    assert (of(one) == of(other)) is (repr(one) == repr(other) or _alike(one, other))


def _alike(one: object, other: object) -> bool:
    """Whether they are of the same types and equal all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return one == other


def test_sets_and_tables_are_told_in_whatever_order() -> None:
    assert of({"a": 1, "b": 2}) == of({"b": 2, "a": 1})
    assert of({"a", "b", "c"}) == of({"c", "b", "a"})


def test_objects_are_told_by_class_and_public_attributes() -> None:
    assert of(Thing(1, 2)) == of(Thing(1, 3)) != of(Thing(2, 2))


@pytest.mark.parametrize("value", [threading.Lock(), iter([1]), [iter([1])], [*range(10_000)]])
def test_what_cannot_be_told_or_read_whole_has_no_digest(value: object) -> None:
    assert of(value) is None


def test_digests_are_the_same_in_another_process() -> None:
    value = "[{'b': 1, 'a': (2.5, b'x')}, frozenset({'p', 'q', 'r'})]"
    script = (
        "from hitrate.probe.oracle import snapshot; from hitrate.probe.oracle.resultlog import digest; "
        f"print(digest(snapshot.take({value})))"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == of(eval(value))

"""Any functions that break any tests alone are found, in about as many runs as halving one set takes."""

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitrate.analysis.rounds.grouptesting import find

NAMES = [f"f{number}" for number in range(16)]


class Suite:
    """Tests that fail where all of some set of functions is cached."""

    def __init__(self, causes: Mapping[str, Sequence[Collection[str]]], runs: int = 1_000) -> None:
        self.causes, self.left = causes, runs
        self.made: list[tuple[frozenset[str], tuple[str, ...]]] = []

    def __call__(self, cached: frozenset[str], tests: Sequence[str]) -> list[str] | None:
        if not self.left:
            return None
        self.left -= 1
        self.made.append((cached, tuple(tests)))
        return [test for test in tests if any(set(cause) <= cached for cause in self.causes[test])]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(NAMES), min_size=1), st.data())
def test_each_test_is_told_its_own_culprit(culprits, data):
    called = {
        test: [name for name in NAMES if name == culprit or data.draw(st.booleans())]
        for test, culprit in culprits.items()
    }
    suite = Suite({test: [{culprit}] for test, culprit in culprits.items()})
    found = find(called, suite)
    assert found.culprits == culprits
    assert not found.open


def test_sixteen_culprits_of_sixteen_tests_take_no_more_runs_than_one():
    culprits = dict(zip("abcdefghijklmnop", NAMES, strict=True))
    one, all_of_them = (Suite({test: [{name}] for test, name in culprits.items()}) for _ in range(2))
    find({"c": NAMES}, one)
    found = find(dict.fromkeys(culprits, NAMES), all_of_them)
    assert found.culprits == culprits
    assert len(one.made) <= 1 + math.log2(len(NAMES))
    assert len(all_of_them.made) <= 3 * len(NAMES)


def test_only_the_tests_that_a_run_tells_of_are_run():
    suite = Suite({"a": [{"f0"}], "b": [{"f9"}]})
    find({"a": ["f0", "f1"], "b": ["f8", "f9"]}, suite)
    assert all(tests for _, tests in suite.made)
    for (_, tests), (cached, _) in zip(suite.made, suite.made, strict=True):
        assert "a" not in tests or cached & {"f0", "f1"}


@given(st.sets(st.sampled_from(NAMES), min_size=2, max_size=3))
def test_caches_that_break_only_together_are_left_open_and_never_blamed_alone(cause):
    suite = Suite({"a": [cause]})
    found = find({"a": NAMES}, suite)
    assert not found.culprits
    assert cause <= set(found.open["a"])


@given(st.sets(st.sampled_from(NAMES), min_size=1), st.integers(0, 6))
def test_out_of_means_what_is_said_was_seen(alone, runs):
    suite = Suite({"a": [{name} for name in alone]}, runs)
    found = find({"a": NAMES}, suite)
    assert set(found.culprits.values()) <= alone
    assert all(alone & set(left) for left in found.open.values())
    assert len(suite.made) <= runs


def test_the_first_ones_are_looked_at_first():
    suite = Suite({"a": [{"f15"}]}, 1)
    find({"a": NAMES}, suite)
    assert suite.made[0][0] == set(NAMES[:8])


def test_no_run_is_made_twice_for_a_test():
    suite = Suite({"a": [{"f3"}], "b": [{"f3", "f4"}], "c": [{"f4"}]})
    find(dict.fromkeys("abc", NAMES[:8]), suite)
    assert all(one != other for one, other in pairwise(suite.made))

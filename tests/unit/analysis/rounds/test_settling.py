"""Tests that fail with caches: a cache stays only where it was seen to break none, whatever may be spent."""

from collections.abc import Collection, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from hitrate.analysis.rounds.settling import settle

NAMES = tuple(f"f{number}" for number in range(6))
TESTS = "abcd"


class Suite:
    """Tests that fail where all of some set of functions is cached.

    ``among`` fail so only where all tests are run, ``shaky`` fail in the next run only, ``ill`` always.
    """

    def __init__(self, causes: Mapping[str, Sequence[Collection[str]]], *, runs: int = 1_000) -> None:
        self.causes, self.left = causes, runs
        self.among: set[str] = set()
        self.shaky: set[str] = set()
        self.ill: set[str] = set()
        self.made: list[tuple[frozenset[str], tuple[str, ...]]] = []

    def failing(self, cached: Collection[str], tests: Collection[str]) -> list[str]:
        found = [
            test
            for test in tests
            if test in self.shaky | self.ill or any(set(cause) <= set(cached) for cause in self.causes[test])
        ]
        self.shaky = set()
        return found

    def chosen(self, cached: frozenset[str], tests: Sequence[str]) -> list[str] | None:
        found = self._spend(cached, tests)
        return (
            None if found is None else [test for test in found if test not in self.among or test in self.ill]
        )

    def all(self, cached: frozenset[str]) -> list[str] | None:
        return self._spend(cached, list(self.causes))

    def _spend(self, cached: frozenset[str], tests: Sequence[str]) -> list[str] | None:
        if not self.left:
            return None
        self.left -= 1
        self.made.append((cached, tuple(tests)))
        return self.failing(cached, tests)

    def settled(self, calls: Mapping[str, Sequence[str]]):
        return settle(NAMES, {test: calls[test] for test in self.failing(NAMES, list(self.causes))}, self)


@st.composite
def suites(draw):
    """A suite, and what its tests call, among which is what breaks them."""
    causes = {
        test: draw(st.lists(st.sets(st.sampled_from(NAMES), min_size=1, max_size=2), max_size=2))
        for test in TESTS
    }
    suite = Suite(causes, runs=draw(st.integers(0, 30)))
    suite.among, suite.shaky, suite.ill = (
        draw(st.sets(st.sampled_from(TESTS), max_size=size)) for size in (2, 2, 1)
    )
    called = {
        test: {name for cause in causes[test] for name in cause}
        | draw(st.sets(st.sampled_from(NAMES), min_size=1))
        for test in TESTS
    }
    return suite, {test: [name for name in NAMES if name in names] for test, names in called.items()}


@given(suites())
def test_whatever_keeps_its_cache_breaks_no_test(drawn):
    suite, calls = drawn
    settled = suite.settled(calls)
    assert set(suite.failing(settled.cleared, TESTS)) <= suite.ill
    guilty = {name for names in settled.functions.values() for name in names}
    assert sorted([*settled.cleared, *settled.doubted, *guilty]) == sorted(NAMES)


@given(suites())
def test_a_test_is_broken_by_those_that_are_said_to_break_it(drawn):
    suite, calls = drawn
    for test, names in suite.settled(calls).functions.items():
        assert any(set(cause) <= set(names) for cause in suite.causes[test])


@given(st.dictionaries(st.sampled_from(TESTS), st.sampled_from(NAMES), min_size=1))
def test_with_the_means_each_culprit_is_named_and_no_other_function_loses_its_cache(culprits):
    suite = Suite({test: [{culprits[test]}] if test in culprits else [] for test in TESTS})
    settled = suite.settled(dict.fromkeys(TESTS, NAMES))
    assert set(settled.cleared) == set(NAMES) - set(culprits.values())
    assert {name for names in settled.functions.values() for name in names} == set(culprits.values())
    assert not settled.doubted


def test_one_function_takes_two_small_runs():
    suite = Suite({"a": [{"f0"}], "b": []})
    settled = settle(("f0",), {"a": ["f0"]}, suite)
    assert (settled.functions, settled.cleared) == ({"a": ("f0",)}, ())
    assert suite.made == [(frozenset(), ("a",)), (frozenset({"f0"}), ("a",))]


def test_two_caches_that_break_a_test_together_are_both_named():
    suite = Suite({"a": [{"f1", "f4"}]})
    settled = suite.settled({"a": NAMES})
    assert settled.functions == {"a": ("f1", "f4")}
    assert settled.cleared == ("f0", "f2", "f3", "f5")


def test_without_means_nothing_is_named_and_what_no_failing_test_calls_keeps_its_cache():
    suite = Suite({"a": [{"f1"}]}, runs=0)
    settled = suite.settled({"a": ["f1", "f2"]})
    assert settled.cleared == ("f0", "f3", "f4", "f5")
    assert settled.doubted == {"f1": "a", "f2": "a"}


def test_a_test_that_fails_among_others_only_is_not_cleared_by_running_it_alone():
    suite = Suite({"a": [{"f1"}], "b": []})
    suite.among = {"a"}
    settled = suite.settled({"a": ["f1", "f2"], "b": []})
    assert settled.doubted == {"f1": "a", "f2": "a"}
    assert settled.cleared == ("f0", "f3", "f4", "f5")
    assert suite.made[-1][1] == ("a", "b")


def test_a_flaky_test_costs_no_function_its_cache():
    suite = Suite({"a": [], "b": []})
    suite.shaky = {"a"}
    settled = suite.settled({"a": NAMES, "b": NAMES})
    assert (settled.cleared, settled.flaky) == (NAMES, ("a",))


def test_a_test_that_fails_without_caches_too_costs_none_either():
    suite = Suite({"a": [], "b": [{"f0"}]})
    suite.ill = {"a"}
    settled = suite.settled({"a": NAMES, "b": NAMES})
    assert (settled.cleared, settled.flaky, settled.functions) == (NAMES[1:], ("a",), {"b": ("f0",)})


def test_hundreds_of_tests_that_call_the_same_are_settled_by_a_few():
    suite = Suite({f"t{number}": [{"f3"}] for number in range(300)})
    settled = suite.settled(dict.fromkeys(suite.causes, NAMES))
    assert settled.cleared == (*NAMES[:3], *NAMES[4:])
    assert sum(len(tests) for _, tests in suite.made) < 320
    assert len(suite.made) <= 6

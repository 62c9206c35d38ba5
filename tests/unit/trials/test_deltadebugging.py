"""The search for the caches that break a test."""

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from hitrate.trials.deltadebugging import RUNS, find_culprits

NAMES = tuple(f"m.py::f{number}" for number in range(16))


class Suite:
    """Tests that fail when all functions of one of their groups are cached."""

    def __init__(self, causes: dict[str, Collection[Collection[str]]], always: Collection[str] = ()) -> None:
        self.causes, self.always = causes, set(always)
        self.runs: list[frozenset[str]] = []

    def __call__(self, cached: frozenset[str]) -> set[str]:
        assert cached not in self.runs
        self.runs.append(cached)
        failing = {
            test for test, groups in self.causes.items() if any(cached >= set(group) for group in groups)
        }
        return failing | self.always


def test_one_function_is_found_by_halving() -> None:
    suite = Suite({"t": [[NAMES[11]]]})
    found = find_culprits(NAMES, ["t"], suite)
    assert found.functions == {"t": (NAMES[11],)}
    assert found.runs == len(suite.runs) <= 2 + 2 * 4
    assert found.suspects == {}


def test_tests_share_runs() -> None:
    tests = {f"t{number}": [[NAMES[5]]] for number in range(50)}
    suite = Suite(tests)
    found = find_culprits(NAMES, list(tests), suite)
    assert set(found.functions.values()) == {(NAMES[5],)}
    assert len(suite.runs) <= RUNS


def test_flaky_tests_are_told_from_broken_ones() -> None:
    suite = Suite({"broken": [[NAMES[0]]], "once": []}, always=["shaky"])
    found = find_culprits(NAMES, ["shaky", "broken", "once"], suite)
    assert found.flaky == ("shaky", "once")
    assert found.functions == {"broken": (NAMES[0],)}


def test_two_caches_that_break_only_together() -> None:
    suite = Suite({"t": [[NAMES[2], NAMES[13]]]})
    assert find_culprits(NAMES, ["t"], suite, runs=100).functions == {"t": (NAMES[2], NAMES[13])}


def test_the_budget_ends_the_search_with_what_is_left() -> None:
    suite = Suite({"t": [[NAMES[15]]]})
    found = find_culprits(NAMES, ["t"], suite, runs=4)
    assert len(suite.runs) == found.runs == 4
    assert found.functions == {}
    assert NAMES[15] in found.suspects["t"]
    assert len(found.suspects["t"]) < len(NAMES)


def test_no_time_at_all() -> None:
    found = find_culprits(NAMES, ["t"], Suite({"t": [[NAMES[0]]]}), goes_on=lambda: False)
    assert found.suspects == {"t": NAMES}
    assert found.runs == 0


def test_a_single_function_needs_no_search() -> None:
    suite = Suite({"t": [[NAMES[0]]]})
    assert find_culprits(NAMES[:1], ["t"], suite).functions == {"t": NAMES[:1]}
    assert len(suite.runs) == 2


groups = st.lists(st.sets(st.sampled_from(NAMES), min_size=1, max_size=3), min_size=1, max_size=2)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), groups, min_size=1))
def test_what_is_found_breaks_the_test_and_is_minimal(causes: dict[str, list[set[str]]]) -> None:
    found = find_culprits(NAMES, list(causes), Suite(causes), runs=1000)

    def breaks(test: str, cached: Collection[str]) -> bool:
        return any(set(cached) >= group for group in causes[test])

    for test, functions in found.functions.items():
        assert breaks(test, functions)
        assert not any(breaks(test, [each for each in functions if each != left]) for left in functions)
    assert set(found.functions) == set(causes)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), groups, min_size=1), st.integers(0, 30))
def test_the_budget_is_never_exceeded(causes: dict[str, list[set[str]]], runs: int) -> None:
    suite = Suite(causes)
    found = find_culprits(NAMES, list(causes), suite, runs=runs)
    assert len(suite.runs) == found.runs <= runs
    for test, suspects in found.suspects.items():
        assert any(set(suspects) >= group for group in causes[test])

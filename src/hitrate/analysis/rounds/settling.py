"""Tests that fail with caches: which caches may stay, as few and as small runs as can tell. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hitrate.analysis.rounds import grouptesting
from hitrate.trials.deltadebugging import find_culprits

REPRESENTATIVES = 40
ALIKE = 2
"""So many tests at most that call the same functions stand for all of them in a search."""
MANY = 1_000
"""Runs at most for caches that break a test only together, where means allow them."""

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the caches with which tests failed.

    Attributes:
        functions: For each test that a cache breaks, those that do; several where only all of their
            caches do.
        cleared: Functions whose caches, all together, break no test.
        doubted: For each function that is neither: a test that failed with its cache and others.
        flaky: Tests that fail without any cache too, or did not fail again.
    """

    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cleared: tuple[str, ...] = ()
    doubted: Mapping[str, str] = field(default_factory=dict)
    flaky: tuple[str, ...] = ()


def settle(ranked: Sequence[str], failing: Mapping[str, Sequence[str]], runs: "Reruns") -> Settled:
    """Tell the functions whose caches break tests, and those whose caches may stay.

    Args:
        ranked: The functions that were cached when tests failed, the most useful first.
        failing: Tests that failed, each with those of the functions that it calls.
        runs: Runs tests.
    """
    return _Settling(tuple(ranked), {test: tuple(names) for test, names in failing.items()}, runs).run()


class Reruns(Protocol):
    """Runs tests with some functions cached: ids of those that fail, None where no run can be afforded."""

    def chosen(self, cached: frozenset[str], tests: Sequence[str]) -> Collection[str] | None:
        """Run these tests, by themselves where the runner can."""

    def all(self, cached: frozenset[str]) -> Collection[str] | None:
        """Run everything that was run when tests failed."""


@dataclass(frozen=True, slots=True)
class _Passed:
    """Tests that passed with some functions cached, among ``all`` others or by themselves."""

    cached: frozenset[str]
    tests: frozenset[str]
    all: bool = False


class _Settling:
    def __init__(self, ranked: tuple[str, ...], failing: dict[str, tuple[str, ...]], runs: Reruns) -> None:
        self.ranked, self.failing, self.runs = ranked, failing, runs
        self.passed: list[_Passed] = []
        self.functions: dict[str, tuple[str, ...]] = {}
        self.flaky: dict[str, None] = {}
        self.repeating: list[frozenset[str]] = []  # what tests call that failed again by themselves
        self.alone: set[str] = set()  # passed by themselves, with all that they failed with among others

    def run(self) -> Settled:
        rest, broken = self.ranked, list(self.failing)
        while broken and (confirmed := self.confirmed(self.representatives(broken, rest), rest)):
            blamed = self.blamed(confirmed)
            rest = tuple(name for name in rest if name not in blamed)
            broken = list(self.attempt(frozenset(rest), self.concerned(rest)) or ()) if blamed else []
        if any(not self.repeats(test) for test in self.concerned(rest)):
            self.look_at_all(rest)
        return self.outcome()

    def attempt(self, cached: frozenset[str], tests: Sequence[str]) -> Collection[str] | None:
        failed = self.runs.chosen(cached, tests) if tests else ()
        if failed is not None:
            self.passed.append(_Passed(cached, frozenset(tests) - frozenset(failed)))
        return failed

    def called(self, test: str, names: Collection[str]) -> tuple[str, ...]:
        """Those of the functions that a failed test calls."""
        return tuple(name for name in self.failing[test] if name in names)

    def concerned(self, names: Collection[str]) -> list[str]:
        """The tests that failed, for no other reason that is known, and call one of these."""
        known = frozenset(names)
        return [test for test in self.failing if test not in self.flaky and self.called(test, known)]

    def representatives(self, broken: Sequence[str], rest: Collection[str]) -> list[str]:
        """Some of the broken tests that stand for all of them, those that call the fewest functions first."""
        chosen: list[str] = []
        alike: Counter[tuple[str, ...]] = Counter()
        for test in sorted(broken, key=lambda test: len(self.failing[test])):
            called = self.called(test, rest)
            if called and alike[called] < ALIKE and len(chosen) < REPRESENTATIVES:
                alike[called] += 1
                chosen.append(test)
        return chosen

    def confirmed(self, tests: Sequence[str], rest: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Those of the tests that fail again with the caches and not without, and the functions they call."""
        without = self.runs.chosen(NOTHING, tests) if tests else None
        if without is None:
            return {}
        self.flaky |= dict.fromkeys(without)
        left = [test for test in tests if test not in without]
        failing = self.attempt(frozenset(rest), left)
        if failing is None:
            return {}
        self.alone.update(test for test in left if test not in failing)
        failed = [test for test in left if test in failing]
        self.repeating += [frozenset(self.failing[test]) for test in failed]
        return {test: self.called(test, rest) for test in failed}

    def repeats(self, test: str) -> bool:
        """Whether a test fails by itself too: it calls all that one calls of which that was seen."""
        called = frozenset(self.failing[test])
        return test not in self.alone and any(other <= called for other in self.repeating)

    def blamed(self, confirmed: Mapping[str, tuple[str, ...]]) -> set[str]:
        """Functions that are to go without a cache: those that break tests, and those that may."""
        found = grouptesting.find(confirmed, self.attempt)
        self.functions |= {test: (name,) for test, name in found.culprits.items()}
        blamed = set(found.culprits.values())
        for test, names in found.open.items():
            if blamed.isdisjoint(names):
                blamed.update(self.several(test, names))
        return blamed

    def several(self, test: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """Functions that break a test only together; all that it may be where that cannot be told."""

        def failing(cached: frozenset[str]) -> Collection[str]:
            if not cached or cached == frozenset(names):
                return (test,) if cached else ()
            failed = self.attempt(cached, [test])
            if failed is None:
                raise _CannotBeToldError
            return failed

        try:
            together = find_culprits(names, [test], failing, runs=MANY).functions.get(test)
        except _CannotBeToldError:
            together = None
        if together is None:
            return names
        self.functions[test] = together
        return together

    def look_at_all(self, rest: tuple[str, ...]) -> None:
        """Run everything again: tests that fail only among others show nothing by themselves."""
        failed = self.runs.all(frozenset(rest))
        if failed is None:
            return
        if rest == self.ranked:
            self.flaky |= dict.fromkeys(test for test in self.failing if test not in failed)
        self.passed.append(_Passed(frozenset(rest), frozenset(self.failing) - frozenset(failed), all=True))

    def outcome(self) -> Settled:
        """A function keeps its cache only where all its tests were seen passing with it and the others'."""
        guilty = {name for names in self.functions.values() for name in names}
        cleared: list[str] = []
        doubted: dict[str, str] = {}
        for name in self.ranked:
            if name in guilty:
                continue
            tests = (test for test in self.concerned([name]) if not self.held(test, [*cleared, name]))
            open_test = next(tests, None)
            if open_test is None:
                cleared.append(name)
            else:
                doubted[name] = open_test
        return Settled(self.functions, tuple(cleared), doubted, tuple(self.flaky))

    def held(self, test: str, names: Collection[str]) -> bool:
        """Whether a test was seen passing with all of these cached that it calls."""
        called, repeats = frozenset(self.called(test, names)), self.repeats(test)
        return any(
            called <= each.cached and test in each.tests and (each.all or repeats) for each in self.passed
        )


class _CannotBeToldError(Exception):
    """No further run can be afforded."""

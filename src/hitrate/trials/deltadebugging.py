"""Which cached functions break which tests: flaky or broken first, then delta debugging. Pure.

The search is Zeller and Hildebrandt's ``ddmin`` ("Simplifying and Isolating Failure-Inducing Input", IEEE TSE
28(2), 2002) over the set of cached functions. Every run answers for all tests at once, so tests share runs.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Try = Callable[[frozenset[str]], Collection[str]]
"""Runs the tests with exactly these functions cached and gives the ids of the tests that fail."""

RUNS = 12


@dataclass(frozen=True, slots=True)
class Culprits:
    """What the search found.

    Attributes:
        functions: For each test that a cache breaks, the functions that break it; several where only their
            caches together do.
        suspects: For each test whose search ran out of budget, the functions that are left.
        flaky: Tests that fail without any cache too, or that did not fail again with all.
        runs: How many runs it took.
    """

    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suspects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flaky: tuple[str, ...] = ()
    runs: int = 0


class _OutOfBudget(Exception):  # noqa: N818 - no error: the search stops
    pass


class _Laboratory:
    """Runs each set of functions once and remembers."""

    def __init__(self, try_with: Try, runs: int, goes_on: Callable[[], bool]) -> None:
        self._try_with = try_with
        self._left = runs
        self._goes_on = goes_on
        self._failed: dict[frozenset[str], frozenset[str]] = {}

    @property
    def runs(self) -> int:
        return len(self._failed)

    def failed(self, functions: Collection[str]) -> frozenset[str]:
        """Tests that fail with these functions cached."""
        cached = frozenset(functions)
        if cached not in self._failed:
            if not self._left or not self._goes_on():
                raise _OutOfBudget
            self._left -= 1
            self._failed[cached] = frozenset(self._try_with(cached))
        return self._failed[cached]


def find_culprits(
    functions: Sequence[str],
    broken: Sequence[str],
    try_with: Try,
    *,
    runs: int = RUNS,
    goes_on: Callable[[], bool] = lambda: True,
) -> Culprits:
    """Find the functions whose caches break tests.

    Args:
        functions: Ids of the functions that were cached when the tests failed.
        broken: Tests that failed with the caches and passed without.
        try_with: Runs the tests; called with different sets only.
        runs: Runs at most.
        goes_on: Whether there is time for another run; asked before each.
    """
    laboratory = _Laboratory(try_with, runs, goes_on)
    found: dict[str, tuple[str, ...]] = {}
    suspects: dict[str, tuple[str, ...]] = {}
    flaky: list[str] = []
    for test in broken:
        search = _Search(functions)
        try:
            if test in laboratory.failed(()) or test not in laboratory.failed(functions):
                flaky.append(test)
            else:
                search.run(lambda cached, test=test: test in laboratory.failed(cached))  # type: ignore[misc]
                found[test] = search.left
        except _OutOfBudget:
            suspects[test] = search.left
    return Culprits(found, suspects, tuple(flaky), laboratory.runs)


class _Search:
    """``ddmin`` for one test: ever smaller sets that break it, until no function can be left out.

    Attributes:
        left: The smallest set found so far, in the order given.
    """

    def __init__(self, functions: Sequence[str]) -> None:
        self.left = tuple(functions)

    def run(self, breaks: Callable[[Sequence[str]], bool]) -> None:
        """Make ``left`` minimal; ``breaks`` may raise to end the search early."""
        parts = 2
        while len(self.left) > 1:
            chunks = _split(self.left, parts)
            smaller = next((chunk for chunk in chunks if breaks(chunk)), None)
            if smaller is not None:
                self.left, parts = smaller, 2
                continue
            rests = [_without(self.left, chunk) for chunk in chunks] if parts > 2 else []
            smaller = next((rest for rest in rests if breaks(rest)), None)
            if smaller is not None:
                self.left, parts = smaller, parts - 1
            elif parts < len(self.left):
                parts = min(2 * parts, len(self.left))
            else:
                return


def _split(functions: tuple[str, ...], parts: int) -> list[tuple[str, ...]]:
    """So many chunks of nearly equal length, none empty."""
    edges = [len(functions) * index // parts for index in range(parts + 1)]
    return [functions[start:end] for start, end in pairwise(edges) if start < end]


def _without(functions: tuple[str, ...], chunk: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in functions if name not in chunk)

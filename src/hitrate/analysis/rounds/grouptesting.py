"""Which cached functions break which tests: a run halves the suspects of many tests at once. Pure.

This is group testing by a test's own suspects: the functions that it calls. Where two caches break a test
only together, halving finds neither; such a test is left to ``deltadebugging``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Attempt = Callable[[frozenset[str], Sequence[str]], Collection[str] | None]
"""Runs tests with exactly these functions cached: ids of those that fail; None where none can be afforded."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found.

    Attributes:
        culprits: For each test that was settled, the one function whose cache breaks it.
        open: For the others, the functions of which some break it, as far as it was seen.
    """

    culprits: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Case:
    """One broken test.

    Attributes:
        test: Its id.
        called: All suspects, in the order given.
        sure: The fewest of them with which it was seen failing, all others without a cache.
        left: Those of ``sure`` among which the culprit is if there is but one.
        stuck: Whether there is not one alone.
    """

    test: str
    called: tuple[str, ...]
    sure: tuple[str, ...]
    left: tuple[str, ...]
    stuck: bool = False

    @property
    def is_settled(self) -> bool:
        return self.stuck or len(self.sure) == 1

    def is_told_by(self, cached: Collection[str]) -> bool:
        """Whether a run with these cached says something new."""
        inside = [name for name in self.called if name in cached]
        return bool(inside) and set(inside) <= set(self.left) and len(inside) < len(self.sure)

    def learn(self, cached: Collection[str], *, failed: bool) -> None:
        inside = tuple(name for name in self.left if name in cached)
        if failed:
            self.sure = self.left = inside
            return
        self.left = tuple(name for name in self.left if name not in cached)
        self.stuck = not self.left


def find(suspects: Mapping[str, Sequence[str]], attempt: Attempt) -> Found:
    """Find the functions whose caches break tests, as far as runs can be afforded.

    Args:
        suspects: For each test, the functions with whose caches it was seen failing, at least one; first
            those that it is most useful to know of.
        attempt: Runs tests.
    """
    cases = [_Case(test, tuple(names), tuple(names), tuple(names)) for test, names in suspects.items()]
    while active := [case for case in cases if not case.is_settled]:
        cached = _chosen(active)
        told = [case for case in active if case.is_told_by(cached)]
        failing = attempt(cached, [case.test for case in told])
        if failing is None:
            break
        for case in told:
            case.learn(cached, failed=case.test in failing)
    return Found(
        {case.test: case.sure[0] for case in cases if len(case.sure) == 1},
        {case.test: case.sure for case in cases if len(case.sure) > 1},
    )


def _chosen(active: Iterable[_Case]) -> frozenset[str]:
    """Functions to cache in the next run, about half of each test's: the first test's exactly."""
    inside: set[str] = set()
    outside: set[str] = set()
    for case in sorted(active, key=lambda case: len(case.left)):
        others = set(case.called) - set(case.left)
        here = [name for name in case.left if name in inside]
        if others & inside or len(here) == len(case.sure):
            continue  # nothing can be told of it in this run
        free = [name for name in case.left if name not in inside and name not in outside]
        wanted = max(1, len(case.left) // 2) - len(here)
        chosen = free[: max(0, wanted)]
        inside.update(chosen)
        outside.update(set(case.called) - set(chosen) - set(here))
    return frozenset(inside)

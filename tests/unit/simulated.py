"""A project whose runs take the time that a test says: everything of a trial but the processes."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hitrate.patching.edits import Edit
from hitrate.source.function import Function
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Bench, Winner
from hitrate.trials.payback import FRUGAL
from hitrate.trials.validator import IndividualValidator

PLAIN = Outcome.PASSED, ()
PATIENT = replace(FRUGAL, free_seconds=1_000.0)
"""Frugal, but with the means for many pairs of runs that take 10 s each."""


def winner(name: str) -> Winner:
    return Winner(Function("a.py", name, 1), 128)


@dataclass
class Project:
    """Tells how long a run takes by which functions carry a cache, and how it ends.

    Attributes:
        seconds: CPU seconds of a plain run.
        saves: CPU seconds that each function's cache saves; negative for a slow one.
        waits: Wall seconds of waiting that each function's cache saves.
        noise: Standard deviation of the log of a run's time.
        waiting: Wall seconds beside CPU time of a plain run.
        endings: How the next runs end, with and without caches; at the end of a list all pass.
    """

    seconds: float = 10.0
    saves: Mapping[str, float] = field(default_factory=dict)
    waits: Mapping[str, float] = field(default_factory=dict)
    noise: float = 0.0
    waiting: float = 0.0
    endings: Mapping[bool, list[tuple[Outcome, Sequence[str]]]] = field(default_factory=dict)
    ending: Callable[[frozenset[str]], tuple[Outcome, Sequence[str]]] | None = None
    seed: int = 0
    now: float = 0.0
    carrying: frozenset[str] = frozenset()
    log: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = random.Random(self.seed)

    def apply(self, edits: Sequence[Edit]) -> None:
        self.carrying = frozenset(edit.qualname for edit in edits)

    def run(self, suite: Suite, *, bytecode: Path, progress: object) -> TestRun:
        cpu = self.seconds - sum(self.saves.get(name, 0.0) for name in self.carrying)
        cpu *= max(0.01, 1 + self.source.gauss(0, self.noise))
        wall = cpu + self.waiting - sum(self.waits.get(name, 0.0) for name in self.carrying)
        outcome, failed = self._next_ending()
        self.now += wall
        self.log.append((suite.command, self.carrying))
        return TestRun(
            outcome, 0 if outcome is Outcome.PASSED else 1, cpu, wall, tests=50, failed=tuple(failed)
        )

    def _next_ending(self) -> tuple[Outcome, Sequence[str]]:
        if self.ending is not None:
            return self.ending(self.carrying)
        coming = self.endings.get(bool(self.carrying))
        return coming.pop(0) if coming else PLAIN

    def validator(self, folder: Path, **settings: object) -> IndividualValidator:
        suite = Suite("make test", folder, {})
        wall = self.seconds + self.waiting
        baseline = TestRun(Outcome.PASSED, 0, self.seconds, wall, tests=50)
        bench = Bench(self, folder, folder / "warm", run=self.run)
        settings.setdefault("economy", PATIENT)
        return IndividualValidator(bench, suite, baseline, clock=lambda: self.now, **settings)

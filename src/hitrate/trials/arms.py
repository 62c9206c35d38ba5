"""The two arms of a comparison: the tree without and with caches, each with its own bytecode."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hitrate.patching.edits import Edit, cached, lifted
from hitrate.progress.progress import Progress, Silent
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import Suite, TestRun
from hitrate.trials.pairs import Arm


class Patcher(Protocol):
    """What puts decorators on functions."""

    def apply(self, edits: Sequence[Edit], /) -> object:
        """Make these edits the only ones of the tree; none puts everything back."""


@dataclass(frozen=True, slots=True)
class Winner:
    """A function with the cache that it is to carry.

    Attributes:
        function: A new candidate, or one with a cache of its own, which the other arm goes without.
        maxsize: Entries at most; None is unbounded.
        typed: Whether equal keys of different types are kept apart.
    """

    function: Function
    maxsize: int | None
    typed: bool = False

    def edits(self, arm: Arm) -> tuple[Edit, ...]:
        """What the function needs in an arm: nothing where it is as it should be."""
        function, own = self.function, self.function.cache
        place = (function.path, function.qualname, function.line)
        if arm is Arm.WITHOUT:
            return (lifted(*place),) if own else ()
        if own is not None and (own.maxsize, own.typed) == (self.maxsize, self.typed):
            return ()
        return (cached(*place, self.maxsize, typed=self.typed),)


@dataclass(slots=True)
class Spent:
    """What the runs have cost so far."""

    runs: int = 0
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class Bench:
    """Where arms are run.

    Attributes:
        patcher: Patches the tree.
        scratch: A private folder.
        warm: Bytecode folder of the tree as it is after its baseline run.
        progress: Told of each run.
        run: Makes one run.
        spent: Grows with each run.
    """

    patcher: Patcher
    scratch: Path
    warm: Path
    progress: Progress = field(default_factory=Silent)
    run: Callable[..., TestRun] = testrun.run
    spent: Spent = field(default_factory=Spent)

    @contextmanager
    def arms(self, winners: Sequence[Winner]) -> Iterator["Arms"]:
        """Both arms of these winners; the tree is as before when the block ends."""
        try:
            yield Arms(self, {arm: tuple(e for winner in winners for e in winner.edits(arm)) for arm in Arm})
        finally:
            self.patcher.apply(())

    def bytecode(self, edits: Sequence[Edit]) -> Path:
        """The bytecode folder of a variant of the tree, which begins with what others have compiled."""
        if not edits:
            return self.warm
        name = hashlib.sha256(repr(sorted(map(repr, edits))).encode()).hexdigest()[:16]
        folder = self.scratch / "bytecode" / name
        seed(folder, self.warm, {edit.path for edit in edits})
        return folder


@dataclass
class Arms:
    """The tree without and with the caches of some winners, or another change to it.

    Attributes:
        bench: Where the arms are run.
        edits: What makes each arm.
        applied: The edits that are in the tree; None where nothing was run yet.
        change: What one arm is with and the other without, as it is told while they run.
    """

    bench: Bench
    edits: dict[Arm, tuple[Edit, ...]]
    applied: tuple[Edit, ...] | None = None
    change: str = "the caches"

    def run(self, arm: Arm, suite: Suite, number: int, of: int | None) -> TestRun:
        """Run a suite once in an arm; patching is left out where the arm is the one of the run before."""
        return self.run_with(self.edits[arm], suite, f"{arm} {self.change}", number, of)

    def run_with(
        self, edits: Sequence[Edit], suite: Suite, told: str, number: int, of: int | None
    ) -> TestRun:
        """Run a suite once with other edits in the tree; ``told`` is what the progress says of it."""
        bench, edits = self.bench, tuple(edits)
        if edits != self.applied:
            bench.patcher.apply(edits)
            self.applied = edits
        bench.progress.run(told, number, of)
        done = bench.run(suite, bytecode=bench.bytecode(edits), progress=bench.progress)
        bench.spent.runs += 1
        bench.spent.cpu_seconds += done.cpu_seconds
        return done

"""Do the tests hold with real caches? One run for all of them, and small ones where tests fail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hitrate.analysis.rounds.allowance import Allowance
from hitrate.analysis.rounds.lifting import WHOLE_COMMAND
from hitrate.analysis.rounds.settling import Settled, settle
from hitrate.testrun.narrowing import Narrowing, Way, ways_to_run
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Bench, Winner
from hitrate.trials.pairs import Arm
from hitrate.trials.verification import Proof, Standing, ending, was_refused
from hitrate.wording.figures import some

LEAST_SHARE = 0.2
"""Of the time that all chosen tests take, what few of them take at least, mostly for the runner's start."""


@dataclass(frozen=True, slots=True)
class Held:
    """How the tests stand with the caches.

    Attributes:
        winners: Those with whose caches, all together, they hold.
        proof: What the runs show; of ``winners`` if there are any left.
        settled: What became of the others.
        failed: Tests that failed in the first run; those of the whole command where it names none.
        hung: Whether that run did not end in time.
    """

    winners: tuple[Winner, ...]
    proof: Proof
    settled: Settled = field(default=Settled())
    failed: tuple[str, ...] = ()
    hung: bool = False


def held(
    bench: Bench,
    suite: Suite,
    winners: Sequence[Winner],
    tests: Sequence[str],
    callers: Mapping[str, Collection[str]],
    allowance: Allowance,
    suite_tests: int | None = None,
) -> Held:
    """Run the tests that call the winners with all their caches, and settle which of these break tests.

    Args:
        bench: Where the runs are made.
        suite: Runs the tests, which pass without the caches; its time limit is that of such a run.
        winners: At least one, the most useful first.
        tests: Those that call a winner.
        callers: By the id of a winner, the tests that call it; empty where they are not all known.
        allowance: What it may cost; the first run is made in any case.
        suite_tests: How many tests there are, if known.
    """
    names, suite = [winner.function.id for winner in winners], _terse(suite)
    for way in ways_to_run(suite.command, suite.directory, tests, suite_tests):
        runs = _Runs(bench, suite, tuple(winners), way, allowance)
        first = runs.first()
        if way.reach is Narrowing.ALL or not was_refused(first):
            break
    note = (way.note,) if way.note else ()
    if first.outcome is Outcome.PASSED:
        return Held(tuple(winners), Proof(Standing.HOLDS, way, first, notes=note))
    if first.outcome is Outcome.TIMED_OUT:
        proof = Proof(Standing.BROKEN, way, first, detail=f"{ending(first)} with the caches.", notes=note)
        return Held((), proof, hung=True)
    failing = {test: _called(test, names, callers) for test in first.failed or (WHOLE_COMMAND,)}
    with bench.progress.phase("Looking for the caches that break tests"):
        settled = settle(names, failing, runs)
    left = tuple(winner for winner in winners if winner.function.id in settled.cleared)
    return Held(left, _proof(way, first, settled, left), settled, tuple(failing))


def _terse(suite: Suite) -> Suite:
    """The suite without tracebacks: those of hundreds of failing tests take longer than the tests."""
    given = suite.environment.get("PYTEST_ADDOPTS")
    return replace(
        suite, environment={**suite.environment, "PYTEST_ADDOPTS": f"{given or ''} --tb=no".strip()}
    )


def _called(test: str, names: Sequence[str], callers: Mapping[str, Collection[str]]) -> list[str]:
    """Which of the functions a test calls, as far as is known: those of which it is not known as well."""
    return [name for name in names if not callers[name] or test in callers[name]] or list(names)


def _proof(way: Way, first: TestRun, settled: Settled, left: Collection[Winner]) -> Proof:
    notes = [way.note] if way.note else []
    if settled.flaky:
        notes.append(
            f"{ending(first, settled.flaky)} once with the caches and not for them when run again: flaky."
        )
    if left:
        return Proof(Standing.HOLDS, way, first, notes=tuple(notes))
    broken = tuple(test for test in settled.functions if test != WHOLE_COMMAND)
    detail = f"{ending(first, broken)} with the caches."
    return Proof(Standing.BROKEN, way, first, broken, detail, tuple(notes))


@dataclass
class _Runs:
    """Runs with some of the caches, as far as the allowance reaches.

    Attributes:
        bench: Where they are made.
        suite: Runs the tests.
        winners: All that there are.
        way: How the tests that call them are run.
        allowance: What all runs may cost.
        known: What runs of everything gave, by the functions that were cached.
        seconds: CPU seconds of such a run, and of the dearest one of chosen tests so far.
    """

    bench: Bench
    suite: Suite
    winners: tuple[Winner, ...]
    way: Way
    allowance: Allowance
    known: dict[frozenset[str], Collection[str]] = field(default_factory=dict)
    seconds: tuple[float, float] = (0.0, 0.0)

    def first(self) -> TestRun:
        """The run with all caches."""
        with self.bench.progress.phase(f"Tests with {some(len(self.winners), 'cache')}"):
            run = self._run(frozenset(winner.function.id for winner in self.winners), self.way)
        self.seconds = (run.cpu_seconds, LEAST_SHARE * run.cpu_seconds)
        return run

    def all(self, cached: frozenset[str]) -> Collection[str] | None:
        if cached not in self.known:
            if not self.allowance.affords(self.seconds[0]):
                return None
            run = self._run(cached, self.way)
            self.known[cached] = () if run.outcome is Outcome.PASSED else (*run.failed, WHOLE_COMMAND)
        return self.known[cached]

    def chosen(self, cached: frozenset[str], tests: Sequence[str]) -> Collection[str] | None:
        narrow = ways_to_run(self.suite.command, self.suite.directory, tests)[0]
        if narrow.reach is Narrowing.ALL or WHOLE_COMMAND in tests:
            return self.all(cached) if cached else ()  # without caches all of them pass
        if not self.allowance.affords(self.seconds[1]):
            return None
        run = self._run(cached, narrow)
        self.seconds = (self.seconds[0], max(self.seconds[1], run.cpu_seconds))
        if run.outcome is Outcome.PASSED:
            return ()
        if was_refused(run):
            return None
        return run.failed or tuple(tests)

    def _run(self, cached: frozenset[str], way: Way) -> TestRun:
        chosen = [winner for winner in self.winners if winner.function.id in cached]
        with self.bench.arms(chosen) as arms:
            return arms.run(Arm.WITH, self.suite.with_command(way.command), 1, None)

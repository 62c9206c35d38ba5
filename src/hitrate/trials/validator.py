"""IndividualValidator: winners proven by the project's tests and measured in pairs, with real caches."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from hitrate.evidence import Saving, Trial
from hitrate.testrun.narrowing import is_pytest, ways_to_run
from hitrate.testrun.run import Suite, TestRun
from hitrate.trials import pairs, passes, remarks
from hitrate.trials.agreement import compared
from hitrate.trials.arms import Arms, Bench, Patcher, Winner
from hitrate.trials.pairs import Arm, Series
from hitrate.trials.passes import Order
from hitrate.trials.payback import AT_ANY_COST, FRUGAL, Economy, plan
from hitrate.trials.sitting import Refusal, RefusedError, Sitting, first_differs
from hitrate.trials.stats import Look
from hitrate.trials.verification import Proof, Standing, prove
from hitrate.vocabulary import Metric
from hitrate.wording.figures import some

__all__ = ["Bench", "IndividualValidator", "Patcher", "Winner"]

TIMEOUT_FACTOR = 5
TIMEOUT_MARGIN_SECONDS = 60.0
CPU_FACTOR = 1.5
CPU_MARGIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Course:
    """How a trial is run.

    Attributes:
        suite: What is timed.
        looks: When to look.
        metric: What decides.
        deadline: When the time is up, by the validator's clock.
    """

    suite: Suite
    looks: tuple[Look, ...]
    metric: Metric
    deadline: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """What passes in one process gave: a series, or nothing for what was spent, and why."""

    series: Series | None = None
    spent_seconds: float = 0.0
    note: str | None = None


@dataclass(frozen=True)
class IndividualValidator:
    """Tries survivors with real caches.

    Attributes:
        bench: Where arms are run; its ``spent`` tells what the trials have cost.
        suite: Runs the tests, which tell whether a cache is safe.
        baseline: The plain run of what is timed: of the workload if there is one, of the tests otherwise.
        workload: Runs what is timed where that is not the tests.
        economy: When a trial is worth its cost.
        num_runs: Pairs at most in a trial of one function alone.
        clock: Wall seconds.
        passes: Makes what has processes make passes over tests; None where all runs are processes.
    """

    bench: Bench
    suite: Suite
    baseline: TestRun
    workload: Suite | None = None
    economy: Economy = FRUGAL
    num_runs: int = 8
    clock: Callable[[], float] = time.monotonic
    passes: Callable[[Arms, Sequence[Winner], Suite], Callable[[Order], Sitting]] | None = None

    def trial(
        self,
        winners: Sequence[Winner],
        saving: Saving,
        tests: Sequence[str],
        budget_seconds: float,
        proof: Proof | None = None,
    ) -> Trial:
        """Try all winners together: a proving run, and pairs where they are worth their cost.

        Where the caches together make the tests slower, the slow ones are sought by halves and left out.

        Args:
            winners: At least one.
            saving: What the trace promises for one plain run of what is timed.
            tests: Ids of the tests that call a winner.
            budget_seconds: Wall time; the proving run is made whatever it says.
            proof: What running the tests with these caches has shown; None where that is still to be done.
        """
        deadline = self.clock() + budget_seconds
        with self.bench.progress.phase(f"Trial of {some(len(winners), 'cache')}"):
            trial, course = self._tried(winners, saving, tests, deadline, self.economy, proof)
            if trial.high is None or trial.high >= 1:
                return trial
            return self._without_slow(winners, trial, course)

    def solo(self, winner: Winner, saving: Saving, tests: Sequence[str], budget_seconds: float) -> Trial:
        """Try one function alone, whatever its trial costs, in at most ``num_runs`` pairs."""
        deadline = self.clock() + budget_seconds
        economy = replace(AT_ANY_COST, pairs_at_most=self.num_runs)
        with self.bench.progress.phase(f"Trial of {winner.function.id} alone"):
            trial, _ = self._tried([winner], saving, tests, deadline, economy)
            return trial

    def prove(self, winners: Sequence[Winner], tests: Sequence[str]) -> Proof:
        """Run the tests that call the winners, with their caches; where they fail, tell if it is them."""
        with self.bench.arms(winners) as arms:
            return self._proven(arms, tests)

    def _proven(self, arms: Arms, tests: Sequence[str]) -> Proof:
        timed_here = self.workload is None
        ways = ways_to_run(
            self.suite.command, self.suite.directory, tests, self.baseline.tests if timed_here else None
        )
        return prove(arms, patient(self.suite, self.baseline) if timed_here else self.suite, ways)

    def _tried(
        self,
        winners: Sequence[Winner],
        saving: Saving,
        tests: Sequence[str],
        deadline: float,
        economy: Economy,
        proof: Proof | None = None,
    ) -> "tuple[Trial, _Course | None]":
        """The trial, and how it was made where pairs were."""
        trial = Trial(
            speedup=None,
            low=None,
            high=None,
            confidence=None,
            pairs=0,
            detectable=None,
            metric=saving.metric,
            functions=tuple(winner.function.id for winner in winners),
            predicted_saving_seconds=saving.seconds,
        )
        with self.bench.arms(winners) as arms:
            proof = proof or self._proven(arms, tests)
            trial = replace(
                trial,
                tests_selected=proof.tests,
                broken_tests=proof.broken_tests,
                failure=proof.detail,
                notes=proof.notes,
            )
            if proof.standing is not Standing.HOLDS:
                return trial, None
            suite = self.workload or self.suite.with_command(proof.way.command)
            warm = arms.run(Arm.WITH, suite, 1, None) if self.workload else proof.run
            pair = 2 * warm.wall_seconds + saving.seconds
            with_caches = pairs.seconds(warm, saving.metric)
            means = economy.means(pairs.seconds(self.baseline, saving.metric), saving.seconds)
            seen = self._by_passes(arms, winners, trial, suite, warm, deadline, economy)
            left = deadline - self.clock(), means - seen.spent_seconds
            planned = plan(saving.seconds, with_caches, pair, *left, economy)
            course = _Course(suite, planned.looks, saving.metric, deadline) if planned.looks else None
            if seen.series is not None:
                return _measured(trial, seen.series), course
            trial = _noted(replace(trial, detectable=planned.detectable), planned.note or seen.note)
            if course is None:
                return trial, None
            promised = math.log1p(saving.seconds / with_caches)
            return _measured(trial, self._series(arms, course, promised)), course

    def _by_passes(
        self,
        arms: Arms,
        winners: Sequence[Winner],
        trial: Trial,
        suite: Suite,
        warm: TestRun,
        deadline: float,
        economy: Economy,
    ) -> _Seen:
        """What passes within processes show; nothing where none are made, or where they do not tell."""
        promised, spent = trial.predicted_saving_seconds or 0.0, self.bench.spent.cpu_seconds
        if (
            self.passes is None
            or self.workload
            or trial.metric is Metric.WALL
            or not is_pytest(suite.command)
        ):
            return _Seen()
        means = economy.means(self.baseline.cpu_seconds, promised)
        planned = passes.planned(promised, warm, deadline - self.clock(), means, economy)
        if planned is None:
            return _Seen()
        try:
            sit = self.passes(arms, winners, suite)
            sittings, series = passes.measured(sit, planned, lambda: deadline - self.clock())
            shown = compared(_measured(trial, series))
            if shown and shown.shows_less and first_differs(sittings, promised - shown.seconds):
                raise RefusedError(Refusal.FIRST)
        except RefusedError as refused:
            spent = self.bench.spent.cpu_seconds - spent
            return _Seen(None, spent, remarks.of_refusal(refused))
        return _Seen(series)

    def _series(self, arms: Arms, course: _Course, promised: float | None = None) -> Series:
        runs = 2 * course.looks[-1].pairs

        def run(arm: Arm, number: int) -> TestRun:
            return arms.run(arm, course.suite, number, runs)

        return pairs.measure(
            run, course.looks, course.metric, lambda: course.deadline - self.clock(), promised
        )

    def _without_slow(self, winners: Sequence[Winner], trial: Trial, course: _Course | None) -> Trial:
        """The trial of those winners that do not slow the tests down, after the others are found."""
        slow = list(winners) if len(winners) == 1 else self._slow_ones(winners, course) if course else []
        if not slow:
            return replace(
                trial,
                failure="The tests are slower with the caches; which one it is could not be determined.",
            )
        found = replace(
            trial,
            failure="The tests are slower with the cache of " + ", ".join(w.function.id for w in slow) + ".",
            slowed_by=tuple(winner.function.id for winner in slow),
        )
        rest = [winner for winner in winners if winner not in slow]
        if not rest or course is None:
            return found
        with self.bench.arms(rest) as arms:
            series = self._series(arms, course)
        return _measured(replace(found, functions=tuple(w.function.id for w in rest)), series)

    def _slow_ones(self, winners: Sequence[Winner], course: _Course) -> list[Winner]:
        """Winners whose caches together are proven slower, narrowed by halves as far as it can be shown."""
        if len(winners) == 1:
            return list(winners)
        middle = len(winners) // 2
        slow = []
        for half in (winners[:middle], winners[middle:]):
            with self.bench.arms(half) as arms:
                found = self._series(arms, course).interval
            if found is not None and found.high < 1:
                slow += self._slow_ones(half, course)
        return slow


def patient(suite: Suite, baseline: TestRun) -> Suite:
    """The suite with limits that fit how long it takes without caches, should a cache make it hang.

    What it waits for may take long for other reasons; what it computes hardly varies, and a loop computes.
    """
    enough = TIMEOUT_FACTOR * baseline.wall_seconds + TIMEOUT_MARGIN_SECONDS
    limits = replace(
        suite.limits,
        timeout_seconds=min(suite.limits.timeout_seconds, enough),
        cpu_seconds=min(suite.limits.cpu_seconds, CPU_FACTOR * baseline.cpu_seconds + CPU_MARGIN_SECONDS),
    )
    return replace(suite, limits=limits)


def _measured(trial: Trial, series: Series) -> Trial:
    """The trial with what its pairs show."""
    found, other = series.interval, series.other
    measured = replace(
        trial,
        speedup=series.speedup,
        low=found.low if found else None,
        high=found.high if found else None,
        confidence=found.confidence if found else None,
        pairs=len(series.pairs),
        detectable=found.detectable if found else trial.detectable,
        stop=series.stop,
        processes=series.processes,
    )
    if series.pairs:
        measured = replace(
            measured,
            seconds_without=fmean(pairs.seconds(pair.without, series.metric) for pair in series.pairs),
            seconds_with=fmean(pairs.seconds(pair.cached, series.metric) for pair in series.pairs),
        )
    if series.metric is Metric.CPU and other is not None:
        measured = replace(measured, wall_speedup=other.speedup, wall_low=other.low, wall_high=other.high)
    return _noted(_spoiled(measured, series), *remarks.of_series(series))


def _spoiled(trial: Trial, series: Series) -> Trial:
    """The trial with the tests that failed, time and again, with the caches only."""
    only_with = [set(pair.cached.failed) - set(pair.without.failed) for pair in series.spoiled]
    always = set.intersection(*only_with) if len(only_with) > 1 else set()
    if not always or any(set(pair.without.failed) - set(pair.cached.failed) for pair in series.spoiled):
        return trial
    broken = tuple(test for test in series.spoiled[0].cached.failed if test in always)
    return replace(
        trial,
        broken_tests=broken,
        failure=f"{broken[0]} fails in {len(only_with)} runs with the caches and in none without them.",
    )


def _noted(trial: Trial, *notes: str | None) -> Trial:
    return replace(trial, notes=(*trial.notes, *(note for note in notes if note)))

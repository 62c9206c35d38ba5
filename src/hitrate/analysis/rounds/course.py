"""The way from screened functions to functions that held in trials."""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from hitrate.analysis.rounds.allowance import Allowance
from hitrate.analysis.rounds.holding import Held, held
from hitrate.analysis.rounds.lifting import WHOLE_COMMAND, with_needs
from hitrate.analysis.rounds.settling import Settled
from hitrate.analysis.rounds.sittings import passes_of
from hitrate.analysis.screener import BatchScreener
from hitrate.analysis.session import Session, as_it_is
from hitrate.evidence import Duration, Evidence, Saving, Trial, Tried, duration_of
from hitrate.hazards.hazard import Hazard
from hitrate.settings.config import for_path
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import Function
from hitrate.testrun.run import TestRun
from hitrate.trials import remarks
from hitrate.trials.agreement import claimed, compared, concerns
from hitrate.trials.payback import AT_ANY_COST, FRUGAL
from hitrate.trials.validator import Bench, IndividualValidator, Winner, patient
from hitrate.trials.verification import Proof
from hitrate.verdict.judge import judge, thresholds_of
from hitrate.vocabulary import Effort, HazardKind, Metric, Verdict
from hitrate.wording.figures import some, verb

BUSY = 3.0
"""So many times as long, by the wall, may a trial take as its CPU time should: the machine may be busier than
when the tests were observed."""


class Course:
    """The way from screened functions to functions that held in trials."""

    def __init__(
        self,
        session: Session,
        screener: BatchScreener,
        plain: TestRun,
        deadline: float,
        tests: TestRun | None = None,
    ) -> None:
        """Take what was screened.

        Args:
            session: What to work with.
            screener: What replays any set of caches.
            plain: A plain run of the workload, of the tests if there is none.
            deadline: Clock time after which nothing begins.
            tests: A plain run of the tests; None where ``plain`` is.
        """
        self._session = session
        self._screener = screener
        self._deadline = deadline
        self._spent = duration_of(plain)
        self._tests = tests or plain
        bench = Bench(session.patcher, session.scratch / "trials", session.bytecode.warm, session.progress)
        self._validator = IndividualValidator(
            bench,
            session.project.suite,
            plain,
            workload=session.project.workload,
            economy=AT_ANY_COST if session.settings.effort is Effort.THOROUGH else FRUGAL,
            clock=session.clock,
            passes=passes_of,
        )
        self.allowance = Allowance.of(
            session.settings.effort,
            self._tests.cpu_seconds,
            lambda: bench.spent.cpu_seconds,
            session.cpu_seconds,
        )

    def needed(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The evidence with the tests that need an existing cache against which something speaks."""

        def seconds_left() -> float:
            return self._deadline - self._session.clock() if self.allowance.left else 0.0

        suite = self._session.project.suite
        return with_needs(evidence, self._verdict, self._validator.bench, suite, seconds_left)

    def tried(self, evidence: list[Evidence]) -> tuple[list[Evidence], Trial | None]:
        """The evidence after all winners were tried together, and that trial.

        Where their tests break, the functions that break them are found and the others tried. What the
        trial shows is the most that is claimed.
        """
        evidence, trial = self._held(evidence)
        tried = compared(trial, self._plain_seconds(trial)) if trial else None
        return (evidence, trial) if trial is None or tried is None else self._agreed(evidence, trial, tried)

    def _plain_seconds(self, trial: Trial) -> float | None:
        """What a plain run of what the trial has run took; None where that was not observed by itself."""
        is_whole = trial.tests_selected is None or trial.tests_selected == self._tests.tests
        if self._session.project.workload or (is_whole and self._session.of_all is as_it_is):
            return self._spent.by(trial.metric)
        return None

    def _held(self, evidence: list[Evidence]) -> tuple[list[Evidence], Trial | None]:
        """The evidence after as many trials as it takes for their caches to hold, and the last of them."""
        trial: Trial | None = None
        found: Held | None = None
        for _ in range(len(evidence) + 1):
            evidence = self._together(evidence)
            winners = self._winners(evidence)
            if not winners or (
                trial is not None and trial.functions == tuple(w.function.id for w in winners)
            ):
                break
            if found is None or not set(winners) <= set(found.winners):
                found = self._checked(winners, evidence)
                evidence = [_blamed(item, found) for item in evidence]
                evidence = self._together(evidence)
            tried = self._winners(evidence) or winners
            trial = self._trial(tried, evidence, found.proof)
            evidence = _learnt(evidence, tried, trial)
        return evidence, trial

    def _checked(self, winners: Sequence[Winner], evidence: Sequence[Evidence]) -> Held:
        """The tests that call the winners with all their caches, and which of these break tests."""
        project, items = self._session.project, [_of(evidence, winner.function) for winner in winners]
        return held(
            self._validator.bench,
            patient(project.suite, self._tests),
            winners,
            _tests_of(items),
            {item.function.id: () if item.only_counted else item.tests for item in items},
            self.allowance,
            self._tests.tests,
        )

    def _agreed(self, evidence: list[Evidence], trial: Trial, tried: Tried) -> tuple[list[Evidence], Trial]:
        """The evidence and the trial after the two were compared."""
        mine = {name for name in trial.functions if name not in trial.slowed_by}
        concerned = [item for item in evidence if item.function.id in mine and concerns(tried, item)]
        ids = {item.function.id for item in concerned}

        def agreed(item: Evidence) -> Evidence:
            return claimed(item, tried) if item.function.id in ids else item

        left = self._together([agreed(item) for item in evidence])
        judged = [
            agreed(replace(item, together=after.together)) for item, after in zip(evidence, left, strict=True)
        ]
        notes = remarks.of_agreement(tried, concerned)
        return judged, replace(trial, notes=(*trial.notes, *notes))

    def solos(
        self, evidence: Sequence[Evidence], together: Trial | None
    ) -> tuple[tuple[tuple[str, Trial], ...], tuple[str, ...]]:
        """A trial of each winner alone, while one more run fits into the time; and what was left out.

        Args:
            evidence: What was measured.
            together: The trial of all of them, which tells how long a run takes.
        """
        found: list[tuple[str, Trial]] = []
        winners = self._winners(evidence)
        lasts = self._wall_seconds(together)
        for winner in winners:
            item = _of(evidence, winner.function)
            left = self._deadline - self._session.clock()
            if left <= lasts:
                number = some(len(winners) - len(found), "function")
                return tuple(found), (f"Skipped the trials of {number} alone: the time budget was used up.",)
            saving = Saving(item.saved_seconds or 0.0, item.metric)
            share = left / (len(winners) - len(found))
            found.append((winner.function.id, self._validator.solo(winner, saving, item.tests, share)))
        return tuple(found), ()

    def _wall_seconds(self, trial: Trial | None) -> float:
        """How long a run of a trial takes: as its pairs show it, or by its part of the tests."""
        plain, spent = self._validator.baseline, self._spent
        if trial is not None and trial.seconds_without is not None and spent.by(trial.metric):
            return trial.seconds_without * spent.wall_seconds / spent.by(trial.metric)
        if trial is None or trial.tests_selected is None or not plain.tests:
            return spent.wall_seconds
        return spent.wall_seconds * min(1.0, trial.tests_selected / plain.tests)

    def _verdict(self, item: Evidence) -> Verdict:
        thresholds = thresholds_of(for_path(self._session.settings, item.function.path))
        return judge(item, thresholds, self._spent).verdict

    def _together(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Figures of everything that is worth its cache, cached at once."""
        wanted = (Verdict.CACHE, Verdict.KEEP, Verdict.RESIZE)
        chosen = [item.function for item in evidence if self._verdict(item) in wanted]
        both = self._screener.replay_together(chosen) if chosen else {}
        return [replace(item, together=both.get(item.function)) for item in evidence]

    def _winners(self, evidence: Sequence[Evidence]) -> list[Winner]:
        """Functions that are worth a cache, those that save most first."""
        chosen = [item for item in evidence if self._verdict(item) is Verdict.CACHE]
        return [
            Winner(item.function, item.recommended_maxsize or item.maxsize)
            for item in sorted(chosen, key=_saved, reverse=True)
        ]

    def _trial(self, winners: Sequence[Winner], evidence: Sequence[Evidence], proof: Proof) -> Trial:
        items = [_of(evidence, winner.function) for winner in winners]
        saving, left = saving_of(items, self._spent), self.allowance.left
        run, economy = self._spent.cpu_seconds, self._validator.economy
        economy = replace(
            economy,
            runs=min(economy.runs, left / run if run else 0.0),
            free_seconds=min(economy.free_seconds, left),
            room=self.allowance.room / run if run else math.inf,
        )
        wall = BUSY * left * max(1.0, self._spent.wall_seconds / run) if run else left
        budget = min(self._deadline - self._session.clock(), wall)
        validator = replace(self._validator, economy=economy)
        return validator.trial(winners, saving, _tests_of(items), budget, proof)


def _of(evidence: Sequence[Evidence], function: Function) -> Evidence:
    return next(item for item in evidence if item.function == function)


def _tests_of(items: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(test for item in items for test in item.tests))


def _learnt(evidence: list[Evidence], winners: Sequence[Winner], trial: Trial) -> list[Evidence]:
    """The evidence with what the pairs of a trial hold against single functions."""
    if trial.slowed_by:
        return [_slowed(item) if item.function.id in trial.slowed_by else item for item in evidence]
    if not trial.broken_tests:
        return evidence
    callers = {winner.function.id: _of(evidence, winner.function) for winner in winners}

    def blamed(item: Evidence) -> Evidence:
        name = item.function.id
        mine = [
            test
            for test in trial.broken_tests
            if name in callers
            and (test in item.tests or not any(test in other.tests for other in callers.values()))
        ]
        if not mine:
            return item
        if len(callers) == 1:
            return _broken(item, mine, ())
        return _suspected(item, trial.failure or f"{mine[0]} fails with the caches")

    return [blamed(item) for item in evidence]


def saving_of(items: Sequence[Evidence], spent: Duration) -> Saving:
    """What the caches of these functions save together, no more than was spent.

    Where more of it is waiting than computing, that is wall time, of which the CPU time saved is a part too.
    """
    by_metric = {metric: sum(_saved(item) for item in items if item.metric is metric) for metric in Metric}
    if by_metric[Metric.WALL] > by_metric[Metric.CPU]:
        return Saving(min(sum(by_metric.values()), spent.wall_seconds), Metric.WALL)
    return Saving(min(by_metric[Metric.CPU], spent.cpu_seconds))


def _saved(item: Evidence) -> float:
    together = item.together.saved_seconds if item.together else None
    return together if together is not None else item.saved_seconds or 0.0


def _slowed(item: Evidence) -> Evidence:
    return replace(item, doubts=(*item.doubts, Doubt(Topic.SLOWER, Grounds.TRIED)))


def _blamed(item: Evidence, found: Held) -> Evidence:
    """What tests that fail hold against a function: a proof where it is known which cache it is."""
    name, settled = item.function.id, found.settled
    mine = [test for test, names in settled.functions.items() if name in names]
    if mine and mine != [WHOLE_COMMAND]:
        return _broken(item, mine, {other for test in mine for other in settled.functions[test]} - {name})
    if mine or found.hung:
        return _suspected(item, found.proof.detail or "the tests did not pass with the caches")
    if name in settled.doubted:
        return _suspected(item, _why_open(settled.doubted[name], settled))
    return item


def _why_open(test: str, settled: Settled) -> str:
    if len(settled.doubted) == 1:
        return f"{test} fails with the cache; running it again until that is proven would have taken too long"
    return f"{test} fails with the caches of several functions; finding out which would have taken too long"


def _broken(item: Evidence, tests: Sequence[str], others: Collection[str]) -> Evidence:
    more = f" and {len(tests) - 1} more fail" if len(tests) > 1 else " fails"
    detail = f"{tests[0]}{more} with the cache"
    if others:
        detail += f" and that of {', '.join(sorted(others))}"
    gist = f"{some(len(tests), 'test')} {verb(tests, 'fails', 'fail')} with the cache"
    hazard = Hazard(HazardKind.BROKEN, detail, test=tests[0], gist=gist)
    return replace(item, hazards=(*item.hazards, hazard))


def _suspected(item: Evidence, why: str) -> Evidence:
    return replace(item, doubts=(*item.doubts, Doubt(Topic.BROKEN, Grounds.TRIED, (why,))))

"""The way from screened functions to functions that held in trials."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from hitrate.analysis.rounds.lifting import WHOLE_COMMAND, with_needs
from hitrate.analysis.screener import BatchScreener
from hitrate.analysis.session import Session
from hitrate.evidence import Duration, Evidence, Saving, Trial, Tried, duration_of
from hitrate.hazards.hazard import Hazard
from hitrate.settings.config import for_path
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import Function
from hitrate.testrun.narrowing import ways_to_run
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trials import remarks
from hitrate.trials.agreement import claimed, compared, concerns
from hitrate.trials.deltadebugging import Culprits, find_culprits
from hitrate.trials.pairs import Arm
from hitrate.trials.payback import AT_ANY_COST, FRUGAL
from hitrate.trials.validator import Bench, IndividualValidator, Winner
from hitrate.verdict.judge import judge, thresholds_of
from hitrate.vocabulary import Effort, HazardKind, Metric, Verdict
from hitrate.wording.figures import some, verb


class Course:
    """The way from screened functions to functions that held in trials."""

    def __init__(self, session: Session, screener: BatchScreener, plain: TestRun, deadline: float) -> None:
        """Take what was screened; ``plain`` is a plain run of the workload, of the tests if there is none."""
        self._session = session
        self._screener = screener
        self._deadline = deadline
        self._spent = duration_of(plain)
        bench = Bench(session.patcher, session.scratch / "trials", session.bytecode.warm, session.progress)
        self._validator = IndividualValidator(
            bench,
            session.project.suite,
            plain,
            workload=session.project.workload,
            economy=AT_ANY_COST if session.settings.effort is Effort.THOROUGH else FRUGAL,
            clock=session.clock,
        )

    def needed(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The evidence with the tests that need an existing cache against which something speaks."""

        def seconds_left() -> float:
            return self._deadline - self._session.clock()

        suite = self._session.project.suite
        return with_needs(evidence, self._verdict, self._validator.bench, suite, seconds_left)

    def tried(self, evidence: list[Evidence]) -> tuple[list[Evidence], Trial | None]:
        """The evidence after all winners were tried together, and that trial.

        Where their tests break, the functions that break them are found and the others tried again. What
        the last trial shows is the most that is claimed.
        """
        evidence, trial = self._held(evidence)
        tried = compared(trial) if trial else None
        return (evidence, trial) if trial is None or tried is None else self._agreed(evidence, trial, tried)

    def _held(self, evidence: list[Evidence]) -> tuple[list[Evidence], Trial | None]:
        """The evidence after as many trials as it takes for their caches to hold, and the last of them."""
        trial = None
        for _ in range(len(evidence) + 1):
            evidence = self._together(evidence)
            winners = self._winners(evidence)
            if not winners:
                return evidence, trial
            before = evidence
            trial = self._trial(winners, evidence)
            evidence = self._learnt(evidence, winners, trial)
            if evidence == before:
                return evidence, trial
        return evidence, trial

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

    def solos(self, evidence: Sequence[Evidence]) -> tuple[tuple[str, Trial], ...]:
        """A trial of each winner alone."""
        found = []
        winners = self._winners(evidence)
        for done, winner in enumerate(winners):
            item = _of(evidence, winner.function)
            left = (self._deadline - self._session.clock()) / (len(winners) - done)
            trial = self._validator.solo(
                winner, Saving(item.saved_seconds or 0.0, item.metric), item.tests, left
            )
            found.append((winner.function.id, trial))
        return tuple(found)

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
        return [
            Winner(item.function, item.recommended_maxsize or item.maxsize)
            for item in evidence
            if self._verdict(item) is Verdict.CACHE
        ]

    def _trial(self, winners: Sequence[Winner], evidence: Sequence[Evidence]) -> Trial:
        items = [_of(evidence, winner.function) for winner in winners]
        tests = tuple(dict.fromkeys(test for item in items for test in item.tests))
        saving = saving_of(items, self._spent)
        return self._validator.trial(winners, saving, tests, self._deadline - self._session.clock())

    def _learnt(
        self, evidence: Sequence[Evidence], winners: Sequence[Winner], trial: Trial
    ) -> list[Evidence]:
        """The evidence with what the trial holds against single functions."""
        if trial.slowed_by:
            return [_slowed(item) if item.function.id in trial.slowed_by else item for item in evidence]
        if trial.failure is None:
            return list(evidence)
        if not trial.broken_tests and trial.pairs:
            return list(evidence)
        broken = trial.broken_tests or (WHOLE_COMMAND,)
        culprits = self._culprits(winners, broken, _tests_of(evidence, winners))
        return [_blamed(item, culprits, trial) for item in evidence]

    def _culprits(self, winners: Sequence[Winner], broken: Sequence[str], tests: Sequence[str]) -> Culprits:
        """Which of the caches break which tests."""
        names = [winner.function.id for winner in winners]
        if len(names) == 1:
            return Culprits(dict.fromkeys(broken, tuple(names)))
        suite = self._session.project.suite
        way = ways_to_run(suite.command, suite.directory, tests)[0]

        def failing(cached: frozenset[str]) -> Collection[str]:
            chosen = [winner for winner in winners if winner.function.id in cached]
            with self._validator.bench.arms(chosen) as arms:
                run = arms.run(Arm.WITH, suite.with_command(way.command), 1, None)
            return () if run.outcome is Outcome.PASSED else (*run.failed, WHOLE_COMMAND)

        def in_time() -> bool:
            return self._session.clock() < self._deadline

        return find_culprits(names, broken, failing, goes_on=in_time)


def _of(evidence: Sequence[Evidence], function: Function) -> Evidence:
    return next(item for item in evidence if item.function == function)


def _tests_of(evidence: Sequence[Evidence], winners: Sequence[Winner]) -> tuple[str, ...]:
    items = [_of(evidence, winner.function) for winner in winners]
    return tuple(dict.fromkeys(test for item in items for test in item.tests))


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


def _blamed(item: Evidence, culprits: Culprits, trial: Trial) -> Evidence:
    """What a failed trial holds against a function: a proof where it is known which cache it is."""
    name = item.function.id
    mine = [test for test, names in culprits.functions.items() if name in names]
    if mine and trial.broken_tests:
        others = {other for test in mine for other in culprits.functions[test]} - {name}
        more = f" and {len(mine) - 1} more fail" if len(mine) > 1 else " fails"
        detail = f"{mine[0]}{more} with the cache"
        if others:
            detail += f" and that of {', '.join(sorted(others))}"
        gist = f"{some(len(mine), 'test')} {verb(mine, 'fails', 'fail')} with the cache"
        hazard = Hazard(HazardKind.BROKEN, detail, test=mine[0], gist=gist)
        return replace(item, hazards=(*item.hazards, hazard))
    suspected = any(name in names for names in culprits.suspects.values())
    if mine or suspected:
        return replace(
            item,
            doubts=(
                *item.doubts,
                Doubt(Topic.BROKEN, Grounds.TRIED, (trial.failure or "the tests did not hold",)),
            ),
        )
    return item

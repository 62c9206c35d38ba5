"""Existing caches that something speaks against: do the tests need them all the same?"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hitrate.evidence import Evidence
from hitrate.patching.edits import lifted
from hitrate.testrun.narrowing import ways_to_run
from hitrate.testrun.run import Outcome, Suite
from hitrate.trials.arms import Arms, Bench
from hitrate.trials.pairs import Arm
from hitrate.trials.verification import Standing, prove
from hitrate.verdict.judge import doubts_about
from hitrate.verdict.purpose import could_be_meant
from hitrate.vocabulary import Verdict
from hitrate.wording.figures import some

LEAST_SECONDS = 10.0
WHOLE_COMMAND = "the test command"
"""Stands for the tests where the runner does not name those that fail."""
_SPOKEN_AGAINST = (Verdict.DROP, Verdict.UNSAFE, Verdict.INCONCLUSIVE)


def with_needs(
    evidence: Sequence[Evidence],
    verdict: Callable[[Evidence], Verdict],
    bench: Bench,
    suite: Suite,
    seconds_left: Callable[[], float],
) -> list[Evidence]:
    """The evidence with the tests that need a cache which would otherwise be dropped or said to be unsafe.

    Only a run without it tells a registry, whose callers share what they get, from a result that one caller
    spoils for the next. One run lifts all such caches; of tests that fail in it and call several of them,
    it takes a run for each of these to tell which they need. All as long as there is time.

    Args:
        evidence: What was measured.
        verdict: What would be said of a function.
        bench: Where the runs are made.
        suite: Runs the tests, which pass with the caches.
        seconds_left: Of the time budget.
    """
    suspects = [
        item
        for item in evidence
        if item.calls
        and item.cut_short is None
        and verdict(item) in _SPOKEN_AGAINST
        and could_be_meant(item, doubts_about(item))
    ]
    needs: dict[str, tuple[str, ...]] = {}
    if suspects and seconds_left() > 0:
        failing = _failing_without(bench, suite, suspects, seconds_left())
        needs, open_ones = _attributed(suspects, failing)
        for item in open_ones:
            if seconds_left() > 0:
                needs[item.function.id] = _failing_without(bench, suite, [item], seconds_left())
    return [replace(item, needed_by=needs.get(item.function.id, ())) for item in evidence]


def _attributed(
    suspects: Sequence[Evidence], failing: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], list[Evidence]]:
    """The failing tests by the only one of the functions that they call; and the functions left open."""
    if len(suspects) == 1:
        return {suspects[0].function.id: tuple(failing)}, []
    callers = {test: [item for item in suspects if test in item.tests] for test in failing}
    needs: dict[str, tuple[str, ...]] = {}
    for test, items in callers.items():
        if len(items) == 1:
            name = items[0].function.id
            needs[name] = (*needs.get(name, ()), test)
    several = [items or suspects for items in callers.values() if len(items) != 1]
    shared = {item.function.id for items in several for item in items} - needs.keys()
    return needs, [item for item in suspects if item.function.id in shared]


def _failing_without(bench: Bench, suite: Suite, items: Sequence[Evidence], left: float) -> tuple[str, ...]:
    """Tests that fail, twice, without these caches, and pass with them; none where that is not known."""
    edits = tuple(lifted(item.function.path, item.function.qualname, item.function.line) for item in items)
    seconds = min(suite.limits.timeout_seconds, max(LEAST_SECONDS, left))
    patient = replace(suite, limits=replace(suite.limits, timeout_seconds=seconds))
    tests = dict.fromkeys(test for item in items for test in item.tests)
    change = f"{some(len(items), 'cache')} lifted"
    with bench.progress.phase(f"Tests with {change}"):
        try:
            # Here the tree as it is, with its caches, is the one to compare with.
            arms = Arms(bench, {Arm.WITH: edits, Arm.WITHOUT: ()}, change=change)
            proof = prove(arms, patient, ways_to_run(suite.command, suite.directory, tuple(tests)))
        finally:
            bench.patcher.apply(())
    if proof.standing is not Standing.BROKEN or proof.run.outcome is not Outcome.FAILED:
        return ()
    return proof.broken_tests or (WHOLE_COMMAND,)

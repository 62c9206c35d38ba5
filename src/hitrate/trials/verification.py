"""The project's own tests with real caches: do they still pass, and if not, is it the caches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hitrate.testrun.narrowing import Narrowing, Way
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Arms
from hitrate.trials.pairs import Arm

USAGE_ERROR = 4
"""Exit code of pytest for a command line that it does not accept, unknown test ids included."""


class Standing(StrEnum):
    """How the tests stand with the caches."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proof:
    """What running the project's tests with real caches shows.

    Attributes:
        standing: Whether the tests hold.
        way: How the tests were run.
        run: The last run with the caches.
        broken_tests: Tests that pass without and fail, twice, with the caches, if they have names.
        detail: Why they do not hold or it is not known, one plain sentence; None where they hold.
        notes: What else was seen, each one plain sentence.
    """

    standing: Standing
    way: Way
    run: TestRun
    broken_tests: tuple[str, ...] = ()
    detail: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def tests(self) -> int | None:
        """Tests that were chosen and ran; None where the whole command was run."""
        return None if self.way.reach is Narrowing.ALL else self.run.tests


def prove(arms: Arms, suite: Suite, ways: Sequence[Way]) -> Proof:
    """Run the tests with the caches, the narrowest way that the runner accepts.

    A failure is looked into: without the caches, and with them once more. Only what fails twice with and
    never without them counts against the caches.

    Args:
        arms: The tree without and with the caches.
        suite: Where and how commands are run.
        ways: Ways to run the tests, narrowest first.
    """
    for way in ways:
        proof = _attempt(arms, suite.with_command(way.command), way)
        if proof.standing is not Standing.UNKNOWN:
            break
    return replace(proof, notes=(*([way.note] if way.note else []), *proof.notes))


def _attempt(arms: Arms, suite: Suite, way: Way) -> Proof:
    first = arms.run(Arm.WITH, suite, 1, None)
    if first.outcome is Outcome.PASSED:
        return Proof(Standing.HOLDS, way, first)
    if way.reach is not Narrowing.ALL and was_refused(first):
        return Proof(Standing.UNKNOWN, way, first, detail="The chosen tests could not be run.")
    control = arms.run(Arm.WITHOUT, suite, 2, 3)
    if _ends_alike(first, control):
        return Proof(Standing.UNKNOWN, way, first, detail=f"{ending(control)} without the caches too.")
    if first.outcome is Outcome.TIMED_OUT:
        detail = f"{ending(first)} with the caches; without them they take {control.wall_seconds:.0f} s."
        return Proof(Standing.BROKEN, way, first, detail=detail)
    return _repeated(first, control, arms.run(Arm.WITH, suite, 3, 3), way)


def _repeated(first: TestRun, control: TestRun, again: TestRun, way: Way) -> Proof:
    """Tell flaky from broken by a second run with the caches."""
    if again.outcome is Outcome.PASSED:
        note = f"{ending(first)} once with the caches and passed when run again: flaky."
        return Proof(Standing.HOLDS, way, again, notes=(note,))
    broken = tuple(test for test in first.failed if test in again.failed and test not in control.failed)
    if broken or not (first.failed or again.failed):
        return Proof(Standing.BROKEN, way, again, broken, f"{ending(again, broken)} with the caches.")
    detail = f"{ending(first)} in one run with the caches, others in another: the tests are flaky."
    return Proof(Standing.UNKNOWN, way, again, detail=detail)


def _ends_alike(run: TestRun, control: TestRun) -> bool:
    """Whether the run without the caches fails as well, in all that fails with them."""
    if control.outcome is Outcome.PASSED:
        return False
    return run.outcome is not Outcome.FAILED or set(run.failed) <= set(control.failed)


def was_refused(run: TestRun) -> bool:
    """Whether pytest found none of the tests that it was asked for, or did not accept how."""
    return run.outcome is Outcome.NO_TESTS or run.exit_code == USAGE_ERROR


def ending(run: TestRun, named: Sequence[str] = ()) -> str:
    """How a run that did not pass ended, as the beginning of a sentence.

    Args:
        run: The run.
        named: Those of its tests that are told of; all that failed if there are none.
    """
    if run.outcome is Outcome.TIMED_OUT:
        return f"The tests do not end within {run.wall_seconds:.0f} s"
    tests = named or run.failed
    if not tests:
        return f"The test command fails (exit code {run.exit_code})"
    return f"{tests[0]} fails" if len(tests) == 1 else f"{tests[0]} and {len(tests) - 1} more fail"

"""Runs with the caches, without them and with them again: what they show, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hitrate.testrun.narrowing import Narrowing, Way
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.pairs import Arm
from hitrate.trials.verification import Proof, Standing, prove

SUITE = Suite("make test", Path("/tree"), {"A": "1"})
CHOSEN = Way("pytest a.py::t", Narrowing.TESTS, 1, "The trial runs one test.")
FILES = Way("pytest a.py", Narrowing.FILES, 1)
WHOLE = Way("make test", Narrowing.ALL, note="The trial runs the whole command.")
WITH, WITHOUT = Arm.WITH, Arm.WITHOUT


def passed() -> TestRun:
    return TestRun(Outcome.PASSED, 0, 1.0, 1.0, tests=3)


def failed(*tests: str, exit_code: int = 1) -> TestRun:
    return TestRun(Outcome.FAILED, exit_code, 1.0, 1.0, tests=3, failed=tests)


def late(wall_seconds: float = 7.4) -> TestRun:
    return TestRun(Outcome.TIMED_OUT, -9, 1.0, wall_seconds)


@dataclass
class Arms:
    """Runs that end as they are told to, each asked for in this order."""

    script: list[tuple[Arm, TestRun]]
    asked: list[tuple[str, int, int | None]] = field(default_factory=list)

    def run(self, arm: Arm, suite: Suite, number: int, of: int | None) -> TestRun:
        assert suite.environment == SUITE.environment
        self.asked.append((suite.command, number, of))
        expected, found = self.script.pop(0)
        assert arm is expected
        return found


def proof(*script: tuple[Arm, TestRun], ways: Sequence[Way] = (WHOLE,)) -> Proof:
    arms = Arms(list(script))
    found = prove(arms, SUITE, ways)  # type: ignore[arg-type]
    assert arms.script == []
    return found


def test_tests_that_pass_with_the_caches_hold() -> None:
    arms = Arms([(WITH, passed())])
    found = prove(arms, SUITE, [CHOSEN, WHOLE])  # type: ignore[arg-type]
    assert arms.asked == [("pytest a.py::t", 1, None)]
    assert found == Proof(Standing.HOLDS, CHOSEN, passed(), notes=("The trial runs one test.",))
    assert found.tests == 3


def test_of_the_whole_command_no_tests_were_chosen() -> None:
    found = proof((WITH, passed()))
    assert found.tests is None
    assert found.notes == ("The trial runs the whole command.",)
    assert proof((WITH, passed()), ways=[FILES]).notes == ()


@pytest.mark.parametrize(
    "refusal", [TestRun(Outcome.NO_TESTS, 5, 1.0, 1.0), failed(exit_code=4), failed("a", exit_code=4)]
)
def test_a_choice_that_is_refused_is_widened(refusal: TestRun) -> None:
    found = proof((WITH, refusal), (WITH, passed()), ways=[CHOSEN, WHOLE])
    assert (found.standing, found.way) == (Standing.HOLDS, WHOLE)
    only = proof((WITH, refusal), ways=[CHOSEN])
    assert (only.standing, only.detail) == (Standing.UNKNOWN, "The chosen tests could not be run.")
    assert only.notes == (CHOSEN.note,)


def test_the_whole_command_is_not_refused_but_fails() -> None:
    found = proof((WITH, failed(exit_code=4)), (WITHOUT, failed(exit_code=4)))
    assert (found.standing, found.detail) == (
        Standing.UNKNOWN,
        "The test command fails (exit code 4) without the caches too.",
    )


def test_a_failure_is_looked_into_with_the_runs_counted() -> None:
    arms = Arms([(WITH, failed("a")), (WITHOUT, passed()), (WITH, failed("a"))])
    found = prove(arms, SUITE, [WHOLE])  # type: ignore[arg-type]
    assert arms.asked == [("make test", 1, None), ("make test", 2, 3), ("make test", 3, 3)]
    assert found.standing is Standing.BROKEN


@pytest.mark.parametrize(
    ("control", "detail"),
    [
        (failed("a"), "a fails without the caches too."),
        (failed("a", "b"), "a and 1 more fail without the caches too."),
        (failed("a", "b", "c"), "a and 2 more fail without the caches too."),
    ],
)
def test_what_fails_without_the_caches_too_says_nothing(control: TestRun, detail: str) -> None:
    found = proof((WITH, failed("a")), (WITHOUT, control))
    assert (found.standing, found.detail, found.broken_tests) == (Standing.UNKNOWN, detail, ())


@pytest.mark.parametrize(
    ("first", "control", "again", "broken", "detail"),
    [
        (failed("a"), passed(), failed("a"), ("a",), "a fails with the caches."),
        (failed("a", "b"), failed("b"), failed("b", "a"), ("a",), "a fails with the caches."),
        (failed("a", "b"), passed(), failed("b", "a"), ("a", "b"), "a and 1 more fail with the caches."),
        (failed("a", "b"), passed(), failed("b", "c"), ("b",), "b fails with the caches."),
        (
            failed(),
            passed(),
            failed(exit_code=2),
            (),
            "The test command fails (exit code 2) with the caches.",
        ),
    ],
)
def test_what_fails_twice_with_and_never_without_is_broken(
    first: TestRun, control: TestRun, again: TestRun, broken: tuple[str, ...], detail: str
) -> None:
    found = proof((WITH, first), (WITHOUT, control), (WITH, again))
    assert found == Proof(Standing.BROKEN, WHOLE, again, broken, detail, (WHOLE.note or "",))


@pytest.mark.parametrize(
    ("first", "again"), [(failed("a"), failed("b")), (failed("a"), failed()), (failed(), failed("a"))]
)
def test_other_failures_each_time_are_flaky(first: TestRun, again: TestRun) -> None:
    found = proof((WITH, first), (WITHOUT, passed()), (WITH, again))
    begin = "a fails" if first.failed else "The test command fails (exit code 1)"
    assert (found.standing, found.broken_tests, found.run) == (Standing.UNKNOWN, (), again)
    assert found.detail == f"{begin} in one run with the caches, others in another: the tests are flaky."


def test_a_test_that_fails_once_is_flaky_and_the_tests_hold() -> None:
    found = proof((WITH, failed("a")), (WITHOUT, passed()), (WITH, passed()))
    assert (found.standing, found.detail, found.run) == (Standing.HOLDS, None, passed())
    assert found.notes == (WHOLE.note, "a fails once with the caches and passed when run again: flaky.")


def test_a_run_that_does_not_end_is_not_tried_again() -> None:
    found = proof((WITH, late()), (WITHOUT, passed()))
    assert (found.standing, found.broken_tests) == (Standing.BROKEN, ())
    assert found.detail == ("The tests do not end within 7 s with the caches; without them they take 1 s.")
    both = proof((WITH, late()), (WITHOUT, late()))
    assert (both.standing, both.detail) == (
        Standing.UNKNOWN,
        "The tests do not end within 7 s without the caches too.",
    )

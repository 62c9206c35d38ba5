"""What can be no baseline is refused, with what to do."""

from pathlib import Path

import pytest

from hitrate.analysis.baseline import check_baseline
from hitrate.errors import AnalysisError, HitrateError, InputError
from hitrate.testrun.run import Outcome, Suite, TestRun

SUITE = Suite("pytest tests", Path(), {})


def ended(outcome: Outcome, tail: str = "", tests: int | None = None) -> TestRun:
    return TestRun(outcome, 1, 1.0, 1.0, tests=tests, tail=tail)


@pytest.mark.parametrize(
    "run",
    [
        ended(Outcome.PASSED, tests=3),
        ended(Outcome.FAILED, "1 failed, 2 passed", tests=3),
        ended(Outcome.FAILED, "sh: 1: Syntax error: a test prints this", tests=3),
        ended(Outcome.FAILED, "Traceback"),
    ],
)
def test_tests_that_fail_are_a_finding_and_no_error(run: TestRun) -> None:
    check_baseline(run, SUITE)


@pytest.mark.parametrize(
    ("run", "kind", "said"),
    [
        (
            ended(Outcome.NOT_FOUND, "sh: pytest: not found\n"),
            InputError,
            "was not found (sh: pytest: not found)",
        ),
        (ended(Outcome.TIMED_OUT), AnalysisError, "took more than"),
        (
            ended(Outcome.NO_TESTS, "=== no tests ran in 0.1s ==="),
            AnalysisError,
            "ran no test (no tests ran in 0.1s)",
        ),
        (ended(Outcome.NO_TESTS), AnalysisError, "ran no test (no output)"),
        (ended(Outcome.FAILED, "sh: 1: Syntax error: Unterminated"), InputError, "a shell understands"),
    ],
)
def test_what_cannot_be_a_baseline(run: TestRun, kind: type[HitrateError], said: str) -> None:
    with pytest.raises(kind) as refused:
        check_baseline(run, SUITE)
    assert said in str(refused.value)
    assert "'pytest tests'" in str(refused.value)

"""When an observed run did not get to its end, and what is then said of functions."""

from dataclasses import replace

import pytest

from hitrate.analysis.unfinished.breakage import breakage, cut_short, missing_processes
from hitrate.analysis.unfinished.rescue import culprit_by_halves
from hitrate.evidence import Evidence, Processes
from hitrate.source.function import Function
from hitrate.testrun.run import Outcome, TestRun

PLAIN = TestRun(Outcome.PASSED, 0, 1.0, 1.0, tests=40)
ALL = Processes(4, 4)
WHOLE = Evidence(Function("a.py", "f", 1), calls=3, hits=1, misses=2, tests=("t::a", "t::b"))


def run(outcome: Outcome, exit_code: int, tests: int | None, *failed: str) -> TestRun:
    return TestRun(outcome, exit_code, 1.0, 1.0, tests=tests, failed=failed)


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (run(Outcome.TIMED_OUT, -9, None), "did not end in time"),
        (run(Outcome.FAILED, -11, None), "was killed by SIGSEGV"),
        (run(Outcome.FAILED, 139, None), "was killed by SIGSEGV"),
        (run(Outcome.FAILED, 137, 10), "was killed by SIGKILL after 10 of 40 tests"),
        (run(Outcome.FAILED, 1, None), "broke off before its end (exit code 1)"),
        (run(Outcome.PASSED, 0, None), "broke off before its end (exit code 0)"),
        (run(Outcome.FAILED, 1, 39, "t::a"), "ended after 39 of 40 tests (exit code 1)"),
        (run(Outcome.PASSED, 0, 3), "ended after 3 of 40 tests (exit code 0)"),
        (run(Outcome.FAILED, 2, 40, "test_a.py"), "could not import test_a.py"),
        (run(Outcome.NO_TESTS, 5, 0), "ran no test (exit code 5)"),
    ],
)
def test_a_run_that_broke_off_says_how(ended: TestRun, told: str) -> None:
    assert breakage(ended, PLAIN) == told
    (item,) = cut_short([WHOLE], ended, PLAIN, ALL)
    assert item.cut_short == f"its calls were seen only until the observed run {told}"


@pytest.mark.parametrize(
    "ended",
    [
        run(Outcome.PASSED, 0, 40),
        run(Outcome.PASSED, 0, 39),  # as many as chance left out
        run(Outcome.PASSED, 0, 41),
        run(Outcome.FAILED, 1, 40, "t::other"),
    ],
)
def test_a_run_that_got_to_its_end_is_whole(ended: TestRun) -> None:
    assert breakage(ended, PLAIN) is None
    assert cut_short([WHOLE], ended, PLAIN, ALL) == [WHOLE]


def test_of_a_runner_that_tells_no_number_only_a_nameless_failure_is_a_breakage() -> None:
    silent = replace(PLAIN, tests=None)
    assert breakage(run(Outcome.PASSED, 0, None), silent) is None
    assert breakage(run(Outcome.FAILED, 1, None, "t::a"), silent) is None
    assert breakage(run(Outcome.FAILED, 3, None), silent) == "broke off (exit code 3)"


def test_a_test_that_failed_only_observed_decides_for_functions_that_rest_on_it() -> None:
    many = replace(WHOLE, tests=(*[f"t::{number}" for number in range(20)], "t::a"))
    none = replace(WHOLE, tests=("t::c",))
    ended = run(Outcome.FAILED, 1, 40, "t::a")
    one, few, other = cut_short([WHOLE, many, none], ended, PLAIN, ALL)
    assert one.cut_short == "t::a, which calls it, failed only while it was observed"
    assert (few.cut_short, other.cut_short) == (None, None)
    (known,) = cut_short([WHOLE], ended, replace(PLAIN, failed=("t::a",)), ALL)
    assert known.cut_short is None
    (two,) = cut_short([WHOLE], run(Outcome.FAILED, 1, 40, "t::a", "t::b"), PLAIN, ALL)
    assert two.cut_short is not None
    assert "2 of the 2 tests that call it failed only while they were observed" in two.cut_short


@pytest.mark.parametrize(
    ("expected", "received", "told"), [(4, 4, False), (4, 3, True), (100, 95, False), (1, 0, True)]
)
def test_processes_that_deliver_nothing_matter_unless_they_are_few(
    expected: int, received: int, told: bool
) -> None:
    assert (missing_processes(Processes(expected, received)) is not None) is told
    (item,) = cut_short([WHOLE], PLAIN, PLAIN, Processes(expected, received))
    assert (item.cut_short is not None) is told


@pytest.mark.parametrize("count", [1, 2, 3, 7, 300])
def test_halves_find_the_one_that_breaks_it_in_few_runs(count: int) -> None:
    functions = [Function("a.py", f"f{number}", number) for number in range(1, count + 1)]
    for culprit in {functions[0], functions[count // 2], functions[-1]}:
        runs = 0

        def breaks(chosen: object, culprit: Function = culprit) -> bool:
            nonlocal runs
            runs += 1
            return culprit in chosen  # type: ignore[operator]

        assert culprit_by_halves(functions, breaks, lambda: True) == (culprit,)
        assert runs <= 9
    assert culprit_by_halves(functions, lambda _: True, lambda: False) == (() if count > 1 else (culprit,))

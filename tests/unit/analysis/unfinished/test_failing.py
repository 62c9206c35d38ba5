"""Which failing tests are few enough to be left out, and what that makes doubtful."""

from dataclasses import replace
from pathlib import Path

import pytest

from hitrate.analysis.session import Project
from hitrate.analysis.unfinished.failing import are_few, doubted, without_failing
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.evidence import Evidence
from hitrate.hazards.sentences import doubt_sentence
from hitrate.source.function import Function
from hitrate.testrun.run import Outcome, Suite, TestRun


def project(tree: Path, command: str = "pytest", left_out: tuple[str, ...] = ()) -> Project:
    suite = Suite(command, tree, {})
    return Project(tree, suite, None, Change(None, None, None), Selection(()), left_out=left_out)


def failed(tests: int | None, *names: str, outcome: Outcome = Outcome.FAILED) -> TestRun:
    return TestRun(outcome, 1, 1.0, 1.0, tests=tests, failed=names)


@pytest.mark.parametrize(
    ("run", "added"),
    [
        (failed(10, "t.py::a"), "--deselect=t.py::a"),
        (failed(9, "t.py::a"), None),
        (failed(20, "t.py::a", "t.py::b"), "--deselect=t.py::a --deselect=t.py::b"),
        (failed(None, "t.py::a"), None),
        (failed(600), None),
        (failed(1, "t.py"), "--ignore=t.py"),
        (failed(None, "t.py", "u.py", "v.py"), "--ignore=t.py --ignore=u.py --ignore=v.py"),
        (failed(None, "t.py", "u.py", "v.py", "w.py"), None),
        (failed(600, "t.py::a", outcome=Outcome.TIMED_OUT), None),
        (failed(600, "t.py::a", outcome=Outcome.PASSED), None),
    ],
)
def test_few_are_left_out_and_many_are_not(tmp_path: Path, run: TestRun, added: str | None) -> None:
    rest = without_failing(project(tmp_path), run)
    assert (rest and rest.suite.command) == (added and f"pytest {added}")
    assert rest is None or rest.left_out == run.failed


def test_what_cannot_be_left_out_is_not_tried_twice(tmp_path: Path) -> None:
    before = project(tmp_path, left_out=("t.py",))
    assert without_failing(before, failed(1, "t.py")) is None
    more = without_failing(before, failed(50, "t.py::a"))
    assert more is not None
    assert more.left_out == ("t.py", "t.py::a")
    assert without_failing(project(tmp_path, "make test"), failed(50, "t.py::a")) is None


@pytest.mark.parametrize(
    ("last", "left_out"),
    [
        ("!!!!!!!!!! stopping after 1 failures !!!!!!!!!!!", True),
        ("!!!!!!!!!! xdist.dsession.Interrupted: stopping after 1 failures !!!!!!!!!!!", True),
        ("!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!", False),
        ("E   stopping after 1 failures", False),
    ],
)
def test_of_a_run_that_ended_early_the_number_of_tests_is_not_known(
    tmp_path: Path, last: str, left_out: bool
) -> None:
    ended = replace(failed(3, "t.py::a"), tail=f"FAILED t.py::a\n{last}\n1 failed, 2 passed in 0.1s")
    assert (without_failing(project(tmp_path), ended) is not None) is left_out
    many = replace(ended, failed=tuple(f"t.py::{name}" for name in "abcd"))
    assert without_failing(project(tmp_path), many) is None


@pytest.mark.parametrize(("tests", "few"), [(9, True), (8, False), (None, False), (0, False)])
def test_few_is_told_by_those_that_were_run(tests: int | None, few: bool) -> None:
    assert are_few(["t.py"], TestRun(Outcome.PASSED, 0, 1.0, 1.0, tests=tests)) is few


def test_functions_that_a_failing_test_calls_are_doubted() -> None:
    called, other = Function("a.py", "f", 1), Function("a.py", "g", 9)
    seen = [Evidence(called, tests=("t::a", "t::b")), Evidence(other, tests=("t::b",))]
    first, second = doubted([Evidence(called), Evidence(other)], seen, ["t::a", "t::c"])
    assert second == Evidence(other)
    (doubt,) = first.doubts
    assert doubt_sentence(doubt) == "`t::a`, which calls it, already fails without any change"
    (first, _) = doubted([Evidence(called), Evidence(other)], seen, ["t::a", "t::b"])
    (doubt,) = first.doubts
    assert "`t::a` and `t::b`, which call it, already fail" in doubt_sentence(doubt)

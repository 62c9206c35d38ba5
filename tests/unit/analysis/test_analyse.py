"""A whole analysis where there is nothing to run, and what a reader is told of lost processes."""

from pathlib import Path

import pytest

from hitrate.analysis.analyse import Project, analyse, process_notes, without_idle
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.evidence import Evidence, Processes
from hitrate.progress.progress import Silent
from hitrate.report.model import Report
from hitrate.settings.model import Settings
from hitrate.source.definitions import parse
from hitrate.source.digest import digest
from hitrate.source.function import Function
from hitrate.testrun.run import Suite
from hitrate.verdict.judge import Finding
from hitrate.verdict.reason import Unmeasured
from hitrate.vocabulary import Effort, GateRule, GateVerdict, Verdict

SOURCE = b"async def fetch(url):\n    return url\n"
COROUTINE = Function("a.py", "fetch", 1, ineligible="a coroutine function")


CANDIDATE = Function("a.py", "price", 1)


def analysed(tree: Path, *functions: Function, settings: Settings | None = None) -> Report:
    """The report of a change whose tests would leave a file behind if they were run."""
    scratch = tree / "scratch"
    scratch.mkdir()
    suite = Suite("touch ran", tree, {"PATH": "/usr/bin:/bin"})
    selection = Selection(functions, left_out=("Nothing else was changed.",))
    project = Project(tree, suite, None, Change(base="b" * 40, head="a" * 40), selection)
    clock = iter([3.0, 5.5])
    report = analyse(project, settings or Settings(), scratch, Silent(), lambda: next(clock))
    assert not (tree / "ran").exists()
    assert list(scratch.iterdir()) == []
    return report


@pytest.mark.parametrize("effort", Effort)
def test_no_test_is_run_where_no_function_may_carry_a_cache(tmp_path: Path, effort: Effort) -> None:
    (tmp_path / "a.py").write_bytes(SOURCE)
    report = analysed(tmp_path, COROUTINE, settings=Settings(effort=effort))
    (found,) = report.functions
    assert (found.id, found.verdict) == ("a.py::fetch", Verdict.INELIGIBLE)
    assert "a coroutine function" in found.reason
    assert (report.suite.runs.baseline, report.suite.runs.observed, report.trial) == (0, 0, None)
    assert report.gate.verdict is GateVerdict.PASS
    assert report.notes == ("Nothing else was changed.",)


def test_a_change_without_functions_has_a_report_of_its_own(tmp_path: Path) -> None:
    report = analysed(tmp_path, settings=Settings(fail_on=(GateRule.UNSAFE, GateRule.WASTEFUL)))
    assert report.functions == ()
    assert [rule.rule for rule in report.gate.rules] == [GateRule.UNSAFE, GateRule.WASTEFUL]
    assert (report.change.base, report.change.head) == ("b" * 40, "a" * 40)


def test_a_finding_carries_the_digest_of_its_source_while_that_can_be_read(tmp_path: Path) -> None:
    """By it an acknowledgement holds until the function changes."""
    gone = Function("gone.py", "fetch", 1, ineligible="a coroutine function")
    moved = Function("a.py", "fetch", 7, ineligible="a coroutine function")
    (tmp_path / "a.py").write_bytes(SOURCE)
    report = analysed(tmp_path, COROUTINE, moved, gone)
    source = parse(SOURCE)
    assert [one.source for one in report.functions] == [digest(source, source.definitions[0]), None, None]


@pytest.mark.parametrize(
    ("processes", "notes"),
    [
        (None, ()),
        (Processes(expected=4, received=4), ()),
        (Processes(expected=4, received=3), ("1 of 4 test processes delivered no figures.",)),
        (Processes(expected=4, received=0), ("4 of 4 test processes delivered no figures.",)),
    ],
)
def test_processes_whose_figures_were_lost_are_counted(
    processes: Processes | None, notes: tuple[str, ...]
) -> None:
    assert process_notes(processes) == notes


def test_where_no_process_imported_the_change_a_reader_is_told_what_to_do() -> None:
    (note,) = process_notes(Processes(expected=0, received=0))
    assert note.startswith("No test process imported the changed files")
    assert note.endswith("(pip install -e .), or name a test command that imports it.")


@pytest.mark.parametrize(
    ("printed", "notes"),
    [
        ("ModuleNotFoundError: No module named 'httpx'", ["httpx is not installed"]),
        ("1 failed", []),
    ],
)
def test_tests_that_fail_without_any_change_break_the_gate_and_the_cause_is_told(
    tmp_path: Path, printed: str, notes: list[str]
) -> None:
    (tmp_path / "a.py").write_bytes(b"def price(x):\n    return x\n")
    suite = Suite(f'echo "{printed}"; exit 1', tmp_path, {"PATH": "/nowhere"})
    project = Project(tmp_path, suite, None, Change(None, None), Selection((CANDIDATE,)))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    chosen = Settings(effort=Effort.QUICK, fail_on=(GateRule.UNSAFE, GateRule.BROKEN))
    report = analyse(project, chosen, scratch, Silent(), lambda: 0.0)
    assert report.suite.passed is False
    assert [rule.passed for rule in report.gate.rules] == [None, False]
    assert report.functions[0].verdict is Verdict.INCONCLUSIVE
    assert [note.partition(": ")[2].partition(":")[0] for note in report.notes] == notes


def finding(line: int, calls: int | None, name: str = "price") -> Finding:
    return Finding(
        Evidence(Function("a.py", name, line), calls=calls), Verdict.NOT_WORTH_IT, Unmeasured.NOT_RUN
    )


def test_of_definitions_of_one_name_those_are_told_that_ran() -> None:
    idle, ran, other = finding(1, 0), finding(5, 9), finding(9, 0, "other")
    names = {"a.py::price"}
    assert without_idle([idle, ran, other], names) == [ran, other]
    assert without_idle([ran, other], names) == [ran, other]
    assert without_idle([idle, ran], ()) == [idle, ran]


def test_where_no_definition_of_a_name_ran_the_last_is_told() -> None:
    """As Python would have taken it."""
    first, last = finding(1, 0), finding(5, None)
    assert without_idle([first, last], {"a.py::price"}) == [last]
    both = [finding(1, 3), finding(5, 4)]
    assert without_idle(both, {"a.py::price"}) == both

"""The plain run of the tests, and what to make of it where it fails."""

import re
from dataclasses import replace
from pathlib import Path

from hitrate.analysis.session import Bytecode, Project
from hitrate.environment.causes import cause_of, snippet
from hitrate.errors import AnalysisError, InputError
from hitrate.progress.progress import Progress
from hitrate.testrun import run as testrun
from hitrate.testrun.narrowing import Narrowing, ways_to_run
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import Outcome, Suite, TestRun

_PYTEST = re.compile(r"\bpy\.?test\b")
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"

_SHELL_ERROR = re.compile(
    r"^(?:\S*/)?(?:ba|da|k|z)?sh: .*(?:[Ss]yntax error|unexpected EOF while looking).*$", re.MULTILINE
)
"""What a shell prints that cannot read its command."""


def plain_run(project: Project, bytecode: Bytecode, progress: Progress) -> tuple[Project, TestRun, int]:
    """The tests without any change: how the project is to be run, the run, and how many were made.

    Tests that change a module within a second and delete its bytecode do not find it where Hitrate keeps all
    bytecode (coverage.py's do so): where tests fail, they are run once more without writing any, unless those
    that failed do so again by themselves.
    """
    with progress.phase("Tests without any change"):
        progress.run("baseline", 1, None)
        seed(bytecode.warm, bytecode.compiled)
        project, baseline, runs = first_that_runs_tests(project, bytecode.warm, progress)
        frugal = _without_bytecode(project)
        if baseline.outcome is Outcome.FAILED and not (
            project.suite.environment.get(NO_BYTECODE) or failing_again(frugal.suite, baseline, bytecode)
        ):
            runs += 1
            progress.run("baseline without writing bytecode", runs, runs)
            again = testrun.run(frugal.suite, bytecode=bytecode.warm, progress=progress)
            if again.outcome is Outcome.PASSED:
                project, baseline = frugal, again
        if baseline.outcome is Outcome.FAILED and (
            other := passing_otherwise(project, baseline, bytecode, progress)
        ):
            runs += 1
            project, baseline = other
        if baseline.outcome is not Outcome.PASSED:
            progress.output(baseline.tail)
    check_baseline(baseline, project.suite)
    return project, baseline, runs


def first_that_runs_tests(
    project: Project, bytecode: Path, progress: Progress
) -> tuple[Project, TestRun, int]:
    """Run the tests by the project's command, or by the first of the others if it runs none.

    If none of them does, it is the first run that counts; where that one could not start, only another one
    whose tests pass is better.
    """
    first = run = testrun.run(project.suite, bytecode=bytecode, progress=progress)
    for number, command in enumerate(project.others, 2):
        if not _ran_none(project.suite.command, run):
            return project, run, number - 1
        progress.say(f"`{project.suite.command}` ran no test; trying `{command}`")
        suite = project.suite.with_command(command)
        run = testrun.run(suite, bytecode=bytecode, progress=progress)
        failing = run.outcome is Outcome.FAILED and run.tests and first.outcome is Outcome.NO_TESTS
        if run.outcome is Outcome.PASSED or failing:
            note = f"`{project.suite.command}` ran no test; `{command}` was run instead."
            return replace(project, suite=suite, notes=(*project.notes, note)), run, number
    return project, first, 1 + len(project.others)


def _ran_none(command: str, run: TestRun) -> bool:
    """Whether a run ran no test; pytest says so, other runners that cannot start end with a traceback."""
    broken = run.outcome is Outcome.FAILED and not run.tests and not run.failed
    return run.outcome is Outcome.NO_TESTS or (broken and not _PYTEST.search(command))


def passing_otherwise(
    project: Project, failed: TestRun, bytecode: Bytecode, progress: Progress
) -> tuple[Project, TestRun] | None:
    """The project with the runner that pytest stands in for, where all tests pass with that one.

    Args:
        project: How its tests were run.
        failed: That run.
        bytecode: Compiled files to begin with.
        progress: Told what is tried.

    Returns:
        None where pytest stands in for none, or where that one fails too or runs fewer tests.
    """
    command, other = project.suite.command, next(iter(project.others), None)
    if other is None or not _PYTEST.search(command) or _PYTEST.search(other):
        return None
    progress.say(f"Tests fail with `{command}`; trying `{other}`")
    suite = project.suite.with_command(other)
    run = testrun.run(suite, bytecode=bytecode.warm, progress=progress)
    if run.outcome is not Outcome.PASSED or not run.tests or run.tests < (failed.tests or 0):
        return None
    note = f"Tests fail with `{command}`; `{other}`, with which all pass, was run instead."
    return replace(project, suite=suite, notes=(*project.notes, note)), run


def failing_plainly(
    project: Project, run: TestRun, bytecode: Bytecode, progress: Progress
) -> tuple[str, ...]:
    """Tests of an observed run that fail without any change too, whatever bytecode is written.

    Empty where it takes a plain run of all tests to tell.
    """
    with progress.phase("Tests that failed, without any change"):
        seed(bytecode.warm, bytecode.compiled)
        failing = failing_again(project.suite, run, bytecode)
        if failing and not project.suite.environment.get(NO_BYTECODE):
            again = failing_again(_without_bytecode(project).suite, run, bytecode)
            failing = tuple(test for test in failing if test in again)
    return failing


def failing_again(suite: Suite, run: TestRun, bytecode: Bytecode) -> tuple[str, ...]:
    """Which of the tests that failed fail once more; none where they cannot be run by themselves."""
    way, *_ = ways_to_run(suite.command, suite.directory, run.failed, run.tests)
    if way.reach is Narrowing.ALL:
        return ()
    again = testrun.run(suite.with_command(way.command), bytecode=bytecode.warm)
    return tuple(test for test in run.failed if test in again.failed)


def _without_bytecode(project: Project) -> Project:
    """The project with tests and workload that write no bytecode."""

    def frugal(suite: Suite) -> Suite:
        return replace(suite, environment={**suite.environment, NO_BYTECODE: "1"})

    note = f"The tests failed once; they were run with {NO_BYTECODE} from then on, and passed."
    workload = frugal(project.workload) if project.workload else None
    return replace(project, suite=frugal(project.suite), workload=workload, notes=(*project.notes, note))


def check_baseline(baseline: TestRun, suite: Suite) -> None:
    """Refuse what cannot be a baseline; failing tests are no error here but a finding.

    Raises:
        InputError: The command was not found, or a shell cannot read it.
        AnalysisError: It timed out or ran no test.
    """
    last = [line.strip("= ") for line in baseline.tail.strip().splitlines()[-1:]] or ["no output"]
    match baseline.outcome:
        case Outcome.NOT_FOUND:
            raise InputError(
                f"test-command: {suite.command!r} was not found ({last[0]}); name one that runs the tests"
            )
        case Outcome.TIMED_OUT:
            raise AnalysisError(
                f"timeout: {suite.command!r} took more than {suite.limits.timeout_seconds:.0f} s; raise it",
                snippet=snippet("", "timeout"),
            )
        case Outcome.NO_TESTS:
            remedy = cause_of(baseline.tail) or "name a command that runs the tests"
            raise AnalysisError(
                f"test-command: {suite.command!r} ran no test ({last[0]}); {remedy}",
                snippet=snippet(baseline.tail, "test-command"),
            )
        case Outcome.FAILED if not baseline.tests and (said := _SHELL_ERROR.search(baseline.tail)):
            raise InputError(
                f"test-command: {suite.command!r} is not a command that a shell understands ({said[0]}); "
                "fix it"
            )
        case _:
            return

"""The plain run of the tests, and what to make of it where it fails."""

import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hitrate.analysis.session import Bytecode, Project
from hitrate.analysis.unfinished.failing import without_failing
from hitrate.environment.causes import cause_of, snippet
from hitrate.errors import AnalysisError, InputError
from hitrate.progress.progress import Progress
from hitrate.testrun import run as testrun
from hitrate.testrun.compiling import as_if_compiled, seconds_compiling
from hitrate.testrun.narrowing import Narrowing, ways_to_run
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import BYTECODE_FOLDER, NO_BYTECODE, Outcome, Suite, TestRun

_PYTEST = re.compile(r"\bpy\.?test\b")
_SECONDS = 60.0
"""All tests are run without CI for no longer than that where those that fail cannot be run by themselves."""
_OF_CI = ("CI", "GITHUB_ACTIONS", "BUILD_NUMBER")
"""What tox keeps from tests and some runners print less or more for."""

_READS_INPUT = "pytest: reading from stdin while output is captured!"
"""What pytest tells a test that reads its input."""

_SHELL_ERROR = re.compile(
    r"^(?:\S*/)?(?:ba|da|k|z)?sh: .*(?:[Ss]yntax error|unexpected EOF while looking).*$", re.MULTILINE
)
"""What a shell prints that cannot read its command."""


def plain_run(project: Project, bytecode: Bytecode, progress: Progress) -> tuple[Project, TestRun, int]:
    """The tests without any change: how the project is to be run, the run, and how many were made.

    Tests that change a module within a second and delete its bytecode do not find it where Hitrate keeps all
    bytecode (coverage.py's do so), others look for it beside the sources (installer's), and others expect
    what pytest prints outside of CI (pytest-mock's): where tests fail, they are run once more so, unless
    those that failed do so again by themselves.
    """
    with progress.phase("Tests without any change"):
        progress.run("baseline", 1, None)
        seed(bytecode.warm, bytecode.compiled)
        project, baseline, runs = first_that_runs_tests(project, bytecode.warm, progress)
        for other in _otherwise(project):
            if baseline.outcome is Outcome.FAILED and _may_help(other, project.suite, baseline, bytecode):
                runs += 1
                progress.run(f"baseline {other.told}", runs, runs)
                again = testrun.run(other.project.suite, bytecode=bytecode.warm, progress=progress)
                if again.outcome is Outcome.PASSED:
                    project, baseline = other.project, again
        if baseline.outcome is Outcome.FAILED and (
            passing := passing_otherwise(project, baseline, bytecode, progress)
        ):
            runs += 1
            project, baseline = passing
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
    first = _timed(project.suite, bytecode, progress)
    if not _ran_none(project.suite.command, first):
        return project, first, 1
    for number, command in enumerate(project.others, 2):
        progress.say(f"`{project.suite.command}` ran no test; trying `{command}`")
        suite = project.suite.with_command(command)
        run = _timed(suite, bytecode, progress)
        failing = run.outcome is Outcome.FAILED and run.tests and first.outcome is Outcome.NO_TESTS
        if run.outcome is Outcome.PASSED or failing:
            note = f"`{project.suite.command}` ran no test; `{command}` was run instead."
            return replace(project, suite=suite, notes=(*project.notes, note)), run, number
    return project, first, 1 + len(project.others)


def _timed(suite: Suite, bytecode: Path, progress: Progress) -> TestRun:
    """A run with the time that it takes where everything is compiled, as later ones find it."""
    started = time.time()
    run = testrun.run(suite, bytecode=bytecode, progress=progress)
    return as_if_compiled(run, seconds_compiling(started, [bytecode]))


def _ran_none(command: str, run: TestRun) -> bool:
    """Whether a run ran no test; pytest says so, other runners that cannot start end with a traceback."""
    broken = run.outcome is Outcome.FAILED and not run.tests and not run.failed
    return run.outcome is Outcome.NO_TESTS or (broken and not _PYTEST.search(command))


def passing_otherwise(
    project: Project, failed: TestRun, bytecode: Bytecode, progress: Progress
) -> tuple[Project, TestRun] | None:
    """The project with a command that fits it better, where all tests pass with that one, or fewer fail.

    Args:
        project: How its tests were run.
        failed: That run.
        bytecode: Compiled files to begin with.
        progress: Told what is tried.

    Returns:
        None where there is none such, or where that one fails too or runs fewer tests.
    """
    command = project.suite.command
    better: tuple[Project, TestRun] | None = None
    for other in _other_ways(project, failed):
        progress.say(f"Tests fail with `{command}`; trying `{other}`")
        suite = project.suite.with_command(other)
        run = testrun.run(suite, bytecode=bytecode.warm, progress=progress)
        if run.outcome is Outcome.PASSED and run.tests and run.tests >= (failed.tests or 0):
            note = f"Tests fail with `{command}`; `{other}`, with which all pass, was run instead."
            return replace(project, suite=suite, notes=(*project.notes, note)), run
        fewer = len(run.failed) < len((better[1] if better else failed).failed)
        if fewer and (run.tests or 0) >= (failed.tests or 0) and without_failing(project, run):
            note = f"Many tests fail with `{command}`; `{other}`, with which few do, was run instead."
            better = replace(project, suite=suite, notes=(*project.notes, note)), run
    return better if better and not without_failing(project, failed) else None


def _other_ways(project: Project, failed: TestRun) -> Iterator[str]:
    """What pytest advises; the tests' folder alone if nothing that failed lies in it; or another runner."""
    command = project.suite.command
    if _PYTEST.search(command):
        if _READS_INPUT in failed.tail:
            yield f"{command} -s"
        folder = re.compile(rf"{re.escape(command)} (\w+)")
        narrower = [found for found in map(folder.fullmatch, project.others) if found]
        yield from (found[0] for found in narrower if not _any_within(found[1], failed.failed))
        wider = [other for other in project.others if not folder.fullmatch(other)]
        yield from (other for other in wider[:1] if not _PYTEST.search(other))


def _any_within(folder: str, tests: Sequence[str]) -> bool:
    return any(test.startswith(f"{folder}/") for test in tests)


def failing_plainly(
    project: Project, run: TestRun, bytecode: Bytecode, progress: Progress
) -> tuple[str, ...]:
    """Tests of an observed run that fail without any change too, whatever bytecode is written, in CI or not.

    Empty where it takes a plain run of all tests to tell.
    """
    with progress.phase("Tests that failed, without any change"):
        seed(bytecode.warm, bytecode.compiled)
        failing = failing_again(project.suite, run, bytecode)
        for other in _otherwise(project):
            again = failing_again(other.project.suite, run, bytecode) if failing else ()
            failing = tuple(test for test in failing if test in again)
    return failing


def failing_again(suite: Suite, run: TestRun, bytecode: Bytecode) -> tuple[str, ...]:
    """Which of the tests that failed fail once more; none where they cannot be run by themselves."""
    if not _can_be_narrowed(suite, run):
        return ()
    way, *_ = ways_to_run(suite.command, suite.directory, run.failed, run.tests)
    again = testrun.run(suite.with_command(way.command), bytecode=bytecode.warm)
    return tuple(test for test in run.failed if test in again.failed)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The project in another environment that its tests may need.

    Attributes:
        project: It.
        told: How it is called.
        seconds: How long all tests may take that are run so where those that fail cannot be run by
            themselves; infinite where no proof is asked for that they need it.
    """

    project: Project
    told: str
    seconds: float


def _may_help(other: _Elsewhere, suite: Suite, failed: TestRun, bytecode: Bytecode) -> bool:
    """Whether what failed passes by itself in another environment, and fails again in its own."""
    if not _can_be_narrowed(suite, failed):
        return failed.wall_seconds < other.seconds
    if failing_again(other.project.suite, failed, bytecode):
        return False
    return other.seconds == math.inf or bool(failing_again(suite, failed, bytecode))


def _can_be_narrowed(suite: Suite, run: TestRun) -> bool:
    way, *_ = ways_to_run(suite.command, suite.directory, run.failed, run.tests)
    return way.reach is not Narrowing.ALL


def _otherwise(project: Project) -> Iterator[_Elsewhere]:
    """The project in other environments, the likeliest first."""
    environment = project.suite.environment
    frugal = {**environment, NO_BYTECODE: "1"}
    if not environment.get(NO_BYTECODE):
        changed = _within(project, frugal, f"with {NO_BYTECODE}")
        yield _Elsewhere(changed, "without writing bytecode", math.inf)
    beside = {**frugal, BYTECODE_FOLDER: ""}
    changed = _within(project, beside, f"without {BYTECODE_FOLDER}")
    yield _Elsewhere(changed, "with bytecode beside the sources", 0.0)
    if any(environment.get(name) for name in _OF_CI):
        kept = {name: value for name, value in environment.items() if name not in _OF_CI}
        changed = _within(project, kept, "without CI in their environment")
        yield _Elsewhere(changed, "without CI in its environment", _SECONDS)


def _within(project: Project, environment: Mapping[str, str], how: str) -> Project:
    """The project with tests and workload in another environment."""
    note = f"The tests failed once; they were run {how} from then on, and passed."
    workload = replace(project.workload, environment=environment) if project.workload else None
    suite = replace(project.suite, environment=environment)
    return replace(project, suite=suite, workload=workload, notes=(*project.notes, note))


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

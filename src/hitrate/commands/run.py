"""``hitrate run``: the caller's tree and environment in, report files and an exit code out."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from git import Repo
from rich.console import Console

from hitrate.action.acknowledgement import acknowledged, in_config
from hitrate.action.runner import read_runner
from hitrate.analysis.analyse import NOTHING_IMPORTED, analyse
from hitrate.analysis.session import Project, project_folder
from hitrate.change import comparison
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection, changed_functions, named_functions
from hitrate.commands import remembering
from hitrate.commands.outputs import Outputs, check_outputs, console_for, deliver
from hitrate.commands.shards import matrix, plan
from hitrate.environment import testcommand
from hitrate.environment.testcommand import SuiteCommands
from hitrate.errors import AnalysisError, ExitCode, InputError
from hitrate.files.limits import FirstLook
from hitrate.github.event import plan as plan_event
from hitrate.patching.patcher import recover
from hitrate.progress.progress import Progress
from hitrate.progress.terminal import harmless, progress_for
from hitrate.report.content.answer import noun_of_tests
from hitrate.report.model import Report
from hitrate.sandbox import variables
from hitrate.settings import config
from hitrate.settings.model import Settings, build_settings
from hitrate.testrun.run import Limits, Suite
from hitrate.vocabulary import GateVerdict
from hitrate.wording.figures import some, verb
from hitrate.workspace import leftovers

TESTS_NAMED = 10
NARROWER = "name fewer files by --paths, or leave some out by --exclude"


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for.

    Attributes:
        directory: The caller's folder.
        head: The commit that must be checked out; None is the working tree as it is.
        functions: Ids of functions to look at instead of the changed ones.
        given: Settings given as options, by field name.
        outputs: Files to write.
    """

    directory: Path
    head: str | None
    functions: Sequence[str]
    given: Mapping[str, Any]
    outputs: Outputs


def run_command(
    request: Request, *, environ: Mapping[str, str], scratch: Path, cpu_clock: Callable[[], float]
) -> ExitCode:
    """Analyse the caller's checkout and write what was asked for.

    Raises:
        HitrateError: Input is wrong or the analysis could not be made.
    """
    repository = comparison.open_repository(request.directory)
    tree = Path(repository.working_dir)
    settings = build_settings(request.given, config.read(tree, request.given.get("config")))
    check_outputs(request.outputs)
    recover(tree)
    console = console_for(request.outputs)
    change, selection = select(repository, request, settings)
    change = as_github_has_it(change, environ)
    project = project_of(request, repository, settings, environ, change, selection)
    if settings.dry_run:
        with harmless(console, environ):
            _show_plan(console, project)
        return ExitCode.PASSED
    memory, named = settings.memory, request.functions
    if memory is not None and remembering.is_clean_base(repository, change, memory, named):
        remembering.write(repository, project, memory, scratch, progress_of(console, environ))
        return ExitCode.PASSED
    if not selection.functions:
        _explain_nothing(selection)
    check_writable(repository, selection)
    project, notes = remembering.with_memory(repository, project, settings)
    report = analyse(project, settings, scratch, progress_of(console, environ), cpu_clock)
    report = report.model_copy(update={"notes": (*report.notes, *notes)})
    report = acknowledged(report, in_config(settings.acknowledged))
    deliver(report, request.outputs, console, environ, tree)
    return exit_code(report)


def progress_of(console: Console, environ: Mapping[str, str]) -> Progress:
    """Where the user is told what is being done."""
    return progress_for(environ, sys.stderr if console.stderr else sys.stdout)


def plan_command(request: Request, shards: int) -> str:
    """The matrix that divides the changed functions over shards, as one line of JSON.

    Raises:
        InputError: Input is wrong.
    """
    repository = comparison.open_repository(request.directory)
    tree = Path(repository.working_dir)
    settings = build_settings(request.given, config.read(tree, request.given.get("config")))
    _, selection = select(repository, request, settings)
    return json.dumps(matrix(plan(selection.functions, shards)))


def select(repository: Repo, request: Request, settings: Settings) -> tuple[Change, Selection]:
    """The functions that were named, or those that the change touches.

    Raises:
        HitrateError: A name is unknown, or to look takes too long.
    """
    return FirstLook().spend("the change", NARROWER, lambda: _select(repository, request, settings))


def _select(repository: Repo, request: Request, settings: Settings) -> tuple[Change, Selection]:
    tree = Path(repository.working_dir)
    if request.functions and settings.base is None:
        head = comparison.head_sha(repository)
        return Change(base=None, head=head), named_functions(tree, request.functions)
    base = settings.base or comparison.default_base(repository)
    change = comparison.compare(repository, base, request.head)
    comparison.require_checked_out(repository, request.head)
    uncommitted = request.head is None and repository.is_dirty(untracked_files=True)
    compared = replace(change, uncommitted=uncommitted)
    if request.functions:
        return compared, named_functions(tree, request.functions)
    selection = changed_functions(tree, change.files, paths=settings.paths, exclude=settings.exclude)
    return compared, selection if change.files else replace(selection, left_out=(_nothing_differs(base),))


def as_github_has_it(change: Change, environ: Mapping[str, str]) -> Change:
    """The change with its repository and pull request, in a job of GitHub's that has checked it out.

    So that ``hitrate post`` can tell the pull request what a job of the user's own has measured.
    """
    if environ.get("GITHUB_ACTIONS") != "true" or change.uncommitted:
        return change
    try:
        target = plan_event(read_runner(environ).event).target
    except InputError:  # a job that could not tell a pull request anyway
        return change
    if change.head is None or change.head not in (target.head, target.merge):
        return change
    return replace(change, repository=target.repository, head=target.head, pull_request=target.pull_request)


def _nothing_differs(base: str) -> str:
    return (
        f"No Python file differs from `{base}`; `--base` names another commit to compare with, "
        "`--function` a function to look at, changed or not."
    )


def _explain_nothing(selection: Selection) -> None:
    """Refuse a change of which no file could be read.

    Raises:
        InputError: With the first file and what is wrong with it.
    """
    if selection.unread:
        raise InputError(
            f"{selection.unread[0].removesuffix('.')}; fix the file, or leave it out by --exclude"
        )


def check_writable(repository: Repo, selection: Selection) -> None:
    """Refuse a tree that cannot be patched before its tests are run.

    Raises:
        InputError: The git directory or a function's folder is closed to us.
    """
    tree = Path(repository.working_dir)
    patched = [(tree / function.path).parent for function in selection.functions if not function.ineligible]
    for folder in [Path(repository.git_dir), *patched] if patched else []:
        if not os.access(folder, os.W_OK):
            raise InputError(f"{folder}: not writable, so nothing can be patched; measure a copy of the tree")


def project_of(
    request: Request,
    repository: Repo,
    settings: Settings,
    given: Mapping[str, str],
    change: Change,
    selection: Selection,
) -> Project:
    """What is analysed: the tree, its test command and the environment that the tests get.

    Raises:
        InputError: There is no such working directory, or no test command is found.
    """
    tree = Path(repository.working_dir)
    directory = project_folder(tree, request.directory, settings.working_directory)
    kept = variables.without_tokens(given)
    runs = bool(selection.functions) or settings.memory is not None
    needs_command = settings.test_command is None and runs
    choice = (
        testcommand.default_test_command(kept, directory)
        if needs_command
        else SuiteCommands(settings.test_command or "pytest")
    )
    limits = Limits(timeout_seconds=settings.timeout)
    suite = Suite(choice.command, directory, kept, limits, tidy=leftovers.tidier(repository))
    workload = suite.with_command(settings.workload) if settings.workload else None
    return Project(tree, suite, workload, change, selection, others=choice.others)


def _show_plan(console: Console, project: Project) -> None:
    console.print(f"Would run: {project.suite.command}", markup=False)
    for function in project.selection.functions:
        state = function.ineligible or ("audit its cache" if function.cache else "try a cache")
        console.print(f"{function.id} (line {function.line}): {state}", markup=False)
    for note in project.selection.notes:
        console.print(note, markup=False)


def exit_code(report: Report) -> ExitCode:
    """What the report means for the caller of the command line.

    Raises:
        AnalysisError: Nothing could be measured; the message says why.
    """
    suite = report.suite
    if suite.passed is False:
        named = ", ".join(suite.failing_tests[:TESTS_NAMED])
        if len(suite.failing_tests) > TESTS_NAMED:
            named += f" and {len(suite.failing_tests) - TESTS_NAMED} more"
        if suite.failing_left_out:
            tests = some(len(suite.failing_tests), noun_of_tests(suite.failing_tests))
            raise AnalysisError(
                f"test-command: {tests} {verb(suite.failing_tests, 'fails', 'fail')} without any change "
                f"({named}), and only the others were measured; fix these tests, or leave them out: "
                f"{suite.command!r}"
            )
        told = f"test-command: {suite.command!r} fails without any change"
        if named:
            raise AnalysisError(f"{told} ({named}); fix these tests, or leave them out of the test command")
        raise AnalysisError(
            f"{told} and names no test that fails; its last lines say why: correct it, or what it needs"
        )
    if suite.nothing_imported:
        raise AnalysisError(NOTHING_IMPORTED)
    return ExitCode.GATE_FAILED if report.gate.verdict is GateVerdict.FAIL else ExitCode.PASSED

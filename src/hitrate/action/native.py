"""The action on the runner itself: the job's interpreter and checkout, patched in place and put back."""

import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from hitrate import starting
from hitrate.action.container import CANCELLED, cancel
from hitrate.action.keeping import remembering
from hitrate.action.measuring import changed, located, origin
from hitrate.action.runner import Log
from hitrate.action.step import RENDERING, Parts, action, connect
from hitrate.analysis.analyse import analyse
from hitrate.analysis.session import Project
from hitrate.environment.testcommand import SuiteCommands, default_test_command
from hitrate.errors import InputError
from hitrate.files.limits import FirstLook
from hitrate.github.event import Target
from hitrate.patching.patcher import recover
from hitrate.progress.joblog import log_for
from hitrate.progress.progress import Progress
from hitrate.report.model import Report
from hitrate.sandbox import identity
from hitrate.sandbox.variables import without_tokens
from hitrate.settings.model import Settings
from hitrate.testrun.run import Limits, Suite, cpu_seconds
from hitrate.workspace import leftovers
from hitrate.workspace.gitdir import copy_gitdir
from hitrate.workspace.history import open_clone
from hitrate.workspace.privatetree import PrivateTree, Revision, find_checkout, head_message

GIVEN = "HITRATE_INPUTS"
"""Variable with all inputs as one JSON object: a composite action gets none by itself."""


def main(environ: Mapping[str, str] = os.environ, stream: TextIO = sys.stdout) -> int:
    """Run the action once, as a step of a composite action; the exit code."""
    try:
        starting.on_termination(cancel)
        starting.begun()
        identity.hide_memory()
        given = with_inputs(environ)
        with tempfile.TemporaryDirectory(prefix="hitrate-", ignore_cleanup_errors=True) as scratch:
            native = Native(given, Path(scratch), log_for(environ, stream))
            parts = Parts(
                native.checkout,
                native.measure,
                RENDERING,
                connect,
                native.message,
                native.remember,
                native.first_use,
            )
            return action(given, stream, parts)
    except InputError as error:
        Log(stream).error(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        Log(stream).say("Cancelled: the checkout is as it was.")
        return CANCELLED


def with_inputs(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the inputs as a container gets them.

    Raises:
        InputError: They are not what the composite action hands over.
    """
    try:
        given = json.loads(environ.get(GIVEN, ""))
        inputs = {f"INPUT_{name.upper()}": str(value) for name, value in given.items()}
    except (ValueError, AttributeError):
        raise InputError(f"{GIVEN}: not a JSON object of inputs; use the composite action") from None
    return {name: value for name, value in environ.items() if name != GIVEN} | inputs


class Native:
    """One run of the action on the runner itself."""

    def __init__(self, environ: Mapping[str, str], scratch: Path, progress: Progress) -> None:
        """Touch nothing yet."""
        self._environ = environ
        self._scratch = scratch
        self._progress = progress
        self._held: PrivateTree | None = None
        self._first_use = False

    @contextmanager
    def checkout(self, workspace: Path, target: Target) -> Iterator[Path]:
        """Find the pull request's checkout, and take a copy of its history, in which more can be fetched."""
        found = find_checkout(workspace, Revision(target.head, target.merge, target.pull_request))
        if found is None:
            raise InputError(
                f"{target.head} is not checked out; add actions/checkout before Hitrate, without ref"
            )
        tree, head, origination = found
        recover(tree)
        history = self._scratch / "history"
        copy_gitdir(tree / ".git", history / ".git")
        self._held = PrivateTree(history, head, origination)
        yield tree

    def message(self, target: Target) -> str | None:
        """The message of the head commit."""
        return head_message(self._held, origin(target, self._environ)) if self._held else None

    def first_use(self) -> bool:
        """Whether the change that was looked at brings Hitrate to the repository."""
        return self._first_use

    def measure(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        """Measure the changed functions in the job's own environment."""
        del log  # the progress says it all
        if self._held is None:
            raise ValueError("measured without a checkout")
        found = changed(
            self._held, tree, target, settings, source=origin(target, self._environ), look=FirstLook()
        )
        self._first_use = found.first_use
        paths = {function.path for function in found.selection.functions}
        suite, others = self._suite(tree, settings, paths)
        workload = suite.with_command(settings.workload) if settings.workload else None
        measuring = self._scratch / "measuring"
        measuring.mkdir()
        project = Project(tree, suite, workload, found.change, found.selection, others=others)
        memory, unread = remembering.read(self._workspace(), settings)
        history, files = open_clone(self._held.path), open_clone(tree)
        project, unused = remembering.placed(project, memory, history, files, target, settings)
        report = analyse(project, settings, measuring, self._progress, cpu_seconds)
        return report.model_copy(update={"notes": (*report.notes, *found.notes, *unread, *unused)})

    def remember(self, tree: Path, target: Target, settings: Settings) -> bytes:
        """Note what all tests reach in the job's own environment."""
        del target  # what is checked out is its head
        if self._held is None:
            raise ValueError("remembered without a checkout")
        suite, _ = self._suite(tree, settings, ())
        measuring = self._scratch / "measuring"
        measuring.mkdir()
        project = remembering.trunk(tree, suite, self._held.head)
        return remembering.written(project, open_clone(tree), measuring, self._progress)

    def _workspace(self) -> Path:
        return Path(self._environ["GITHUB_WORKSPACE"])

    def _suite(self, tree: Path, settings: Settings, paths: Collection[str]) -> tuple[Suite, tuple[str, ...]]:
        """How the tests are run, and what is tried where that runs none."""
        directory = located(tree, settings, paths, self._progress)
        variables = without_tokens(self._environ)
        chosen = settings.test_command
        choice = SuiteCommands(chosen) if chosen else default_test_command(variables, directory)
        suite = Suite(
            choice.command,
            directory,
            variables,
            Limits(timeout_seconds=settings.timeout),
            tidy=leftovers.tidier(open_clone(tree)),
        )
        return suite, choice.others

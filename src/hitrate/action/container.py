"""The action in its container: private tree, another user for the project's code, its own environment."""

import os
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from hitrate import starting
from hitrate.action.keeping import remembering
from hitrate.action.measuring import changed, located, origin
from hitrate.action.runner import Log
from hitrate.action.step import RENDERING, Parts, action, connect
from hitrate.analysis.analyse import analyse
from hitrate.analysis.session import Project
from hitrate.environment.install import Environment, install
from hitrate.environment.packagecache import PackageCache
from hitrate.errors import AnalysisError, HitrateError
from hitrate.files.limits import FirstLook
from hitrate.github.event import Target
from hitrate.progress.joblog import log_for
from hitrate.progress.progress import Progress
from hitrate.report.model import Report
from hitrate.sandbox import identity as isolation
from hitrate.sandbox import sandbox
from hitrate.sandbox.identity import Identity
from hitrate.sandbox.sandbox import Host
from hitrate.settings.model import Settings
from hitrate.testrun.run import Limits, Suite, cpu_seconds
from hitrate.workspace import leftovers
from hitrate.workspace.history import open_clone
from hitrate.workspace.privatetree import PrivateTree, Revision, head_message, lay_out

CANCELLED = starting.INTERRUPTED
DOCKER_SOCKET = Path("/var/run/docker.sock")
# Variables that name what the runner has lent; the project's code must reach none of it.
LENT = (
    *("GITHUB_WORKSPACE", "GITHUB_EVENT_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV"),
    *("GITHUB_PATH", "GITHUB_STATE", "RUNNER_TEMP", "HOME"),
)


def main(environ: Mapping[str, str] = os.environ, stream: TextIO = sys.stdout) -> int:
    """Run the action once, as the runner starts it; the exit code."""
    try:
        starting.on_termination(cancel)
        starting.begun()
        isolation.hide_memory()
        # Nothing is cleared away: the container's files go with the container.
        return action(environ, stream, parts(environ, Path(tempfile.mkdtemp(prefix="hitrate-")), stream))
    except KeyboardInterrupt:
        Log(stream).say("Cancelled: the checkout is as it was.")
        return CANCELLED


def cancel(number: int, frame: FrameType | None) -> NoReturn:
    """The runner cancels with SIGINT first; what a SIGTERM asks for is the same."""
    del number, frame
    raise KeyboardInterrupt


def parts(environ: Mapping[str, str], scratch: Path, stream: TextIO) -> Parts:
    """What the action is put together from in its container.

    Args:
        environ: Hitrate's environment.
        scratch: An empty folder.
        stream: The step's log.
    """
    container = Container(environ, scratch, log_for(environ, stream))
    return Parts(
        container.checkout,
        container.measure,
        RENDERING,
        connect,
        container.message,
        container.remember,
        container.first_use,
    )


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """A workspace, its private copy, and whose files that copy's are."""

    workspace: Path
    tree: PrivateTree
    identity: Identity


@contextmanager
def _kept(cache: PackageCache | None, prepared: Host) -> Iterator[None]:
    """Use and keep what installers have built, if the user wants that."""
    if cache is None or prepared.identity is None:
        yield
        return
    cache.bring(prepared.cache, prepared.identity.uid, prepared.identity.gid)
    yield
    cache.keep(prepared.cache)


def _in_the_way(error: OSError) -> AnalysisError:
    return AnalysisError(
        f"{error.filename or 'a file'}: {error.strerror or error}; "
        "tests must leave Hitrate's own files alone, and the disk must have room"
    )


class Container:
    """One run of the action in its container."""

    def __init__(self, environ: Mapping[str, str], scratch: Path, progress: Progress) -> None:
        """Touch nothing yet."""
        self._environ = environ
        self._scratch = scratch
        self._progress = progress
        self._laid_out: _LaidOut | None = None
        self._look = FirstLook()
        self._first_use = False

    @contextmanager
    def checkout(self, workspace: Path, target: Target) -> Iterator[Path]:
        """Lay out the private tree, and close what the runner has lent to everybody else."""
        identity = isolation.project_identity()
        if identity is None:
            raise AnalysisError(
                "the container does not run as root, so tests could read the token; "
                "run it as root, or use the composite action"
            )
        self._scratch.chmod(sandbox.OPEN)
        wanted = Revision(target.head, target.merge, target.pull_request)
        with self._progress.phase("Private copy of the tree"):
            private = lay_out(
                workspace, wanted, origin(target, self._environ), self._scratch, identity=identity
            )
            self._progress.say(f"Files of {private.origination}")
        self._close(identity)
        self._laid_out = _LaidOut(workspace, private, identity)
        yield private.path

    def message(self, target: Target) -> str | None:
        """The message of the head commit."""
        if self._laid_out is None:
            return None
        return head_message(self._laid_out.tree, origin(target, self._environ))

    def first_use(self) -> bool:
        """Whether the change that was looked at brings Hitrate to the repository."""
        return self._first_use

    def measure(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        """Install the project and measure the changed functions."""
        del log  # the progress says it all
        if self._laid_out is None:
            raise ValueError("measured without a checkout")
        private, identity = self._laid_out.tree, self._laid_out.identity
        found = changed(
            private,
            tree,
            target,
            settings,
            source=origin(target, self._environ),
            look=self._look,
            rights=isolation.files_as(identity),
        )
        self._first_use = found.first_use
        prepared = sandbox.prepare(self._scratch, settings, self._environ)
        measuring = isolation.give(self._scratch / "measuring", identity)
        try:
            needed = not all(function.ineligible for function in found.selection.functions)
            paths = {function.path for function in found.selection.functions}
            suite, environment = self._suite(self._laid_out, settings, prepared, paths, needed=needed)
            workload = suite.with_command(settings.workload) if settings.workload else None
            others = environment.others if environment else ()
            project = Project(tree, suite, workload, found.change, found.selection, others=others)
            memory, unread = remembering.read(self._laid_out.workspace, settings) if needed else (None, ())
            clone = open_clone(tree)
            project, unused = remembering.placed(project, memory, clone, clone, target, settings)
            with isolation.files_as(identity):
                report = analyse(project, settings, measuring, self._progress, cpu_seconds)
        except HitrateError as error:
            self._progress.output(error.output)
            raise
        except OSError as error:  # files are handled with no more rights than the project's code has
            raise _in_the_way(error) from error
        told = environment.suspect if environment and report.suite.passed is False else ()
        return report.model_copy(
            update={"notes": (*report.notes, *prepared.notes, *found.notes, *unread, *unused, *told)}
        )

    def remember(self, tree: Path, target: Target, settings: Settings) -> bytes:
        """Install the project and note what all of its tests reach."""
        del target  # what is laid out is its head
        if self._laid_out is None:
            raise ValueError("remembered without a checkout")
        private, identity = self._laid_out.tree, self._laid_out.identity
        prepared = sandbox.prepare(self._scratch, settings, self._environ)
        measuring = isolation.give(self._scratch / "measuring", identity)
        try:
            suite, _ = self._suite(self._laid_out, settings, prepared, (), needed=True)
            project = remembering.trunk(tree, suite, private.head)
            with isolation.files_as(identity):
                return remembering.written(project, open_clone(tree), measuring, self._progress)
        except HitrateError as error:
            self._progress.output(error.output)
            raise
        except OSError as error:
            raise _in_the_way(error) from error

    def _suite(
        self,
        laid_out: _LaidOut,
        settings: Settings,
        prepared: Host,
        paths: Collection[str],
        *,
        needed: bool,
    ) -> tuple[Suite, Environment | None]:
        """How the tests are run, and what the project was installed in.

        Where nothing is to be run it is not installed.
        """
        tree, identity = laid_out.tree.path, laid_out.identity
        cache = PackageCache(laid_out.workspace, settings.cache_dir) if settings.cache_dir else None
        with isolation.files_as(identity):
            directory = located(tree, settings, paths, self._progress)
        limits = Limits(timeout_seconds=settings.timeout)
        if not needed:
            return Suite(settings.test_command or "pytest", directory, {}, limits, prepared.launcher), None
        with (
            self._progress.phase("Installing the project"),
            _kept(cache, prepared),
            isolation.files_as(identity),
        ):
            environment = install(directory, settings, prepared, self._progress, self._look)
        suite = Suite(
            environment.test_command,
            directory,
            environment.variables,
            limits,
            prepared.launcher,
            tidy=leftovers.tidier(open_clone(tree)),
        )
        return suite, environment

    def _close(self, identity: Identity) -> None:
        """Close what the runner has lent, and try as the project's user that it is closed.

        Raises:
            AnalysisError: Something is within that user's reach, so that nothing of the project may run.
        """
        lent = [Path(value) for name in LENT if (value := self._environ.get(name))]
        secret = [*lent, DOCKER_SOCKET, Path(f"/proc/{os.getpid()}/environ")]
        isolation.close(secret)
        if within_reach := isolation.reachable(secret, identity):
            raise AnalysisError(
                f"{within_reach[0]} is open to everybody, so the project's code could use it; "
                "restrict its permissions"
            )

"""What the action is put together from in its container: private tree, environment, analysis, texts."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from hitrate import analysis, checkout, host, install, isolation, leftovers, privatetree
from hitrate.action import Parts
from hitrate.console import progress_for
from hitrate.discovery import changed_functions
from hitrate.errors import InputError
from hitrate.github.client import Client
from hitrate.github.event import Target
from hitrate.github.post import Rendering
from hitrate.history import Origin, open_clone
from hitrate.privatetree import PrivateTree, Wanted
from hitrate.report import annotations, html, markdown
from hitrate.report.model import ChangeReport, Report
from hitrate.runner import Log, Runner
from hitrate.settings import Settings
from hitrate.testrun import Limits, Suite, cpu_seconds

RENDERING = Rendering(
    comment=lambda report, limit: markdown.comment(report, limit=limit),
    resolved=lambda report, limit: markdown.resolved(report, limit=limit),
    summary=markdown.summary,
    page=html.page,
    annotations=annotations.commands,
    has_news=markdown.has_something_to_say,
)


def connect(runner: Runner) -> Client:
    """Open the API of the runner's repository.

    Raises:
        InputError: There is no token.
    """
    if runner.access is None:
        raise InputError("github-token is empty; pass secrets.GITHUB_TOKEN")
    return Client(runner.access, runner.event.repository)


def container_parts(environ: Mapping[str, str], stream: TextIO) -> Parts:
    """The parts of the real action."""
    container = _Container(environ, stream)
    return Parts(container.checkout, container.measure, RENDERING, connect)


class _Container:
    """Prepares a private tree and measures it as another user."""

    def __init__(self, environ: Mapping[str, str], stream: TextIO) -> None:
        self._environ = environ
        self._stream = stream
        self._tree: PrivateTree | None = None

    @contextmanager
    def checkout(self, workspace: Path, target: Target) -> Iterator[Path]:
        """The private tree, for the length of the block; nothing of it stays behind."""
        with tempfile.TemporaryDirectory(prefix="hitrate-", ignore_cleanup_errors=True) as scratch:
            self._tree = privatetree.prepare(
                workspace,
                Wanted(target.head, target.base, self._given("base"), target.merge, target.pull_request),
                self._origin(target),
                Path(scratch),
                identity=isolation.project_identity(),
                working_directory=self._given("working-directory") or ".",
                left_out=[workspace / (self._given("report-dir") or "hitrate-report")],
            )
            yield self._tree.path

    def measure(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        """Install the project as its own user, and analyse what the target changed."""
        progress = progress_for(self._environ, self._stream)
        private = self._tree
        if private is None or private.path != tree:
            raise ValueError("measured without a checkout")
        project = private.project if self._given("working-directory") else tree / settings.working_directory
        clone = open_clone(tree)
        change = checkout.compare(clone, private.base or settings.base or "HEAD", "HEAD")
        selection = changed_functions(tree, change.files, paths=settings.paths, exclude=settings.exclude)
        with progress.phase("Environment of the project"):
            place = host.prepare(tree.parent, settings, self._environ)
            installed = install.install(project, settings, place, progress)
        suite = Suite(
            installed.test_command,
            project,
            installed.variables,
            Limits(timeout_seconds=settings.timeout),
            launcher=place.launcher,
            tidy=leftovers.tidier(clone),
        )
        scratch = tree.parent / "runs"
        scratch.mkdir(mode=0o711)
        facts = ChangeReport(
            repository=target.repository,
            base=change.base,
            head=target.head or private.head,
            pull_request=target.pull_request,
        )
        workload = suite.with_command(settings.workload) if settings.workload else None
        report = analysis.analyse(
            analysis.Project(tree, suite, workload, facts, selection),
            settings,
            scratch,
            progress,
            cpu_seconds,
        )
        launcher_notes = place.launcher.notes if isinstance(place.launcher, isolation.Launcher) else ()
        for note in launcher_notes:
            log.warning(note)
        return report.model_copy(update={"notes": (*report.notes, *launcher_notes)})

    def _given(self, name: str) -> str | None:
        return self._environ.get(f"INPUT_{name.upper()}") or None

    def _origin(self, target: Target) -> Origin:
        server = self._environ.get("GITHUB_SERVER_URL", "https://github.com")
        return Origin(f"{server}/{target.repository}.git", self._given("github-token"))

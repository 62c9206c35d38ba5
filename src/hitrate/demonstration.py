"""``hitrate demo``: the whole action on the sample repository, against the stand-in of the GitHub API."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from hitrate import analysis, checkout, demo, leftovers
from hitrate.action import Parts, action
from hitrate.console import TerminalProgress
from hitrate.discovery import changed_functions
from hitrate.environment import without_tokens
from hitrate.errors import AnalysisError, ExitCode
from hitrate.github.event import Target
from hitrate.parts import RENDERING, connect
from hitrate.report.model import ChangeReport, Report
from hitrate.runner import Log
from hitrate.settings import Settings
from hitrate.standin import GitHub, PullRequest, pull_request_step, serve
from hitrate.testrun import Limits, Suite, cpu_seconds

TOKEN = "demo-token"  # noqa: S105 - of the stand-in
INPUTS = {"github-token": TOKEN, "comment": "always", "effort": "quick"}


def demonstrate(folder: Path, console: Console, environ: Mapping[str, str]) -> ExitCode:
    """Build the sample, run the action on its pull request, and show the comment that it posts.

    Args:
        folder: An empty folder; the sample repository and the report stay there.
        console: Shows progress and the comment.
        environ: The caller's environment.

    Raises:
        AnalysisError: No comment was posted; the action's log says why.
    """
    sample = demo.build_repository(folder / "repository")
    github = GitHub(demo.REPOSITORY)
    github.add_token(TOKEN, "github-actions[bot]", {"pull_requests": "write", "contents": "read"})
    pull_request = PullRequest(
        demo.PULL_REQUEST,
        sample.head,
        sample.base,
        demo.REPOSITORY,
        head_ref=demo.BRANCH,
        title=demo.TITLE,
    )
    github.add_pull_request(pull_request)
    log = StringIO()
    with serve(github) as url:
        step = pull_request_step(
            github, url, pull_request, folder=folder / "runner", workspace=sample.folder, inputs=INPUTS
        )
        parts = Parts(_in_place, _Measure(folder, console, environ).measure, RENDERING, connect)
        code = action(step.environment, log, parts)
        outputs = step.outputs()
    posted = [comment.body for comment in github.conversation(demo.PULL_REQUEST)]
    if not posted:
        raise AnalysisError(f"the demo posted no comment: {log.getvalue().strip()}")
    _show(console, posted[-1], outputs, sample.folder, code)
    return ExitCode.PASSED


@contextmanager
def _in_place(workspace: Path, target: Target) -> Iterator[Path]:
    """The sample repository is private already."""
    del target
    yield workspace


class _Measure:
    """Measures the sample with the Python that runs Hitrate: it has pytest, nothing has to be installed."""

    def __init__(self, folder: Path, console: Console, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._console = console
        self._environ = environ

    def measure(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        """The report on the pull request of the sample."""
        del log
        with checkout.open_repository(tree) as repository:
            change = checkout.compare(repository, str(target.base), None)
            selection = changed_functions(tree, change.files)
            suite = Suite(
                "python -m pytest -q",
                tree,
                self._environment(),
                Limits(timeout_seconds=settings.timeout),
                tidy=leftovers.tidier(repository),
            )
            facts = ChangeReport(
                repository=target.repository,
                base=change.base,
                head=target.head,
                pull_request=target.pull_request,
            )
            scratch = self._folder / "runs"
            scratch.mkdir()
            project = analysis.Project(tree, suite, None, facts, selection)
            progress = TerminalProgress(self._console)
            try:
                return analysis.analyse(project, settings, scratch, progress, cpu_seconds)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        """The caller's, with this interpreter first; a link makes it answer to ``python``."""
        executables = self._folder / "bin"
        executables.mkdir()
        (executables / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        (executables / "python").chmod(0o755)
        kept = without_tokens(self._environ)
        return kept | {"PATH": f"{executables}{os.pathsep}{kept.get('PATH', os.defpath)}"}


def _show(console: Console, body: str, outputs: Mapping[str, str], workspace: Path, code: ExitCode) -> None:
    console.rule(f"The comment on {demo.REPOSITORY}#{demo.PULL_REQUEST}")
    if console.is_terminal:
        console.print(Markdown(body))
    else:
        console.print(body, markup=False, highlight=False, soft_wrap=True)
    console.rule("Where it lies")
    for label, name in (("HTML", "report-html"), ("JSON", "report-json")):
        console.print(
            f"{label}: {workspace / outputs.get(name, '')}", markup=False, highlight=False, soft_wrap=True
        )
    console.print(
        f"Gate: {outputs.get('verdict', '')} (the action would exit with {int(code)})", highlight=False
    )

"""The demo: the whole action on a sample pull request, posting to the stand-in for the GitHub API."""

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO, cast

from git import Repo

from hitrate.action.runner import Log
from hitrate.action.step import RENDERING, Parts, action, connect
from hitrate.analysis.analyse import analyse
from hitrate.change.comparison import open_repository
from hitrate.commands.outputs import Outputs
from hitrate.commands.run import Request, project_of, select
from hitrate.demo.plainlog import PlainLog
from hitrate.demo.sample import BRANCH, PULL_REQUEST, REPOSITORY, TITLE, Sample, build_repository
from hitrate.demo.standin import File, GitHub, PullRequest, Step, pull_request_step, serve
from hitrate.errors import AnalysisError, ExitCode
from hitrate.github.event import Target
from hitrate.progress.terminal import progress_for
from hitrate.report.model import Report
from hitrate.report.schema import read
from hitrate.settings.model import Settings

TOKEN = "demo"  # noqa: S105 - known to the stand-in only


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demo made.

    Attributes:
        comment: The comment as it was posted.
        exit_code: The action's.
        report: What it was made from.
    """

    comment: str
    exit_code: ExitCode
    report: Report


@dataclass(frozen=True, slots=True)
class Machine:
    """What the demo uses of the machine.

    Attributes:
        environment: Variables that the sample's tests get.
        stream: Where the action's log goes.
        cpu_clock: CPU seconds used so far by this process and all its children.
    """

    environment: Mapping[str, str]
    stream: TextIO
    cpu_clock: Callable[[], float]


def demonstrate(folder: Path, machine: Machine, inputs: Mapping[str, str]) -> Demonstration:
    """Run the action on the sample pull request.

    Args:
        folder: An empty or missing folder, which nothing outlives but what is returned.
        machine: What the demo uses of the machine.
        inputs: Inputs of the action beside the token and the test command.

    Raises:
        AnalysisError: No comment was posted; the log says why.
    """
    sample = build_repository(folder / "parcels")
    github = GitHub(REPOSITORY)
    github.add_token(TOKEN, "github-actions[bot]", {"pull_requests": "write"})
    pull_request = pull_request_of(sample)
    github.add_pull_request(pull_request)
    given = {
        "github-token": TOKEN,
        "test-command": f"{shlex.quote(sys.executable)} -m pytest -q -p no:cacheprovider",
        "time-budget": "60s",  # enough for a trial on a machine that is busy with others too
        **inputs,
    }
    with serve(github) as url:
        step = pull_request_step(
            github, url, pull_request, folder=folder / "runner", workspace=sample.folder, inputs=given
        )
        code = action(
            step.environment, cast("TextIO", PlainLog(machine.stream)), _parts(folder / "scratch", machine)
        )
    return _left(github, sample, step, code)


def pull_request_of(sample: Sample) -> PullRequest:
    """The pull request as the stand-in knows it, its files with their patches."""
    with Repo(sample.folder) as repository:
        names = repository.git.diff("--name-only", sample.base, sample.head).splitlines()
        files = tuple(_file(repository, sample, name) for name in names)
    return PullRequest(
        PULL_REQUEST,
        head=sample.head,
        base=sample.base,
        head_repository=REPOSITORY,
        head_ref=BRANCH,
        title=TITLE,
        files=files,
    )


def _file(repository: Repo, sample: Sample, name: str) -> File:
    patch = repository.git.diff(sample.base, sample.head, "--", name, no_ext_diff=True)
    hunks = patch[patch.index("\n@@") + 1 :] if "\n@@" in patch else ""
    return File(name, (sample.folder / name).read_text("utf-8"), hunks)


def _parts(scratch: Path, machine: Machine) -> Parts:
    """The action on this machine: the checkout itself is measured, in the caller's environment."""

    @contextmanager
    def checkout(workspace: Path, target: Target) -> Iterator[Path]:
        del target
        yield workspace

    def measure(tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        del log
        scratch.mkdir()
        request = Request(tree, head=None, functions=(), given={}, outputs=Outputs())
        with open_repository(tree) as repository:
            change, selection = select(repository, request, settings.model_copy(update={"base": target.base}))
            change = replace(
                change,
                repository=target.repository,
                head=target.head,
                pull_request=target.pull_request,
                uncommitted=False,
            )
            # pytest leaves its folders of the last runs where temporary files go.
            temporary = scratch / "temporary"
            temporary.mkdir()
            # The same tests everywhere: no plugin that happens to be installed beside Hitrate.
            environment = {
                **machine.environment,
                "TMPDIR": str(temporary),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            }
            project = project_of(request, repository, settings, environment, change, selection)
            progress = progress_for(machine.environment, machine.stream)
            return analyse(project, settings, scratch, progress, machine.cpu_clock)

    def nothing(tree: Path, target: Target, settings: Settings) -> bytes:
        del tree, target, settings
        raise ValueError("the demo has no default branch")

    return Parts(checkout, measure, RENDERING, connect, message=lambda _: None, remember=nothing)


def _left(github: GitHub, sample: Sample, step: Step, code: ExitCode) -> Demonstration:
    comments = github.conversation(PULL_REQUEST)
    if not comments:
        raise AnalysisError(f"the demo posted no comment (exit code {code}); its log above says why")
    document = sample.folder / step.outputs()["report-json"]
    return Demonstration(
        comment=comments[-1].body,
        exit_code=code,
        report=read(document.read_bytes(), document.name),
    )

"""A step of a job on GitHub's runner, with the stand-in behind it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

from hitrate.action.runner import Log, Runner
from hitrate.action.step import Parts, action
from hitrate.errors import ExitCode
from hitrate.github.client import Client
from hitrate.github.event import Target
from hitrate.github.post import Rendering
from hitrate.report.model import (
    ChangeReport,
    FunctionReport,
    GateReport,
    ProcessesReport,
    Report,
    RunsReport,
    SuiteReport,
    ToolReport,
    TrialReport,
)
from hitrate.settings.model import Settings
from hitrate.vocabulary import Effort, GateVerdict, Kind, Verdict
from tests.integration.on_github.world import BASE, HEAD, NUMBER, REPOSITORY, World

DATA = Path(__file__).parents[2] / "data" / "github"


def example(name: str, action: str | None = None) -> dict[str, Any]:
    """GitHub's own example of an event."""
    found: list[dict[str, Any]] = json.loads((DATA / "events.json").read_text())[name]
    return next(one for one in found if action is None or one["action"] == action)


def pull_request_event(action: str = "synchronize", fork: bool = False) -> dict[str, Any]:
    """GitHub's example, about the stand-in's pull request."""
    event = example("pull_request", action)
    pull = event["pull_request"]
    pull["number"] = event["number"] = NUMBER
    pull["head"]["sha"], pull["base"]["sha"] = HEAD, BASE
    pull["head"]["repo"]["full_name"] = "someone/widgets" if fork else REPOSITORY
    return event


def function(verdict: Verdict = Verdict.CACHE, **facts: Any) -> FunctionReport:
    kind = Kind.NEW if verdict in (Verdict.CACHE, Verdict.NOT_WORTH_IT) else Kind.EXISTING
    given = {
        "path": "src/a.py",
        "qualname": "f",
        "line": 3,
        "kind": kind,
        "verdict": verdict,
        "reason": "because",
    }
    return FunctionReport(**(given | facts))


def report(*functions: FunctionReport, gate: GateVerdict = GateVerdict.PASS, **suite: Any) -> Report:
    known = {
        "command": "pytest",
        "effort": Effort.QUICK,
        "tests": 3,
        "cpu_seconds": 10.0,
        "wall_seconds": 10.0,
        "runs": RunsReport(baseline=1, cached=1),
        "suite_equivalents": 2.0,
        "processes": ProcessesReport(expected=1, received=1),
    }
    return Report(
        tool=ToolReport(version="0"),
        change=ChangeReport(repository=REPOSITORY, base=BASE, head=HEAD, pull_request=NUMBER),
        suite=SuiteReport(**(known | suite)),
        trial=TrialReport(speedup=1.25, pairs=1),
        functions=functions,
        gate=GateReport(verdict=gate),
    )


PLAIN = Rendering(
    comment=lambda report, limit: f"comment on {len(report.functions)} functions"[:limit],
    resolved=lambda report, limit: "resolved",
    summary=lambda report: f"summary of {len(report.functions)} functions",
    page=lambda report: "<!doctype html>",
    annotations=lambda report: [f"::notice file={one.path}::{one.verdict}" for one in report.functions],
    failed=lambda message, head, run, limit: f"failed: {message}"[:limit],
    held=lambda reason, head, run, limit: f"held: {reason}"[:limit],
    has_news=lambda report: bool(report.functions) or report.gate.verdict is GateVerdict.FAIL,
)


@dataclass
class Job:
    """What the runner lends the step, and what the step gives back."""

    world: World
    folder: Path
    result: Report | Exception
    event_name: str = "pull_request"
    event: dict[str, Any] = field(default_factory=pull_request_event)
    inputs: dict[str, str] = field(default_factory=dict)
    token: str = "default"
    run_id: int = 100
    variables: dict[str, str] = field(default_factory=dict)
    measured: list[tuple[Target, Settings]] = field(default_factory=list)
    remembered: list[Target] = field(default_factory=list)
    rendering: Rendering = PLAIN
    message: str | None = None
    first_use: bool = False
    log: str = ""

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def environment(self) -> dict[str, str]:
        """As GitHub's runner sets it for a container."""
        for name in ("workspace", "files"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "event.json").write_text(json.dumps(self.event))
        inputs = {"fail-on": "", "effort": "", "github-token": self.token} | self.inputs
        return {
            **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.world.url,
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / "files" / "output"),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": str(self.run_id),
            "GITHUB_SHA": "c" * 40,
            "GITHUB_STEP_SUMMARY": str(self.folder / "files" / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            **self.variables,
        }

    def run(self) -> ExitCode:
        stream = StringIO()
        try:
            return action(self.environment(), stream, self.parts())
        finally:
            self.log = stream.getvalue()

    def parts(self) -> Parts:
        return Parts(
            self._checkout,
            self._measure,
            self.rendering,
            self._connect,
            message=lambda target: self.message,
            remember=self._remember,
            first_use=lambda: self.first_use,
        )

    @contextmanager
    def _checkout(self, workspace: Path, target: Target) -> Iterator[Path]:
        yield workspace

    def _measure(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        self.measured.append((target, settings))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def _remember(self, tree: Path, target: Target, settings: Settings) -> bytes:
        self.remembered.append(target)
        return b"memory"

    def _connect(self, runner: Runner) -> Client:
        assert runner.access is not None
        return Client(runner.access, runner.event.repository, self.world.patience, self.world.time.clock)

    def outputs(self) -> Mapping[str, str]:
        path = self.folder / "files" / "output"
        lines = path.read_text().splitlines() if path.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def summary(self) -> str:
        path = self.folder / "files" / "summary"
        return path.read_text() if path.exists() else ""

    def again(self, **changes: Any) -> "Job":
        return replace(self, **changes)

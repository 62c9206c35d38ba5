"""The container's edge: the runner's event and inputs in; report files, summary, outputs and comment out."""

import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TextIO

from hitrate import config, confined
from hitrate.analysis import NOTHING_IMPORTED
from hitrate.errors import AnalysisError, ExitCode, HitrateError, InputError
from hitrate.functions import Kind
from hitrate.github.client import Client
from hitrate.github.event import Mode, Plan, Target, plan
from hitrate.github.post import REPORT_LIMIT, Rendering, addressee, read_report, suggest, tell
from hitrate.github.retry import GitHubError
from hitrate.report.escape import markdown, plain
from hitrate.report.model import FunctionReport, GateVerdict, Report, Verdict
from hitrate.report.row import workload_seconds
from hitrate.runner import TOKEN_INPUT, Log, Runner, add_summary, read_inputs, read_runner, set_outputs
from hitrate.settings import CommentMode, Settings, build_settings, option_name

OUTPUTS: Mapping[str, str] = {
    "verdict": "Whether the gate holds: pass, fail or inconclusive.",
    "recommended": "Number of functions that are worth caching.",
    "unsafe": "Number of caches, added or touched, that are proven to be wrong.",
    "wasteful": "Number of caches, added or touched, that do not earn their keep.",
    "missed-saving": "Share of the workload's time that those would save; empty if not known.",
    "suite-speedup": "Time without those caches divided by time with them; empty if not known.",
    "report-json": "Path of the report as JSON, relative to the workspace.",
    "report-html": "Path of the report as one HTML page, relative to the workspace.",
    "comment-url": "Address of the pull request comment; empty if there is none.",
}
"""What the step sets, and the one text about each that action.yml and README show."""


Connect = Callable[[Runner], Client]
"""Opens the API of a runner's repository."""


class Checkout(Protocol):
    """Makes the tree of the head available for the length of a ``with`` block."""

    def __call__(self, workspace: Path, target: Target) -> AbstractContextManager[Path]:
        """The tree's root."""


class Measure(Protocol):
    """Measures the changed functions of a tree."""

    def __call__(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        """The report, whose ``change`` names the target."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the action is put together from; tests and the demo hand in their own.

    Attributes:
        checkout: Makes the tree.
        measure: Measures it.
        rendering: Makes texts of the report.
        connect: Opens the API of a repository for a runner; only called where there is a token.
    """

    checkout: Checkout
    measure: Measure
    rendering: Rendering
    connect: Connect


def action(environment: Mapping[str, str], stream: TextIO, parts: Parts) -> ExitCode:
    """Run the action once.

    Args:
        environment: What the runner set.
        stream: The step's log.
        parts: What it is put together from.

    Returns:
        0 where the gate passed or there was nothing to do, 1 where it failed, 2 to 4 for errors.
    """
    log = Log(stream)
    try:
        runner = read_runner(environment)
    except HitrateError as error:
        log.error(str(error))
        return error.exit_code
    try:
        return _Action(runner, log, parts).run(environment)
    except HitrateError as error:
        return _failed(runner, log, " ".join(str(error).split()), error.exit_code)
    except Exception as error:
        if environment.get("RUNNER_DEBUG") == "1":
            for line in traceback.format_exc().splitlines():
                log.say(f"  {line}")
        what = f"{type(error).__name__}: {plain(str(error))}"
        remedy = "report it with the log of a run with debug logging"
        return _failed(runner, log, f"a defect of Hitrate ({what}); {remedy}", ExitCode.DEFECT)


class _Action:
    def __init__(self, runner: Runner, log: Log, parts: Parts) -> None:
        self._runner = runner
        self._log = log
        self._parts = parts
        self._telling = Telling(runner, log, parts.connect, parts.rendering)

    def run(self, environment: Mapping[str, str]) -> ExitCode:
        """From the event to the exit code."""
        given = read_inputs(environment)
        wanted = plan(self._runner.event)
        if wanted.notice:
            self._log.notice(wanted.notice)
        match wanted.mode:
            case Mode.NOTHING:
                return ExitCode.PASSED
            case Mode.POST:
                return self._posted(wanted.target, given)
            case _:
                return self._measured(self._target(wanted, given.get("base")), given)

    def _target(self, wanted: Plan, base: str | None) -> Target:
        """What to measure, once the API was asked where the event does not say."""
        target = wanted.target
        if wanted.mode is Mode.BRANCH and target.head and self._runner.access:
            target = self._with_pull_request(target, target.head)
        return replace(target, base=base) if base else target

    def _with_pull_request(self, target: Target, head: str) -> Target:
        try:
            with self._parts.connect(self._runner) as client:
                found = client.open_pull_request(head)
        except GitHubError as error:
            self._log.notice(f"{error}; measured without a pull request")
            return target
        if found is None:
            return target
        return replace(
            target, base=found.base, pull_request=found.number, head_repository=found.head_repository
        )

    def _measured(self, target: Target, given: Mapping[str, str]) -> ExitCode:
        with self._parts.checkout(self._runner.workspace, target) as tree:
            settings = build_settings(given, config.read(tree, given.get("config")))
            target = replace(target, base=settings.base or target.base)
            if target.base is None:
                self._log.notice("the event names nothing to compare with; set the input base")
                return ExitCode.PASSED
            if settings.dry_run:
                return self._preview(target, settings)
            report = self._parts.measure(tree, target, settings, self._log)
        self._keep(report, settings)
        self._telling.tell(report, target, settings)
        if report.suite.processes is not None and not report.suite.processes.expected:
            raise AnalysisError(NOTHING_IMPORTED)
        return ExitCode.GATE_FAILED if report.gate.verdict is GateVerdict.FAIL else ExitCode.PASSED

    def _preview(self, target: Target, settings: Settings) -> ExitCode:
        """Say what would be done."""
        chosen = settings.model_dump(exclude_defaults=True, exclude={"dry_run"}, mode="json")
        told = target.pull_request is not None and settings.comment is not CommentMode.NEVER
        self._log.say(f"Would measure {target.head} of {target.repository} against {target.base}.")
        self._log.say(f"Would tell {f'pull request {target.pull_request}' if told else 'no pull request'}.")
        for name, value in chosen.items():
            self._log.say(f"{option_name(name)}: {value}")
        self._log.say("This was a dry run: nothing was run, written or posted.")
        return ExitCode.PASSED

    def _keep(self, report: Report, settings: Settings) -> None:
        """Everything that needs no API, so that nothing is lost if the API fails."""
        rendering, folder = self._parts.rendering, settings.report_dir
        files = {
            "report-json": (f"{folder}/report.json", report.to_json()),
            "report-html": (f"{folder}/report.html", rendering.page(report)),
            "report-markdown": (f"{folder}/report.md", rendering.summary(report)),
        }
        try:
            for path, text in files.values():
                confined.write(self._runner.workspace, path, text.encode())
        except ValueError as error:
            raise InputError(f"report-dir: {error}; name a folder of the workspace") from None
        add_summary(self._runner, rendering.summary(report))
        paths = {name: path for name, (path, _) in files.items() if name != "report-markdown"}
        set_outputs(self._runner, outputs(report) | paths)
        for line in rendering.annotations(report):
            self._log.command(line)
        for line in gate_lines(report):
            self._log.say(line)

    def _posted(self, target: Target, given: Mapping[str, str]) -> ExitCode:
        """The second stage: what a run without write permission has measured, and left as an artifact."""
        settings = build_settings(given, {})
        path = f"{settings.report_dir}/report.json"
        try:
            content = confined.read(self._runner.workspace, path, REPORT_LIMIT)
        except ValueError as error:
            raise InputError(f"report-dir: {error}") from None
        if content is None:
            raise InputError(f"report-dir: there is no {path}; download the other run's artifact there first")
        return self._telling.post(read_report(content), target, settings)


class Telling:
    """Tells the pull request.

    Args:
        runner: What the runner lends.
        log: The step's log.
        connect: Opens the API.
        rendering: Makes texts of the report.
    """

    def __init__(self, runner: Runner, log: Log, connect: Connect, rendering: Rendering) -> None:
        """Tell nothing yet."""
        self._runner = runner
        self._log = log
        self._connect = connect
        self._rendering = rendering

    def tell(self, report: Report, target: Target, settings: Settings) -> None:
        """Bring the pull request up to date; a failure is said and loses nothing."""
        number = target.pull_request
        if number is None or (settings.comment is CommentMode.NEVER and not settings.suggestions):
            return
        if self._runner.access is None:
            self._log.warning("github-token is empty: the comment was not posted; the job summary has it")
            return
        try:
            with self._connect(self._runner) as client:
                self._tell(client, report, target, number, settings)
        except GitHubError as error:
            self._log.warning(f"{error}; not all was posted, the job summary has it")

    def post(self, report: Report, target: Target, settings: Settings) -> ExitCode:
        """Tell the pull request of the target what a report says, if GitHub knows them to belong together.

        Raises:
            InputError: They do not, or there is no token.
            GitHubError: It could not be posted.
        """
        if self._runner.access is None:
            raise InputError("github-token: it is empty, so nothing can be posted; pass one that may write")
        with self._connect(self._runner) as client:
            number = addressee(client, report, target)
            if number is None:
                self._log.notice("the pull request has moved on since it was measured; nothing was posted")
            else:
                self._tell(client, report, target, number, settings)
        return ExitCode.PASSED

    def _tell(self, client: Client, report: Report, target: Target, number: int, settings: Settings) -> None:
        posted = tell(client, report, target, number, settings, self._rendering)
        self._log.say(f"Comment: {posted.posting}{f', {posted.url}' if posted.url else ''}")
        set_outputs(self._runner, {"comment-url": posted.url})
        if settings.suggestions:
            done = suggest(client, report, target, number, settings, posted)
            self._log.say(
                f"Suggestions: {done.posted} posted, {done.standing} standing, {done.withdrawn} withdrawn, "
                f"{done.outside} not within the diff"
            )


def post_report(
    environment: Mapping[str, str],
    stream: TextIO,
    report: Path,
    given: Mapping[str, Any],
    connect: Connect,
    rendering: Rendering,
) -> ExitCode:
    """``hitrate post``: the second stage as a command, in a job on GitHub.

    Args:
        environment: What the runner set, with the token in ``GITHUB_TOKEN``.
        stream: The step's log.
        report: The report of the first stage.
        given: Settings given as options.
        connect: Opens the API.
        rendering: Makes texts of the report.

    Raises:
        HitrateError: Input is wrong or it could not be posted.
    """
    given_token = f"INPUT_{TOKEN_INPUT.upper()}"
    token = environment.get("GITHUB_TOKEN") or environment.get(given_token, "")
    # A job needs no checkout to post, and no runner's step to have one.
    runner = read_runner({"GITHUB_WORKSPACE": ".", **environment, given_token: token})
    wanted = plan(runner.event)
    if wanted.mode not in (Mode.POST, Mode.PULL_REQUEST):
        raise InputError(f"{runner.event.name}: {wanted.notice or 'names no pull request to post on'}")
    try:
        with report.open("rb") as file:
            content = file.read(REPORT_LIMIT + 1)
    except OSError as error:
        raise InputError(f"report: cannot read {str(report)!r} ({type(error).__name__})") from None
    telling = Telling(runner, Log(stream), connect, rendering)
    return telling.post(read_report(content), wanted.target, build_settings(given, {}))


def outputs(report: Report) -> dict[str, object]:
    """The step's outputs that the report decides; None is not known."""
    verdicts = [function.verdict for function in report.functions]
    existing = [function for function in report.functions if function.kind is Kind.EXISTING]
    return {
        "verdict": report.gate.verdict,
        "recommended": verdicts.count(Verdict.CACHE),
        "unsafe": sum(function.verdict is Verdict.UNSAFE for function in existing),
        "wasteful": sum(function.verdict is Verdict.DROP for function in existing),
        "missed-saving": missed_saving(report),
        "suite-speedup": report.trial.speedup if report.trial else None,
    }


def missed_saving(report: Report) -> float | None:
    """Share of the workload's time that the recommended caches would save together; None if not known."""
    shares = [_share(report, function) for function in report.functions if function.verdict is Verdict.CACHE]
    known = [share for share in shares if share is not None]
    return sum(known, 0.0) if len(known) == len(shares) else None


def _share(report: Report, function: FunctionReport) -> float | None:
    saved, total = (function.together or function).saved_seconds, workload_seconds(report, function.metric)
    return saved / total if saved is not None and total else None


def gate_lines(report: Report) -> list[str]:
    """Which rule failed, its limit and the value; one line a rule."""
    words = {True: "passed", False: "failed", None: "could not be decided"}
    lines = [
        f"  {rule.rule}: {words[rule.passed]} (limit {rule.limit:g}, "
        f"value {'not known' if rule.value is None else f'{rule.value:g}'})"
        for rule in report.gate.rules
    ]
    return [f"Gate: {report.gate.verdict}", *lines]


def _failed(runner: Runner, log: Log, message: str, code: ExitCode) -> ExitCode:
    log.error(message)
    with suppress(InputError):  # it may be the summary that cannot be written
        add_summary(runner, f"**Hitrate could not measure this change.** {markdown(message)}")
    return code

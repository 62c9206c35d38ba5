"""The container's edge: the runner's event and inputs in; report files, summary, outputs and comment out."""

import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TextIO

from hitrate.action.acknowledging import Acknowledging
from hitrate.action.holding import HeadMessage, Holding
from hitrate.action.keeping.folders import require_own_folders
from hitrate.action.outputs import OUTPUTS, failed_outputs, gate_lines, outputs
from hitrate.action.runner import Connect, Log, Runner, add_summary, read_inputs, read_runner, set_outputs
from hitrate.action.secondstage import SecondStage
from hitrate.action.telling import Telling
from hitrate.analysis.analyse import NOTHING_IMPORTED
from hitrate.environment.causes import snippet
from hitrate.errors import AnalysisError, ExitCode, HitrateError, InputError
from hitrate.files import untrusted
from hitrate.github.client import Client
from hitrate.github.event import Mode, Plan, Target, plan
from hitrate.github.post import Rendering, placed, read_report
from hitrate.github.retry import GitHubError
from hitrate.github.wishes.holding import Marks
from hitrate.memory import document
from hitrate.report import annotations, escape, firstuse, markdown
from hitrate.report.content.answer import not_measured
from hitrate.report.model import Report
from hitrate.report.sense import REPORT_LIMIT
from hitrate.settings import config
from hitrate.settings.model import CommentMode, Settings, build_settings, option_name
from hitrate.vocabulary import GateVerdict
from hitrate.wording.text import plain, unmarked


class Checkout(Protocol):
    """Makes the tree of the head available for the length of a ``with`` block."""

    def __call__(self, workspace: Path, target: Target) -> AbstractContextManager[Path]:
        """The tree's root."""


class Measure(Protocol):
    """Measures the changed functions of a tree."""

    def __call__(self, tree: Path, target: Target, settings: Settings, log: Log) -> Report:
        """The report, whose ``change`` names the target."""


class Remember(Protocol):
    """Runs all tests of a tree once, to note what each of them reaches."""

    def __call__(self, tree: Path, target: Target, settings: Settings) -> bytes:
        """The content of the file that keeps it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the action is put together from; tests and the demo hand in their own.

    Attributes:
        checkout: Makes the tree.
        measure: Measures it.
        rendering: Makes texts of the report.
        connect: Opens the API of a repository for a runner; only called where there is a token.
        message: Reads the head commit's message, within the checkout.
        remember: Notes what all tests reach, within the checkout.
        first_use: Whether the change that was looked at brings Hitrate to the repository.
    """

    checkout: Checkout
    measure: Measure
    rendering: Rendering
    connect: Connect
    message: HeadMessage
    remember: Remember
    first_use: Callable[[], bool] = lambda: False


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
    step = _Action(environment, runner, log, parts)
    try:
        code = _ended(step, log, debug=environment.get("RUNNER_DEBUG") == "1")
    finally:  # what a run that is cancelled while it posts has measured is there too
        written = step.set_outputs()
    return code if written else max(code, ExitCode.BAD_INPUT)


def _ended(step: "_Action", log: Log, *, debug: bool) -> ExitCode:
    """How the run ended, an error in one line."""
    try:
        return step.run()
    except GitHubError as error:  # what cannot be posted needs no second try to say so
        return step.failed(" ".join(str(error).split()), error.exit_code, told=False)
    except HitrateError as error:
        return step.failed(" ".join(str(error).split()), error.exit_code, told=True, snippet=error.snippet)
    except Exception as error:
        if debug:
            for line in traceback.format_exc().splitlines():
                log.say(f"  {line}")
        what = f"{type(error).__name__}: {plain(str(error))}"
        remedy = "report it with the log of a run with debug logging"
        return step.failed(f"a defect in Hitrate ({what}); {remedy}", ExitCode.DEFECT, told=True)


class _Action:
    """One run: what is known of it so far is what can be told where it fails."""

    def __init__(self, environment: Mapping[str, str], runner: Runner, log: Log, parts: Parts) -> None:
        self._environment = environment
        self._runner = runner
        self._log = log
        self._parts = parts
        self._telling = Telling(runner, log, parts.connect, parts.rendering)
        self._holding = Holding(runner, parts.connect)
        self._acknowledging = Acknowledging(runner, log, parts.connect)
        self._target: Target | None = None
        self._configured: Mapping[str, object] | None = None
        self._files: dict[str, str] = {}
        self._outputs: dict[str, object] = {}

    def run(self) -> ExitCode:
        """From the event to the exit code."""
        wanted = plan(self._runner.event)
        if wanted.mode is not Mode.NOTHING:
            self._target = wanted.target
        given = read_inputs(self._environment)
        if wanted.notice:
            self._log.notice(wanted.notice)
        match wanted.mode:
            case Mode.NOTHING:
                return ExitCode.PASSED
            case Mode.POST:
                return self._posted(wanted, given)
            case _:
                self._target, marks = self._found(wanted, given.get("base"))
                return self._measured(self._target, given, marks)

    def failed(self, message: str, code: ExitCode, *, told: bool, snippet: str = "") -> ExitCode:
        """Say why nothing could be measured, wherever somebody may look for it; the exit code.

        Args:
            message: Why, in one line.
            code: The exit code, whatever else goes wrong now.
            told: Whether the pull request is told too.
            snippet: Lines of a workflow that are likely to change it.
        """
        self._log.error(message)
        with suppress(InputError):  # it may be the summary that cannot be written
            add_summary(
                self._runner, f"**Hitrate could not measure this change.** {escape.markdown(message)}"
            )
        if told:
            first_use = code is not ExitCode.DEFECT and self._parts.first_use()
            self._tell_failure(message, firstuse.comment(message, snippet) if first_use else None)
        self._outputs = failed_outputs({**self._files, "comment-url": self._telling.url})
        return code

    def set_outputs(self) -> bool:
        """Set the outputs, once, from how the run ended; False where the runner's file cannot be written."""
        comment = {"comment-url": self._telling.url} if self._outputs else {}
        try:
            set_outputs(self._runner, self._outputs | comment)
        except InputError as error:
            self._log.error(str(error))
            return False
        return True

    def _tell_failure(self, message: str, anew: str | None) -> None:
        settings = telling_settings(self._environment, self._configured)
        if self._target is None or settings is None:
            return
        try:
            self._telling.failure(message, self._target, settings, anew)
        except Exception as error:  # the run has failed for another reason, which stays the one that is told
            self._log.warning(f"the pull request could not be notified ({type(error).__name__})")

    def _found(self, wanted: Plan, base: str | None) -> tuple[Target, Marks | None]:
        """What to measure, and its marks, once the API was asked where the event does not say."""
        target, marks = wanted.target, wanted.marks
        if wanted.mode is Mode.BRANCH and target.head and self._runner.access:
            target, marks = self._with_pull_request(target, target.head, marks)
        return replace(target, base=base) if base else target, marks

    def _with_pull_request(
        self, target: Target, head: str, marks: Marks | None
    ) -> tuple[Target, Marks | None]:
        try:
            with self._parts.connect(self._runner) as client:
                found = client.open_pull_request(head)
        except GitHubError as error:
            self._log.notice(f"{error}; measured without a pull request")
            return target, marks
        if found is None:
            return target, marks
        known = replace(
            target, base=found.base, pull_request=found.number, head_repository=found.head_repository
        )
        return known, replace(found.marks, message=marks.message) if marks else None

    def _measured(self, target: Target, given: Mapping[str, str], marks: Marks | None) -> ExitCode:
        with self._parts.checkout(self._runner.workspace, target) as tree:
            self._configured = config.read(tree, given.get("config"))
            settings = build_settings(given, self._configured)
            target = replace(target, base=settings.base or target.base)
            if reason := self._holding.reason(marks, target, settings, self._parts.message):
                return self._held(reason, target, settings)
            if target.trunk and settings.memory is not None:
                return self._remembered(tree, target, settings, settings.memory)
            if target.base is None:
                self._log.notice("the event names nothing to compare with; set the input base")
                return ExitCode.PASSED
            require_own_folders(self._runner.workspace, settings)
            if settings.dry_run:
                return self._preview(target, settings)
            report = self._parts.measure(tree, target, settings, self._log)
        self._outputs = outputs(report)  # what is known where the run is cancelled from here on
        report, waited = self._acknowledging.applied(report, target, settings)
        report = placed(report, self._runner.server_url, target.run)
        self._keep(report, settings)
        if report.suite.nothing_imported:
            raise AnalysisError(NOTHING_IMPORTED, snippet=snippet("", "install"))
        self._outputs = outputs(report) | self._files
        self._telling.tell(report, target, self._telling_of(report, settings), waited)
        return ExitCode.GATE_FAILED if report.gate.verdict is GateVerdict.FAIL else ExitCode.PASSED

    def _telling_of(self, report: Report, settings: Settings) -> Settings:
        """How a report is told: who brings Hitrate hears in any case that the tests fail there."""
        if settings.comment is CommentMode.AUTO and not_measured(report) and self._parts.first_use():
            return settings.model_copy(update={"comment": CommentMode.ALWAYS})
        return settings

    def _remembered(self, tree: Path, target: Target, settings: Settings, folder: str) -> ExitCode:
        """Keep what all tests of the default branch reach; there is nobody to tell."""
        require_own_folders(self._runner.workspace, settings)
        if settings.dry_run:
            return self._preview(target, settings)
        content = self._parts.remember(tree, target, settings)
        path = f"{folder}/{document.NAME}"
        try:
            untrusted.write(self._runner.workspace, path, content)
        except ValueError as error:
            raise InputError(f"memory: {error}; name a folder of the workspace") from None
        self._log.say(f"{path} holds what the tests reach at {target.head}.")
        return ExitCode.PASSED

    def _held(self, reason: str, target: Target, settings: Settings) -> ExitCode:
        """Measure nothing, since somebody has asked for that; no output may read as if it had been."""
        self._log.notice(f"held back, so nothing was measured: {unmarked(reason)}")
        if settings.dry_run:
            return ExitCode.PASSED
        add_summary(
            self._runner, f"**Hitrate was held back**, so nothing was measured: {escape.markdown(reason)}."
        )
        self._telling.held(reason, target, settings)
        self._outputs = dict.fromkeys(OUTPUTS)
        return ExitCode.PASSED

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
                untrusted.write(self._runner.workspace, path, text.encode())
        except ValueError as error:
            raise InputError(f"report-dir: {error}; name a folder of the workspace") from None
        self._files = {name: path for name, (path, _) in files.items() if name in OUTPUTS}
        add_summary(self._runner, rendering.summary(report))
        for line in rendering.annotations(report):
            self._log.command(line)
        for line in gate_lines(report):
            self._log.say(line)

    def _posted(self, wanted: Plan, given: Mapping[str, str]) -> ExitCode:
        """The second stage: what a run without write permission has measured, and left as an artifact."""
        self._configured = {}
        settings = build_settings(given, {})
        path = f"{settings.report_dir}/report.json"
        try:
            content = untrusted.read(self._runner.workspace, path, REPORT_LIMIT)
        except ValueError as error:
            raise InputError(f"report-dir: {error}") from None
        if content is not None:
            code = self._telling.post(read_report(content), wanted.target, settings)
            self._outputs = {"comment-url": self._telling.url}
            return code
        stage = SecondStage(self._log, self._telling, self._holding)
        if not stage.without_report(wanted, given, settings):
            raise InputError(f"report-dir: there is no {path}; download the other run's artifact there first")
        self._outputs = failed_outputs({"comment-url": self._telling.url}) if wanted.failed else {}
        return ExitCode.PASSED


def telling_settings(
    environment: Mapping[str, str], configured: Mapping[str, object] | None
) -> Settings | None:
    """How a pull request is told of a failure, from as much of the settings as is known by then.

    Args:
        environment: What the runner set; other inputs in it may be wrong.
        configured: What the config file says; None where it could not be read.

    Returns:
        None where that itself is wrong, or where it is not known which comment is meant: a config file was
        asked for that may name it, and could not be read.
    """
    inputs = {
        field: environment.get(f"INPUT_{option_name(field).upper()}", "") for field in (*_TELLING, "config")
    }
    given = {field: value for field, value in inputs.items() if value.strip()}
    if configured is None and "config" in given and "comment_id" not in given:
        return None
    values = {**(configured or {}), **given}
    for fields in (_TELLING, _TELLING[:-1]):  # suggestions that are set wrongly are no reason not to tell
        with suppress(InputError):
            return build_settings({name: values[name] for name in fields if name in values}, {})
    return None


_TELLING = ("comment", "comment_id", "dry_run", "suggestions")
"""Settings that decide whether and where a failure is told, and last whether anything was suggested."""


def page(report: Report) -> str:
    """The report as one HTML page."""
    from hitrate.report import html  # noqa: PLC0415 - heavy, and only needed at the end

    return html.page(report)


RENDERING = Rendering(
    comment=lambda report, limit: markdown.comment(report, limit=limit),
    resolved=lambda report, limit: markdown.resolved(report, limit=limit),
    summary=markdown.summary,
    page=page,
    annotations=annotations.commands,
    has_news=markdown.has_something_to_say,
    failed=lambda message, head, run, limit: markdown.failed(message, head, run, limit=limit),
    held=lambda reason, head, run, limit: markdown.held(reason, head, run, limit=limit),
)


def connect(runner: Runner) -> Client:
    """Open the API of the runner's repository.

    Raises:
        InputError: There is no token.
    """
    if runner.access is None:
        raise InputError("github-token is empty; pass secrets.GITHUB_TOKEN")
    return Client(runner.access, runner.event.repository)

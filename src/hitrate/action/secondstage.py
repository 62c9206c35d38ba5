"""The second stage: a trusted run posts what another has measured, or finds out why that left nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from hitrate.action.holding import Holding
from hitrate.action.runner import TOKEN_INPUT, Connect, Log, Runner, read_runner
from hitrate.action.telling import Telling
from hitrate.errors import ExitCode, InputError
from hitrate.github.event import Mode, Plan, plan
from hitrate.github.post import Rendering, read_report
from hitrate.report.sense import content_of
from hitrate.settings.model import Settings, build_settings
from hitrate.wording.text import unmarked


@dataclass(frozen=True, slots=True)
class SecondStage:
    """Finds out why there is no report of the other run, and tells it.

    Attributes:
        log: The step's log.
        telling: Tells the pull request.
        holding: Finds out what held the other run back.
    """

    log: Log
    telling: Telling
    holding: Holding

    def without_report(self, wanted: Plan, given: Mapping[str, Any], settings: Settings) -> bool:
        """Tell why the run that measures has left no report, where there is a reason.

        Args:
            wanted: What the event asks for.
            given: Settings that this stage was given, by field name.
            settings: The same with their defaults.

        Returns:
            False where that run has succeeded and should have left one.

        Raises:
            GitHubError: GitHub does not say what held it back.
        """
        if wanted.failed:
            message = f"the run that measures ended ({wanted.conclusion}) without a report; see its log"
            self.log.notice(message)
            self.telling.failure(message, wanted.target, settings)
            return True
        if wanted.conclusion in ("cancelled", "skipped", "neutral", "stale", "action_required"):
            self.log.notice(f"the run that measures ended ({wanted.conclusion}); nothing to post")
            return True
        return self._held(wanted, given, settings)

    def _held(self, wanted: Plan, given: Mapping[str, Any], settings: Settings) -> bool:
        """Tell what held the other run back; False where nothing did."""
        held = self.holding.of_other_run(wanted, given)
        if held is None:
            return False
        reason = unmarked(held.reason)
        self.log.notice(f"the run that measures was held back, so there is nothing to post: {reason}")
        self.telling.held(held.reason, replace(wanted.target, pull_request=held.pull_request), settings)
        return True


def runner_of(environment: Mapping[str, str]) -> Runner:
    """What the runner lends a command, which gets its token in ``GITHUB_TOKEN`` or as the action does.

    Raises:
        InputError: This is no job on GitHub.
    """
    given_token = f"INPUT_{TOKEN_INPUT.upper()}"
    token = environment.get("GITHUB_TOKEN") or environment.get(given_token, "")
    # A job needs no checkout to post, and no runner's step to have one.
    return read_runner({"GITHUB_WORKSPACE": ".", **environment, given_token: token})


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
    runner = runner_of(environment)
    wanted = plan(runner.event)
    if wanted.mode not in (Mode.POST, Mode.PULL_REQUEST):
        raise InputError(f"{runner.event.name}: {wanted.notice or 'names no pull request to post on'}")
    settings = build_settings(given, {})
    log = Log(stream)
    telling = Telling(runner, log, connect, rendering)
    stage = SecondStage(log, telling, Holding(runner, connect))
    if wanted.mode is Mode.POST and not report.exists() and stage.without_report(wanted, given, settings):
        return ExitCode.PASSED
    try:
        found = read_report(content_of(report, "see the job that measures"))
    except InputError as error:  # whoever was to leave it has failed
        telling.failure(str(error), wanted.target, settings)
        raise
    return telling.post(found, wanted.target, settings)

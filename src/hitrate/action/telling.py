"""What a pull request is told: of a report, or of a run that could not measure."""

from collections.abc import Callable

from hitrate.action.acknowledging import Acknowledging
from hitrate.action.runner import Connect, Log, Runner
from hitrate.analysis.analyse import NOTHING_IMPORTED
from hitrate.errors import ExitCode, InputError
from hitrate.github.client import Client
from hitrate.github.comment import Posted, Posting
from hitrate.github.event import Mode, Target, plan
from hitrate.github.post import (
    Rendering,
    addressee,
    placed,
    suggest,
    tell,
    tell_anew,
    tell_failure,
    tell_held,
    withdraw_suggestions,
)
from hitrate.github.retry import GitHubError
from hitrate.report.content import links
from hitrate.report.model import Report
from hitrate.settings.model import CommentMode, Settings


class Telling:
    """Tells the pull request.

    Args:
        runner: What the runner lends.
        log: The step's log.
        connect: Opens the API.
        rendering: Makes texts of the report.

    Attributes:
        url: Address of the comment; None as long as there is none.
    """

    def __init__(self, runner: Runner, log: Log, connect: Connect, rendering: Rendering) -> None:
        """Store what is needed; no request is sent."""
        self.url: str | None = None
        self._runner = runner
        self._log = log
        self._connect = connect
        self._rendering = rendering
        self._acknowledging = Acknowledging(runner, log, connect)

    def tell(self, report: Report, target: Target, settings: Settings, waited: float = 0.0) -> None:
        """Bring the pull request up to date; a failure is reported and loses nothing.

        Args:
            report: What was measured.
            target: What it is of.
            settings: How it is told.
            waited: Seconds that this run has already spent on GitHub's answers.
        """
        number = target.pull_request
        if number is None or (settings.comment is CommentMode.NEVER and not settings.suggestions):
            return
        if self._runner.access is None:
            self._log.warning("github-token is empty: the comment was not posted; the job summary has it")
            return
        try:
            with self._connect(self._runner) as client:
                client.caller.spend(waited)
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
            # An untrusted run may name any server, any run as the one that measured, and anybody's word.
            report = placed(report, self._runner.server_url, target.run)
            if number is None:
                self._log.notice("the pull request has moved on since it was measured; nothing was posted")
            elif report.suite.nothing_imported:
                run = self._run(target)
                posted = tell_failure(
                    client, NOTHING_IMPORTED, target, number, settings, self._rendering, run
                )
                self._told(posted)
                self._withdraw(client, target, number, settings, posted)
            else:
                report = self._acknowledging.again(client, number, report, settings.comment_id)
                self._tell(client, report, target, number, settings)
        return ExitCode.PASSED

    def failure(self, message: str, target: Target, settings: Settings, anew: str | None = None) -> None:
        """Put why nothing could be measured in the place of what was said of an earlier commit.

        A failure to do so is reported and changes nothing.

        Args:
            message: Why, in one line.
            target: What was to be measured.
            settings: How the pull request is told; under ``auto`` no comment is made for a failure.
            anew: A comment that is made in any case but ``never``; None where none is.
        """
        if settings.dry_run:
            return

        def tell(client: Client, number: int) -> Posted:
            if anew is not None:
                return tell_anew(client, anew, target, number, settings)
            run = self._run(target)
            return tell_failure(client, message, target, number, settings, self._rendering, run)

        self._instead(tell, target, settings)

    def held(self, reason: str, target: Target, settings: Settings) -> None:
        """Say in the comment of an earlier run that this one was held back; a failure to do so is reported.

        Args:
            reason: What holds it back, as a clause.
            target: What was to be measured.
            settings: How the pull request is told.
        """

        def tell(client: Client, number: int) -> Posted:
            run = self._run(target)
            return tell_held(client, reason, target, number, settings, self._rendering, run)

        self._instead(tell, target, settings)

    def _run(self, target: Target) -> str | None:
        """Address of the run that measures."""
        return links.run_of(self._runner.server_url.rstrip("/"), target.repository, target.run.id)

    def _instead(self, tell: Callable[[Client, int], Posted], target: Target, settings: Settings) -> None:
        """Put something in the place of what an earlier run has said and suggested."""
        silent = settings.comment is CommentMode.NEVER and not settings.suggestions
        if silent or self._runner.access is None:
            return
        try:
            with self._connect(self._runner) as client:
                number = target.pull_request or self._number(client, target)
                if number is not None:
                    posted = tell(client, number)
                    self._told(posted)
                    self._withdraw(client, target, number, settings, posted)
        except GitHubError as error:
            self._log.warning(f"{error}; what an earlier run has said stays as it was")

    def _withdraw(
        self, client: Client, target: Target, number: int, settings: Settings, posted: Posted
    ) -> None:
        """Take back what an earlier run has suggested."""
        done = withdraw_suggestions(client, target, number, settings, posted)
        if done.withdrawn:
            self._log.say(f"Suggestions: {done.withdrawn} withdrawn")

    def _tell(self, client: Client, report: Report, target: Target, number: int, settings: Settings) -> None:
        posted = tell(client, report, target, number, settings, self._rendering)
        self._log.say(f"Comment: {posted.posting}{f', {posted.url}' if posted.url else ''}")
        self.url = posted.url
        if settings.suggestions:
            done = suggest(client, report, target, number, settings, posted)
            self._log.say(
                f"Suggestions: {done.posted} posted, {done.standing} standing, {done.withdrawn} withdrawn, "
                f"{done.outside} not within the diff"
            )

    def _told(self, posted: Posted) -> None:
        self.url = posted.url
        if posted.posting is not Posting.NONE:
            self._log.say(f"Comment: {posted.posting}{f', {posted.url}' if posted.url else ''}")

    def _number(self, client: Client, target: Target) -> int | None:
        """The pull request that another run has measured: the open one whose head that run's is."""
        if target.head is None or plan(self._runner.event).mode is not Mode.POST:
            return None
        found = client.open_pull_request(target.head)
        return found.number if found and found.head_repository == target.head_repository else None

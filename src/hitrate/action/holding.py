"""Whether a run is held back, asked where it is known: the event, GitHub as it is now, the head commit."""

from collections.abc import Callable
from dataclasses import dataclass

from hitrate.action.runner import Connect, Runner
from hitrate.github.event import Plan, Target
from hitrate.github.retry import GitHubError
from hitrate.github.wishes.holding import Marks, held_back, held_back_by_message
from hitrate.settings.model import Settings

HeadMessage = Callable[[Target], str | None]
"""The message of a target's head commit, once the tree is there; None where it cannot be had."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Finds out what holds a run back.

    Attributes:
        runner: What the runner lends.
        connect: Opens the API; only called where there is a token.
    """

    runner: Runner
    connect: Connect

    def reason(
        self, marks: Marks | None, target: Target, settings: Settings, message: HeadMessage
    ) -> str | None:
        """Why a run is held back, as a clause; None where it is not.

        Args:
            marks: What the event tells; None where nothing may hold the run back.
            target: What is to be measured.
            settings: What the user chose.
            message: Reads the head commit's message.
        """
        if marks is None:
            return None
        if reason := held_back(marks, settings):
            return reason if marks.message is not None else self._still(reason, target, settings)
        return held_back_by_message(message(target)) if marks.message is None else None

    def reason_of_other_run(self, wanted: Plan, settings: Settings) -> str | None:
        """Why the run was held back whose report a second stage looks for in vain; None where it was not."""
        marks = wanted.marks or Marks()
        if reason := held_back(marks, settings):
            return reason
        if wanted.target.head is None or self.runner.access is None:
            return None
        with self.connect(self.runner) as client:
            found = client.open_pull_request(wanted.target.head)
        return held_back(found.marks, settings) if found else None

    def _still(self, reason: str, target: Target, settings: Settings) -> str | None:
        """The reason that there is by now: a job that is run again has the event of its first attempt."""
        if target.pull_request is None or self.runner.access is None:
            return reason
        try:
            with self.connect(self.runner) as client:
                return held_back(client.pull_request(target.pull_request).marks, settings)
        except GitHubError:
            return reason

"""Whether a run is held back, asked where it is known: the event, GitHub as it is now, the head commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hitrate.action.runner import Connect, Runner
from hitrate.errors import InputError
from hitrate.files.limits import CONFIG_BYTES
from hitrate.github.client import Client
from hitrate.github.event import Plan, Target
from hitrate.github.retry import DEFAULT_PATIENCE, DeniedError, GitHubError
from hitrate.github.wishes.holding import Marks, held_back, held_back_by_message
from hitrate.settings import config
from hitrate.settings.model import Settings, build_settings

HeadMessage = Callable[[Target], str | None]
"""The message of a target's head commit, once the tree is there; None where it cannot be had."""

_ASKING_SECONDS = 20.0
"""How long GitHub is asked for labels; the event tells them, too."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """That another run was held back: why, as a clause, and the pull request, where GitHub tells it."""

    reason: str
    pull_request: int | None


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
        if marks.message is not None:  # a push, whose pull request was just looked for
            return held_back(marks, settings)
        known = marks if settings.dry_run else self._now(marks, target)
        return held_back(known, settings) or held_back_by_message(message(target))

    def of_other_run(self, wanted: Plan, given: Mapping[str, Any]) -> HeldBack | None:
        """What held the run back whose report a second stage looks for in vain; None where nothing did.

        That run's inputs are not known, so a draft without a report counts as held back.

        Args:
            wanted: What the event asks for.
            given: Settings of the second stage by field name, which go before the config file at the head.

        Raises:
            GitHubError: GitHub does not say.
        """
        marks, target = wanted.marks or Marks(), wanted.target
        settings, number = build_settings(given, {}), None
        if target.head is not None and self.runner.access is not None:
            with self.connect(self.runner) as client:
                found = client.open_pull_request(target.head)
                if found is not None and found.head_repository == target.head_repository:
                    marks, number = replace(found.marks, message=marks.message), found.number
                    configured = _configured(client, number, target.head, settings.config)
                    settings = build_settings(given, configured)
        reason = held_back(marks, settings) or ("the pull request is a draft" if marks.draft else None)
        return HeldBack(reason, number) if reason else None

    def _now(self, marks: Marks, target: Target) -> Marks:
        """What the pull request says of itself by now; what the event says where GitHub does not tell.

        A job that has waited, or that is run again, has the event of its beginning.
        """
        if target.pull_request is None or self.runner.access is None:
            return marks
        try:
            with self.connect(self.runner) as client:
                client.caller.spend(DEFAULT_PATIENCE.total_seconds - _ASKING_SECONDS)
                return client.pull_request(target.pull_request).marks
        except GitHubError:
            return marks


def _configured(client: Client, number: int, head: str, path: str) -> dict[str, Any]:
    """What the config file at the head says of holding back; nothing where it cannot be had or is wrong."""
    try:
        content = client.review(number, head).content(path)
        found = config.parse(content, path) if content and len(content) <= CONFIG_BYTES else {}
    except (DeniedError, InputError):
        return {}
    return {name: value for name, value in found.items() if name in ("skip_label", "drafts")}

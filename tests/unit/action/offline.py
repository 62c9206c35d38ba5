"""A job on GitHub without GitHub: what the runner lends, and ways to an API that nobody answers at."""

from io import StringIO
from pathlib import Path
from typing import Any

from hitrate.action.runner import Log, Runner
from hitrate.github.client import Client
from hitrate.github.event import Event, Run, Target
from hitrate.github.retry import GitHubError
from tests.integration.on_github.world import BASE, HEAD, NUMBER, REPOSITORY

TARGET = Target(REPOSITORY, BASE, HEAD, None, NUMBER, REPOSITORY, Run(100, 1))


def runner(token: str | None = None, event: str = "pull_request") -> Runner:
    """What GitHub's runner tells a step."""
    return Runner(
        event=Event(event, {}, REPOSITORY, HEAD, "refs/pull/7/merge", Run(100, 1)),
        workspace=Path(),
        token=token,
        api_url="http://api.example.org",
        server_url="https://github.com",
        authorities=None,
        output=None,
        summary=None,
    )


def forbidden(_: Runner) -> Client:
    """For what must not ask GitHub."""
    raise AssertionError("GitHub is not asked")


def unreached(_: Runner) -> Client:
    """A GitHub that is down."""
    raise GitHubError("GitHub: could not be reached")


class Said(Log):
    """A step's log that can be read."""

    def __init__(self) -> None:
        """Nothing is said yet; ``stream`` is where it goes."""
        self.stream = StringIO()
        super().__init__(self.stream)

    @property
    def lines(self) -> list[str]:
        """What was said."""
        return self.stream.getvalue().splitlines()


def unread(_: Any) -> str:
    """For a commit whose message must not be looked at."""
    raise AssertionError("the message is not read")

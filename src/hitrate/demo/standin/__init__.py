"""A stand-in for the GitHub API: real HTTP, real state, on the loopback interface.

``hitrate demo`` posts to it, and so do the tests, which check every request and every answer against GitHub's
own OpenAPI description.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hitrate.demo.standin.api import Api
from hitrate.demo.standin.runner import Step, pull_request_step
from hitrate.demo.standin.server import Answer, Request, Response, Server
from hitrate.demo.standin.state import Account, File, GitHub, PullRequest, Token

__all__ = [
    "Account",
    "Answer",
    "File",
    "GitHub",
    "PullRequest",
    "Request",
    "Response",
    "Step",
    "Token",
    "pull_request_step",
    "serve",
]


@contextmanager
def serve(github: GitHub, around: Callable[[Answer], Answer] = lambda answer: answer) -> Iterator[str]:
    """Serve the API of a repository while the block lasts; gives its URL (``GITHUB_API_URL``).

    Args:
        github: The state, which can be looked at and changed at any time.
        around: Wraps the function that answers: to watch, to delay, to break.
    """
    with Server(lambda url: around(Api(github, url)), github.clock) as server:
        yield server.url

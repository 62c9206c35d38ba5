"""A pull request on the stand-in, and what tests need around it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hitrate.demo.standin import Account, Answer, GitHub, PullRequest, serve
from hitrate.github.client import Access, Client
from hitrate.github.comment import Marker
from hitrate.github.event import Run
from hitrate.github.retry import Clock, Patience
from tests.integration.on_github.contract import Contract

REPOSITORY = "octo/widgets"
NUMBER = 7
HEAD = "a" * 40
BASE = "b" * 40
WRITE = {"pull_requests": "write", "contents": "read"}
READ = {"pull_requests": "read", "contents": "read"}

Around = Callable[[Answer], Answer]


class FakeClock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept = 0.0
        self._lock = threading.Lock()

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds
            self.slept += seconds

    @property
    def clock(self) -> Clock:
        return Clock(self.time, self.sleep)


@dataclass
class World:
    """The stand-in with one pull request and three kinds of token."""

    github: GitHub
    time: FakeClock
    contract: Contract
    url: str = ""
    patience: Patience = field(default_factory=lambda: Patience(request_seconds=2))

    def client(self, token: str = "default") -> Client:
        return Client(Access(self.url, token), REPOSITORY, self.patience, self.time.clock)

    def account(self, token: str = "default") -> Account:
        return self.github.tokens[token].account

    def bodies(self) -> list[str]:
        return [comment.body for comment in self.github.conversation(NUMBER)]

    def requests(self) -> list[str]:
        """Requests since the last look."""
        log, self.contract.log = self.contract.log, []
        return [line.replace(f"/repos/{REPOSITORY}", "") for line in log]


def marker(run: int = 100, attempt: int = 1, comment_id: str = "hitrate", head: str = HEAD) -> Marker:
    return Marker(comment_id, head, Run(run, attempt))


@contextmanager
def world(around: Around = lambda answer: answer) -> Iterator[World]:
    """Serve it; at the end no request and no answer may have broken GitHub's description."""
    time = FakeClock()
    made = World(GitHub(REPOSITORY, time.time), time, Contract())
    made.github.add_token("default", "github-actions[bot]", WRITE)
    made.github.add_token("app", "widgets-helper[bot]", WRITE)
    made.github.add_token("personal", "octocat", WRITE)
    made.github.add_token("fork", "github-actions[bot]", READ)
    made.github.add_token("other", "mallory", WRITE)
    made.github.add_pull_request(PullRequest(NUMBER, HEAD, BASE, REPOSITORY))
    contract = made.contract
    with serve(made.github, lambda answer: contract.requests(around(contract.answers(answer)))) as made.url:
        yield made
    assert made.contract.broken == []

"""Runs that post at the same time, in an order that the test decides: every request is a turn.

The stand-in is asked directly here, without HTTP in between, so that thousands of orders can be tried.
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hitrate.demo.standin import GitHub, PullRequest, Request, Response
from hitrate.demo.standin.api import Api
from hitrate.github.answers import Comment, Owner
from hitrate.github.comment import Marker, Posted, post
from hitrate.github.conversation import Reaction
from hitrate.github.event import Run
from hitrate.github.retry import Clock, GoneError
from tests.integration.on_github.world import NUMBER, REPOSITORY, WRITE

IN_FLIGHT_SECONDS = 15.0
"""A request is answered within this time: the client's own limit."""

CONVERSATION = f"/repos/{REPOSITORY}/issues/{NUMBER}/comments"
COMMENT = f"/repos/{REPOSITORY}/issues/comments"


@dataclass
class Turns:
    """Who comes next: ``choices`` from the beginning, then always the first.

    Attributes:
        choices: Number of the option to take at each turn.
        options: How many options there were at each turn.
        hasty: Whether time may pass although somebody's request is under way.
    """

    choices: Sequence[int] = ()
    hasty: bool = False
    options: list[int] = field(default_factory=list)
    now: float = 1_700_000_000.0
    _waiting: dict[int, float] = field(default_factory=dict)
    _sleeping: dict[int, float] = field(default_factory=dict)
    _running: set[int] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def play(self, bodies: dict[int, Callable[[], None]]) -> None:
        """Run every body in a thread of its own until all have ended."""
        threads = [threading.Thread(target=self._body, args=(name, body)) for name, body in bodies.items()]
        self._running = set(bodies)
        for thread in threads:
            thread.start()
        with self._changed:
            while True:
                self._changed.wait_for(lambda: not self._running)
                if not self._waiting and not self._sleeping:
                    break
                self._step()
        for thread in threads:
            thread.join()

    def turn(self, name: int) -> None:
        """Wait for one's turn to send a request."""
        self._pause(name, self._waiting, self.now)

    def sleep(self, name: int, seconds: float) -> None:
        """Wait until the time has passed."""
        self._pause(name, self._sleeping, self.now + seconds)

    def _body(self, name: int, body: Callable[[], None]) -> None:
        try:
            body()
        finally:
            with self._changed:
                self._running.discard(name)
                self._changed.notify_all()

    def _pause(self, name: int, place: dict[int, float], time: float) -> None:
        with self._changed:
            place[name] = time
            self._running.discard(name)
            self._changed.notify_all()
            self._changed.wait_for(lambda: name in self._running)

    def _step(self) -> None:
        ready = sorted(self._waiting)
        wake = min(self._sleeping.values(), default=None)
        oldest = min(self._waiting.values(), default=None)
        may_pass = wake is not None and (oldest is None or (self.hasty and wake - oldest < IN_FLIGHT_SECONDS))
        count = len(ready) + may_pass
        number = len(self.options)
        choice = self.choices[number] % count if number < len(self.choices) else 0
        self.options.append(count)
        if choice < len(ready):
            del self._waiting[ready[choice]]
            self._running.add(ready[choice])
        else:
            assert wake is not None
            self.now = max(self.now, wake)
            name = next(name for name, time in self._sleeping.items() if time == wake)
            del self._sleeping[name]
            self._running.add(name)
        self._changed.notify_all()


class Direct:
    """A conversation whose every request is a turn of one run."""

    def __init__(self, github: GitHub, turns: Turns, name: int) -> None:
        self._api = Api(github, "http://stand.in")
        self._turns = turns
        self._name = name
        self._end = turns.now + 10_000
        self.clock = Clock(lambda: turns.now, lambda seconds: turns.sleep(name, seconds))

    @property
    def exhausted(self) -> bool:
        return self._turns.now >= self._end

    def comments(self) -> list[Comment]:
        return [_comment(one) for one in self._ask("GET", CONVERSATION, {"per_page": "100"}).data]

    def first_look(self) -> list[Comment]:
        return self.comments()

    def create(self, body: str) -> Comment:
        return _comment(self._ask("POST", CONVERSATION, {}, {"body": body}).data)

    def read(self, comment: int) -> Comment | None:
        return self._one("GET", comment)

    def edit(self, comment: int, body: str, until: float) -> Comment | None:
        assert self._turns.now <= until
        return self._one("PATCH", comment, {"body": body})

    def delete(self, comment: int, until: float) -> None:
        assert self._turns.now <= until
        self._ask("DELETE", f"{COMMENT}/{comment}")

    def owner(self) -> Owner:
        return Owner(login=None)

    def react(self, comment: int) -> Reaction:
        answer = self._ask("POST", f"{COMMENT}/{comment}/reactions", {}, {"content": "eyes"})
        if answer.status == 404:
            raise GoneError("gone")
        age = self._turns.now - datetime.fromisoformat(answer.data["created_at"]).timestamp()
        return Reaction(answer.data["id"], answer.data["user"]["login"], answer.status == 201, age)

    def take_back(self, comment: int, reaction: int, until: float | None = None) -> None:
        self._ask("DELETE", f"{COMMENT}/{comment}/reactions/{reaction}")

    def _one(self, method: str, comment: int, data: Any = None) -> Comment | None:
        answer = self._ask(method, f"{COMMENT}/{comment}", {}, data)
        return None if answer.status == 404 else _comment(answer.data)

    def _ask(self, method: str, path: str, query: dict[str, str] | None = None, data: Any = None) -> Response:
        self._turns.turn(self._name)
        body = json.dumps(data).encode() if data is not None else b""
        return self._api(Request(method, path, query or {}, {"authorization": "token default"}, body))


def _comment(data: dict[str, Any]) -> Comment:
    return Comment.model_validate(data)


def marker(run: int) -> Marker:
    return Marker("hitrate", "a" * 40, Run(run, 1))


@dataclass
class Played:
    """How a play ended."""

    github: GitHub
    turns: Turns
    posted: dict[int, Posted]

    def bodies(self) -> list[str]:
        return [comment.body for comment in self.github.conversation(NUMBER)]


def play(
    runs: Sequence[int], present: Sequence[int], choices: Sequence[int], *, hasty: bool = False
) -> Played:
    """Let runs post at the same time.

    Args:
        runs: Their ids; a greater one is newer.
        present: Runs whose comments are there already.
        choices: Who comes next.
        hasty: Whether time may pass although requests are under way.
    """
    turns = Turns(choices, hasty)
    github = GitHub(REPOSITORY, lambda: turns.now)
    account = github.add_token("default", "github-actions[bot]", WRITE)
    github.add_pull_request(PullRequest(NUMBER, "a" * 40, "b" * 40, REPOSITORY))
    for run in present:
        github.add_comment(NUMBER, account, f"{marker(run)}\nrun {run}")
    posted: dict[int, Posted] = {}

    def body(name: int, run: int) -> Callable[[], None]:
        def act() -> None:
            posted[name] = post(Direct(github, turns, name), marker(run), f"run {run}")  # type: ignore[arg-type]

        return act

    turns.play({name: body(name, run) for name, run in enumerate(runs)})
    return Played(github, turns, posted)


def every_order(runs: Sequence[int], present: Sequence[int]) -> Iterator[Played]:
    """Play in every order that there is."""
    choices: list[int] = []
    while True:
        played = play(runs, present, choices)
        yield played
        taken = choices + [0] * (len(played.turns.options) - len(choices))
        while taken and taken[-1] + 1 >= played.turns.options[len(taken) - 1]:
            taken.pop()
        if not taken:
            return
        taken[-1] += 1
        choices = taken

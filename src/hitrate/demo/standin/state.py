"""What the stand-in knows: accounts and tokens, pull requests, comments, reactions, reviews."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from time import time


@dataclass(frozen=True, slots=True)
class Account:
    """A user or, with a name that ends in ``[bot]``, an app."""

    login: str
    id: int

    @property
    def is_bot(self) -> bool:
        """Whether it is an app."""
        return self.login.endswith("[bot]")


@dataclass(frozen=True, slots=True)
class Token:
    """Whom a token stands for and what it may do, such as ``{"pull_requests": "write"}``."""

    account: Account
    permissions: Mapping[str, str] = field(default_factory=dict)

    def may_write(self, *names: str) -> bool:
        """Whether one of the permissions is there at level write."""
        return any(self.permissions.get(name) == "write" for name in names)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a pull request: its whole text at the head and its patch as GitHub shows it."""

    path: str
    text: str
    patch: str


@dataclass(slots=True)
class PullRequest:
    """A pull request; ``head_repository`` is that of a fork, or the repository itself."""

    number: int
    head: str
    base: str
    head_repository: str
    head_ref: str = "change"
    base_ref: str = "main"
    title: str = "A change"
    state: str = "open"
    draft: bool = False
    locked: bool = False
    labels: tuple[str, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(slots=True)
class Reaction:
    """A reaction to a comment."""

    id: int
    account: Account
    content: str
    created: float


@dataclass(slots=True)
class Comment:
    """A comment in a conversation."""

    id: int
    pull_request: int
    account: Account
    body: str
    created: float
    updated: float
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True)
class ReviewComment:
    """A comment on lines ``start`` (None: just one) to ``line`` (None: changed since) of a file."""

    id: int
    review: int
    pull_request: int
    account: Account
    path: str
    start: int | None
    line: int | None
    commit: str
    body: str
    created: float
    updated: float
    reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list)


class GitHub:
    """One repository and its state; every change is atomic.

    Args:
        repository: owner/name.
        clock: Seconds since the epoch, for time stamps.
    """

    def __init__(self, repository: str, clock: Callable[[], float] = time) -> None:
        """Know nothing but the name."""
        self.repository = repository
        self.clock = clock
        self.lock = threading.RLock()
        self.tokens: dict[str, Token] = {}
        self.pull_requests: dict[int, PullRequest] = {}
        self.comments: dict[int, Comment] = {}
        self.review_comments: dict[int, ReviewComment] = {}
        self.permissions: dict[str, str] = {}
        self._ids = count(1001)

    def new_id(self) -> int:
        """A number that nothing else here has."""
        return next(self._ids)

    def add_token(self, token: str, login: str, permissions: Mapping[str, str]) -> Account:
        """Let a token stand for an account; the account is made if it is not known.

        Args:
            token: The token.
            login: Name of the account; one that ends in ``[bot]`` is an app.
            permissions: What the token may do.
        """
        known = [token.account for token in self.tokens.values() if token.account.login == login]
        account = known[0] if known else Account(login, self.new_id())
        self.tokens[token] = Token(account, permissions)
        return account

    def add_pull_request(self, pull_request: PullRequest) -> None:
        """Open a pull request."""
        self.pull_requests[pull_request.number] = pull_request

    def add_person(self, login: str, permission: str = "read") -> Account:
        """An account without a token, and what it may do: admin, write, read or none."""
        self.permissions[login] = permission
        return Account(login, self.new_id())

    def add_comment(self, pull_request: int, account: Account, body: str) -> Comment:
        """Write a comment."""
        with self.lock:
            now = self.clock()
            comment = Comment(self.new_id(), pull_request, account, body, now, now)
            self.comments[comment.id] = comment
            return comment

    def add_reply(self, to: ReviewComment, account: Account, body: str) -> ReviewComment:
        """Reply to a review comment."""
        with self.lock:
            now = self.clock()
            reply = replace(
                to, id=self.new_id(), account=account, body=body, created=now, updated=now, reply_to=to.id
            )
            self.review_comments[reply.id] = reply
            return reply

    def conversation(self, pull_request: int) -> list[Comment]:
        """A pull request's comments, oldest first."""
        with self.lock:
            found = [comment for comment in self.comments.values() if comment.pull_request == pull_request]
            return sorted(found, key=lambda comment: comment.id)

    def review_of(self, pull_request: int) -> list[ReviewComment]:
        """A pull request's review comments, oldest first."""
        with self.lock:
            found = [one for one in self.review_comments.values() if one.pull_request == pull_request]
            return sorted(found, key=lambda one: one.id)

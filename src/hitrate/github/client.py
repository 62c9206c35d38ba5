"""GitHub's API through PyGithub: the few requests that are made, each typed and retried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from json import loads
from typing import Any

from github import Auth, Github
from github.IssueComment import IssueComment
from github.PullRequest import PullRequest as PyGithubPullRequest
from github.Repository import Repository

from hitrate import __version__
from hitrate.github.retry import DEFAULT_PATIENCE, SYSTEM_CLOCK, Caller, Clock, Patience, unless_gone
from hitrate.github.review import MARK, Review

_API_VERSION = "2022-11-28"


@dataclass(frozen=True, slots=True)
class Access:
    """Where the API is and who asks.

    Attributes:
        api_url: ``GITHUB_API_URL``; GitHub Enterprise Server has its own.
        token: The token; never shown.
        authorities: File of certificates to trust; None for the system's.
    """

    api_url: str
    token: str
    authorities: str | None = None

    def __repr__(self) -> str:
        """Without the token."""
        return f"Access({self.api_url!r})"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the conversation; ``author`` is None where the account is gone."""

    id: int
    author: str | None
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction of the token's own account.

    Attributes:
        id: Its number.
        author: Login of the account that the token stands for.
        new: Whether this request made it; otherwise it was there already.
        age: Seconds since it was made, by the server's clock.
    """

    id: int
    author: str
    new: bool
    age: float


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as GitHub knows it; ``head_repository`` is None if the fork is gone."""

    number: int
    open: bool
    base: str
    head: str
    head_repository: str | None


def connect(access: Access, patience: Patience) -> Github:
    """A connection that never retries by itself and never asks for more than it is told to."""
    return Github(
        auth=Auth.Token(access.token),
        base_url=access.api_url,
        timeout=patience.request_seconds,
        user_agent=f"hitrate/{__version__}",
        per_page=100,
        verify=access.authorities or True,
        retry=0,
        seconds_between_requests=0,
        seconds_between_writes=0,
        lazy=True,
        api_version=_API_VERSION,
    )


class Client:
    """The requests about one repository."""

    def __init__(
        self,
        access: Access,
        repository: str,
        patience: Patience = DEFAULT_PATIENCE,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Send nothing yet; ``repository`` is owner/name."""
        self.caller = Caller(patience, clock)
        self._github = connect(access, patience)
        self._repository: Repository = self._github.get_repo(repository)
        self._name = repository

    def __enter__(self) -> "Client":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._github.close()

    def pull_request(self, number: int) -> PullRequest:
        """One pull request.

        Raises:
            GitHubError: It cannot be read.
        """

        def read() -> PullRequest:
            return _pull_request(self._repository.get_pull(number))

        return self.caller.repeat(f"read pull request {self._name}#{number}", read)

    def open_pull_request(self, sha: str) -> PullRequest | None:
        """The open pull request with this head commit; None if there is none.

        Raises:
            GitHubError: GitHub does not say.
        """

        def read() -> PullRequest | None:
            for pull in self._repository.get_commit(sha).get_pulls():
                if pull.state == "open" and pull.head.sha == sha:
                    return _pull_request(pull)
            return None

        return self.caller.repeat(f"find the pull request of {sha[:12]}", read)

    def conversation(self, number: int) -> "Conversation":
        """The conversation of a pull request; sends nothing yet."""
        return Conversation(self.caller, self._repository, number)

    def review(self, number: int, head: str) -> Review:
        """What is said about a pull request's lines; sends nothing yet."""
        return Review(self.caller, self._repository, number, head)


class Conversation:
    """The comments of one pull request."""

    def __init__(self, caller: Caller, repository: Repository, number: int) -> None:
        """Send nothing yet."""
        self._caller = caller
        self._repository = repository
        self._issue = repository.get_issue(number)

    @property
    def exhausted(self) -> bool:
        """Whether the budget of time is used up."""
        return self._caller.exhausted

    @property
    def clock(self) -> Clock:
        """The clock that the budget goes by."""
        return self._caller.clock

    def comments(self) -> list[Comment]:
        """All comments, oldest first, through all pages."""
        # The list keeps the pages that it has, so a repetition goes on where it stopped.
        pages = self._issue.get_comments()
        return self._caller.repeat("list the comments", lambda: [_comment(found) for found in pages])

    def create(self, body: str) -> Comment:
        """Write a comment.

        Raises:
            UnclearError: It may or may not be there: list before another attempt.
            GitHubError: It was not written.
        """
        return self._caller.create("write the comment", lambda: _comment(self._issue.create_comment(body)))

    def read(self, comment: int) -> Comment | None:
        """A comment as it is now; None if it is gone."""
        again = self._caller.repeat
        return unless_gone(
            lambda: again("read the comment", lambda: _comment(self._issue.get_comment(comment)))
        )

    def edit(self, comment: int, body: str, until: float) -> Comment | None:
        """Replace a comment's text, starting no later than ``until``; None if it is gone."""

        def edit() -> Comment:
            found = self._issue.get_comment(comment)
            found.edit(body)
            return _comment(found)

        return unless_gone(lambda: self._caller.repeat("edit the comment", edit, until))

    def delete(self, comment: int, until: float) -> None:
        """Remove a comment, starting no later than ``until``; it may be gone already."""
        found = self._issue.get_comment(comment)
        unless_gone(lambda: self._caller.repeat("remove a comment", found.delete, until))

    def react(self, comment: int) -> Reaction | None:
        """Put this account's mark on a comment; None if the comment is gone.

        GitHub keeps at most one such reaction an account and says whether this request made it.
        """
        requester = self._repository.requester
        url = self._reactions(comment)

        def react() -> Reaction:
            # PyGithub's create_reaction does not tell 201 (made) from 200 (was there).
            status, headers, text = requester.requestJson("POST", url, input={"content": MARK})
            if status >= 400:
                raise requester.createException(status, headers, _error_data(text))
            data = loads(text)
            made = datetime.fromisoformat(data["created_at"])
            age = (_server_time(headers, self.clock) - made).total_seconds()
            return Reaction(data["id"], data["user"]["login"], status == 201, age)

        return unless_gone(lambda: self._caller.repeat("mark the comment", react))

    def take_back(self, comment: int, reaction: int, until: float | None = None) -> None:
        """Remove a reaction, starting no later than ``until``; it may be gone already."""
        url = f"{self._reactions(comment)}/{reaction}"
        remove = self._repository.requester.requestJsonAndCheck
        unless_gone(lambda: self._caller.repeat("unmark the comment", lambda: remove("DELETE", url), until))

    def _reactions(self, comment: int) -> str:
        return f"{self._repository.url}/issues/comments/{comment}/reactions"


def _comment(found: IssueComment) -> Comment:
    user = found.user
    return Comment(found.id, user.login if user else None, found.body or "", found.html_url)


def _pull_request(found: PyGithubPullRequest) -> PullRequest:
    head = found.head
    return PullRequest(
        number=found.number,
        open=found.state == "open",
        base=found.base.sha,
        head=head.sha,
        head_repository=head.repo.full_name if head.repo else None,
    )


def _error_data(text: str) -> dict[str, Any]:
    """What a refusal says; a gateway's page says nothing."""
    try:
        data = loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _server_time(headers: Mapping[str, Any], clock: Clock) -> datetime:
    """The server's own clock, so that its time stamps can be compared."""
    said = headers.get("date")
    return parsedate_to_datetime(str(said)) if said else datetime.fromtimestamp(clock.time(), UTC)

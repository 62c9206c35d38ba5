"""The comments of one pull request, and the mark by which runs take turns on one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from json import loads
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from hitrate.github.answers import Answer, Author, Comment, Owner, every_page, owner
from hitrate.github.retry import Caller, Clock, DeniedError, unless_gone
from hitrate.github.review import MARK

if TYPE_CHECKING:
    from github.Repository import Repository


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


class _Reaction(Answer):
    id: int
    author: Author = Field(validation_alias="user")
    created_at: datetime


class Conversation:
    """The comments of one pull request."""

    def __init__(self, caller: Caller, repository: "Repository", number: int) -> None:
        """Send nothing yet."""
        self._caller = caller
        self._requester = repository.requester
        self._comments = f"{repository.url}/issues/{number}/comments"
        self._comment = f"{repository.url}/issues/comments"
        self._read: list[Comment] | None = None

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
        return every_page(self._caller, self._requester, "list the comments", self._comments, Comment)

    def read_ahead(self) -> list[Comment]:
        """All comments; they serve for the next first look, too."""
        self._read = self.comments()
        return self._read

    def first_look(self) -> list[Comment]:
        """All comments, as they were just read ahead or as they are."""
        found, self._read = self._read, None
        return self.comments() if found is None else found

    def create(self, body: str) -> Comment:
        """Write a comment.

        Raises:
            UnclearError: It may or may not be there: list before another attempt.
            GitHubError: It was not written.
        """
        return self._caller.create(
            "write the comment", lambda: self._ask("POST", self._comments, {"body": body})
        )

    def read(self, comment: int) -> Comment | None:
        """A comment as it is now; None if it is gone."""
        url = f"{self._comment}/{comment}"
        return unless_gone(lambda: self._caller.repeat("read the comment", lambda: self._ask("GET", url)))

    def edit(self, comment: int, body: str, until: float) -> Comment | None:
        """Replace a comment's text, starting no later than ``until``; None if it is gone."""
        url, data = f"{self._comment}/{comment}", {"body": body}
        edit = self._caller.repeat
        return unless_gone(lambda: edit("edit the comment", lambda: self._ask("PATCH", url, data), until))

    def delete(self, comment: int, until: float) -> None:
        """Remove a comment, starting no later than ``until``; it may be gone already."""
        self._remove("remove a comment", f"{self._comment}/{comment}", until)

    def owner(self) -> Owner:
        """Whose token it is, by asking for it."""
        return owner(self._caller, self._requester)

    def react(self, comment: int) -> Reaction:
        """Put this account's mark on a comment.

        GitHub keeps at most one such reaction an account and says whether this request made it.

        Raises:
            DeniedError: The comment is gone, or comments cannot be marked with this token or on this server.
        """
        url = self._reactions(comment)

        def react() -> Reaction:
            # PyGithub's create_reaction does not tell 201 (made) from 200 (was there).
            status, headers, text = self._requester.requestJson("POST", url, input={"content": MARK})
            if status >= 400:
                raise self._requester.createException(status, headers, _error_data(text))
            try:
                made = _Reaction.model_validate(loads(text))
            except ValidationError:
                raise DeniedError(
                    "GitHub: could not mark the comment: the answer is not a reaction"
                ) from None
            age = (_server_time(headers, self.clock) - made.created_at).total_seconds()
            return Reaction(made.id, made.author.login, status == 201, age)

        return self._caller.repeat("mark the comment", react)

    def take_back(self, comment: int, reaction: int, until: float | None = None) -> None:
        """Remove a reaction, starting no later than ``until``; it may be gone already."""
        self._remove("unmark the comment", f"{self._reactions(comment)}/{reaction}", until)

    def _reactions(self, comment: int) -> str:
        return f"{self._comment}/{comment}/reactions"

    def _ask(self, verb: str, url: str, data: Mapping[str, str] | None = None) -> Comment:
        return Comment.model_validate(self._requester.requestJsonAndCheck(verb, url, input=data)[1])

    def _remove(self, what: str, url: str, until: float | None) -> None:
        remove = self._requester.requestJsonAndCheck
        unless_gone(lambda: self._caller.repeat(what, lambda: remove("DELETE", url), until))


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

"""The review comments of a pull request, through PyGithub: each request typed and retried."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from hitrate.github.answers import Answer, Author, Owner, Text, every_page, owner
from hitrate.github.retry import Caller, DeniedError, unless_gone

if TYPE_CHECKING:
    from github.PullRequest import ReviewComment as PyGithubReviewComment
    from github.Repository import Repository

MARK = "eyes"
"""The reaction by which an account marks a comment for a moment."""


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment on lines of the diff.

    Attributes:
        id: Its number.
        author: Account; None where it is gone.
        body: Its text.
        line: Line of the head's file that it stands at; None once that line has changed.
        answered: Whether somebody has replied to it.
    """

    id: int
    author: Author | None
    body: str
    line: int | None
    answered: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A review comment to be made, on lines ``first`` to ``last`` of the head's file."""

    path: str
    first: int
    last: int
    body: str


class _ReviewComment(Answer):
    id: int
    author: Author | None = Field(None, validation_alias="user")
    body: Text = ""
    line: int | None = None
    in_reply_to_id: int | None = None


class _File(Answer):
    filename: str
    patch: str | None = None


class Review:
    """What is said about the lines of one pull request's diff."""

    def __init__(self, caller: Caller, repository: "Repository", number: int, head: str) -> None:
        """Send nothing yet; ``head`` is the sha of the commit that is talked about."""
        self._caller = caller
        self._repository = repository
        self._requester = repository.requester
        self._pull = repository.get_pull(number)
        self._head = head

    def patches(self) -> dict[str, str]:
        """The patch of every changed file that GitHub shows one for."""
        url = f"{self._pull.url}/files"
        found = every_page(self._caller, self._requester, "list the changed files", url, _File)
        return {file.filename: file.patch for file in found if file.patch}

    def content(self, path: str) -> bytes | None:
        """A file of the head; None if GitHub has none, or none that it would show."""

        def read() -> bytes | None:
            found = self._repository.get_contents(path, ref=self._head)
            if isinstance(found, list) or found.encoding != "base64":
                return None
            return found.decoded_content

        return unless_gone(lambda: self._caller.repeat("read a changed file", read))

    def comments(self) -> list[ReviewComment]:
        """All comments on lines, oldest first, through all pages; replies are not among them."""
        url = f"{self._pull.url}/comments"
        found = every_page(self._caller, self._requester, "list the review comments", url, _ReviewComment)
        answered = {one.in_reply_to_id for one in found}
        return [
            ReviewComment(one.id, one.author, one.body, one.line, one.id in answered)
            for one in found
            if one.in_reply_to_id is None
        ]

    def create(self, drafts: Sequence[Draft]) -> None:
        """Write comments, as one review.

        Raises:
            UnclearError: They may or may not be there: list before another attempt.
            GitHubError: They were not written.
        """
        commit = self._repository.get_commit(self._head)
        comments = [_review_comment(draft) for draft in drafts]
        create = self._pull.create_review
        self._caller.create(
            "write the suggestions", lambda: create(commit=commit, event="COMMENT", comments=comments)
        )

    def owner(self, comment: int) -> Owner:
        """Whose token it is, as a reaction to a comment shows, or as it says itself."""
        requester = self._requester
        url = f"{self._repository.url}/pulls/comments/{comment}/reactions"

        def react() -> Owner:
            _, made = requester.requestJsonAndCheck("POST", url, input={"content": MARK})
            requester.requestJsonAndCheck("DELETE", f"{url}/{made['id']}")
            return Owner(login=made["user"]["login"])

        try:
            return self._caller.repeat("mark a suggestion", react)
        except DeniedError:
            return owner(self._caller, requester)

    def edit(self, comment: int, body: str) -> None:
        """Replace a comment's text; it may be gone already."""
        found = self._pull.get_review_comment(comment)
        unless_gone(lambda: self._caller.repeat("edit a suggestion", lambda: found.edit(body)))

    def delete(self, comment: int) -> None:
        """Remove a comment; it may be gone already."""
        found = self._pull.get_review_comment(comment)
        unless_gone(lambda: self._caller.repeat("take back a suggestion", found.delete))


def _review_comment(draft: Draft) -> "PyGithubReviewComment":
    made: PyGithubReviewComment = {
        "path": draft.path,
        "line": draft.last,
        "side": "RIGHT",
        "body": draft.body,
    }
    if draft.first < draft.last:
        made |= {"start_line": draft.first, "start_side": "RIGHT"}
    return made

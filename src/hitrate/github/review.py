"""The review comments of a pull request, through PyGithub: each request typed and retried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from github.PullRequest import ReviewComment as PyGithubReviewComment
from github.Repository import Repository
from requests.utils import parse_header_links

from hitrate.github.retry import Caller, unless_gone

MARK = "eyes"
"""The reaction by which an account marks a comment for a moment."""


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment on lines of the diff.

    Attributes:
        id: Its number.
        author: Login; None where the account is gone.
        body: Its text.
        line: Line of the head's file that it stands at; None once that line has changed.
        answered: Whether somebody has replied to it.
    """

    id: int
    author: str | None
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


class Review:
    """What is said about the lines of one pull request's diff."""

    def __init__(self, caller: Caller, repository: Repository, number: int, head: str) -> None:
        """Send nothing yet; ``head`` is the sha of the commit that is talked about."""
        self._caller = caller
        self._repository = repository
        self._pull = repository.get_pull(number)
        self._head = head

    def patches(self) -> dict[str, str]:
        """The patch of every changed file that GitHub shows one for."""
        pages = self._pull.get_files()
        found = self._caller.repeat("list the changed files", lambda: list(pages))
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
        found = self._caller.repeat("list the review comments", self._raw_comments)
        answered = {one.get("in_reply_to_id") for one in found}
        return [
            ReviewComment(
                id=one["id"],
                author=(one.get("user") or {}).get("login"),
                body=one.get("body") or "",
                line=one.get("line"),
                answered=one["id"] in answered,
            )
            for one in found
            if one.get("in_reply_to_id") is None
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

    def own_login(self, comment: int) -> str | None:
        """The account that the token stands for, as a reaction to a comment shows; None if that is gone."""
        requester = self._repository.requester
        url = f"{self._repository.url}/pulls/comments/{comment}/reactions"

        def react() -> str:
            _, made = requester.requestJsonAndCheck("POST", url, input={"content": MARK})
            requester.requestJsonAndCheck("DELETE", f"{url}/{made['id']}")
            return str(made["user"]["login"])

        return unless_gone(lambda: self._caller.repeat("mark a suggestion", react))

    def edit(self, comment: int, body: str) -> None:
        """Replace a comment's text; it may be gone already."""
        found = self._pull.get_review_comment(comment)
        unless_gone(lambda: self._caller.repeat("edit a suggestion", lambda: found.edit(body)))

    def delete(self, comment: int) -> None:
        """Remove a comment; it may be gone already."""
        found = self._pull.get_review_comment(comment)
        unless_gone(lambda: self._caller.repeat("take back a suggestion", found.delete))

    def _raw_comments(self) -> list[Mapping[str, Any]]:
        # PyGithub's objects ask once more for every field that an answer leaves out, as in_reply_to_id.
        requester = self._repository.requester
        url, found = f"{self._pull.url}/comments?per_page=100", []
        while url:
            headers, page = requester.requestJsonAndCheck("GET", url)
            found += page
            links = parse_header_links(str(headers.get("link", "")))
            url = next((link["url"] for link in links if link.get("rel") == "next"), "")
        return found


def _review_comment(draft: Draft) -> PyGithubReviewComment:
    made: PyGithubReviewComment = {
        "path": draft.path,
        "line": draft.last,
        "side": "RIGHT",
        "body": draft.body,
    }
    if draft.first < draft.last:
        made |= {"start_line": draft.first, "start_side": "RIGHT"}
    return made

"""What the stand-in answers: GitHub's rules for the requests that Hitrate makes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from hitrate.demo.standin.server import Request, Response
from hitrate.demo.standin.shapes import Shapes
from hitrate.demo.standin.state import (
    Account,
    Comment,
    File,
    GitHub,
    PullRequest,
    Reaction,
    ReviewComment,
    Token,
)

BODY_LIMIT = 65_536

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was understood: who asks, for what (the variable parts of the path)."""

    request: Request
    token: Token
    parts: tuple[str, ...]

    @property
    def number(self) -> int:
        """The first part of the path, where it is a number."""
        return int(self.parts[0])

    @property
    def data(self) -> Mapping[str, Any]:
        """The body, a JSON object."""
        try:
            data = self.request.json()
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise ApiError(Response(400, {"message": "Problems parsing JSON", "documentation_url": _DOCS}))
        return data

    def text(self, resource: str) -> str:
        """The text of a comment."""
        text = self.data.get("body")
        if not isinstance(text, str) or not text.strip():
            raise _invalid(resource, "Body cannot be blank")
        if len(text) > BODY_LIMIT:
            raise _invalid(resource, f"Body is too long (maximum is {BODY_LIMIT} characters)")
        return text

    def page(self, items: Sequence[Any]) -> Response:
        """The page that was asked for, with a link to the next one."""
        query = self.request.query
        size, page = min(100, max(1, int(query.get("per_page", "30")))), max(1, int(query.get("page", "1")))
        shown = items[(page - 1) * size : page * size]
        if page * size >= len(items):
            return Response(200, shown)
        here = f"http://{self.request.headers.get('host', '')}{self.request.path}"
        return Response(200, shown, {"Link": f'<{here}?per_page={size}&page={page + 1}>; rel="next"'})

    def require(self, *names: str) -> None:
        """Refuse unless the token has one of the permissions."""
        if not self.token.may_write(*names):
            accepted = "; ".join(f"{name}=write" for name in names)
            raise _forbidden(
                "Resource not accessible by integration", {"X-Accepted-GitHub-Permissions": accepted}
            )


class ApiError(Exception):
    """An answer that is not the one asked for."""

    def __init__(self, response: Response) -> None:
        """Carry the answer."""
        super().__init__(response.status)
        self.response = response


class Api:
    """Answers requests about one repository.

    Args:
        github: The state.
        url: Where the API is served: links in answers lead there.
    """

    def __init__(self, github: GitHub, url: str) -> None:
        """Answer nothing yet."""
        self._github = github
        self._shapes = Shapes(github, url)
        self._prefix = "/" + url.split("://", 1)[1].partition("/")[2]
        self._routes = [
            (method, re.compile(template.replace("{n}", r"(\d+)")), handler)
            for method, template, handler in self._table()
        ]

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        with self._github.lock:
            try:
                return self._answer(request)
            except ApiError as error:
                return error.response

    def _table(self) -> list[tuple[str, str, Callable[[Call], Response]]]:
        return [
            ("GET", "/pulls/{n}", self._pull_request),
            ("GET", "/pulls/{n}/files", self._files),
            ("GET", "/commits/([0-9a-f]+)/pulls", self._pull_requests_of),
            ("GET", "/contents/(.+)", self._content),
            ("GET", "/collaborators/([^/]+)/permission", self._permission),
            ("GET", "/issues/{n}/comments", self._comments),
            ("POST", "/issues/{n}/comments", self._create_comment),
            ("GET", "/issues/comments/{n}", self._comment),
            ("PATCH", "/issues/comments/{n}", self._edit_comment),
            ("DELETE", "/issues/comments/{n}", self._delete_comment),
            ("POST", "/issues/comments/{n}/reactions", self._react),
            ("DELETE", "/issues/comments/{n}/reactions/{n}", self._take_back),
            ("GET", "/pulls/{n}/comments", self._review_comments),
            ("POST", "/pulls/{n}/reviews", self._create_review),
            ("PATCH", "/pulls/comments/{n}", self._edit_review_comment),
            ("POST", "/pulls/comments/{n}/reactions", self._react_to_review_comment),
            ("DELETE", "/pulls/comments/{n}/reactions/{n}", self._take_back_from_review_comment),
            ("DELETE", "/pulls/comments/{n}", self._delete_review_comment),
        ]

    def _answer(self, request: Request) -> Response:
        token = self._token(request)
        place = f"{self._prefix.rstrip('/')}/repos/{self._github.repository}"
        if request.path.startswith(place):
            for method, pattern, handler in self._routes:
                found = pattern.fullmatch(request.path[len(place) :])
                if found and method == request.method:
                    return handler(Call(request, token, tuple(unquote(part) for part in found.groups())))
        raise _not_found()

    def _token(self, request: Request) -> Token:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        token = self._github.tokens.get(value) if scheme.lower() in ("token", "bearer") else None
        if token is None:
            raise ApiError(
                Response(401, {"message": "Bad credentials", "documentation_url": _DOCS, "status": "401"})
            )
        return token

    # Reading

    def _pull_request(self, call: Call) -> Response:
        return Response(200, self._shapes.whole_pull_request(self._pull(call.number)))

    def _pull_requests_of(self, call: Call) -> Response:
        found = [pull for pull in self._github.pull_requests.values() if pull.head == call.parts[0]]
        return call.page([self._shapes.pull_request(pull) for pull in found])

    def _files(self, call: Call) -> Response:
        pull = self._pull(call.number)
        return call.page([self._shapes.changed_file(file, pull.head) for file in pull.files])

    def _content(self, call: Call) -> Response:
        ref = call.request.query.get("ref", "")
        for pull in self._github.pull_requests.values():
            for file in pull.files if pull.head == ref else ():
                if file.path == call.parts[0]:
                    return Response(200, self._shapes.content(file, ref))
        raise _not_found()

    def _permission(self, call: Call) -> Response:
        return Response(200, self._shapes.permission(call.parts[0]))

    # The conversation

    def _comments(self, call: Call) -> Response:
        self._pull(call.number)
        return call.page([self._shapes.comment(one) for one in self._github.conversation(call.number)])

    def _create_comment(self, call: Call) -> Response:
        pull = self._pull(call.number)
        call.require("issues", "pull_requests")
        if pull.locked and not call.token.may_write("pull_requests"):
            raise _forbidden("Unable to create comment because issue is locked.")
        comment = self._github.add_comment(call.number, call.token.account, call.text("IssueComment"))
        return Response(201, self._shapes.comment(comment))

    def _comment(self, call: Call) -> Response:
        return Response(200, self._shapes.comment(self._known_comment(call.number)))

    def _edit_comment(self, call: Call) -> Response:
        comment = self._known_comment(call.number)
        call.require("issues", "pull_requests")
        comment.body, comment.updated = call.text("IssueComment"), self._github.clock()
        return Response(200, self._shapes.comment(comment))

    def _delete_comment(self, call: Call) -> Response:
        self._known_comment(call.number)
        call.require("issues", "pull_requests")
        del self._github.comments[call.number]
        return Response(204)

    def _react(self, call: Call) -> Response:
        return self._reaction(call, self._known_comment(call.number))

    def _take_back(self, call: Call) -> Response:
        return self._no_reaction(call, self._known_comment(call.number))

    def _react_to_review_comment(self, call: Call) -> Response:
        return self._reaction(call, self._known_review_comment(call.number))

    def _take_back_from_review_comment(self, call: Call) -> Response:
        return self._no_reaction(call, self._known_review_comment(call.number))

    def _reaction(self, call: Call, comment: Comment | ReviewComment) -> Response:
        # Found out by users: on a pull request this permission is needed, whatever the path says.
        call.require("pull_requests")
        content = call.data.get("content")
        for reaction in comment.reactions:
            if (reaction.account, reaction.content) == (call.token.account, content):
                return Response(200, self._shapes.reaction(reaction))
        reaction = Reaction(self._github.new_id(), call.token.account, str(content), self._github.clock())
        comment.reactions.append(reaction)
        return Response(201, self._shapes.reaction(reaction))

    def _no_reaction(self, call: Call, comment: Comment | ReviewComment) -> Response:
        call.require("pull_requests")
        kept = [one for one in comment.reactions if one.id != int(call.parts[1])]
        if len(kept) == len(comment.reactions):
            raise _not_found()
        comment.reactions = kept
        return Response(204)

    # Reviews

    def _review_comments(self, call: Call) -> Response:
        self._pull(call.number)
        return call.page([self._shapes.review_comment(one) for one in self._github.review_of(call.number)])

    def _create_review(self, call: Call) -> Response:
        pull = self._pull(call.number)
        call.require("pull_requests")
        body = call.data
        review = self._github.new_id()
        made = [self._made(one, review, pull, call.token.account) for one in body.get("comments", [])]
        if not made and not body.get("body"):
            raise _invalid("PullRequestReview", "a review needs a body or comments")
        self._github.review_comments.update({one.id: one for one in made})
        return Response(200, self._shapes.review(review, pull, call.token.account, body.get("body") or ""))

    def _made(
        self, given: Mapping[str, Any], review: int, pull: PullRequest, account: Account
    ) -> ReviewComment:
        file = next((file for file in pull.files if file.path == given.get("path")), None)
        line, start = given.get("line"), given.get("start_line")
        shown = _shown_lines(file) if file else set()
        if line not in shown or (start is not None and start not in shown):
            raise _invalid(
                "PullRequestReviewComment", "pull_request_review_thread.line must be part of the diff"
            )
        now = self._github.clock()
        return ReviewComment(
            id=self._github.new_id(),
            review=review,
            pull_request=pull.number,
            account=account,
            path=str(given["path"]),
            start=start,
            line=int(line),
            commit=pull.head,
            body=str(given["body"]),
            created=now,
            updated=now,
        )

    def _edit_review_comment(self, call: Call) -> Response:
        comment = self._known_review_comment(call.number)
        call.require("pull_requests")
        comment.body, comment.updated = call.text("PullRequestReviewComment"), self._github.clock()
        return Response(200, self._shapes.review_comment(comment))

    def _delete_review_comment(self, call: Call) -> Response:
        self._known_review_comment(call.number)
        call.require("pull_requests")
        del self._github.review_comments[call.number]
        return Response(204)

    # What is known

    def _pull(self, number: int) -> PullRequest:
        if number not in self._github.pull_requests:
            raise _not_found()
        return self._github.pull_requests[number]

    def _known_comment(self, number: int) -> Comment:
        if number not in self._github.comments:
            raise _not_found()
        return self._github.comments[number]

    def _known_review_comment(self, number: int) -> ReviewComment:
        if number not in self._github.review_comments:
            raise _not_found()
        return self._github.review_comments[number]


_DOCS = "https://docs.github.com/rest"


def _not_found() -> ApiError:
    return ApiError(Response(404, {"message": "Not Found", "documentation_url": _DOCS, "status": "404"}))


def _forbidden(message: str, headers: Mapping[str, str] | None = None) -> ApiError:
    data = {"message": message, "documentation_url": _DOCS, "status": "403"}
    return ApiError(Response(403, data, headers or {}))


def _invalid(resource: str, message: str) -> ApiError:
    error = {"resource": resource, "code": "unprocessable", "field": "data", "message": message}
    return ApiError(
        Response(422, {"message": "Validation Failed", "errors": [error], "documentation_url": _DOCS})
    )


def _shown_lines(file: File) -> set[int]:
    """Lines of the new file that the patch shows: those that a review may comment on."""
    shown, line = set(), 0
    for text in file.patch.split("\n"):
        if found := _HUNK.match(text):
            line = int(found[1])
        elif not text.startswith(("-", "\\")):
            shown.add(line)
            line += 1
    return shown

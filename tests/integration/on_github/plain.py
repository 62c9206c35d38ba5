"""An API that has what every one of its kind has and no more: no reactions, few fields, no links to pages."""

from collections.abc import Callable, Mapping
from typing import Any

from hitrate.demo.standin import Answer, Request, Response

KEPT = {
    *("id", "body", "user", "login", "type", "html_url", "message"),
    *("line", "in_reply_to_id", "filename", "patch", "encoding", "content"),
    *("number", "state", "base", "head", "sha", "repo", "full_name"),
}

NO_REACTIONS = Response(404, {"message": "Not Found"})
APP = Response(403, {"message": "Resource not accessible by integration"})


def plain(who: Response, reactions: Response = NO_REACTIONS) -> Callable[[Answer], Answer]:
    """Around the stand-in.

    Args:
        who: Answer to `GET /user`.
        reactions: Answer to everything about reactions.
    """

    def around(answer: Answer) -> Answer:
        def plainly(request: Request) -> Response:
            if request.path == "/user":
                return who
            if "/reactions" in request.path:
                return reactions
            good = answer(request)
            return Response(good.status, _bare(good.data), {})

        return plainly

    return around


def person(login: str) -> Response:
    return Response(200, {"login": login, "type": "User"})


def _bare(data: Any) -> Any:
    if isinstance(data, list):
        return [_bare(item) for item in data]
    if isinstance(data, Mapping):
        return {key: _bare(value) for key, value in data.items() if key in KEPT}
    return data

"""What can go wrong between Hitrate and the API."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum

from hitrate.demo.standin import Answer, Request, Response

OPERATIONS: Mapping[str, str] = {
    "list": r"GET .*/issues/\d+/comments",
    "create": r"POST .*/issues/\d+/comments",
    "lease": r"POST .*/reactions",
    "read": r"GET .*/issues/comments/\d+",
    "update": r"PATCH .*/issues/comments/\d+",
    "release": r"DELETE .*/reactions/\d+",
    "remove": r"DELETE .*/issues/comments/\d+",
}


class Effect(StrEnum):
    """Whether what was asked for is done although the answer is bad."""

    NONE = "before"
    DONE = "after"


@dataclass(frozen=True)
class Fault:
    """A bad answer.

    Attributes:
        name: For people.
        respond: Makes the bad answer of the good one (None: nothing was done); may raise ConnectionError.
        effect: Whether what was asked for is done.
        passes: Whether it helps to ask again.
        said: What the message must say if it does not pass.
    """

    name: str
    respond: Callable[[Response | None], Response]
    effect: Effect = Effect.NONE
    passes: bool = False
    said: str = ""

    def __repr__(self) -> str:
        return self.name


def refusal(status: int, message: str, **headers: str) -> Callable[[Response | None], Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Response(
        status, {"message": message, "documentation_url": "https://docs.github.com"}, named
    )


def reset(_: Response | None) -> Response:
    raise ConnectionResetError


def truncated(good: Response | None) -> Response:
    assert good is not None
    return Response(good.status, good.data, good.headers, sent=len(good.body) // 2)


def half_json(good: Response | None) -> Response:
    """A whole answer by its length, whose JSON stops half way."""
    assert good is not None

    class Half(Response):
        @property
        def body(self) -> bytes:
            return good.body[: len(good.body) // 2]

    return Half(good.status, good.data, good.headers)


def html(_: Response | None) -> Response:
    class Page(Response):
        @property
        def body(self) -> bytes:
            return b"<html><body>502 Bad Gateway</body></html>"

    return Page(502)


NOW = 1_700_000_000
PRIMARY = "API rate limit exceeded for installation."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
LIMIT = "rate limit is used up"

FAULTS = [
    Fault(
        "401",
        refusal(401, "Bad credentials"),
        said="the token is not accepted (401); check the input github-token",
    ),
    Fault(
        "403 permission",
        refusal(
            403,
            "Resource not accessible by integration",
            X_Accepted_GitHub_Permissions="issues=write; pull_requests=write",
        ),
        said="lacks the permission `pull-requests: write` (403)",
    ),
    Fault(
        "403 permission unnamed",
        refusal(403, "Resource not accessible by integration"),
        said="lacks the permission `pull-requests: write` (403)",
    ),
    Fault(
        "403 locked",
        refusal(403, "Unable to create comment because issue is locked."),
        said="is locked. (403)",
    ),
    Fault(
        "403 primary limit, soon over",
        refusal(403, PRIMARY, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(NOW + 20)),
        passes=True,
        said=LIMIT,
    ),
    Fault(
        "403 primary limit, long",
        refusal(403, PRIMARY, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(NOW + 3000)),
        said=f"{LIMIT} ({PRIMARY}); run the job again in 50 min",
    ),
    Fault("403 primary limit, no headers", refusal(403, PRIMARY), passes=True, said=LIMIT),
    Fault(
        "403 secondary limit, Retry-After", refusal(403, SECONDARY, Retry_After="30"), passes=True, said=LIMIT
    ),
    Fault("403 secondary limit, no headers", refusal(403, SECONDARY), passes=True, said=LIMIT),
    Fault(
        "403 secondary limit, long",
        refusal(403, SECONDARY, Retry_After="900"),
        said="run the job again in 15 min",
    ),
    Fault("429 Retry-After", refusal(429, SECONDARY, Retry_After="5"), passes=True, said=LIMIT),
    Fault(
        "429 Retry-After as a date",
        refusal(429, SECONDARY, Retry_After=formatdate(NOW + 20, usegmt=True)),
        passes=True,
        said=LIMIT,
    ),
    Fault("429 no headers", refusal(429, "Too many requests"), passes=True, said=LIMIT),
    Fault("404", refusal(404, "Not Found"), said="does not exist, or the token may not see it (404)"),
    Fault("409", refusal(409, "Conflict"), said="Conflict (409)"),
    Fault("422", refusal(422, "Validation Failed"), said="Validation Failed (422)"),
    Fault("500 before", refusal(500, "Server Error"), passes=True, said="Server Error (500)"),
    Fault("502 page before", html, passes=True, said="(502)"),
    Fault("503 before", refusal(503, "Service unavailable"), passes=True, said="Service unavailable (503)"),
    Fault(
        "503 before, Retry-After",
        refusal(503, "Maintenance", Retry_After="40"),
        passes=True,
        said="Maintenance (503)",
    ),
    Fault("502 after", refusal(502, "Server Error"), Effect.DONE, passes=True, said="Server Error (502)"),
    Fault(
        "504 after", refusal(504, "Gateway Timeout"), Effect.DONE, passes=True, said="Gateway Timeout (504)"
    ),
    Fault("reset before", reset, passes=True, said="the answer was incomplete"),
    Fault("reset after", reset, Effect.DONE, passes=True, said="the answer was incomplete"),
    Fault("truncated", truncated, Effect.DONE, passes=True, said="the answer was incomplete"),
    Fault("half a JSON", half_json, Effect.DONE, passes=True, said="the answer was incomplete"),
]


@dataclass
class Trouble:
    """Lets an operation fail some times, then work."""

    operation: str
    fault: Fault
    times: int
    hit: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def around(self, answer: Answer) -> Answer:
        def troubled(request: Request) -> Response:
            if not self._strikes(request):
                return answer(request)
            return self.fault.respond(answer(request) if self.fault.effect is Effect.DONE else None)

        return troubled

    def _strikes(self, request: Request) -> bool:
        with self._lock:
            if not re.fullmatch(OPERATIONS[self.operation], f"{request.method} {request.path}"):
                return False
            self.hit += 1
            return self.hit <= self.times

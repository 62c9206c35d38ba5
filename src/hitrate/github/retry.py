"""When a request to GitHub is sent again, for how long, and what a failure means."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from hitrate.errors import ExitCode, HitrateError

if TYPE_CHECKING:
    from github import GithubException

T = TypeVar("T")

_SECONDARY_LIMIT_SECONDS = 60.0
"""GitHub asks to wait at least a minute where it names no time."""


class GitHubError(HitrateError):
    """GitHub did not do what was asked; the message says what to change."""

    exit_code = ExitCode.NOT_MEASURED


class DeniedError(GitHubError):
    """GitHub will not do it for this token, or cannot (4xx but for 401 and rate limits, 501)."""


class GoneError(DeniedError):
    """What was asked about does not exist (404, 410)."""


class LateError(GitHubError):
    """It was not done before the time that the caller set; it may be, some seconds later."""

    def __init__(self, message: str, pause: float) -> None:
        """Carry the seconds to wait."""
        super().__init__(message)
        self.pause = pause


class UnclearError(GitHubError):
    """A create failed in a way that leaves open whether it took effect."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, handed in.

    Attributes:
        time: Seconds since the epoch.
        sleep: Waits for some seconds.
    """

    time: Callable[[], float]
    sleep: Callable[[float], None]


SYSTEM_CLOCK = Clock(time.time, time.sleep)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on.

    Attributes:
        attempts: Times one request is sent at most.
        first_pause: Seconds before the second attempt; each further pause is twice as long.
        total_seconds: Everything together, waiting for rate limits included.
        request_seconds: Wait for one answer.
    """

    attempts: int = 5
    first_pause: float = 1.0
    total_seconds: float = 180.0
    request_seconds: int = 15


DEFAULT_PATIENCE = Patience()


class Caller:
    """Sends requests within one budget of time.

    Reads, edits and deletes may be sent again, since doing them twice is doing them once. A create is sent
    again only if GitHub refused it (rate limit); otherwise the caller must look first whether it took effect.
    """

    def __init__(self, patience: Patience, clock: Clock) -> None:
        """Start the budget of time."""
        self.clock = clock
        self._patience = patience
        self._deadline = clock.time() + patience.total_seconds

    @property
    def exhausted(self) -> bool:
        """Whether the budget of time is used up."""
        return self.clock.time() >= self._deadline

    def spend(self, seconds: float) -> None:
        """Count time that an earlier client of the same run has taken; each request is still sent once."""
        self._deadline = max(self.clock.time(), self._deadline - seconds)

    def repeat(self, what: str, call: Callable[[], T], until: float | None = None) -> T:
        """Do ``call``, again after failures that pass.

        Args:
            what: What is being done, for messages: "list the comments".
            call: Sends the request.
            until: No attempt starts after this time.

        Raises:
            GoneError: It does not exist.
            LateError: It was not done by ``until``.
            GitHubError: It failed for good, or the time is used up.
        """
        return self._send(what, call, until, _REPEATABLE)

    def create(self, what: str, call: Callable[[], T]) -> T:
        """Do ``call`` once, again only if GitHub refused it before doing anything.

        Raises:
            UnclearError: It may or may not have taken effect.
            GoneError: What it belongs to does not exist.
            GitHubError: It failed for good, or the time is used up.
        """
        return self._send(what, call, None, _CREATE)

    def _send(self, what: str, call: Callable[[], T], until: float | None, kind: "_Kind") -> T:
        failure = Failure(None, "no time left")
        pause = 0.0
        for attempt in range(self._patience.attempts):
            start = self.clock.time() + pause
            if start > self._deadline:
                break
            if until is not None and start > until:
                raise LateError(str(failure.error(what)), pause)
            self.clock.sleep(pause)
            try:
                return call()
            except Exception as error:
                read = read_failure(error, self.clock.time())
                if read is None:
                    raise
                failure = read
            if not kind.again(failure):
                break
            pause = failure.wait if failure.wait is not None else self._patience.first_pause * 2**attempt
        raise kind.lost(str(failure.error(what))) if failure.unclear else failure.error(what)


def unless_gone(call: Callable[[], T]) -> T | None:
    """What ``call`` gives; None if what it is about does not exist."""
    try:
        return call()
    except GoneError:
        return None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed.

    Attributes:
        status: HTTP status; None where no whole answer came.
        detail: What GitHub or the connection said, one line.
        refused: A rate limit refused it before anything was done.
        wait: Seconds that GitHub asks to wait; None where it does not.
        permission: Permissions that GitHub asks for; None where it did not say.
    """

    status: int | None
    detail: str
    refused: bool = False
    wait: float | None = None
    permission: str | None = None

    @property
    def passes(self) -> bool:
        """Whether it may go well later."""
        return self.refused or self.status is None or (self.status >= 500 and self.status != 501)

    def error(self, what: str) -> GitHubError:
        """The failure for the user: what failed, why, what to do."""
        return self._kind()(f"GitHub: could not {what}: {self._reason()}")

    @property
    def unclear(self) -> bool:
        """Whether it is open if what was asked for was done."""
        return not self.refused and self.passes

    def _kind(self) -> type[GitHubError]:
        if self.passes or self.status == 401:
            return GitHubError
        return GoneError if self.status in (404, 410) else DeniedError

    def _reason(self) -> str:
        if self.refused:
            minutes = max(1, round((self.wait or 0) / 60))
            return f"the token's rate limit is used up ({self.detail}); run the job again in {minutes} min"
        match self.status:
            case None:
                return f"the answer was incomplete ({self.detail}); check that the API can be reached"
            case 401:
                return "the token is not accepted (401); check the input github-token"
            case 403:
                return self._forbidden()
            case 404:
                return "it does not exist, or the token may not see it (404)"
            case status:
                return f"{self.detail} ({status})"

    def _forbidden(self) -> str:
        if "not accessible" not in self.detail and self.permission is None:
            return f"{self.detail} (403)"
        permission = self.permission or "pull-requests: write"
        return (
            f"the token lacks the permission `{permission}` (403); add it under `permissions:` of the job, "
            "or, for a pull request from a fork, post from a second workflow"
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of request: whether to send it again after a failure, and the error if it stays unclear."""

    again: Callable[[Failure], bool]
    lost: type[GitHubError]


_REPEATABLE = _Kind(lambda failure: failure.passes, GitHubError)
_CREATE = _Kind(lambda failure: failure.refused, UnclearError)


def read_failure(error: Exception, now: float) -> Failure | None:
    """What an exception of PyGithub or of the connection means; None if it is neither's.

    Args:
        error: The exception.
        now: Seconds since the epoch, to know how long a rate limit lasts.
    """
    from github import GithubException  # noqa: PLC0415 - loaded by then: see `hitrate.github.client`
    from requests.exceptions import RequestException  # noqa: PLC0415

    if isinstance(error, (RequestException, JSONDecodeError, ValidationError)):
        return Failure(None, type(error).__name__)
    if not isinstance(error, GithubException):
        return None
    headers = {name.lower(): str(value) for name, value in (error.headers or {}).items()}
    detail = _detail(error)
    limited = _is_rate_limit(error.status, headers, detail)
    return Failure(
        status=error.status,
        detail=detail,
        refused=limited,
        wait=_wait(headers, now) if limited else _retry_after(headers, now),
        permission=_permission(headers.get("x-accepted-github-permissions", "")),
    )


def _detail(error: "GithubException") -> str:
    data: Any = error.data
    message = data.get("message") if isinstance(data, Mapping) else None
    problems = data.get("errors") if isinstance(data, Mapping) else None
    text = str(message or "no reason given")
    if isinstance(problems, list) and problems:
        first = problems[0]
        text += f": {first.get('message') or first.get('code') if isinstance(first, Mapping) else first}"
    return " ".join(text.split())[:200]


def _is_rate_limit(status: int, headers: Mapping[str, str], detail: str) -> bool:
    if status == 429:
        return True
    spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    return status == 403 and (spent or "rate limit" in detail.lower())


def _wait(headers: Mapping[str, str], now: float) -> float:
    after = _retry_after(headers, now)
    if after is not None:
        return after
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(0.0, float(reset) - now) + 1
    return _SECONDARY_LIMIT_SECONDS


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that the server asks to wait, which it says as such or as a date."""
    said = headers.get("retry-after", "")
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except ValueError:
        return None


def _permission(accepted: str) -> str | None:
    """The permission to add, as a workflow writes it, from ``issues=write; pull_requests=write``.

    The header names alternatives; the one about pull requests is enough for everything done here.
    """
    alternatives = [part.strip() for part in accepted.split(";") if "=" in part]
    if not alternatives:
        return None
    chosen = next((part for part in alternatives if "pull_requests" in part), alternatives[0])
    pairs = [pair.strip().partition("=") for pair in chosen.split(",")]
    return ", ".join(f"{name.replace('_', '-')}: {level}" for name, _, level in pairs)

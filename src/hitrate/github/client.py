"""GitHub's API through PyGithub: the few requests that are made, each typed and retried."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from hitrate import __version__
from hitrate.github.answers import Permission, PullRequest, every_page
from hitrate.github.conversation import Conversation
from hitrate.github.retry import DEFAULT_PATIENCE, SYSTEM_CLOCK, Caller, Clock, DeniedError, Patience
from hitrate.github.review import Review

if TYPE_CHECKING:
    from github import Github

_WRITERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
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


def connect(access: Access, patience: Patience) -> "Github":
    """A connection that never retries by itself and never asks for more than it is told to."""
    from github import Auth, Github  # noqa: PLC0415 - a third of a start, and nothing needs it before

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
        self._repository = self._github.get_repo(repository)
        self._name = repository
        self._conversations: dict[int, Conversation] = {}

    def __enter__(self) -> Self:
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
        url, ask = f"{self._repository.url}/pulls/{number}", self._repository.requester.requestJsonAndCheck

        def read() -> PullRequest:
            return PullRequest.model_validate(ask("GET", url)[1])

        return self.caller.repeat(f"read pull request {self._name}#{number}", read)

    def open_pull_request(self, sha: str) -> PullRequest | None:
        """The open pull request with this head commit; None if there is none.

        Raises:
            GitHubError: GitHub does not say.
        """
        url, requester = f"{self._repository.url}/commits/{sha}/pulls", self._repository.requester
        what = f"find the pull request of {sha[:12]}"
        found = every_page(self.caller, requester, what, url, PullRequest)
        return next((pull for pull in found if pull.open and pull.head == sha), None)

    def may_write(self, login: str, association: str) -> bool:
        """Whether an account may write to the repository.

        Args:
            login: The account.
            association: What a comment says of its author, which decides where GitHub does not tell more.

        Raises:
            GitHubError: GitHub does not answer.
        """
        url = f"{self._repository.url}/collaborators/{quote(login, safe='')}/permission"
        ask = self._repository.requester.requestJsonAndCheck

        def read() -> Permission:
            return Permission.model_validate(ask("GET", url)[1])

        try:
            return self.caller.repeat("read what an account may do", read).may_write
        except DeniedError:
            return association in _WRITERS

    def conversation(self, number: int) -> Conversation:
        """The conversation of a pull request, the same one each time; sends nothing yet."""
        if number not in self._conversations:
            self._conversations[number] = Conversation(self.caller, self._repository, number)
        return self._conversations[number]

    def review(self, number: int, head: str) -> Review:
        """What is said about a pull request's lines; sends nothing yet."""
        return Review(self.caller, self._repository, number, head)

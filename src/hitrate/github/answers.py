"""What GitHub answers: the few fields that are used, whatever else is there or left out.

PyGithub's own objects ask once more for every field that an answer leaves out; these do not.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from hitrate.github.retry import Caller, DeniedError
from hitrate.github.wishes.holding import Marks

if TYPE_CHECKING:
    from github.Requester import Requester

T = TypeVar("T")

PAGE_SIZE = 100
"""Items that a page has at most: what GitHub gives where most is asked for."""

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class Answer(BaseModel):
    """An answer; what is not named is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Author(Answer):
    """An account; ``type`` is Bot for an app."""

    login: str
    type: str = "User"

    @property
    def is_app(self) -> bool:
        """Whether it is an app, as the job's own token is."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class Comment(Answer):
    """A comment in the conversation; ``author`` is None where the account is gone."""

    id: int
    author: Author | None = Field(None, validation_alias="user")
    body: Text = ""
    url: str | None = Field(None, validation_alias="html_url")
    created: datetime | None = Field(None, validation_alias="created_at")
    association: Text = Field("", validation_alias="author_association")

    @property
    def created_seconds(self) -> float:
        """When it was written, in seconds since 1970; long ago where that is not said."""
        return self.created.timestamp() if self.created else 0.0


def _names(labels: Any) -> Any:
    """Of labels, which GitHub gives as objects; a server may give none."""
    return tuple(label["name"] for label in labels or ())


class PullRequest(Answer):
    """A pull request as GitHub knows it; ``head_repository`` is None if the fork is gone."""

    number: int
    state: str
    title: Text = ""
    draft: bool | None = None
    labels: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    base: str = Field(validation_alias=AliasPath("base", "sha"))
    head: str = Field(validation_alias=AliasPath("head", "sha"))
    head_repository: str | None = Field(None, validation_alias=AliasPath("head", "repo", "full_name"))

    @property
    def marks(self) -> Marks:
        """What it says of itself now."""
        return Marks(title=self.title, labels=self.labels, draft=bool(self.draft))

    @property
    def open(self) -> bool:
        """Whether it is neither merged nor closed."""
        return self.state == "open"


class Permission(Answer):
    """What an account may do in a repository: admin, write, read or none."""

    permission: str

    @property
    def may_write(self) -> bool:
        """Whether that is to write."""
        return self.permission in ("admin", "maintain", "write")


class Owner(Answer):
    """Whose comments are the token's own: an account's, or any app's where ``login`` is not known.

    That an app's token may not ask for its name is GitHub's rule; a person's may.
    """

    login: str | None

    def wrote(self, author: Author | None) -> bool:
        """Whether ``author`` is the token's account, as far as that is known."""
        if author is None:
            return False
        return author.is_app if self.login is None else author.login == self.login


def every_page(caller: Caller, requester: "Requester", what: str, url: str, item: type[T]) -> list[T]:
    """All items of a list, through all pages; a failed page is asked for again, those before it are not.

    Args:
        caller: Sends the requests.
        requester: Reaches the API.
        what: What is being done, for messages.
        url: The list, without page.
        item: What it is a list of.

    Raises:
        GitHubError: It cannot be read.
    """
    read = TypeAdapter(list[item]).validate_python  # type: ignore[valid-type]
    found: list[T] = []
    last: list[T] | None = None
    number = 1
    while True:
        more, page = caller.repeat(what, _page(requester, f"{url}?per_page={PAGE_SIZE}&page={number}", read))
        if page == last:  # a server that knows no pages gives the same one again
            return found
        found += page
        if not more:
            return found
        last, number = page, number + 1


def _page(
    requester: "Requester", url: str, read: Callable[[Any], list[T]]
) -> Callable[[], tuple[bool, list[T]]]:
    """The request for one page, which gives its items and whether there are more."""

    def ask() -> tuple[bool, list[T]]:
        headers, data = requester.requestJsonAndCheck("GET", url)
        items, link = read(data), headers.get("link")
        full = len(items) >= PAGE_SIZE  # all that is known where a server links no pages
        return (full if link is None else 'rel="next"' in link), items

    return ask


def owner(caller: Caller, requester: "Requester") -> Owner:
    """Whose token it is, by asking for it; an app's token may not ask.

    Raises:
        GitHubError: GitHub does not answer.
    """

    def ask() -> Owner:
        return Owner.model_validate(requester.requestJsonAndCheck("GET", "/user")[1])

    try:
        return caller.repeat("read whose token it is", ask)
    except DeniedError:
        return Owner(login=None)

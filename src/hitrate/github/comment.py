"""One comment of one id on a pull request, kept up to date by any number of concurrent runs.

GitHub has no conditional write, so two runs that edit one comment could each overwrite the other's. Two
things keep the newest run's comment and only that:

- A comment is edited or removed only under a *lease*: the token's own reaction on that comment, of which
  GitHub keeps at most one an account and tells whether a request made it. Under the lease the comment is read
  again, and a newer run's text is left alone. A lease that a dead run left behind ends by its age.
- Two runs may both find nothing and create a comment. So who has created one looks again, and removes all but
  the newest, each under its lease. The order of comments (run, attempt, id) only grows, so the greatest is
  never removed.

The lease also tells whose token this is: only that account's comments count, whatever others may write.

Where no lease is to be had (a token that may write comments but not react to them, a server without
reactions), the comment is read again just before it is written and once more after: a run that finds itself
overwritten by an older one writes again.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from hitrate.github.answers import Comment, Owner
from hitrate.github.conversation import Conversation, Reaction
from hitrate.github.event import Run
from hitrate.github.retry import DeniedError, GitHubError, LateError, UnclearError
from hitrate.github.wishes.findings import Shown, line
from hitrate.report.model import SCHEMA_VERSION

BODY_LIMIT = 65_536
"""Characters of a comment's body that GitHub accepts."""

LEASE_SECONDS = 60.0
"""Age from which a lease counts as left behind."""

WRITE_WITHIN_SECONDS = 40.0
"""No write starts later than this after the lease was taken, so that it ends before the lease does."""

RELEASE_WITHIN_SECONDS = 10.0
"""A lease that cannot be given back in this time is left to end by its age."""

_PAUSE_SECONDS = 2.0
_ROUNDS = 12
_MARKER = re.compile(
    r"<!-- hitrate id=(?P<id>[\w.-]+) schema=\d+ head=(?P<head>[0-9a-f]*)"
    r" run=(?P<run>\d+)\.(?P<attempt>\d+) -->"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The hidden first line of a comment.

    Attributes:
        id: ``comment-id``: tells several comments on one pull request apart.
        head: Sha of the commit that was measured.
        run: The run that measured it.
    """

    id: str
    head: str
    run: Run

    def __str__(self) -> str:
        """As it is written."""
        run = f"{self.run.id}.{self.run.attempt}"
        return f"<!-- hitrate id={self.id} schema={SCHEMA_VERSION} head={self.head} run={run} -->"


def read_marker(body: str) -> Marker | None:
    """The marker at the very start of a comment; None if there is none.

    Nowhere else, since what others write into a comment of this account (a quotation, another tool's text)
    must not make it Hitrate's. Empty space above it is what editors and servers add.
    """
    found = _MARKER.match(body.lstrip("\ufeff \t\r\n"))
    if found is None:
        return None
    return Marker(found["id"], found["head"], Run(int(found["run"]), int(found["attempt"])))


class Posting(StrEnum):
    """What became of a comment."""

    CREATED = "created"
    UPDATED = "updated"
    SUPERSEDED = "left alone, since a newer run has written it"
    NONE = "not needed"


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done, where it is to be seen, and whose comments are the token's own, if that is known."""

    posting: Posting
    url: str | None
    owner: Owner | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    comment: Comment
    marker: Marker

    @property
    def order(self) -> tuple[Run, int]:
        return self.marker.run, self.comment.id


@dataclass(frozen=True, slots=True)
class _Turn:
    """A comment as it was read when it was one's turn; no write may start after ``until``."""

    found: _Found
    until: float


def text_limit(marker: Marker) -> int:
    """Characters that the text below the marker may have."""
    return BODY_LIMIT - len(str(marker)) - 1


def post(conversation: Conversation, marker: Marker, text: str, shown: Shown | None = None) -> Posted:
    """Write ``text``, which shows these findings, into the comment of this id; create it if there is none.

    Raises:
        GitHubError: It could not be written; nothing is left half done.
    """
    return _Post(conversation, marker, text, shown).settle(create=True)


def refresh(conversation: Conversation, marker: Marker, text: str, shown: Shown | None = None) -> Posted:
    """Write ``text`` into the comment of this id if there is one; create none.

    Raises:
        GitHubError: It could not be written.
    """
    return _Post(conversation, marker, text, shown).settle(create=False)


class _Post:
    """One run's effort to bring its comment about."""

    def __init__(
        self, conversation: Conversation, marker: Marker, text: str, shown: Shown | None = None
    ) -> None:
        self._conversation = conversation
        self._marker = marker
        self._text = text
        self._shown = shown
        self._owner: Owner | None = None
        self._leased = True
        self._done: tuple[int, Posting] | None = None

    def settle(self, *, create: bool) -> Posted:
        """Go on until there is exactly one comment, the newest run's."""
        failure = GitHubError("GitHub: other runs kept changing the comment; run the job again")
        for _ in range(_ROUNDS):
            found = self._ours()
            if not found and not create:
                return Posted(Posting.NONE, None)
            try:
                posted = self._keep(found) if found else None
                if not found:
                    self._create()
            except UnclearError as error:  # the next look shows whether it is there
                failure = error
                self._wait(_PAUSE_SECONDS, error)
            except LateError as error:  # the lease ran out, and nothing was written without it
                failure = error
                self._wait(error.pause, error)
            else:
                if posted is not None:
                    return posted
        raise failure

    def _wait(self, seconds: float, error: GitHubError) -> None:
        """Wait before the next look, unless there is no time for one."""
        self._conversation.clock.sleep(seconds)
        if self._conversation.exhausted:
            raise error

    def _ours(self) -> list[_Found]:
        """The comments with this id, by this account as far as it is known, in order."""
        found = []
        for comment in self._conversation.first_look():
            marker = read_marker(comment.body)
            if marker and marker.id == self._marker.id and self._own(comment):
                found.append(_Found(comment, marker))
        return sorted(found, key=lambda one: one.order)

    def _body(self, before: str = "") -> str:
        """The whole text, in the place of the one before; what readers have seen is kept if there is room."""
        seen = line(before, self._shown)
        room = BODY_LIMIT - len(str(self._marker)) - 1 - len(self._text)
        return f"{self._marker}\n{seen if len(seen) <= room else ''}{self._text}"

    def _own(self, comment: Comment) -> bool:
        """Whether a comment is the token's own, as far as that is known yet."""
        return self._owner is None or self._owner.wrote(comment.author)

    def _create(self) -> None:
        """Create the comment; another look is needed, since another run may have created one too."""
        comment = self._conversation.create(self._body())
        self._owner = Owner(login=comment.author.login) if comment.author else self._owner
        self._done = comment.id, Posting.CREATED

    def _keep(self, found: Sequence[_Found]) -> Posted | None:
        """Bring the newest up to date and remove the others; None to look again."""
        newest = found[-1]
        posted = self._written(newest)
        if posted is None or not all(self._remove(one, newest) for one in found[:-1]):
            return None
        return posted

    def _written(self, newest: _Found) -> Posted | None:
        comment, url = newest.comment, newest.comment.url
        if self._done and self._done[0] == comment.id and newest.marker.run >= self._marker.run:
            return Posted(self._done[1], url, self._owner)
        with self._turn(comment) as turn:
            if turn is None:
                return None
            if turn.found.marker.run > self._marker.run:
                return Posted(Posting.SUPERSEDED, url, self._owner)
            edited = self._conversation.edit(comment.id, self._body(turn.found.comment.body), turn.until)
        if edited and not self._leased:
            self._done = comment.id, Posting.UPDATED
            return None
        return Posted(Posting.UPDATED, url, self._owner) if edited else None

    def _remove(self, one: _Found, newest: _Found) -> bool:
        """Remove a comment that is older than the newest; False to look again."""
        with self._turn(one.comment) as turn:
            if turn is not None and turn.found.order > newest.order:
                return False
            if turn is not None:
                self._conversation.delete(one.comment.id, turn.until)
        return True

    @contextmanager
    def _turn(self, comment: Comment) -> Iterator[_Turn | None]:
        """Hold the lease on a comment if there is one to be had; None if it is gone or another account's."""
        reaction = self._take(comment.id)
        until = self._conversation.clock.time() + WRITE_WITHIN_SECONDS
        try:
            found = self._again(comment) if self._own(comment) else None
            if found and reaction is None:
                self._forgo()
            yield _Turn(found, until) if found and self._own(found.comment) else None
        finally:
            if reaction is not None:
                self._release(comment.id, reaction.id)

    def _release(self, comment: int, reaction: int) -> None:
        """Give the lease back; one that could not be given back ends by its age."""
        until = self._conversation.clock.time() + RELEASE_WITHIN_SECONDS
        with suppress(GitHubError):  # what was written stays written
            self._conversation.take_back(comment, reaction, until)

    def _take(self, comment: int) -> Reaction | None:
        """Get the lease, waiting for its holder; None if the comment is gone, or lends none."""
        clock = self._conversation.clock
        while self._leased and not self._conversation.exhausted:
            try:
                reaction = self._conversation.react(comment)
            except DeniedError:
                return None
            self._owner = Owner(login=reaction.author)
            if reaction.new:
                return reaction
            if reaction.age > LEASE_SECONDS:
                self._conversation.take_back(comment, reaction.id)
            else:
                clock.sleep(_PAUSE_SECONDS)
        if not self._leased:
            return None
        raise GitHubError("GitHub: could not edit the comment, since another run holds it; run the job again")

    def _forgo(self) -> None:
        """Go on without leases, since a comment that is there lends none."""
        self._leased = False
        self._owner = self._owner or self._conversation.owner()

    def _again(self, comment: Comment) -> _Found | None:
        """The comment as it is now."""
        fresh = self._conversation.read(comment.id)
        marker = read_marker(fresh.body) if fresh else None
        return _Found(fresh, marker) if fresh and marker else None

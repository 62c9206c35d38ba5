"""What a pull request is told: the comment and the suggestions, from this run's report or another's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hitrate.errors import InputError
from hitrate.github.client import Client
from hitrate.github.comment import Marker, Posted, Posting, post, refresh, text_limit
from hitrate.github.conversation import Conversation
from hitrate.github.event import Run, Target
from hitrate.github.review import Review
from hitrate.github.suggestions import Reviewed, review, withdraw
from hitrate.github.wishes.findings import ROOM, Shown, ShownFunction
from hitrate.report import sense
from hitrate.report.content.finding import identities, word
from hitrate.report.content.ranking import NEWS, rank
from hitrate.report.model import FunctionReport, Report
from hitrate.settings.model import CommentMode, Settings


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a report becomes text; comments are told how long they may be.

    ``failed`` is the comment of a run that made no report: why, of which commit, the run's address; ``held``
    that of one that was held back.
    """

    comment: Callable[[Report, int], str]
    resolved: Callable[[Report, int], str]
    summary: Callable[[Report], str]
    page: Callable[[Report], str]
    annotations: Callable[[Report], list[str]]
    has_news: Callable[[Report], bool]
    failed: Callable[[str, str | None, str | None, int], str]
    held: Callable[[str, str | None, str | None, int], str]


def tell(
    client: Client, report: Report, target: Target, number: int, settings: Settings, rendering: Rendering
) -> Posted:
    """Bring the comment on a pull request up to date, as the setting ``comment`` asks.

    Raises:
        GitHubError: It could not be.
    """
    if settings.comment is CommentMode.NEVER:
        return Posted(Posting.NONE, None)
    marker = Marker(settings.comment_id, target.head or "", target.run)
    conversation = client.conversation(number)
    shown = _shown(report, conversation.clock.time())
    limit = text_limit(marker) - ROOM * bool(shown.sources)
    if settings.comment is CommentMode.ALWAYS or rendering.has_news(report):
        return post(conversation, marker, rendering.comment(report, limit), shown)
    return refresh(conversation, marker, rendering.resolved(report, limit), shown)


def _shown(report: Report, now: float) -> Shown:
    """What a comment shows: who acknowledges a finding later has meant this, and these sources."""
    named = zip(identities(report.functions), report.functions, strict=True)
    known = {name: (one, one.source) for name, one in named if one.source is not None}
    return Shown(
        sources={name: source for name, (_, source) in known.items()},
        findings={
            name: ShownFunction(source, int(_since(one, now)), word(one))
            for name, (one, source) in known.items()
            if one.acknowledged or rank(one) in NEWS
        },
        now=now,
    )


def _since(function: FunctionReport, now: float) -> float:
    when = function.acknowledged.when if function.acknowledged else None
    return min(now, when) if when is not None else now


def tell_failure(
    client: Client,
    message: str,
    target: Target,
    number: int,
    settings: Settings,
    rendering: Rendering,
    run: str | None,
) -> Posted:
    """Say on a pull request that a commit could not be measured, where something was said before.

    Under ``always`` it is said in any case.

    Raises:
        GitHubError: It could not be said.
    """
    bring_about = post if settings.comment is CommentMode.ALWAYS else refresh
    text = partial(rendering.failed, message, target.head, run)
    return _say(client, text, target, number, settings, bring_about)


def tell_anew(client: Client, text: str, target: Target, number: int, settings: Settings) -> Posted:
    """Say something on a pull request, whether or not something was said before.

    Raises:
        GitHubError: It could not be said.
    """
    return _say(client, lambda _: text, target, number, settings, post)


def tell_held(
    client: Client,
    reason: str,
    target: Target,
    number: int,
    settings: Settings,
    rendering: Rendering,
    run: str | None,
) -> Posted:
    """Say on a pull request that a commit was not measured, where something was said before; make no comment.

    Raises:
        GitHubError: It could not be said.
    """
    text = partial(rendering.held, reason, target.head, run)
    return _say(client, text, target, number, settings, refresh)


def _say(
    client: Client,
    text: Callable[[int], str],
    target: Target,
    number: int,
    settings: Settings,
    bring_about: Callable[[Conversation, Marker, str], Posted],
) -> Posted:
    """Say what no report says, unless nothing is to be said; ``text`` is told how long it may be."""
    if settings.comment is CommentMode.NEVER:
        return Posted(Posting.NONE, None)
    marker = Marker(settings.comment_id, target.head or "", target.run)
    return bring_about(client.conversation(number), marker, text(text_limit(marker)))


def suggest(
    client: Client, report: Report, target: Target, number: int, settings: Settings, posted: Posted
) -> Reviewed:
    """Bring the suggestions on a pull request up to date, if they are wanted and this run is the newest.

    Raises:
        GitHubError: They could not be.
    """
    shown = _review_of_newest(client, target, number, settings, posted)
    return Reviewed() if shown is None else review(shown, report, settings.comment_id, posted.owner)


def withdraw_suggestions(
    client: Client, target: Target, number: int, settings: Settings, posted: Posted
) -> Reviewed:
    """Take back the suggestions of an earlier run, if suggestions are wanted and this run is the newest.

    Raises:
        GitHubError: They could not be.
    """
    shown = _review_of_newest(client, target, number, settings, posted)
    return Reviewed() if shown is None else withdraw(shown, settings.comment_id, posted.owner)


def _review_of_newest(
    client: Client, target: Target, number: int, settings: Settings, posted: Posted
) -> Review | None:
    """What is said about the lines of a pull request, where this run has the say in that."""
    head = target.head
    if not settings.suggestions or posted.posting is Posting.SUPERSEDED or head is None:
        return None
    return client.review(number, head) if client.pull_request(number).head == head else None


def read_report(content: bytes) -> Report:
    """A report that an untrusted run has written, checked against the schema and for sense.

    Raises:
        InputError: It is no report, or none that can be true; the message says where it is not.
    """
    return sense.read(content, "report")


def placed(report: Report, server_url: str, run: Run) -> Report:
    """The report with the server and the run that it links to, whatever it says of them itself."""
    change = report.change.model_copy(update={"server_url": server_url.rstrip("/"), "run": run.id or None})
    return report.model_copy(update={"change": change})


def addressee(client: Client, report: Report, target: Target) -> int | None:
    """The number of the pull request that a report is about; None if it has moved on since.

    What the report says of itself counts only where GitHub says the same: the event knows the head commit and
    where it comes from, the API knows the pull request.

    Args:
        client: The API of the target's repository.
        report: A report of this or of an untrusted run.
        target: What the event names.

    Raises:
        InputError: The report is about something other than the event.
        GitHubError: The pull request cannot be read.
    """
    number = target.pull_request or report.change.pull_request
    if number is None:
        raise InputError("report: it is not about a pull request, so there is nowhere to post it")
    said = (report.change.repository, report.change.pull_request, report.change.head)
    known = (target.repository, number, target.head)
    if said != known:
        raise InputError(
            "report: repository, pull request or commit are not those of the run that this workflow follows"
        )
    pull = client.pull_request(number)
    if pull.head_repository != target.head_repository:
        raise InputError("report: it names a pull request that comes from another repository than its run")
    return number if pull.open and pull.head == target.head else None

"""Findings that are acknowledged: read from the config file and, each time anew, from the conversation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hitrate.action.acknowledgement import acknowledged, in_config
from hitrate.action.runner import Connect, Log, Runner
from hitrate.github.answers import Comment, Owner
from hitrate.github.client import Client
from hitrate.github.comment import read_marker
from hitrate.github.event import Target
from hitrate.github.retry import GitHubError
from hitrate.github.wishes.acknowledgement import (
    WORDS,
    Decision,
    Miss,
    Missed,
    Subject,
    Words,
    decide,
    words_in,
)
from hitrate.github.wishes.findings import ShownFunction, read_seen
from hitrate.report.content.finding import identities, word
from hitrate.report.content.ranking import NEWS, having, rank
from hitrate.report.model import AcknowledgementReport, Report
from hitrate.settings.model import Settings, nearest
from hitrate.wording.text import quoted

_WRITERS = 30
"""People who are asked for at most; more do not acknowledge findings on one pull request."""
_TOLD = 10


@dataclass(frozen=True, slots=True)
class Acknowledging:
    """Finds out which findings of a report are acknowledged.

    Attributes:
        runner: What the runner lends.
        log: The step's log.
        connect: Opens the API; only called where there is a token.
    """

    runner: Runner
    log: Log
    connect: Connect

    def applied(self, report: Report, target: Target, settings: Settings) -> tuple[Report, float]:
        """The report with its acknowledged findings, and the seconds that asking GitHub took.

        Those of a conversation that cannot be read are left out.
        """
        number = target.pull_request
        config = in_config(settings.acknowledged)
        listed = acknowledged(report, config)
        if number is None or self.runner.access is None or not having(listed, *NEWS):
            return listed, 0.0
        with self.connect(self.runner) as client:
            began = client.caller.clock.time()
            try:
                listed = self._read(client, number, report, config, settings.comment_id)
            except GitHubError as error:
                self.log.say(f"{error}; what the conversation acknowledges is not known")
            return listed, client.caller.clock.time() - began

    def again(self, client: Client, number: int, report: Report, comment_id: str) -> Report:
        """The report of an untrusted run, acknowledged by the conversation, whatever it says of that itself.

        Raises:
            GitHubError: The conversation cannot be read.
        """
        named = zip(identities(report.functions), report.functions, strict=True)
        config = in_config(name for name, one in named if one.acknowledged and one.acknowledged.by is None)
        bare = acknowledged(report, {})
        if not having(acknowledged(bare, config), *NEWS):
            return acknowledged(bare, config)
        return self._read(client, number, bare, config, comment_id)

    def _read(
        self,
        client: Client,
        number: int,
        report: Report,
        config: Mapping[str, AcknowledgementReport],
        comment_id: str,
    ) -> Report:
        """The report with what its pull request's conversation and the config file acknowledge."""
        conversation = client.conversation(number)
        comments = conversation.read_ahead()
        words = list(self._counting(client, comments))
        if not words:
            return acknowledged(report, config)
        seen = _seen(comments, conversation.owner(), comment_id)
        decision = decide(words, _subjects(report), seen)
        found = {
            name: AcknowledgementReport(by=one.by, when=one.when) for name, one in decision.accepted.items()
        }
        return acknowledged(report, found | dict(config), _notes(decision, report))

    def _counting(self, client: Client, comments: Sequence[Comment]) -> Iterator[Words]:
        """The words of those who may write to the repository; of others the log tells."""
        may_write: dict[str, bool] = {}
        for comment in comments:
            for words in words_in(comment):
                if words.by not in may_write and len(may_write) < _WRITERS:
                    may_write[words.by] = client.may_write(words.by, comment.association)
                    if not may_write[words.by]:
                        self.log.say(f"{WORDS} by {words.by} does not count: it takes write access.")
                if may_write.get(words.by):
                    yield words


def _seen(comments: Sequence[Comment], owner: Owner, comment_id: str) -> dict[str, ShownFunction]:
    """What Hitrate's own comment has shown."""
    for comment in reversed(comments):
        marker = read_marker(comment.body)
        if marker is not None and marker.id == comment_id and owner.wrote(comment.author):
            return read_seen(comment.body)
    return {}


def _subjects(report: Report) -> list[Subject]:
    """The functions that words may be about."""
    named = zip(identities(report.functions), report.functions, strict=True)
    return [Subject(name, one.id, one.source, word(one)) for name, one in named]


def _notes(decision: Decision, report: Report) -> Iterator[str]:
    named = zip(identities(report.functions), report.functions, strict=True)
    asking = {name for name, one in named if rank(one) in NEWS}
    for missed in [one for one in decision.missed if one.subject.identity in asking][:_TOLD]:
        yield _missed(missed)
    known = [one.id for one in report.functions]
    for name, by in decision.unknown[:_TOLD]:
        near = nearest(name, known)
        meant = f"; did you mean {quoted(near, 200)}?" if near else "."
        yield f"{quoted(f'{WORDS} {name}', 200)} by {quoted(by)} names no function of this change{meant}"


def _missed(missed: Missed) -> str:
    """What became of words that do not count, and those that would."""
    subject = missed.subject
    told = f"{quoted(missed.by)} acknowledged the finding on {quoted(subject.name, 200)}"
    if missed.why is Miss.CHANGED:
        return f"{told}, whose source has changed since."
    if missed.why is Miss.GRAVER or subject.source is None:
        return f"{told}, but {missed.why}."
    return f"{told}, but {missed.why}: write {quoted(f'{WORDS} {subject.words}', 300)}."

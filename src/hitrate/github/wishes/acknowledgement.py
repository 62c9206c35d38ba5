"""Findings that somebody has acknowledged in the conversation: ``hitrate:ok path::Qual.name``. Pure.

Words name the function, the version of its source and what was found: ``@1a2b3c4d5e6f:resize``. What they do
not name is what Hitrate's comment had shown by then; where it had shown nothing, they do not count.

The words count on a line of their own, outside quotations and blocks of code: Hitrate's own comments show
them, and who answers by mail quotes those.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hitrate.github.answers import Comment
from hitrate.github.comment import read_marker
from hitrate.github.wishes.findings import ShownFunction, key
from hitrate.report.content.finding import WORD, covers
from hitrate.vocabulary import is_finding

WORDS = "hitrate:ok"

_LINE = re.compile(rf" {{0,3}}(?P<tick>`?){WORDS}[ \t]+(?P<rest>[^ \t].*)")
_LINE_END = re.compile(r"\r\n?|\n")  # those of Markdown, not those of str.splitlines
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_VERSION = re.compile(rf"@([0-9a-f]{{6,64}})(?![0-9A-Za-z_])(?::({WORD})(?=\s|$))?(?!:)")
_LINES = 200


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one person on one line.

    Attributes:
        rest: What follows ``hitrate:ok``: the function, the version of its source, reasons.
        by: The person's login.
        when: When they were written, in seconds since 1970.
    """

    rest: str
    by: str
    when: float


@dataclass(frozen=True, slots=True)
class Subject:
    """A function that words may be about.

    Attributes:
        identity: A name that no other function of the report has.
        name: ``path::Qual.name``, which namesakes share.
        source: Digest of its source; None is not known.
        found: What was found about it, in a word.
    """

    identity: str
    name: str
    source: str | None
    found: str

    @property
    def words(self) -> str:
        """What names it as it is now, behind ``hitrate:ok``."""
        return f"{self.name}@{self.source}:{self.found}"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Whose words count for a function, and when they were written."""

    by: str
    when: float


class Miss(StrEnum):
    """Why words do not count for the function that they name."""

    CHANGED = "its source has changed since"
    GRAVER = "more than that is found about it now"
    UNSEEN = "no comment had shown it by then"
    AMBIGUOUS = "the file has several functions of that name"


@dataclass(frozen=True, slots=True)
class Missed:
    """Words that do not count, of whom, for what and why."""

    by: str
    subject: Subject
    why: Miss


@dataclass(frozen=True, slots=True)
class Decision:
    """What the words of a conversation come to.

    Attributes:
        accepted: By the function's identity.
        missed: Words on functions that are not accepted, the last ones of each.
        unknown: Names that are no function of the change, with the person.
    """

    accepted: Mapping[str, Acknowledged]
    missed: Sequence[Missed]
    unknown: Sequence[tuple[str, str]]


def words_in(comment: Comment) -> Iterator[Words]:
    """The words in a comment; none in an app's, in one that Hitrate has written, or whose author is gone."""
    author = comment.author
    if author is None or author.is_app or WORDS not in comment.body or read_marker(comment.body):
        return
    fence = ""
    for text in _LINE_END.split(comment.body):
        if found := _FENCE.match(text):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
        elif not fence and (rest := _rest(text)):
            yield Words(rest, author.login, comment.created_seconds)


def _rest(line: str) -> str:
    """What follows the words on a line; nothing where it is another line."""
    found = _LINE.fullmatch(line.rstrip(" \t"))
    if found is None or not found["rest"].endswith(found["tick"]):
        return ""
    return found["rest"].removesuffix(found["tick"]).rstrip(" \t")


def decide(
    words: Sequence[Words], subjects: Sequence[Subject], seen: Mapping[str, ShownFunction]
) -> Decision:
    """Which functions are acknowledged as they are now.

    Args:
        words: Those of people who may write to the repository, in the order written.
        subjects: The functions of the report.
        seen: What Hitrate's comment has shown, by key.
    """
    named: dict[str, list[Subject]] = {}
    for subject in subjects:
        named.setdefault(subject.name, []).append(subject)
    accepted: dict[str, Acknowledged] = {}
    missed: dict[str, Missed] = {}
    unknown: list[tuple[str, str]] = []
    for one in words[-_LINES:]:
        name = _named(one.rest, named)
        if name is None:
            unknown.append((one.rest.split()[0], one.by))
            continue
        for subject, why in _judged(one, name, named[name], seen):
            if why is None:
                accepted[subject.identity] = Acknowledged(one.by, one.when)
            else:
                missed[subject.identity] = Missed(one.by, subject, why)
    left = tuple(one for identity, one in missed.items() if identity not in accepted)
    return Decision(accepted, left, tuple(dict.fromkeys(unknown)))


def _named(rest: str, names: Mapping[str, object]) -> str | None:
    """The function that the words begin with, at the end of its name: names and paths may have spaces."""
    fitting = [
        name for name in names if rest == name or rest.startswith((f"{name} ", f"{name}\t", f"{name}@"))
    ]
    return max(fitting, key=len, default=None)


def _judged(
    words: Words, name: str, subjects: Sequence[Subject], seen: Mapping[str, ShownFunction]
) -> Iterator[tuple[Subject, Miss | None]]:
    """For which of the functions of a name the words count, and why not for the others."""
    version = _VERSION.match(words.rest, len(name))
    if version is not None:
        of_version = [one for one in subjects if one.source and one.source.startswith(version[1])]
        for subject in of_version or subjects:
            why = None if of_version else Miss.CHANGED
            yield subject, why or _graver(words, subject, version[2], seen)
        return
    if words.rest.startswith("@", len(name)):  # no version that a source can have
        yield from ((one, Miss.CHANGED) for one in subjects)
        return
    shown = [one for one in subjects if _was_shown(seen.get(key(one.identity)), words)]
    for subject in subjects:
        several = len(shown) > 1 and subject in shown
        why = _unlike(words, subject, seen.get(key(subject.identity)))
        yield subject, Miss.AMBIGUOUS if several and why is None else why


def _was_shown(seen: ShownFunction | None, words: Words) -> bool:
    return seen is not None and words.when >= seen.since


def _graver(
    words: Words, subject: Subject, found: str | None, seen: Mapping[str, ShownFunction]
) -> Miss | None:
    """Why words on this version of the source do not accept what is found; None where they do."""
    if found is None:
        shown = seen.get(key(subject.identity))
        if shown is None or shown.digest != subject.source or words.when < shown.since:
            return Miss.UNSEEN
        found = shown.found
    return None if is_finding(found) and covers(found, subject.found) else Miss.GRAVER


def _unlike(words: Words, subject: Subject, seen: ShownFunction | None) -> Miss | None:
    """Why what was shown by then is not what is found now; None where it is."""
    if seen is None or subject.source is None:
        return Miss.UNSEEN
    if seen.digest != subject.source or words.when < seen.since:
        return Miss.CHANGED
    return None if covers(seen.found, subject.found) else Miss.GRAVER

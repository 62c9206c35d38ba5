"""Findings that somebody has acknowledged in the conversation: ``hitrate:ok path::Qual.name``. Pure.

The words count on a line of their own, outside quotations and blocks of code: Hitrate's own comments show
them, and who answers by mail quotes those.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hitrate.github.answers import Comment
from hitrate.github.comment import read_marker
from hitrate.github.wishes.findings import Seen, key

WORDS = "hitrate:ok"

_LINE = re.compile(rf" {{0,3}}(?P<tick>`?){WORDS}[ \t]+(?P<rest>[^ \t].*)")
_LINE_END = re.compile(r"\r\n?|\n")  # those of Markdown, not those of str.splitlines
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_VERSION = re.compile(r"@([0-9a-f]{6,64})\b")
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
class Acknowledged:
    """Whose words count for a function, and when they were written."""

    by: str
    when: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What the words of a conversation come to.

    Attributes:
        accepted: By function.
        changed: Functions that were acknowledged before their source changed, with the person.
        unknown: Names that are no function of the change, with the person.
    """

    accepted: Mapping[str, Acknowledged]
    changed: Mapping[str, str]
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


def decide(words: Sequence[Words], sources: Mapping[str, str | None], seen: Mapping[str, Seen]) -> Decision:
    """Which functions are acknowledged as they are now.

    Words that name a version of the source count for it whenever they were written. Others count for the
    source that a comment had shown by then; where none has shown the function they count for what it is.

    Args:
        words: Those of people who may write to the repository, in the order written.
        sources: Digest of each function's source by ``path::Qual.name``; None is not known.
        seen: What Hitrate's comment has shown, by key.
    """
    accepted: dict[str, Acknowledged] = {}
    changed: dict[str, str] = {}
    unknown: list[tuple[str, str]] = []
    for one in words[-_LINES:]:
        name = _named(one.rest, sources)
        if name is None:
            unknown.append((one.rest.split()[0], one.by))
        elif _holds(one, name, sources[name], seen.get(key(name))):
            accepted[name] = Acknowledged(one.by, one.when)
        else:
            changed[name] = one.by
    left = {name: by for name, by in changed.items() if name not in accepted}
    return Decision(accepted, left, tuple(dict.fromkeys(unknown)))


def _named(rest: str, names: Mapping[str, object]) -> str | None:
    """The function that the words begin with, at the end of its name: names and paths may have spaces."""
    fitting = [
        name for name in names if rest == name or rest.startswith((f"{name} ", f"{name}\t", f"{name}@"))
    ]
    return max(fitting, key=len, default=None)


def _holds(words: Words, name: str, source: str | None, seen: Seen | None) -> bool:
    version = _VERSION.match(words.rest, len(name))
    if version is not None:
        return source is not None and source.startswith(version[1])
    if words.rest.startswith("@", len(name)):
        return False  # no version that a source can have
    if seen is None or source is None:
        return True
    return seen.digest == source and words.when >= seen.since

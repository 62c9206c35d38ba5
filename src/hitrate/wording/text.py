"""Untrusted text made plain: no escapes, no controls, nothing hidden, bounded."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from hitrate.wording.prose import clip, ended

NAME_LIMIT = 80


SENTENCE_LIMIT = 400


_ROOM = 3
"""How much longer than what is shown the text that is looked at may be: marks that are dropped shorten it."""

_COMBINING_LIMIT = 3


_CODE = re.compile(r"`([^`]+)`")


_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def plain(text: str, limit: int = SENTENCE_LIMIT) -> str:
    """The text on one line, every character visible and in its place, the middle of a long one left out.

    Control, format and unassigned characters, line separators and lone surrogates are written as Python
    escapes: no terminal sequence, no reversed order, no hidden character is left. More than three combining
    marks in a row are dropped, since they would be drawn over the neighbouring lines.
    """
    part = clip(text, _ROOM * limit)
    if not part.isprintable():  # nothing of what is told apart here is printable to Python either
        part = "".join(map(_visible, part))
    return clip(_fewer_marks(part), limit)


def shown(sentence: str, limit: int = SENTENCE_LIMIT) -> str:
    """A sentence as :func:`plain` text; a long one ends at a word."""
    return ended(plain(sentence, _ROOM * limit), limit)


def pieces(sentence: str) -> Iterator[tuple[bool, str]]:
    """The parts of a sentence in order: whether the part is code, and its text without the backticks."""
    end = 0
    for match in _CODE.finditer(sentence):
        if match.start() > end:
            yield False, sentence[end : match.start()]
        yield True, match[1]
        end = match.end()
    if end < len(sentence):
        yield False, sentence[end:]


def unmarked(sentence: str) -> str:
    """The sentence without the backticks that mark code, for a place that would show them."""
    return "".join(text for _, text in pieces(sentence))


def quoted(name: str, limit: int = NAME_LIMIT) -> str:
    """A name as code inside a sentence; a backtick of its own becomes a look-alike."""
    return f"`{plain(name, limit).replace('`', 'ˋ') or ' '}`"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    return _NAMED.get(character) or character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _fewer_marks(text: str) -> str:
    if text.isascii():
        return text
    runs = (
        "".join(run) for _, run in groupby(text, lambda character: unicodedata.category(character)[0] == "M")
    )
    return "".join(run[:_COMBINING_LIMIT] if unicodedata.category(run[0])[0] == "M" else run for run in runs)


LINE_LIMIT = 4000
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def without_escapes(text: str) -> str:
    """The text as a terminal would show it: no escape sequences, no control characters, bounded length."""
    shown = _ESCAPE.sub("", text[:LINE_LIMIT]).rstrip("\r")
    return _CONTROL.sub("", shown.rsplit("\r", 1)[-1])

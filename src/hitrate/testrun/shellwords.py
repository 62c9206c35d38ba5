"""A shell command line, split far enough to see which program it ends in and with which words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+|\\\n)
      | (?P<operator>&&|\|\||;;|[;|&<>()\n])
      | (?P<word>(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s;|&<>()'"\\])+)""",
    re.VERBOSE | re.DOTALL,
)
_PIECE = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_CHAINS = ("&&", ";", "\n")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command.

    Attributes:
        text: As it was written, quotes included.
        value: As the program gets it; None where the shell would expand it.
    """

    text: str
    value: str | None


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command line whose last step is one plain program call.

    Attributes:
        steps: Words of the steps before it, which are run one after the other.
        before: Text of those steps, with the operator behind them and the assignments of the last step.
        words: Words of the last step, assignments left out.
    """

    steps: tuple[tuple[Word, ...], ...]
    before: str
    words: tuple[Word, ...]


def parse(line: str) -> CommandLine | None:
    """Split a command line; None where its last step is more than one plain program call (pipes and such)."""
    steps: list[tuple[Word, ...]] = []
    words: list[Word] = []
    start = 0
    for match in _tokens(line):
        if match is None:
            return None
        if operator := match["operator"]:
            if operator not in _CHAINS:
                return None
            if words:
                steps.append(tuple(words))
            words, start = [], match.end()
        elif text := match["word"]:
            if text.startswith("#"):
                return None
            if not words and _ASSIGNMENT.match(text):
                start = match.end()
            else:
                words.append(Word(text, _value(text)))
    return CommandLine(tuple(steps), line[:start], tuple(words)) if words else None


def _tokens(line: str) -> Iterator[re.Match[str] | None]:
    """The tokens in order; None, and then no more, where the line cannot be split."""
    position = 0
    while position < len(line):
        match = _TOKEN.match(line, position)
        yield match
        if match is None:
            return
        position = match.end()


def _value(text: str) -> str | None:
    parts = []
    for single, double, escaped, bare in (match.groups() for match in _PIECE.finditer(text)):
        if double is not None:
            if re.search(r"[$`]", re.sub(r"\\.", "", double, flags=re.DOTALL)):
                return None
            parts.append(re.sub(r"\\([$`\"\\])", r"\1", double))
        elif bare is not None:
            if re.search(r"[$`*?\[{]|^~", bare):
                return None
            parts.append(bare)
        else:
            parts.append(single if single is not None else escaped)
    return "".join(parts)

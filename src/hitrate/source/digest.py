"""A short hash of a function's source: whether it is still the function that somebody has looked at. Pure."""

import hashlib
from textwrap import dedent

from hitrate.source.definitions import Definition, Source

_CHARACTERS = 12


def digest(source: Source, definition: Definition) -> str:
    """The hash of a definition's lines, decorators included; where it only moves it stays the same."""
    lines = (source.line(number) for number in range(definition.first_line, definition.last_line + 1))
    text = dedent("".join(line.decode(source.encoding, "replace").rstrip() + "\n" for line in lines))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_CHARACTERS]

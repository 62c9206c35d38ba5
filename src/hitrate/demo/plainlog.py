"""The log of the action for a person: no workflow commands, which only GitHub's runner reads."""

import io
import re
from typing import TextIO

_COMMAND = re.compile(r"::(?P<level>error|warning|notice)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
_ESCAPES = {"%25": "%", "%0D": "", "%0A": "\n  ", "%3A": ":", "%2C": ","}


class PlainLog(io.TextIOBase):
    """Writes lines to a stream; what would be a command to the runner becomes a plain line, or none."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream``, whole lines at a time."""
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        """Write lines."""
        for line in text.splitlines(keepends=True):
            self._stream.write(shown(line))
        return len(text)

    def flush(self) -> None:
        """Write what is still held back."""
        self._stream.flush()


def shown(line: str) -> str:
    """A line of the log as a person reads it; nothing where it only tells the runner something."""
    body = line.rstrip("\n")
    if not body.startswith("::"):
        return line
    found = _COMMAND.fullmatch(body)
    if found is None:
        return ""
    properties = dict(part.split("=", 1) for part in (found["properties"] or "").split(",") if "=" in part)
    place = f" {properties['file']}:{properties.get('line', 1)}" if "file" in properties else ""
    title = properties.get("title", "Hitrate").removeprefix("Hitrate").removeprefix("%3A")
    about = f"{title}:" if title else ""
    return _unescaped(f"{found['level']}{place}:{about} {found['message']}") + "\n"


def _unescaped(text: str) -> str:
    return re.sub("%25|%0D|%0A|%3A|%2C", lambda found: _ESCAPES[found[0]], text)

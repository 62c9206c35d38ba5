"""Progress in a log: plain lines, and on GitHub in groups."""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TextIO

from hitrate.progress.fence import fenced
from hitrate.progress.progress import Progress
from hitrate.progress.status import Clock, Pace, duration, one_line

TESTS_LINE_SECONDS = 30.0
"""A log gets a line about tests at most this often."""


class LogProgress:
    """Plain lines, for a log file or a pipe."""

    def __init__(self, stream: TextIO, clock: Clock = time.monotonic) -> None:
        """Write to ``stream``."""
        self._stream = stream
        self._clock = clock
        self._pace = Pace(clock)
        self._last_line = clock()

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Write the title, and how long it took when the block ends."""
        outer = self._pace
        self._pace = pace = Pace(self._clock)
        pace.begin(one_line(title))
        try:
            with self._section(pace.title) if not outer.title else self._part(pace.title):
                yield
                self._write(f"{pace.title}: done in {duration(pace.seconds)}")
        finally:
            self._pace = outer

    def run(self, label: str, number: int, of: int | None) -> None:
        """Write that the run starts."""
        self._pace.run(one_line(label), number, of)
        of_them = f" of {of}" if of else ""
        left = self._pace.seconds_left
        rest = "" if left is None else f", at most {duration(left)} left"
        self._write(f"  run {number}{of_them}: {one_line(label)}{rest}")

    def tests(self, done: int) -> None:
        """Write how many tests have ended, now and then."""
        self._pace.tests = done
        if self._clock() - self._last_line >= TESTS_LINE_SECONDS:
            self._write(f"    {done} tests so far")

    def say(self, line: str) -> None:
        """Write a fact."""
        self._write(one_line(line))

    def output(self, text: str) -> None:
        """Write the lines."""
        for line in text.splitlines():
            self._write(f"  {one_line(line)}")

    def _section(self, title: str) -> AbstractContextManager[None]:
        return self._part(title)

    @contextmanager
    def _part(self, title: str) -> Iterator[None]:
        self._write(title)
        yield

    def _write(self, line: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self._stream.flush()
        self._last_line = self._clock()


class GroupedLogProgress(LogProgress):
    """Plain lines in the foldable groups of GitHub Actions; a group cannot hold another."""

    def output(self, text: str) -> None:
        """Write the lines so that the runner finds no command among them."""
        for line in fenced(text) if text else ():
            self._write(line)

    @contextmanager
    def _section(self, title: str) -> Iterator[None]:
        self._write("::group::" + title.replace("%", "%25"))
        try:
            yield
        finally:
            self._write("::endgroup::")


def log_for(environ: Mapping[str, str], stream: TextIO) -> Progress:
    """The kind of log that fits who reads it."""
    return GroupedLogProgress(stream) if environ.get("GITHUB_ACTIONS") == "true" else LogProgress(stream)

"""Progress where a person reads: one line that changes on a terminal."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from hitrate.progress.fence import fenced
from hitrate.progress.joblog import log_for
from hitrate.progress.progress import Progress
from hitrate.progress.status import Clock, Pace, duration, one_line


class Terminal(Console):
    """Where a person reads; a reader that has gone is the caller's to judge, and no failure by itself."""

    def on_broken_pipe(self) -> None:
        """Raise the error that Rich turns into exit code 1, which means a failed gate here."""
        self.quiet = True
        raise BrokenPipeError


class TerminalProgress:
    """One line at the bottom that changes; facts and finished phases stay above it."""

    def __init__(self, console: Console, clock: Clock = time.monotonic) -> None:
        """Write to ``console``, which is a terminal."""
        self._console = console
        self._pace = Pace(clock)

    @contextmanager
    def phase(self, title: str) -> Iterator[None]:
        """Show the phase until the block ends, then its title and how long it took."""
        outer = self._pace
        self._pace = pace = Pace(outer.clock)
        pace.begin(one_line(title))
        try:
            if outer.title:
                yield
            else:
                with Live(get_renderable=self._shown, console=self._console, transient=True):
                    yield
            self._print(f"{pace.title} ({duration(pace.seconds)})")
        finally:
            self._pace = outer

    def run(self, label: str, number: int, of: int | None) -> None:
        """Show the run."""
        self._pace.run(one_line(label), number, of)

    def tests(self, done: int) -> None:
        """Show how many tests have ended."""
        self._pace.tests = done

    def say(self, line: str) -> None:
        """Put a fact above the line."""
        self._print(one_line(line))

    def output(self, text: str) -> None:
        """Put the lines above the line."""
        for line in text.splitlines():
            self._print(f"  {one_line(line)}")

    def _shown(self) -> Text:
        return Text(self._pace.line(self._console.width), no_wrap=True, overflow="ellipsis")

    def _print(self, line: str) -> None:
        self._console.print(Text(line))


@contextmanager
def harmless(console: Console, environ: Mapping[str, str]) -> Iterator[None]:
    """What the block prints holds no command, where GitHub's runner reads it."""
    if environ.get("GITHUB_ACTIONS") != "true":
        yield
        return
    begin, end = fenced("")
    console.print(begin, markup=False, soft_wrap=True)
    try:
        yield
    finally:
        console.print(end, markup=False, soft_wrap=True)


def progress_for(environ: Mapping[str, str], stream: TextIO) -> Progress:
    """The kind of progress that fits where ``stream`` goes."""
    unattended = environ.get("CI") or environ.get("GITHUB_ACTIONS") == "true"
    if stream.isatty() and environ.get("TERM") != "dumb" and not unattended:
        return TerminalProgress(Terminal(file=stream, highlight=False))
    return log_for(environ, stream)

"""Progress for people: one line that changes on a terminal, grouped plain lines in a CI log."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from hitrate.fence import fenced
from hitrate.outcome import plain
from hitrate.progress import Progress

TESTS_LINE_SECONDS = 30.0
"""A CI log gets a line about tests at most this often."""

Clock = Callable[[], float]


class Terminal(Console):
    """Where a person reads; a reader that has gone is the caller's to judge, and no failure by itself."""

    def on_broken_pipe(self) -> None:
        """Raise the error that Rich turns into exit code 1, which means a failed gate here."""
        self.quiet = True
        raise BrokenPipeError


@dataclass(slots=True)
class Pace:
    """Where the work stands, and how long the rest of a phase takes if it goes on like this.

    Attributes:
        title: The phase, empty between phases.
        label: What the current run is.
        number: The current run, counted from 1; 0 before the first.
        of: Runs of the phase, if known.
        tests: Tests of the current run that have ended.
    """

    clock: Clock
    title: str = ""
    label: str = ""
    number: int = 0
    of: int | None = None
    tests: int = 0
    _phase_started: float = field(default=0.0, init=False)
    _run_started: float = field(default=0.0, init=False)
    _durations: list[float] = field(default_factory=list, init=False)

    def begin(self, title: str) -> None:
        """A phase starts."""
        self.title, self.label, self.number, self.of, self.tests = title, "", 0, None, 0
        self._durations.clear()
        self._phase_started = self.clock()

    def run(self, label: str, number: int, of: int | None) -> None:
        """A run starts; the one before it has ended."""
        now = self.clock()
        if self.number:
            self._durations.append(now - self._run_started)
        self.label, self.number, self.of, self.tests = label, number, of, 0
        self._run_started = now

    @property
    def seconds(self) -> float:
        """Since the phase began."""
        return self.clock() - self._phase_started

    @property
    def seconds_left(self) -> float | None:
        """Until the phase ends, None while it cannot be told."""
        if self.of is None or not self._durations:
            return None
        usual = sum(self._durations) / len(self._durations)
        current = max(0.0, usual - (self.clock() - self._run_started))
        return current + usual * max(0, self.of - self.number)

    def line(self, width: int) -> str:
        """Everything in one line: the title gives way first, then the label."""
        facts = []
        if self.number:
            facts.append(f"run {self.number}" + (f" of {self.of}" if self.of else ""))
        if self.tests:
            facts.append(f"{self.tests} test{'s' * (self.tests != 1)}")
        if (left := self.seconds_left) is not None:
            facts.append(f"about {duration(left)} left")
        known = ", ".join(facts)
        room = width - len(known) - 2 * bool(known)
        name = f"{self.title}: {self.label}" if self.label else self.title
        if len(name) > room:
            name = shortened(self.label or self.title, room)
        return shortened(f"{name}, {known}" if known and name else name or known, width)


def duration(seconds: float) -> str:
    """Seconds for people: ``40 s``, ``2 min 5 s``, ``1 h 3 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def shortened(text: str, width: int) -> str:
    """The text in at most ``width`` characters, its cut end marked."""
    return text if len(text) <= width else f"{text[: max(0, width - 3)]}..."[: max(0, width)]


def one_line(text: str) -> str:
    """The text without line breaks, control characters or anything a CI runner takes for a command."""
    flat = plain(" ".join(text.split())).replace("##[", "## [")
    return flat.replace("::", ": :", 1) if flat.startswith("::") else flat


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
        rest = "" if left is None else f", about {duration(left)} left"
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
    if environ.get("GITHUB_ACTIONS") == "true":
        return GroupedLogProgress(stream)
    if stream.isatty() and environ.get("TERM") != "dumb" and not environ.get("CI"):
        return TerminalProgress(Terminal(file=stream, highlight=False))
    return LogProgress(stream)

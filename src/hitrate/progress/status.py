"""Where long work stands, and how that is put into one line."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hitrate.wording.text import without_escapes

Clock = Callable[[], float]


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
            facts.append(f"at most {duration(left)} left")
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
    flat = without_escapes(" ".join(text.split())).replace("##[", "## [")
    return flat.replace("::", ": :", 1) if flat.startswith("::") else flat

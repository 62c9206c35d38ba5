"""What a test runner's output says: tests run, tests failed, last lines (pytest, unittest and their like)."""

import re
from collections import deque
from dataclasses import dataclass

from hitrate.progress.progress import Progress
from hitrate.wording.text import LINE_LIMIT, without_escapes

FAILED_LIMIT = 1000

_PYTEST_FAILED = re.compile(r"^(?:FAILED|ERROR|SUBFAIL(?:ED)?(?:\[.*?\])?(?:\(.*?\))?) (?!\()(\S.*)$")
_PYTEST_SUMMARY = re.compile(
    r"^(?:=+ )?((?:\d+ (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|rerun|"
    r"subtests passed)(?:, )?)+) in [\d.]+s"
)
_COUNT = re.compile(r"(\d+) (passed|failed|error|xfailed|xpassed)")
# pytest-sugar and pytest-pretty say it in a line for each outcome.
_PYTEST_RESULTS = re.compile(r"^Results \([\d.]+ ?s(?: .*)?\):$")
_PYTEST_RESULT = re.compile(
    r"^\s+(\d+) (passed|failed|errors?|xfailed|xpassed|skipped|deselected|rerun|warnings?)$"
)
_PYTEST_NOTHING = re.compile(r"^(?:=+ )?(?:no tests ran|no tests collected|\d+ deselected)\b.* in [\d.]+s")
_UNITTEST_FAILED = re.compile(r"^(?:FAIL|ERROR): (\S+) \(([\w.]+)\)")
_UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in [\d.]+s|^Ran: (\d+) tests? in [\d.]+ sec")
_ZOPE_FAILED = re.compile(r"^(?:Failure|Error) in test (\S+) \(([\w.]+)\)")
_ZOPE_RAN = re.compile(r"^  Ran (\d+) tests? with \d+ failures")
_PYTEST_DOTS = re.compile(r"^(?:\S+\.py )?([.FEsxX]+)(?: +\[ *\d+%\])?$")
_PYTEST_VERBOSE = re.compile(
    r"\S+::\S.* (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b|(?:PASSED|FAILED) \S+::"
)


@dataclass(frozen=True, slots=True)
class OutputSummary:
    """What the output said.

    Attributes:
        tests: Tests that ran (passed, failed, in error, expected failures); None if not said.
        failed: Ids of failed tests, in order, each once, as the runner names them.
        nothing_collected: The runner said that it found no test.
        tail: Last lines, without escape sequences or control characters.
    """

    tests: int | None
    failed: tuple[str, ...]
    nothing_collected: bool
    tail: str


class OutputReader:
    """Reads a runner's output as it comes, in bounded memory."""

    def __init__(self, progress: Progress, *, tail_lines: int) -> None:
        """Read nothing yet; ``progress`` hears how many tests have ended."""
        self._progress = progress
        self._tail: deque[str] = deque(maxlen=tail_lines)
        self._partial = b""
        self._failed: dict[str, None] = {}
        self._ended = 0
        self._counts: list[int] = []
        self._nothing = False
        self._in_results = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of output."""
        *lines, rest = (self._partial + chunk).split(b"\n")
        self._partial = rest[-LINE_LIMIT * 4 :]
        for line in lines:
            self._line(line)

    def summary(self) -> OutputSummary:
        """What was read so far, the last unfinished line included."""
        if self._partial:
            self._line(self._partial)
            self._partial = b""
        return OutputSummary(
            tests=sum(self._counts) if self._counts else None,
            failed=tuple(self._failed),
            nothing_collected=self._nothing and not any(self._counts),
            tail="\n".join(self._tail),
        )

    def _line(self, raw: bytes) -> None:
        line = without_escapes(raw.decode("utf-8", "replace"))
        if line.strip():
            self._tail.append(line)
        self._note_progress(line)
        self._note_failure(line)
        self._note_total(line)

    def _note_progress(self, line: str) -> None:
        if dots := _PYTEST_DOTS.match(line):
            self._ended += len(dots[1])
        elif _PYTEST_VERBOSE.search(line):
            self._ended += 1
        else:
            return
        self._progress.tests(self._ended)

    def _note_failure(self, line: str) -> None:
        if len(self._failed) >= FAILED_LIMIT:
            return
        if match := _PYTEST_FAILED.match(line):
            self._failed[node_id(match[1])] = None
        elif match := _UNITTEST_FAILED.match(line) or _ZOPE_FAILED.match(line):
            name, owner = match[1], match[2]
            self._failed[owner if owner.endswith(f".{name}") else f"{owner}.{name}"] = None

    def _note_total(self, line: str) -> None:
        if match := _PYTEST_SUMMARY.match(line):
            self._counts.append(sum(int(count) for count, _ in _COUNT.findall(match[1])))
        elif match := _UNITTEST_RAN.match(line) or _ZOPE_RAN.match(line):
            ran = int(next(filter(None, match.groups())))
            self._counts.append(ran)
            self._nothing |= ran == 0
        elif _PYTEST_RESULTS.match(line):
            self._in_results = True
        elif self._in_results and (match := _PYTEST_RESULT.match(line)):
            if _COUNT.search(f"{match[1]} {match[2]}"):
                self._counts.append(int(match[1]))
        elif line.strip() and not line.startswith(" "):
            self._in_results = False
        if _PYTEST_NOTHING.match(line):
            self._nothing = True


def node_id(summary: str) -> str:
    """The test id at the start of a line of pytest's short summary (``id - message``).

    Parameters in brackets may hold the separator too, so it counts only outside them.
    """
    depth = 0
    for index, character in enumerate(summary):
        depth += (character == "[") - (character == "]")
        if depth <= 0 and summary.startswith(" - ", index):
            return summary[:index]
    return summary.rstrip() if depth <= 0 else summary.split(" - ", 1)[0]

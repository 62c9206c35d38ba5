"""One row of a job: which of its steps runs the tests, and what speaks for it and against it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from hitrate.environment.declared import shell
from hitrate.environment.declared.naming import Purpose, by_name, odd, words_of
from hitrate.workflow.choosing import interpreter
from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.derivation import Python, Tests
from hitrate.workflow.reading.expression import UNKNOWN, as_text, truth
from hitrate.workflow.reading.reasons import Point, Reason
from hitrate.workflow.reading.steps import JobRow, Step, absences, obstacles
from hitrate.workflow.reading.testing import Invocation, Lookout

_LINUX = re.compile(r"ubuntu|linux|debian", re.IGNORECASE)
_WINDOWS = re.compile(r"windows", re.IGNORECASE)
_MACOS = re.compile(r"macos|darwin|osx", re.IGNORECASE)
_ARM = re.compile(r"\barm|aarch64", re.IGNORECASE)
_ABOUT_THE_PULL_REQUEST = re.compile(r"github\.(?:event\.(?!action|ref)|head_ref|actor|triggering_actor)")
_FILE_COMMANDS = re.compile(r"GITHUB_(?:OUTPUT|ENV|PATH|STEP_SUMMARY|STATE)\b")
_OF_MANY_FILES = frozenset(
    {"test", "tests", "testing", "ci", "unit", "unittest", "unittests", "pytest", "tox"}
)
_NEUTRAL = frozenset(
    {"build", "builds", "check", "checks", "package", "python", "main", "integration", "py", "qa"}
)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a job.

    Attributes:
        path: The workflow's file.
        root: The repository; None where there is none to look into.
        event: The event by which the workflow looks at a change; None if by none.
        only_for: The files that it runs for, where none of them can be code.
        name: The job's name.
        place: The row.
    """

    path: str
    root: Path | None
    event: str | None
    only_for: str | None
    name: str
    place: JobRow

    def candidate(self, runs: bool | None) -> Candidate | None:
        """The job with what speaks for it and against it; None if it runs no tests there.

        Args:
            runs: Whether the job's own condition holds; None if only a run would tell.
        """
        steps = self.place.steps()
        chosen = self._tests(steps)
        if chosen is None:
            return None
        number, finding = chosen
        before, tests = steps[:number], steps[number]
        python = self._python(steps[: number + 1])
        found = Tests(self.place, self._folder(tests), before, tests, finding, python)
        reasons = [
            *self._of_finding(finding),
            *self._of_name(),
            *self._of_events(runs, tests),
            *self._of_platform(),
            *self._of_python(python),
            *self._of_row(),
            *obstacles(before, tests),
            *self._of_script(found),
        ]
        unique = tuple(dict.fromkeys(reasons))
        return Candidate(self.path, self.name, found.recipe(), None, unique, tuple(absences(before)))

    def _tests(self, steps: list[Step]) -> tuple[int, Invocation] | None:
        """The step that most surely runs the tests, and the line that does."""
        found = [
            (number, finding)
            for number, step in enumerate(steps)
            if step.script
            for line in shell.lines_of(step.read)
            if (finding := self._lookout(step).finding(line))
        ]
        weights = {Purpose.TESTS: 0, Purpose.UNKNOWN: -15, Purpose.PART: -20}
        return max(found, key=lambda one: one[1].point.weight + weights[one[1].runs], default=None)

    def _lookout(self, step: Step) -> Lookout:
        return Lookout(self._folder(step), self.place.known(step.data))

    def _folder(self, step: Step) -> Path | None:
        given = self.place.working_directory(step)
        return self.root / given if self.root and given else self.root

    def _of_finding(self, finding: Invocation) -> Iterator[Reason]:
        yield Reason(finding.point, finding.line)
        if finding.runs is Purpose.UNKNOWN:
            yield Reason(Point.UNKNOWN_ENVIRONMENT, finding.line)
        if finding.runs is Purpose.PART:
            yield Reason(Point.PART, finding.line)
        elif finding.point is Point.RUNNER and (folder := Lookout(None, {}).subfolder(finding.line)):
            yield Reason(Point.SUBFOLDER, folder)

    def _of_name(self) -> Iterator[Reason]:
        words = [word for word in words_of(self.name) if word not in _NEUTRAL]
        named = by_name(" ".join(words)) if words else Purpose.UNKNOWN
        if named is Purpose.UNKNOWN and not words:
            named = by_name(as_text(self.place.job.get("name") or "").partition("$")[0])
            named = Purpose.UNKNOWN if named is Purpose.OTHER else named
        if named is Purpose.OTHER:
            yield Reason(Point.CALLED_OTHERWISE)
        elif named is Purpose.PART:
            yield Reason(Point.PART, f"job {self.name}")
        elif named is Purpose.TESTS:
            only = all(by_name(word) is Purpose.TESTS for word in words_of(self.name))
            yield Reason(Point.NAMED if only else Point.NAMED_AMONG_OTHERS)
        words = [word for word in words_of(PurePosixPath(self.path).stem) if word not in _NEUTRAL]
        if any(word in _OF_MANY_FILES for word in words):
            yield Reason(Point.IN_FILE_OF_TESTS)
        if by_name(" ".join(words)) in (Purpose.OTHER, Purpose.PART):
            yield Reason(Point.IN_FILE_OF_OTHERS)

    def _of_events(self, runs: bool | None, tests: Step) -> Iterator[Reason]:
        for given, certain in ((self.place.job.get("if"), runs), (tests.data.get("if"), tests.sure)):
            if not certain and _ABOUT_THE_PULL_REQUEST.search(str(given)):
                yield Reason(Point.SKIPS, str(given))
        event = self.event
        if only := self.only_for:
            yield Reason(Point.ONLY_FOR_OTHER_FILES, only)
        if event is None:
            yield Reason(Point.NOT_ON_PULL_REQUESTS)
        elif event != "pull_request":
            yield Reason(Point.PULL_REQUESTS_BY_PUSH)

    def _of_platform(self) -> Iterator[Reason]:
        labels = self._labels()
        text = " ".join(as_text(label) for label in labels if label is not UNKNOWN)
        if not self.place.row.complete and UNKNOWN in labels:
            yield Reason(Point.DYNAMIC)
        elif not _LINUX.search(text):
            systems = ((_WINDOWS, "Windows"), (_MACOS, "macOS"))
            system = next((name for pattern, name in systems if pattern.search(text)), None)
            yield Reason(Point.ELSEWHERE, system) if system else Reason(Point.NO_PLATFORM)
        elif _ARM.search(text):
            yield Reason(Point.ODD_ROW, text)
        container = self.place.value(self.place.job.get("container"))
        image = container.get("image") if isinstance(container, Mapping) else container
        image = self.place.value(image)
        if image is UNKNOWN or truth(image):
            shown = "that its matrix names" if image is UNKNOWN else as_text(image)
            yield Reason(Point.ALPINE if "alpine" in shown else Point.CONTAINER, shown)

    def _labels(self) -> list[Any]:
        runs_on = self.place.value(self.place.job.get("runs-on"))
        if isinstance(runs_on, Mapping):
            runs_on = runs_on.get("labels")
        return [self.place.value(one) for one in (runs_on if isinstance(runs_on, list) else [runs_on])]

    def _python(self, steps: list[Step]) -> Python:
        """The Python that the job says last before its tests."""
        said: list[object] = []
        for step in steps:
            given = step.data.get("with")
            said.append(given.get("python-version") if isinstance(given, Mapping) else None)
        said += [shell.command(line).python for line in shell.lines_of(steps[-1].script)]
        text = next((text for one in reversed(said) if (text := as_text(one).strip())), None)
        value = self.place.value(text.strip("'\"")) if text else None
        return Python(text, None if value in (None, UNKNOWN) else as_text(value))

    def _of_python(self, python: Python) -> Iterator[Reason]:
        kind = interpreter.kind(python.value)
        if kind is interpreter.Support.UNSUPPORTED:
            yield Reason(Point.ANOTHER_PYTHON, python.value or "")
        elif kind is interpreter.Support.OLD:
            yield Reason(Point.OLD, python.value or "")
        elif kind is interpreter.Support.PRERELEASE:
            yield Reason(Point.PRERELEASE, python.value or "")

    def _of_row(self) -> Iterator[Reason]:
        for key, value in self.place.row.values.items():
            if isinstance(value, Mapping | list) or not truth(value):
                continue
            if (
                (value is not True and odd(as_text(value)))
                or (value is True and odd(str(key)))
                or _without(str(key))
            ):
                yield Reason(Point.ODD_ROW, f"{key}: {as_text(value)}")
        if self.place.row.added:
            yield Reason(Point.ODD_ROW, "rows that it includes")
        services = self.place.job.get("services")
        if isinstance(services, Mapping) and services:
            yield Reason(Point.SERVICES, ", ".join(map(str, services)))

    def _of_script(self, tests: Tests) -> Iterator[Reason]:
        if tests.detected:
            return
        script = tests.step.script
        if shell.branches(script):
            yield Reason(Point.COMMAND_OF_MANY)
        elif shell.torn(script):
            yield Reason(Point.CUT, tests.finding.line)
        if _FILE_COMMANDS.search(script):
            yield Reason(Point.CUT, tests.finding.line)


def _without(key: str) -> bool:
    return "without" in words_of(key)

"""The jobs of a workflow that run tests, each with what speaks for it and against it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from hitrate.workflow import interpreter, shell
from hitrate.workflow.document import UnclearError
from hitrate.workflow.environments import Runs, by_name, configured, odd, words_of
from hitrate.workflow.expression import UNKNOWN, as_text, filled_in, holds, truth
from hitrate.workflow.matrix import Row, condition, rows_of
from hitrate.workflow.reasons import Absence, Point, Reason
from hitrate.workflow.recipe import Recipe, Surroundings, tests_in, variables, version
from hitrate.workflow.steps import Place, Step, absences, obstacles
from hitrate.workflow.testing import Finding, Lookout

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
class Candidate:
    """A job that runs tests.

    Attributes:
        path: The workflow's file.
        job: The job's name there.
        recipe: How it runs them; None where it is not to be taken.
        condition: When the step should run, as an expression; None is always.
        reasons: What speaks for it and against it.
        absent: What it has and the action's container has not, with the step that makes it.
    """

    path: str
    job: str
    recipe: Recipe | None
    condition: str | None
    reasons: tuple[Reason, ...]
    absent: tuple[tuple[Absence, str], ...] = ()

    @property
    def weight(self) -> int:
        """The sum of what speaks for it and against it."""
        return sum(reason.point.weight for reason in self.reasons)

    def has(self, *points: Point) -> bool:
        """Whether one of the points is among its reasons."""
        return any(reason.point in points for reason in self.reasons)

    def but(self, point: Point, seen: str) -> "Candidate":
        """The same with one more reason."""
        return replace(self, reasons=(*self.reasons, Reason(point, seen)))


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow to be looked at.

    Attributes:
        path: Its file, for the reader.
        data: What it holds.
        root: The repository, for what tox, nox and others run; None where there is none to look into.
    """

    path: str
    data: Mapping[str, Any]
    root: Path | None = None

    def candidates(self) -> list[Candidate]:
        """Its jobs that run tests, in their order."""
        jobs = self.data.get("jobs")
        given = jobs.items() if isinstance(jobs, Mapping) else ()
        found = (self._candidate(str(name), job) for name, job in given if isinstance(job, Mapping))
        return [one for one in found if one]

    def events(self) -> dict[str, Any]:
        """The events that it runs on, with their settings."""
        given = self.data.get("on")
        if isinstance(given, str):
            return {given: None}
        if isinstance(given, Mapping):
            return {str(name): settings for name, settings in given.items()}
        return {str(name): None for name in given} if isinstance(given, list) else {}

    @property
    def event(self) -> str | None:
        """The event by which it looks at a change: a pull request, or else a push; None if by neither."""
        events = self.events()
        settings = events.get("pull_request")
        types = settings.get("types") if isinstance(settings, Mapping) else None
        listed = [types] if isinstance(types, str) else types
        if "pull_request" in events and (listed is None or {"opened", "synchronize"} & set(listed)):
            return "pull_request"
        pushed = events.get("push", "no")
        branches = not isinstance(pushed, Mapping) or "tags" not in pushed or "branches" in pushed
        if "push" in events and branches:
            return "push"
        return "merge_group" if "merge_group" in events else None

    def _candidate(self, name: str, job: Mapping[str, Any]) -> Candidate | None:
        hidden = self._hidden(name, job)
        if hidden is not None:
            return hidden
        try:
            rows = rows_of(job)
        except UnclearError as error:
            rows, uneditable = [Row({}, complete=False)], str(error)
        else:
            uneditable = ""
        seen = [one for row in rows if (one := self._in_row(name, job, row))]
        if not seen:
            return None
        best = max(seen, key=lambda one: one[1].weight)
        row, candidate = best
        if uneditable:
            candidate = candidate.but(Point.UNEDITABLE, uneditable)
        if len({repr(one.values) for one in rows}) > 1 or not row.complete:
            candidate = candidate.but(Point.PYTHONS, "")
        on_pull_request = "github.event_name == 'pull_request'" if self._more_than_pull_requests() else None
        parts = [part for part in (on_pull_request, condition(rows, row)) if part]
        return replace(candidate, condition=" && ".join(parts) or None)

    def _more_than_pull_requests(self) -> bool:
        return self.event == "pull_request" and len(self.events()) > 1

    def _hidden(self, name: str, job: Mapping[str, Any]) -> Candidate | None:
        """A job whose tests are in a workflow or an action that is not read."""
        uses = [job.get("uses")] if job.get("uses") else []
        steps = job.get("steps")
        uses += (
            [step.get("uses") for step in steps if isinstance(step, Mapping)]
            if isinstance(steps, list)
            else []
        )
        local = [str(one) for one in uses if str(one or "").startswith("./")]
        found = next((one for one in local if by_name(PurePosixPath(one).stem) is Runs.TESTS), None)
        if found is None:
            return None
        return Candidate(self.path, name, None, None, (Reason(Point.HIDDEN, found),))

    def _in_row(self, name: str, job: Mapping[str, Any], row: Row) -> tuple[Row, Candidate] | None:
        place = self._place(job, row)
        runs = holds(job.get("if"), place.contexts)
        if runs is False:
            return None
        view = _View(self, name, place)
        found = view.candidate(runs)
        return (row, found) if found else None

    def _place(self, job: Mapping[str, Any], row: Row) -> Place:
        event = self.event or "pull_request"
        github = {
            "event_name": event,
            "ref": "refs/pull/1/merge",
            "ref_type": "branch",
            "ref_name": "1/merge",
        }
        if event != "pull_request":
            github |= {"ref": "refs/heads/main", "ref_name": "main"}
        contexts: dict[str, Any] = {
            "matrix": dict(row.values) if row.complete else UNKNOWN,
            "github": _Partly({**github, "event": _Partly({"action": "synchronize"})}),
            "runner": _Partly({"os": "Linux", "arch": "X64"}),
        }
        around = {**_mapping(self.data.get("env")), **_mapping(job.get("env"))}
        contexts["env"] = {str(key): filled_in(value, contexts) for key, value in around.items()}
        defaults = {
            **_mapping(_mapping(self.data.get("defaults")).get("run")),
            **_mapping(_mapping(job.get("defaults")).get("run")),
        }
        return Place(job, row, contexts, defaults)


class _Partly(dict[str, Any]):
    """A context of which only some names are known."""

    def get(self, key: str, default: Any = UNKNOWN) -> Any:
        """The value, or UNKNOWN."""
        return super().get(key, default)


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


@dataclass(frozen=True, slots=True)
class _View:
    """One row of a job."""

    workflow: Workflow
    name: str
    place: Place

    def candidate(self, runs: bool | None) -> Candidate | None:
        steps = self.place.steps()
        chosen = self._tests(steps)
        if chosen is None:
            return None
        number, finding = chosen
        before, tests = steps[:number], steps[number]
        python = self._python(steps[: number + 1])
        reasons = [
            *self._of_finding(finding),
            *self._of_name(),
            *self._of_events(runs, tests),
            *self._of_platform(),
            *self._of_python(python),
            *self._of_row(),
            *obstacles(before, tests),
            *self._of_script(tests, finding),
        ]
        recipe = self._recipe(before, tests, finding, python)
        unique = tuple(dict.fromkeys(reasons))
        return Candidate(self.workflow.path, self.name, recipe, None, unique, tuple(absences(before)))

    def _tests(self, steps: list[Step]) -> tuple[int, Finding] | None:
        """The step that most surely runs the tests, and the line that does."""
        found = [
            (number, finding)
            for number, step in enumerate(steps)
            if step.script
            for line in shell.lines_of(step.read)
            if (finding := self._lookout(step).finding(line))
        ]
        weights = {Runs.TESTS: 0, Runs.UNKNOWN: -5, Runs.PART: -20}
        return max(found, key=lambda one: one[1].point.weight + weights[one[1].runs], default=None)

    def _lookout(self, step: Step) -> Lookout:
        around = {**_mapping(self.place.contexts.get("env"))}
        own = (
            self.place.value(step.data.get("env"))
            if isinstance(step.data.get("env"), str)
            else step.data.get("env")
        )
        known = {**around, **{str(key): self.place.value(value) for key, value in _mapping(own).items()}}
        texts = {key: as_text(value) for key, value in known.items() if value is not UNKNOWN}
        return Lookout(self._folder(step), texts)

    def _folder(self, step: Step) -> Path | None:
        root = self.workflow.root
        given = step.data.get("working-directory", self.place.defaults.get("working-directory"))
        return root / str(given) if root and given else root

    def _of_finding(self, finding: Finding) -> Iterator[Reason]:
        yield Reason(finding.point, finding.line)
        if finding.runs is Runs.UNKNOWN:
            yield Reason(Point.UNKNOWN_ENVIRONMENT, finding.line)
        if finding.runs is Runs.PART:
            yield Reason(Point.PART, finding.line)

    def _of_name(self) -> Iterator[Reason]:
        words = [word for word in words_of(self.name) if word not in _NEUTRAL]
        named = by_name(" ".join(words)) if words else Runs.UNKNOWN
        if named is Runs.UNKNOWN and not words:
            named = by_name(as_text(self.place.job.get("name") or "").partition("$")[0])
            named = Runs.UNKNOWN if named is Runs.OTHER else named
        if named is Runs.OTHER:
            yield Reason(Point.CALLED_OTHERWISE)
        elif named is Runs.PART:
            yield Reason(Point.PART, f"job {self.name}")
        elif named is Runs.TESTS:
            yield Reason(Point.NAMED)
        words = [word for word in words_of(PurePosixPath(self.workflow.path).stem) if word not in _NEUTRAL]
        if any(word in _OF_MANY_FILES for word in words):
            yield Reason(Point.IN_FILE_OF_TESTS)
        if by_name(" ".join(words)) in (Runs.OTHER, Runs.PART):
            yield Reason(Point.IN_FILE_OF_OTHERS)

    def _of_events(self, runs: bool | None, tests: Step) -> Iterator[Reason]:
        for given, certain in ((self.place.job.get("if"), runs), (tests.data.get("if"), tests.sure)):
            if not certain and _ABOUT_THE_PULL_REQUEST.search(str(given)):
                yield Reason(Point.SKIPS, str(given))
        event = self.workflow.event
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

    def _python(self, steps: list[Step]) -> tuple[str | None, str | None]:
        """The version that the job says last before its tests: as it says it, and what it is in this row."""
        said: list[object] = []
        for step in steps:
            said.append(_mapping(step.data.get("with")).get("python-version"))
            said += (
                [shell.command(line).python for line in shell.lines_of(step.script)]
                if step is steps[-1]
                else []
            )
        given = [
            (text, self.place.value(text.strip("'\""))) for one in said if (text := as_text(one).strip())
        ]
        text, value = given[-1] if given else (None, None)
        return (text, None if value in (None, UNKNOWN) else as_text(value))

    def _of_python(self, python: tuple[str | None, str | None]) -> Iterator[Reason]:
        kind = interpreter.kind(python[1])
        if kind is interpreter.Kind.UNSUPPORTED:
            yield Reason(Point.ANOTHER_PYTHON, python[1] or "")
        elif kind is interpreter.Kind.PRERELEASE:
            yield Reason(Point.PRERELEASE, python[1] or "")

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

    def _of_script(self, tests: Step, finding: Finding) -> Iterator[Reason]:
        if self._detected(tests, finding):
            return
        if shell.branches(tests.script):
            yield Reason(Point.COMMAND_OF_MANY)
        elif shell.torn(tests.script):
            yield Reason(Point.CUT, finding.line)
        if _FILE_COMMANDS.search(tests.script):
            yield Reason(Point.CUT, finding.line)

    def _detected(self, tests: Step, finding: Finding) -> bool:
        """Whether detection finds the tests as well as the job's command does."""
        folder = self._folder(tests)
        if folder is None or finding.point is Point.RUNNER:
            return False
        tool = {Point.TOX: "tox", Point.NOX: "nox", Point.HATCH: "hatch"}.get(finding.point)
        return interpreter.pytest_is_known(folder) if tool is None else configured(tool, folder)

    def _recipe(
        self, before: list[Step], tests: Step, finding: Finding, python: tuple[str | None, str | None]
    ) -> Recipe | None:
        lines = [line for step in (*before, tests) for line in shell.lines_of(step.script)]
        setup = shell.system_script(line for line in lines if shell.installs_system(line))
        around = {**variables(self.workflow.data.get("env")), **variables(self.place.job.get("env"))}
        surroundings = Surroundings(
            around, variables(tests.data.get("env")), _mapping(self.place.job.get("services"))
        )
        names, own = surroundings.passed()
        given = tests.data.get("working-directory", self.place.defaults.get("working-directory"))
        command, install = None, None
        if not self._detected(tests, finding):
            judge = self._lookout(tests)
            command = shell.script(
                tests_in(tests.script, lambda line: judge.finding(_plain(line, self.place)) is not None)
            )
            install = shell.script(line for line in lines if shell.installs(line)) or _tool(finding)
            setup = _with_make(setup, finding)
        return Recipe(
            test_command=command,
            python_version=version(python[0].strip("'\"")) if python[0] else None,
            setup=shell.script(setup) or None,
            install=install,
            working_directory=str(given) if given and str(given) != "." else None,
            pass_env=names,
            environment=own,
        )


def _without(key: str) -> bool:
    return "without" in words_of(key)


def _plain(line: str, place: Place) -> str:
    return re.sub(
        r"\$\{\{.*?\}\}",
        lambda found: as_text(value) if (value := place.value(found[0])) is not UNKNOWN else found[0],
        line,
    )


def _tool(finding: Finding) -> str | None:
    """What installs the tool that the command calls, where the job gets it otherwise."""
    tool = {Point.TOX: "tox", Point.NOX: "nox", Point.HATCH: "hatch"}.get(finding.point)
    return f"python -m pip install {tool}" if tool else None


def _with_make(setup: list[str], finding: Finding) -> list[str]:
    """The image has no make."""
    if finding.point is not Point.TARGET or shell.command(finding.line).program[0] not in ("make", "gmake"):
        return setup
    return [*(setup or ["apt-get update"]), "apt-get install -y --no-install-recommends make"]

"""The recipe of a job in one row of its matrix: what the action needs to run the tests as it does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hitrate.environment.declared import makefile, shell
from hitrate.environment.declared.toxini import filled
from hitrate.workflow.choosing import interpreter
from hitrate.workflow.choosing.recipe import Recipe, StepVariables, tests_in, variables, version
from hitrate.workflow.reading.environments import configured, tox_commands, tox_variables
from hitrate.workflow.reading.expression import UNKNOWN, as_text
from hitrate.workflow.reading.reasons import Point
from hitrate.workflow.reading.steps import JobRow, Step
from hitrate.workflow.reading.testing import Invocation, Lookout

_DETECTED = re.compile(r"\b(?:pytest|py\.test|unittest)\b")
_TOOLS = {Point.TOX: "tox", Point.NOX: "nox", Point.HATCH: "hatch"}


@dataclass(frozen=True, slots=True)
class Python:
    """The Python that a job says last before its tests.

    Attributes:
        said: As the job says it; None where it says none.
        value: What it is in this row; None where only a run would tell.
    """

    said: str | None
    value: str | None

    @property
    def for_the_action(self) -> str | None:
        """As the action takes it; None where it is none that it takes, such as ``3.x``."""
        if self.said is None or (self.value is not None and version(self.value) is None):
            return None
        return version(self.said.strip("'\""))


@dataclass(frozen=True, slots=True)
class Tests:
    """The step of a job that runs the tests.

    Attributes:
        place: The job in its row.
        folder: The project's folder; None where there is no repository to look into.
        before: The steps before it.
        step: The step.
        finding: The line in it that runs them.
        python: The Python that they run on.
    """

    place: JobRow
    folder: Path | None
    before: Sequence[Step]
    step: Step
    finding: Invocation
    python: Python

    @property
    def detected(self) -> bool:
        """Whether detection finds the tests as well as the job's command does."""
        if self.folder is None or self.finding.point is Point.RUNNER:
            return False
        tool = _TOOLS.get(self.finding.point)
        if tool is None:
            return interpreter.pytest_is_known(self.folder)
        return configured(tool, self.folder) and not self._of_tox()

    def recipe(self) -> Recipe:
        """What the action needs."""
        lines = [line for step in (*self.before, self.step) for line in shell.lines_of(step.script)]
        setup = shell.system_script(line for line in lines if shell.installs_system(line))
        job = self.place.job
        services = job.get("services")
        of_tox = tox_variables(self._environment, self.folder) if self.folder and self._of_tox() else {}
        names, own = StepVariables(
            variables(self.place.environment),
            {**variables(of_tox), **variables(self.step.data.get("env"))},
            services if isinstance(services, Mapping) else {},
        ).passed()
        command, install = (None, None) if self.detected else self._commands(lines)
        if command and re.search(r"(?m)^g?make\b", command):
            # The image has no make.
            setup = [*(setup or ["apt-get update"]), "apt-get install -y --no-install-recommends make"]
        return Recipe(
            test_command=command,
            python_version=self.python.for_the_action,
            setup=shell.script(setup) or None,
            install=install,
            working_directory=self.place.working_directory(self.step),
            pass_env=names,
            environment=own,
        )

    def _commands(self, lines: list[str]) -> tuple[str, str | None]:
        """What runs the tests, and what installs for it."""
        if of_tox := self._of_tox():
            return of_tox, None  # What tox installs is detected.
        made = self._made()
        if made:
            own = [line for line in made if shell.installs(line)]
            runs = [line for line in made if not shell.prepares(line)]
            return shell.script(self._up_to_the_tests(runs)), shell.script(
                [*filter(shell.installs, lines), *own]
            ) or None
        judge = Lookout(self.folder, self.place.known(self.step.data))
        command = tests_in(self.step.script, lambda line: judge.finding(self._plain(line)) is not None)
        tool = _TOOLS.get(self.finding.point)
        install = shell.script(filter(shell.installs, lines)) or (
            f"python -m pip install {tool}" if tool else None
        )
        return shell.script(command), install

    def _of_tox(self) -> str | None:
        """The command that tox runs for the tests, where it is none of those that detection looks for."""
        if self.folder is None or self.finding.point is not Point.TOX:
            return None
        lines = list(map(filled, tox_commands(self._environment, self.folder)))
        found = [line for line in lines if _is_runner(line)]
        return None if any(_DETECTED.search(line) for line in lines) else next(iter(found), None)

    @property
    def _environment(self) -> str:
        """The environment of tox; by default it runs those of the Pythons."""
        return self.finding.environment or "py"

    def _made(self) -> list[str]:
        """The lines that a target of make runs for the tests, where its recipe says them."""
        program = shell.command(self.finding.line).program
        if (
            self.folder is None
            or self.finding.point is not Point.TARGET
            or program[:1] not in (("make",), ("gmake",))
        ):
            return []
        lines = [line for target in program[1:] for line in makefile.recipe(self.folder, target)]
        return lines if self._up_to_the_tests(lines) else []

    def _up_to_the_tests(self, lines: list[str]) -> list[str]:
        found = [number for number, line in enumerate(lines) if _is_runner(line)]
        return lines[: found[-1] + 1] if found else []

    def _plain(self, line: str) -> str:
        return re.sub(r"\$\{\{.*?\}\}", lambda found: self._value(found[0]), line)

    def _value(self, text: str) -> str:
        value = self.place.value(text)
        return text if value is UNKNOWN else as_text(value)


def _is_runner(line: str) -> bool:
    found = Lookout(None, {}).finding(line)
    return found is not None and found.point is Point.RUNNER

"""What the action needs to run tests as a job does: Python, packages, installation, command, variables."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hitrate.environment.declared import shell

_PACKAGE_MANAGER = re.compile(
    r"(?:POETRY|PDM|PIPENV|HATCH|UV|TOX|NOX|PRE_COMMIT|CIBW)_\w+|TOXENV|NOXSESSION|NOXFORCEPYTHON|PIP_(?!.*INDEX)\w+"
)
_OF_REPORTS = re.compile(r"COVERAGE_FILE|GITHUB_\w+|(?:CODECOV|COVERALLS|CODACY|SONAR)\w*")
_SECRET = re.compile(
    r"\bsecrets\b|\bgithub\.token\b|\btojson\(\s*(?:github|secrets|steps|needs)\s*\)", re.IGNORECASE
)
_OF_THE_RUNNER = re.compile(r"\b(?:github\.workspace|runner\.(?:temp|tool_cache|workspace))\b", re.IGNORECASE)
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?|\$\{\{.*\}\}")
_PORT = re.compile(r"(?:(\d+):)?(\d+)(?:/tcp)?")
_LOCAL = r"(?:localhost|127\.0\.0\.1)"
_PORT_OF_SERVICE = re.compile(r"\$\{\{\s*job\.services\.[\w-]+\.ports\[\s*'?(\d+)'?\s*\]\s*\}\}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What Hitrate must know to run the tests as a job does; None is left to detection.

    Attributes:
        test_command: Shell commands that run the tests.
        python_version: Version, or an expression of the workflow.
        setup: Shell commands that install system packages.
        install: Shell commands that install the project.
        working_directory: Folder of the project.
        pass_env: Names of the environment variables that the tests get there, less those that hold a secret.
        environment: Those variables that the step needs by itself, with their values.
    """

    test_command: str | None
    python_version: str | None = None
    setup: str | None = None
    install: str | None = None
    working_directory: str | None = None
    pass_env: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def inputs(self) -> dict[str, str]:
        """As inputs of the action."""
        named = {
            "python-version": self.python_version,
            "working-directory": self.working_directory,
            "setup": self.setup,
            "install": self.install,
            "test-command": self.test_command,
            "pass-env": self.pass_env,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class StepVariables:
    """The environment variables around a step.

    Attributes:
        around: Those of the workflow and the job.
        own: Those of the step.
        services: The job's services.
    """

    around: Mapping[str, str]
    own: Mapping[str, str]
    services: Mapping[str, Any]

    def passed(self) -> tuple[str | None, dict[str, str]]:
        """Names for ``pass-env``, and the values that the action's step needs by itself.

        A value that names a service at localhost names it by its name there: from a container that is where
        it is.
        """
        wanted = {**self.around, **self.own}
        moved = {name: at_services(value, self.services) for name, value in wanted.items()}
        own = {name: value for name, value in moved.items() if self.around.get(name) != value}
        return ", ".join(wanted) or None, own


def at_services(value: str, services: Mapping[str, Any]) -> str:
    """A value in which a service's address is the one that holds within the job's network."""
    value = _PORT_OF_SERVICE.sub(r"\1", value)
    for name, service in services.items():
        for outer, inner in _ports(service):
            value = re.sub(rf"\b{_LOCAL}:{outer}\b", f"{name}:{inner}", value)
    if len(services) == 1 and re.fullmatch(_LOCAL, value):
        return str(next(iter(services)))
    return value


def _ports(service: object) -> list[tuple[str, str]]:
    given = service.get("ports") if isinstance(service, Mapping) else None
    found = [_PORT.fullmatch(str(one)) for one in given] if isinstance(given, Sequence) else []
    return [(one[1] or one[2], one[2]) for one in found if one]


def variables(given: object) -> dict[str, str]:
    """Environment variables that the tests may want.

    Not those with a secret, which is not for the code of a pull request, nor those that steer a package
    manager, since Hitrate makes the environment, nor what reports of coverage want, nor folders
    of the runner.
    """
    return {name: _text(value) for name, value in _wanted(given) if not _OF_THE_RUNNER.search(str(value))}


def folders_of_the_runner(given: object) -> list[str]:
    """Names of variables that the tests may want but that name a folder, which a container has elsewhere."""
    return [name for name, value in _wanted(given) if _OF_THE_RUNNER.search(str(value))]


def _wanted(given: object) -> list[tuple[str, object]]:
    pairs = given.items() if isinstance(given, Mapping) else ()
    return [
        (str(name), value)
        for name, value in pairs
        if not _SECRET.search(str(value))
        and not _PACKAGE_MANAGER.fullmatch(str(name))
        and not _OF_REPORTS.fullmatch(str(name))
    ]


def version(given: object) -> str | None:
    """A version of Python as the action takes it: a number, or an expression of the workflow."""
    return str(given) if given is not None and _VERSION.fullmatch(str(given)) else None


def tests_in(script: str, runs_tests: Callable[[str], bool]) -> list[str]:
    """The lines up to the last one that runs tests, what prepares them left out.

    A script with branches or loops is not taken apart.
    """
    if shell.branches(script):
        return script.rstrip().splitlines()
    lines = [line for line in shell.lines_of(script) if not shell.prepares(line)]
    last = max(number for number, line in enumerate(lines) if runs_tests(line))
    return [_direct(line) for line in lines[: last + 1]]


def _direct(line: str) -> str:
    """The command itself where a package manager runs it in an environment that Hitrate makes otherwise."""
    found = shell.command(line)
    inner = found.words[0].strip("'\"") if found.manager and found.words else ""
    return found.text if re.fullmatch(r"pytest|python3?|coverage|py\.test", inner) else line


def _text(value: object) -> str:
    """A value as a job's environment has it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)

"""What a job of a workflow does to run the tests: Python, system packages, installation, test command."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_PIP = re.compile(r"(?:^|\s)(?:uv\s+)?pip3?\s+install\s")
_PIP_ITSELF = re.compile(r"pip3?\s+install\s+(?:(?:-U|--upgrade|-q)\s+)*(?:(?:pip|setuptools|wheel)\s*)+$")
_TOOL = re.compile(
    r"(?:^|\s)(?:poetry|uv|pdm|pipenv|hatch|rye|conda|mamba)\s+(?:install|sync|add|env|venv|lock|self|config|init)\b"
    r"|(?:^|\s)(?:pipx|uv\s+tool)\s+install\b"
)
_SYSTEM = re.compile(r"(?:^|\s)(?:apt-get|apt)\s+(?:-\S+\s+)*(?:install|update|upgrade)\b")
_RUNNER = re.compile(
    r"^(?:(?:poetry|pdm|pipenv|rye|hatch)\s+run|uv\s+run(?:\s+--?[\w-]+(?:=\S+)?)*)\s+(?:--\s+)?"
)
_STRONG = re.compile(
    r"(?:^|[\s/])(?:pytest|py\.test|unittest|nosetests|coverage\s+run|manage\.py\s+test|setup\.py\s+test|runtests?(?:\.py)?)\b"
)
_MEDIUM = re.compile(r"(?:^|[\s/])(?:tox|nox|stestr|trial|ward)\b")
_WEAK = re.compile(
    r"(?:^|\s)(?:make|just|task|inv|invoke|hatch|pdm|poetry|rye)\s.*\b(?:tests?|check|cov)\b"
    r"|/run[-_]?tests?\b"
)
_SCRIPTED = re.compile(
    r"<<-?\s*['\"]?\w|(?:^|[\s;])(?:if|for|while|case|until)\s|^\s*\w+\s*\(\)", re.MULTILINE
)
_BALANCED = re.compile(r"(?:[^'\"(){}]|'[^']*'|\"[^\"]*\"|\$\{\{[^}]*\}\}|\$\{\w+\})*")
_ELSEWHERE = re.compile(r"windows|macos|darwin|win32", re.IGNORECASE)
_STEERING = re.compile(r"(?:POETRY|PDM|PIPENV|HATCH|UV)_")
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?|\$\{\{.*\}\}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What Hitrate must know to run the tests as a job does; None is left to detection.

    Attributes:
        strength: How surely these are the tests: 3 a test runner, 2 tox and its like, 1 the name of a target.
        test_command: Shell commands that run the tests.
        python_version: Version, or an expression of the workflow.
        setup: Shell commands that install system packages.
        install: Shell commands that install the project.
        working_directory: Folder of the project.
        pass_env: Names of the environment variables that the tests get there, less those that hold a secret.
        environment: Those variables that only the step with the tests has, with their values.
    """

    strength: int
    test_command: str
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


def recipe_of(job: Mapping[str, Any], environment: object = None) -> Recipe | None:
    """What a job does to run the tests; None if it runs none.

    Args:
        job: The job's data.
        environment: The workflow's ``env``.
    """
    scripts = [step for step in _steps(job) if isinstance(step.get("run"), str) and _on_linux(step)]
    strengths = [_strength(step["run"]) for step in scripts]
    if not any(strengths):
        return None
    chosen = scripts[strengths.index(max(strengths))]
    before = [line for step in scripts[: scripts.index(chosen) + 1] for line in _logical_lines(step["run"])]
    around = _variables(environment) | _variables(job.get("env"))
    own = _variables(chosen.get("env"))
    return Recipe(
        strength=max(strengths),
        test_command=_script(_tests_in(chosen["run"])),
        python_version=_python_version(job),
        setup=_script(_without_sudo(line) for line in before if _SYSTEM.search(line)) or None,
        install=_script(line for line in before if _installs(line)) or None,
        working_directory=_working_directory(job, chosen),
        pass_env=", ".join(around | own) or None,
        environment={name: value for name, value in own.items() if around.get(name) != value},
    )


def _steps(job: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps = job.get("steps")
    return [step for step in steps if isinstance(step, Mapping)] if isinstance(steps, Sequence) else []


def _on_linux(step: Mapping[str, Any]) -> bool:
    shell = str(step.get("shell", "bash"))
    only_elsewhere = _ELSEWHERE.search(str(step.get("if", ""))) and "!=" not in str(step.get("if"))
    return shell.partition(" ")[0] in ("bash", "sh") and not only_elsewhere


def _strength(script: str) -> int:
    lines = [line for line in _logical_lines(script) if not _prepares(line)]
    for strength, pattern in ((3, _STRONG), (2, _MEDIUM), (1, _WEAK)):
        if any(pattern.search(line) for line in lines):
            return strength
    return 0


def _prepares(line: str) -> bool:
    return bool(_PIP.search(line) or _TOOL.search(line) or _SYSTEM.search(line) or line.startswith("#"))


def _installs(line: str) -> bool:
    return bool(_PIP.search(line)) and not _PIP_ITSELF.search(line)


def _tests_in(script: str) -> list[str]:
    """The lines up to the last one that runs tests, what prepares them left out.

    A script with branches or loops is not taken apart.
    """
    if _SCRIPTED.search(script):
        return script.rstrip().splitlines()
    lines = [line for line in _logical_lines(script) if not _prepares(line)]
    last = max(number for number, line in enumerate(lines) if _strength(line))
    return [_direct(line) for line in lines[: last + 1]]


def _direct(line: str) -> str:
    """The command itself where a package manager runs it in an environment that Hitrate makes otherwise."""
    inner = _RUNNER.sub("", line)
    return inner if re.match(r"(?:pytest|python3?|coverage|py\.test)\b", inner) else line


def _logical_lines(script: str) -> Iterator[str]:
    """The script's commands: continued lines joined, those of an ``&&`` apart, empty ones left out."""
    for line in re.sub(r"\\\r?\n\s*", "", script).splitlines():
        parts = line.split(" && ")
        # Only commands that are whole in themselves: nothing quoted or grouped goes over the `&&`.
        apart = parts if all(_BALANCED.fullmatch(part) for part in parts) else [line]
        yield from (part.strip() for part in apart if part.strip())


def _script(lines: Iterable[str]) -> str:
    """One command for all lines, which ends at the first that fails, as a workflow's shell does."""
    kept = list(lines)
    strict = len(kept) > 1 and not kept[0].startswith("set -")
    return "\n".join(["set -e", *kept] if strict else kept)


def _without_sudo(line: str) -> str:
    return re.sub(r"\bsudo\s+(?:-\S+\s+)*", "", line)


def _python_version(job: Mapping[str, Any]) -> str | None:
    for step in _steps(job):
        given = step.get("with")
        version = given.get("python-version") if isinstance(given, Mapping) else None
        if version is not None and _VERSION.fullmatch(str(version)):
            return str(version)
    return None


def _variables(given: object) -> dict[str, str]:
    """Environment variables that the tests may want.

    Not those with a secret, which is not for the code of a pull request, nor those that steer a package
    manager, since Hitrate makes the environment.
    """
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {
        str(name): _text(value)
        for name, value in pairs
        if "secrets" not in str(value) and not _STEERING.match(str(name))
    }


def _text(value: object) -> str:
    """A value as a job's environment has it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _working_directory(job: Mapping[str, Any], step: Mapping[str, Any]) -> str | None:
    defaults = job.get("defaults")
    run = defaults.get("run") if isinstance(defaults, Mapping) else None
    inherited = run.get("working-directory") if isinstance(run, Mapping) else None
    found = step.get("working-directory", inherited)
    return str(found) if found and str(found) != "." else None

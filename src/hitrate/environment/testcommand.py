"""Which command runs a project's tests: what its own tools say, the likeliest first."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hitrate.environment.declared import hatch, makefile
from hitrate.environment.declared.session import assignments
from hitrate.environment.declared.toxini import filled
from hitrate.environment.manifest import Manifest, read, strings, table, text
from hitrate.environment.runners import PYTEST, understood
from hitrate.environment.test_requirements import for_tests, needs
from hitrate.environment.tox_nox import sessions_of_tests
from hitrate.environment.workflows import lines_of_jobs
from hitrate.errors import AnalysisError, InputError
from hitrate.files.limits import FirstLook

DJANGO = "python manage.py test"
UNITTEST = "python -m unittest"
_NAMING_PYTEST = ("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "Pipfile", "noxfile.py")
_SCRIPT = re.compile(r"(?:run[-_]?)?(?:py[-_]?)?(?:tests?|unit|unit[-_]?tests?)|test:unit|check")
_TARGETS = ("test", "tests", "unittest", "unit", "check")
_MANAGERS = (
    ("hatch", "scripts"),
    ("pdm", "scripts"),
    ("poe", "tasks"),
    ("taskipy", "tasks"),
    ("pixi", "tasks"),
)
_FOLDERS = ("tests", "test")
_CANDIDATES = 6
_INTERPRETER = re.compile(r"(^|\s)python (?=-m |\S+\.py)")


@dataclass(frozen=True, slots=True)
class SuiteCommands:
    """Commands that run the tests.

    Attributes:
        command: What is run.
        others: What is tried next, in order, where that runs no test.
    """

    command: str
    others: tuple[str, ...] = ()


def command_for_tests(project: Manifest) -> str:
    """The command that most likely runs a project's tests."""
    return choice_for_tests(project).command


def choice_for_tests(project: Manifest) -> SuiteCommands:
    """The commands that may run a project's tests, the likeliest first.

    pytest, with the paths that tox, nox, Hatch, a target or a workflow give it, unless pytest is configured
    with some; unittest or the project's own script where they run that; Django's for a project that never
    heard of pytest. At last, plain pytest, pytest in the folder of the tests, and unittest.
    """
    found = (command for line in _lines(project) for command in understood(line, project.folder))
    first = [DJANGO] if project.has("manage.py") and not _knows_pytest(project) else []
    folders = (f"{PYTEST} {name}" for name in _FOLDERS if (project.folder / name).is_dir())
    command, *others = dict.fromkeys([*first, *found, PYTEST, *islice(folders, 1), UNITTEST])
    return SuiteCommands(command, tuple(others[:_CANDIDATES]))


def _knows_pytest(project: Manifest) -> bool:
    files = [project.folder / name for name in _NAMING_PYTEST]
    files += [project.folder / bundle.source for bundle in needs(project) if bundle.brings_pytest]
    files += list(project.folder.glob("*req*.txt"))
    return any("pytest" in text(file) for file in files)


def _lines(project: Manifest) -> Iterator[str]:
    """Command lines by which the project's own tools run its tests, what is surest first."""
    for session in sessions_of_tests(project.folder, project.pyproject):
        yield from session.commands
    yield from _of_hatch(project)
    for path in _MANAGERS:
        for name, script in project.tool(*path).items():
            if _SCRIPT.fullmatch(name):
                yield from map(filled, _script_lines(script))
    for target in _TARGETS:
        yield from makefile.recipe(project.folder, target)
        yield from makefile.just_recipe(project.folder, target)
        yield from makefile.task(project.folder, target)
    yield from lines_of_jobs(project.folder)
    if project.test_suite:
        yield f"{UNITTEST} {project.test_suite}"


def _of_hatch(project: Manifest) -> Iterator[str]:
    environments = hatch.environments(project.hatch)
    for name in sorted(environments, key=lambda name: name == "default"):
        if name in {"hatch-test", "default"} or for_tests(name):
            environment = environments[name]
            variables = assignments(table(environment, "env-vars"))
            for script in table(environment, "scripts"):
                if _SCRIPT.fullmatch(script) or (name, script) == ("hatch-test", "run"):
                    lines = hatch.script_lines(environment, script)
                    yield from (f"{variables}{filled(line)}" for line in lines)
    own = strings(table(project.hatch, "envs", "hatch-test").get("default-args"))
    if own:
        yield shlex.join(["pytest", *own])


def _script_lines(script: object) -> tuple[str, ...]:
    """Lines of a script as Hatch, pdm, poe, pixi and taskipy write them."""
    if isinstance(script, str):
        return (script,)
    if isinstance(script, Mapping):
        return _script_lines(script.get("cmd", script.get("shell")))
    return strings(script)


def default_test_command(environment: Mapping[str, str], directory: Path) -> SuiteCommands:
    """What may run the project's tests, with the first Python on PATH that has what it needs.

    Raises:
        InputError: There is no Python on PATH, or it has no pytest and the project needs it.
    """
    choice = SuiteCommands(PYTEST)
    with suppress(AnalysisError):  # a file of another tool that is malformed
        choice = FirstLook().spend(
            "the packaging files", "name a test command", lambda: choice_for_tests(read(directory))
        )
    for name in ("python", "python3"):
        python = shutil.which(name, path=environment.get("PATH"))
        if python is not None and _has(python, choice.command, environment, directory):
            command, *others = (_with(name, one) for one in (choice.command, *choice.others))
            return SuiteCommands(command, tuple(others))
    raise InputError(
        "test-command: the Python on PATH has no pytest; install it, or name a command that runs the tests"
    )


def _with(python: str, command: str) -> str:
    return _INTERPRETER.sub(rf"\g<1>{python} ", command, count=1)


def _has(python: str, command: str, environment: Mapping[str, str], directory: Path) -> bool:
    """Whether an interpreter can run a test command: whether it has pytest where that is asked for."""
    if PYTEST not in command:
        return True
    found = subprocess.run(
        [python, "-c", "import pytest"],
        cwd=directory,
        env=dict(environment),
        capture_output=True,
        check=False,
    )
    return found.returncode == 0

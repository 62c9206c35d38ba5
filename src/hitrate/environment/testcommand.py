"""Which command runs a project's tests: pytest, with the paths that the project's own tools give it."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from hitrate.environment.manifest import Manifest, read, strings, table, text
from hitrate.environment.test_requirements import for_tests, needs
from hitrate.environment.tox_nox import filled, sessions_of_tests
from hitrate.errors import AnalysisError, InputError
from hitrate.files.limits import Look

PYTEST = "python -m pytest"
DJANGO = "python manage.py test"
_UNITTEST = "python -m unittest"
_NAMING_PYTEST = ("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "Pipfile", "noxfile.py")
_PYTEST_FILES = ("pytest.ini", ".pytest.ini", "pytest.toml", "tox.ini", "setup.cfg", "pyproject.toml")
_TESTPATHS = re.compile(r"^[^\S\n]*testpaths[^\S\n]*=", re.MULTILINE)
_WITH_VALUE = re.compile(
    r"-[ckmnopWr]|--(?:cov|cov-config|cov-report|rootdir|confcutdir|basetemp|junitxml|numprocesses)"
)
_HATCH_SCRIPT = re.compile(r"(?:run-?)?(?:py-?)?(?:tests?|unit)")


def command_for_tests(project: Manifest) -> str:
    """The command that runs a project's tests.

    pytest, with the paths that tox, nox or Hatch give it unless pytest is configured with some; unittest
    where they run it on files that pytest would not find; Django's for a project that never heard of pytest.
    """
    if project.has("manage.py") and not _knows_pytest(project):
        return DJANGO
    found = (_understood(line, project.folder) for line in _lines(project))
    return next((command for command in found if command), PYTEST)


def _knows_pytest(project: Manifest) -> bool:
    files = [project.folder / name for name in _NAMING_PYTEST]
    files += [project.folder / bundle.source for bundle in needs(project) if bundle.brings_pytest]
    files += list(project.folder.glob("*req*.txt"))
    return any("pytest" in text(file) for file in files)


def _lines(project: Manifest) -> Iterator[str]:
    """Command lines by which the project's own tools run its tests."""
    for session in sessions_of_tests(project.folder, project.pyproject):
        yield from session.commands
    environments = table(project.hatch, "envs")
    for name in sorted(environments, key=lambda name: name == "default"):
        if name in {"hatch-test", "default"} or for_tests(name):
            scripts = table(project.hatch, "envs", name, "scripts")
            for script, lines in scripts.items():
                if _HATCH_SCRIPT.fullmatch(script):
                    yield from map(filled, [lines] if isinstance(lines, str) else strings(lines))
    yield shlex.join(["pytest", *strings(table(project.hatch, "envs", "hatch-test").get("default-args"))])


def _understood(line: str, folder: Path) -> str | None:
    """The command that a line stands for; None if it runs no tests that we know how to run."""
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    for runner in ("pytest", "py.test"):
        if runner in words:
            return _pytest(words[words.index(runner) + 1 :], folder)
    if "unittest" in words[1:] and words[words.index("unittest") - 1] == "-m":
        return _unittest(words[words.index("unittest") + 1 :])
    return None


def _unittest(arguments: Sequence[str]) -> str:
    """What runs unittest's tests: pytest can, and tells more of them, if their files are called as usual."""
    pattern = next((after for word, after in pairwise(arguments) if word in {"-p", "--pattern"}), "test")
    return PYTEST if pattern.startswith("test") else shlex.join([*_UNITTEST.split(), *arguments])


def _pytest(arguments: Sequence[str], folder: Path) -> str:
    if any(_TESTPATHS.search(text(folder / name)) for name in _PYTEST_FILES):
        return PYTEST
    chosen = []
    before = ""
    for word in arguments:
        is_path = not word.startswith("-") and not _WITH_VALUE.fullmatch(before)
        if word.startswith("--ignore") or (is_path and _holds_tests(folder / word)):
            chosen.append(word)
        before = word
    return shlex.join([*PYTEST.split(), *chosen])


def _holds_tests(path: Path) -> bool:
    return path.is_dir() or (path.suffix == ".py" and path.is_file())


def default_test_command(environment: Mapping[str, str], directory: Path) -> str:
    """What runs the project's tests, with the first Python on PATH that has what it needs.

    Raises:
        InputError: There is no Python on PATH, or it has no pytest and the project needs it.
    """
    command = PYTEST
    with suppress(AnalysisError):  # a file of another tool that is malformed
        command = Look().spend(
            "the packaging files", "name a test command", lambda: command_for_tests(read(directory))
        )
    arguments = command.removeprefix("python ")
    for name in ("python", "python3"):
        python = shutil.which(name, path=environment.get("PATH"))
        if python is not None and _has(python, arguments, environment, directory):
            return f"{name} {arguments}"
    raise InputError(
        "test-command: the Python on PATH has no pytest; install it, or name a command that runs the tests"
    )


def _has(python: str, arguments: str, environment: Mapping[str, str], directory: Path) -> bool:
    """Whether an interpreter can run a test command: whether it has pytest where that is asked for."""
    if not arguments.startswith("-m pytest"):
        return True
    found = subprocess.run(
        [python, "-c", "import pytest"],
        cwd=directory,
        env=dict(environment),
        capture_output=True,
        check=False,
    )
    return found.returncode == 0

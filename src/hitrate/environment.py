"""What the tests get of the caller's environment on the command line, and the default test command."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from hitrate.errors import AnalysisError, InputError
from hitrate.limits import Look
from hitrate.manifest import read
from hitrate.testcommand import PYTEST, command_for_tests

_SECRET = re.compile(r"(^|_)TOKEN$|^(ACTIONS_|INPUT_|STATE_)|^GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$")


def without_tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment less tokens and what would let tests speak in the job's name."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name.upper())}


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

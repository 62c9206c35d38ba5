"""What the tests get of the caller's environment on the command line, and the default test command."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hitrate.errors import InputError

_SECRET = re.compile(r"(^|_)TOKEN$|^(ACTIONS_|INPUT_|STATE_)|^GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$")


def without_tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment less tokens and what would let tests speak in the job's name."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name.upper())}


def default_test_command(environment: Mapping[str, str], directory: Path) -> str:
    """``python -m pytest`` with the first Python on PATH.

    Raises:
        InputError: There is no Python on PATH, or it has no pytest.
    """
    for name in ("python", "python3"):
        python = shutil.which(name, path=environment.get("PATH"))
        if python is None:
            continue
        found = subprocess.run(
            [python, "-c", "import pytest"],
            cwd=directory,
            env=dict(environment),
            capture_output=True,
            check=False,
        )
        if found.returncode == 0:
            return f"{name} -m pytest"
    raise InputError(
        "test-command: the Python on PATH has no pytest; install it, or name a command that runs the tests"
    )

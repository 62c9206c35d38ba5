"""The Python that runs the tests: the one on their PATH, asked as they are run."""

import os
import shlex
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from hitrate.limits import parse_json
from hitrate.testrun import Suite, launch

_ANSWER_SECONDS = 30
_ASK = "import json, sys; print(json.dumps([sys.implementation.cache_tag, *sys.path[1:]]))"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What a Python says about itself.

    Attributes:
        tag: Part of the names of its compiled files.
        path: The folders that it imports from, less that of the script; absolute.
    """

    tag: str
    path: tuple[str, ...]


def ask(suite: Suite) -> Interpreter | None:
    """The Python on the PATH of the tests, None where there is none or it does not answer.

    What answers is the project's, and may say anything: a folder that climbs (``..``) is left out.
    """
    question = suite.with_command(f'exec "$(command -v python || command -v python3)" -c {shlex.quote(_ASK)}')
    with suppress(OSError, ValueError), (suite.launcher or launch)(question, suite.environment) as process:
        try:
            answer, _ = process.communicate(timeout=_ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        tag, *path = map(str, parse_json(answer.splitlines()[-1] if answer else b"[]") or [""])
        folders = tuple(place for place in path if os.path.isabs(place) and os.path.normpath(place) == place)
        return Interpreter(tag, folders) if tag else None
    return None

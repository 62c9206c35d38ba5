"""The Python that runs the tests: the one on their PATH, asked as they are run."""

import os
import re
import selectors
import shlex
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

from hitrate.files.limits import parse_json
from hitrate.testrun.processtree import Command
from hitrate.testrun.run import Suite, launch

ANSWER_SECONDS = 30
ANSWER_BYTES = 1 << 20
_ON_THE_PATH = '"$(command -v python || command -v python3)"'
_RUNNER = re.compile(r"(?:uv|poetry|pdm|pipenv|rye|hatch) run(?= )")
_FIRST_FACTS = 3
_ASK = "import json, sys; print(json.dumps([sys.implementation.cache_tag, *sys.path[1:]]))"
_FACTS = """
import json, platform, sys
from importlib.metadata import distributions
found = set()
for each in distributions():
    if "dir_info" not in (each.read_text("direct_url.json") or ""):  # the project itself is in the tree
        found.add("%s==%s" % (each.metadata["Name"], each.version))
facts = [sys.version, platform.machine(), sys.prefix, *sorted(found)]
print(json.dumps(facts))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What a Python says about itself.

    Attributes:
        tag: Part of the names of its compiled files.
        path: The folders that it imports from, less that of the script; absolute.
    """

    tag: str
    path: tuple[str, ...]


def ask(suite: Suite, *, seconds: float = ANSWER_SECONDS) -> Interpreter | None:
    """The Python on the PATH of the tests, None where there is none or it does not answer.

    What answers is the project's: it may say anything, and not come to an end.

    Args:
        suite: How the tests are run.
        seconds: How long the answer may take.
    """
    return understood(_asked(suite, _ON_THE_PATH, _ASK, seconds))


def facts(suite: Suite, *, seconds: float = ANSWER_SECONDS) -> tuple[str, ...]:
    """What the Python that runs the tests is: its version, machine and folder, and what is installed there.

    Nothing where it does not answer. The project itself is left out where it is installed from its tree.
    """
    runner = _RUNNER.match(suite.command)
    python = f"{runner[0]} python" if runner else _ON_THE_PATH
    answer = _asked(suite, python, _FACTS, seconds).splitlines()[-1:]
    with suppress(ValueError, RecursionError):
        said = parse_json(answer[0] if answer else b"")
        if isinstance(said, list) and all(isinstance(word, str) for word in said):
            return tuple(said) if len(said) >= _FIRST_FACTS else ()
    return ()


def _asked(suite: Suite, python: str, script: str, seconds: float) -> bytes:
    question = suite.with_command(f"exec {python} -c {shlex.quote(script)}")
    with suppress(OSError), (suite.launcher or launch)(question, suite.environment) as process:
        return _answer(process, time.monotonic() + seconds)
    return b""


def understood(answer: bytes) -> Interpreter | None:
    """What the last line of an answer says, None where it makes no sense.

    A folder that climbs (``..``), or that has a name which no folder can have, is left out.
    """
    try:
        said = parse_json(answer.splitlines()[-1])
    except (IndexError, ValueError, RecursionError):
        return None
    if not isinstance(said, list) or not said or not all(isinstance(word, str) for word in said):
        return None
    tag, *path = said
    return Interpreter(tag, tuple(place for place in path if _may_be_folder(place))) if tag else None


def _may_be_folder(place: str) -> bool:
    try:
        os.fsencode(place)
    except UnicodeEncodeError:
        return False
    return os.path.isabs(place) and os.path.normpath(place) == place and "\0" not in place


def _answer(process: Command, deadline: float) -> bytes:
    """What a process says until it ends; nothing if it says too much or takes too long, and is killed."""
    said = bytearray()
    output = process.stdout
    with selectors.DefaultSelector() as selector:
        if output is not None:
            selector.register(output, selectors.EVENT_READ)
        while output is not None and len(said) <= ANSWER_BYTES:
            if not selector.select(timeout=max(0.0, deadline - time.monotonic())):
                break
            chunk = os.read(output.fileno(), ANSWER_BYTES)
            if not chunk:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=max(0.0, deadline - time.monotonic()))
                    return bytes(said)
                break
            said += chunk
    process.kill()
    return b""

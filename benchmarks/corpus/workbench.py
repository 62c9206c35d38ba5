"""Checked-out trees with their environments, kept between runs, and commands in them."""

import hashlib
import os
import resource
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from case import Case, Direction

SECONDS_AT_MOST = 1800.0
NOT_A_USERS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""Without compiled files each start of Hitrate compiles it, which takes a second, and each run its tests."""


class WorkbenchError(Exception):
    """A case cannot be prepared, or its tests fail by themselves."""


@dataclass(frozen=True)
class Done:
    """A command that has ended: what it printed, CPU seconds of it and all it waited for, wall seconds."""

    exit_code: int
    output: str
    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True)
class Place:
    """A case's tree, and the environment that its commands get."""

    tree: Path
    environment: Mapping[str, str]

    def run(self, command: Sequence[str]) -> Done:
        """Run a command in the tree."""
        before, started = _children_seconds(), time.monotonic()
        done = subprocess.run(
            command,
            cwd=self.tree,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS_AT_MOST,
            check=False,
        )
        wall = time.monotonic() - started
        text = done.stdout.decode("utf-8", "replace")
        return Done(done.returncode, text, _children_seconds() - before, wall)

    def shell(self, command: str) -> Done:
        """Run a shell command in the tree."""
        return self.run(["bash", "-c", command])

    def fingerprint(self) -> str:
        """What git sees of the tree: HEAD, refs, index, every changed or untracked file."""
        asked = ("rev-parse HEAD", "for-each-ref", "status --porcelain=v1 -uall", "stash list", "diff HEAD")
        return self.shell("; ".join(f"git {words}" for words in asked)).output


def prepared(case: Case, direction: Direction, clones: Path, work: Path) -> Place:
    """Check a case's commit out and install the project, the first time only.

    Raises:
        WorkbenchError: It does not work.
    """
    commit = case.commit(direction)
    state = hashlib.sha256(repr((case.repo, commit, case.install, case.python)).encode()).hexdigest()[:12]
    home = work / "trees" / f"{case.id}-{state}"
    place = Place(home / "tree", _environment(case, home / "venv"))
    if (home / "ready").exists():
        return place
    home.mkdir(parents=True, exist_ok=True)
    tree, python = shlex.quote(str(place.tree)), shlex.quote(str(home / "venv" / "bin" / "python"))
    source = shlex.quote(str(clones / case.repo.replace("/", "+") / "repo"))
    steps = [
        f"rm -rf {tree} && git clone -q --shared --no-checkout {source} {tree}",
        f"cd {tree} && git checkout -q {commit}",
        f"uv venv -q --clear --seed --python {case.python} {shlex.quote(str(home / 'venv'))}",
        *(step.replace("pip install", f"uv pip install -q --python {python}") for step in case.install),
    ]
    done = Place(home, place.environment).shell("set -e\n" + "\n".join(steps))
    if done.exit_code:
        raise WorkbenchError(f"cannot be prepared: {done.output[-400:]}")
    (home / "ready").touch()
    return place


def _environment(case: Case, venv: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_A_USERS}
    kept |= {
        "VIRTUAL_ENV": str(venv),
        "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONHASHSEED": "0",
        "UV_PYTHON_DOWNLOADS": "never",
    }
    kept |= {name: value for name, value in case.env.items() if value is not None}
    return {name: value for name, value in kept.items() if case.env.get(name, "") is not None}


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

"""Memory is written: one run of all tests under the reach probe, and what it depends on besides."""

import hashlib
import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePosixPath

from hitrate.analysis.baseline import check_baseline
from hitrate.analysis.session import Bytecode, Project
from hitrate.analysis.steadiness import steadied
from hitrate.files import untrusted
from hitrate.memory.assembly import Circumstances, assembled, data_read
from hitrate.memory.configuration import significant
from hitrate.memory.document import VERSION
from hitrate.memory.model import Memory
from hitrate.memory.reachlog import IncompleteError, ProcessLog, read_logs
from hitrate.memory.sources import DATA_BYTES, described
from hitrate.progress.progress import Progress
from hitrate.testrun import interpreter
from hitrate.testrun import run as testrun
from hitrate.testrun.pycache import link_compiled, seed
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.testrun.shellwords import parse
from hitrate.trace import deployment

_CONFIGURATION = (
    *("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "tox.ini", "tox.toml"),
    *("setup.cfg", "setup.py", "noxfile.py", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"),
)
_VARIABLES = (
    "PYTEST_ADDOPTS",
    "PYTEST_PLUGINS",
    "PYTHONPATH",
    "PYTHONOPTIMIZE",
    "PYTHONWARNINGS",
    "TZ",
    "LANG",
)
_HARMLESS = ("cd", "export", "set", "mkdir", "true")
"""Commands before that of the tests which read no file of the project."""
_MOST_OF_IT = 0.75
"""Of a run: what noting takes is never more, so that a plain one is never taken for nothing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The commit that the tree is, and the time, in seconds since 1970."""

    commit: str
    now: float


def remember(
    project: Project, listed: Collection[str], moment: Moment, scratch: Path, progress: Progress
) -> Memory:
    """Run all tests once and note which of them reach what.

    Args:
        project: What is run; its tree is as the commit is.
        listed: All files that belong to the tree.
        moment: Which commit that is, and when it is run.
        scratch: An empty private folder.
        progress: Told what is being done.

    Raises:
        InputError: The test command was not found.
        AnalysisError: It timed out or ran no test.
        IncompleteError: The run does not tell what all tests reach; the message says why.
    """
    suite = project.suite
    bytecode = Bytecode(scratch / "compiled", scratch / "warm")
    link_compiled(bytecode.compiled, suite)
    before = circumstances(suite, project.tree, listed)
    suite = steadied(project, interpreter.ask(suite), scratch).project.suite
    with progress.phase("Tests, to note what each of them reaches"):
        run, logs_of = _reached(suite, project.tree, listed, scratch, bytecode, progress)
    check_baseline(run, suite)
    if run.outcome is not Outcome.PASSED:
        progress.output(run.tail)
        raise IncompleteError("tests fail")
    logs = read_logs(logs_of)
    facts = interpreter.facts(suite)
    if any(log.python != (facts[0], facts[2]) for log in logs) if facts else True:
        raise IncompleteError("the Python that runs the tests could not be asked what is installed")
    run = _plain(run, logs)
    sources, told = described(project.tree, listed, data_read(logs))
    known = Circumstances(moment.commit, int(moment.now), before, run.cpu_seconds, run.wall_seconds)
    return assembled(logs, sources, told, known)


def circumstances(suite: Suite, tree: Path, listed: Collection[str]) -> str:
    """A digest of all that tests depend on but the files that they read.

    That is the interpreter and what is installed for it, the command and the folder, variables and files that
    configure Python and pytest, and what Hitrate itself makes of that.

    Args:
        suite: The tests.
        tree: Root of the working tree.
        listed: All files that belong to the tree; pytest may find its configuration in any folder.
    """
    version, machine, _, *packages = interpreter.facts(suite) or ("", "", "")  # where it lies is no matter
    folder = suite.directory.resolve().relative_to(tree.resolve()).as_posix()
    digest = hashlib.sha256()
    for word in (str(VERSION), version, machine, *packages, suite.command, folder):
        digest.update(word.encode("utf-8", "backslashreplace") + b"\0")
    for name in _VARIABLES:
        digest.update(f"{name}={suite.environment.get(name)}\0".encode("utf-8", "backslashreplace"))
    direct = is_direct(suite.command)
    for place in dict.fromkeys((".", folder)):
        for name in _CONFIGURATION:
            digest.update(_content(tree, f"{place}/{name}", direct=direct) + b"\0")
    for path in sorted(path for path in listed if is_configuration(path)):
        digest.update(os.fsencode(path) + b"\0" + _content(tree, path, direct=direct) + b"\0")
    return digest.hexdigest()


def is_configuration(path: str) -> bool:
    """Whether a file configures Python or pytest."""
    return PurePosixPath(path).name in _CONFIGURATION


def is_direct(command: str) -> bool:
    """Whether a test command calls pytest itself, and nothing before that reads the project's files."""
    line = parse(command)
    if line is None or any(step[0].value not in _HARMLESS for step in line.steps):
        return False
    words = [word.value or "" for word in line.words]
    program = PurePosixPath(words[0]).name
    if re.fullmatch(r"py\.?test", program):
        return True
    module = next((word for option, word in pairwise(words) if option == "-m"), None)
    return re.fullmatch(r"python[\d.]*", program) is not None and module in ("pytest", "py.test")


def _content(tree: Path, path: str, *, direct: bool) -> bytes:
    try:
        found = untrusted.read(tree, path, DATA_BYTES)
    except (ValueError, OSError):
        return b"?"
    return b"-" if found is None else hashlib.sha256(significant(path, found, direct=direct)).digest()


def _reached(
    suite: Suite, tree: Path, listed: Collection[str], scratch: Path, bytecode: Bytecode, progress: Progress
) -> tuple[TestRun, Path]:
    """A run of all tests under the plugin, and where its logs are."""
    python = [path for path in listed if path.endswith(".py")]
    probe = deployment.reaching(scratch / "reach", "reach", tree, python)
    seed(bytecode.warm, bytecode.compiled)
    progress.run("all tests", 1, 1)
    return testrun.run(
        deployment.loading(suite, probe), bytecode=bytecode.warm, progress=progress
    ), probe.records


def _plain(watched: TestRun, logs: Sequence[ProcessLog]) -> TestRun:
    """What a plain run takes: less than one in which it is noted what tests reach."""
    costs = [log.cost for log in logs]
    return replace(
        watched,
        cpu_seconds=watched.cpu_seconds - min(sum(costs), _MOST_OF_IT * watched.cpu_seconds),
        wall_seconds=watched.wall_seconds - min(max(costs), _MOST_OF_IT * watched.wall_seconds),
    )

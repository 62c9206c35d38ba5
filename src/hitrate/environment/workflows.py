"""What a repository's own workflows on GitHub run as its tests: the last to be asked."""

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hitrate.environment.declared import shell
from hitrate.environment.declared.naming import Purpose, by_name
from hitrate.environment.manifest import content
from hitrate.errors import AnalysisError
from hitrate.files import limits

_FOLDER = Path(".github", "workflows")
_FILES = 20
_PACKAGES = 30
_APT = re.compile(r"\b(?:apt-get|apt|aptitude)\s+(?:-\S+\s+)*install\s+([^;&|<>()`#]*)")
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]{1,60}")
_MOVED = re.compile(r"\s*(?:cd|pushd)\s+([\w./-]+)[ \t]*(?:\n|&&|;)")
_MOVES = re.compile(r"(?:^|[\s;&(])(?:cd|pushd)\s")
_RANKS = {Purpose.TESTS: 0, Purpose.UNKNOWN: 1, Purpose.PART: 2, Purpose.OTHER: 3}


def lines_of_jobs(folder: Path) -> Iterator[str]:
    """Lines that jobs run in a folder, jobs that are named for tests first, those for something else not.

    Lines that hold an expression are left out: what they are is known on GitHub alone.

    Args:
        folder: The project's folder; the workflows are those of the repository that it lies in.
    """
    root = next((one for one in (folder, *folder.parents) if _is_top(one)), folder)
    files = sorted((*(root / _FOLDER).glob("*.yml"), *(root / _FOLDER).glob("*.yaml")))[:_FILES]
    jobs = [
        (min(_RANKS[by_name(job.name)], _RANKS[by_name(file.stem)]), job)
        for file in files
        for job in _jobs(file)
        if by_name(job.name) is not Purpose.OTHER
    ]
    wanted = folder.relative_to(root).as_posix()
    for _, job in sorted(jobs, key=lambda ranked: ranked[0]):
        for place, script in job.scripts():
            if place == wanted:
                yield from (line for line in shell.lines_of(script) if "${{" not in line)


def _is_top(folder: Path) -> bool:
    return (folder / _FOLDER).is_dir() or (folder / ".git").exists()


@dataclass(frozen=True, slots=True)
class _Job:
    """A job of a workflow.

    Attributes:
        name: Its id.
        content: What it says.
        place: Where its steps run unless they say something else.
    """

    name: str
    content: Mapping[str, object]
    place: str

    def scripts(self) -> Iterator[tuple[str, str]]:
        """The folders and the scripts of its steps; those that go to several folders are left out."""
        steps = self.content.get("steps")
        for step in steps if isinstance(steps, list) else ():
            script = step.get("run") if isinstance(step, Mapping) else None
            if isinstance(script, str):
                place = str(step.get("working-directory", self.place))
                moved = _MOVED.match(script)
                script = script[moved.end() :] if moved else script
                if not _MOVES.search(script):
                    yield posixpath.normpath(posixpath.join(place, moved[1] if moved else "")), script


def options_of_jobs(folder: Path, *started: Sequence[str]) -> tuple[str, ...]:
    """What the first line of those that begins in one of these ways goes on with; nothing if none does.

    Args:
        folder: The project's folder.
        started: First words of a line, the likeliest first.
    """
    lines = [words for line in lines_of_jobs(folder) if (words := _split(line))]
    return next(
        (
            tuple(words[len(start) :])
            for start in started
            for words in lines
            if words[: len(start)] == list(start)
        ),
        (),
    )


def packages_of_jobs(folder: Path) -> tuple[str, ...]:
    """Packages of the system that jobs of the repository install by apt, each once.

    Args:
        folder: The project's folder.
    """
    named = (
        word
        for line in lines_of_jobs(folder)
        if (found := _APT.search(line))
        for word in found[1].split()
        if _PACKAGE.fullmatch(word)
    )
    return tuple(islice(dict.fromkeys(named), _PACKAGES))


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []


def _jobs(file: Path) -> list[_Job]:
    """The jobs of a workflow; none of one that cannot be read, since another source may tell."""
    try:
        data = content(file, limits.WORKFLOW_BYTES) or b""
        limits.check_yaml(data, limits.WORKFLOW_BYTES)
        document = YAML(typ="safe", pure=True).load(StringIO(data.decode("utf-8", "replace")))
    except (AnalysisError, limits.LimitError, YAMLError, ValueError, RecursionError):
        return []
    jobs = document.get("jobs") if isinstance(document, Mapping) else None
    found = jobs.items() if isinstance(jobs, Mapping) else ()
    place = _default(document, ".")
    return [_Job(str(name), job, _default(job, place)) for name, job in found if isinstance(job, Mapping)]


def _default(said: object, otherwise: str) -> str:
    """Where a workflow or a job has its steps run."""
    for key in ("defaults", "run", "working-directory"):
        said = said.get(key) if isinstance(said, Mapping) else None
    return said if isinstance(said, str) else otherwise

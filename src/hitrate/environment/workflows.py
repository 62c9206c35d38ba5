"""What a repository's own workflows on GitHub run as its tests: the last to be asked."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hitrate.environment.declared import shell
from hitrate.environment.declared.naming import Runs, by_name
from hitrate.environment.manifest import content
from hitrate.errors import AnalysisError
from hitrate.files import limits

_FOLDER = Path(".github", "workflows")
_FILES = 20
_MOVES = re.compile(r"(?:^|[\s;&(])(?:cd|pushd)\s")
_RANKS = {Runs.TESTS: 0, Runs.UNKNOWN: 1, Runs.PART: 2, Runs.OTHER: 3}


def lines_of_jobs(folder: Path) -> Iterator[str]:
    """Lines of the scripts of jobs that are not for something other than tests, those named for tests first.

    Lines that hold an expression are left out: what they are is known on GitHub alone.
    """
    files = sorted((*(folder / _FOLDER).glob("*.yml"), *(folder / _FOLDER).glob("*.yaml")))[:_FILES]
    jobs = [
        (min(_RANKS[by_name(name)], _RANKS[by_name(file.stem)]), job)
        for file in files
        for name, job in _jobs(file)
        if by_name(name) is not Runs.OTHER
    ]
    for _, job in sorted(jobs, key=lambda ranked: ranked[0]):
        steps = job.get("steps")
        for step in steps if isinstance(steps, list) else ():
            script = step.get("run") if isinstance(step, Mapping) else None
            if isinstance(script, str) and "working-directory" not in step and not _MOVES.search(script):
                yield from (line for line in shell.lines_of(script) if "${{" not in line)


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


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []


def _jobs(file: Path) -> list[tuple[str, Mapping[str, object]]]:
    """The jobs of a workflow; none of one that cannot be read, since another source may tell."""
    try:
        data = content(file, limits.WORKFLOW_BYTES) or b""
        limits.check_yaml(data, limits.WORKFLOW_BYTES)
        document = YAML(typ="safe", pure=True).load(StringIO(data.decode("utf-8", "replace")))
    except (AnalysisError, limits.LimitError, YAMLError, ValueError, RecursionError):
        return []
    jobs = document.get("jobs") if isinstance(document, Mapping) else None
    found = jobs.items() if isinstance(jobs, Mapping) else ()
    return [(str(name), job) for name, job in found if isinstance(job, Mapping)]

"""What compiling took of a run: a first run compiles what no other has, and later ones do not."""

import marshal
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from hitrate.testrun.run import TestRun

ENTRIES_AT_MOST = 100_000
REWRITTEN = 3.7
"""So many times as long takes a test module whose assertions pytest rewrites before it is compiled."""
SHARE_AT_MOST = 0.8
"""Of a run, what may have gone into compiling: how much it was is only known to about a fifth."""
FILE_SECONDS = 0.0007
"""For reading a source, and writing what was compiled of it into a place of its own."""
TRIES = 20
"""Of less than a millisecond each."""
_SLACK_SECONDS = 0.1
"""Times of files are those of the last tick of the system's clock."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Files that were compiled, and bytes of what Python and what pytest made of them."""

    files: int = 0
    plain_bytes: int = 0
    rewritten_bytes: int = 0


def compiled_since(moment: float, folders: Iterable[Path]) -> Compiled:
    """What was compiled into these folders since a moment, by the clock of files."""
    files = plain = rewritten = 0
    for entry in _files(folders):
        if not entry.name.endswith(".pyc"):
            continue
        with suppress(OSError):
            about = entry.stat(follow_symlinks=False)
            if about.st_mtime >= moment - _SLACK_SECONDS:
                files += 1
                if "-pytest-" in entry.name:
                    rewritten += about.st_size
                else:
                    plain += about.st_size
    return Compiled(files, plain, rewritten)


def compiling_seconds(compiled: Compiled, pace: Callable[[], float]) -> float:
    """CPU seconds that compiling it took.

    Args:
        compiled: What was compiled.
        pace: Tells what compiling takes here and now, in seconds for each byte that comes of it; asked only
            where something was compiled.
    """
    if not compiled.files:
        return 0.0
    size = compiled.plain_bytes + REWRITTEN * compiled.rewritten_bytes
    return pace() * size + FILE_SECONDS * compiled.files


def seconds_compiling(moment: float, folders: Iterable[Path]) -> float:
    """CPU seconds that a run which began at this moment took to compile what these folders now hold."""
    return compiling_seconds(compiled_since(moment, folders), measured_pace)


def as_if_compiled(run: TestRun, seconds: float) -> TestRun:
    """The run as if it had found compiled what it took about so many CPU seconds to compile."""
    return shorter(run, min(seconds, SHARE_AT_MOST * run.cpu_seconds))


def shorter(run: TestRun, cpu_seconds: float) -> TestRun:
    """The run as if it had not had to take so much CPU time, of its own or of processes at once."""
    at_once = max(1.0, run.cpu_seconds / run.wall_seconds) if run.wall_seconds else 1.0
    return replace(
        run,
        cpu_seconds=run.cpu_seconds - cpu_seconds,
        wall_seconds=run.wall_seconds - cpu_seconds / at_once,
    )


def measured_pace() -> float:
    """What compiling takes on this machine, by this module: seconds for each byte that comes of it.

    The best of some tries: of what the run took, rather too little is told than too much.
    """
    source = Path(__file__).read_bytes()
    taken = []
    for _ in range(TRIES):
        started = time.process_time()
        size = len(marshal.dumps(compile(source, __file__, "exec", dont_inherit=True)))
        taken.append((time.process_time() - started) / size)
    return min(taken)


def _files(folders: Iterable[Path]) -> Iterator["os.DirEntry[str]"]:
    """Files below the folders, of which tests may have made any number; no link is followed."""
    pending, seen = [str(folder) for folder in folders], 0
    while pending:
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                seen += 1
                if seen > ENTRIES_AT_MOST:
                    return
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry

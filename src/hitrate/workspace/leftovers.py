"""What test runs leave behind in a tree, put away so that each run starts like the one before."""

import os
import resource
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from git import Repo

from hitrate.files.copying import remove

CACHE_FOLDERS = frozenset(
    {"__pycache__", ".pytest_cache", ".hypothesis", ".mypy_cache", ".benchmarks", "htmlcov"}
)
CACHE_FILES = (".coverage", ".testmondata")
# Where tests put a pipe in place of a .gitignore, git waits for ever.
LISTING_SECONDS = 30
# git reads each .gitignore as a whole, and tests can leave one that is larger than the machine's memory.
LISTING_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The untracked paths of a tree at one time."""

    repository: Repo
    known: frozenset[str]

    def tidy(self) -> None:
        """Remove new cache folders and new files that git ignores.

        Other new files are left alone: somebody may be working in the tree.
        """
        root = Path(self.repository.working_dir)
        for path in sorted(_ignored(self.repository) - self.known) + sorted(
            _caches(self.repository) - self.known
        ):
            remove(root, path)


def note_leftovers(repository: Repo) -> Leftovers:
    """Take note of what lies in the tree now, before any run."""
    return Leftovers(repository, _ignored(repository) | _caches(repository))


def tidier(repository: Repo) -> Callable[[], None]:
    """What to call after each run, given the tree as it is now."""
    return note_leftovers(repository).tidy


def _ignored(repository: Repo) -> frozenset[str]:
    return _listed(repository, "--exclude-standard", "--ignored")


def _caches(repository: Repo) -> frozenset[str]:
    """Untracked paths that are caches by name, ignored or not."""
    return frozenset(path for path in _listed(repository) if is_cache(path))


def _listed(repository: Repo, *which: str) -> frozenset[str]:
    """Untracked paths, a wholly untracked folder as one entry; none where git fails or does not end."""
    command = [repository.git.GIT_PYTHON_GIT_EXECUTABLE, "ls-files"]
    command += ["--others", "--directory", "--no-empty-directory", "-z", *which]
    process = repository.git.execute(command, as_process=True, preexec_fn=_limit_memory)
    try:
        output, _ = process.communicate(timeout=LISTING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return frozenset()
    listed = os.fsdecode(output) if process.returncode == 0 else ""
    return frozenset(path.rstrip("/") for path in listed.split("\0") if path)


def _limit_memory() -> None:
    """Called in the new process before it is git: a limit that came later would come too late."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (LISTING_BYTES, LISTING_BYTES))


def is_cache(path: str) -> bool:
    """Whether a path is a cache of Python's or of a test tool's, by its name."""
    name = path.rsplit("/", 1)[-1]
    return (
        name in CACHE_FOLDERS or name in CACHE_FILES or name.startswith(".coverage.") or name.endswith(".pyc")
    )

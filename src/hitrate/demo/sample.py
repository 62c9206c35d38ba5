"""The sample repository of the demo: a small shop for parcels with a pull request.

The functions that it adds or changes cover what Hitrate finds: a clear win that is recursive, a low hit
rate, a method, side effects, a file that changes, a coroutine; and caches that it adds: a wrong one that its
tests do not notice, one that never hits, one too small, and one to keep.
"""

import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from git import Repo

REPOSITORY = "octo-org/parcels"
PULL_REQUEST = 12
TITLE = "Zones by postcode, prices by weight and volume, labels"
BRANCH = "zones-and-labels"

# The same everywhere and always, so that the commits are; nothing of the user's configuration is read.
_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2025-01-06T10:00:00+00:00",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_COMMITTER_DATE": "2025-01-06T10:00:00+00:00",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample repository.

    Attributes:
        folder: Its working tree, at the head of the pull request.
        base: Sha of the commit that the pull request starts from.
        head: Sha of its commit.
    """

    folder: Path
    base: str
    head: str


def build_repository(folder: Path) -> Sample:
    """Build the sample repository: branch ``main`` and the pull request's branch, which is checked out.

    Args:
        folder: An empty or missing folder.
    """
    with Repo.init(folder, initial_branch="main", env=_IDENTITY) as repository:
        repository.git.update_environment(**_IDENTITY)
        base = _commit(repository, folder, "base", "Prices and labels for parcels")
        repository.git.checkout("-q", "-b", BRANCH)
        head = _commit(repository, folder, "change", TITLE)
    return Sample(folder, base, head)


def _commit(repository: Repo, folder: Path, state: str, message: str) -> str:
    """Lay a state of the sample over the tree and commit it; the commit's sha."""
    with as_file(files("hitrate") / "sample_repository" / state) as source:
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    repository.git.add("--all")
    repository.git.commit("-q", "--no-gpg-sign", "--no-verify", "-m", message)
    return repository.head.commit.hexsha

"""Whether a change brings Hitrate to a repository, so that nobody knows yet whether it can run its tests."""

from git import Repo
from git.exc import GitCommandError

_WORKFLOWS = ".github/workflows"
_USES = r"^[^#]*uses:.*hitrate"


def brings_hitrate(repository: Repo, base: str | None) -> bool:
    """Whether a workflow of the head uses Hitrate, and none of the base does.

    Args:
        repository: Holds both commits.
        base: Sha of the merge base; None where nothing was compared.
    """
    return base is not None and _used(repository, "HEAD") and not _used(repository, base)


def _used(repository: Repo, commit: str) -> bool:
    try:
        found = repository.git.grep("-l", "-i", "-E", "-e", _USES, commit, "--", _WORKFLOWS)
    except GitCommandError:  # which is also how it says that there is none
        return False
    return bool(found)

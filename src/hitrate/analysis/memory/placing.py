"""Whether memory is of a project's own history, and what a reader is told where it is not used."""

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from git import GitError, Repo

from hitrate.analysis.session import Kept, Project
from hitrate.change.comparison import Change, is_ancestor
from hitrate.change.rawdiff import LINK, FileDifference, differences
from hitrate.memory.model import Memory
from hitrate.wording.text import quoted
from hitrate.workspace.listing import belonging

_SHOWN = 200


def placed(
    project: Project, memory: Memory, history: Repo, files: Repo, bases: Collection[str | None], folder: str
) -> tuple[Project, tuple[str, ...]]:
    """The project with memory if that is of its own base branch, and what a reader must know otherwise.

    Args:
        project: What is analysed.
        memory: What was read.
        history: The clone in which commits are looked for.
        files: The clone whose files are tested.
        bases: Commits, besides the head, in whose history it may be; None for one that is not known.
        folder: Where memory is kept.
    """
    near = [name for name in (project.change.head, *bases) if name]
    if not any(is_ancestor(history, memory.commit, name) for name in near):
        return project, (unused(folder, "is of a commit that is in the history of neither base nor head"),)
    listed = belonging(files, project.change)
    found = [each for each in _differing(memory, history, files, project.change) if each.path[-3:] != ".py"]
    others = frozenset(each.path for each in found)
    links = frozenset(each.path for each in found if LINK in (each.mode_before, each.mode_after))
    return replace(project, kept=Kept(memory, listed, time.time(), others, links)), ()


def _differing(memory: Memory, history: Repo, files: Repo, change: Change) -> Sequence[FileDifference]:
    """What differs from the commit that memory is of; nothing where no clone can tell."""
    for repository, head in ((files, None), (history, change.head)):
        with suppress(GitError, ValueError):
            side = None if head is None else repository.commit(head)
            return [*differences(repository, repository.commit(memory.commit), side, renames=False)]
    return ()


def unused(folder: str, why: str) -> str:
    """That memory was of no use, and why."""
    return f"All tests were run: memory in {quoted(folder, _SHOWN)} {why}."

"""Whether memory is of a project's own history, and what a reader is told where it is not used."""

import time
from collections.abc import Collection
from dataclasses import replace

from git import Repo

from hitrate.analysis.session import Kept, Project
from hitrate.change.comparison import is_ancestor
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
    return replace(project, kept=Kept(memory, belonging(files, project.change), time.time())), ()


def unused(folder: str, why: str) -> str:
    """That memory was of no use, and why."""
    return f"All tests were run: memory in {quoted(folder, _SHOWN)} {why}."

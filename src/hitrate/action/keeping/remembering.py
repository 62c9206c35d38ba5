"""Memory in the action: written by pushes to the default branch, read by everything else."""

import time
from pathlib import Path

from git import Repo

from hitrate.analysis.memory import placing
from hitrate.analysis.memory.remembering import Moment, remember
from hitrate.analysis.session import Project
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.errors import AnalysisError
from hitrate.github.event import Target
from hitrate.memory import document
from hitrate.memory.document import UnusableError
from hitrate.memory.model import Memory
from hitrate.memory.reachlog import IncompleteError
from hitrate.progress.progress import Progress
from hitrate.settings.model import Settings
from hitrate.testrun.run import Suite
from hitrate.workspace.listing import belonging


def trunk(tree: Path, suite: Suite, head: str | None) -> Project:
    """What is run where memory is written: a tree in which nothing has changed."""
    return Project(tree, suite, None, Change(base=head, head=head), Selection(()))


def written(project: Project, files: Repo, scratch: Path, progress: Progress) -> bytes:
    """What all tests reach, as the content of a file.

    Raises:
        HitrateError: The tests cannot be run, do not pass, or do not tell it.
    """
    listed = belonging(files, project.change)
    moment = Moment(project.change.head or "", time.time())
    try:
        return document.to_bytes(remember(project, listed, moment, scratch, progress))
    except (IncompleteError, UnusableError) as error:
        raise AnalysisError(f"memory: not written, since {error}; without it all tests are run") from None


def read(workspace: Path, settings: Settings) -> tuple[Memory | None, tuple[str, ...]]:
    """Memory of an earlier job, and what a reader must know where there is none."""
    if settings.memory is None:
        return None, ()
    try:
        memory = document.read(workspace, settings.memory)
    except UnusableError as error:
        return None, (placing.unused(settings.memory, str(error)),)
    if memory is None:
        return None, (
            placing.unused(settings.memory, "is not there yet; a push to the default branch writes it"),
        )
    return memory, ()


def placed(
    project: Project,
    memory: Memory | None,
    history: Repo,
    files: Repo,
    target: Target,
    settings: Settings,
) -> tuple[Project, tuple[str, ...]]:
    """The project with memory if that is of its own base branch, and what a reader must know otherwise.

    Args:
        project: What is analysed.
        memory: What was read; None where there is none.
        history: The clone in which commits are looked for.
        files: The clone whose files are tested.
        target: What is measured.
        settings: What the user chose.
    """
    if memory is None:
        return project, ()
    bases = (target.base, project.change.base)
    return placing.placed(project, memory, history, files, bases, settings.memory or "")

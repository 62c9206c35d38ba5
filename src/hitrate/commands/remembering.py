"""``hitrate run --memory DIR``: written on a clean base, read on a change."""

import time
from collections.abc import Sequence
from pathlib import Path

from git import Repo

from hitrate.analysis.memory import placing
from hitrate.analysis.memory.remembering import Moment, remember
from hitrate.analysis.session import Project
from hitrate.change import comparison
from hitrate.change.comparison import Change
from hitrate.errors import AnalysisError, InputError
from hitrate.files import untrusted
from hitrate.memory import document
from hitrate.memory.document import UnusableError
from hitrate.memory.model import Memory
from hitrate.memory.reachlog import IncompleteError
from hitrate.progress.progress import Progress
from hitrate.settings.model import Settings
from hitrate.wording.figures import some
from hitrate.workspace.listing import belonging


def is_clean_base(repository: Repo, change: Change, folder: str, named: Sequence[str]) -> bool:
    """Whether nothing but memory itself differs from the base, so that it can be written."""
    if named or change.base is None or change.base != change.head:
        return False
    if not change.uncommitted:
        return True
    tree, place = Path(repository.working_dir).resolve(), Path(folder).resolve()
    if tree not in place.parents:
        return False
    others = f":(exclude,literal){place.relative_to(tree).as_posix()}"
    return not repository.git.status("--porcelain", "--", ":/", others)


def write(repository: Repo, project: Project, folder: str, scratch: Path, progress: Progress) -> None:
    """Run all tests once and write what they reach.

    Raises:
        HitrateError: It cannot be written, or the tests cannot be run or do not pass.
    """
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"memory: {folder!r}: {error.strerror or error}; name a folder to write to"
        ) from None
    memory = remembered(repository, project, scratch, progress)
    try:
        untrusted.write(place, document.NAME, document.to_bytes(memory))
    except (ValueError, OSError):
        raise InputError(f"memory: {folder!r} cannot be written; name another folder") from None
    except UnusableError as error:
        raise AnalysisError(f"memory: what {some(len(memory.tests), 'test')} reach {error}") from None
    progress.say(said(memory, folder))


def remembered(repository: Repo, project: Project, scratch: Path, progress: Progress) -> Memory:
    """What all tests of a clean tree reach.

    Raises:
        HitrateError: The tests cannot be run, do not pass, or do not tell it.
    """
    commit = comparison.head_sha(repository) or ""
    listed = belonging(repository, project.change)
    try:
        return remember(project, listed, Moment(commit, time.time()), scratch, progress)
    except IncompleteError as error:
        raise AnalysisError(f"memory: not written, since {error}; without it all tests are run") from None


def said(memory: Memory, folder: str) -> str:
    """That memory was written, in one line."""
    return f"{folder} now holds what {some(len(memory.tests), 'test')} reach at {memory.commit[:12]}."


def with_memory(repository: Repo, project: Project, settings: Settings) -> tuple[Project, tuple[str, ...]]:
    """The project with memory of its base if there is any; where there is none, why, for a reader."""
    if settings.memory is None or not project.selection.functions:
        return project, ()
    try:
        if _is_tracked(repository, Path(settings.memory) / document.NAME):
            raise UnusableError("is tracked by git, so that the change itself may have written it")
        memory = document.read(Path(settings.memory))
        if memory is None:
            raise UnusableError("does not exist yet; a run on the base writes it")
    except UnusableError as error:
        return project, (placing.unused(settings.memory, str(error)),)
    bases = (settings.base, project.change.base, "origin/HEAD")
    return placing.placed(project, memory, repository, repository, bases, settings.memory)


def _is_tracked(repository: Repo, file: Path) -> bool:
    """Whether a file is part of the tree, links to it followed."""
    tree, place = Path(repository.working_dir).resolve(), file.resolve()
    if tree not in place.parents:
        return False
    return bool(repository.git.ls_files("-z", "--", f":(literal,top){place.relative_to(tree).as_posix()}"))

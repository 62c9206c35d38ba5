"""What measuring in a container and on the runner itself share: what has changed, and what to say of it."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from git import Repo

from hitrate.analysis.session import project_folder
from hitrate.change import comparison
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection, changed_functions
from hitrate.change.firstuse import brings_hitrate
from hitrate.environment import place
from hitrate.files.limits import FirstLook
from hitrate.github.event import Target
from hitrate.progress.progress import Progress
from hitrate.settings.model import Settings
from hitrate.wording.text import quoted
from hitrate.workspace.history import Origin, open_clone
from hitrate.workspace.privatetree import PrivateTree, base_of

NARROWER = "name fewer files by paths, or leave some out by exclude"


@dataclass(frozen=True, slots=True)
class Changed:
    """What a pull request changes.

    Attributes:
        change: What was compared.
        selection: The functions to look at.
        notes: What a reader must know of it, each one plain sentence.
        first_use: Whether it brings Hitrate to the repository.
    """

    change: Change
    selection: Selection
    notes: tuple[str, ...]
    first_use: bool = False


def origin(target: Target, environ: Mapping[str, str]) -> Origin:
    """Where missing history is fetched."""
    server = environ.get("GITHUB_SERVER_URL") or "https://github.com"
    return Origin(f"{server}/{target.repository}", environ.get("INPUT_GITHUB-TOKEN") or None)


def changed(
    held: PrivateTree,
    tree: Path,
    target: Target,
    settings: Settings,
    *,
    source: Origin,
    look: FirstLook,
    rights: AbstractContextManager[None] | None = None,
) -> Changed:
    """Find the functions that a pull request changes.

    Args:
        held: The clone that holds its history; more is fetched into it.
        tree: Root of the files.
        target: What to measure.
        settings: What the user chose.
        source: Where missing history is fetched.
        look: The time that there is for it.
        rights: Entered while the files are read: a changed file may be a link to anything.

    Raises:
        HitrateError: It cannot be compared, or to look takes too long.
    """
    base = base_of(held, source, event=target.base, chosen=settings.base)
    history = open_clone(held.path)
    compared = look.spend("the change", NARROWER, lambda: comparison.compare(history, base or "HEAD", "HEAD"))
    notes = config_notes(history, compared.base, settings.config)
    with rights or nullcontext():
        selection = look.spend(
            "the change",
            NARROWER,
            lambda: changed_functions(tree, compared.files, paths=settings.paths, exclude=settings.exclude),
        )
    named = replace(compared, repository=target.repository, head=held.head, pull_request=target.pull_request)
    return Changed(named, selection, notes, brings_hitrate(history, compared.base))


def located(tree: Path, settings: Settings, paths: Collection[str], progress: Progress) -> Path:
    """The project's folder: the one that was named, or else the one that a change of these files is about.

    Raises:
        InputError: There is no such folder in the tree.
    """
    if settings.working_directory != place.ROOT:
        return project_folder(tree, tree, settings.working_directory)
    found = place.folder_of_project(tree, paths)
    if found != place.ROOT:
        progress.say(f"Project: {quoted(found)}, since the root says nothing of one (working-directory)")
    return project_folder(tree, tree, found)


def config_notes(repository: Repo, base: str | None, path: str) -> tuple[str, ...]:
    """What a reader must know of a change that comes with settings of its own."""
    if base is None or not comparison.is_changed(repository, base, path):
        return ()
    return (f"This change also changes {quoted(path)}, and was measured with its settings.",)

"""The tree that is patched and tested: a private copy of the checkout, or of what was fetched.

The checkout itself is only read. In the copy everything belongs to the project's user, whose code runs in it,
but not the history: that stays Hitrate's, so that no test can make git run something when Hitrate asks it a
question.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from git import Repo

from hitrate.errors import AnalysisError, InputError
from hitrate.files.copying import Entry, copy_tree, entries, hand_over, made, opened, set_mode
from hitrate.patching.journal import JournalPlace
from hitrate.sandbox.identity import Identity, give
from hitrate.workspace.gitdir import copy_history
from hitrate.workspace.history import History, Origin, make_clone, open_clone

_ROOT_MODE = 0o1777  # as of /tmp: everybody makes files, and nobody replaces those of others, such as .git
_LEVELS = 3  # of folders that may be clones, the workspace being the first
_KEY_FILES = ("gha-creds-*.json", ".git-credentials", ".netrc", ".pypirc")
_MARKS = ("pyvenv.cfg", "CACHEDIR.TAG")  # of folders that were made for another machine, or for nobody's eyes


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to be measured.

    Attributes:
        head: Sha of the commit; None is what is checked out.
        merge: Sha of GitHub's test merge of the head and its base.
        pull_request: Number of the pull request.
    """

    head: str | None = None
    merge: str | None = None
    pull_request: int | None = None


class Origination(StrEnum):
    """Where the files of a private tree come from."""

    HEAD = "the checkout, which holds the head"
    MERGE = "the checkout, which holds the test merge"
    FETCH = "a fetch"


@dataclass(frozen=True, slots=True)
class PrivateTree:
    """A tree that Hitrate patches and the project's code runs in.

    Attributes:
        path: Its root, which is that of the repository.
        head: Sha of the commit that is reported on.
        origination: Where its files come from.
    """

    path: Path
    head: str
    origination: Origination


def lay_out(
    workspace: Path, wanted: Revision, origin: Origin, scratch: Path, *, identity: Identity | None = None
) -> PrivateTree:
    """Lay out the private tree in ``scratch``.

    Args:
        workspace: What the job has checked out, or an empty folder.
        wanted: What is to be measured.
        origin: Where it is fetched if it is not checked out.
        scratch: Hitrate's folder.
        identity: Whose files the tree's are to be; None leaves them Hitrate's.

    Raises:
        InputError: Nothing says what to measure.
        AnalysisError: It cannot be fetched.
    """
    tree = scratch / "tree"
    if found := find_checkout(workspace, wanted):
        checkout, head, held = found
        _copy(checkout, tree)
        made = PrivateTree(tree, head, held)
    else:
        made = PrivateTree(tree, _fetch(tree, wanted, origin), Origination.FETCH)
    if identity is not None:
        _give(tree, identity)
    History(open_clone(tree)).refresh()
    return made


def base_of(made: PrivateTree, origin: Origin, *, event: str | None, chosen: str | None) -> str | None:
    """Sha of the commit that the changes of a private tree count from.

    Args:
        made: The tree; missing history is fetched into it.
        origin: Where missing history is fetched.
        event: Sha or branch that the event names.
        chosen: Commit, branch or tag that the user compares with instead.

    Returns:
        The merge base, or the first parent of a test merge; None where neither names anything.

    Raises:
        AnalysisError: It is neither there nor can it be fetched.
    """
    history = History(open_clone(made.path), origin)
    name = chosen or event
    if name is None:
        return None
    present = history.bring("HEAD")
    base = None
    if made.origination is Origination.MERGE:
        # The base may have moved between the event and the merge: the merge knows which one it is.
        base = history.bring_parents(present)[0] if chosen is None else None
    base = base or history.merge_base(history.bring(name), present)
    history.complete(base, present)
    return base


def head_message(made: PrivateTree, origin: Origin) -> str | None:
    """The message of the commit that is reported on; None where it cannot be had.

    Args:
        made: The tree; what a shallow checkout of a test merge lacks is fetched into it, as `base_of` would.
        origin: Where it is fetched.
    """
    history = History(open_clone(made.path), origin)
    with suppress(AnalysisError):  # what needs the commit more says that it is missing
        if made.origination is Origination.MERGE and not history.has(made.head):
            history.bring_parents(history.bring("HEAD"))
    return history.message(made.head)


def find_checkout(workspace: Path, wanted: Revision) -> tuple[Path, str, Origination] | None:
    """The clone in a workspace that holds what is wanted, the sha of the head, and what it holds of it."""
    for checkout in checkouts(workspace):
        clone = open_clone(checkout)
        if held := _held(clone, wanted):
            return checkout, wanted.head or clone.head.commit.hexsha, held
    return None


def checkouts(workspace: Path) -> Iterator[Path]:
    """Clones in a workspace: usually itself, else below it (``path`` of actions/checkout); none by a link."""
    level = [workspace]
    for _ in range(_LEVELS):
        yield from (folder for folder in level if _is_clone(folder))
        level = [below for folder in level for below in _folders(folder)]


def _folders(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    return []


def _is_clone(folder: Path) -> bool:
    with suppress(OSError), opened(folder / ".git") as gitdir:
        return any(entry.name == "HEAD" and entry.is_file for entry in entries(gitdir))
    return False


def _held(clone: Repo, wanted: Revision) -> Origination | None:
    """What a clone has checked out, if it is what is wanted."""
    if not clone.head.is_valid():
        return None
    present = clone.head.commit.hexsha
    if wanted.head in (None, present):
        return Origination.HEAD
    if present == wanted.merge or wanted.head in History(clone).parents(present)[1:]:
        return Origination.MERGE
    return None


def _fetch(tree: Path, wanted: Revision, origin: Origin) -> str:
    """Make a tree of a commit that is not checked out; its sha."""
    head = wanted.head
    if head is None:
        raise InputError("nothing is checked out; add actions/checkout before Hitrate")
    history = History(make_clone(tree, origin), origin)
    if wanted.pull_request is None or history.fetch(f"refs/pull/{wanted.pull_request}/head", depth=1) != head:
        history.fetch(head, depth=1)
    history.check_out(head)
    return head


def _copy(checkout: Path, tree: Path) -> None:
    """Copy a checkout as it lies, but for what is no part of the project, and keys."""
    kept = tracked(checkout)
    folders = {str(folder) for path in kept for folder in PurePosixPath(path).parents}

    def special(entry: Entry, there: int) -> bool:
        if entry.is_folder and entry.name == ".git":
            if (gitdir := entry.open()) is not None:
                try:
                    with made(entry.name, there) as copied:
                        copy_history(gitdir, copied)
                finally:
                    os.close(gitdir)
            return True
        return entry.path not in kept and entry.path not in folders and _no_part(entry)

    copy_tree(checkout, tree, special=special)


def tracked(checkout: Path) -> frozenset[str]:
    """What git tracks in a checkout: files, links and submodules by their paths, with forward slashes."""
    return frozenset(path for path in open_clone(checkout).git.ls_files("-z").split("\0") if path)


def _no_part(entry: Entry) -> bool:
    """Whether an untracked entry is a key of an earlier step, another Python's environment, or a cache."""
    if any(fnmatch(entry.name, pattern) for pattern in _KEY_FILES):
        return True
    folder = entry.open() if entry.is_folder else None
    if folder is None:
        return False
    try:
        return any(inner.is_file and inner.name in _MARKS for inner in entries(folder))
    finally:
        os.close(folder)


def _give(tree: Path, identity: Identity) -> None:
    """Make the files of the tree the user's, and leave the root and the history Hitrate's.

    The patcher's journal, which lies with the history, is the user's again: it is kept with the user's
    rights (`hitrate.sandbox.identity.files_as`).
    """
    hand_over(tree, identity.uid, identity.gid, but=(".git",))
    set_mode(tree, _ROOT_MODE)
    give(JournalPlace.of(tree).folder, identity)

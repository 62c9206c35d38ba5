"""The tree that is patched and tested: a private copy of the checkout, or of what was fetched.

The checkout itself is only read. In the copy everything belongs to the project's user, whose code runs in it,
but not the history: that stays Hitrate's, so that no test can make git run something when Hitrate asks it a
question.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from git import Repo

from hitrate.errors import InputError
from hitrate.filecopy import copy_folder, hand_over
from hitrate.gitdir import copy_gitdir
from hitrate.history import History, Origin, make_clone, open_clone
from hitrate.isolation import Identity

_ROOT_MODE = 0o1777  # as of /tmp: everybody makes files, and nobody replaces those of others, such as .git
_KEY_FILES = ("gha-creds-*.json", ".git-credentials", ".netrc", ".pypirc")
_VENV_MARK = "pyvenv.cfg"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured.

    Attributes:
        head: Sha of the commit, as the event says; None is what is checked out.
        base: Sha or branch to compare with, as the event says; None compares with nothing.
        chosen_base: Commit, branch or tag that the user compares with instead.
        merge: Sha of GitHub's test merge of base and head.
        pull_request: Number of the pull request.
    """

    head: str | None = None
    base: str | None = None
    chosen_base: str | None = None
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
        project: The project's folder in it.
        base: Sha that its changes count from: the merge base, or the first parent of a test merge.
        head: Sha of the commit that is reported on.
        origination: Where its files come from.
    """

    path: Path
    project: Path
    base: str | None
    head: str
    origination: Origination


def prepare(
    workspace: Path,
    wanted: Wanted,
    origin: Origin,
    scratch: Path,
    *,
    identity: Identity | None = None,
    working_directory: str = ".",
    left_out: Sequence[Path] = (),
) -> PrivateTree:
    """Lay out the private tree in ``scratch``.

    Args:
        workspace: What the job has checked out, or an empty folder.
        wanted: What is to be measured.
        origin: Where missing commits are fetched.
        scratch: Hitrate's folder.
        identity: Whose files the tree's are to be; None leaves them Hitrate's.
        working_directory: The project's folder, relative to the workspace.
        left_out: Folders of the workspace that are no part of the project, such as the report's.

    Raises:
        InputError: The working directory does not exist, or nothing says what to measure.
        AnalysisError: A commit is neither there nor can it be fetched.
    """
    start = _inside(workspace.resolve(), working_directory)
    checkout = _checkout_of(start, workspace.resolve())
    tree = scratch / "tree"
    held = _held(open_clone(checkout), wanted) if checkout else None
    if checkout and held:
        _copy(checkout, tree, left_out)
        history = History(open_clone(tree), origin)
        head, base = _compared(history, wanted, held)
        if base is not None:
            history.complete(base, "HEAD")
        project = tree / start.relative_to(checkout)
    else:
        held = Origination.FETCH
        head, base = _fetch(tree, wanted, origin)
        project = tree / PurePosixPath(working_directory)
    if not project.is_dir():
        raise InputError(f"working-directory: no folder {working_directory!r}; name one of the repository")
    if identity is not None:
        _give(tree, identity)
    History(open_clone(tree)).refresh()
    return PrivateTree(tree, project, base, head, held)


def _inside(workspace: Path, working_directory: str) -> Path:
    start = (workspace / working_directory).resolve()
    if not start.is_relative_to(workspace):
        raise InputError(f"working-directory: {working_directory!r} leads out of the repository")
    return start


def _checkout_of(folder: Path, workspace: Path) -> Path | None:
    """The clone that a folder of the workspace is in; it may lie below it (``path`` of actions/checkout)."""
    for candidate in (folder, *folder.parents):
        if (candidate / ".git" / "HEAD").is_file():
            return candidate
        if candidate == workspace:
            break
    return None


def _held(clone: Repo, wanted: Wanted) -> Origination | None:
    """What a clone has checked out, if it is what is wanted."""
    if not clone.head.is_valid():
        return None
    present = clone.head.commit.hexsha
    if wanted.head in (None, present):
        return Origination.HEAD
    if present == wanted.merge or wanted.head in History(clone).parents(present)[1:]:
        return Origination.MERGE
    return None


def _compared(history: History, wanted: Wanted, held: Origination) -> tuple[str, str | None]:
    """Head and base of what was copied."""
    present = history.bring("HEAD")
    head = wanted.head or present
    base = wanted.chosen_base or wanted.base
    if base is None:
        return head, None
    if held is Origination.MERGE:
        first_parent, *_ = history.bring_parents(present)
        if wanted.chosen_base is None:
            # The base may have moved between the event and the merge: the merge knows which one it is.
            return head, first_parent
    return head, history.merge_base(history.bring(base), present)


def _fetch(tree: Path, wanted: Wanted, origin: Origin) -> tuple[str, str | None]:
    """Make a tree of a commit that is not checked out; its sha, and that of the base."""
    if wanted.head is None:
        raise InputError("nothing is checked out; add actions/checkout before Hitrate")
    history = History(make_clone(tree, origin), origin)
    head = wanted.head
    if wanted.pull_request is None or history.fetch(f"refs/pull/{wanted.pull_request}/head", depth=1) != head:
        history.fetch(head, depth=1)
    history.check_out(head)
    base = wanted.chosen_base or wanted.base
    return head, history.merge_base(history.bring(base), head) if base else None


def _copy(checkout: Path, tree: Path, left_out: Sequence[Path]) -> None:
    """Copy a checkout as it lies, but for what is no part of the project, and keys."""
    tracked = open_clone(checkout).git.ls_files("-z").split("\0")
    kept = {PurePosixPath(path) for path in tracked if path}
    folders = {folder for path in kept for folder in path.parents}
    skipped = {path.resolve() for path in left_out}

    def special(source: Path, target: Path) -> bool:
        path = PurePosixPath(source.relative_to(checkout).as_posix())
        if source.name == ".git" and source.is_dir() and not source.is_symlink():
            copy_gitdir(source, target)
            return True
        untracked = path not in kept and path not in folders
        return source in skipped or (untracked and _no_part(source))

    copy_folder(checkout, tree, special=special)


def _no_part(path: Path) -> bool:
    """Whether an untracked path is a key that an earlier step left, or an environment of another Python."""
    return any(fnmatch(path.name, pattern) for pattern in _KEY_FILES) or (path / _VENV_MARK).is_file()


def _give(tree: Path, identity: Identity) -> None:
    """Make the files of the tree the user's, and leave the root and the history Hitrate's."""
    for entry in os.scandir(tree):
        if entry.name != ".git":
            hand_over(Path(entry.path), identity.uid, identity.gid)
    tree.chmod(_ROOT_MODE)

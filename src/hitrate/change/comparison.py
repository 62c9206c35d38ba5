"""What was changed: merge base, head, and the changed lines of every Python file (GitPython)."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from git import Commit, Repo
from git.diff import Diff
from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError

from hitrate.change.rawdiff import SUBMODULE, FileDifference, differences
from hitrate.errors import InputError
from hitrate.files import limits

_BATCH_FILES = 200
_BATCH_BYTES = 32 * 1024 * 1024
_EVERYTHING = 1 << 31
MARKS = ("pyvenv.cfg", "CACHEDIR.TAG")
"""Files that mark the folder they lie in as a virtual environment, or as a cache."""
INSTALLED = "site-packages"
"""The folder of an environment that others' packages lie in; the project may be its own environment."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines ``first`` to ``last`` of the new file, 1-based and inclusive.

    Where lines were only removed, ``last`` is ``first - 1``: the gap before line ``first``.
    """

    first: int
    last: int

    def touch(self, first: int, last: int) -> bool:
        """Whether any of these lines, or the gap, lies within ``first`` to ``last``."""
        if self.last < self.first:
            return first < self.first <= last
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One Python file of the head and its changed lines."""

    path: str
    lines: tuple[Lines, ...]

    def touches(self, first: int, last: int) -> bool:
        """Whether a change lies within lines ``first`` to ``last``."""
        return any(lines.touch(first, last) for lines in self.lines)


@dataclass(frozen=True, slots=True)
class Change:
    """What a pull request changed.

    Attributes:
        base: Sha of the merge base; None where nothing was compared.
        head: Sha of the head commit; None in a repository without a commit.
        files: Changed Python files, by path.
        repository: owner/name on GitHub; None elsewhere.
        pull_request: Its number; None where there is none.
        uncommitted: Whether what is measured differs from the head commit.
    """

    base: str | None
    head: str | None
    files: tuple[ChangedFile, ...] = ()
    repository: str | None = None
    pull_request: int | None = None
    uncommitted: bool = False


def open_repository(directory: Path) -> Repo:
    """The repository that holds ``directory``.

    Raises:
        InputError: There is none, git refuses it, or it has no working tree.
    """
    try:
        repository = Repo(directory, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise InputError(f"{directory}: not in a git repository; run hitrate in a git checkout") from None
    if repository.bare:
        raise InputError(f"{directory}: a bare repository has no working tree; run hitrate in a checkout")
    try:
        repository.git.rev_parse("--git-dir")
    except GitCommandError as error:
        tree = repository.working_dir
        raise InputError(
            f"{tree}: git refuses this repository ({_complaint(error)}); if you trust it, run "
            f"git config --global --add safe.directory {tree}"
        ) from None
    return repository


def _complaint(error: GitCommandError) -> str:
    """The first line of what git complained about."""
    said = str(error.stderr).strip().removeprefix("stderr: ").strip("'\n ")
    return (said.splitlines() or ["it says nothing"])[0]


def head_sha(repository: Repo) -> str | None:
    """Sha of the checked-out commit, None before the first one."""
    return repository.head.commit.hexsha if repository.head.is_valid() else None


def default_base(repository: Repo) -> str:
    """What to compare with if nothing was said: the remote's default branch, else main or master.

    Raises:
        InputError: None of them exists, or nothing has been committed yet.
    """
    if head_sha(repository) is None:
        raise InputError(
            f"{repository.working_dir}: nothing has been committed yet, so there is nothing to compare with; "
            "commit first, or name a function by --function"
        )
    candidates = ["origin/HEAD", "origin/main", "origin/master", "main", "master"]
    for name in candidates:
        if _commit(repository, name) is not None:
            return name
    raise InputError("base: no default branch found; say what to compare with, such as --base HEAD~1")


def compare(repository: Repo, base: str, head: str | None) -> Change:
    """Changed lines of the head against its merge base with ``base``.

    Args:
        repository: An open repository.
        base: A branch, tag or commit.
        head: The same, or None for the working tree as it is, untracked files included.

    Raises:
        InputError: A name is unknown, the two share no history, or git cannot read a file.
    """
    base_commit = _named(repository, base, "base")
    head_commit = _named(repository, head or "HEAD", "head")
    merge_base = _merge_base(repository, base_commit, head_commit, base)
    files = list(_changed(repository, merge_base, head_commit if head else None))
    if head is None:
        files += _untracked(repository)
    return Change(merge_base.hexsha, head_commit.hexsha, tuple(sorted(files, key=lambda file: file.path)))


def is_ancestor(repository: Repo, commit: str, of: str) -> bool:
    """Whether a commit is in the history of another; not where either is unknown, or no name of a commit."""
    if not _SHA.fullmatch(commit):
        return False
    older, newer = _commit(repository, commit), _commit(repository, of)
    return older is not None and newer is not None and bool(repository.is_ancestor(older, newer))


def is_changed(repository: Repo, base: str, path: str) -> bool:
    """Whether a file, Python or not, differs between a commit and the head."""
    return bool(
        repository.git.diff(
            "--name-only",
            "--no-ext-diff",
            "--ignore-submodules=dirty",
            base,
            "HEAD",
            "--",
            f":(literal){path}",
        )
    )


def _commit(repository: Repo, name: str) -> Commit | None:
    try:
        return repository.commit(
            repository.git.rev_parse("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        )
    except (GitCommandError, ValueError):
        return None


def _named(repository: Repo, name: str, option: str) -> Commit:
    commit = _commit(repository, name)
    if commit is None:
        raise InputError(
            f"{option}: git knows no commit {name!r}; fetch it, or name a branch, tag or commit that exists"
        )
    return commit


def _merge_base(repository: Repo, base: Commit, head: Commit, name: str) -> Commit:
    found = repository.merge_base(base, head)
    if not found or found[0] is None:
        raise InputError(f"base: {name!r} and the head share no history; fetch more of it (fetch-depth: 0)")
    return found[0]


def _changed(repository: Repo, base: Commit, head: Commit | None) -> Iterator[ChangedFile]:
    """The changed Python files; one that is too large to be read as source is not compared line by line.

    Of such a file no line is told, for it is refused anyway; where it was one, every line is new.
    """
    try:
        small: list[tuple[FileDifference, int]] = []
        for diff in differences(repository, base, head):
            if diff.deleted or not diff.path.endswith(".py"):
                continue
            before = _size(repository, diff.mode_before, diff.blob_before)
            after = _size_of_head(repository, diff, head)
            if max(before, after) <= limits.SOURCE_BYTES:
                small.append((diff, before + after))
            else:
                whole = after <= limits.SOURCE_BYTES
                yield ChangedFile(diff.path, (Lines(1, _EVERYTHING),) if whole else ())
        for paths in _batches(small):
            yield from _compared(base, head, paths)
    except (GitCommandError, ValueError) as error:
        told = _complaint(error) if isinstance(error, GitCommandError) else str(error)
        raise InputError(
            f"base: git cannot compare with {base.hexsha[:12]} ({told}); "
            "fetch what is missing, and make sure that every file can be read"
        ) from None


def _size(repository: Repo, mode: int, blob: str | None) -> int:
    """Bytes of a file in the history; 0 where there is none."""
    if blob is None or mode == SUBMODULE:
        return 0
    return int(repository.odb.info(bytes.fromhex(blob)).size)


def _size_of_head(repository: Repo, diff: FileDifference, head: Commit | None) -> int:
    if head is not None:
        return _size(repository, diff.mode_after, diff.blob_after)
    with suppress(OSError):  # git says what it cannot read
        return os.lstat(os.path.join(repository.working_dir, diff.path)).st_size
    return 0


def _batches(changed: Iterable[tuple[FileDifference, int]]) -> Iterator[list[str]]:
    """Paths of files to be compared at once: so many that what git prints of them is no burden."""
    paths: list[str] = []
    files = size = 0
    for diff, bytes_ in changed:
        paths += dict.fromkeys((diff.path_before, diff.path))
        files, size = files + 1, size + bytes_
        if files >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield paths
            paths, files, size = [], 0, 0
    if paths:
        yield paths


def _compared(base: Commit, head: Commit | None, paths: Iterable[str]) -> Iterator[ChangedFile]:
    literal = tuple(f":(literal){path}" for path in paths)
    found = base.diff(
        head,
        literal,
        create_patch=True,
        no_textconv=True,
        ignore_submodules="dirty",
        unified=0,
        text=True,
        src_prefix="a/",
        dst_prefix="b/",
    )
    for diff in found:
        path = diff.b_path
        if path is not None and path.endswith(".py") and not diff.deleted_file:
            yield ChangedFile(path, tuple(changed_lines(_patch(diff))))


def _patch(diff: Diff) -> bytes:
    text = diff.diff
    return text if isinstance(text, bytes) else (text or "").encode("utf-8", "surrogateescape")


def changed_lines(patch: bytes) -> Iterable[Lines]:
    """Lines of the new file that a patch without context touches.

    A decorator that was removed right above a ``def`` is a change of that ``def``: the line below counts.
    """
    hunks = list(_HUNK.finditer(patch))
    for hunk, following in zip(hunks, [*hunks[1:], None], strict=False):
        first, count = int(hunk[1]), int(hunk[2] or 1)
        body = patch[hunk.end() : following.start() if following else len(patch)]
        if count:
            yield Lines(first, first + count - 1)
        elif _ends_with_decorator(body):
            yield Lines(first + 1, first + 1)
        else:
            yield Lines(first + 1, first)


def _ends_with_decorator(removed: bytes) -> bool:
    lines = [line[1:].strip() for line in removed.splitlines() if line.startswith(b"-") and line[1:].strip()]
    return any(line.startswith(b"@") for line in lines) and not any(
        line.startswith((b"def ", b"async def ", b"class ")) for line in lines
    )


def _untracked(repository: Repo) -> Iterable[ChangedFile]:
    """Python files that git neither tracks nor ignores, less those of environments and caches."""
    everything = Lines(1, _EVERYTHING)
    listed = repository.git.ls_files("--others", "--exclude-standard", "-z", stdout_as_string=False)
    paths = listed.decode("utf-8", "replace").split("\0")
    tree = Path(repository.working_dir)
    made = {"": False}  # by folder: whether a program made it and all in it, which no change is

    def is_made(folder: str) -> bool:
        if folder not in made:
            parent, _, name = folder.rpartition("/")
            marked = name == INSTALLED or any(tree.joinpath(folder, mark).is_file() for mark in MARKS)
            made[folder] = is_made(parent) or (marked and not _holds_tracked(repository, folder))
        return made[folder]

    return [
        ChangedFile(path, (everything,))
        for path in paths
        if path.endswith(".py") and not is_made(path.rpartition("/")[0])
    ]


def _holds_tracked(repository: Repo, folder: str) -> bool:
    return bool(repository.git.ls_files("-z", "--", f":(literal){folder}"))


def require_checked_out(repository: Repo, head: str | None) -> None:
    """Refuse a head that is not what lies in the working tree: the tests run there.

    Raises:
        InputError: Another commit is checked out.
    """
    if head is None:
        return
    wanted, present = _named(repository, head, "head"), _named(repository, "HEAD", "head")
    if wanted != present:
        raise InputError(f"head: {head!r} is not checked out; run git checkout {head} first, or omit --head")

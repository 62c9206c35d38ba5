"""Which files differ, as git tells it to programs: any byte but NUL may stand in a name.

GitPython splits the same output at colons, which names may hold too.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from git import Commit, Repo

SUBMODULE = 0o160000
LINK = 0o120000
_NOTHING = "0" * 40
_TWO_NAMES = ("R", "C")


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file that differs.

    Attributes:
        mode_before: Its mode in the base; 0 where it is new.
        mode_after: Its mode in the head; 0 where it is gone.
        blob_before: Sha of its content in the base; None where it is new.
        blob_after: The same in the head; None where it is gone, or lies in the working tree only.
        path_before: Its path in the base, the same as ``path`` unless it was renamed.
        path: Its path in the head; bytes that are no UTF-8 are kept as surrogates.
    """

    mode_before: int
    mode_after: int
    blob_before: str | None
    blob_after: str | None
    path_before: str
    path: str

    @property
    def deleted(self) -> bool:
        """Whether it is gone from the head."""
        return self.mode_after == 0


def differences(
    repository: Repo, base: Commit, head: Commit | None, *, renames: bool = True
) -> Iterator[FileDifference]:
    """The files that differ between two commits, or between one and the working tree.

    Args:
        repository: Where they are.
        base: The older one.
        head: The newer one; None is the working tree.
        renames: Whether a file that was renamed is one difference, and not two.

    Raises:
        git.exc.GitCommandError: git cannot compare them.
    """
    sides = (base.hexsha, head.hexsha) if head is not None else (base.hexsha,)
    said: bytes = repository.git.diff(
        "--raw",
        "-z",
        "-M" if renames else "--no-renames",
        "--abbrev=40",
        "--no-ext-diff",
        "--no-color",
        "--ignore-submodules=dirty",  # .gitmodules is not read then
        *sides,
        "--",
        stdout_as_string=False,
        strip_newline_in_stdout=False,
    )
    return parsed(said)


def parsed(said: bytes) -> Iterator[FileDifference]:
    """What ``git diff --raw -z`` says of each file."""
    fields = iter(said.split(b"\0"))
    for facts in fields:
        if not facts.startswith(b":"):
            continue
        before, after, old, new, status = facts.decode("ascii")[1:].split(" ")
        first = os.fsdecode(next(fields))
        second = os.fsdecode(next(fields)) if status.startswith(_TWO_NAMES) else first
        yield FileDifference(int(before, 8), int(after, 8), _sha(old), _sha(new), first, second)


def _sha(told: str) -> str | None:
    return None if told.startswith(_NOTHING) else told

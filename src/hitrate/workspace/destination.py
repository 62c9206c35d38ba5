"""Folders of the workspace that Hitrate writes to: refused where they could replace what is the user's.

Their names may come from the pull request (`hitrate.settings.config`), and Hitrate writes there with the
rights of the runner. They are looked at before the first run, so that nothing is measured in vain.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from hitrate.errors import InputError
from hitrate.files import untrusted
from hitrate.workspace.history import open_clone
from hitrate.workspace.privatetree import checkouts, tracked

_REMEDY = "name a folder of its own, such as"
_SHORT_NAME = re.compile(r"git~\d+")
_GIT_FOLDER = ("HEAD", "objects", "refs")


def require_own_folder(workspace: Path, name: str, *, setting: str, example: str) -> None:
    """Refuse a folder that is not for Hitrate alone.

    Args:
        workspace: The runner's workspace.
        name: The folder's path below it, as the user gave it.
        setting: The name of the setting, for the message.
        example: A folder that would do, for the message.

    Raises:
        InputError: It lies outside the workspace or in git's own folder, is or lies behind a link, or it is,
            holds or lies in what git tracks.
    """
    try:
        parts = untrusted.parts_of(name)
    except ValueError:
        why = "is not a folder below the workspace"
    else:
        why = _in_gits_own(parts) or _in_the_way(workspace, parts) or _tracked(workspace, parts)
    if why:
        raise InputError(f"{setting}: {name!r} {why}; {_REMEDY} {example}")


def overlap(one: str, other: str) -> bool:
    """Whether of two folders, one is or holds the other."""
    first, second = untrusted.parts_of(one), untrusted.parts_of(other)
    return first[: len(second)] == second[: len(first)]


def _in_gits_own(parts: Iterable[str]) -> str:
    return "lies in git's own folder" if any(map(is_gits_own, parts)) else ""


def is_gits_own(name: str) -> bool:
    """Whether a name is that of git's own folder on any file system.

    Some know no case, no characters without a width and no dots at the end, or know it by a short name too.
    """
    plain = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    plain = plain.partition(":")[0].rstrip(". ").casefold()
    return plain == ".git" or _SHORT_NAME.fullmatch(plain) is not None


def _in_the_way(workspace: Path, parts: tuple[str, ...]) -> str:
    """What is wrong with what lies there already."""
    for count in range(1, len(parts) + 1):
        try:
            with untrusted.folder(workspace, parts[: count - 1]) as holder:
                status = os.stat(parts[count - 1], dir_fd=holder, follow_symlinks=False)
        except FileNotFoundError:
            return ""
        except OSError:
            return "cannot be looked into"
        if stat.S_ISLNK(status.st_mode):
            return "is a symbolic link" if count == len(parts) else "lies behind a symbolic link"
        if not stat.S_ISDIR(status.st_mode):
            return "is not a folder" if count == len(parts) else "lies behind something that is not a folder"
        if _is_git_folder(workspace, parts[:count]):
            return "lies in git's own folder"
    return ""


def _is_git_folder(workspace: Path, parts: tuple[str, ...]) -> bool:
    """Whether a folder holds a history, as a bare repository does, by whatever name."""
    with untrusted.folder(workspace, parts) as folder:
        return set(_GIT_FOLDER) <= set(os.listdir(folder))


def _tracked(workspace: Path, parts: tuple[str, ...]) -> str:
    """In what relation it stands to what git tracks, if it does."""
    for checkout in checkouts(workspace):
        root = checkout.relative_to(workspace).parts
        fold = str.casefold if _ignores_case(checkout) else str
        place = tuple(map(fold, parts))
        if place == tuple(map(fold, root))[: len(place)]:
            return "holds files that git tracks"
        for path in tracked(checkout):
            known = tuple(map(fold, (*root, *PurePosixPath(path).parts)))
            if known == place[: len(known)]:
                return f"lies in {path}, which git tracks" if len(place) > len(known) else "is tracked by git"
            if place == known[: len(place)]:
                return "holds files that git tracks"
    return ""


def _ignores_case(checkout: Path) -> bool:
    options = ("--default", "false", "--type", "bool", "--get", "core.ignorecase")
    return str(open_clone(checkout).git.config(*options)) == "true"

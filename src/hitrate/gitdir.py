"""A copy of a ``.git`` folder that keeps the history and leaves every key behind.

What a checkout may hold beside history: tokens in ``config`` (``http.extraheader``, passwords in URLs),
includes of files with tokens, hooks, credential helpers. So nothing is copied but what is named here.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from git import Git

from hitrate.filecopy import copy_file, copy_folder

_FILES = ("HEAD", "packed-refs", "shallow", "index")
_FOLDERS = ("refs", "objects", "info", "reftable")
_CONFIGS = ("config", "config.worktree")
_KEPT = re.compile(
    r"core\.(?:repositoryformatversion|filemode|bare|symlinks|ignorecase|precomposeunicode|autocrlf|eol"
    r"|sparsecheckout|sparsecheckoutcone|worktree)"
    r"|extensions\.\w+"
    r"|remote\..+\.(?:url|fetch|promisor|partialclonefilter)"
    r"|branch\..+\.(?:remote|merge)"
    r"|submodule\..+\.(?:url|active|path)",
    re.DOTALL,
)
_NAMED = re.compile(r"(?P<section>[^.]+)\.(?:(?P<name>.+)\.)?(?P<key>[^.]+)", re.DOTALL)


def copy_gitdir(source: Path, target: Path) -> None:
    """Copy the history, the index and the harmless settings of a ``.git`` folder, and of its submodules."""
    target.mkdir(parents=True)
    for name in _FILES:
        if (source / name).is_file():
            copy_file(source / name, target / name)
    for name in _FOLDERS:
        if (source / name).is_dir():
            copy_folder(source / name, target / name)
    for name in _CONFIGS:
        if (source / name).is_file():
            (target / name).write_text(clean_config(read_config(source / name)), encoding="utf-8")
    for submodule in _submodules(source / "modules"):
        copy_gitdir(submodule, target / submodule.relative_to(source))


def read_config(file: Path) -> list[tuple[str, str]]:
    """The settings of one config file, as git reads them; what it includes is left out."""
    entries = str(Git().config("--file", str(file), "--no-includes", "--list", "-z")).split("\0")
    return [(key, value) for entry in entries if entry for key, _, value in [entry.partition("\n")]]


def clean_config(settings: Iterable[tuple[str, str]]) -> str:
    """A config file of those settings that tell how the tree is laid out and where it comes from."""
    return "".join(_lines(settings))


def _lines(settings: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in settings:
        if not _KEPT.fullmatch(name) or not (parts := _NAMED.fullmatch(name)):
            continue
        kept = without_password(value) if parts["key"] == "url" else value
        subsection = f' "{_quoted(parts["name"])}"' if parts["name"] else ""
        shown = _quoted(kept).replace("\n", "\\n").replace("\t", "\\t")
        yield f'[{parts["section"]}{subsection}]\n\t{parts["key"]} = "{shown}"\n'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def without_password(url: str) -> str:
    """An address without user and password, where it has them before an ``@``."""
    parts = urlsplit(url)
    if not parts.scheme or "@" not in parts.netloc or parts.scheme == "ssh":
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _submodules(folder: Path) -> Iterator[Path]:
    """Git folders of submodules, whose names may have slashes."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (entry / "HEAD").is_file():
            yield entry
        elif entry.is_dir() and not entry.is_symlink():
            yield from _submodules(entry)

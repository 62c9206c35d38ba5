"""A copy of a ``.git`` folder that keeps the history and leaves every key behind.

What a checkout may hold beside history: tokens in ``config`` (``http.extraheader``, passwords in URLs),
includes of files with tokens, hooks, credential helpers. So nothing is copied but what is named here.

Git follows links in that folder, when it writes too: a link in place of ``index`` or ``shallow`` would have
it replace the file that the link points to. So no link is copied.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit, urlunsplit

from git import Git

from hitrate.errors import AnalysisError
from hitrate.files import untrusted
from hitrate.files.copying import (
    Entry,
    copy_below,
    copy_entry,
    entries,
    made,
    opened,
    require_shallow,
    write_new,
)

_FILES = ("HEAD", "packed-refs", "shallow", "index")
_FOLDERS = ("refs", "objects", "info", "reftable")
_CONFIGS = ("config", "config.worktree")
_CONFIG_BYTES = 1 << 20
_MODULES = "modules"
_ATTRIBUTES = "attributes"
NO_PROGRAMS = "* !filter !diff !merge\n"
"""Attributes that outrank those of the tree: no file of it chooses a program of some settings for itself."""

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
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened(source) as here, made(target) as there:
        copy_history(here, there)


def copy_history(here: int, there: int, *, submodule: bool = False) -> None:
    """Copy what `copy_gitdir` copies from one open folder into another.

    Args:
        here: Descriptor of a ``.git`` folder.
        there: Descriptor of the empty folder that becomes its copy.
        submodule: Whether it lies apart from its working tree, and says where that is.
    """
    for entry in entries(here):
        if entry.name in _FILES and entry.is_file:
            copy_entry(entry, there)
        elif entry.name in _FOLDERS and entry.is_folder:
            with _both(entry, there) as inner:
                copy_below(*inner, special=_not_copied)
        elif entry.name in _CONFIGS and entry.is_file:
            settings = _settings(_read(entry))
            write_new(entry.name, clean_config(settings if submodule else _at_home(settings)), there)
        elif entry.name == _MODULES and entry.is_folder:
            with _both(entry, there) as inner:
                _copy_submodules(*inner)
    with made("info", there) as info:
        with suppress(FileNotFoundError):
            os.unlink(_ATTRIBUTES, dir_fd=info)
        write_new(_ATTRIBUTES, NO_PROGRAMS, info)


def forbid_programs(gitdir: Path) -> None:
    """Have the attributes of a new ``.git`` folder name no programs."""
    with made(gitdir / "info") as info:
        write_new(_ATTRIBUTES, NO_PROGRAMS, info)


def _not_copied(entry: Entry, there: int) -> bool:
    del there
    return not (entry.is_folder or entry.is_file)


@contextmanager
def _both(entry: Entry, there: int) -> Iterator[tuple[int, int]]:
    """A folder, and one of its name in another open folder."""
    inner = entry.open()
    if inner is None:
        raise AnalysisError(f".git/{entry.name} is being changed by something else; run Hitrate alone")
    try:
        with made(entry.name, there) as copied:
            yield inner, copied
    finally:
        os.close(inner)


def _read(entry: Entry) -> bytes:
    file = entry.open()
    if file is None:
        return b""
    with open(file, "rb") as opened_file:
        return opened_file.read(_CONFIG_BYTES)


def _at_home(settings: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Settings without one by which git takes another folder for the working tree."""
    return [(name, value) for name, value in settings if name != "core.worktree"]


def read_config(file: Path) -> list[tuple[str, str]]:
    """The settings of one config file, as git reads them; what it includes is left out."""
    return _settings(untrusted.read_regular(file, _CONFIG_BYTES))


def _settings(config: bytes) -> list[tuple[str, str]]:
    with TemporaryFile() as file:
        file.write(config)
        file.seek(0)
        listed = str(Git().config("--file", "-", "--no-includes", "--list", "-z", istream=file)).split("\0")
    return [(key, value) for entry in listed if entry for key, _, value in [entry.partition("\n")]]


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


def _copy_submodules(here: int, there: int, path: str = _MODULES) -> None:
    """Copy the git folders of submodules, whose names may have slashes."""
    require_shallow(path)
    for entry in (one for one in entries(here) if one.is_folder):
        with _both(entry, there) as (inner, copied):
            if any(one.name == "HEAD" and one.is_file for one in entries(inner)):
                copy_history(inner, copied, submodule=True)
            else:
                _copy_submodules(inner, copied, f"{path}/{entry.name}")

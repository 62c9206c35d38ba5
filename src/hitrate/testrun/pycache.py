"""Bytecode folders that begin with what was compiled before: no run has to compile everything again.

A variant's folder (``PYTHONPYCACHEPREFIX``) mirrors the file system and stands for every ``__pycache__``.
Python and pytest replace a compiled file by a new one and never write into it, so folders may share files by
hard links: neither can change the other. Installed packages, which are nearly all of it, are the same for all
variants: their folders are shared whole.
"""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from hitrate.files.copying import set_mode, share_tree
from hitrate.testrun.interpreter import Interpreter, ask
from hitrate.testrun.run import Suite

_PACKAGE_FOLDERS = frozenset({"site-packages", "dist-packages"})
_PACKAGES = re.compile(r"(?:^|.*/)(?:(?:site|dist)-packages|lib(?:64)?/python3(?:\.\d+)?t?)/(.+)")
"""What lies in a folder that holds installed packages or the standard library, and its path in there."""


def seed(folder: Path, source: Path, without: Collection[str] = ()) -> None:
    """Fill a variant's folder from another variant's; an existing folder is left as it is.

    Args:
        folder: The new variant's folder.
        source: Another variant's folder, which has to stay; it may be missing.
        without: Source files that differ between the two, relative to the tree, with forward slashes. Python
            mostly notices, but there are compiled files that it never compares with their source.
    """
    if os.path.lexists(folder) or not source.is_dir():
        return
    patched = [path.removesuffix(".py") for path in without]
    in_tree = tuple(f"/{path}" for path in patched)
    # An installed copy has the end of its path in the tree: its package is called like a folder there.
    folders = [path.split("/") for path in patched]
    installed = {"/".join(parts[at:]) for parts in folders for at in range(len(parts))}
    concerned = _PACKAGE_FOLDERS.union(*folders)

    def wanted(path: str) -> bool:
        place, _, name = path.rpartition("/")
        module = f"{place}/{name.partition('.')[0]}"
        found = _PACKAGES.fullmatch(module)
        is_patched = f"/{module}".endswith(in_tree) or (found is not None and found[1] in installed)
        return name.endswith(".pyc") and not is_patched

    def lent(path: str) -> bool:
        found = _PACKAGES.fullmatch(path)
        return found is not None and "/" not in found[1] and found[1] not in concerned

    share_tree(source.absolute(), folder, wanted, lent)


FILES_AT_MOST = 10_000


_LEFT_OUT = frozenset(
    {
        "test",
        "tests",
        "idlelib",
        "lib2to3",
        "turtledemo",
        "ensurepip",
        "node_modules",
    }
    | _PACKAGE_FOLDERS
)


def link_compiled(folder: Path, suite: Suite) -> None:
    """Fill a bytecode folder with links to the ``.pyc`` files beside the modules of the Python on PATH.

    With ``PYTHONPYCACHEPREFIX`` Python looks for compiled files in that folder only, so that a first run
    would compile the standard library and every dependency. Python compares each with its source and
    replaces an outdated link by a file, never the file that it points to.

    Args:
        folder: The folder, which may be missing.
        suite: How the tests are run; the PATH of its environment tells which Python.
    """
    interpreter = ask(suite) or Interpreter("", ())
    linked = 0
    for place in _package_folders(interpreter.path):
        names = _compiled(f"{place}/__pycache__", interpreter.tag)
        if not names:
            continue
        target = f"{folder}{place}"
        os.makedirs(target, exist_ok=True)
        for name in names:
            _link_or_point(f"{place}/__pycache__/{name}", f"{target}/{name}")
        linked += len(names)
        if linked > FILES_AT_MOST:
            break
    _open_to_tests(folder)


def _link_or_point(source: str, target: str) -> None:
    """A hard link, which costs far less than a symbolic one; that only where the system refuses it."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        with suppress(OSError):
            os.symlink(source, target)


def _package_folders(paths: Sequence[str]) -> Iterator[str]:
    """Every folder that may hold modules, those of one import path before the next."""
    pending = list(reversed(paths))
    while pending:
        place = pending.pop()
        yield place
        with suppress(OSError), os.scandir(place) as entries:
            pending += [
                entry.path
                for entry in entries
                if "." not in entry.name
                and entry.name not in _LEFT_OUT
                and entry.name != "__pycache__"
                and entry.is_dir(follow_symlinks=False)
            ]


def _compiled(place: str, tag: str) -> list[str]:
    with suppress(OSError):
        # Those for python -O, beside them in many installations, are not of use.
        return [
            name
            for name in os.listdir(place)
            if (f".{tag}." in name or f".{tag}-" in name) and ".opt-" not in name
        ]
    return []


def _open_to_tests(folder: Path) -> None:
    """Let another user write here: as root, Hitrate runs the tests as one."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        with suppress(FileNotFoundError):
            set_mode(folder, 0o777, below_too=True)

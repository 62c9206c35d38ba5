"""Bytecode folders that begin with what was compiled before: no run has to compile everything anew.

A variant's folder (``PYTHONPYCACHEPREFIX``) mirrors the file system and stands for every ``__pycache__``.
Python and pytest replace a compiled file by a new one and never write into it, so folders may share files by
hard links: neither can change the other.
"""

import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

CACHE = "__pycache__"
RARELY_IMPORTED = frozenset({"test", "tests", "idlelib", "lib2to3", "turtledemo", "ensurepip"})
NOT_MODULES = frozenset({"node_modules"})

_INTERPRETER = re.compile(r"python(3\.\d+)")


def seed(folder: Path, source: Path, without: Collection[str] = ()) -> None:
    """Fill a variant's folder from another variant's; an existing folder is left as it is.

    Args:
        folder: The new variant's folder.
        source: Another variant's folder; it may be missing.
        without: Source files that differ between the two, relative to the tree, with forward slashes. Python
            mostly notices, but there are compiled files that it never compares with their source.
    """
    if folder.exists() or not source.is_dir():
        return
    patched = tuple(f"/{path.removesuffix('.py')}." for path in without)
    for place, _, files in os.walk(source):
        target = folder / os.path.relpath(place, source)
        _make_like(target, Path(place).stat())
        for name in files:
            if name.endswith(".pyc") and not f"{place}/{name.partition('.')[0]}.".endswith(patched):
                _link(Path(place, name), target / name)


def seed_from_installed(folder: Path, environment: Mapping[str, str], tree: Path) -> None:
    """Fill the folder of a first run with what the interpreter's libraries and the tree have compiled.

    Args:
        folder: The folder; an existing one is left as it is.
        environment: Of the run; its ``PATH`` names the interpreter.
        tree: The project's tree, not patched.
    """
    if folder.exists():
        return
    places = [*_libraries(environment.get("PATH", os.defpath)), (tree.resolve(), NOT_MODULES)]
    for place, others in places:
        for cache in _caches(place, others):
            target = folder / cache.parent.relative_to("/")
            _make(folder, target)
            for name in os.listdir(cache):
                if name.endswith(".pyc") and ".opt-" not in name:
                    _link(cache / name, target / name)


def _libraries(path: str) -> Iterator[tuple[Path, frozenset[str]]]:
    """Library folders of the first ``python`` on a ``PATH``, with the folders in them to leave out.

    A virtual environment has its packages in its own and the standard library in another one.
    """
    found = shutil.which("python", path=path) or shutil.which("python3", path=path)
    if found is None:
        return
    own, base = Path(found).absolute().parent.parent, Path(found).resolve().parent.parent
    version = _INTERPRETER.search(Path(found).resolve().name)
    names = (f"python{version[1]}", "python3") if version else ("python3*",)
    packages = frozenset({"site-packages", "dist-packages"})
    others = (
        {own: RARELY_IMPORTED} if own == base else {base: RARELY_IMPORTED | packages, own: RARELY_IMPORTED}
    )
    for prefix, left_out in others.items():
        for name in names:
            yield from ((library, left_out) for library in prefix.glob(f"lib/{name}"))


def _caches(library: Path, others: frozenset[str]) -> Iterator[Path]:
    for place, folders, _ in os.walk(library):
        if CACHE in folders:
            yield Path(place, CACHE)
        folders[:] = [name for name in folders if name not in others and not name.startswith((CACHE, "."))]


def _make(root: Path, folder: Path) -> None:
    """Make a folder that the tests may write to, whoever they run as."""
    missing = [folder, *(parent for parent in folder.parents if parent.is_relative_to(root))]
    for place in reversed(missing):
        if not place.exists():
            place.mkdir(parents=True)
            place.chmod(0o777)


def _link(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:  # another file system, or one without hard links
            shutil.copy2(source, target)


def _make_like(folder: Path, model: os.stat_result) -> None:
    """Make a folder with the mode and owner of its model: the tests may run as another user."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(model.st_mode & 0o7777)
    if os.geteuid() == 0:
        os.chown(folder, model.st_uid, model.st_gid)

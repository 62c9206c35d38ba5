"""Installed copies of the tree's modules: tests that import one would not see a patch of the tree."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hitrate.testrun.interpreter import Interpreter

_PACKAGE_FOLDERS = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True)
class InstalledCopy:
    """A module of the tree that the Python of the tests would find outside of it.

    Attributes:
        path: The module's file, relative to the tree.
        place: The file that an import would find.
        usable: Whether it is the same, byte for byte, and may be written, so that it can be patched too.
    """

    path: str
    place: Path
    usable: bool


def find_copies(
    interpreter: Interpreter | None, tree: Path, paths: Iterable[str]
) -> tuple[InstalledCopy, ...]:
    """The installed copies of modules; an editable installation has none.

    Args:
        interpreter: The Python that runs the tests; None where it did not answer.
        tree: The working tree.
        paths: The modules' files, relative to the tree.
    """
    folders = [Path(folder) for folder in interpreter.path] if interpreter else []
    found = (_copy(tree, path, folders) for path in sorted(set(paths)))
    return tuple(copy for copy in found if copy is not None)


def mirrors(copies: Iterable[InstalledCopy]) -> dict[str, list[Path]]:
    """What :class:`~hitrate.patching.patcher.SourcePatcher` patches along with the tree."""
    return {copy.path: [copy.place] for copy in copies if copy.usable}


def notes(copies: Iterable[InstalledCopy]) -> tuple[str, ...]:
    """What a reader of the report must know, each one plain sentence."""
    copies = tuple(copies)
    same = [copy for copy in copies if copy.usable]
    other = [copy for copy in copies if not copy.usable]
    said = []
    if same:
        said.append(
            f"{_listed(same)}: an identical copy is installed in {same[0].place.parent}; it was patched "
            "along with the tree and put back."
        )
    if other:
        said.append(
            f"{_listed(other)}: another version is installed in {other[0].place.parent}. Tests that import "
            "it were not measured: install the project with `pip install -e .`, or install it again."
        )
    return tuple(said)


def _listed(copies: Sequence[InstalledCopy]) -> str:
    more = f" and {len(copies) - 1} more" if len(copies) > 1 else ""
    return f"{copies[0].path}{more}"


def _copy(tree: Path, path: str, folders: Iterable[Path]) -> InstalledCopy | None:
    """The copy that an import finds first; None where it finds none, or the tree's own file."""
    tree = tree.resolve()
    source = tree / path
    names = _module_names(tree, source)
    for folder in folders:
        for name in names:
            place = folder / name
            if not place.is_file():
                continue
            place = place.resolve()
            if place.is_relative_to(tree) and not _PACKAGE_FOLDERS & set(place.parts):
                return None
            return InstalledCopy(path, place, usable=_usable(source, place))
    return None


def _module_names(tree: Path, source: Path) -> list[Path]:
    """What a module's file may be called below an import path, the longest name first.

    That is its path from the folder around its outermost package; or from one further out, where that package
    is in a namespace, which has no ``__init__.py``. A file outside of any package counts only at the top of
    the tree or of a folder such as ``src``: elsewhere it is a script.
    """
    root = source.parent
    while root != tree and (root / "__init__.py").is_file():
        root = root.parent
    if root == source.parent:
        at_top = root == tree or (root.parent == tree and root.name in ("src", "lib", "python"))
        return [source.relative_to(root)] if at_top else []
    outer = [root, *root.parents[: len(root.relative_to(tree).parts)]]
    return [source.relative_to(folder) for folder in reversed(outer)]


def _usable(source: Path, place: Path) -> bool:
    try:
        same = place.stat().st_size == source.stat().st_size and place.read_bytes() == source.read_bytes()
    except OSError:
        return False
    return same and os.access(place.parent, os.W_OK)

"""Which files are the tree's, by the names that code objects and calls of ``open`` have for them.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Optional

_INSTALLED = ("site-packages", "dist-packages")
_DEEP = 12  # folders at most between an installation and a module of it


class Tree:
    """The tree's folder and the Python files in it."""

    def __init__(self, root: str, python: Iterable[str]) -> None:
        """Take the folder and the paths of its Python files relative to it, with forward slashes."""
        self.root = os.path.realpath(root) + os.sep
        self._named = (self.root, os.path.abspath(root) + os.sep)
        self.python = frozenset(python)
        self._known: Dict[str, Optional[str]] = {}
        self._tails: Dict[str, str] = {}
        for path in sorted(self.python, key=len, reverse=True):
            parts = path.split("/")
            for at in range(max(0, len(parts) - _DEEP), len(parts)):
                self._tails["/".join(parts[at:])] = path

    def source(self, filename: str) -> Optional[str]:
        """The path of a Python file of the tree, or of the one that an installed file is a copy of."""
        try:
            return self._known[filename]
        except KeyError:
            path = self._known[filename] = self._source(filename)
            return path

    def inside(self, name: object) -> Optional[str]:
        """The path of any file or folder below the tree; None elsewhere."""
        try:
            path = os.path.abspath(os.fsdecode(name))  # type: ignore[arg-type]
            if not (path + os.sep).startswith(self._named):
                return None
            path = os.path.realpath(path)
        except (TypeError, ValueError, OSError):
            return None
        if not path.startswith(self.root):
            return "." if path + os.sep == self.root else None
        return path[len(self.root) :].replace(os.sep, "/")

    def _source(self, filename: str) -> Optional[str]:
        if filename[:1] == "<":
            return None
        path = self.inside(filename)
        if path in self.python:
            return path
        parts = os.path.abspath(filename).replace(os.sep, "/").split("/")
        for at, part in enumerate(parts):
            if part in _INSTALLED:
                return self._tails.get("/".join(parts[at + 1 :]))
        return None

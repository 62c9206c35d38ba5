"""Which files of a tree a file may import, as far as its source tells."""

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from hitrate.memory.nodes import nodes

_DYNAMIC = frozenset(
    {
        *("import_module", "__import__", "importorskip", "walk_packages", "iter_modules", "entry_points"),
        *("spec_from_file_location", "run_path", "run_module", "load_module", "exec_module", "load_source"),
        *("attach", "attach_stub"),  # lazy_loader's
    }
)
_NAMED = frozenset({"import_module", "__import__", "importorskip"})
_LONGEST_NAME = 200
_WORD = re.compile(rb"\w+")
_ATTRIBUTES = 3
"""Names at most behind a module's in a text such as ``package.module.Class.attribute``."""


@dataclass(frozen=True, slots=True)
class Imports:
    """What a file may import.

    Attributes:
        paths: Files of the tree.
        open: Whether it imports what the source does not tell, so that it may be any file.
    """

    paths: frozenset[str] = frozenset()
    open: bool = False


class Modules:
    """The modules of a tree, by the names that an import may have for them."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the paths of all Python files."""
        self._paths = frozenset(paths)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for path in self._paths:
            parts = _parts(path)
            for at in range(len(parts)):
                if "/".join((*parts[:at], "__init__.py")) not in self._paths:  # else its folder is a package
                    found[".".join(parts[at:])].add(path)
        self._named: Mapping[str, set[str]] = found

    def imported_by(self, path: str, module: ast.Module) -> Imports:
        """What a file may import, wherever in it the statement stands, the packages around it included."""
        found = {(folder / "__init__.py").as_posix() for folder in PurePosixPath(path).parents} & self._paths
        is_open = False
        for node in nodes(module):
            match node:
                case ast.Import():
                    for alias in node.names:
                        found |= self._whole(alias.name)
                case ast.ImportFrom():
                    found |= self._from(path, node)
                case ast.Call():
                    is_open = is_open or _is_open(node)
                case ast.Constant(value=str(text)) if 0 < len(text) <= _LONGEST_NAME:
                    found |= self._in_text(text)
                case _:
                    pass
        return Imports(frozenset(found - {path}), is_open)

    def _whole(self, name: str) -> set[str]:
        """A module and the packages around it."""
        parts = name.split(".")
        names = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        return {path for each in names for path in self._named.get(each, ())}

    def _from(self, path: str, node: ast.ImportFrom) -> set[str]:
        names = [alias.name for alias in node.names]
        if not node.level:
            base = node.module or ""
            return {found for name in names for found in self._whole(f"{base}.{name}")}
        folder = PurePosixPath(path)
        for _ in range(node.level):
            folder = folder.parent
        place = folder.joinpath(*(node.module or "").split("."))
        steps = [folder, *(each for each in reversed(place.parents) if folder in each.parents), place]
        return {
            found
            for step in (*steps, *(place / name for name in names))
            for found in (f"{step}.py", (step / "__init__.py").as_posix())
            if found in self._paths
        }

    def _in_text(self, text: str) -> set[str]:
        """Modules that a text names, with attributes behind or without."""
        if not all(part.isidentifier() for part in text.split(".")):
            return set()
        parts = text.split(".")
        for end in range(len(parts), max(0, len(parts) - _ATTRIBUTES - 1), -1):
            if end > 1 or len(parts) == 1:
                found = self._whole(".".join(parts[:end])) if ".".join(parts[:end]) in self._named else set()
                if found:
                    return found
        return set()


def new_names(paths: Iterable[str]) -> re.Pattern[bytes] | None:
    """What source holds that imports one of these files by its name; None where there is none."""
    names = sorted({_parts(path)[-1] for path in paths})
    return (
        re.compile(rb"\b(?:%s)\b" % b"|".join(re.escape(os.fsencode(name)) for name in names))
        if names
        else None
    )


def names_near(path: str, data: bytes, new: Iterable[str]) -> frozenset[str]:
    """New files that source which makes up names may import: those below it, or with a part that it names."""
    folder = PurePosixPath(path).parent
    words = frozenset(_WORD.findall(data))
    return frozenset(
        each
        for each in new
        if PurePosixPath(each).parent == folder
        or (folder.parts and folder in PurePosixPath(each).parents)
        or not words.isdisjoint(map(os.fsencode, _parts(each)))
    )


def importing(targets: Iterable[str], imports: Mapping[str, Imports]) -> frozenset[str]:
    """The files that may import one of the targets, themselves or by what they import; these included."""
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for path, each in imports.items():
        for other in each.paths:
            importers[other].add(path)
    pending = {*targets, *(path for path, each in imports.items() if each.open)}
    found: set[str] = set()
    while pending:
        path = pending.pop()
        found.add(path)
        pending |= importers[path] - found
    return frozenset(found)


def _parts(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts


def _is_open(call: ast.Call) -> bool:
    """Whether a call imports something by a name that does not stand there."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return False
    if name not in _DYNAMIC:
        return False
    first = call.args[0] if call.args else None
    literal = isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value[:1] != "."
    return not (name in _NAMED and literal)

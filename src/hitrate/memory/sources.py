"""A tree's files as digests, and what else their source tells of what a change in them may reach."""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from hitrate.files import untrusted
from hitrate.memory.imports import Imports, Modules, names_near, new_names
from hitrate.memory.model import WHOLE, Memory, Sources
from hitrate.memory.pieces import CONFTEST, OUTSIDE, READER, FileKind, digests, is_file_of_tests
from hitrate.source import definitions
from hitrate.source.definitions import Definition, Scope, Source, SourceError

DATA_BYTES = 64 << 20
ABSENT = ""
"""Digest of a file that is not there."""
_CONFIGURING = frozenset(
    ("admin", "apps", "celeryconfig", "conf", "config", "models", "settings", "tasks", "urls")
)
"""Modules and folders in which libraries look for names that no source needs to name."""
_COMPILED = re.compile(
    r"(?:.*/)?(?:[^/]*\.(?:c|cc|cpp|cxx|f|f90|h|hh|hpp|m|pxd|pxi|pyd|pyx|rs|so|zig)|CMakeLists\.txt|Cargo\.(?:lock|toml)"
    r"|meson\.build)"
)
"""Files of which modules are made that are no Python; what they do is not seen."""
_CACHING = ("cache", "memo", "once", "lazy")


def is_compiled(path: str) -> bool:
    """Whether a module that is tested may be made of a file, and not only a test's data."""
    folders = PurePosixPath(path).parts[:-1]
    return _COMPILED.fullmatch(path) is not None and not any(each.startswith("test") for each in folders)


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of a function that stands in no other one.

    Attributes:
        first: Its first line, decorators included.
        last: Its last line.
        name: Its qualified name.
        cached: Whether a decorator may keep its results, so that later calls of it do not show.
    """

    first: int
    last: int
    name: str
    cached: bool


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a file's source tells.

    Attributes:
        spans: Its functions.
        imports: What it may import.
    """

    spans: tuple[Span, ...] = ()
    imports: Imports = field(default=Imports(open=True))

    def piece_at(self, line: int) -> Span | None:
        """The function that a line belongs to."""
        return next((span for span in self.spans if span.first <= line <= span.last), None)


def digests_of(tree: Path, listed: Collection[str], wanted: Iterable[str], known: Sources) -> Sources:
    """The files of a tree as they are.

    Args:
        tree: Its root.
        listed: All files that belong to it.
        wanted: Files that are no Python, and folders with ``/`` behind, that are of interest.
        known: What is known of files already; one that is the same is not parsed again.
    """
    found = {path: _digests(tree, path, known) for path in listed if path.endswith(".py")}
    return found | _data(tree, listed, [path for path in wanted if path not in found])


def described(
    tree: Path, listed: Collection[str], wanted: Iterable[str]
) -> tuple[Sources, dict[str, Anatomy]]:
    """The files of a tree as they are, and what the source of each Python file tells.

    Args:
        tree: Its root.
        listed: All files that belong to it.
        wanted: Files that are no Python, and folders with ``/`` behind, that are of interest.
    """
    python = [path for path in listed if path.endswith(".py")]
    modules = Modules(python)
    found, told = dict[str, Mapping[str, str]](), dict[str, Anatomy]()
    for path in python:  # one after the other: trees take room
        data = content(tree, path)
        source = parsed(data)
        found[path] = {**_pieces(path, data, source), WHOLE: _whole(data)}
        told[path] = _anatomy(path, source, modules)
    return found | _data(tree, listed, [path for path in wanted if path not in found]), told


def _digests(tree: Path, path: str, known: Sources) -> Mapping[str, str]:
    data = content(tree, path)
    whole, before = _whole(data), known.get(path, {})
    return before if before.get(WHOLE) == whole else {**_pieces(path, data, parsed(data)), WHOLE: whole}


def _whole(data: bytes | None) -> str:
    return ABSENT if data is None else _digest(data)


def _data(tree: Path, listed: Collection[str], wanted: Iterable[str]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    names, folders = frozenset(listed), _folders(listed)
    for path in wanted:
        if path.endswith("/"):
            found[path] = {WHOLE: _digest(os.fsencode("\0".join(sorted(folders.get(path, ())))))}
        else:
            found[path] = {WHOLE: _whole(content(tree, path) if path in names else None)}
    return found


def _anatomy(path: str, source: Source | None, modules: Modules) -> Anatomy:
    """What the source of a file tells; of one that cannot be read, that it may import anything."""
    return Anatomy(_spans(source), modules.imported_by(path, source.module)) if source else Anatomy()


def imports_of(tree: Path, sources: Sources, memory: Memory) -> dict[str, Imports]:
    """What each Python file may import now; one that is as it was and names no new file is not parsed.

    Args:
        tree: Its root.
        sources: Its files as they are.
        memory: What each file could import when it was written.
    """
    python = [path for path in sources if path.endswith(".py")]
    new = [path for path in python if path not in memory.sources]
    names = new_names(new)
    modules = Modules(python)
    found = {}
    for path in python:
        known = memory.imports.get(path)
        before = Imports(frozenset(known or ()), open=known is None)
        same = memory.sources.get(path, {}).get(WHOLE) == sources[path].get(WHOLE)
        if not same or (names and names.search(content(tree, path) or b"")):
            source = parsed(content(tree, path))
            now = modules.imported_by(path, source.module) if source else Imports(open=True)
            before = Imports() if path not in memory.sources else before
            before = Imports(before.paths | now.paths, open=now.open or (same and before.open))
        if before.open and new:
            near = names_near(path, content(tree, path) or b"", new)
            before = replace(before, paths=before.paths | near)
        found[path] = before
    return found


def content(tree: Path, path: str) -> bytes | None:
    """What stands in a file; None where it is not there, is too large, or no file."""
    try:
        return untrusted.read(tree, path, DATA_BYTES)
    except (ValueError, OSError):
        return None


def _pieces(path: str, data: bytes | None, source: Source | None) -> dict[str, str]:
    if source is None:
        return {OUTSIDE: _whole(data), READER: ""}
    return digests(source, kind_of(path))


def kind_of(path: str) -> FileKind:
    """What kind of file it is, by its name."""
    if is_file_of_tests(path):
        return FileKind.TESTS
    place = PurePosixPath(path)
    seen = place.name == CONFTEST or not _CONFIGURING.isdisjoint((place.stem, place.parent.name))
    return FileKind.SEEN if seen else FileKind.ORDINARY


def parsed(data: bytes | None) -> Source | None:
    """Source that can be looked at; None where it cannot."""
    if data is None or len(data) > definitions.SIZE_LIMIT:
        return None
    try:
        return definitions.parse(data)
    except SourceError:
        return None


def _spans(source: Source) -> tuple[Span, ...]:
    return tuple(
        Span(each.first_line, each.last_line, each.qualname, cached=_may_keep(each))
        for each in source.definitions
        if Scope.FUNCTION not in each.scopes
    )


def _may_keep(definition: Definition) -> bool:
    names = [name.lower() for name in definition.decorators]
    return definition.cache is not None or any(word in name for name in names for word in _CACHING)


def _folders(listed: Iterable[str]) -> dict[str, set[str]]:
    """Names of the files and folders in each folder, ``./`` being the tree itself."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in listed:
        folder, mark, name = path.rpartition("/")
        while mark and name not in found[f"{folder}/"]:
            found[f"{folder}/"].add(name)
            folder, mark, name = folder.rpartition("/")
        if not mark:
            found["./"].add(name)
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]

"""A tree's files as digests, and what else their source tells of what a change in them may reach."""

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hitrate.files import untrusted
from hitrate.memory.imports import Imports, Modules
from hitrate.memory.model import WHOLE, Sources
from hitrate.memory.pieces import OUTSIDE, digests
from hitrate.source import definitions
from hitrate.source.definitions import Definition, Scope, Source, SourceError

DATA_BYTES = 64 << 20
ABSENT = ""
"""Digest of a file that is not there."""
_CACHING = ("cache", "memo", "once", "lazy")


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
    found: dict[str, Mapping[str, str]] = {}
    for path in listed:
        if path.endswith(".py"):
            data = _content(tree, path)
            whole = ABSENT if data is None else _digest(data)
            before = known.get(path, {})
            found[path] = before if before.get(WHOLE) == whole else {**_pieces(data), WHOLE: whole}
    names = frozenset(listed)
    for path in wanted:
        if path.endswith("/"):
            found[path] = {WHOLE: _digest(os.fsencode("\0".join(_names_in(path, listed))))}
        elif path not in found:
            data = _content(tree, path) if path in names else None
            found[path] = {WHOLE: ABSENT if data is None else _digest(data)}
    return found


def anatomies(tree: Path, python: Collection[str]) -> dict[str, Anatomy]:
    """What the source of each Python file tells; of one that cannot be read, that it may import anything."""
    modules = Modules(python)
    found = {}
    for path in python:
        source = _source(_content(tree, path))
        found[path] = (
            Anatomy(_spans(source), modules.imported_by(path, source.module)) if source else Anatomy()
        )
    return found


def _content(tree: Path, path: str) -> bytes | None:
    try:
        return untrusted.read(tree, path, DATA_BYTES)
    except (ValueError, OSError):
        return None


def _pieces(data: bytes | None) -> dict[str, str]:
    source = _source(data)
    return digests(source) if source else {OUTSIDE: ABSENT if data is None else _digest(data)}


def _source(data: bytes | None) -> Source | None:
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


def _names_in(folder: str, listed: Iterable[str]) -> list[str]:
    """Names of the files and folders in a folder, ``./`` being the tree itself."""
    above = () if folder == "./" else PurePosixPath(folder).parts
    found = set()
    for path in listed:
        parts = PurePosixPath(path).parts
        if parts[: len(above)] == above and len(parts) > len(above):
            found.add(parts[len(above)])
    return sorted(found)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]

"""Who may see that what a name is bound to has changed: whatever names it, in the source as it is now."""

import ast
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from hitrate.memory.model import WHOLE, Piece, Sources
from hitrate.memory.names.bindings import CHECKED, CHECKING, bindings, class_of, code_of, mentioned, words_of
from hitrate.memory.names.looks import Search, has_stars, looks_of, shown_looks_of
from hitrate.memory.names.spoken import Spoken, spoken, spoken_in, word, words_in
from hitrate.memory.pieces import BOUND, DOCSTRINGS, OUTSIDE, FileKind, is_function, texts
from hitrate.memory.sources import content, kind_of, parsed
from hitrate.source.definitions import Scope, Source

_ABOUT = ("doc", "docs")
"""Folders at the root in which no data is that a program reads."""
_NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})
_EXAMPLE = re.compile(rb">>>|```|~~~|::")
"""What stands in a docstring that may be run as a test; others only tell something."""
_SETTING = re.compile(rb"\bTYPE_CHECKING(?:[\"']|\s*(?::[^=\n]*)?=(?!=|\s*False\b))")


@dataclass(frozen=True, slots=True)
class Seeing:
    """Pieces that may see that names are bound to something else.

    Whoever reaches one of ``pieces`` may, and whoever reaches one that is looking and one that is holding.

    Attributes:
        pieces: Those that name one of the names, or look for names in modules that they find themselves;
            with the name ``DOCSTRINGS`` those of a file.
        looking: Those that look for names that they do not name in what they are given.
        holding: Those that may have got hold of what one of the names is found in: they name its module or
            its class.
        described: Those that may have got hold of something whose docstring is another one.
    """

    pieces: frozenset[Piece] = frozenset()
    looking: frozenset[Piece] = frozenset()
    holding: frozenset[Piece] = frozenset()
    described: frozenset[Piece] = frozenset()


def seeing(
    tree: Path,
    sources: Sources,
    changed: Mapping[str, Collection[str]],
    data: Collection[str] = (),
    described: Mapping[str, Collection[str]] = _NOTHING,
) -> Seeing:
    """What may see that bindings are others, their functions included.

    Whoever gets hold of something that a name is bound to has it from code that names it, or that looks for
    names in a way in which the source does not tell them. That may be bound to another name in turn.

    A data file that nothing was seen to open may still be looked at: whether it is there, how long it is, or
    by a library that opens files in its own way. Whatever does says its name, or what its name ends with.

    Args:
        tree: Its root.
        sources: Its files as they are.
        changed: Names of bindings, by their files.
        data: Such files that are others.
        described: Qualified names of bindings whose docstrings are others, by their files.
    """
    if not (data or described or any(changed.values())):
        return Seeing()
    files = [_File(path, content(tree, path) or b"") for path in sources if not path.endswith("/")]
    changed = _with_flag(files, changed)
    told = _speaking(files, data) if data else set()
    readable = _read(files, described) if described else frozenset[Piece]()
    if not any(changed.values()):
        return Seeing(frozenset(told), described=readable)
    found = {
        Piece(path, code_of(name[1:])) for path, each in changed.items() for name in each if name[0] == BOUND
    }
    naming, holding = _found_by(files, {path: {name[1:] for name in each} for path, each in changed.items()})
    return Seeing(
        frozenset({*told, *found, *naming}),
        frozenset(piece for file in files for piece in file.looking(Search.GIVEN)),
        frozenset(holding),
        readable,
    )


def _read(files: Collection["_File"], described: Mapping[str, Collection[str]]) -> frozenset[Piece]:
    """Pieces that may have got hold of what is described: to read that, something else need not name it."""
    naming, holding = _found_by(files, described)
    return frozenset(
        {*naming, *holding, *(Piece(path, name) for path, names in described.items() for name in names)}
    )


def _found_by(
    files: Collection["_File"], names: Mapping[str, Collection[str]]
) -> tuple[set[Piece], set[Piece]]:
    """Pieces that name bindings or find them by themselves, and those that have what these are found in."""
    naming, bound = _closure(files, names)
    owners = {
        path: {class_ for name in each if (class_ := class_of(name))} | {_module(path)}
        for path, each in bound.items()
    }
    owners |= {
        file.path: {_module(file.path)} for file in files if file.has_stars and file.path not in owners
    }
    holding, held = _closure(files, owners, modules=True)
    holders = {*held, *(piece.path for piece in holding if piece.name == OUTSIDE)}
    anywhere = {piece for file in files for piece in file.looking(Search.ANYWHERE)}
    return naming | anywhere | _here(files, bound), holding | anywhere | _here(files, holders)


def _with_flag(
    files: Iterable["_File"], changed: Mapping[str, Collection[str]]
) -> Mapping[str, Collection[str]]:
    """What is bound where ``TYPE_CHECKING`` is set is seen by whoever names that, if anything sets it."""
    blocks = [path for path, names in changed.items() if f"{BOUND}{CHECKED}" in names]
    if not (blocks and any(file.sets_flag() for file in files)):
        return changed
    return {**changed, **{path: {*changed[path], f"{BOUND}{CHECKING}"} for path in blocks}}


def _speaking(files: Collection["_File"], data: Collection[str]) -> set[Piece]:
    """Pieces that may be about files, by what they are called."""
    pattern = pattern_of(data)
    found, bound = set[Piece](), dict[str, set[str]]()
    for file in files:
        for piece, binding in file.speaking(pattern):
            found.add(piece)
            if binding:
                bound.setdefault(file.path, set()).add(binding)
    return found | _closure(files, bound)[0]


def _here(files: Iterable["_File"], places: Collection[str]) -> set[Piece]:
    """Pieces that look among the names of their own module, where that is one of these."""
    return {
        piece
        for file in files
        if file.path in places or file.has_stars
        for piece in file.looking(Search.HERE)
    }


def _closure(
    files: Iterable["_File"], names: Mapping[str, Collection[str]], *, modules: bool = False
) -> tuple[set[Piece], dict[str, set[str]]]:
    """Pieces that name one of these, or a name that one is bound to; and all those names, by their files.

    A name that stands alone is one of its own module: it counts where that binds it. What is an attribute,
    stands in a text, or is imported may be anyone's.

    Args:
        files: Where they are looked for.
        names: Names of bindings by the files that they are in.
        modules: Whether these are names of modules as well.
    """
    found, bound = set[Piece](), {path: {*each} for path, each in names.items()}
    own = {path: {part for name in each for part in _naming(name)} for path, each in names.items()}
    words = {part for each in own.values() for part in each}
    known = -1
    while (size := sum(map(len, bound.values()))) > known:
        known = size
        for file in files:
            for piece, binding in file.naming(words, own.get(file.path, ()), modules=modules):
                found.add(piece)
                if binding:
                    name = word(
                        words_of(binding)[-1]
                    )  # what a package is called is no name for a module of it
                    bound.setdefault(file.path, set()).add(binding)
                    own.setdefault(file.path, set()).add(name)
                    words.add(name)
    return found, bound


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a file, and what it names.

    Attributes:
        piece: It.
        binding: The name of the binding that it is; empty where it is none.
        spoken: What it says.
        looks: Where it looks for names besides.
    """

    piece: Piece
    binding: str
    spoken: Spoken
    looks: frozenset[Search] = frozenset()


class _File:
    """A file, and which of its pieces say which words; it is only parsed where that may matter."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self._data = path, data
        self._is_python = path.endswith(".py")
        self.has_stars = self._is_python and has_stars(data)
        self._words = words_in(data)
        self._looks = looks_of(data) if self._is_python else frozenset[Search]()
        self._parts: list[_Part] | None = None

    def naming(
        self, words: Collection[bytes], own: Collection[bytes], *, modules: bool
    ) -> Iterator[tuple[Piece, str]]:
        """Pieces that say one of these; with the name of the binding that it is."""
        if not self._words.isdisjoint(words):
            for each in self._all():
                if each.spoken.say(words, words if self.has_stars else own, modules=modules):
                    yield each.piece, each.binding

    def speaking(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[Piece, str]]:
        """Pieces in which something stands; with the name of the binding that it is."""
        if pattern.search(self._data):
            source = parsed(self._data) if self._is_python else None
            if source is None:
                yield self._whole().piece, ""
                return
            for name, found in texts(source, kind_of(self.path)).items():
                if not name.startswith(DOCSTRINGS) and pattern.search(b"\n".join(found)):
                    binding = name[1:] if name.startswith(BOUND) else ""
                    yield Piece(self.path, code_of(binding) if binding else name), binding

    def sets_flag(self) -> bool:
        """Whether it may set ``TYPE_CHECKING``."""
        return _SETTING.search(self._data) is not None

    def looking(self, look: Search) -> Iterator[Piece]:
        """Pieces that look for names so."""
        if look in self._looks:
            yield from (each.piece for each in self._all() if look in each.looks)

    def _all(self) -> list[_Part]:
        if self._parts is None:
            source = parsed(self._data) if self._is_python else None
            self._parts = [self._whole()] if source is None else list(self._parsed(source))
        return self._parts

    def _whole(self) -> _Part:
        name = OUTSIDE if self._is_python else WHOLE
        return _Part(Piece(self.path, name), "", Spoken(self._words), self._looks)

    def _parsed(self, source: Source) -> Iterator[_Part]:
        kind = kind_of(self.path)
        is_ordinary = kind is FileKind.ORDINARY
        functions = [each for each in source.definitions if Scope.FUNCTION not in each.scopes]
        names = {each.qualname for each in functions}
        for name, found in texts(source, kind).items():
            if name.startswith(DOCSTRINGS):
                text = b"\n".join(each for each in found if _EXAMPLE.search(each))
                yield _Part(Piece(self.path, DOCSTRINGS), "", Spoken(words_in(text)))
            elif not name.startswith(BOUND):
                text = b"\n".join(found)
                written = looks_of(text, self._looks) if is_function(name) else frozenset[Search]()
                looks = shown_looks_of(text) | written
                said = Spoken() if name in names else spoken_in(text)
                if name == OUTSIDE:
                    said = replace(spoken_in(found[0]), origins=said.words | said.origins)
                yield _Part(Piece(self.path, name), "", said, looks)
        for function in functions:
            node = function.node
            head = [] if is_ordinary else [node.args, *node.decorator_list]  # else it is a binding's
            said = spoken([*head, *_undocumented(node)])
            yield _Part(Piece(self.path, function.qualname), "", said)
        if is_ordinary:
            for each in bindings(source.module):
                yield _Part(Piece(self.path, code_of(each.name)), each.name, mentioned(each.node))


def _undocumented(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The body of a function without its docstring."""
    return node.body if ast.get_docstring(node, clean=False) is None else node.body[1:]


def pattern_of(data: Collection[str]) -> re.Pattern[bytes]:
    """What is said by whoever may look at one of some files: its name, or what that of data ends with."""
    said = set[bytes]()
    for path in data:
        place = PurePosixPath(path)
        said.add(re.escape(os.fsencode(place.name)))
        first = place.parts[0]
        if place.suffix and len(place.parts) > 1 and first not in _ABOUT and not first.startswith("."):
            said.add(re.escape(os.fsencode(place.suffix)) + rb"\b")
    return re.compile(b"|".join(sorted(said)))


def _module(path: str) -> str:
    """The name of the module that a file is, less those of its packages."""
    place = PurePosixPath(path)
    return place.parent.name if place.stem == "__init__" else place.stem


def _naming(binding: str) -> set[bytes]:
    """The words that name a binding."""
    return set(map(word, words_of(binding)))

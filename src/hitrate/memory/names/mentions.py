"""Who may see that what a name is bound to has changed: whatever names it, in the source as it is now."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from hitrate.memory.model import WHOLE, Piece, Sources
from hitrate.memory.names.bindings import bindings, code_of, mentioned, words_of
from hitrate.memory.pieces import BOUND, DOCSTRINGS, OUTSIDE, FileKind, is_function, texts
from hitrate.memory.sources import content, kind_of, parsed

_WORD = re.compile(rb"[\w\x80-\xff]+")
_FOREIGN = b"\xff"
"""Stands for every word that is not ASCII: other encodings, and other ways to write it, mean the same."""
_FUNCTIONS = "__import__|compile|dir|eval|exec|globals|vars"
_NAMES = (
    "__annotations__|__code__|__defaults__|__dict__|__kwdefaults__|__signature__|__subclasses__"
    "|annotationlib|attrgetter|autospec|create_autospec|doctest|get_type_hints|getmembers|import_module"
    "|inspect|methodcaller|pickle|pkgutil|reload|spec_set"
)
_ATTRIBUTE = "(?:get|has|set|del)attr"
_CONSTANT = r"(?!\s*\(\s*[\w.\[\]()]+\s*,\s*[bru]?(?:'\w+'|\"\w+\")\s*[,)])"
_LOOKS = re.compile(
    rf"(?<![\w.])(?:{_FUNCTIONS})\s*\(|\b(?:{_NAMES})\b|\bsys\s*\.\s*modules\b|\bsignature\s*\("
    rf"|\b{_ATTRIBUTE}\b{_CONSTANT}".encode()
)
"""Source that may find a name that it does not name."""
_SHOWN_LOOKS = re.compile(
    rf"Name\(id='(?:{_FUNCTIONS}|{_NAMES}|{_ATTRIBUTE}|signature)'"
    rf"|attr='(?:{_NAMES}|modules|signature)'".encode()
)
"""The same in a tree that is shown."""
_DEFINED = re.compile(rb"\b(?:Class|(?:Async)?Function)Def\(name='\w+'")
"""A definition in a tree that is shown, which says its own name."""


def seeing(tree: Path, sources: Sources, changed: Mapping[str, Collection[str]]) -> frozenset[Piece]:
    """The pieces that may see that bindings are others, their functions included.

    Whoever gets hold of something that a name is bound to has it from code that names it, or that looks for
    names in a way in which the source does not tell them. That may be bound to another name in turn.

    Args:
        tree: Its root.
        sources: Its files as they are.
        changed: Names of bindings, by their files.
    """
    names = {word for each in changed.values() for name in each for word in _naming(name[1:])}
    found = {
        Piece(path, code_of(name[1:])) for path, each in changed.items() for name in each if name[0] == BOUND
    }
    if not names:
        return frozenset()
    files = [_File(path, content(tree, path) or b"") for path in sources if not path.endswith("/")]
    known = 0
    while len(names) > known:
        known = len(names)
        for file in files:
            for piece, binding in file.naming(frozenset(names)):
                found.add(piece)
                names |= _naming(binding) if binding else set()
    return frozenset(found)


class _File:
    """A file, and which of its pieces hold which words; it is only parsed where that may matter."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path, self._data = path, data
        self._words = _words(data)
        self._looks = _LOOKS.search(data) is not None
        self._pieces: list[tuple[Piece, str, frozenset[bytes], bool]] | None = None

    def naming(self, names: Collection[bytes]) -> Iterator[tuple[Piece, str]]:
        """Pieces that hold one of these words, or look for any; with the name of the binding that it is."""
        if self._looks or not self._words.isdisjoint(names):
            if self._pieces is None:
                self._pieces = list(self._parsed())
            for piece, binding, words, looks in self._pieces:
                if looks or not words.isdisjoint(names):
                    yield piece, binding

    def _parsed(self) -> Iterator[tuple[Piece, str, frozenset[bytes], bool]]:
        source = parsed(self._data) if self._path.endswith(".py") else None
        if source is None:
            is_python = self._path.endswith(".py")
            name = OUTSIDE if is_python else WHOLE
            yield Piece(self._path, name), "", self._words, is_python and self._looks
            return
        kind = kind_of(self._path)
        for name, found in texts(source, kind).items():
            if name != DOCSTRINGS and not name.startswith(BOUND):
                text = _DEFINED.sub(b"", b"\n".join(found))
                looks = _SHOWN_LOOKS.search(text) or (is_function(name) and _LOOKS.search(text))
                yield Piece(self._path, name), "", _words(text), bool(looks)
        if kind is FileKind.ORDINARY:
            for each in bindings(source.module):
                words = frozenset(map(_word, mentioned(each.node)))
                yield Piece(self._path, code_of(each.name)), each.name, words, False


def _naming(binding: str) -> set[bytes]:
    """The words that name a binding."""
    return {_word(word) for word in words_of(binding)}


def _word(name: str) -> bytes:
    return name.encode() if name.isascii() else _FOREIGN


def _words(text: bytes) -> frozenset[bytes]:
    words = frozenset(_WORD.findall(text))
    return words if text.isascii() else frozenset(word if word.isascii() else _FOREIGN for word in words)

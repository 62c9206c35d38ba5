"""Which words a piece of source says, and which of them can only mean names of its own module. Pure."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(rb"[\w\x80-\xff]+")
_IDENTIFIER = re.compile(r"\w+")
_FOREIGN = b"\xff"
"""Stands for every word that is not ASCII: other encodings, and other ways to write it, mean the same."""
_ALONE = re.compile(rb"\bName\(id='([\w\x80-\xff]+)'")
_DEFINED = re.compile(rb"\b(?:Class|(?:Async)?Function)Def\(name='\w+'")
"""A definition in a tree that is shown, which says its own name."""
_IMPORT = re.compile(rb"\bImport\(names=\[([^\]]*)\]\)")
_NAMED = re.compile(rb"\bname='([^']*)'")
_FROM = re.compile(rb"\bfrom\s+([\w.]+)\s+import\b|\bImportFrom\(module='([^']*)'")
_NOTHING = frozenset[bytes]()


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words.

    Attributes:
        words: Those that may mean anyone's names: attributes, parts of texts, what is imported.
        alone: Names that stand alone, which are the module's own.
        origins: Modules that names are imported from.
        modules: Modules that are imported themselves.
    """

    words: frozenset[bytes] = _NOTHING
    alone: frozenset[bytes] = _NOTHING
    origins: frozenset[bytes] = _NOTHING
    modules: frozenset[bytes] = _NOTHING

    def say(self, words: Collection[bytes], own: Collection[bytes], *, modules: bool) -> bool:
        """Whether one of some words is said, or one that the file binds by itself.

        Args:
            words: Those that are looked for anywhere.
            own: Those that are looked for among names that stand alone.
            modules: Whether words are looked for among modules, and not among names that are imported of one.
        """
        imported = self.modules if modules else self.origins
        return not (
            self.words.isdisjoint(words) and self.alone.isdisjoint(own) and imported.isdisjoint(words)
        )


def spoken(nodes: Iterable[ast.AST], unseen: Collection[str] = ()) -> Spoken:
    """What some source says.

    Args:
        nodes: It.
        unseen: Fields of nodes that are no matter.
    """
    words, alone, origins, modules = set[str](), set[str](), set[str](), set[str]()
    pending, messages = list(nodes), set[int]()
    while pending:
        node = pending.pop()
        messages.update(map(id, _messages(node)))
        if id(node) in messages:
            continue
        words.update(_words_of(node))
        match node:
            case ast.Name(id=name):
                alone.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                alone.update(names)
            case ast.ImportFrom(module=str(name)):
                origins.update(name.split("."))
            case ast.Import(names=names):
                modules.update(part for each in names for part in each.name.split("."))
                continue
            case _:
                pass
        for field, value in ast.iter_fields(node):
            if field not in unseen:
                inner = value if isinstance(value, list) else [value]
                pending += [each for each in inner if isinstance(each, ast.AST)]
    return Spoken(*(frozenset(map(word, each)) for each in (words, alone, origins, modules)))


def _messages(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts by which people are told something, and nothing is looked up."""
    match node:
        case ast.Raise(exc=ast.Call(args=told)):
            pass
        case ast.Assert(msg=ast.expr() as message):
            told = [message]
        case ast.Call(func=ast.Name(id="warn") | ast.Attribute(attr="warn"), args=[message, *_]):
            told = [message]
        case _:
            return
    for each in told:
        yield from _parts_of(each)


def _parts_of(text: ast.expr) -> Iterator[ast.Constant]:
    """What stands there of a text that is put together, and not what it is put together from."""
    match text:
        case ast.Constant(value=str()):
            yield text
        case ast.JoinedStr(values=parts):
            yield from (each for each in parts if isinstance(each, ast.Constant))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (*_parts_of(left), *_parts_of(right))
        case ast.BinOp(left=left, op=ast.Mod()):
            yield from _parts_of(left)
        case _:
            return


def _words_of(node: ast.AST) -> Iterable[str]:
    """What a node says that may mean anyone's names, less what stands in it."""
    match node:
        case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
            return (name,)
        case ast.alias(name=name):
            return name.split(".")
        case ast.Constant(value=str(text)):
            return _IDENTIFIER.findall(text)
        case ast.Constant(value=bytes(data)):
            return _IDENTIFIER.findall(data.decode("latin-1"))
        case ast.MatchClass(kwd_attrs=names):
            return names
        case _:
            return ()


def spoken_in(text: bytes) -> Spoken:
    """What source says as it is written, where all names may be anyone's, or a tree that is shown."""
    text = _DEFINED.sub(b"", text)
    origins, modules = (
        words_in(b" ".join(found))
        for found in (
            [part for each in _FROM.findall(text) for part in each],
            [name for each in _IMPORT.findall(text) for name in _NAMED.findall(each)],
        )
    )
    text = _IMPORT.sub(b"", _FROM.sub(b"", text))
    alone = frozenset(map(_known, _ALONE.findall(text)))
    return Spoken(words_in(_ALONE.sub(b"", text)), alone, origins, modules)


def words_in(text: bytes) -> frozenset[bytes]:
    """All words of a text."""
    return frozenset(map(_known, _WORD.findall(text)))


def word(name: str) -> bytes:
    """An identifier as a word."""
    return name.encode() if name.isascii() else _FOREIGN


def _known(found: bytes) -> bytes:
    return found if found.isascii() else _FOREIGN

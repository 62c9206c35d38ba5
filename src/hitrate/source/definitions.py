"""Python source as bytes: its definitions, where each one stands, and the caches they carry."""

import ast
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from hitrate.errors import InputError
from hitrate.files import limits, untrusted
from hitrate.source.conflict import conflict_line
from hitrate.source.function import ExistingCache
from hitrate.source.names import Bindings
from hitrate.source.syntax import kept_for_a_while

_NEWLINE = re.compile(rb"\r\n?|\n")
_CONTINUATION = re.compile(rb"[ \t\f]*\\")
_BOM = b"\xef\xbb\xbf"
_PYTHON_2 = re.compile(
    r"^\s*(?:print|exec)\s+[^=(\s]|^\s*raise\s+[\w.]+\s*,|^\s*except\b[^:]*,[^:)]*:|<>|`|\b\d+[lL]\b|\b[uU][rR][\"']"
)
_PYTHON_2_REASONS = ("Missing parentheses in call to", "multiple exception types", "leading zeros in decimal")
_NEWER = re.compile(
    r"^\s*(?:(?:async\s+)?def|class)\s+\w+\s*\[|^\s*type\s+\w+.*=|\b[tT][rR]?[\"']|\b[rR][tT][\"']"
)
_NEWER_EXCEPT = re.compile(r"^\s*except\*?\s+[^:()]+,\s*(?:\w+\.)*[A-Z]\w*\s*:")
"""Several exceptions without brackets, as Python 3.14 takes them; Python 2 has a variable after the comma."""
_NOT_DECODED = ("codec can't decode", "Non-UTF-8 code", "encoding problem", "unknown encoding")
_SHOWN_CHARACTERS = 1000
"""Of a line that is looked at for why it cannot be parsed."""
SIZE_LIMIT = limits.SOURCE_BYTES
"""Bytes of the largest file that is read as source."""
RECENT_BYTES = 1 << 20


class SourceError(InputError):
    """A file's bytes are not Python source that can be read here; the message is one line."""


class Scope(Enum):
    """What a definition stands in."""

    CLASS = "class"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Definition:
    """One ``def`` of a file.

    Attributes:
        qualname: Dotted name as ``__qualname__`` would give it, without ``<locals>``.
        line: Line of the ``def`` (or ``async``) keyword, 1-based.
        first_line: Line of its first decorator, or ``line``.
        last_line: Last line of its body.
        node: Its syntax tree.
        scopes: What it stands in, outermost first; empty at the top of the module.
        decorators: Dotted name of each decorator's callee, outermost first, import aliases resolved.
        cache: The ``functools`` cache that it carries, in whatever spelling.
        cache_expression: What makes this cache: a decorator, or the callee of ``f = lru_cache(8)(f)``.
    """

    qualname: str
    line: int
    first_line: int
    last_line: int
    node: ast.FunctionDef | ast.AsyncFunctionDef
    scopes: tuple[Scope, ...]
    decorators: tuple[str, ...]
    cache: ExistingCache | None
    cache_expression: ast.expr | None


@dataclass(frozen=True)
class Source:
    """A file's bytes and what the parser says about them.

    Attributes:
        data: The bytes.
        module: Their syntax tree.
        definitions: Every ``def``, in source order.
    """

    data: bytes
    module: ast.Module
    definitions: tuple[Definition, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Byte offset of each line, and of the end."""
        return line_starts(self.data)

    @cached_property
    def by_place(self) -> dict[tuple[str, int], Definition]:
        """The definitions by qualified name and line."""
        return {(item.qualname, item.line): item for item in self.definitions}

    @cached_property
    def encoding(self) -> str:
        """Name of the encoding, as byte order mark or cookie gives it."""
        return _encoding(self.data)

    def line(self, number: int) -> bytes:
        """The bytes of a line (1-based), its end included."""
        return self.data[self.starts[number - 1] : self.starts[number]]

    def offset(self, number: int, column: int) -> int:
        """Byte offset of a position as the parser gives it: line (1-based) and UTF-8 column (0-based)."""
        line = self.line(number)
        if not line.isascii() and self.encoding not in ("utf-8", "utf-8-sig"):
            prefix = line.decode(self.encoding).encode()[:column].decode()
            column = len(prefix.encode(self.encoding))
        return self.starts[number - 1] + column


def newlines(data: bytes) -> int:
    """How many lines end in ``data``."""
    return len(_NEWLINE.findall(data))


def line_starts(data: bytes) -> tuple[int, ...]:
    """Byte offset of each line of ``data``, a byte order mark left out, and of its end.

    Lines end where Python ends them: at LF, CR LF and CR. So do those of ``bytes.splitlines``, those of
    ``str.splitlines`` do not.
    """
    first = len(_BOM) if data.startswith(_BOM) else 0
    return tuple(accumulate(map(len, data[first:].splitlines(keepends=True)), initial=first))


def read(file: Path) -> Source:
    """Read a file as Python source; links are followed.

    Raises:
        OSError: It cannot be opened.
        SourceError: It is no regular file or larger than any source, or its bytes cannot be read (`parse`).
    """
    try:
        data = untrusted.read_regular(file, SIZE_LIMIT)
    except ValueError as error:
        raise SourceError(str(error)) from None
    return parse(data)


@kept_for_a_while(RECENT_BYTES)
def parse(data: bytes) -> Source:
    """Read a file's bytes as Python source.

    Raises:
        SourceError: They cannot be read here: Python 2, syntax newer than this Python's, other wrong syntax,
            bytes that their encoding does not allow, or more than is read (`hitrate.files.limits`).
    """
    try:
        module = limits.parse_python(data)
    except limits.LimitError as error:
        raise SourceError(str(error)) from None
    except (SyntaxError, ValueError) as error:
        raise SourceError(_explain(error, data)) from None
    source = Source(data, module, ())
    walker = _Walker(source)
    names = Bindings()
    try:
        walker.visit(module.body, _Frame((), "", names, names))
    except (limits.LimitError, RecursionError) as error:
        raise SourceError(str(error)) from None
    return replace(source, definitions=tuple(walker.found))


def first_line(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Line of a definition's first ``@``; its expression may stand in brackets on a later one."""
    if not node.decorator_list:
        return node.lineno
    line = node.decorator_list[0].lineno
    while line > 1 and not source.line(line).lstrip(b" \t\f").startswith(b"@"):
        line -= 1
    return line


def logical_start(source: Source, line: int) -> int:
    """The line where the logical line of a statement that starts on ``line`` starts.

    They differ only behind continuation lines that hold nothing but the backslash.
    """
    while line > 1 and _CONTINUATION.fullmatch(source.line(line - 1).rstrip(b"\r\n")):
        line -= 1
    return line


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the walk is.

    Attributes:
        scopes: What encloses it, outermost first.
        prefix: Qualified name of the enclosing definition with a dot, or nothing.
        names: What names mean here.
        visible: What names mean inside a function here; not the same in a class.
    """

    scopes: tuple[Scope, ...]
    prefix: str
    names: Bindings
    visible: Bindings

    def inside(self, scope: Scope, name: str) -> "_Frame":
        """The frame of the body of a definition that stands here."""
        names = self.visible.inner()
        visible = self.visible if scope is Scope.CLASS else names
        return _Frame((*self.scopes, scope), f"{self.prefix}{name}.", names, visible)

    def branch(self) -> "_Frame":
        """The frame of one of several alternatives that stand here."""
        names = self.names.inner()
        visible = names if self.visible is self.names else self.visible
        return _Frame(self.scopes, self.prefix, names, visible)


class _Walker:
    """Collects the definitions of a module, reading its names along the way."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._visitors: dict[type[ast.stmt], Callable[[Any, _Frame], None]] = {
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.If: self._branches,
            ast.Try: self._branches,
            ast.TryStar: self._branches,
            ast.Match: self._branches,
            ast.For: self._block,
            ast.AsyncFor: self._block,
            ast.While: self._block,
            ast.With: self._block,
            ast.AsyncWith: self._block,
            ast.Assign: self._assignment,
            ast.AnnAssign: self._assignment,
            ast.AugAssign: self._rebound,
            ast.Delete: self._rebound,
        }
        # What a function's body binds matters to nobody but functions inside it, which are never cached.
        skipped = dict.fromkeys((ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete), _skip)
        branching = (ast.If, ast.Try, ast.TryStar, ast.Match)
        self._visitors_in_function = self._visitors | skipped | dict.fromkeys(branching, self._every_branch)
        self.found: list[Definition] = []

    def visit(self, body: Iterable[ast.stmt], frame: _Frame) -> None:
        """Walk the statements of one scope, or of one branch in it, in source order."""
        in_function = frame.scopes and frame.scopes[-1] is Scope.FUNCTION
        visitors = self._visitors_in_function if in_function else self._visitors
        for node in body:
            if visitor := visitors.get(type(node)):
                visitor(node, frame)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: _Frame) -> None:
        made = [(cache, item) for item in node.decorator_list if (cache := frame.names.cache(item))]
        cache, expression = made[0] if made else (None, None)
        self.found.append(
            Definition(
                qualname=frame.prefix + node.name,
                line=node.lineno,
                first_line=first_line(self._source, node),
                last_line=node.end_lineno or node.lineno,
                node=node,
                scopes=frame.scopes,
                decorators=tuple(frame.names.dotted(item) for item in node.decorator_list),
                cache=cache,
                cache_expression=expression,
            )
        )
        self._check_name(frame, node.name)
        self.visit(node.body, frame.inside(Scope.FUNCTION, node.name))
        frame.names.bind(node.name, None)

    def _check_name(self, frame: _Frame, name: str) -> None:
        if len(frame.prefix) + len(name) > limits.NAME_CHARACTERS:
            raise SourceError(f"holds a qualified name of over {limits.NAME_CHARACTERS} characters")

    def _class(self, node: ast.ClassDef, frame: _Frame) -> None:
        self._check_name(frame, node.name)
        self.visit(node.body, frame.inside(Scope.CLASS, node.name))
        frame.names.bind(node.name, None)

    def _import(self, node: ast.Import | ast.ImportFrom, frame: _Frame) -> None:
        frame.names.bind_import(node)

    def _branches(self, node: ast.If | ast.Try | ast.TryStar | ast.Match, frame: _Frame) -> None:
        branches = [(body, frame.branch()) for body in _alternatives(node)]
        for body, inner in branches:
            self.visit(body, inner)
        frame.names.merge([inner.names for _, inner in branches])

    def _every_branch(self, node: ast.If | ast.Try | ast.TryStar | ast.Match, frame: _Frame) -> None:
        for body in _alternatives(node):
            self.visit(body, frame)

    def _block(
        self, node: ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith, frame: _Frame
    ) -> None:
        self.visit(node.body, frame)
        if not isinstance(node, ast.With | ast.AsyncWith):
            self.visit(node.orelse, frame)

    def _assignment(self, node: ast.Assign | ast.AnnAssign, frame: _Frame) -> None:
        """Note what names are bound to, and the spelling ``f = lru_cache(…)(f)``."""
        if node.value is None:
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            if isinstance(node.value, ast.Call) and (made := _wrapping(node.value, target.id, frame.names)):
                self._wrapped(frame, target.id, *made)
            else:
                frame.names.bind(target.id, frame.names.meaning(node.value))

    def _wrapped(self, frame: _Frame, name: str, cache: ExistingCache, expression: ast.expr) -> None:
        """Give the last definition of ``name`` in this scope the cache that wraps it."""
        for index in range(len(self.found) - 1, -1, -1):
            definition = self.found[index]
            if definition.qualname == frame.prefix + name and definition.scopes == frame.scopes:
                self.found[index] = replace(definition, cache=cache, cache_expression=expression)
                return

    def _rebound(self, node: ast.AugAssign | ast.Delete, frame: _Frame) -> None:
        for target in [node.target] if isinstance(node, ast.AugAssign) else node.targets:
            if isinstance(target, ast.Name):
                frame.names.bind(target.id, None)


def _skip(node: ast.stmt, frame: _Frame) -> None:
    """Walk over a statement."""


def _wrapping(call: ast.Call, name: str, names: Bindings) -> tuple[ExistingCache, ast.expr] | None:
    """The cache that ``call`` puts around ``name``, maybe inside another wrapper such as ``staticmethod``."""
    if len(call.args) != 1 or call.keywords:
        return None
    match call.args[0]:
        case ast.Name(id=wrapped) if wrapped == name:
            cache = names.cache(call.func)
            return (cache, call.func) if cache else None
        case ast.Call() as inner:
            return _wrapping(inner, name, names)
    return None


def _alternatives(node: ast.If | ast.Try | ast.TryStar | ast.Match) -> list[Sequence[ast.stmt]]:
    """The bodies of a branching statement; a chain of ``elif`` is one statement."""
    match node:
        case ast.Match():
            return [case.body for case in node.cases]
        case ast.Try() | ast.TryStar():
            return [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]
    bodies: list[Sequence[ast.stmt]] = [node.body]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
        bodies.append(node.body)
    return [*bodies, node.orelse]


def _encoding(data: bytes) -> str:
    """The encoding's name, from lines as Python ends them; ``tokenize`` alone ends none at a lone CR."""
    lines = iter([match + b"\n" for match in _NEWLINE.split(data[:4096])[:2]])
    return tokenize.detect_encoding(lambda: next(lines, b""))[0]


def _explain(error: SyntaxError | ValueError, data: bytes) -> str:
    """Why source cannot be read, in one line."""
    if not isinstance(error, SyntaxError):
        return str(error)
    reason = " ".join(str(error.msg).split())
    if not error.lineno:
        return f"cannot be decoded: {reason}" if "cod" in reason else reason
    if any(words in reason for words in _NOT_DECODED):
        return f"cannot be decoded: {reason.removeprefix('(unicode error) ')}"
    if line := conflict_line(data, error.lineno):
        return f"line {line} begins an unresolved merge conflict"
    text = (error.text or _text(data, error.lineno))[:_SHOWN_CHARACTERS]
    newer = bool(_NEWER_EXCEPT.search(text))
    if not newer and (_PYTHON_2.search(text) or reason.startswith(_PYTHON_2_REASONS)):
        return f"line {error.lineno} is Python 2 ({reason})"
    if newer or _NEWER.search(text) or reason.startswith("f-string"):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"line {error.lineno} is syntax newer than Python {version}, which Hitrate runs on ({reason})"
    return f"line {error.lineno}: {reason}"


def _text(data: bytes, line: int) -> str:
    lines = _NEWLINE.split(data)
    return lines[line - 1].decode("utf-8", "replace") if line <= len(lines) else ""

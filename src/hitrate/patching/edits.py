"""Decorators put on functions of a file, as an edit of its bytes: everything else stays as it is."""

import ast
import symtable
import warnings
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from hitrate.errors import AnalysisError
from hitrate.source.definitions import Definition, Source, first_line, logical_start, newlines

LRU_CACHE = "_hitrate_lru_cache"
LRU_CACHE_PREAMBLE = f"from functools import lru_cache as {LRU_CACHE}"


class PatchError(AnalysisError):
    """A file cannot be patched or put back; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A decorator for one function.

    It goes directly above ``def``. On a function with a ``functools`` cache it takes this cache's place.

    Attributes:
        path: File, relative to the tree, with forward slashes.
        qualname: Dotted name of the function, without ``<locals>``.
        line: Line of its ``def`` keyword in the file as it was, 1-based.
        decorator: What stands behind the ``@``, on one line.
        preamble: One line of Python that the decorator needs; each one goes into a file once, after docstring
            and ``from __future__`` lines.
    """

    path: str
    qualname: str
    line: int
    decorator: str
    preamble: str


def cached(path: str, qualname: str, line: int, maxsize: int | None, *, typed: bool = False) -> Edit:
    """The edit that gives a function a real ``functools.lru_cache``.

    Args:
        path: File, relative to the tree.
        qualname: Dotted name of the function.
        line: Line of its ``def`` keyword.
        maxsize: Entries at most; None is unbounded.
        typed: Whether equal keys of different types are kept apart.
    """
    arguments = f"maxsize={maxsize}, typed=True" if typed else f"maxsize={maxsize}"
    return Edit(path, qualname, line, f"{LRU_CACHE}({arguments})", LRU_CACHE_PREAMBLE)


def lifted(path: str, qualname: str, line: int) -> Edit:
    """The edit that lifts a function's cache off.

    ``lru_cache(maxsize=0)`` keeps nothing and looks nothing up, not even the arguments' hash, so that the
    function runs on every call; ``cache_clear`` and ``cache_info``, which tests may call, are still there.
    """
    return cached(path, qualname, line, 0)


def find(source: Source, edit: Edit) -> Definition:
    """The definition that an edit names.

    Raises:
        PatchError: There is none at that line under that name.
    """
    definition = source.by_place.get((edit.qualname, edit.line))
    if definition is None:
        raise PatchError(f"{edit.path}:{edit.line}: no function {edit.qualname} is defined here")
    return definition


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes that take the place of those from ``start`` to ``end``."""

    start: int
    end: int
    data: bytes

    def moved(self, distance: int) -> "Splice":
        """The same bytes that many bytes further on."""
        return Splice(self.start + distance, self.end + distance, self.data)


def spliced(data: bytes, pieces: Sequence[Splice]) -> bytes:
    """``data`` with these pieces, which are in order, in place."""
    parts, position = [], 0
    for piece in pieces:
        parts += [data[position : piece.start], piece.data]
        position = piece.end
    return b"".join([*parts, data[position:]])


def rewrite(source: Source, edits: Sequence[Edit]) -> bytes:
    """The file with the edits made, and checked: it compiles, and every function stands where it should.

    Args:
        source: The file as it was.
        edits: What to do to it, one edit a function at most.

    Raises:
        PatchError: An edit names no function, or one named before, or is no Python, or what comes out is not
            what should.
    """
    return spliced(source.data, pieces_of(source, edits))


def pieces_of(source: Source, edits: Sequence[Edit]) -> tuple[Splice, ...]:
    """What :func:`rewrite` puts where, in order; it raises what that raises."""
    targets = [(find(source, edit), edit) for edit in edits]
    if len({target.line for target, _ in targets}) < len(edits):
        raise PatchError(f"{edits[0].path}: two edits for one function")
    preambles = dict.fromkeys(edit.preamble for edit in edits)
    pieces = [_inserted(source, _preamble_line(source), "", preamble) for preamble in preambles]
    pieces += [_decorated(source, target, edit) for target, edit in targets]
    pieces.sort(key=lambda piece: piece.start)  # stable: preambles stay before decorators
    try:
        for edit in edits:
            ast.parse(_encoded(edit.decorator), mode="eval")
        moved = _expected(source, pieces) - _compiled(spliced(source.data, pieces))
    except (SyntaxError, ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else error
        raise PatchError(f"{edits[0].path}: the patched file would not compile: {reason}") from None
    if moved:
        raise PatchError(f"{edits[0].path}: the patched file would have another shape")
    return tuple(pieces)


def _decorated(source: Source, target: Definition, edit: Edit) -> Splice:
    if target.cache_expression is not None:
        return _replaced(source, target, target.cache_expression, edit.decorator)
    line = logical_start(source, target.line)
    return _inserted(source, line, _indentation(source, line, target), f"@{edit.decorator}")


def _replaced(source: Source, target: Definition, old: ast.expr, decorator: str) -> Splice:
    """The new decorator where the old cache stands: ``@lru_cache(8)``, or ``f = lru_cache(8)(f)``."""
    text = decorator if old in target.node.decorator_list else f"({decorator})"
    start = source.offset(old.lineno, old.col_offset)
    end = source.offset(old.end_lineno or old.lineno, old.end_col_offset or old.col_offset)
    return Splice(start, end, _encoded(text))


def _inserted(source: Source, line: int, indentation: str, text: str) -> Splice:
    """A line of its own before ``line``."""
    start = source.starts[line - 1]
    return Splice(start, start, indentation.encode() + _encoded(text) + _newline(source, line))


def _encoded(text: str) -> bytes:
    """The text in any encoding that source may have; other than ASCII stands in string literals only."""
    return text.encode("ascii", "backslashreplace")


def _newline(source: Source, line: int) -> bytes:
    """How lines end around ``line``."""
    for number in (line, line - 1):
        if 1 <= number < len(source.starts):
            text = source.line(number)
            if end := text[len(text.rstrip(b"\r\n")) :]:
                return end[:2] if end[:2] == b"\r\n" else end[:1]
    return b"\n"


def _indentation(source: Source, line: int, target: Definition) -> str:
    """What stands before a definition that starts on ``line``, continuation lines looked through."""
    for number in range(line, target.line + 1):
        text = source.line(number)
        if blank := text[: len(text) - len(text.lstrip(b" \t\f"))]:
            return blank.decode("ascii")
    return ""


def _preamble_line(source: Source) -> int:
    """The line before which an import can go: after docstring and ``from __future__`` lines."""
    body = source.module.body
    heading = 0
    for index, node in enumerate(body):
        if not (_is_future(node) or (index == 0 and _is_docstring(node))):
            break
        heading = index + 1
    if not heading:
        node = body[0]
        line = first_line(source, node) if isinstance(node, _DECORATED) else node.lineno
        return logical_start(source, line)
    return _line_behind(source, body, heading - 1)


_DECORATED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level


def _line_behind(source: Source, body: Sequence[ast.stmt], index: int) -> int:
    r"""The first line behind a statement's logical line and whatever else stands on it (``;``, ``\``)."""
    line, position = _end(source, body[index])
    while True:
        following = body[index + 1] if index + 1 < len(body) else None
        rest = source.data[position : source.starts[line]]
        if following is not None and following.lineno == line:
            index += 1
            line, position = _end(source, following)
        elif rest.partition(b"#")[0].rstrip().endswith(b"\\"):
            line, position = line + 1, source.starts[line]
        else:
            return line + 1


def _end(source: Source, node: ast.stmt) -> tuple[int, int]:
    line = node.end_lineno or node.lineno
    return line, source.offset(line, node.end_col_offset or 0)


def _expected(source: Source, pieces: Sequence[Splice]) -> set[tuple[str, int]]:
    """Name and line of every function once the pieces, in order, are in place."""
    expected: set[tuple[str, int]] = set()
    waiting, shift = deque(pieces), 0
    for definition in source.definitions:
        while waiting and waiting[0].start <= source.starts[definition.line - 1]:
            piece = waiting.popleft()
            shift += newlines(piece.data) - newlines(source.data[piece.start : piece.end])
        expected.add((definition.node.name, definition.line + shift))
    return expected


def _compiled(data: bytes) -> set[tuple[str, int]]:
    """Name and line of every function as the compiler sees them.

    Raises:
        SyntaxError: The file does not compile.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = [symtable.symtable(data, "<patched>", "exec")]  # type: ignore[arg-type]  # takes bytes too
    found = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        if table.get_type() == "function":
            found.add((table.get_name(), table.get_lineno()))
    return found

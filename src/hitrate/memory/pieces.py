"""A source file in pieces that change each for itself: what stands in functions, and everything else."""

import ast
import hashlib
from collections import defaultdict
from collections.abc import Iterator

from hitrate.source.definitions import Definition, Scope, Source, first_line

OUTSIDE = ""
"""Name of the piece that is run when the file is imported: all that stands in no function."""
_HOLE, _GENERATOR = b"\0", b"\1"
_DIGEST_BYTES = 8


def digests(source: Source) -> dict[str, str]:
    """What each piece of a file looks like, as a short hash, by the qualified name of the function.

    A function's piece is its body, with the functions in it; a method's too. Its decorators, parameters,
    defaults, docstring, and whether it is a generator, belong to ``OUTSIDE``: others than those that call it
    may see them. Where lines only move, nothing changes.
    """
    bodies: defaultdict[str, list[bytes]] = defaultdict(list)
    outside: list[bytes] = []
    done = 0
    for definition in source.definitions:
        if Scope.FUNCTION in definition.scopes:
            continue
        begin, end = _body(source, definition)
        outside += [source.data[done:begin], _HOLE, _GENERATOR if _is_generator(definition.node) else b""]
        bodies[definition.qualname].append(source.data[begin:end])
        done = end
    outside.append(source.data[done:])
    return {OUTSIDE: _digest([b"".join(outside)]), **{name: _digest(found) for name, found in bodies.items()}}


def piece_of(qualname: str) -> str:
    """The piece that a running function belongs to, by its qualified name as Python gives it."""
    name = qualname.partition(".<locals>")[0]
    return OUTSIDE if "<" in name else name  # a lambda or comprehension that stands in no function


def _body(source: Source, definition: Definition) -> tuple[int, int]:
    """Begin and end of a function's body behind its docstring."""
    *_, last = body = definition.node.body
    end = source.offset(last.end_lineno or last.lineno, last.end_col_offset or 0)
    if ast.get_docstring(definition.node, clean=False) is not None:
        body = body[1:]
    if not body:
        return end, end
    first = body[0]
    line, column = first.lineno, first.col_offset
    if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and first.decorator_list:
        line, column = first_line(source, first), 0
    return source.offset(line, column), end


def _is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in _own(node))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, and in no other function or class within it."""
    pending = list(ast.iter_child_nodes(node))
    while pending:
        inner = pending.pop()
        yield inner
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending += ast.iter_child_nodes(inner)


def _digest(texts: list[bytes]) -> str:
    return hashlib.sha256(_HOLE.join(texts)).hexdigest()[: 2 * _DIGEST_BYTES]

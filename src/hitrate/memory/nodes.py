"""Ways through a syntax tree that leave out what is of no interest, as most constants are. Pure."""

import ast
from collections.abc import Iterator

from hitrate.source.syntax import walk

_PLAIN = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a tree in any order, less those that only say how another one is used."""
    return (node for node in walk(tree) if not isinstance(node, _PLAIN))


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """All statements of a tree in any order; no statement stands in an expression."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt):
            yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            value = getattr(node, name, None)
            if type(value) is list:
                pending += value

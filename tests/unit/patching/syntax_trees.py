"""What the syntax tree of a patched file must be, made from the original's without the patcher."""

import ast
from collections.abc import Sequence
from copy import deepcopy

from hitrate.patching.edits import LRU_CACHE_PREAMBLE, Edit, find
from hitrate.source.definitions import Source, parse


class Replaced(ast.NodeTransformer):
    """Puts expressions in the place of others."""

    def __init__(self, new: dict[int, ast.expr]) -> None:
        self.new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new.get(id(node)) or super().visit(node)


def expected(source: Source, edits: Sequence[Edit]) -> list[str]:
    """The statements of the patched file, less the import; the source's syntax tree is used up."""
    replaced: dict[int, ast.expr] = {}
    for edit in edits:
        target = find(source, edit)
        decorator = ast.parse(edit.decorator, mode="eval").body
        if target.cache_expression is None:
            target.node.decorator_list.append(decorator)
        else:
            replaced[id(target.cache_expression)] = decorator
    module = Replaced(replaced).visit(source.module) if replaced else source.module
    return [ast.dump(node) for node in module.body]


def heading(module: ast.Module) -> int:
    """How many statements must stay first: docstring and ``from __future__`` lines."""
    count = int(ast.get_docstring(module, clean=False) is not None)
    while isinstance(node := module.body[count], ast.ImportFrom) and node.module == "__future__":
        count += 1
    return count


def check(data: bytes, patched: bytes, edits: Sequence[Edit]) -> None:
    """The patched file's syntax tree is the original's with the decorators and one import, well placed."""
    module = deepcopy(parse(patched).module)
    imports = [
        at
        for at, node in enumerate(module.body)
        if isinstance(node, ast.ImportFrom)
        and node.names[0].asname
        and ast.unparse(node) == LRU_CACHE_PREAMBLE
    ]
    assert len(imports) == 1
    source = deepcopy(parse(data))  # what was parsed is shared
    assert imports[0] >= heading(source.module)
    del module.body[imports[0]]
    assert [ast.dump(node) for node in module.body] == expected(source, edits)

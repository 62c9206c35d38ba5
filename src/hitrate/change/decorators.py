"""The project's own decorators that read what a plain function has and a cached one lacks."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from hitrate.errors import InputError
from hitrate.source import definitions
from hitrate.source.definitions import Definition, Source
from hitrate.source.syntax import walk

Def = ast.FunctionDef | ast.AsyncFunctionDef

LACKING = frozenset({"__code__", "__defaults__", "__kwdefaults__", "__globals__", "__closure__"})
"""What ``lru_cache`` makes of a function has none of these."""
_ASKING = frozenset({"hasattr", "isinstance", "isfunction", "isroutine", "ismethod"})


class Decorators:
    """What a file's decorators want of the functions under them."""

    def __init__(self, tree: Path, path: str, source: Source) -> None:
        """Nothing is read yet but the file itself.

        Args:
            tree: Root of the working tree.
            path: The file in it.
            source: What it holds.
        """
        self._tree, self._folder, self._source = tree, PurePosixPath(path).parent, source

    def refusal(self, definition: Definition) -> str | None:
        """Why no cache may stand under a definition's decorators, in one line; None where one may."""
        if definition.cache is not None:  # they have made do with it
            return None
        for decorator, name in zip(definition.node.decorator_list, definition.decorators, strict=True):
            function = self._found(name)
            lacking = _wanted(function, called=isinstance(decorator, ast.Call)) if function else None
            if lacking is not None:
                last = name.rpartition(".")[2]
                return f"its decorator {last} reads {lacking}, which no cached function has"
        return None

    def _found(self, name: str) -> Def | None:
        """The function that a decorator's dotted name stands for, if it stands in this tree."""
        dots = len(name) - len(name.lstrip("."))
        *module, function = name[dots:].split(".")
        for source in self._modules(dots, module) if dots or module else (self._source,):
            for each in source.definitions:
                if each.qualname == function:
                    return each.node
        return None

    def _modules(self, dots: int, module: Sequence[str]) -> Iterator[Source]:
        """Files of the tree that a module may be, as this file imports it: dots and names."""
        parents = [self._folder, *self._folder.parents]
        for parent in parents[dots - 1 : dots] if dots else parents:
            place = parent.joinpath(*module)
            files = (place.with_name(f"{place.name}.py"),) if module else ()
            for path in (*files, place / "__init__.py"):
                try:
                    yield definitions.read(self._tree / path)
                except (OSError, InputError):
                    continue


def _wanted(decorator: Def, *, called: bool) -> str | None:
    """What a decorator reads of its function that a cached one lacks; None where it asks before.

    Args:
        decorator: The function that decorates, or makes what does if it is ``called`` with arguments first.
        called: Whether it is.
    """
    inner = [each for each in decorator.body if isinstance(each, Def)] if called else [decorator]
    for function in inner:
        arguments = [*function.args.posonlyargs, *function.args.args]
        nodes = walk(function)
        if not arguments or any(isinstance(node, ast.Try) or _asks(node) for node in nodes):
            continue
        for node in nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                    name == arguments[0].arg and attribute in LACKING
                ):
                    return attribute
    return None


def _asks(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _ASKING
    return False

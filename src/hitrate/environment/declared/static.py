"""Values that Python source says without being run, as far as it says them: texts, lists and tables."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from hitrate.source.names import written

_DEPTH = 20
_PLACE = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Names:
    """What names stand for.

    Attributes:
        values: Expressions by name; the later ones of a list or table are added to it.
        hole: What stands for a part of an f-string that is not known; None where the whole is then unknown.
    """

    values: Mapping[str, ast.expr]
    hole: str | None = None

    def value(self, node: ast.expr, depth: int = _DEPTH) -> object:
        """The value of an expression; None where it is not known. Unknown members are left out."""
        if depth == 0:
            return None
        match node:
            case ast.Constant():
                return node.value
            case ast.Name() if node.id in self.values:
                return self.value(self.values[node.id], depth - 1)
            case ast.JoinedStr():
                return self._joined(node, depth)
            case ast.Call():
                return self._called(node, depth)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._several(node.elts, depth)
            case ast.Dict():
                return self._table(node, depth)
            case _:
                return self._operation(node, depth)

    def _operation(self, node: ast.expr, depth: int) -> object:
        """What operators give: sums, and the first of several values that is not empty."""
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right):
                return _added(self.value(left, depth - 1), self.value(right, depth - 1))
            case ast.BoolOp(op=ast.Or(), values=choices):
                pass
            case ast.IfExp(body=body, orelse=orelse):
                choices = [body, orelse]
            case _:
                return None
        return next((found for one in choices if (found := self.value(one, depth - 1))), None)

    def words(self, nodes: Sequence[ast.expr]) -> list[str]:
        """The texts in arguments of a call, starred ones and lists included."""
        return [word for word in self._several(nodes, _DEPTH, flat=True) if isinstance(word, str)]

    def _several(self, nodes: Sequence[ast.expr], depth: int, *, flat: bool = False) -> list[object]:
        found: list[object] = []
        for node in nodes:
            starred = isinstance(node, ast.Starred)
            value = self.value(node.value if isinstance(node, ast.Starred) else node, depth - 1)
            if isinstance(value, list) and (starred or flat):
                found += value
            elif value is not None and not starred:
                found.append(value)
        return found

    def _table(self, node: ast.Dict, depth: int) -> dict[object, object]:
        found: dict[object, object] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            one = self.value(item, depth - 1)
            if key is None:
                found |= one if isinstance(one, dict) else {}
            elif one is not None and isinstance(name := self.value(key, depth - 1), str):
                found[name] = one
        return found

    def _joined(self, node: ast.JoinedStr, depth: int) -> str | None:
        parts = [
            self.value(part.value if isinstance(part, ast.FormattedValue) else part, depth - 1)
            for part in node.values
        ]
        if self.hole is None and any(not isinstance(part, str | int) for part in parts):
            return None
        return "".join(str(part) if isinstance(part, str | int) else str(self.hole) for part in parts)

    def _formatted(self, node: ast.Call, depth: int) -> str | None:
        """What ``"{0} {name}".format(…)`` gives, for places that are plain names and numbers."""
        text = self.value(node.func.value, depth - 1) if isinstance(node.func, ast.Attribute) else None
        known = {str(number): self.value(one, depth - 1) for number, one in enumerate(node.args)}
        known |= {one.arg: self.value(one.value, depth - 1) for one in node.keywords if one.arg}
        numbers = count()
        filled = {
            place: known.get(place[1] or str(next(numbers)))
            for place in _PLACE.finditer(text if isinstance(text, str) else "")
        }
        if not isinstance(text, str) or any(not isinstance(one, str | int) for one in filled.values()):
            return None
        given = iter(filled.values())
        return _PLACE.sub(lambda _: str(next(given)), text)

    def _called(self, node: ast.Call, depth: int) -> object:
        """What the few calls give that tables and lists are commonly made by."""
        name = written(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
        if name == "dict" and not node.args:
            keywords = [one for one in node.keywords if one.arg]
            known = ((one.arg, self.value(one.value, depth - 1)) for one in keywords)
            return {key: value for key, value in known if value is not None}
        if name in ("list", "tuple", "sorted", "set", "str") and len(node.args) == 1:
            return self.value(node.args[0], depth - 1)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "split" and not node.args:
            text = self.value(node.func.value, depth - 1)
            return list(text.split()) if isinstance(text, str) else None
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return self._formatted(node, depth)
        if name == "shlex.split" and len(node.args) == 1:
            text = self.value(node.args[0], depth - 1)
            return list(text.split()) if isinstance(text, str) else None
        return None


def assigned(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """What names are given in statements and within them, in order, with what is added to them."""
    values: dict[str, ast.expr] = {}
    for node in (one for statement in body for one in ast.walk(statement)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = value
            case _:
                for name, more in _additions(node):
                    if name in values:
                        values[name] = ast.BinOp(values[name], ast.Add(), more)
    return values


def _additions(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The name that a statement or call adds to, and what."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.BitOr(), value=more):
            yield name, more
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=key)], value=one):
            yield name, ast.Dict([key], [one])
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend" | "update"), args=[more]):
            yield name, more
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[one]):
            yield name, ast.List([one])
        case _:
            pass


def _added(left: object, right: object) -> object:
    """The sum of two values; of lists and tables what is known of it."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left | right
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, list) or isinstance(right, list):
        return (left if isinstance(left, list) else []) + (right if isinstance(right, list) else [])
    return left if isinstance(left, dict) else right if isinstance(right, dict) else None

"""What names mean in a module: import aliases, constants, and every spelling of a ``functools`` cache."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from hitrate.files.limits import NAMES, LimitError
from hitrate.source.function import ExistingCache

LRU_CACHE = "functools.lru_cache"
CACHE = "functools.cache"
DEFAULT_MAXSIZE = 128

_STARS = {"functools": (LRU_CACHE, CACHE)}
_LARGEST_OPERAND = 1 << 64
_LARGEST_EXPONENT = 64
_LARGEST_NUMBER = 1 << 1024
_LONGEST_EXPRESSION = 100
"""Nodes of an expression of which names and numbers are made; longer ones have no meaning here."""


@dataclass(frozen=True, slots=True)
class Dotted:
    """A name that leads out of the module, such as ``functools.lru_cache``."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is known without running anything."""

    value: int | None


Meaning = Dotted | Literal | ExistingCache
"""What a name stands for; an ``ExistingCache`` is a configured cache, such as ``memo = lru_cache(None)``."""


class Bindings:
    """The names of one scope, filled statement by statement in source order.

    A name bound to something that the source alone does not tell has no meaning (None); one never bound here
    means itself, as a builtin does.
    """

    def __init__(self, names: dict[str, Meaning | None] | None = None) -> None:
        """Start with the names of an enclosing scope."""
        self._names = names if names is not None else {}
        self._shared = names is not None

    def inner(self) -> "Bindings":
        """A scope inside this one: sees its names, binds its own."""
        return Bindings(self._names)

    def bind(self, name: str, meaning: Meaning | None) -> None:
        """Let ``name`` mean this from here on.

        Raises:
            LimitError: It is bound within too many other names, which each such scope would copy.
        """
        if self._shared:  # copied only when needed: most scopes bind nothing of interest
            if len(self._names) > NAMES:
                raise LimitError(f"binds more than {NAMES} names around a scope that binds its own")
            self._names, self._shared = dict(self._names), False
        self._names[name] = meaning

    def merge(self, branches: Sequence["Bindings"]) -> None:
        """Take over what alternative branches bound; where they differ, the first that binds a name wins.

        ``try: from functools import cache`` / ``except ImportError: def cache(…)`` thus means the former.
        """
        before = dict(self._names)
        unbound = object()
        for branch in reversed(branches):
            if branch._shared:  # it bound nothing
                continue
            for name, meaning in branch._names.items():
                if before.get(name, unbound) != meaning:
                    self.bind(name, meaning)

    def bind_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Bind the names of an import statement."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self.bind(alias.asname or top, Dotted(alias.name if alias.asname else top))
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                for name in _STARS.get(module, ()):
                    self.bind(name.rpartition(".")[2], Dotted(name))
            else:
                separator = "" if module.endswith(".") else "."
                self.bind(alias.asname or alias.name, Dotted(f"{module}{separator}{alias.name}"))

    def meaning(self, node: ast.expr) -> Meaning | None:
        """What an expression stands for, None if that is not known."""
        return self._meaning(node) if _is_short(node) else None

    def _meaning(self, node: ast.expr) -> Meaning | None:
        match node:
            case ast.Name(id=name):
                return self._names.get(name, Dotted(name))
            case ast.Attribute(value=value, attr=attribute):
                owner = self._meaning(value)
                return Dotted(f"{owner.name}.{attribute}") if isinstance(owner, Dotted) else None
            case ast.Constant(value=int() | None as value):
                return Literal(value)
            case ast.UnaryOp() | ast.BinOp():
                return self._number(node)
            case ast.Call():
                return self._configured(node)
        return None

    def dotted(self, node: ast.expr) -> str:
        """The dotted name of a decorator's callee, aliases resolved; its source where it has no such name."""
        callee = node.func if isinstance(node, ast.Call) else node
        meaning = self.meaning(callee)
        if isinstance(meaning, Dotted):
            return meaning.name
        if isinstance(meaning, ExistingCache):
            return LRU_CACHE
        return written(callee)

    def cache(self, node: ast.expr) -> ExistingCache | None:
        """What a decorator, or the callee in ``f = lru_cache(8)(f)``, caches with; None if it does not."""
        match self.meaning(node):
            case ExistingCache() as configured:
                return configured
            case Dotted(name=name) if name == LRU_CACHE:
                return ExistingCache(DEFAULT_MAXSIZE, typed=False)
            case Dotted(name=name) if name == CACHE:
                return ExistingCache(None, typed=False)
        return None

    def _configured(self, call: ast.Call) -> ExistingCache | None:
        """The cache that ``lru_cache(…)`` configures; None for any other call."""
        if self._meaning(call.func) != Dotted(LRU_CACHE):
            return None
        given = dict(zip(("maxsize", "typed"), call.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        maxsize = self._maxsize(given.get("maxsize"))
        expression = None
        if maxsize is None and "maxsize" in given:
            expression = written(given["maxsize"])
        typed = self.meaning(given["typed"]) if "typed" in given else None
        return ExistingCache(
            DEFAULT_MAXSIZE if maxsize is None else maxsize.value,
            typed=isinstance(typed, Literal) and bool(typed.value),
            maxsize_expression=expression,
        )

    def _maxsize(self, node: ast.expr | None) -> Literal | None:
        """The size that an argument asks for, None if only running it would tell."""
        if node is None:
            return Literal(DEFAULT_MAXSIZE)
        meaning = self.meaning(node)
        if not isinstance(meaning, Literal):
            return None
        return Literal(None if meaning.value is None else max(0, int(meaning.value)))

    def _number(self, node: ast.UnaryOp | ast.BinOp) -> Literal | None:
        """The value of simple arithmetic such as ``2 ** 10`` or ``4 * KIB``."""
        if isinstance(node, ast.UnaryOp):
            operand = self._meaning(node.operand)
            if isinstance(node.op, ast.USub) and isinstance(operand, Literal) and operand.value is not None:
                return Literal(-operand.value)
            return None
        left, right = self._meaning(node.left), self._meaning(node.right)
        if not (isinstance(left, Literal) and isinstance(right, Literal)):
            return None
        return _arithmetic(node.op, left.value, right.value)


def _is_short(node: ast.expr) -> bool:
    """Whether the chain of what an expression is made of is short enough to be followed."""
    pending: list[ast.AST] = [node]
    for _ in range(_LONGEST_EXPRESSION):
        if not pending:
            return True
        pending.extend(ast.iter_child_nodes(pending.pop()))
    return not pending


def written(node: ast.expr) -> str:
    """The source of an expression in Python's own style, or ``…`` for one that is too long to tell."""
    if isinstance(node, ast.Name):
        return node.id
    try:
        return ast.unparse(node) if _is_short(node) else "…"
    except ValueError:  # a number of over 4,300 digits
        return "…"


def _arithmetic(operator: ast.operator, left: int | None, right: int | None) -> Literal | None:
    if left is None or right is None or not 0 <= right <= _LARGEST_OPERAND or abs(left) > _LARGEST_NUMBER:
        return None
    match operator:
        case ast.Add():
            return Literal(left + right)
        case ast.Sub():
            return Literal(left - right)
        case ast.Mult():
            return Literal(left * right)
        case ast.FloorDiv() if right:
            return Literal(left // right)
        case ast.Pow() if right <= _LARGEST_EXPONENT:
            return Literal(left**right)
        case ast.LShift() if right <= _LARGEST_EXPONENT:
            return Literal(left << right)
    return None

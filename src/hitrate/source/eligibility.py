"""Why a function may not carry a cache, judged from its source alone; only certain cases count."""

import ast
import math
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from hitrate.source.definitions import Definition, Scope
from hitrate.source.syntax import children, walk

_NEVER_CACHED = frozenset(
    {
        "__init__",
        "__new__",
        "__del__",
        "__post_init__",
        "__init_subclass__",
        "__set_name__",
        "__class_getitem__",
        "__prepare__",
        "__enter__",
        "__exit__",
        "__aenter__",
        "__aexit__",
        "__iter__",
        "__next__",
        "__aiter__",
        "__anext__",
        "__await__",
        "__get__",
        "__set__",
        "__delete__",
        "__setattr__",
        "__delattr__",
        "__getattribute__",
        "__setitem__",
        "__delitem__",
        "__setstate__",
        "__getstate__",
        "__reduce__",
        "__reduce_ex__",
        "__hash__",
        "__eq__",
        "__copy__",
        "__deepcopy__",
    }
)
_CACHES = {
    "cachetools.cached": "cachetools caches it already",
    "cachetools.cachedmethod": "cachetools caches it already",
    "cachetools.func.lru_cache": "cachetools caches it already",
    "cachetools.func.ttl_cache": "cachetools caches it already",
    "methodtools.lru_cache": "methodtools caches it already",
    "async_lru.alru_cache": "async_lru caches it already",
    "streamlit.cache_data": "streamlit caches it already",
    "streamlit.cache_resource": "streamlit caches it already",
    "diskcache.memoize": "diskcache caches it already",
}
_CACHING_PROPERTIES = frozenset(
    {
        "cached_property",
        "cachedproperty",
        "under_cached_property",
        "threaded_cached_property",
        "locked_cached_property",
        "cached_property_with_ttl",
        "threaded_cached_property_with_ttl",
        "memoized_property",
        "lazyproperty",
        "lazy_property",
        "cache_readonly",
        "reify",
    }
)
_LAST_PARTS = {
    "overload": "an overload: a signature without a body",
    "abstractmethod": "abstract: it has no body of its own",
    "abstractproperty": "abstract: it has no body of its own",
    "setter": "a property setter: it is called for its effect",
    "deleter": "a property deleter: it is called for its effect",
    **{name: f"{name} caches it already" for name in _CACHING_PROPERTIES},
}
"""By the last part of a decorator's name: many projects import them from a module of their own."""
_COMPILERS = ("numba.", "jax.", "torch.jit.", "torch.compile", "triton.", "cython.", "taichi.")
_FIXTURES = frozenset({"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture"})
_CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})


def ineligibility(definition: Definition, module: ast.Module) -> str | None:
    """Why the function may not carry a cache, in one line; None when it may."""
    return (
        _kind_of_function(definition)
        or _place(definition, module)
        or _decorated(definition)
        or _role(definition)
    )


def is_method(definition: Definition) -> bool:
    """Whether its first argument is an instance."""
    in_class = bool(definition.scopes) and definition.scopes[-1] is Scope.CLASS
    return in_class and not {"staticmethod", "classmethod"} & set(definition.decorators)


def takes_arguments(definition: Definition) -> bool:
    """Whether it has parameters, the class of a class method left out."""
    found = definition.node.args
    named = [*found.posonlyargs, *found.args, *found.kwonlyargs]
    in_class = bool(definition.scopes) and definition.scopes[-1] is Scope.CLASS
    implied = int(in_class and "classmethod" in definition.decorators)
    return len(named) > implied or found.vararg is not None or found.kwarg is not None


def returns_nothing(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it neither returns a value nor raises anything itself, and so is called for what it does.

    What only raises or passes is a check, whose answer is worth keeping.
    """
    kinds = (ast.Yield, ast.YieldFrom, ast.Await, ast.Raise, ast.Assert)
    return not any(
        isinstance(inner, kinds) or (isinstance(inner, ast.Return) and not _is_none(inner.value))
        for inner in own_nodes(node)
    )


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _kind_of_function(definition: Definition) -> str | None:
    if isinstance(definition.node, ast.AsyncFunctionDef):
        return "a coroutine function: a cache would hand out a coroutine that was awaited already"
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(definition.node)):
        return "a generator function: a cache would hand out an exhausted generator"
    return None


def _place(definition: Definition, module: ast.Module) -> str | None:
    if Scope.FUNCTION in definition.scopes:
        return "nested in a function: every call of that function would begin with an empty cache"
    if _type_checking_only(definition.line, module):
        return "defined for type checkers only"
    return None


def _decorated(definition: Definition) -> str | None:
    for name in definition.decorators:
        if name.startswith(_COMPILERS):
            return f"compiled by {name.split('.', maxsplit=1)[0]}: the compiler needs the plain function"
        if name in _FIXTURES:
            return "a pytest fixture: pytest caches it by its scope"
        if name in _CONTEXT_MANAGERS:
            return "a context manager: each use needs a new one"
        why = _CACHES.get(name) or _LAST_PARTS.get(name.rsplit(".", 1)[-1])
        if why is not None:
            return why
    return None


def _role(definition: Definition) -> str | None:
    name = definition.node.name
    if name in _NEVER_CACHED:
        return f"{name} is called for its effect or by the cache itself"
    if _is_stub(definition.node):
        return "a stub: it has no body"
    return None


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body is only a docstring, ``...``, ``pass`` or ``raise NotImplementedError``."""
    return all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Raise) and _raises_not_implemented(statement))
        for statement in node.body
    )


def _raises_not_implemented(statement: ast.Raise) -> bool:
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@lru_cache(maxsize=8)  # several questions are asked about a function before the next one
def own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[ast.AST, ...]:
    """Nodes of the function's own body, less those of functions, classes and lambdas inside it."""
    found: list[ast.AST] = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        found.append(node)
        if not isinstance(node, _INNER):
            pending += children(node)
    return tuple(found)


def _type_checking_only(line: int, module: ast.Module) -> bool:
    statements: list[ast.stmt] = list(module.body)
    while statements:
        before = bisect_right(statements, line, key=lambda each: each.lineno)  # they stand in source order
        last = statements[before - 1] if before else None
        around = last if last is not None and line <= (last.end_lineno or 0) else None
        if isinstance(around, ast.If) and _names_type_checking(around.test) and line < _else_line(around):
            return True
        statements = [inner for inner in _blocks(around) if isinstance(inner, ast.stmt)]
    return False


def _else_line(choice: ast.If) -> float:
    return choice.orelse[0].lineno if choice.orelse else math.inf


def _blocks(statement: ast.stmt | None) -> Iterator[ast.AST]:
    """The statements inside of one, those of its ``except`` and ``case`` blocks included."""
    for child in ast.iter_child_nodes(statement) if statement else ():
        if isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body
        else:
            yield child


def _names_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


_SEES_EVERYTHING = frozenset({"locals", "vars", "eval", "exec", "dir"})


def unread_parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """Parameters that the body never mentions, ``*args`` and ``**kwargs`` left out.

    A body that looks at all its variables at once (``locals()``) mentions every one, and ``super()`` without
    arguments the first.
    """
    arguments = node.args
    parameters = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    names = {each.id for statement in node.body for each in walk(statement) if isinstance(each, ast.Name)}
    if names & _SEES_EVERYTHING:
        return ()
    if names & {"super", "__class__"}:
        names.update(parameters[:1])
    return tuple(name for name in parameters if name not in names)

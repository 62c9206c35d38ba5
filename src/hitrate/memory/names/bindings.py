"""What a module only binds to names when it is imported: a change of it is seen by whoever names them.

Everything else that stands outside of functions may do anything when it is run. Where it is not certain that
a statement does nothing but bind, it is of that kind.
"""

import ast
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

from hitrate.memory.names.classes import PlainClass, head_of, plain_classes
from hitrate.memory.names.spoken import Spoken, spoken

Function = ast.FunctionDef | ast.AsyncFunctionDef
_HARMLESS_DECORATORS = frozenset(
    {
        *("abstractmethod", "cache", "cached_property", "classmethod", "contextmanager", "final"),
        *("lru_cache", "overload", "override", "property", "staticmethod", "wraps"),
    }
)
_HARMLESS_CALLS = frozenset({"frozenset", "set", "tuple", "list", "dict", "object", "TypeVar", "ParamSpec"})
_STARS = "__all__"
_TOLD = frozenset(
    {
        *(_STARS, "__author__", "__authors__", "__copyright__", "__credits__", "__date__", "__email__"),
        *("__lazy_modules__", "__license__", "__maintainer__", "__status__", "__title__", "__url__"),
        *("__version__", "__version_info__"),
    }
)
"""Names of modules that mean nothing to the language, or only when something is imported."""
CHECKING = "TYPE_CHECKING"
CHECKED = f"if {CHECKING}"
"""Name of what stands in the blocks for checkers, which nobody can name."""
_KNOWN_BY_OTHERS = frozenset(
    {
        *("as_dict", "asdict", "close", "copy", "default", "dict", "emit", "fileno", "filter", "flush"),
        *("get", "getvalue", "handle", "isatty", "items", "json", "keys", "mro", "name", "names", "next"),
        *("pop", "read", "readable", "readinto", "readline", "readlines", "run", "seek", "seekable"),
        *("send", "setUp", "shape", "tearDown", "tell", "throw", "tolist", "values", "writable", "write"),
        *("writelines", "to_dict", "to_json", "dtype", "isoformat", "tobytes", "wait", "start", "stop"),
    }
)
"""Names by which libraries look for methods of what they are given."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that a statement binds, and does nothing else.

    Attributes:
        name: The name, with dots as in an import. Of what stands in a class it is the qualified one, with
            ``#`` and the identifier behind that whoever sees it has to name.
        statement: It.
        node: What of it binds this name.
        place: How many statements of other kinds stand before it.
    """

    name: str
    statement: ast.stmt
    node: ast.stmt
    place: int


def words_of(name: str) -> list[str]:
    """The identifiers by which a binding may be named."""
    return name.rpartition("#")[2].split(".")


def code_of(name: str) -> str:
    """The qualified name of the function that a binding may be of."""
    return name.partition("#")[0]


def class_of(name: str) -> str:
    """The class that a binding stands in; empty where it stands in none."""
    code, mark, _ = name.partition("#")
    return code.partition(".")[0] if mark else ""


def under_class(name: str) -> str:
    """The name of a binding if it is that of a public method by its class, and of another one as it is."""
    code, mark, word = name.partition("#")
    return f"{code}#{code.partition('.')[0]}" if mark and not word.startswith("_") else name


def bindings(module: ast.Module) -> list[Binding]:
    """What the statements of a module bind, those of its classes included; nothing where it is too deep."""
    try:
        counts = _bound(module)
        classes = plain_classes(module, counts)
        members = [list(_members(each)) for each in classes]
        silent = {id(each.node) for each, own in zip(classes, members, strict=True) if _only_binds(each, own)}
        found = list(_bindings(module, counts, silent))
        for own in members:
            found += own
    except RecursionError:
        return []
    return found


def exported(module: ast.Module) -> frozenset[str]:
    """Names that the module's ``__all__`` lists."""
    return frozenset(
        element.value
        for node in module.body
        if isinstance(node, ast.Assign) and _targets(node) == [_STARS]
        for element in ast.walk(node.value)
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    )


def imported(statements: Iterable[ast.stmt]) -> list[bytes]:
    """The modules of some imports, but the standard library's: to run another one may do anything."""
    found = {
        name
        for node in statements
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{'.' * node.level}{node.module or ''}"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    others = {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}
    return [name.encode("utf-8", "backslashreplace") for name in sorted(others)]


def mentioned(node: ast.stmt) -> Spoken:
    """What a statement's binding may depend on; annotations are seen by who inspects it only."""
    unseen = ("annotation", "returns", "body" if isinstance(node, Function) else "")
    return Spoken() if _is_for_checkers(node) else spoken([node], unseen)


def _bindings(module: ast.Module, counts: Counter[str], silent: Collection[int]) -> Iterator[Binding]:
    place = 0
    for node in module.body:
        names = [node.name] if isinstance(node, ast.ClassDef) and id(node) in silent else _names(node)
        if _is_for_checkers(node):
            yield Binding(CHECKED, node, node, 0)
        elif names and all(counts[name.partition(".")[0]] == 1 and _is_ordinary(name) for name in names):
            yield from (
                Binding(name, node, part, place) for name, part in zip(names, _parts(node), strict=False)
            )
        else:
            place += not _is_text(node)


def _parts(node: ast.stmt) -> Iterator[ast.stmt]:
    """A statement as what binds each of its names."""
    match node:
        case ast.Import(names=names):
            yield from (ast.Import([alias]) for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            yield from (ast.ImportFrom(module, [alias], level) for alias in names)
        case ast.ClassDef():
            yield head_of(node)
        case _:
            yield from repeat(node)


def _names(node: ast.stmt) -> list[str]:
    """What a statement binds; nothing where it may do something else."""
    match node:
        case ast.Import(names=names):
            return [alias.asname or alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names):
            is_plain = module != "__future__" and all(alias.name != "*" for alias in names)
            return [alias.asname or alias.name for alias in names] if is_plain else []
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name] if _is_plain(node) else []
        case ast.Assign(value=value) if _is_inert(value):
            return _targets(node)
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is None or _is_inert(value):
            return [] if _calls(node.annotation) else [name]
        case _:
            return []


def _is_text(node: ast.stmt) -> bool:
    """Whether a statement is a docstring, or a text that does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_checkers(node: ast.stmt) -> bool:
    """Whether a statement is run by no Python, only looked at by checkers of types."""
    match node:
        case ast.If(test=ast.Name(id=name) | ast.Attribute(attr=name), orelse=[]):
            return name == CHECKING
        case _:
            return False


def _targets(node: ast.Assign) -> list[str]:
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return names if len(names) == len(node.targets) else []


def _is_ordinary(name: str) -> bool:
    """Whether only those who name it look for it: neither the language nor pytest does."""
    first = name.partition(".")[0]
    if first.startswith("__") and first.endswith("__"):
        return first in _TOLD
    return not first.lower().startswith(("pytest", "test", "setup", "teardown", "load_tests"))


def _bound(module: ast.Module) -> Counter[str]:
    """How often each name is bound in a module, in whatever statement, functions that rebind it included."""
    found: Counter[str] = Counter()
    pending: list[ast.AST] = [node for node in module.body if not _is_for_checkers(node)]
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] += 1
                continue
            case ast.Lambda():
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                firsts = {(alias.asname or alias.name).partition(".")[0] for alias in names}
                found.update(firsts)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found[name] += 1
            case _:
                pass
        pending += ast.iter_child_nodes(node)
    return found


def _members(plain: PlainClass) -> Iterator[Binding]:
    """Methods and attributes of a class.

    What has an instance has got it from what names the class. So has whoever calls a method, but by the name
    of that too, unless it is the language or a library.
    """
    node = plain.node
    counts = Counter(name for each in node.body for name in _member_names(each))
    place = 0
    for each in node.body:
        names = _member_names(each)
        is_method = isinstance(each, Function)
        if names and (is_method or plain.has_attributes) and all(counts[name] == 1 for name in names):
            for name in names:
                is_named = is_method and _is_named(name)
                yield Binding(f"{node.name}.{name}#{name if is_named else node.name}", each, each, place)
        else:
            place += not _is_text(each)


def _only_binds(plain: PlainClass, members: Iterable[Binding]) -> bool:
    """Whether nothing is run when a class is made but what binds its members."""
    known = {id(each.statement) for each in members}
    return plain.is_silent and all(id(each) in known or _is_text(each) for each in plain.node.body)


def _is_named(name: str) -> bool:
    """Whether whoever calls a method names it: neither the language nor a library does, nor is it mangled."""
    return _is_ordinary(name) and name not in _KNOWN_BY_OTHERS and not name.startswith("__")


def _member_names(node: ast.stmt) -> list[str]:
    return [] if isinstance(node, ast.Import | ast.ImportFrom) else _names(node)


def _is_plain(node: Function) -> bool:
    """Whether to define a function runs nothing else."""
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    annotations = (node.returns, *(each.annotation for each in arguments))
    return (
        all(_decorates_plainly(each) for each in node.decorator_list)
        and all(each is None or _is_inert(each) for each in (*node.args.defaults, *node.args.kw_defaults))
        and not any(map(_calls, annotations))
    )


def _calls(node: ast.expr | None) -> bool:
    return node is not None and any(isinstance(each, ast.Call) for each in ast.walk(node))


def _decorates_plainly(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            values = [*args, *(each.value for each in keywords)]
            return _decorates_plainly(func) and all(map(_is_inert, values))
        case ast.Name(id=name) | ast.Attribute(attr=name, value=ast.Name()):
            return name in _HARMLESS_DECORATORS or (
                name in ("setter", "getter", "deleter") and isinstance(node, ast.Attribute)
            )
        case _:
            return False


def _is_inert(node: ast.expr) -> bool:
    """Whether an expression only makes a value of names and constants."""
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.Attribute(value=value):
            return _is_inert(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return all(map(_is_inert, parts))
        case ast.Dict(keys=keys, values=values):
            return all(each is not None and _is_inert(each) for each in (*keys, *values))
        case ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in _HARMLESS_CALLS:
            return all(map(_is_inert, args)) and all(_is_inert(each.value) for each in keywords)
        case _:
            return False


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.BinOp) and _is_constant(node.left) and _is_constant(node.right)
    )

"""Tells whether results of one function are told from each other where they are passed on together.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

``difference(variable(1), variable(2))``: if ``difference`` makes what it is given keys of one table or
members of one set, or compares them by ``is``, two results are two there and would be one, were they made of
equal arguments. The source of the caller and of what it calls is read, one step deep; none of it is run.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
import types

from .. import sightings, snapshot
from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, List, Optional, Set, Tuple

    Given = List[Optional[str]]  # of each argument: "one" result, "many" of them, or None
    Definition = ast.FunctionDef

CODES, LINES = 256, 400
ONE, MANY = "one", "many"
_BY_KEY = frozenset(("add", "get", "setdefault", "pop", "discard", "index"))
_GATHERS = frozenset(("set", "frozenset", "fromkeys", "Counter"))
_WITHIN = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>"))  # frames of their own before CPython 3.12
_OPERATORS: Dict[type, str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.BitOr: "__or__",
    ast.BitAnd: "__and__",
    ast.MatMult: "__matmul__",
}
_known: Dict[Tuple[int, str], Tuple[types.CodeType, bool]] = {}


def are_told_apart(frame: types.FrameType, name: str, result: object) -> bool:
    """Whether a caller passes several results on to what tells them from each other.

    Args:
        frame: Of the caller.
        name: Of the function whose results they are.
        result: One of them.
    """
    while frame.f_code.co_name in _WITHIN and frame.f_back is not None:
        frame = frame.f_back
    code = frame.f_code
    known = _known.get((id_of(code), name))
    if known is None or known[0] is not code:
        if len(_known) >= CODES:
            _known.clear()
        try:
            found = _passes(frame, name, type(result))
        except Exception:  # source that is not there, or is not what it was
            found = False
        known = _known[(id_of(code), name)] = (code, found)
    return known[1]


def _passes(frame: types.FrameType, name: str, kind: type) -> bool:
    caller = _definition(frame.f_code)
    if caller is None:
        return False
    bound = _bound_to(caller, name)
    return any(
        _tells(function, given)
        for node in ast.walk(caller)
        for function, given in _receivers(node, name, bound, frame.f_globals, kind)
    )


def _definition(code: types.CodeType) -> Optional[Definition]:
    """The source of a function of the project; None for any other code."""
    if sightings.is_library(code.co_filename):
        return None
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :][:LINES]
    tree = ast.parse(textwrap.dedent("".join(inspect.getblock(lines))))
    return next((node for node in tree.body if type(node) is ast.FunctionDef), None)


def _bound_to(caller: Definition, name: str) -> Set[str]:
    """Names to which results are bound."""
    return {
        target.id
        for node in ast.walk(caller)
        if type(node) is ast.Assign and _is_call_of(node.value, name)
        for target in node.targets
        if type(target) is ast.Name
    }


def _is_call_of(node: ast.expr, name: str) -> bool:
    return type(node) is ast.Call and _name_of(node.func) == name


def _name_of(node: ast.expr) -> str:
    if type(node) is ast.Name:
        return node.id
    return node.attr if type(node) is ast.Attribute else ""


def _receivers(
    node: ast.AST, name: str, bound: Set[str], space: Dict[str, object], kind: type
) -> Iterator[Tuple[types.FunctionType, Given]]:
    """The functions that several results are passed to by an expression."""
    found: object = None
    arguments: List[ast.expr] = []
    if type(node) is ast.BinOp:
        arguments = [node.left, node.right]
        found = _method(kind, _OPERATORS.get(type(node.op), ""))
    elif type(node) is ast.Call and type(node.func) is ast.Name:
        arguments, found = node.args, space.get(node.func.id)
    elif type(node) is ast.Call and type(node.func) is ast.Attribute:
        owner = _given(node.func.value, name, bound)
        arguments = [node.func.value, *node.args]
        found = _method(kind, node.func.attr) if owner else None
        if not owner and type(node.func.value) is ast.Name:
            module = space.get(node.func.value.id)
            arguments = node.args
            found = vars(module).get(node.func.attr) if type(module) is types.ModuleType else None
    given = [_given(each, name, bound) for each in arguments]
    if type(found) is types.FunctionType and (given.count(ONE) > 1 or MANY in given):
        yield found, given


def _given(node: ast.expr, name: str, bound: Set[str]) -> Optional[str]:
    """Whether an expression is one result, or a list of several."""
    if type(node) in (ast.List, ast.Tuple, ast.Set):
        several = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
        return MANY if sum(_given(each, name, bound) == ONE for each in several) > 1 else None
    if type(node) in (ast.ListComp, ast.GeneratorExp):
        return MANY if _is_call_of(node.elt, name) else None  # type: ignore[attr-defined]
    is_one = _is_call_of(node, name) or (type(node) is ast.Name and node.id in bound)
    return ONE if is_one else None


def _method(kind: type, name: str) -> object:
    spaces = map(snapshot.namespace_of, snapshot.lineage_of(kind)[:-1])
    return next((space[name] for space in spaces if name in space), None)


def _tells(function: types.FunctionType, given: Given) -> bool:
    """Whether a function tells apart what it is given: several parameters, or what it takes from one."""
    definition = _definition(function.__code__)
    if definition is None:
        return False
    parameters = [each.arg for each in (*getattr(definition.args, "posonlyargs", ()), *definition.args.args)]
    single = {name for name, what in zip(parameters, given) if what == ONE}
    several = {name for name, what in zip(parameters, given) if what == MANY}
    if definition.args.vararg is not None and given[len(parameters) :].count(ONE) > 1:
        several.add(definition.args.vararg.arg)
    each_of = {*_taken_from(definition, several)}
    used: Dict[str, Set[str]] = {}
    for node in ast.walk(definition):
        if _gathers(node, single, several, each_of):
            return True
        for table, key in _keys(node):
            used.setdefault(table, set()).add(key)
    return any(keys & each_of or len(keys & single) > 1 for keys in used.values())


def _taken_from(definition: Definition, several: Set[str]) -> Iterator[str]:
    """The names of loops over lists of results."""
    for node in ast.walk(definition):
        if type(node) in (ast.For, ast.comprehension):
            source, target = node.iter, node.target  # type: ignore[attr-defined]
            if type(source) is ast.Name and source.id in several and type(target) is ast.Name:
                yield target.id


def _keys(node: ast.AST) -> Iterator[Tuple[str, str]]:
    """Tables, and the names that are their keys."""
    if type(node) is ast.Subscript:
        key = getattr(node.slice, "value", node.slice)  # in ast.Index before CPython 3.9
        if type(key) is ast.Name:
            yield _name_of(node.value), key.id
    elif type(node) is ast.Call and type(node.func) is ast.Attribute and node.func.attr in _BY_KEY:
        for argument in node.args[:1]:
            if type(argument) is ast.Name:
                yield _name_of(node.func.value), argument.id
    elif type(node) in (ast.Assign, ast.AnnAssign):
        target = node.target if type(node) is ast.AnnAssign else node.targets[0]  # type: ignore[attr-defined]
        for part in _parts(node.value):  # type: ignore[attr-defined]
            yield _name_of(target), part
    elif type(node) is ast.Compare and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        yield _name_of(node.comparators[0]), _name_of(node.left)


def _parts(node: Optional[ast.expr]) -> List[str]:
    """The names of keys or members in a table or set that is written out."""
    if type(node) is ast.Set:
        return [each.id for each in node.elts if type(each) is ast.Name]
    return [each.id for each in node.keys if type(each) is ast.Name] if type(node) is ast.Dict else []


def _gathers(node: ast.AST, single: Set[str], several: Set[str], each_of: Set[str]) -> bool:
    """Whether an expression makes a set or a table of results, or compares two of them."""
    if type(node) is ast.Compare:
        names = {each.id for each in (node.left, *node.comparators) if type(each) is ast.Name}
        by_identity = type(node.ops[0]) in (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)
        return by_identity and len(names & single) > 1
    if type(node) in (ast.Set, ast.Dict):
        return len({*_parts(node)} & single) > 1  # type: ignore[arg-type]
    if type(node) is ast.SetComp:
        return type(node.elt) is ast.Name and node.elt.id in each_of
    if type(node) is ast.DictComp:
        return type(node.key) is ast.Name and node.key.id in each_of
    if type(node) is ast.Call and _name_of(node.func) in _GATHERS:
        return any(type(each) is ast.Name and each.id in several for each in node.args)
    return False

"""Tells whether what an object filled in when it was used was read from outside. Looks at code, runs none.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Where all results remember the same, the tests did not change what they read; somebody else may. The methods
that fill an attribute are told by their code, and followed as far as the project's own functions go.
"""

from __future__ import annotations

import collections
import dis
import re
import types

from .. import sightings, snapshot
from ..nodes import id_of
from ..state import reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Iterator, List, Mapping, Optional, Set

OBJECTS = 24
ITEMS = 8
FUNCTIONS, MEMBERS = 40, 200
# What asks for a file, a database, the network, the environment or the time, as the code writes it.
_OUTSIDE = frozenset(
    (
        *("read_text", "read_bytes", "iterdir", "listdir", "scandir", "getmtime", "getcwd", "urlopen"),
        *("execute", "executemany", "executescript", "fetchall", "fetchone", "fetchmany", "recv", "sendall"),
        *("environ", "getenv", "now", "utcnow", "today", "time_ns", "urlretrieve", "getresponse", "urandom"),
    )
)
_CONTAINERS = frozenset(
    map(id_of, (list, dict, set, collections.deque, collections.OrderedDict, collections.defaultdict))
)
_ASKED = frozenset(map(id_of, (property, classmethod, staticmethod)))
_ANNOTATIONS = "__annotate__"  # fills a table of its own with names, since 3.14
_MEMO = re.compile(r"cache|memo(?!r)|lazy", re.IGNORECASE)
_WRAPPED = ("fget", "func", "function", "wrapped", "method", "_func", "_method", "__func__", "__wrapped__")


def reader_of(value: object, places: Iterable[str]) -> str:
    """The class below a value whose code reads from outside what it fills in at some places, "" if none.

    Args:
        value: A result that has been used, and one that is new.
        places: Where it has filled in something, such as ``.rows`` or ``[0].text``.
    """
    names = {place.rpartition(".")[2].partition("[")[0] for place in places}
    for thing in _things(value):
        fillers = [*_fillers(type(thing), names)]
        if fillers and _reads(thing, [*fillers, *_held(value)]):
            return snapshot.name_of(type(thing))
    return ""


def _things(value: object) -> Iterator[object]:
    """Objects of Python classes among what a value holds."""
    pending: List[object] = [value]
    for _ in range(OBJECTS):
        if not pending:
            return
        thing = pending.pop(0)
        if type(thing) is list or type(thing) is tuple:
            pending += [*thing][:ITEMS]
        elif snapshot.plan_of(type(thing)).is_object:
            yield thing
            pending += [each for each in _attributes(thing).values() if not snapshot.is_plain(each)][:ITEMS]


def _attributes(thing: object) -> Mapping[str, object]:
    dictionary = snapshot.plan_of(type(thing)).dictionary
    return {} if dictionary is None else dict(dictionary.__get__(thing, type(thing)))


def _fillers(kind: type, names: Set[str]) -> Iterator[types.FunctionType]:
    """Methods of a class that fill attributes of these names."""
    for cls in snapshot.lineage_of(kind)[:-1]:
        if sightings.is_library(_file_of(cls)):
            continue
        for name, attribute in [*snapshot.namespace_of(cls).items()]:
            function = _function_in(attribute)
            if function is None:
                continue
            is_lazy = name in names and type(attribute) is not types.FunctionType
            if name != "__init__" and (is_lazy or not names.isdisjoint(_stored(function.__code__))):
                yield function


def _file_of(kind: type) -> str:
    functions = map(_function_in, [*snapshot.namespace_of(kind).values()])
    return next((each.__code__.co_filename for each in functions if each is not None), "")


def _stored(code: types.CodeType) -> Set[str]:
    return {name for each in reach.nested(code) for name in reach.stored_by(each)}


def _function_in(attribute: object) -> Optional[types.FunctionType]:
    """A method, or what a property or another descriptor of Python's own calls."""
    if type(attribute) is types.FunctionType:
        return attribute
    if id_of(type(attribute)) not in _ASKED and not _is_descriptor(attribute):
        return None
    for name in _WRAPPED:
        try:
            found = object.__getattribute__(attribute, name)
        except Exception:  # noqa: S112 - it has no such part
            continue
        if type(found) is types.FunctionType:
            return found
    return None


def _is_descriptor(attribute: object) -> bool:
    plan = snapshot.plan_of(type(attribute))
    return plan.is_object and any(
        "__get__" in snapshot.namespace_of(cls) for cls in snapshot.lineage_of(type(attribute))
    )


def _reads(thing: object, fillers: List[types.FunctionType]) -> bool:
    """Whether functions, or those of the project that they call, read from outside."""
    pending = [*fillers]
    seen: Dict[int, types.FunctionType] = {}
    while pending and len(seen) < FUNCTIONS:
        function = pending.pop(0)
        if id_of(function) in seen:
            continue
        seen[id_of(function)] = function
        codes = [*reach.nested(function.__code__)]
        names = {function.__name__, *(name for code in codes for name in code.co_names)}
        if not _OUTSIDE.isdisjoint(names) or ("open" in names and any(map(_opens, codes))):
            return True
        pending += _called(function, names, type(thing))
    return _ask_what_others_change([*seen.values()])


def _ask_what_others_change(functions: List[types.FunctionType]) -> bool:
    """Whether functions read a container of their module that other functions of it change."""
    own = {id_of(each.__code__) for each in functions}
    for function in functions:
        space = function.__globals__
        names = {name for code in reach.nested(function.__code__) for name in code.co_names}
        held = {name for name in names if id_of(type(space.get(name))) in _CONTAINERS}
        held = {name for name in held if not _MEMO.search(name)}
        others = [each.__code__ for each in functions_of(space)] if held else []
        if any(id_of(code) not in own and not held.isdisjoint(_stored(code)) for code in others):
            return True
    return False


def functions_of(space: Mapping[str, object]) -> Iterator[types.FunctionType]:
    """Functions and methods of a module."""
    module = space.get("__name__")
    values = [each for each in [*space.values()] if not snapshot.is_plain(each)]
    for value in values[:MEMBERS]:
        inner = [*snapshot.namespace_of(value).values()] if snapshot.is_class(value) else [value]
        for found in map(_function_in, inner[:MEMBERS]):
            if found is not None and found.__module__ == module and found.__name__ != _ANNOTATIONS:
                yield found


def _held(value: object) -> Iterator[types.FunctionType]:
    """Functions that objects hold, maybe to call them later."""
    for thing in _things(value):
        for held in _attributes(thing).values():
            function = held.__func__ if type(held) is types.MethodType else held
            if type(function) is types.FunctionType:
                yield function


def _called(function: types.FunctionType, names: Set[str], kind: type) -> Iterator[types.FunctionType]:
    spaces = [snapshot.namespace_of(cls) for cls in snapshot.lineage_of(kind)[:-1]]
    for name in sorted(names):
        for space in (function.__globals__, *spaces):
            found = _function_in(space.get(name))
            if found is not None and not sightings.is_library(found.__code__.co_filename):
                yield found


def _opens(code: types.CodeType) -> bool:
    steps = dis.get_instructions(code)
    return any(
        step.argval == "open" and step.opname.startswith(("LOAD_GLOBAL", "LOAD_NAME")) for step in steps
    )

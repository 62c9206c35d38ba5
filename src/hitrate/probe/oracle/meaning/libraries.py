"""What code of libraries that a project calls by name reads of its own modules: settings that may be changed.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

``calendar.setfirstweekday`` and ``mimetypes.add_type`` change what functions of these modules give. What the
code that ran changes itself is its own bookkeeping, and what a library does there is nobody's effect.
"""

from __future__ import annotations

import dis
import re
import sys
import types

from .. import sightings, snapshot
from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Iterator, Optional, Set, Tuple

    Space = Dict[str, object]
    Found = Tuple[str, Space, str]  # as the project would write it, and where it is

PLACES = 16
_BOOKKEEPING = re.compile(r"cache|memo(?!r)|lazy|hash|lock|count|active", re.IGNORECASE)
# What these read and change has rules of its own.
_KNOWN = frozenset(
    (
        *("logging", "warnings", "threading", "random", "os", "importlib", "asyncio", "unittest.mock"),
        *("pytest", "functools", "abc", "sys", "time", "decimal", "weakref", "contextlib", "gc", "enum"),
    )
)
_CODE = frozenset(
    map(id_of, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType))
)


class Libraries:
    """The modules of libraries that a project's code names.

    Attributes:
        names: What is reached in them, as the project would write it.
        stored: Names that their code which ran binds or changes in place.
    """

    def __init__(self) -> None:
        self.names: Set[str] = set()
        self.stored: Set[str] = set()
        self._modules: Dict[int, str] = {}

    def called(self, name: str, space: Space, names: Set[str]) -> Iterator[Found]:
        """Take in a module of a library, or a function of one; methods of one object that it offers.

        Args:
            name: A name in the project's code.
            space: Where it is.
            names: All that the code names.
        """
        value = space[name]
        inner = _space_of(value)
        module = inner.get("__name__") if inner is not None else None
        if inner is None or type(module) is not str or module in _KNOWN:
            return
        if not sightings.is_library(str(inner.get("__file__", ""))):
            return
        is_module = type(value) is types.ModuleType
        self._modules.setdefault(id_of(inner), name if is_module else module)
        for each in sorted((names - {name}) & inner.keys()) if is_module else (name,):
            where = inner if is_module else space
            called = "%s.%s" % (name, each) if is_module else each
            if type(where[each]) is types.MethodType and called not in self.names:
                self.names.add(called)
                yield called, where, each

    def reached(self, code: types.CodeType, space: Space, stored: Iterable[str]) -> Iterator[Found]:
        """What code of a library, which ran, names of its own module besides other code.

        Args:
            code: That code.
            space: Its module's names.
            stored: The names that it binds or changes in place.
        """
        called = self._modules.get(id_of(space))
        if called is None:
            return
        self.stored.update(stored)
        for name in sorted({*code.co_names} & space.keys()):
            if len(self.names) < PLACES and _may_be_setting(name, space[name]):
                self.names.add("%s.%s" % (called, name))
                yield "%s.%s" % (called, name), space, name


def is_scratch(kind: type, name: str, before: object, after: object) -> bool:
    """Whether a library's object only notes in an attribute what it worked on last, such as a match.

    Args:
        kind: The class of the object.
        name: Of the attribute.
        before: What was there.
        after: What is there now, put there by a method of the class.
    """
    is_other = type(before) is type(after) and before is not after
    tells_more = snapshot.is_plain(before) and type(before) is not str  # a count, a flag
    if not is_other or tells_more or not _is_of_library(kind):
        return False
    methods = [*snapshot.namespace_of(kind).values()]
    return any(name in _stored(each.__code__) for each in methods if type(each) is types.FunctionType)


def _is_of_library(kind: type) -> bool:
    file = getattr(sys.modules.get(snapshot.module_of(kind)), "__file__", None)
    return type(file) is str and sightings.is_library(file)


def _stored(code: types.CodeType) -> Set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_ATTR"}


def _space_of(value: object) -> Optional[Space]:
    if type(value) is types.ModuleType:
        return vars(value)
    function = value.__func__ if type(value) is types.MethodType else value
    return function.__globals__ if type(function) is types.FunctionType else None


def _may_be_setting(name: str, value: object) -> bool:
    return (
        id_of(type(value)) not in _CODE
        and not snapshot.is_class(value)
        and not name.startswith("__")
        and not _BOOKKEEPING.search(name)
    )

"""What a function's code, and the code that its watched calls ran, can reach by name.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import builtins
import collections
import dis
import functools
import os
import re
import sys
import types

from .. import shortrepr, sightings, snapshot
from ..meaning.libraries import Libraries
from ..nodes import id_of
from . import keys, values
from .facts import ENTRY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Iterator, List, Optional, Set, Tuple

    from .facts import Path
    from .keys import Keys

    Spaces = Iterable[Tuple[types.CodeType, Dict[str, object]]]

CODES = 96
PLACES, OTHERS = 48, 24
CALLED = 40
MODULES_DEEP = 3
NEAR = 4

_PROBE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_STORES = frozenset(("STORE_ATTR", "STORE_GLOBAL", "STORE_DEREF", "DELETE_ATTR"))
_STORES_ITEM = frozenset(("STORE_SUBSCR", "DELETE_SUBSCR"))
_CHANGING = frozenset(
    (
        *("append", "appendleft", "extend", "insert", "add", "update", "setdefault", "sort", "reverse"),
        *("remove", "discard", "pop", "popleft", "popitem", "clear", "move_to_end", "__setitem__"),
    )
)
_BUILTINS = vars(builtins)
_ARGUMENTS = frozenset(("argv", "orig_argv"))
_CONSTRUCTORS = ("__new__", "__init__", "__post_init__")
_UNFILTERED = frozenset(("__dict__", "vars", "attrgetter", "asdict"))
_DISPATCHING = frozenset((functools.__file__,))  # what a project registers there is its own
_IDLE = frozenset(("sleep",))  # who puts another in the place of these wants no other result
_NAME = re.compile(r"[A-Za-z_]\w{0,60}\Z")


class Place:
    """A name in a namespace.

    Attributes:
        name: As the code that was run writes it, such as ``options.active``.
        where: Function and file of that code.
        space, key: Where it is.
    """

    __slots__ = ("key", "name", "space", "where")

    def __init__(self, name: str, where: str, space: Dict[str, object], key: str) -> None:
        self.name = name
        self.where = where
        self.space = space
        self.key = key


class Reach:
    """Grows with the code that is learnt.

    Attributes:
        names: Names and short texts in the code of the project.
        all_names: Those in the code of libraries too.
        places: What is reached by name, in the order learnt.
        unfiltered: Whether attributes may be reached by names that no code shows.
        libraries: What code of libraries reads of its own.
        settings: What of that is reached by name.
        called: Functions and classes that the project's code names.
    """

    def __init__(self) -> None:
        self.codes: Dict[int, types.CodeType] = {}
        self.names: Set[str] = set()
        self.all_names: Set[str] = set()
        self.unsearched: List[types.CodeType] = []
        self._stored: Set[str] = set()
        self._changed: Set[str] = set()
        self.places: Dict[Tuple[int, str], Place] = {}
        self.unfiltered = False
        self.libraries = Libraries()
        self.settings: List[Place] = []
        self.called: Dict[str, Place] = {}
        self._said: Dict[str, Tuple[int, str]] = {}
        self._keys: Keys = {}

    def learn(self, spaces: Spaces) -> None:
        """Take in code objects, each with its globals."""
        for code, space in spaces:
            if code.co_filename.startswith(_PROBE):
                continue
            if id_of(code) not in self.codes and len(self.codes) < CODES:
                self.codes[id_of(code)] = code
                self._take_in(code, space)

    def stored(self) -> Set[str]:
        """Names that the project's code here binds, or of what it changes in place."""
        self._search()
        return self._stored | self._changed

    def only_bound(self) -> Set[str]:
        """Those of them that are bound and not changed in place."""
        self._search()
        return self._stored - self._changed

    def keys_of(self, table: str) -> Optional[Set[str]]:
        """The entries that the project's code here asks for of what it names so; None: it may be any."""
        self._search()
        return self._keys.get(table)

    def functions(self) -> Iterator[Tuple[Path, object]]:
        """Which functions and classes the names of such stand for now: tests put others in their place."""
        for name, place in self.called.items():
            value = place.space.get(place.key)
            identity, said = self._said.get(name, (0, ""))
            if identity != id_of(value):
                said = values.entry(value) or shortrepr.thing(type(value))
                self._said[name] = (id_of(value), said)
            yield (name, ENTRY), said

    def ask(self, names: Iterable[str]) -> None:
        """Know attributes that are asked for, and that no code names."""
        self.names.update(names)
        self.all_names.update(names)

    def _search(self) -> None:
        while self.unsearched:
            code = self.unsearched.pop()
            if code.co_name not in _CONSTRUCTORS:  # what is made there is new
                for name, in_place in _stores(code):
                    (self._changed if in_place else self._stored).add(name)
            keys.take_in(self._keys, code)

    def _take_in(self, code: types.CodeType, space: Dict[str, object]) -> None:
        names = {name for each in nested(code) for name in _names_of(each)}
        self.all_names |= names
        if sightings.is_library(code.co_filename):
            self._set(code, self.libraries.reached(code, space, stored_by(code)))
            return
        self.names |= names
        self.unfiltered = self.unfiltered or not _UNFILTERED.isdisjoint(code.co_names)
        self.unsearched += nested(code)
        for name in sorted(names):
            where = space if name in space else _BUILTINS  # where gettext, for one, installs ``_``
            if name in space:
                self._set(code, self.libraries.called(name, space, names))
            if name in where:
                self._reach(Place(name, _where_of(code), where, name), names, 0)

    def _set(self, code: types.CodeType, found: Iterable[Tuple[str, Dict[str, object], str]]) -> None:
        self.settings += [Place(called, _where_of(code), space, name) for called, space, name in found]

    def _reach(self, place: Place, names: Set[str], depth: int) -> None:
        value = place.space[place.key]
        if place.space is not _BUILTINS:
            self._call(place)
        if type(value) is not types.ModuleType:
            if len(self.places) < PLACES and not _is_settled(value):
                self.places.setdefault((id_of(place.space), place.key), place)
            return
        inner = vars(value)
        file = inner.get("__file__")
        is_own = type(file) is str and not sightings.is_library(file)
        for each in sorted(names.intersection(inner)) if depth < MODULES_DEEP else ():
            below = Place("%s.%s" % (place.name, each), place.where, inner, each)
            if each != place.key and (is_own or (len(self.places) < OTHERS and _is_told(each, inner[each]))):
                self._reach(below, names, depth + 1)
            else:
                self._call(below)

    def _call(self, place: Place) -> None:
        """Take in what stands for a function or a class."""
        if len(self.called) < CALLED and place.key not in _IDLE and _is_code(place.space[place.key]):
            self.called.setdefault(place.name, place)


def _where_of(code: types.CodeType) -> str:
    """A function, and the file and line where it is."""
    return "%s, %s:%d" % (code.co_name, os.path.basename(code.co_filename), code.co_firstlineno)


def _is_told(name: str, value: object) -> bool:
    """Whether what a library's module has under a name is data that says what it is, as ``sys.platform``.

    Lists of theirs are bookkeeping, but for the program's arguments.
    """
    if snapshot.is_plain(value):
        return not name.startswith("__")
    return name in _ARGUMENTS or any(cls is tuple for cls in snapshot.lineage_of(type(value)))


def _is_code(value: object) -> bool:
    """Whether a value is a function or a class that a module has."""
    if type(value) is types.BuiltinFunctionType:
        return type(value.__self__) is types.ModuleType
    return type(value) is types.FunctionType or snapshot.is_class(value)


def _is_settled(value: object) -> bool:
    """Whether a value is code of a library, which is not what a project's state is."""
    if type(value) is types.FunctionType:
        source = value.__code__.co_filename
        return sightings.is_library(source) and source not in _DISPATCHING
    if snapshot.is_class(value):
        file = getattr(sys.modules.get(snapshot.module_of(value)), "__file__", None)
        return type(file) is not str or sightings.is_library(file)
    if type(value) is not types.BuiltinFunctionType:
        return type(value) is types.ModuleType
    return value.__self__ is None or type(value.__self__) is types.ModuleType


def nested(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and those within it."""
    yield code
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            yield from nested(constant)


def mentioned(code: types.CodeType) -> Iterator[str]:
    """The names that a code object and those within it mention."""
    for each in nested(code):
        yield from each.co_names


def _names_of(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if type(constant) is str and _NAME.match(constant):
            yield constant


def stored_by(code: types.CodeType) -> Iterator[str]:
    """Names that the code binds, and those of what it changes in place."""
    for name, _ in _stores(code):
        yield name


def _stores(code: types.CodeType) -> Iterator[Tuple[str, bool]]:
    """The same, each with whether it is changed in place."""
    recent: collections.deque[str] = collections.deque(maxlen=NEAR)
    for step in dis.get_instructions(code):
        if step.opname in _STORES:
            yield step.argval, False
        elif step.opname in _STORES_ITEM:
            yield from ((name, True) for name in recent)
        elif type(step.argval) is str and step.opname.startswith("LOAD_"):
            if step.argval in _CHANGING and recent:
                yield recent[-1], True
            recent.append(step.argval)


def reachable(function: types.FunctionType, limit: int = 32) -> List[types.FunctionType]:
    """The function and those functions of its module that it names, directly or not.

    A class that it names is made instances of: so its constructors are among them.
    """
    found: List[types.FunctionType] = []
    pending: List[Optional[object]] = [function]
    while pending and len(found) < limit:
        current = pending.pop()
        if snapshot.is_class(current):
            pending += constructors(current)
        if type(current) is not types.FunctionType or any(current is known for known in found):
            continue
        if current.__globals__ is function.__globals__:
            found.append(current)
            pending += [current.__globals__.get(name) for name in mentioned(current.__code__)]
    return found


def constructors(kind: type) -> Iterator[object]:
    """What runs where an instance of a class is made."""
    for cls in snapshot.lineage_of(kind)[:-1]:
        space = snapshot.namespace_of(cls)
        for name in _CONSTRUCTORS:
            found = space.get(name)
            if found is not None:
                yield found.__func__ if type(found) is staticmethod else found


def may_change(code: types.CodeType, space: Dict[str, object]) -> bool:
    """Whether code of the project may change something that it names: data of its module, or a class."""
    if sightings.is_library(code.co_filename) or code.co_filename.startswith(_PROBE):
        return False
    operations = {step.opname for step in dis.get_instructions(code)}
    if "STORE_GLOBAL" in operations:
        return True
    named = [space[name] for name in code.co_names if name in space]
    data = [value for value in named if not snapshot.is_plain(value) and not _is_settled(value)]
    held = [value for value in data if type(value) is not types.FunctionType]
    stores = not operations.isdisjoint(_STORES_ITEM) or not _CHANGING.isdisjoint(code.co_names)
    return bool(held) and stores

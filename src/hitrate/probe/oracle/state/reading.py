"""Reads what is reached by name as flat text-and-number facts, without running a line of the code under test.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import _contextvars
import _thread
import collections
import enum
import functools
import gc
import itertools
import operator
import sys
import types
import weakref

from .. import nodes, shortrepr, sightings, snapshot
from ..nodes import id_of
from . import generators, positions, values
from .facts import ENTRY, MEMBER, MEMBERS, Drawn, Holds, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Optional, Set, Tuple, Union

    from .facts import Path

    Reader = Callable[["_Reading", Any, Path, int], None]  # the reading, the value, its path and depth

FACTS = 400
DEPTH = 7
ITEMS, ENTRIES = 24, 48
BUFFER_BYTES = 1 << 18
LOGGERS = 16
ORDER, LAST = " order", "last is "
_ASKED_OF_LOGGERS = (".isEnabledFor", ".getEffectiveLevel")
_PROBE = __name__.rpartition(".oracle.")[0] + "."
_SEQUENCES = {id_of(kind): kind for kind in (list, tuple, collections.deque)}
_SETS = {id_of(kind): kind for kind in (set, frozenset)}
_TABLES = {id_of(kind) for kind in (list, set, dict, collections.deque, collections.OrderedDict)}
# Those of the standard library whose state in Python tells what they are.
_READABLE = frozenset(("threading.Event", "threading.Semaphore", "threading.BoundedSemaphore"))


def view(roots: Iterable[Tuple[str, object]], names: Optional[Set[str]]) -> View:
    """Read things, each under its name.

    Args:
        roots: What is read, in that order while there is room.
        names: The attributes to read; None: all.
    """
    reading = _Reading(names)
    for name, value in roots:
        reading.visit(value, (name,), 0)
    for name, standing in generators.shared().items():
        if standing is not None:
            reading.view.facts[(name,)] = Drawn(standing)
    return reading.view


def step_of(key: object) -> str:
    """The step of a path that leads to an entry of a table."""
    return "[%s]" % shortrepr.short(key)  # type: ignore[arg-type]


def parts_of(value: object) -> Set[int]:
    """The identities of what a value holds, and its own."""
    reading = _Reading(None)
    reading.visit(value, (), 0)
    return reading.seen


class _Reading:
    def __init__(self, names: Optional[Set[str]]) -> None:
        self.names = names
        self.view = View()
        self.seen: Set[int] = set()

    def visit(self, value: object, path: Path, depth: int) -> None:
        facts = self.view.facts
        if snapshot.is_plain(value):
            facts[path] = value
            return
        if len(facts) >= FACTS or depth >= DEPTH:
            return
        said = values.says(value)
        if said is not None:
            facts[path] = said
            return
        reader = _reader_of(type(value))
        if reader is _Reading.member:
            facts[(*path, MEMBER)] = values.member(value)
        if id_of(value) in self.seen:
            return
        self.seen.add(id_of(value))
        if reader is not None:
            reader(self, value, path, depth + 1)
        elif len(self.view.unreadable) < FACTS:
            self.view.unreadable[id_of(value)] = path

    def hold(self, value: object, path: Path, count: int = 0, is_local: bool = False) -> None:
        self.view.facts[path] = Holds(type(value), id_of(value), count, is_local)

    def attributes(self, items: Iterable[Tuple[object, object]], path: Path, depth: int) -> None:
        for name, item in items:
            if type(name) is str and (self.names is None or name in self.names):
                self.visit(item, (*path, "." + name), depth)

    def sequence(self, value: Any, path: Path, depth: int) -> None:
        kind: Any = next(cls for cls in snapshot.lineage_of(type(value)) if id_of(cls) in _SEQUENCES)
        length = kind.__len__(value)
        self.hold(value, path, length)
        ends = (*range(min(length, ITEMS)), *range(max(ITEMS, length - ITEMS), length))
        for index in ends:
            self.entry(kind.__getitem__(value, index), (*path, "[%d]" % index), depth)

    def entry(self, value: object, path: Path, depth: int) -> None:
        """An entry of a table: if it is code, which one it is."""
        said = values.entry(value)
        if said is not None:
            self.view.facts[(*path, ENTRY)] = said
        self.visit(value, path, depth)

    def mapping(self, value: Dict[Any, object], path: Path, depth: int) -> None:
        self.hold(value, path, dict.__len__(value))
        for key, item in [*itertools.islice(dict.items(value), ENTRIES)]:
            if id_of(type(key)) in nodes.SCALARS or id_of(type(key)) in nodes.TEXTS:
                self.entry(item, (*path, step_of(key)), depth)
            else:
                self.entry(item, (*path, "[%s at %x]" % (snapshot.name_of(type(key)), id_of(key))), depth)

    def ordered(self, value: collections.OrderedDict[object, object], path: Path, depth: int) -> None:
        self.mapping(value, path, depth)
        last = next(reversed(collections.OrderedDict.keys(value)), None)
        self.view.facts[(*path, ORDER)] = LAST + shortrepr.short(snapshot.take(last, 4).tree)

    def buffer(self, value: Union[bytearray, memoryview], path: Path, depth: int) -> None:
        size = getattr(value, "nbytes", None) or len(value)
        if type(size) is int and size <= BUFFER_BYTES:
            tree = nodes.read_buffer(snapshot.Walk(1, 1), value, depth)
            if type(tree) is tuple and tree[0] == nodes.BLOB:
                self.view.facts[path] = "%s of %d bytes, %x" % (type(value).__name__, size, hash(tree[3]))

    def c_data(self, value: object, path: Path, depth: int) -> None:
        del depth
        number = values.number_of(value)
        place = path if number is None else (*path, ".value")
        self.view.facts[place] = values.bytes_of(value) if number is None else number

    def referred(self, value: weakref.ref[object], path: Path, depth: int) -> None:
        target = weakref.ref.__call__(value)
        if target is not None:
            self.visit(target, path, depth)

    def proxied(self, value: object, path: Path, depth: int) -> None:
        """What a proxy stands for, as the owner of a method that every object has."""
        try:
            target = getattr(value.__reduce_ex__, "__self__", None)
        except Exception:  # it is gone, or its class is asked for each attribute
            return
        self.visit(target, path, depth)

    def viewed(self, value: types.MappingProxyType[object, object], path: Path, depth: int) -> None:
        for mapping in gc.get_referents(value):
            self.visit(mapping, path, depth)

    def getter(self, value: operator.attrgetter[object], path: Path, depth: int) -> None:
        """What ``operator.attrgetter`` asks for is named by nothing else."""
        del path, depth
        for name in value.__reduce__()[1]:
            self.view.asked.update(name.split("."))

    def moving(self, value: object, path: Path, depth: int) -> None:
        del depth
        standing = positions.position(value)
        if standing is not None:
            self.view.facts[path] = standing

    def bound(self, value: types.BuiltinFunctionType, path: Path, depth: int) -> None:
        owner = value.__self__
        if owner is not None and type(owner) is not types.ModuleType:
            self.visit(owner, path, depth)

    def context(self, value: _contextvars.ContextVar[object], path: Path, depth: int) -> None:
        self.visit(value.get(None), path, depth)

    def logger(self, value: Any, path: Path, depth: int) -> None:
        """Its level, and the least one that it logs at: its own or of those above it, unless disabled."""
        get = object.__getattribute__
        self.visit(get(value, "level"), (*path, ".level"), depth)
        least: int = 0
        above = value
        for _ in range(LOGGERS):
            if above is not None and least == 0:
                least, above = get(above, "level"), get(above, "parent")
        disabled: int = sys.modules["logging"].root.manager.disable
        for asked in _ASKED_OF_LOGGERS:
            self.view.facts[(*path, asked)] = max(least, disabled)

    def group(self, value: object, path: Path, depth: int) -> None:
        del depth
        kind: Any = next(cls for cls in snapshot.lineage_of(type(value)) if id_of(cls) in _SETS)
        count = kind.__len__(value)
        self.hold(value, path, count)
        said = values.members(kind.__iter__(value), count)
        if said is not None:
            self.view.facts[(*path, MEMBERS)] = said

    def member(self, value: enum.Enum, path: Path, depth: int) -> None:
        self.instance(value, path, depth)

    def space(self, value: types.SimpleNamespace, path: Path, depth: int) -> None:
        self.hold(value, path)
        self.attributes([*vars(types.SimpleNamespace)["__dict__"].__get__(value).items()], path, depth)

    def content(self, value: object, path: Path, depth: int) -> None:
        """A container of a library: whatever its attributes are called, they are what it holds."""
        self.hold(value, path)
        plan = snapshot.plan_of(type(value))
        held = plan.dictionary.__get__(value, type(value)) if plan.dictionary is not None else {}
        for name, item in [*itertools.islice(dict.items(held), ITEMS)]:
            if type(name) is str:
                self.visit(item, (*path, " " + name), depth)
        inner = _container_of(type(value))
        if inner is not None:
            inner(self, value, path, depth)

    def function(self, value: types.FunctionType, path: Path, depth: int) -> None:
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or ()):
            try:
                self.visit(cell.cell_contents, (*path, ": " + name), depth)
            except ValueError:
                continue
        count = value.__code__.co_argcount
        defaults = value.__defaults__ or ()
        names = value.__code__.co_varnames[count - len(defaults) : count]
        for name, default in (*zip(names, defaults), *(value.__kwdefaults__ or {}).items()):
            self.visit(default, (*path, ": " + name), depth)
        self.attributes([pair for pair in vars(value).items() if pair[0] != "__wrapped__"], path, depth)

    def method(self, value: types.MethodType, path: Path, depth: int) -> None:
        self.visit(value.__self__, path, depth)

    def static(self, value: staticmethod[..., object], path: Path, depth: int) -> None:
        self.visit(value.__func__, path, depth)

    def dispatching(self, value: functools.singledispatchmethod[object], path: Path, depth: int) -> None:
        self.visit(value.dispatcher, path, depth)

    def partial(self, value: functools.partial[object], path: Path, depth: int) -> None:
        self.visit(value.args, path, depth)
        self.visit(value.func, path, depth)

    def local(self, value: _thread._local, path: Path, depth: int) -> None:
        space = _thread._local.__getattribute__(value, "__dict__")
        found = [pair for pair in space.items() if self.names is None or pair[0] in self.names]
        self.hold(value, path, is_local=True)
        self.attributes(found, path, depth)

    def owner(self, value: type, path: Path, depth: int) -> None:
        file = getattr(sys.modules.get(snapshot.module_of(value)), "__file__", None)
        if type(file) is not str or "site-packages" in file:
            return
        for cls in snapshot.lineage_of(value)[:-1]:
            items = [*snapshot.namespace_of(cls).items()]
            self.attributes([pair for pair in items if not pair[0].startswith("__")], path, depth)
            self.methods(cls, path)

    def methods(self, kind: type, path: Path) -> None:
        """Which functions the methods are that are asked for; of one class the most derived ones."""
        space = snapshot.namespace_of(kind)
        for name in self.names.intersection(space) if self.names is not None else ():
            if type(space[name]) is types.FunctionType:
                self.view.facts.setdefault((*path, "." + name, ENTRY), values.entry(space[name]))

    def generator(self, value: object, path: Path, depth: int) -> None:
        del depth
        standing = generators.standing(value)
        if standing is not None:
            self.view.facts[path] = Drawn(standing)

    def instance(self, value: object, path: Path, depth: int) -> None:
        plan = snapshot.plan_of(type(value))
        self.hold(value, path)
        for name, descriptor in plan.slots:
            if self.names is None or name in self.names:
                try:
                    self.visit(descriptor.__get__(value, type(value)), (*path, "." + name), depth)
                except AttributeError:
                    continue
        if plan.dictionary is not None:
            space = plan.dictionary.__get__(value, type(value))
            self.attributes([*itertools.islice(dict.items(space), 200)], path, depth)
            self.inherited(value, path, depth)
        inner = _container_of(type(value))
        if inner is not None:
            inner(self, value, path, depth)

    def inherited(self, value: object, path: Path, depth: int) -> None:
        """Values and tables of the class, which stand in for attributes that the instance has not."""
        for cls in snapshot.lineage_of(type(value))[:-1] if self.names is not None else ():
            space, is_own = snapshot.namespace_of(cls), not _is_of_library(cls)
            if is_own:
                self.methods(cls, path)
            for name in self.names.intersection(space) if self.names is not None else ():
                below, held = (*path, "." + name), space[name]
                is_told = values.is_value(held) or (is_own and id_of(type(held)) in _TABLES)
                if is_told and not {below, (*below, MEMBER)} & self.view.facts.keys():
                    self.visit(held, below, depth)


_CONTAINERS = frozenset(("collections.abc.Mapping", "collections.abc.Sequence", "collections.abc.Set"))
_readers: Dict[int, Tuple[type, Optional[Reader]]] = {}
_EXACT: Dict[int, Reader] = {
    id_of(types.FunctionType): _Reading.function,
    id_of(types.MethodType): _Reading.method,
    id_of(functools.partial): _Reading.partial,
    id_of(staticmethod): _Reading.static,
    id_of(types.MappingProxyType): _Reading.viewed,
    id_of(weakref.ProxyType): _Reading.proxied,
    id_of(weakref.CallableProxyType): _Reading.proxied,
    id_of(operator.attrgetter): _Reading.getter,
    id_of(functools.singledispatchmethod): _Reading.dispatching,
    id_of(types.BuiltinFunctionType): _Reading.bound,
    id_of(_contextvars.ContextVar): _Reading.context,
    id_of(bytearray): _Reading.buffer,
    id_of(collections.OrderedDict): _Reading.ordered,
}
# By a class that they derive from, and by its name where a program may never import it.
_BY_BASE: Dict[int, Reader] = {
    id_of(type): _Reading.owner,
    id_of(_thread._local): _Reading.local,
    id_of(weakref.ref): _Reading.referred,
    id_of(enum.Enum): _Reading.member,
    id_of(types.SimpleNamespace): _Reading.space,
}
_BY_NAME: Dict[str, Reader] = {
    "numpy.ndarray": _Reading.buffer,
    "array.array": _Reading.buffer,
    "logging.Logger": _Reading.logger,
    "_ctypes._SimpleCData": _Reading.c_data,
    "_ctypes.Structure": _Reading.c_data,
    "_ctypes.Union": _Reading.c_data,
    "_ctypes.Array": _Reading.c_data,
}


def _reader_of(kind: type) -> Optional[Reader]:
    known = _readers.get(id_of(kind))
    if known is None or known[0] is not kind:
        if len(_readers) > snapshot.TYPES:
            _readers.clear()
        known = _readers[id_of(kind)] = (kind, _found(kind))
    return known[1]


def _found(kind: type) -> Optional[Reader]:
    """How instances of a class are read; None where they tell nothing, or are what they are."""
    if id_of(kind) in _EXACT:
        return _EXACT[id_of(kind)]
    lineage = snapshot.lineage_of(kind)
    if snapshot.module_of(kind).startswith(_PROBE):
        return None
    names = {"%s.%s" % (snapshot.module_of(cls), snapshot.name_of(cls)) for cls in lineage}
    known = next((_BY_BASE[id_of(cls)] for cls in lineage if id_of(cls) in _BY_BASE), None)
    known = known or next((_BY_NAME[name] for name in names if name in _BY_NAME), None)
    if known is not None:
        return known
    if {"Generator", "RandomState", "Random"} & {name.rpartition(".")[2] for name in names}:
        return _Reading.generator
    plan = snapshot.plan_of(kind)
    if plan.category in positions.MOVING:
        return _Reading.moving
    if not plan.is_object and not names & _READABLE:
        return _container_of(kind)
    return _Reading.content if _is_content(kind, names) else _Reading.instance


def _is_content(kind: type, names: Set[str]) -> bool:
    """Whether a class is a container that a library wrote in Python."""
    return _is_of_library(kind) and not names.isdisjoint(_CONTAINERS)


def _is_of_library(kind: type) -> bool:
    file = getattr(sys.modules.get(snapshot.module_of(kind)), "__file__", None)
    return type(file) is str and sightings.is_library(file)


def _container_of(kind: type) -> Optional[Reader]:
    for cls in snapshot.lineage_of(kind):
        if id_of(cls) in _SEQUENCES:
            return _Reading.sequence
        if id_of(cls) in _SETS:
            return _Reading.group
        if cls is dict:
            return _Reading.mapping
    return None

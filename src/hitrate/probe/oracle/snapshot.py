"""Takes snapshots of values and compares them, without running a line of the code under test.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

A value is read by what it is made of: builtins by value, containers by their items, other objects by
``__dict__`` and slots, all through the descriptors of ``type`` and ``object`` and of the builtin base types.
So a class may define ``__eq__``, ``__hash__``, ``__repr__``, ``__reduce__``, ``__getattribute__``,
``__class__`` or ``__iter__`` as it likes: none of them is called. What cannot be read so (locks, sockets,
iterators, mocks, the part of an object that a C type keeps to itself and tells in no C ``__reduce__``)
compares as *unknown*, never as equal and never as different. Work is bounded by a number of nodes, of items
a container and of bytes a text; what lies beyond is unknown too.
"""

from __future__ import annotations

import itertools
import types
import weakref

from . import nodes
from .nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, TypeGuard, TypeVar

    from .nodes import Compound, Node, Reader

    Read = TypeVar("Read")
    Spaces = List[Mapping[str, object]]

NODES = 600
DEPTH = 24
TYPES = 4096

_SCALARS, _TEXTS, _TEXT = nodes.SCALARS, nodes.TEXTS, nodes.TEXT
_CUT: Compound = (nodes.CUT, object, 0, None)

# A class may have a metaclass with ways of its own, so classes too are read by the descriptors of ``type``.
lineage_of: Callable[[type], Tuple[type, ...]] = type.__dict__["__mro__"].__get__
namespace_of: Callable[[type], Mapping[str, object]] = type.__dict__["__dict__"].__get__
name_of: Callable[[type], str] = type.__dict__["__qualname__"].__get__
_module_of: Callable[[type], object] = type.__dict__["__module__"].__get__
_flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
_size_of: Callable[[type], int] = type.__dict__["__basicsize__"].__get__
_offsets_of = (type.__dict__["__dictoffset__"].__get__, type.__dict__["__weakrefoffset__"].__get__)
_POINTER = tuple.__itemsize__
_HEAP_TYPE = 1 << 9

OPEN_FILE = "an open file"
_ITERATOR = "an iterator"
_ONE_SHOT = (_ITERATOR, "a generator", "a coroutine", OPEN_FILE)
# Types whose state says nothing about their meaning, by the qualified name of a class they derive from.
_OPAQUE = {
    "_thread.lock": "a lock",
    "_thread.RLock": "a lock",
    "threading.Thread": "a thread",
    "threading.Condition": "a lock",
    "threading.Event": "a lock",
    "threading.Semaphore": "a lock",
    "_thread._local": "thread-local data",
    "_socket.socket": "a socket",
    "_io._IOBase": "an open file",
    "tempfile._TemporaryFileWrapper": "an open file",
    "mmap.mmap": "a memory map",
    "sqlite3.Connection": "a database connection",
    "sqlite3.Cursor": "a database cursor",
    "subprocess.Popen": "a process",
    "concurrent.futures._base.Executor": "a pool",
    "concurrent.futures._base.Future": "a future",
    "_asyncio.Future": "a future",
    "asyncio.events.AbstractEventLoop": "an event loop",
    "unittest.mock.NonCallableMock": "a mock",
    "mock.mock.NonCallableMock": "a mock",
    "_contextvars.ContextVar": "a context variable",
    "builtins.frame": "a frame",
    "builtins.traceback": "a traceback",
    "builtins.generator": "a generator",
    "builtins.async_generator": "a generator",
    "builtins.coroutine": "a coroutine",
}
# Of these an attribute tells how they stand.
_TOLD_BY = {"threading.Event": "_flag", "threading.Semaphore": "_value"}
_PATHS = frozenset({"PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath"})
_CYTHON_METHOD = "cython_function_or_method"


class Snapshot:
    """What a value was made of at one moment.

    Attributes:
        tree: Its nodes.
        complete: Whether all of it was read.
        plain: Whether it holds only builtin data.
        resource: Whether it holds a thing such as a lock, a file or a thread.
        moving: The iterators and generators in it.
        alive: What was made only to be read; while it lives, one identity means one object.
    """

    __slots__ = ("alive", "complete", "moving", "plain", "resource", "tree")

    def __init__(
        self,
        tree: Node,
        complete: bool = True,
        plain: bool = True,
        resource: bool = False,
        alive: Optional[List[object]] = None,
    ) -> None:
        self.tree = tree
        self.complete = complete
        self.plain = plain
        self.resource = resource
        self.alive = alive
        self.moving: List[object] = []


def module_of(kind: type) -> str:
    """The name of a class's module, as text of the exact type ``str``."""
    module = _module_of(kind)
    return module if type(module) is str else "?"


def is_class(value: object) -> TypeGuard[type]:
    """Whether a value is a class, whatever it says of itself."""
    return any(cls is type for cls in lineage_of(type(value)))


def is_plain(value: Any) -> bool:
    """Whether a value is an immutable builtin scalar or a short text, which needs no snapshot."""
    kind = id_of(type(value))
    return kind in _SCALARS or (kind in _TEXTS and len(value) <= _TEXT)


def take(value: Any, nodes: int = NODES, depth: int = DEPTH) -> Snapshot:
    """Read a value; whatever its class does, this returns.

    Args:
        value: Anything.
        nodes: How many objects to look at, at most.
        depth: How deep to look, at most.
    """
    if is_plain(value):
        return Snapshot(value)
    walk = Walk(nodes, depth)
    try:
        tree = walk.visit(value, 0)
    except Exception:
        # Too deep for what is left of the stack, changed by another thread meanwhile, not readable.
        return Snapshot(_CUT, complete=False, plain=False)
    taken = Snapshot(tree, walk.complete, walk.plain, walk.resource, walk.alive)
    taken.moving = walk.moving
    return taken


def one_shot(value: object) -> str | None:
    """What a value is if only its first receiver can use it ("a generator"); None otherwise."""
    category = plan_of(type(value)).category
    return category if category in _ONE_SHOT else None


class Walk:
    """One reading of a value."""

    __slots__ = ("alive", "complete", "depth", "left", "moving", "plain", "resource", "seen")

    def __init__(self, nodes: int, depth: int) -> None:
        self.left = nodes
        self.depth = depth
        self.seen: Dict[int, Node] = {}
        self.alive: list[object] = []
        self.moving: list[object] = []
        self.complete = True
        self.plain = True
        self.resource = False

    def visit(self, value: Any, depth: int) -> Node:
        kind = id_of(type(value))
        if kind in _SCALARS or (kind in _TEXTS and len(value) <= _TEXT):
            scalar: Node = value
            return scalar
        identity = id_of(value)
        known = self.seen.get(identity)
        if known is not None:
            return known
        if self.left <= 0 or depth >= self.depth:
            self.complete = False
            return _CUT
        self.left -= 1
        self.seen[identity] = (nodes.BACK, object, identity, depth)
        node = self.seen[identity] = plan_of(type(value)).read(self, value, depth + 1)
        return node

    def children(self, items: List[Any], depth: int) -> List[Node]:
        visit = self.visit
        return [item if id_of(type(item)) in _SCALARS else visit(item, depth) for item in items]

    def cut(self) -> None:
        self.complete = False

    def reducer_of(self, value: object) -> Any:
        """The ``__reduce__`` written in C of the value's class, None if there is none."""
        return plan_of(type(value)).reducer

    def opaque(self, value: object, category: str, payload: object = None) -> Compound:
        self.plain = False
        self.resource = self.resource or bool(category)
        if category in _ONE_SHOT and category != OPEN_FILE:
            self.moving.append(value)
        return (nodes.OPAQUE, type(value), id_of(value), (category, payload))

    def itself(self, value: object) -> Compound:
        """A thing that is what it is, such as a class: kept, so that its identity stays its own."""
        self.plain = False
        return (nodes.ITSELF, type(value), id_of(value), value)


class Layout:
    """How instances of one type are read."""

    __slots__ = (
        "category",
        "dictionary",
        "hidden",
        "inner",
        "is_object",
        "lazy",
        "nature",
        "owner",
        "read",
        "reducer",
        "slots",
        "state",
        "told",
    )

    def __init__(self, kind: type) -> None:
        lineage = lineage_of(kind)
        spaces = [namespace_of(cls) for cls in lineage[:-1]]
        names = ["%s.%s" % (module_of(cls), name_of(cls)) for cls in lineage]
        self.owner = weakref.ref(kind)
        self.told = next((_TOLD_BY[name] for name in names if name in _TOLD_BY), None)
        self.category = next((_OPAQUE[name] for name in names if name in _OPAQUE), None)
        if self.category is None and id_of(kind) not in _EXACT_BY_ID and _is_c_iterator(spaces):
            self.category = _ITERATOR
        self.state = _first(nodes.BASES, lineage)
        self.inner = _first(nodes.INNER, lineage)
        self.reducer = _c_reducer(spaces)
        dictionary = next((space["__dict__"] for space in spaces if "__dict__" in space), None)
        self.dictionary: Optional[types.GetSetDescriptorType | types.MemberDescriptorType] = None
        if type(dictionary) is types.GetSetDescriptorType or type(dictionary) is types.MemberDescriptorType:
            self.dictionary = dictionary
        self.slots = _slots(spaces)
        self.hidden = _has_hidden_state(kind, spaces)
        self.lazy: frozenset[str] | None = None
        self.nature: str | None = None
        self.read = self._reader(kind, lineage, names)
        self.is_object = self.read == self._object

    def _reader(self, kind: type, lineage: tuple[type, ...], names: List[str]) -> Reader:
        exact = _EXACT_BY_ID.get(id_of(kind))
        if exact is not None:
            return exact
        if self.category is not None:
            return self._opaque
        if any(cls is type for cls in lineage) or "enum.Enum" in names or "logging.Logger" in names:
            return nodes.read_itself
        module, _, name = names[0].rpartition(".")
        if module.startswith("pathlib") and name in _PATHS:
            return nodes.read_representation
        return nodes.NAMED.get(names[0], self._object)

    def _opaque(self, walk: Walk, value: object, depth: int) -> Compound:
        del depth
        return walk.opaque(value, self.category or "", _told_by(value, self.told))

    def _object(self, walk: Walk, value: object, depth: int) -> Compound:
        walk.plain = False
        attributes = self._attributes(walk, value, depth)
        if self.state is not None:
            inner: Node = self.state(walk, value, depth)
        elif self.inner is not None:
            inner = self._inner(walk, self.inner(value), depth)
        elif self.reducer is not None:
            inner = nodes.reduced(walk, value, depth)
        else:
            inner = walk.opaque(value, "") if self.hidden else None
            if self.dictionary is None and not self.slots and not _is_python_class(type(value)):
                return walk.opaque(value, "")
        return (nodes.OBJECT, type(value), id_of(value), (attributes, inner))

    @staticmethod
    def _inner(walk: Walk, value: Any, depth: int) -> Node:
        """Of the builtin value inside an instance of a subclass."""
        if is_plain(value):
            plain: Node = value
            return plain
        return nodes.read_long_text(walk, value, depth) if type(value) in (str, bytes) else _CUT

    def _attributes(self, walk: Walk, value: object, depth: int) -> Dict[str, Node]:
        attributes: Dict[str, Node] = {}
        for name, descriptor in self.slots:
            try:
                attributes[name] = walk.visit(descriptor.__get__(value, type(value)), depth)
            except AttributeError:
                continue
        if self.dictionary is not None:
            items = [*itertools.islice(dict.items(self.dictionary.__get__(value, type(value))), nodes.ITEMS)]
            for name, item in items:
                if type(name) is str:
                    attributes[name] = walk.visit(item, depth)
        return attributes


def _told_by(value: object, name: Optional[str]) -> object:
    """How a thing stands by the attribute that tells it; None where there is none."""
    state = object.__getattribute__(value, name) if name is not None else None
    return (state,) if type(state) in (bool, int) else None


def _first(table: Mapping[type, Read], lineage: Tuple[type, ...]) -> Optional[Read]:
    return next((reader for cls in lineage for base, reader in table.items() if cls is base), None)


def _is_python_class(kind: type) -> bool:
    return bool(_flags_of(kind) & _HEAP_TYPE) and "__module__" in namespace_of(kind)


def _is_c_iterator(spaces: Spaces) -> bool:
    """Whether instances are iterators whose state cannot be read."""
    step = next((space["__next__"] for space in spaces if "__next__" in space), None)
    return type(step) is types.WrapperDescriptorType


def _slots(spaces: Spaces) -> List[Tuple[str, types.MemberDescriptorType]]:
    return [
        (name, descriptor)
        for space in spaces
        for name, descriptor in space.items()
        if type(descriptor) is types.MemberDescriptorType
        and (not name.startswith("__") or "__slots__" in space)
    ]


def _has_hidden_state(kind: type, spaces: Spaces) -> bool:
    """Whether instances are larger than a dictionary, weak references and slots make them."""
    members = [
        each for space in spaces for each in space.values() if type(each) is types.MemberDescriptorType
    ]
    links = sum(offset_of(kind) > 0 for offset_of in _offsets_of)
    return bool(_size_of(kind) > object.__basicsize__ + _POINTER * (len(members) + links))


def _c_reducer(spaces: Spaces) -> Any:
    """The first method written in C (or Cython) that tells the state; None if no class has one."""
    for name in ("__reduce__", "__getstate__"):
        for space in spaces:
            method = space.get(name)
            if type(method) is types.MethodDescriptorType or type(method).__name__ == _CYTHON_METHOD:
                return method
    return None


_EXACT_BY_ID = {id_of(kind): reader for kind, reader in nodes.EXACT.items()}
_plans: dict[int, Layout] = {}


def plan_of(kind: type) -> Layout:
    """The plan for a class, made once."""
    plan = _plans.get(id_of(kind))
    if plan is None or plan.owner() is not kind:
        if len(_plans) >= TYPES:
            _plans.clear()
        plan = _plans[id_of(kind)] = Layout(kind)
    return plan

"""Takes snapshots of values and compares them, without running a line of the code under test.

Laid out beside the oracle inside the analysed project's processes. Standard library, CPython 3.8+, one file.

A value is read by what it is made of: builtins by value, containers by their items, other objects by
``__dict__`` and slots, all through the descriptors of ``type`` and ``object`` and of the builtin base types.
So a class may define ``__eq__``, ``__hash__``, ``__repr__``, ``__reduce__``, ``__getattribute__``,
``__class__`` or ``__iter__`` as it likes: none of them is called. What cannot be read so (locks, sockets,
iterators, mocks, objects of C extensions without a C ``__reduce__``) compares as *unknown*, never as equal
and never as different. Work is bounded by a number of nodes, of items a container and of bytes a text; what
lies beyond is unknown too.
"""

import collections
import functools
import gc
import io
import itertools
import re
import types
import weakref
import zlib

NODES = 600
DEPTH = 24
ITEMS = 1000
TEXT = 1 << 14
BLOCK = 1 << 12
FULL_BYTES = 1 << 20
TYPES = 4096

# What a node is: a tuple (kind, type, identity, payload). Scalars and short texts stand for themselves.
FLAT, SEQUENCE, MAPPING, SET, OBJECT, BLOB, ITSELF, OPAQUE, BACK, CUT = range(10)

_SCALARS = frozenset(map(id, (type(None), bool, int, float, complex, type(...), type(NotImplemented))))
_TEXTS = frozenset(map(id, (str, bytes)))
_PLAIN = _SCALARS | _TEXTS
_CUT = (CUT, None, 0, None)

# A class may have a metaclass with ways of its own, so classes too are read by the descriptors of ``type``.
lineage_of = type.__dict__["__mro__"].__get__
namespace_of = type.__dict__["__dict__"].__get__
name_of = type.__dict__["__qualname__"].__get__
_module_of = type.__dict__["__module__"].__get__
_flags_of = type.__dict__["__flags__"].__get__
_HEAP_TYPE = 1 << 9

_ONE_SHOT = ("an iterator", "a generator", "a coroutine", "an open file")
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
    "mmap.mmap": "an open file",
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
_PATHS = frozenset({"PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath"})
_CYTHON_METHOD = "cython_function_or_method"


class Snapshot:
    """What a value was made of at one moment.

    Attributes:
        tree: Its nodes.
        complete: Whether all of it was read.
        plain: Whether it holds only builtin data.
        resource: Whether it holds a thing such as a lock, a file or a thread.
        alive: What was made only to be read; while it lives, one identity means one object.
    """

    __slots__ = ("alive", "complete", "plain", "resource", "tree")

    def __init__(self, tree, complete=True, plain=True, resource=False, alive=None):
        self.tree = tree
        self.complete = complete
        self.plain = plain
        self.resource = resource
        self.alive = alive


def module_of(kind):
    """The name of a class's module, as text of the exact type ``str``."""
    module = _module_of(kind)
    return module if type(module) is str else "?"


def is_plain(value):
    """Whether a value is an immutable builtin scalar or a short text, which needs no snapshot."""
    kind = id(type(value))
    return kind in _SCALARS or (kind in _TEXTS and len(value) <= TEXT)


def take(value, nodes=NODES):
    """Read a value; whatever its class does, this returns.

    Args:
        value: Anything.
        nodes: How many objects to look at, at most.
    """
    if is_plain(value):
        return Snapshot(value)
    walk = _Walk(nodes)
    try:
        tree = walk.visit(value, 0)
    except Exception:
        # Too deep for what is left of the stack, changed by another thread meanwhile, not readable.
        return Snapshot(_CUT, complete=False, plain=False)
    return Snapshot(tree, walk.complete, walk.plain, walk.resource, walk.alive)


def one_shot(value):
    """What a value is if only its first receiver can use it ("a generator"); None otherwise."""
    category = plan_of(type(value)).category
    return category if category in _ONE_SHOT else None


class _Walk:
    """One reading of a value."""

    __slots__ = ("alive", "complete", "left", "plain", "resource", "seen")

    def __init__(self, nodes):
        self.left = nodes
        self.seen = {}
        self.alive = []
        self.complete = True
        self.plain = True
        self.resource = False

    def visit(self, value, depth):
        kind = id(type(value))
        if kind in _SCALARS or (kind in _TEXTS and len(value) <= TEXT):
            return value
        identity = id(value)
        known = self.seen.get(identity)
        if known is not None:
            return known
        if self.left <= 0 or depth >= DEPTH:
            self.complete = False
            return _CUT
        self.left -= 1
        self.seen[identity] = (BACK, None, identity, depth)
        node = self.seen[identity] = plan_of(type(value)).read(self, value, depth + 1)
        return node

    def children(self, items, depth):
        visit = self.visit
        return [item if id(type(item)) in _SCALARS else visit(item, depth) for item in items]

    def cut(self):
        self.complete = False

    def opaque(self, value, category, payload=None):
        self.plain = False
        self.resource = self.resource or bool(category)
        return (OPAQUE, type(value), id(value), (category, payload))

    def itself(self, value):
        """A thing that is what it is, such as a class: kept, so that its identity stays its own."""
        self.plain = False
        return (ITSELF, type(value), id(value), value)


# Readers of builtin types: (walk, value, depth) -> node.


def _long_text(walk, value, depth):
    del depth
    length = len(value)
    if length > FULL_BYTES:
        walk.cut()
    return (BLOB, type(value), id(value), (length, _checksum(value, length, str is type(value))))


def _checksum(value, length, is_text=False):
    """Of all bytes up to ``FULL_BYTES``; beyond, of both ends and of blocks between."""
    starts = [0] if length <= FULL_BYTES else range(0, length, max(BLOCK, length // 64))
    size = length if length <= FULL_BYTES else BLOCK
    total = 0
    for start in (*starts, max(0, length - size)):
        block = value[start : start + size]
        total = zlib.crc32(block.encode("utf-8", "surrogatepass") if is_text else block, total)
    return total


def _sequence_reader(base):
    length_of, items_of, item_at = base.__len__, base.__iter__, base.__getitem__

    def read(walk, value, depth):
        length = length_of(value)
        if length <= ITEMS:
            items = [*items_of(value)]
        else:
            walk.cut()
            step = max(1, length // ITEMS)
            items = [*item_at(value, slice(0, 64)), *item_at(value, slice(64, None, step))]
        return _sequence(walk, value, depth, length, items)

    return read


def _sequence(walk, value, depth, length, items):
    if length > 16 and _PLAIN.issuperset(map(id, map(type, items))):
        walk.left -= length >> 4
        return (FLAT, type(value), id(value), (length, tuple(items)))
    return (SEQUENCE, type(value), id(value), (length, walk.children(items, depth)))


def _read_deque(walk, value, depth):
    length = collections.deque.__len__(value)
    items = [*itertools.islice(collections.deque.__iter__(value), ITEMS)]
    if length > ITEMS:
        walk.cut()
        items += itertools.islice(collections.deque.__reversed__(value), 64)
    return _sequence(walk, value, depth, length, items)


def _mapping_reader(base):
    items_of = base.items

    def read(walk, value, depth):
        length = dict.__len__(value)
        if length > ITEMS:
            walk.cut()
        visit = walk.visit
        items = [*itertools.islice(items_of(value), ITEMS)]
        pairs = [(visit(key, depth), visit(item, depth)) for key, item in items]
        return (MAPPING, type(value), id(value), (length, pairs))

    return read


def _set_reader(base):
    length_of, items_of = base.__len__, base.__iter__

    def read(walk, value, depth):
        length = length_of(value)
        if length > ITEMS:
            walk.cut()
            return (SET, type(value), id(value), (length, []))
        return (SET, type(value), id(value), (length, walk.children([*items_of(value)], depth)))

    return read


def _read_referent(walk, value, depth):
    """A view of a mapping (``mappingproxy``, ``dict.keys()`` …) by the mapping that it shows."""
    referents = gc.get_referents(value)
    return (SEQUENCE, type(value), id(value), (1, walk.children(referents[:1], depth)))


def _attribute_reader(*names):
    """For a type whose state is in C attributes that are cheap to read."""

    def read(walk, value, depth):
        walk.plain = False
        values = [object.__getattribute__(value, name) for name in names]
        walk.alive.append(values)
        return (OBJECT, type(value), id(value), (dict(zip(names, walk.children(values, depth))), None))

    return read


def _read_function(walk, function, depth):
    walk.plain = False
    cells = [cell.cell_contents for cell in function.__closure__ or () if gc.get_referents(cell)]
    attributes = {
        "code": walk.itself(function.__code__),
        "closure": walk.visit(cells, depth),
        "defaults": walk.visit(function.__defaults__, depth),
    }
    walk.alive.append(cells)
    return (OBJECT, type(function), id(function), (attributes, None))


def _read_builtin(walk, value, depth):
    """A function written in C: itself; if it is bound to a value, its name and that value."""
    owner = value.__self__
    if owner is None or type(owner) is types.ModuleType:
        return walk.itself(value)
    walk.plain = False
    attributes = {"name": value.__name__, "self": walk.visit(owner, depth)}
    return (OBJECT, type(value), id(value), (attributes, None))


def _read_weak_reference(walk, value, depth):
    del depth
    return walk.opaque(value, "", weakref.ref.__call__(value) and id(weakref.ref.__call__(value)))


def _read_itself(walk, value, depth):
    del depth
    return walk.itself(value)


def _read_representation(walk, value, depth):
    del walk, depth
    return (BLOB, type(value), id(value), str(value))


def _read_buffer(walk, value, depth):
    try:
        view = memoryview(value)
        shape, form = view.shape, view.format
        if not view.contiguous or form == "O":
            raise ValueError(form)
        flat = view.cast("B") if view.c_contiguous and view.nbytes else view
    except (TypeError, ValueError, BufferError):
        return _reduced(walk, value, depth, getattr(value, "nbytes", 0))
    if not flat.c_contiguous or not flat.nbytes:
        return (BLOB, type(value), id(value), (form, shape, zlib.crc32(flat.tobytes())))
    if flat.nbytes > FULL_BYTES:
        walk.cut()
    return (BLOB, type(value), id(value), (form, shape, _checksum(flat, flat.nbytes)))


def _read_stream(walk, value, depth):
    """``StringIO`` and ``BytesIO``: content and position."""
    try:
        base = io.StringIO if type(value) is io.StringIO else io.BytesIO
        state = (base.getvalue(value), base.tell(value))
    except ValueError:
        state = "closed"
    walk.alive.append(state)
    return (SEQUENCE, type(value), id(value), (1, walk.children([state], depth)))


def _read_file(walk, value, depth):
    del depth
    try:
        closed = object.__getattribute__(value, "closed")
    except Exception:
        closed = None
    return walk.opaque(value, "an open file", closed if type(closed) is bool else None)


def _reduced(walk, value, depth, size=0):
    """By what a ``__reduce__`` written in C says; such a one runs no code under test for builtin content."""
    reducer = plan_of(type(value)).reducer
    if reducer is None or size > FULL_BYTES:
        return walk.opaque(value, "")
    try:
        state = reducer.__get__(value, type(value))()
    except Exception:
        return walk.opaque(value, "")
    walk.alive.append(state)
    walk.plain = False
    if type(state) is tuple:
        state = state[1:3]
        walk.alive.append(state)
    return walk.visit(state, depth)


_BASES = {
    list: _sequence_reader(list),
    tuple: _sequence_reader(tuple),
    collections.OrderedDict: _mapping_reader(collections.OrderedDict),
    dict: _mapping_reader(dict),
    set: _set_reader(set),
    frozenset: _set_reader(frozenset),
    collections.deque: _read_deque,
}
# The exact builtin value inside an instance of a subclass.
_INNER = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    complex: lambda value: complex.__add__(value, 0),
}
_EXACT = {
    **_BASES,
    collections.defaultdict: _BASES[dict],
    collections.Counter: _BASES[dict],
    str: _long_text,
    bytes: _long_text,
    bytearray: _read_buffer,
    memoryview: _read_buffer,
    range: _read_representation,
    slice: _attribute_reader("start", "stop", "step"),
    types.MappingProxyType: _read_referent,
    type({}.keys()): _read_referent,
    type({}.values()): _read_referent,
    type({}.items()): _read_referent,
    types.FunctionType: _read_function,
    types.MethodType: _attribute_reader("__func__", "__self__"),
    functools.partial: _attribute_reader("func", "args", "keywords"),
    types.BuiltinFunctionType: _read_builtin,
    weakref.ref: _read_weak_reference,
    types.MethodDescriptorType: _read_itself,
    types.WrapperDescriptorType: _read_itself,
    types.ModuleType: _read_itself,
    types.CodeType: _read_itself,
    re.Pattern: _attribute_reader("pattern", "flags"),
    re.Match: _attribute_reader("string", "regs"),
    io.StringIO: _read_stream,
    io.BytesIO: _read_stream,
    io.FileIO: _read_file,
    io.BufferedReader: _read_file,
    io.BufferedWriter: _read_file,
    io.BufferedRandom: _read_file,
    io.TextIOWrapper: _read_file,
}


class _Plan:
    """How instances of one type are read."""

    __slots__ = (
        "category",
        "dictionary",
        "inner",
        "is_object",
        "lazy",
        "owner",
        "read",
        "reducer",
        "slots",
        "state",
    )

    def __init__(self, kind):
        lineage = lineage_of(kind)
        spaces = [namespace_of(cls) for cls in lineage[:-1]]
        names = ["%s.%s" % (module_of(cls), name_of(cls)) for cls in lineage]
        self.owner = weakref.ref(kind)
        self.category = next((_OPAQUE[name] for name in names if name in _OPAQUE), None)
        if self.category is None and id(kind) not in _EXACT_BY_ID and any("__next__" in s for s in spaces):
            self.category = _ONE_SHOT[0]
        self.state = _first(_BASES, lineage)
        self.inner = _first(_INNER, lineage)
        self.reducer = _c_reducer(spaces)
        dictionary = next((space["__dict__"] for space in spaces if "__dict__" in space), None)
        self.dictionary = dictionary if type(dictionary) is types.GetSetDescriptorType else None
        self.slots = _slots(spaces)
        self.lazy = None
        self.read = self._reader(kind, lineage, names)
        self.is_object = self.read == self._object

    def _reader(self, kind, lineage, names):
        exact = _EXACT_BY_ID.get(id(kind))
        if exact is not None:
            return exact
        if self.category is not None:
            return self._opaque
        if any(cls is type for cls in lineage) or "enum.Enum" in names or "logging.Logger" in names:
            return _read_itself
        module, _, name = names[0].rpartition(".")
        if (module.startswith("pathlib") and name in _PATHS) or names[0] == "datetime.timezone":
            return _read_representation
        if names[0] in ("numpy.ndarray", "array.array"):
            return _read_buffer
        return self._object

    def _opaque(self, walk, value, depth):
        del depth
        return walk.opaque(value, self.category)

    def _object(self, walk, value, depth):
        walk.plain = False
        attributes = self._attributes(walk, value, depth)
        if self.state is not None:
            inner = self.state(walk, value, depth)
        elif self.inner is not None:
            inner = self.inner(value)
            if not is_plain(inner):
                inner = _long_text(walk, inner, depth) if type(inner) in (str, bytes) else _CUT
        elif self.reducer is not None:
            inner = _reduced(walk, value, depth)
        else:
            inner = None
            if self.dictionary is None and not self.slots and not _is_python_class(type(value)):
                return walk.opaque(value, "")
        return (OBJECT, type(value), id(value), (attributes, inner))

    def _attributes(self, walk, value, depth):
        attributes = {}
        for name, descriptor in self.slots:
            try:
                attributes[name] = walk.visit(descriptor.__get__(value, type(value)), depth)
            except AttributeError:
                continue
        if self.dictionary is not None:
            items = [*itertools.islice(dict.items(self.dictionary.__get__(value, type(value))), ITEMS)]
            for name, item in items:
                if type(name) is str:
                    attributes[name] = walk.visit(item, depth)
        return attributes


def _first(table, lineage):
    return next((reader for cls in lineage for base, reader in table.items() if cls is base), None)


def _is_python_class(kind):
    return bool(_flags_of(kind) & _HEAP_TYPE) and "__module__" in namespace_of(kind)


def _slots(spaces):
    return [
        (name, descriptor)
        for space in spaces
        for name, descriptor in space.items()
        if type(descriptor) is types.MemberDescriptorType and not name.startswith("__")
    ]


def _c_reducer(spaces):
    """The first ``__reduce__`` written in C (or Cython) among the classes, None if there is none."""
    for space in spaces:
        method = space.get("__reduce__")
        if type(method) is types.MethodDescriptorType or type(method).__name__ == _CYTHON_METHOD:
            return method
    return None


_EXACT_BY_ID = {id(kind): reader for kind, reader in _EXACT.items()}
_plans = {}


def plan_of(kind):
    """The plan for a class, made once."""
    plan = _plans.get(id(kind))
    if plan is None or plan.owner() is not kind:
        if len(_plans) >= TYPES:
            _plans.clear()
        plan = _plans[id(kind)] = _Plan(kind)
    return plan

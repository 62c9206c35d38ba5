"""What values are made of: nodes, and the readers of builtin types.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
A reader is called with the walk under way, the value and its depth, and gives the value's node. It reaches
the value only through the methods of the builtin base type, so that those of a subclass are not run.
"""

from __future__ import annotations

import _random
import collections
import functools
import gc
import io
import itertools
import re
import types
import weakref
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import EllipsisType
    from typing import Any, Callable, Dict, List, Tuple, Union

    from .snapshot import Walk

    Scalar = Union[None, int, float, complex, str, bytes, EllipsisType]
    Compound = Tuple[int, type, int, Any]  # kind, type, identity, payload
    Node = Union[Scalar, Compound]
    Reader = Callable[[Walk, Any, int], Node]

ITEMS = 1000
TEXT = 1 << 14
BLOCK = 1 << 12
FULL_BYTES = 1 << 20
CLOSURE = "closure."  # what stands before the name of a cell

# Tells objects apart, and raises no audit event as id() does: that would run the audit hook each time.
id_of: Callable[[object], int] = object.__hash__

# What a node is: a tuple (kind, type, identity, payload). Scalars and short texts stand for themselves.
KINDS = range(10)
FLAT, SEQUENCE, MAPPING, SET, OBJECT, BLOB, ITSELF, OPAQUE, BACK, CUT = KINDS

SCALARS = frozenset(map(id_of, (type(None), bool, int, float, complex, type(...), type(NotImplemented))))
TEXTS = frozenset(map(id_of, (str, bytes)))
_PLAIN = SCALARS | TEXTS


def read_long_text(walk: Walk, value: Union[str, bytes], depth: int) -> Compound:
    """A text too long to be kept: its length and a checksum."""
    del depth
    length = len(value)
    if length > FULL_BYTES:
        walk.cut()
    return (BLOB, type(value), id_of(value), (length, _checksum(value, length)))


def _checksum(value: Union[str, bytes, memoryview], length: int) -> int:
    """Of all bytes up to ``FULL_BYTES``; beyond, of both ends and of blocks between."""
    starts = [0] if length <= FULL_BYTES else range(0, length, max(BLOCK, length // 64))
    size = length if length <= FULL_BYTES else BLOCK
    total = 0
    for start in (*starts, max(0, length - size)):
        block = value[start : start + size]
        total = zlib.crc32(block.encode("utf-8", "surrogatepass") if isinstance(block, str) else block, total)
    return total


def _sequence_reader(base: type) -> Reader:
    methods = vars(base)
    length_of, items_of, item_at = methods["__len__"], methods["__iter__"], methods["__getitem__"]

    def read(walk: Walk, value: object, depth: int) -> Compound:
        length = length_of(value)
        if length <= ITEMS:
            items = [*items_of(value)]
        else:
            walk.cut()
            step = max(1, length // ITEMS)
            items = [*item_at(value, slice(0, 64)), *item_at(value, slice(64, None, step))]
        return _sequence(walk, value, depth, length, items)

    return read


def _sequence(walk: Walk, value: object, depth: int, length: int, items: List[object]) -> Compound:
    if length > 16 and _PLAIN.issuperset(map(id_of, map(type, items))):
        walk.left -= length >> 4
        return (FLAT, type(value), id_of(value), (length, tuple(items)))
    return (SEQUENCE, type(value), id_of(value), (length, walk.children(items, depth)))


def _read_deque(walk: Walk, value: collections.deque[object], depth: int) -> Compound:
    length = collections.deque.__len__(value)
    items = [*itertools.islice(collections.deque.__iter__(value), ITEMS)]
    if length > ITEMS:
        walk.cut()
        items += itertools.islice(collections.deque.__reversed__(value), 64)
    return _sequence(walk, value, depth, length, items)


def _mapping_reader(base: type) -> Reader:
    items_of = vars(base)["items"]

    def read(walk: Walk, value: Dict[object, object], depth: int) -> Compound:
        length = dict.__len__(value)
        if length > ITEMS:
            walk.cut()
        visit = walk.visit
        items = [*itertools.islice(items_of(value), ITEMS)]
        pairs = [(visit(key, depth), visit(item, depth)) for key, item in items]
        return (MAPPING, type(value), id_of(value), (length, pairs))

    return read


def _set_reader(base: type) -> Reader:
    length_of, items_of = vars(base)["__len__"], vars(base)["__iter__"]

    def read(walk: Walk, value: object, depth: int) -> Compound:
        length = length_of(value)
        if length > ITEMS:
            walk.cut()
            return (SET, type(value), id_of(value), (length, []))
        return (SET, type(value), id_of(value), (length, walk.children([*items_of(value)], depth)))

    return read


def _read_referent(walk: Walk, value: object, depth: int) -> Compound:
    """A view of a mapping (``mappingproxy``, ``dict.keys()`` …) by the mapping that it shows."""
    referents = gc.get_referents(value)
    return (SEQUENCE, type(value), id_of(value), (1, walk.children(referents[:1], depth)))


def _attribute_reader(*names: str) -> Reader:
    """For a type whose state is in C attributes that are cheap to read."""

    def read(walk: Walk, value: object, depth: int) -> Compound:
        walk.plain = False
        values = [object.__getattribute__(value, name) for name in names]
        walk.alive.append(values)
        return (OBJECT, type(value), id_of(value), (dict(zip(names, walk.children(values, depth))), None))

    return read


def _read_function(walk: Walk, function: types.FunctionType, depth: int) -> Compound:
    walk.plain = False
    code = function.__code__
    cells = [
        (CLOSURE + name, cell.cell_contents)
        for name, cell in zip(code.co_freevars, function.__closure__ or ())
        if gc.get_referents(cell)
    ]
    attributes = {
        "code": walk.itself(code),
        **{name: walk.visit(value, depth) for name, value in cells},
        "defaults": walk.visit(function.__defaults__, depth),
    }
    walk.alive.append(cells)
    return (OBJECT, type(function), id_of(function), (attributes, None))


def _read_builtin(walk: Walk, value: types.BuiltinFunctionType, depth: int) -> Compound:
    """A function written in C: itself; if it is bound to a value, its name and that value."""
    owner = value.__self__
    if owner is None or type(owner) is types.ModuleType:
        return walk.itself(value)
    walk.plain = False
    attributes = {"name": value.__name__, "self": walk.visit(owner, depth)}
    return (OBJECT, type(value), id_of(value), (attributes, None))


def _read_weak_reference(walk: Walk, value: weakref.ref[object], depth: int) -> Node:
    """By what it leads to: into what is being read, or to something elsewhere."""
    del depth
    target = id_of(weakref.ref.__call__(value))
    known = walk.seen.get(target)
    return walk.opaque(value, "", target) if known is None else known


def _read_generator(walk: Walk, value: _random.Random, depth: int) -> Node:
    """A generator of random numbers by where it stands."""
    state = _random.Random.getstate(value)
    walk.alive.append(state)
    return walk.visit(state, depth)


def read_itself(walk: Walk, value: object, depth: int) -> Compound:
    """A thing that is what it is."""
    del depth
    return walk.itself(value)


def read_representation(walk: Walk, value: object, depth: int) -> Compound:
    """A value whose builtin ``__str__`` tells all of it."""
    del walk, depth
    return (BLOB, type(value), id_of(value), str(value))


def read_buffer(walk: Walk, value: Union[bytearray, memoryview], depth: int) -> Node:
    """An array by its bytes, shape and format."""
    try:
        view = memoryview(value)
        shape, form = view.shape, view.format
        if not view.contiguous or form == "O":
            raise ValueError(form)
        flat = view.cast("B") if view.c_contiguous and view.nbytes else view
    except (TypeError, ValueError, BufferError):
        return reduced(walk, value, depth, getattr(value, "nbytes", 0))
    if not flat.c_contiguous or not flat.nbytes:
        return (BLOB, type(value), id_of(value), (form, shape, zlib.crc32(flat.tobytes())))
    if flat.nbytes > FULL_BYTES:
        walk.cut()
    return (BLOB, type(value), id_of(value), (form, shape, _checksum(flat, flat.nbytes)))


def _read_stream(walk: Walk, value: Any, depth: int) -> Compound:
    """``StringIO`` and ``BytesIO``: content and position."""
    try:
        state: object = (type(value).getvalue(value), type(value).tell(value))
    except ValueError:
        state = "closed"
    walk.alive.append(state)
    return (SEQUENCE, type(value), id_of(value), (1, walk.children([state], depth)))


def _read_file(walk: Walk, value: object, depth: int) -> Compound:
    del depth
    try:
        closed = object.__getattribute__(value, "closed")
    except Exception:
        closed = None
    return walk.opaque(value, "an open file", closed if type(closed) is bool else None)


def reduced(walk: Walk, value: object, depth: int, size: int = 0) -> Node:
    """By what a ``__reduce__`` written in C says; such a one runs no code under test for builtin content."""
    reducer = walk.reducer_of(value)
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


_TIME = ("hour", "minute", "second", "microsecond", "fold", "tzinfo")
BASES: Dict[type, Reader] = {
    list: _sequence_reader(list),
    tuple: _sequence_reader(tuple),
    collections.OrderedDict: _mapping_reader(collections.OrderedDict),
    dict: _mapping_reader(dict),
    set: _set_reader(set),
    frozenset: _set_reader(frozenset),
    collections.deque: _read_deque,
    _random.Random: _read_generator,
}
# The exact builtin value inside an instance of a subclass.
INNER: Dict[type, Callable[[Any], object]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    complex: lambda value: complex.__add__(value, 0),
}
EXACT: Dict[type, Reader] = {
    **BASES,
    collections.defaultdict: BASES[dict],
    collections.Counter: BASES[dict],
    str: read_long_text,
    bytes: read_long_text,
    bytearray: read_buffer,
    memoryview: read_buffer,
    range: read_representation,
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
    types.MethodDescriptorType: read_itself,
    types.WrapperDescriptorType: read_itself,
    types.ModuleType: read_itself,
    types.CodeType: read_itself,
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
# Types of modules that a program may never import, by name.
NAMED: Dict[str, Reader] = {
    "datetime.timezone": read_representation,
    "datetime.date": _attribute_reader("year", "month", "day"),
    "datetime.time": _attribute_reader(*_TIME),
    "datetime.datetime": _attribute_reader("year", "month", "day", *_TIME),
    "datetime.timedelta": _attribute_reader("days", "seconds", "microseconds"),
    "numpy.ndarray": read_buffer,
    "array.array": read_buffer,
}
if hasattr(types, "UnionType"):
    EXACT[types.UnionType] = _attribute_reader("__args__")

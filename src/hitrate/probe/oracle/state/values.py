"""Values that are what they say: they cannot change, but another one may stand in their place.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
Only classes of the standard library and of numpy are asked what a value says, never one derived from them.
Data of ctypes is here too: it may change, and tells by its bytes what it is.
"""

from __future__ import annotations

import enum
import functools
import os
import sys
import types

from .. import nodes, shortrepr, snapshot
from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Optional, Tuple

MEMBERS, WRAPPED, CODES = 48, 3, 1024
_PROBE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BYTES, SHOWN = 1 << 18, 16
_NUMBERS = frozenset("bBhHiIlLqQfd?")  # those of the others that are addresses lead anywhere
_NAMES = """
    builtins.range builtins.complex builtins.slice decimal.Decimal fractions.Fraction uuid.UUID re.Pattern
    datetime.date datetime.time datetime.datetime datetime.timedelta datetime.timezone zoneinfo.ZoneInfo
    pathlib.PosixPath pathlib.PurePosixPath pathlib.WindowsPath pathlib.PureWindowsPath
    pathlib._local.PosixPath pathlib._local.PurePosixPath pathlib._local.PureWindowsPath
    ipaddress.IPv4Address ipaddress.IPv6Address ipaddress.IPv4Network ipaddress.IPv6Network
"""
_CLASSES = frozenset(_NAMES.split())
_said: Dict[int, Tuple[types.CodeType, Optional[str]]] = {}
_known: Dict[int, Tuple[type, bool]] = {}


def is_value(value: object) -> bool:
    """Whether it is immutable: a text or number, what says what it is, a member of an enumeration."""
    if snapshot.is_plain(value) or says(value) is not None:
        return True
    return is_enumeration(type(value))


def is_enumeration(kind: type) -> bool:
    """Whether instances of a class are the members of an enumeration."""
    return any(cls is enum.Enum for cls in snapshot.lineage_of(kind))


def says(value: object) -> Optional[str]:
    """What an immutable value is, as text; None for everything else."""
    kind = type(value)
    known = _known.get(id_of(kind))
    if known is None or known[0] is not kind:
        if len(_known) > snapshot.TYPES:
            _known.clear()
        known = _known[id_of(kind)] = (kind, _is_value(kind))
    if not known[1]:
        return None
    try:
        return repr(value)
    except Exception:
        return None


def _is_value(kind: type) -> bool:
    module, name = snapshot.module_of(kind), snapshot.name_of(kind)
    if getattr(sys.modules.get(module), name, None) is not kind:
        return False
    scalar = getattr(sys.modules.get("numpy"), "generic", None)
    is_scalar = module == "numpy" and any(cls is scalar for cls in snapshot.lineage_of(kind))
    return is_scalar or "%s.%s" % (module, name) in _CLASSES


def number_of(value: object) -> object:
    """The number or flag that a simple value of ctypes holds; None for what points elsewhere."""
    module = sys.modules["_ctypes"]
    spaces = map(snapshot.namespace_of, snapshot.lineage_of(type(value)))
    code = next((space["_type_"] for space in spaces if "_type_" in space), None)
    return module._SimpleCData.value.__get__(value) if type(code) is str and code in _NUMBERS else None


def bytes_of(value: object) -> str:
    """What a structure or an array of ctypes holds, as short text."""
    held = memoryview(value)  # type: ignore[arg-type]
    if held.nbytes > BYTES:
        return "%d bytes" % held.nbytes
    data = held.tobytes()
    return data.hex() if len(data) <= SHOWN else "%d bytes, %x" % (len(data), hash(data))


def member(value: object) -> Optional[str]:
    """Which member of its enumeration a value is."""
    name = object.__getattribute__(value, "__dict__").get("_name_")
    return "%s.%s" % (snapshot.name_of(type(value)), name) if type(name) is str else None


def entry(value: object) -> Optional[str]:
    """Which function or class something is: by where it is written, not by which object it is.

    Wrappers of the probe stand for what they wrap: their code is exchanged as time goes by.
    """
    if type(value) is not types.FunctionType:
        return _entry(value)
    code = value.__code__
    known = _said.get(id_of(code))
    if known is None or known[0] is not code:
        if len(_said) >= CODES:
            _said.clear()
        known = _said[id_of(code)] = (code, _entry(value))
    return known[1]


def _entry(value: object) -> Optional[str]:
    for _ in range(WRAPPED):
        inner = getattr(value, "__wrapped__", None) if _is_wrapper(value) else None
        value = value if inner is None else inner
    if type(value) is types.FunctionType:
        code = value.__code__
        return "%s, %s:%d" % (code.co_name, os.path.basename(code.co_filename), code.co_firstlineno)
    if snapshot.is_class(value):
        return "%s.%s" % (snapshot.module_of(value), snapshot.name_of(value))
    if type(value) is types.BuiltinFunctionType or type(value) is types.MethodDescriptorType:
        return value.__qualname__
    return None


def _is_wrapper(value: object) -> bool:
    if type(value) is types.FunctionType:
        return value.__code__.co_filename.startswith(_PROBE)
    return type(value) is functools._lru_cache_wrapper


def members(values: Iterable[object], count: int) -> Optional[str]:
    """What is in a set, in whatever order; None where that is much, or not text and numbers alone."""
    if count > MEMBERS:
        return None
    texts = []
    for value in values:
        if id_of(type(value)) not in nodes.SCALARS and id_of(type(value)) not in nodes.TEXTS:
            return None
        texts.append(shortrepr.short(value))  # type: ignore[arg-type]
    return ", ".join(sorted(texts))

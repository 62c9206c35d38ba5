"""Where iterators and generators stand, told without moving them and without running the code under test.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import collections
import gc
import itertools
import types

from .. import snapshot
from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

MOVING = frozenset(("an iterator", "a generator", "a coroutine"))
DEPTH = 4
LOCALS = 32
_INNER = ("gi_yieldfrom", "ag_await", "cr_await")
_FRAMES = ("gi_frame", "ag_frame", "cr_frame")
_SIZED = frozenset(map(id_of, (list, dict, set, bytearray, collections.deque)))
_BUILTINS = ("builtins", "itertools", "_collections", "_csv")


def is_moving(value: object) -> bool:
    """Whether a value is used up by whoever reads it."""
    return snapshot.plan_of(type(value)).category in MOVING


def position(value: object) -> Optional[str]:
    """Where an iterator or a generator stands; None where that cannot be told."""
    try:
        found = _position(value, DEPTH)
    except Exception:
        return None
    return " ".join(found) if found else None


def _position(value: Any, depth: int) -> List[str]:
    kind = type(value)
    if snapshot.plan_of(kind).category in ("a generator", "a coroutine"):
        return _of_generator(value, depth)
    if kind is itertools.count:
        parts = [part for part in gc.get_referents(value) if part is not kind]  # its class since 3.14
        return [repr(value)] if all(map(snapshot.is_plain, parts)) else []
    space = snapshot.namespace_of(kind)
    hint, lines = space.get("__length_hint__"), space.get("line_num")
    if type(hint) is types.MethodDescriptorType:
        return ["%d left" % hint.__get__(value, kind)()]
    if type(lines) is types.MemberDescriptorType:
        return ["line %d" % lines.__get__(value, kind)]
    if not depth or snapshot.module_of(kind) not in _BUILTINS:
        return []
    return [text for part in _parts(value) for text in _position(part, depth - 1)]


def _of_generator(value: object, depth: int) -> List[str]:
    frame = next(
        (object.__getattribute__(value, name) for name in _FRAMES if hasattr(type(value), name)), None
    )
    if frame is None:
        return ["ended"]
    inner = next((getattr(value, name) for name in _INNER if hasattr(type(value), name)), None)
    if inner is not None:
        return _position(inner, depth - 1) if depth else []
    local = [*frame.f_locals.items()][:LOCALS]
    plain = [(name, item) for name, item in local if snapshot.is_plain(item)]
    held = [(name, len(item)) for name, item in local if id_of(type(item)) in _SIZED]
    return ["at %d, %x" % (frame.f_lasti, hash((*plain, *held)))]


def _parts(value: object) -> List[object]:
    """The iterators that an iterator reads, such as those of ``zip``."""
    found: List[object] = []
    for part in gc.get_referents(value):
        found += [inner for inner in part if is_moving(inner)] if type(part) is tuple else []
        if is_moving(part):
            found.append(part)
    return found

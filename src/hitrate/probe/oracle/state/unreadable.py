"""Arguments whose state cannot be read although it changes: a repeated call may move them on.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import shortrepr, snapshot
from ..following.followed import hash_of
from ..nodes import MAPPING, OBJECT, OPAQUE, SEQUENCE, SET, id_of
from . import positions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, Optional, Tuple

    from ..following.followed import Token
    from ..nodes import Compound, Node

# Those whose state is what they are for. Locks guard, mocks stand in; what they are used for is seen.
_MOVED_ON = frozenset(
    (
        *("an iterator", "a generator", "a coroutine", "a socket", "a memory map", "a database cursor"),
        "a process",
    )
)
_READABLE = frozenset(("threading.Event", "threading.Semaphore"))
_IMMUTABLE = frozenset(("_struct.Struct", "builtins.object", "operator.attrgetter", "zoneinfo.ZoneInfo"))


def what_is(value: object) -> Optional[str]:
    """What an argument is that may be another one than it looks, ("a generator"); None for any other."""
    if snapshot.is_plain(value):
        return None
    if type(value) is tuple:
        return next((what for what in map(what_is, value[:8]) if what is not None), None)
    plan, lineage = snapshot.plan_of(type(value)), snapshot.lineage_of(type(value))
    names = ["%s.%s" % (snapshot.module_of(cls), snapshot.name_of(cls)) for cls in lineage]
    if plan.category in _MOVED_ON:
        return plan.category
    if not _READABLE.isdisjoint(names):
        return shortrepr.thing(type(value))
    if plan.category is not None or names[0] in _IMMUTABLE:
        return None
    if hash_of(type(value)) is not object.__hash__ or not _is_opaque(value):
        return None
    return shortrepr.thing(type(value))


def _is_opaque(value: object) -> bool:
    """Whether nothing, or not what a C type keeps to itself, can be read."""
    tree = snapshot.take(value, 8, 2).tree
    if type(tree) is not tuple:
        return False
    inner = tree[3][1] if tree[0] == OBJECT else None
    return tree[0] == OPAQUE or (type(inner) is tuple and inner[0] == OPAQUE)


def place_of(node: Node, identity: int, place: str = "") -> Optional[str]:
    """Where in a tree there is something unreadable, such as ``[0][1].digest``; None where it is not."""
    if type(node) is not tuple:
        return None
    if node[0] == OPAQUE:
        known = node[3][0] == "" or node[3][0] in _MOVED_ON
        return place if known and node[2] == identity else None
    for step, below in _below(node):
        found = place_of(below, identity, place + step)
        if found is not None:
            return found
    return None


def _below(node: Compound) -> Iterator[Tuple[str, Node]]:
    kind, _, _, payload = node
    if kind == OBJECT:
        yield from ((".%s" % name, below) for name, below in payload[0].items())
        yield "", payload[1]
    elif kind in (SEQUENCE, SET):
        yield from (("[%d]" % index, below) for index, below in enumerate(payload[1]))
    elif kind == MAPPING:
        yield from (("[%s]" % shortrepr.short(key), below) for key, below in payload[1])


def moved_on(token: Token) -> Iterator[Tuple[str, object]]:
    """What a call has moved on of what its arguments hold, with its place in ``(args, kwargs)``."""
    tree = token.before.tree if token.before is not None else None
    touched = [*token.seen.touched.values()] if token.seen is not None else []
    moved = [value for value, was in token.positions if was is not None and positions.position(value) != was]
    for value in (*moved, *touched):
        place = place_of(tree, id_of(value))
        if place is not None:
            yield place, value

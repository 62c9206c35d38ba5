"""Arguments whose state cannot be read although it changes: a repeated call may move them on.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import snapshot
from ..following.followed import hash_of
from ..nodes import OBJECT, OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

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
        return "a %s object" % snapshot.name_of(type(value))
    if plan.category is not None or names[0] in _IMMUTABLE:
        return None
    if hash_of(type(value)) is not object.__hash__ or not _is_opaque(value):
        return None
    return "a %s object" % snapshot.name_of(type(value))


def _is_opaque(value: object) -> bool:
    """Whether nothing, or not what a C type keeps to itself, can be read."""
    tree = snapshot.take(value, 8, 2).tree
    if type(tree) is not tuple:
        return False
    inner = tree[3][1] if tree[0] == OBJECT else None
    return tree[0] == OPAQUE or (type(inner) is tuple and inner[0] == OPAQUE)

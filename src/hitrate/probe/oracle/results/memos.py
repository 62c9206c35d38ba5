"""Tells what an object fills in when it is used from what it holds. Reads snapshots.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import itertools
import re
import types

from .. import snapshot
from ..nodes import CLOSURE, CUT, FLAT, MAPPING, OBJECT, SEQUENCE, SET
from ..shortrepr import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, FrozenSet, Iterable, Iterator, List

    from ..nodes import Compound, Node

_KIND: Final = 0
_TYPE: Final = 1
_IDENTITY: Final = 2
_MEMO_NAME = re.compile(r"cache|memo(?!r)|lazy|hash", re.IGNORECASE)
_CONTAINERS = frozenset((FLAT, SEQUENCE, MAPPING, SET))


def is_memo(name: str, before: Node, after: Node, first: Compound, second: Compound) -> bool:
    """Whether a difference in an attribute is only a memo that was filled."""
    if _MEMO_NAME.search(name) and (name.startswith("_") or (is_container(before) and is_container(after))):
        return True
    unset = before is ABSENT or before is None
    if unset == (after is ABSENT or after is None):
        return unset
    if _MEMO_NAME.search(name) or name in _lazy_names(first[_TYPE]):
        return True
    # What is private, or in a closure, and leads back to its owner is a link into a structure, not a memo.
    filled, owner = (after, second) if unset else (before, first)
    return name.startswith(("_", CLOSURE)) and not _leads_to(filled, owner[_IDENTITY], 200)


def is_container(node: Node) -> bool:
    """Whether a node is a list, a mapping, a set or the like."""
    return type(node) is tuple and node[_KIND] in _CONTAINERS


def _lazy_names(kind: type) -> FrozenSet[str]:
    """Attributes that a descriptor makes on first use, as ``cached_property`` does."""
    plan = snapshot.plan_of(kind)
    if plan.lazy is None:
        plan.lazy = frozenset(
            name
            for cls in snapshot.lineage_of(kind)[:-1]
            for name, attribute in snapshot.namespace_of(cls).items()
            if _is_lazy(type(attribute))
        )
    return plan.lazy


def _is_lazy(kind: type) -> bool:
    """Whether a descriptor cannot be set, or says by the name of its class what it is, as Werkzeug's does."""
    if kind in (types.FunctionType, classmethod, staticmethod):
        return False
    lineage = snapshot.lineage_of(kind)
    spaces = [snapshot.namespace_of(cls) for cls in lineage]
    if not any("__get__" in space for space in spaces):
        return False
    can_be_set = any("__set__" in space for space in spaces)
    return not can_be_set or any(_MEMO_NAME.search(snapshot.name_of(cls)) for cls in lineage)


def _leads_to(node: Node, identity: int, limit: int) -> bool:
    return any(below[_IDENTITY] == identity for below in itertools.islice(all_below(node), limit))


def all_below(node: Node) -> Iterator[Compound]:
    """A node and those below it, scalars and cut ones left out."""
    pending = [node]
    while pending:
        node = pending.pop()
        if type(node) is tuple and node[_KIND] != CUT:
            yield node
            pending += _below(node)


def _below(node: Compound) -> Iterable[Node]:
    kind, _, _, payload = node
    if kind == OBJECT:
        return [*payload[0].values(), payload[1]]
    if kind in (SEQUENCE, SET):
        items: List[Node] = payload[1]
        return items
    if kind == MAPPING:
        return [part for pair in payload[1] for part in pair]
    return []

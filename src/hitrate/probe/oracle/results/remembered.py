"""Compares what results remember: what they read when they were first used, after they had been returned.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

An object may fill an attribute when it is used (``cached_property``, a query's rows, a promise). That alone
is no difference: a cached one would fill it too. But if the results of two calls with one key remember
different things, what they read is not in them, and a cache would hand what the first one read to all.
"""

from __future__ import annotations

from .. import difference
from ..nodes import FLAT, MAPPING, SEQUENCE
from ..shortrepr import ABSENT
from .memos import is_container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Final, FrozenSet, List, Optional, Tuple

    from ..difference import Difference
    from ..nodes import Compound, Node

    Memo = Tuple[str, Node, Node]

_KIND: Final = 0
_PAYLOAD: Final = 3


class Remembered:
    """What the last result that had filled something in remembers.

    Attributes:
        owner: That result; while it lives, one identity means one object.
        by_place: What it remembers, by place.
    """

    __slots__ = ("by_place", "owner")

    def __init__(self, owner: object, by_place: Dict[str, Node]) -> None:
        self.owner = owner
        self.by_place = by_place

    def unlike(self, other: Remembered, grown: FrozenSet[str]) -> Optional[Difference]:
        """Where another result remembers something else.

        Args:
            other: A later one.
            grown: Places at which there was a container from the beginning, which has been added to.
        """
        for place, now in other.by_place.items():
            if place in self.by_place:
                found = _between(self.by_place[place], now, place, place in grown)
                if found is not None:
                    return found
        return None


def of(owner: object, memos: List[Memo]) -> Optional[Remembered]:
    """What a result remembers; None where that is nothing.

    Args:
        owner: The result.
        memos: Places of it with what is there now and what was there when such a result was new.
    """
    filled = {place: now for place, now, _ in memos if not _is_unset(now) and not _is_hash(place)}
    return Remembered(owner, filled) if filled else None


def grown(memos: List[Memo]) -> FrozenSet[str]:
    """The places at which there was a container from the beginning."""
    return frozenset(place for place, _, new in memos if is_container(new))


def _is_hash(place: str) -> bool:
    """A hash may follow from where an object is, and means nothing beyond its process."""
    return "hash" in place.rpartition(".")[2].lower()


def _between(before: Node, after: Node, place: str, grown: bool) -> Optional[Difference]:
    """How two memos differ; of those that have grown since the result was new, only what both have counts."""
    if type(before) is tuple and type(after) is tuple:
        kinds = (before[_KIND], after[_KIND])
        if kinds == (MAPPING, MAPPING):
            return _in_common(before, after, place)
        if grown and {*kinds} <= {SEQUENCE, FLAT}:
            both = min(len(before[_PAYLOAD][1]), len(after[_PAYLOAD][1]))
            before, after = _shortened(before, both), _shortened(after, both)
        elif grown:
            return None
    return difference.between(before, after, place)


def _in_common(before: Compound, after: Compound, place: str) -> Optional[Difference]:
    """Where two mappings have different values for one key."""
    pairs, others = (dict(_plain_pairs(each)) for each in (before, after))
    for key in pairs:
        if key in others:
            found = difference.between(pairs[key], others[key], "%s[%r]" % (place, key[1]))
            if found is not None:
                return found
    return None


def _plain_pairs(node: Compound) -> List[Tuple[Tuple[type, object], Node]]:
    return [((type(key), key), value) for key, value in node[_PAYLOAD][1] if type(key) is not tuple]


def _shortened(node: Compound, length: int) -> Compound:
    kind, owner, identity, (_, items) = node
    return (kind, owner, identity, (length, items[:length]))


def _is_unset(node: Node) -> bool:
    return node is None or node is ABSENT

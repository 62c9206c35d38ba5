"""Compares snapshots, without running a line of the code under test.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import collections
import math
import types

from . import shortrepr, snapshot
from .nodes import BACK, BLOB, CUT, FLAT, ITSELF, MAPPING, OBJECT, OPAQUE, SEQUENCE, SET, id_of
from .results import memos, natures
from .shortrepr import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Final, List, Optional, Tuple

    from .nodes import Compound, Node, Scalar
    from .snapshot import Snapshot

    Items = Dict[Tuple[type, Scalar], Node]  # by the type of the key and the key

_KIND: Final = 0
_TYPE: Final = 1
_IDENTITY: Final = 2
_PAYLOAD: Final = 3
_THINGS = (OBJECT, OPAQUE)
_UNORDERED = 32
_NUMBERS = frozenset((bool, int, float, complex))


class Difference:
    """Where two snapshots differ.

    Attributes:
        place: Such as ``.items[2]``, "" for the whole.
        before: What is there in the first, as short text.
        after: What is there in the second.
        is_type: Whether it is equal numbers of different types, such as ``1`` and ``True``.
    """

    __slots__ = ("after", "before", "is_type", "place")

    def __init__(self, place: str, before: str, after: str, is_type: bool = False) -> None:
        self.place = place
        self.before = before
        self.after = after
        self.is_type = is_type


class Comparison:
    """How two snapshots compare.

    Attributes:
        difference: The first difference found; None if there is none.
        unknown: Whether, without a difference, there are things that cannot be compared at all.
        partial: Whether, without a difference, some of it was too much to be read.
        memos: Attributes that are no difference since they are filled in use: place, first, second.
        identities: Classes of which each has one of its own where one cannot stand for the other; with what
            ``natures`` says of it.
    """

    __slots__ = ("difference", "identities", "memos", "partial", "unknown")

    def __init__(
        self, difference: Difference | None, unknown: bool, partial: bool, matcher: _Matcher
    ) -> None:
        self.difference = difference
        self.unknown = unknown
        self.partial = partial
        self.memos = matcher.memos
        self.identities = matcher.identities


def compare(first: Snapshot, second: Snapshot, together: bool = False) -> Comparison:
    """Compare two snapshots: type-strict, by structure.

    An attribute that is unset or None on one side is no difference where it is private or made by a lazy
    descriptor (``cached_property`` and its like): objects fill such memos when they are used.

    Args:
        first: A snapshot.
        second: Another one.
        together: Both were taken at one moment, so that one identity means one object.
    """
    matcher = _Matcher(together)
    try:
        found = matcher.nodes(first.tree, second.tree, "")
    except RecursionError:
        return Comparison(None, True, False, matcher)
    if found is not None:
        return Comparison(found, False, False, matcher)
    return Comparison(None, matcher.unknown, not (first.complete and second.complete), matcher)


def between(first: Node, second: Node, place: str) -> Optional[Difference]:
    """The first difference below two nodes that live at one moment, None if there is none."""
    try:
        return _Matcher(together=True).nodes(first, second, place)
    except RecursionError:
        return None


def share(first: Snapshot, second: Snapshot) -> bool:
    """Whether two values that were read at one moment have a mutable part in common."""
    identities = [
        {
            node[_IDENTITY]
            for node in memos.all_below(tree)
            if node[_TYPE] not in (tuple, frozenset, str, bytes)
        }
        for tree in (first.tree, second.tree)
    ]
    return not identities[0].isdisjoint(identities[1])


class _Matcher:
    """One comparison of two trees."""

    __slots__ = ("identities", "matched", "memos", "together", "unknown")

    def __init__(self, together: bool) -> None:
        self.together = together
        self.unknown = False
        self.memos: List[Tuple[str, Node, Node]] = []
        self.identities: Dict[str, str] = {}
        self.matched: set[tuple[int, int]] = set()

    def nodes(self, first: Node, second: Node, place: str) -> Optional[Difference]:
        """The first difference below two nodes, None if there is none."""
        if first is second:
            return None
        if type(first) is not tuple or type(second) is not tuple:
            return None if _same_scalar(first, second) else _scalars(place, first, second)
        if self.together and first[_IDENTITY] == second[_IDENTITY] and first[_TYPE] is second[_TYPE]:
            return None
        kind = first[_KIND]
        if kind in _THINGS and first[_TYPE] is second[_TYPE] and first[_IDENTITY] != second[_IDENTITY]:
            nature = natures.nature_of(first)
            if nature != natures.CONTENT:
                self.identities[snapshot.name_of(first[_TYPE])] = nature
        if kind >= OPAQUE or second[_KIND] >= OPAQUE:
            return self._unknowns(first, second, place)
        if first[_TYPE] is not second[_TYPE]:
            return self._types(first, second, place)
        pair = (id_of(first), id_of(second))
        if pair in self.matched:
            return None
        self.matched.add(pair)
        if kind != second[_KIND]:
            return self._kinds(first, second, place)
        return _MATCH[kind](self, first, second, place)

    def _is_one(self, first: Node, second: Node) -> bool:
        """Whether two nodes are known to be one object."""
        if not self.together or type(first) is not tuple or type(second) is not tuple:
            return False
        return bool(first[_IDENTITY] == second[_IDENTITY] and first[_TYPE] is second[_TYPE])

    def _unknowns(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        """Opaque, cut and cyclic nodes: different only where a state that can be seen is."""
        if first[_KIND] == BACK and second[_KIND] == BACK and first[_PAYLOAD] == second[_PAYLOAD]:
            return None
        if CUT in (first[_KIND], second[_KIND]):
            return None  # the snapshots say that they are not complete
        if first[_KIND] == OPAQUE and second[_KIND] == OPAQUE and first[_TYPE] is second[_TYPE]:
            (category, before), (_, after) = first[_PAYLOAD], second[_PAYLOAD]
            if before is False and after is True and first[_IDENTITY] == second[_IDENTITY]:
                return Difference(place, "%s, open" % category, "closed")
            if type(before) is tuple and first[_IDENTITY] == second[_IDENTITY] and before != after:
                return Difference(place, shortrepr.short(before[0]), shortrepr.short(after[0]))
            if type(before) is int and before == after:
                return None  # two references to one thing
        self.unknown = True
        return None

    def _types(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        if shortrepr.named(first[_TYPE]) == shortrepr.named(second[_TYPE]):
            self.unknown = True  # two classes of one name, as a class statement in a function makes them
            return None
        return _difference(place, first, second)

    def _kinds(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        """One list is read flat, the other not: the same type with other content."""
        if first[_KIND] in (FLAT, SEQUENCE) and second[_KIND] in (FLAT, SEQUENCE):
            return self.sequences(first, second, place)
        return _difference(place, first, second)

    def flats(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        (length, items), (other_length, others) = first[_PAYLOAD], second[_PAYLOAD]
        if length == other_length and [*map(type, items)] == [*map(type, others)] and items == others:
            return None
        return self.sequences(first, second, place)

    def sequences(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        (length, items), (other_length, others) = first[_PAYLOAD], second[_PAYLOAD]
        if length != other_length:
            return Difference(place, shortrepr.items(length), shortrepr.items(other_length))
        for index, (item, other) in enumerate(zip(items, others)):
            found = self.nodes(item, other, "%s[%d]" % (place, index))
            if found is not None:
                return found
        return None

    def mappings(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        (length, pairs), (other_length, others) = first[_PAYLOAD], second[_PAYLOAD]
        if any(type(key) is tuple for key, _ in (*pairs, *others)):
            return self._pairs(first, second, place)
        items = {(type(key), key): value for key, value in pairs}
        other_items = {(type(key), key): value for key, value in others}
        for key, value in items.items():
            if key in other_items:
                found = self.nodes(value, other_items[key], "%s[%s]" % (place, shortrepr.short(key[1])))
                if found is not None:
                    return found
        if length > len(pairs) or other_length > len(others):
            self.unknown = True
            return None if length == other_length else _lengths(place, length, other_length)
        return self._keys(items, other_items, first[_TYPE], place)

    def _keys(self, items: Items, others: Items, kind: type, place: str) -> Optional[Difference]:
        gone = [key for key in items if key not in others]
        new = [key for key in others if key not in items]
        if gone or new:
            key = (gone or new)[0]
            before, after = items.get(key, ABSENT), others.get(key, ABSENT)
            return _difference("%s[%s]" % (place, shortrepr.short(key[1])), before, after)
        if [*items] != [*others]:
            if kind is collections.OrderedDict:
                return Difference(place, "keys in one order", "keys in another order")
            self.unknown = True  # equal but for the order, which may or may not matter
        return None

    def _pairs(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        """Keys that are objects: in their order; where the order differs, it cannot be told."""
        (length, pairs), (other_length, others) = first[_PAYLOAD], second[_PAYLOAD]
        if length != other_length:
            return _lengths(place, length, other_length)
        for (key, value), (other_key, other_value) in zip(pairs, others):
            if self.nodes(key, other_key, place) is not None:
                self.unknown = True
                return None
            found = self.nodes(value, other_value, "%s[…]" % place)
            if found is not None:
                return found
        return None

    def sets(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        (length, items), (other_length, others) = first[_PAYLOAD], second[_PAYLOAD]
        if length != other_length:
            return _lengths(place, length, other_length)
        scalars = {(type(item), item) for item in others if type(item) is not tuple}
        left = [item for item in items if type(item) is tuple or (type(item), item) not in scalars]
        plain = {(type(item), item) for item in items if type(item) is not tuple}
        other_left = [item for item in others if type(item) is tuple or (type(item), item) not in plain]
        if len(left) > _UNORDERED:
            self.unknown = True
            return None
        return self._unordered(left, other_left, "%s{…}" % place)

    def _unordered(self, items: List[Node], others: List[Node], place: str) -> Optional[Difference]:
        """Items without an order: each needs a partner; what is unknown about any pair leaves all unknown."""
        others = [*others]
        for item in items:
            partner = next((other for other in others if self._alike(item, other)), ABSENT)
            if partner is ABSENT:
                return None if self.unknown or not others else _difference(place, item, others[0])
            del others[next(index for index, other in enumerate(others) if other is partner)]
        return None

    def _alike(self, first: Node, second: Node) -> bool:
        matcher = _Matcher(self.together)
        found = matcher.nodes(first, second, "")
        self.unknown = self.unknown or matcher.unknown
        return found is None and not matcher.unknown

    def objects(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        (attributes, inner), (other_attributes, other_inner) = first[_PAYLOAD], second[_PAYLOAD]
        for name in {**attributes, **other_attributes}:
            before, after = (
                attributes.get(name, ABSENT),
                other_attributes.get(name, ABSENT),
            )
            here = "%s.%s" % (place, name)
            if memos.is_memo(name, before, after, first, second):
                if not self._is_one(before, after):
                    self.memos.append((here, before, after))
                continue
            if before is ABSENT or after is ABSENT:
                return _difference(here, before, after)
            found = self.nodes(before, after, here)
            if found is not None:
                return found
        return self.nodes(inner, other_inner, place)

    def blobs(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        return None if first[_PAYLOAD] == second[_PAYLOAD] else _difference(place, first, second)

    def themselves(self, first: Compound, second: Compound, place: str) -> Optional[Difference]:
        before, after = first[_PAYLOAD], second[_PAYLOAD]
        if before is after or (type(before) is types.CodeType and before == after):
            return None
        if shortrepr.named(before) == shortrepr.named(after):
            self.unknown = True
            return None
        return _difference(place, first, second)


_MATCH: Dict[int, Callable[[_Matcher, Compound, Compound, str], Optional[Difference]]] = {
    FLAT: _Matcher.flats,
    SEQUENCE: _Matcher.sequences,
    MAPPING: _Matcher.mappings,
    SET: _Matcher.sets,
    OBJECT: _Matcher.objects,
    BLOB: _Matcher.blobs,
    ITSELF: _Matcher.themselves,
}


def _same_scalar(first: object, second: object) -> bool:
    kind = type(first)
    if kind is not type(second) or kind is tuple:
        return False
    if type(first) is float and type(second) is float:
        if math.isnan(first):
            return math.isnan(second)
        return first == second and math.copysign(1, first) == math.copysign(1, second)
    if kind is complex:
        return repr(first) == repr(second)
    return bool(first == second)


def _difference(place: str, before: Node, after: Node) -> Difference:
    return Difference(place, shortrepr.short(before), shortrepr.short(after))


def _scalars(place: str, before: Node, after: Node) -> Difference:
    kinds = {type(before), type(after)}
    is_type = len(kinds) == 2 and kinds <= _NUMBERS and bool(before == after)
    return Difference(place, shortrepr.short(before), shortrepr.short(after), is_type)


def _lengths(place: str, before: int, after: int) -> Difference:
    return Difference(place, shortrepr.items(before), shortrepr.items(after))

"""Tells whether callers rely on each result being a thing of its own: by ``is``, ``id``, as keys, in sets.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Only results whose class says nothing about being equal count, so that ``==`` means ``is``. Two of one key
that are members of one set, or keys of one dictionary, are one there with a cache. What a caller does with
two of one key is told by its code; what those do that it passes several to, by ``passed``; what is kept of
each of them, by ``kept``.
"""

from __future__ import annotations

import collections
import gc
import os
import sys
import weakref

from .. import snapshot
from ..nodes import id_of
from . import kept, natures, passed, uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Any, Iterable, List, Optional

    from ..following.followed import KeptCall

KEPT = 4
SEARCHES = 3
ITEMS = 10_000
LOCALS = 64
_PROBE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Earlier:
    """What earlier calls with one key gave, as far as it lives.

    Attributes:
        noted: What weak dictionaries had of the last one that was in any.
        results: Weak references to the last results.
        site: Where the last one was asked for.
    """

    __slots__ = ("noted", "results", "site")

    def __init__(self) -> None:
        self.results: collections.deque[weakref.ref[object]] = collections.deque(maxlen=KEPT)
        self.site: Optional[uses.Site] = None
        self.noted: kept.Kept = {}

    def alive(self) -> List[object]:
        """The results that somebody still has."""
        found = [each() for each in self.results]
        return [value for value in found if value is not None]


class Reliance:
    """How the results of one function are used.

    Attributes:
        searches: How many times all of memory was searched for what holds results.
        numbered: Whether the code of the project tells them by ``id``; None where that was not looked at.
    """

    def __init__(self) -> None:
        self.searches = 0
        self.numbered: Optional[bool] = None

    def is_seen(self, earlier: Earlier, result: object, may_search: bool = True) -> bool:
        """Whether a caller tells a result from earlier ones of its key, or those from each other.

        Args:
            earlier: What was given for the key before; it takes in the result.
            result: What is given now.
            may_search: Whether there is time to search all of memory.
        """
        if not is_told_by_identity(result):
            return False
        frame = _caller()
        site = uses.site_of(frame) if frame is not None else None
        alive = earlier.alive()
        found = bool(alive) and (
            (site is not None and frame is not None and _compares(alive, earlier.site, site, frame))
            or (may_search and self._held_together(alive))
        )
        earlier.site = site
        try:
            earlier.results.append(weakref.ref(result))
        except TypeError:
            earlier.results.clear()
        return found

    def is_kept_apart(self, entry: KeptCall, result: object, function: types.FunctionType) -> bool:
        """Whether something is kept or done for each single result that would be once for one that all share.

        Args:
            entry: The key, with what was given for it before.
            result: What is given now.
            function: The observed function.
        """
        before, earlier = entry.held(), entry.earlier
        if natures.stands_for_itself(result) or natures.was_raised(before, result):
            return True
        if not is_told_by_identity(result):
            return False
        frame = _caller()
        if self.numbered is None:
            spaces = [function.__globals__, *([frame.f_globals] if frame is not None else [])]
            self.numbered = kept.is_told_by_number(result, spaces)
        if self.numbered or (frame is not None and kept.will_be_listed(frame)):
            return True
        if frame is not None and passed.are_told_apart(frame, function.__name__, result):
            return True
        if before is None:
            return False
        noted = kept.noted_of(before)
        apart = kept.is_listed(before) or kept.differ(earlier.noted, noted)
        earlier.noted = noted or earlier.noted
        return apart

    def _held_together(self, alive: List[object]) -> bool:
        if len(alive) < 2 or self.searches >= SEARCHES:
            return False
        self.searches += 1
        things = [*alive, *(reference for value in alive for reference in weakref.getweakrefs(value))]
        owners = {
            id_of(thing): id_of(value) for value in alive for thing in (value, *weakref.getweakrefs(value))
        }
        return any(_members(holder, owners) > 1 for holder in gc.get_referrers(*things))


def is_told_by_identity(value: object) -> bool:
    """Whether a value is an object of a Python class that inherits ``==`` and the hash of ``object``."""
    if snapshot.is_plain(value) or not snapshot.plan_of(type(value)).is_object:
        return False
    spaces = [snapshot.namespace_of(cls) for cls in snapshot.lineage_of(type(value))[:-1]]
    return all("__eq__" not in space and "__hash__" not in space for space in spaces)


def _caller() -> Optional[types.FrameType]:
    """The frame that called the observed function."""
    frame: Optional[types.FrameType] = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_PROBE):
        frame = frame.f_back
    return frame


def _members(holder: object, owners: dict[int, int]) -> int:
    """How many of some things are members of a set, or keys of a dictionary."""
    lineage = snapshot.lineage_of(type(holder))
    kind: Any = next((cls for cls in lineage if cls is dict or cls is set or cls is frozenset), None)
    if kind is None or kind.__len__(holder) > ITEMS:
        return 0
    return len({owners[id_of(item)] for item in [*kind.__iter__(holder)] if id_of(item) in owners})


def _compares(
    alive: List[object], before: Optional[uses.Site], site: uses.Site, frame: types.FrameType
) -> bool:
    """Whether the code of a frame compares what it gets now with what it got before for the same key."""
    found = uses.uses_of(frame.f_code)
    if before is not None and before.is_open_at(site):
        if site.is_compared:
            return True
        return any(pair <= found.stored.get(site.line, frozenset()) for pair in found.pairs)
    others = {name for pair in found.pairs if site.name in pair for name in pair} - {site.name}
    if not others and site.name not in found.asked:
        return False
    space = frame.f_locals
    if any(space.get(name) is value for name in others for value in alive):
        return True
    return site.name in found.asked and any(_holds(space.values(), value) for value in alive)


def _holds(values: Iterable[object], value: object) -> bool:
    """Whether a value is among the values of a frame, or in one of its containers."""
    for each in [*values][:LOCALS]:
        items: Iterable[object] = (each,)
        if type(each) is dict and len(each) <= ITEMS:
            items = [*each.keys(), *each.values()]
        elif type(each) in (list, set, tuple) and len(each) <= ITEMS:  # type: ignore[arg-type]
            items = [*each]  # type: ignore[misc]
        if any(item is value for item in items):
            return True
    return False

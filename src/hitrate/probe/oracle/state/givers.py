"""Tells things that take something in and give something out: queues, channels, pools, executors.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
What a function does with one of these is no mere effect: its result may be made of what it was given.
"""

from __future__ import annotations

from .. import snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

_PAIRS = tuple(
    frozenset(pair.split())
    for pair in ("put get", "send recv", "push pop", "submit shutdown", "take give", "checkout checkin")
)


def giver(kind: type) -> str:
    """The name of a class if its instances are such things, else empty."""
    abilities: Set[str] = set().union(*map(snapshot.namespace_of, snapshot.lineage_of(kind)[:-1]))
    return snapshot.name_of(kind) if any(pair <= abilities for pair in _PAIRS) else ""

"""Notes what each key's first call gave, so that runs under other conditions can be compared.

Laid out only where such runs are made. Standard library, CPython 3.8+.
Arguments and results are told by a digest that is the same in every process: of builtin data by value, of
objects by class and public attributes. What holds anything else, or was not read whole, is not noted.
"""

from __future__ import annotations

import hashlib

from . import shortrepr, snapshot
from .nodes import BACK, CUT, FLAT, ITSELF, MAPPING, OBJECT, OPAQUE, SEQUENCE, SET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

    from .following.followed import Token
    from .nodes import Node

NOTES = 1000


class ResultLog:
    """The notes of one process.

    Attributes:
        write: Appends one line.
    """

    def __init__(self, write: Callable[[Dict[str, object]], None]) -> None:
        self.write = write
        self.counts: dict[int, int] = {}

    def note(self, slot: int, call: Token, state: snapshot.Snapshot, test: str | None) -> None:
        """Note a call: its arguments, the snapshot of what it returned, the test."""
        if self.counts.get(slot, 0) >= NOTES:
            return
        arguments = digest(snapshot.take((call.args, call.kwargs)))
        result = digest(state)
        if arguments is None or result is None:
            return
        self.counts[slot] = self.counts.get(slot, 0) + 1
        key, shown = shortrepr.show(call.args, call.kwargs), shortrepr.short(state.tree)
        self.write(
            {"slot": slot, "arguments": arguments, "result": result, "shown": shown, "key": key, "test": test}
        )


def digest(taken: snapshot.Snapshot) -> str | None:
    """16 hexadecimal digits that tell a value in any process; None where that cannot be told."""
    try:
        spelled = _spelled(taken.tree) if taken.complete else ""
    except _NotTold:
        return None
    return hashlib.blake2b(spelled.encode("utf-8", "replace"), digest_size=8).hexdigest() if spelled else None


class _NotTold(Exception):  # noqa: N818 - no error: the value has no digest
    pass


def _spelled(node: Node) -> str:
    if type(node) is not tuple:
        return repr(node)
    kind, owner, _, payload = node
    if kind in (OPAQUE, BACK, CUT):
        raise _NotTold
    return "%s<%s>" % (_class(owner), _content(kind, payload))


def _content(kind: int, payload: Any) -> str:
    if kind in (FLAT, SEQUENCE):
        return ",".join(map(_spelled, payload[1]))
    if kind == SET:
        return ",".join(sorted(map(_spelled, payload[1])))
    if kind == MAPPING:
        return ",".join(sorted("%s:%s" % (_spelled(key), _spelled(value)) for key, value in payload[1]))
    if kind == OBJECT:
        attributes, inner = payload
        public = sorted(name for name in attributes if not name.startswith("_"))
        told = ["%s=%s" % (name, _spelled(attributes[name])) for name in public]
        return "%s|%s" % (",".join(told), _spelled(inner))
    if kind == ITSELF:
        return "%r" % (shortrepr.label(payload),)
    return repr(payload)


def _class(kind: type) -> str:
    return "%s.%s" % (snapshot.module_of(kind), snapshot.name_of(kind))

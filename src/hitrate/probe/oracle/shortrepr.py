"""Values as short text, without running a ``__repr__`` of the code under test.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import types

from . import snapshot
from .nodes import BACK, BLOB, CUT, FLAT, ITSELF, MAPPING, OBJECT, SEQUENCE, SET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .nodes import Compound, Node, Scalar

ABSENT: Compound = (CUT, object, 1, None)


def show(args: tuple[object, ...], kwargs: dict[str, object], limit: int = 120) -> str:
    """The arguments of a call as text such as ``('n', mode='r')``, without calling any ``__repr__``."""
    parts = [short(snapshot.take(value, 20).tree, 60) for value in args]
    parts += ["%s=%s" % (name, short(snapshot.take(value, 20).tree, 60)) for name, value in kwargs.items()]
    text = ", ".join(parts)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "(%s%s)" % (text, "," if len(args) == 1 and not kwargs else "")


def short(node: Node, limit: int = 40, depth: int = 2) -> str:
    """A node as short text."""
    if not isinstance(node, tuple):
        text = _scalar_text(node, limit)
    elif node is ABSENT:
        text = "nothing"
    elif node[0] in (CUT, BACK):
        text = "…"
    else:
        text = _node_text(node, depth)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _scalar_text(value: Scalar, limit: int) -> str:
    if isinstance(value, (str, bytes)):
        return repr(value[:limit])
    if type(value) is int and value.bit_length() > 256:
        return "an int of %d bits" % value.bit_length()
    return repr(value)


def _node_text(node: Compound, depth: int) -> str:
    kind, owner, _, payload = node
    name = snapshot.name_of(owner)
    if kind in (FLAT, SEQUENCE, SET):
        items = [short(item, 20, depth - 1) for item in payload[1][:4]] if depth else ["…"]
        return _bracketed(owner, name, items + ["…"] * (payload[0] > 4 and depth > 0))
    if kind == MAPPING:
        pairs = payload[1][:3] if depth else []
        items = ["%s: %s" % (short(key, 20, 0), short(value, 20, depth - 1)) for key, value in pairs]
        return "{%s}" % ", ".join(items + ["…"] * (payload[0] > len(pairs)))
    if kind == OBJECT:
        shown = [*payload[0].items()][:3] if depth else []
        return "%s(%s)" % (name, ", ".join("%s=%s" % (key, short(value, 20, 0)) for key, value in shown))
    if kind == ITSELF:
        return label(payload)
    if kind == BLOB:
        return payload if type(payload) is str else "%s of %s" % (name, payload[0])
    return str(payload[0]) or name


def _bracketed(owner: type, name: str, items: list[str]) -> str:
    inside = ", ".join(items)
    if owner is list:
        return "[%s]" % inside
    if owner is tuple:
        return "(%s%s)" % (inside, "," * (len(items) == 1))
    return "%s(%s)" % (name, inside)


def label(value: object) -> str:
    """The name of a thing that is what it is."""
    if type(value) is types.CodeType:
        return value.co_name
    name = named(value)[-1]
    if type(name) is str:
        return name
    member = (
        getattr(value, "_name_", None) if type(type(value)).__name__ in ("EnumMeta", "EnumType") else None
    )
    return "%s.%s" % (snapshot.name_of(type(value)), member) if type(member) is str else "a thing"


def named(value: object) -> tuple[object, ...]:
    """What tells a thing that is what it is, such as a class, from others when it is made anew."""
    kind = type(value)
    if type(value) is types.CodeType:
        return (kind, value.co_filename, value.co_name, value.co_firstlineno)
    if snapshot.is_class(value):
        return (kind, snapshot.module_of(value), snapshot.name_of(value))
    if kind is types.ModuleType or kind is types.BuiltinFunctionType:
        return (kind, object.__getattribute__(value, "__name__"))
    return (kind, id(value))

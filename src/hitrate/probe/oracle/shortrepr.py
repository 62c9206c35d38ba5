"""Values as short text, without running a ``__repr__`` of the code under test.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import types

from . import snapshot
from .nodes import BACK, BLOB, CUT, FLAT, ITSELF, MAPPING, OBJECT, OPAQUE, SEQUENCE, SET, id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Tuple, Union

    from .nodes import Compound, Node, Scalar

_ITEM = 32
_SHORTEST = {"date": 3, "datetime": 3, "time": 2}
_NAMED = ("fold", "tzinfo")
_FRACTION = ("_numerator", "_denominator")
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


def thing(kind: type) -> str:
    """An object of a class, as a noun: ``an Event object``."""
    name = snapshot.name_of(kind)
    return "%s %s object" % ("an" if name.startswith(tuple("AEIOUaeiou")) else "a", name)


def items(count: int) -> str:
    """How many items there are."""
    return "1 item" if count == 1 else "%d items" % count


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
        items = [short(item, _ITEM, depth - 1) for item in payload[1][:4]] if depth else ["…"]
        return _bracketed(owner, name, items + ["…"] * (payload[0] > 4 and depth > 0))
    if kind == MAPPING:
        pairs = payload[1][:3] if depth else []
        items = ["%s: %s" % (short(key, _ITEM, 0), short(value, _ITEM, depth - 1)) for key, value in pairs]
        return "{%s}" % ", ".join(items + ["…"] * (payload[0] > len(pairs)))
    if kind == OBJECT:
        return _value_text(owner, name, payload[0]) or "%s(%s)" % (name, ", ".join(_parts(payload, depth)))
    if kind == ITSELF:
        return label(payload)
    if kind == BLOB:
        return _blob_text(owner, name, payload)
    return str(payload[0]) or name


def _blob_text(owner: type, name: str, payload: Union[str, Tuple[object, ...]]) -> str:
    if type(payload) is str:
        return "%s(%r)" % (name, payload) if snapshot.module_of(owner).startswith("pathlib") else payload
    return "%s of %s" % (name, payload[0] if len(payload) < 3 else "shape %r" % (payload[1],))


def _value_text(owner: type, name: str, attributes: Dict[str, Node]) -> str:
    """Values of the library as their own ``repr`` writes them; "" for others."""
    module = snapshot.module_of(owner)
    if module == "datetime" and name in ("date", "datetime", "time"):
        values = [value for part, value in attributes.items() if part not in _NAMED]
        while len(values) > _SHORTEST[name] and values[-1] == 0:
            del values[-1]
        texts = [short(value, _ITEM, 0) for value in values]
        texts += ["%s=%s" % (part, short(attributes[part])) for part in _NAMED if attributes.get(part)]
        return "%s(%s)" % (name, ", ".join(texts))
    if module == "datetime" and name == "timedelta":
        given = ["%s=%s" % (part, short(value, _ITEM, 0)) for part, value in attributes.items() if value]
        return "timedelta(%s)" % (", ".join(given) or "0")
    if module == "fractions" and name == "Fraction":
        return "Fraction(%s, %s)" % tuple(short(attributes.get(part), _ITEM, 0) for part in _FRACTION)
    number = attributes.get("int")
    if module == "uuid" and name == "UUID" and type(number) is int:
        digits = "%032x" % number
        return "UUID('%s')" % "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return ""


def _parts(payload: Tuple[Dict[str, Node], Node], depth: int) -> List[str]:
    """What an object holds: the value of a builtin type, or what C tells of it, and its attributes."""
    attributes, inner = payload
    shown = [*attributes.items()][:3] if depth else []
    given = ["%s=%s" % (key, short(value, _ITEM, 0)) for key, value in shown]
    if not isinstance(inner, tuple):
        return given if inner is None else [short(inner, _ITEM, 0), *given]
    kind, owner, _, content = inner
    if kind == OPAQUE:
        return given
    if kind not in (FLAT, SEQUENCE):
        return [short(inner, 2 * _ITEM, depth), *given] if depth else ["…"]
    items = content[1]
    if owner is tuple and items and type(items[0]) is tuple and items[0][0] in (FLAT, SEQUENCE):
        items = items[0][3][1]  # what a __reduce__ gives: the arguments, and maybe a state
    return [*(short(item, _ITEM, max(0, depth - 1)) for item in items[:4]), *["…"] * (len(items) > 4), *given]


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
    """What tells a thing that is what it is, such as a class, from others when it is made again."""
    kind = type(value)
    if type(value) is types.CodeType:
        return (kind, value.co_filename, value.co_name, value.co_firstlineno)
    if snapshot.is_class(value):
        return (kind, snapshot.module_of(value), snapshot.name_of(value))
    if kind is types.ModuleType or kind is types.BuiltinFunctionType:
        return (kind, object.__getattribute__(value, "__name__"))
    return (kind, id_of(value))

"""What a function can change besides its arguments: globals, closure cells, attributes of what it names.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
Only what the function, and the functions of its module that it names, mention by name is looked at: names of
the module, attributes of other modules and of the class of ``self``; and what these hold, two levels deep.
"""

from __future__ import annotations

import _thread
import collections
import io
import opcode
import re
import types

from . import difference, shortrepr, snapshot
from .meaning import libraries
from .nodes import id_of
from .state import givers, reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

    Place = Union["_Global", "_Cell"]
    Items = Dict[object, object]
    Contents = Tuple[Items, Dict[object, Items]]
    View = List[Tuple[Place, object, Optional[Contents]]]  # of each place: what it holds, and what that holds
    Change = Tuple[str, str, str]  # name, before, after
    Found = Tuple[str, str, str, str]  # and the class of what hands out what it was given

FUNCTIONS = 64
PLACES = 64
ITEMS = 256
NESTED = 32

_MEMO_NAME = re.compile(r"cache|memo(?!r)|lazy", re.IGNORECASE)
_OWNERS = ("self", "cls")
_CONTAINERS = frozenset(
    map(
        id_of,
        (
            list,
            dict,
            set,
            collections.deque,
            collections.OrderedDict,
            collections.defaultdict,
            collections.Counter,
        ),
    )
)
_STORE_GLOBAL = opcode.opmap["STORE_GLOBAL"]
_ABSENT = object()


class Surroundings:
    """The places around one function."""

    def __init__(self, function: types.FunctionType) -> None:
        self.function = function
        self.names: dict[str, None] = {}
        self.places: List[Place] | None = None

    def look(self, args: Tuple[object, ...] = ()) -> View:
        """What the places hold now; to be handed to ``change``.

        Args:
            args: The positional arguments of a call.
        """
        if self.places is None:
            functions = reach.reachable(self.function, FUNCTIONS)
            self.names = dict.fromkeys(name for each in functions for name in reach.mentioned(each.__code__))
            self.places = _places(self.function, functions, self.names)
        places = [*self.places, *_of_class(self.function, args, self.names)]
        return [(place, value := place.value(), _contents(value)) for place in places]

    def change(self, before: View, result: object) -> Optional[Found]:
        """The first lasting change since ``before``, None if there is none.

        A memo is none: a container or name that says so, or one that only took in the result.
        """
        for place, value, contents in before:
            if _MEMO_NAME.search(place.name):
                continue
            now = place.value()
            if now is not value:
                if not _took_in(now, result) and not _alike(value, now):
                    return (place.name, _show(value), _show(now), "")
            elif contents is not None:
                found = _changed(contents, _contents(now) or contents, result, type(now))
                if found is not None:
                    return (place.name + found[0], found[1], found[2], givers.giver(type(value)))
        return None


class _Global:
    """A name in a namespace."""

    __slots__ = ("key", "name", "space")

    def __init__(self, space: Mapping[str, object], key: str, name: str) -> None:
        self.space = space
        self.key = key
        self.name = name

    def value(self) -> object:
        return self.space.get(self.key, _ABSENT)


class _Cell:
    """A closure cell."""

    __slots__ = ("cell", "name")

    def __init__(self, cell: types.CellType, name: str) -> None:
        self.cell = cell
        self.name = name

    def value(self) -> object:
        try:
            return self.cell.cell_contents
        except ValueError:
            return _ABSENT


def _places(
    function: types.FunctionType, functions: list[types.FunctionType], names: dict[str, None]
) -> List[Place]:
    """Globals that the function and its module's functions name, and its own cells."""
    stored = {name for each in functions for name in _stored(each.__code__)}
    space = function.__globals__
    places: List[Place] = [
        _Cell(*pair) for pair in zip(function.__closure__ or (), function.__code__.co_freevars)
    ]
    for name in names:
        value = space.get(name, _ABSENT)
        if type(value) is types.ModuleType:
            places += _of_module(value, name, names, space)
        elif value is not _ABSENT or name in stored:
            places.append(_Global(space, name, name))
    own = [place for place in places if place.name != "__class__"]
    return own[:PLACES]


def _of_module(
    module: types.ModuleType, name: str, names: dict[str, None], space: dict[str, object]
) -> list[_Global]:
    """Attributes of a module that the code mentions; of another package's only such that hold data."""
    package = space.get("__name__")
    top = package.partition(".")[0] if type(package) is str else ""
    own = top and vars(module).get("__name__", "").partition(".")[0] == top
    found = [key for key in names if key in vars(module) and (own or _is_data(vars(module)[key]))]
    return [_Global(vars(module), key, "%s.%s" % (name, key)) for key in found]


def _of_class(function: types.FunctionType, args: tuple[object, ...], names: dict[str, None]) -> List[Place]:
    """Attributes that the code mentions of the class of ``self``, or of ``cls``, and of those above it."""
    if not args or function.__code__.co_varnames[0] not in _OWNERS:
        return []
    owner = args[0] if snapshot.is_class(args[0]) else type(args[0])
    spaces = [(snapshot.name_of(cls), snapshot.namespace_of(cls)) for cls in snapshot.lineage_of(owner)[:-1]]
    found = [(space, key, name) for name, space in spaces for key in names if key in space]
    return [
        _Global(space, key, "%s.%s" % (name, key))
        for space, key, name in found[:PLACES]
        if type(space[key]) is not types.FunctionType
    ]


def _is_data(value: object) -> bool:
    return snapshot.is_plain(value) or id_of(type(value)) in _CONTAINERS


def _stored(code: types.CodeType) -> List[str]:
    """Names that the code binds with ``global``."""
    operations = code.co_code[::2]
    indices = [
        code.co_code[2 * at + 1] for at, operation in enumerate(operations) if operation == _STORE_GLOBAL
    ]
    return [code.co_names[index] for index in indices if index < len(code.co_names)]


def _contents(value: object) -> Optional[Contents]:
    """What a container or an object holds, and what containers in it hold; None where that is nothing."""
    items = _items(value)
    if items is None:
        return None
    nested = {key: _held(item) for key, item in [*items.items()][:NESTED] if id_of(type(item)) in _CONTAINERS}
    return items, nested


def _items(value: object) -> Optional[Items]:
    if id_of(type(value)) in _CONTAINERS:
        return _held(value)
    plan = snapshot.plan_of(type(value))
    if type(value) is types.FunctionType or plan.is_object:
        attributes = plan.dictionary.__get__(value, type(value)) if plan.dictionary is not None else {}
        return {".%s" % name: item for name, item in dict.items(attributes) if type(name) is str}
    if type(value) is _thread._local:
        return {
            ".%s" % name: item for name, item in _thread._local.__getattribute__(value, "__dict__").items()
        }
    if type(value) is io.StringIO or type(value) is io.BytesIO:
        return {".position": _position(value)}
    if snapshot.is_class(value):
        space = snapshot.namespace_of(value)
        return {".%s" % name: item for name, item in space.items() if not name.startswith("__")}
    return None


def _held(container: Any) -> Items:
    """The items of a container by key, place or identity; of a large one their number."""
    if len(container) > ITEMS:
        return {"": len(container)}
    if issubclass(type(container), dict):
        return {key if type(key) is str else id_of(key): item for key, item in dict.items(container)}
    return {id_of(item): item for item in container} if type(container) is set else dict(enumerate(container))


def _position(stream: Union[io.StringIO, io.BytesIO]) -> Optional[int]:
    try:
        return type(stream).tell(stream)
    except ValueError:
        return None  # closed


def _changed(before: Contents, after: Contents, result: object, kind: type) -> Optional[Change]:
    """Where the contents of a place have changed, what it held and what it holds there."""
    (items, nested), (now_items, now_nested) = before, after
    found = _changed_items(items, now_items, result, kind)
    for key, inner in nested.items() if found is None else ():
        now = now_nested.get(key)
        if now is None or now_items[key] is not items[key] or _MEMO_NAME.search(str(key)):
            continue
        found = _changed_items(inner, now, result, type(items[key]))
        if found is not None:
            return (_place(key) + found[0], found[1], found[2])
    return found


def _changed_items(before: Items, after: Items, result: object, kind: type) -> Optional[Change]:
    if before.keys() != after.keys():
        new = [item for key, item in after.items() if key not in before]
        if any(_took_in(item, result) or (item is result and issubclass(kind, dict)) for item in new):
            return None  # a memo, whatever else it has forgotten
        return ("", shortrepr.items(len(before)), shortrepr.items(len(after)))
    for key, item in before.items():
        now = after.get(key, item)
        if now is item or _took_in(now, result) or _MEMO_NAME.search(str(key)):
            continue
        if not _alike(item, now) and not libraries.is_scratch(kind, str(key)[1:], item, now):
            return (_place(key), _show(item), _show(now))
    return None


def _place(key: object) -> str:
    return key if type(key) is str and key.startswith(".") else "[%s]" % key


def _took_in(value: object, result: object) -> bool:
    """Whether a value is the result itself, alone or in a tuple or list; scalars are nobody's own."""
    if snapshot.is_plain(result):
        return False
    return value is result or (
        (type(value) is tuple or type(value) is list) and any(part is result for part in value)
    )


def _alike(first: object, second: object) -> bool:
    found = difference.compare(snapshot.take(first, 60), snapshot.take(second, 60))
    return found.difference is None


def _show(value: object) -> str:
    return "nothing" if value is _ABSENT else shortrepr.short(snapshot.take(value, 10).tree)

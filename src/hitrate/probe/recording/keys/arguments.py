"""The arguments of calls: how a call could be spelled otherwise, what cannot be hashed, how large they are.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

A cache keeps the objects of its keys alive. What records must not: tests tell objects by weak references, and
hundreds of thousands that would be gone are searched for garbage again and again. Of an object that is equal
to itself alone, a key holds a stand-in with the same hash that is equal to it as long as it lives; once it is
gone no call can bring it again.
"""

from __future__ import annotations

import sys
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Hashable, Iterable, Iterator, List, Optional, Tuple

_attribute = type.__getattribute__  # not that of a metaclass
_id_of = object.__hash__  # without the audit event of id()


class Parameters:
    """A function's parameters: the names of those that are positional come first."""

    __slots__ = ("defaults", "names", "positional")

    def __init__(self, function: object) -> None:
        code = getattr(function, "__code__", None)
        self.positional = 0 if code is None else code.co_argcount
        self.names = () if code is None else code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        defaults = getattr(function, "__defaults__", None) or ()
        self.defaults = dict(zip(reversed(self.names[: self.positional]), reversed(defaults)))
        self.defaults.update(getattr(function, "__kwdefaults__", None) or {})

    def values(self, args: Tuple[object, ...], kwargs: Dict[str, object]) -> Tuple[object, ...]:
        """The same for all spellings of a call: a value for each name, then what ``*`` and ``**`` take."""
        if not kwargs and len(args) == self.positional == len(self.names):
            return args
        values = args[: self.positional]
        values += tuple(kwargs.get(name, self.defaults.get(name)) for name in self.names[len(values) :])
        more = args[self.positional :]
        others = tuple((name, kwargs[name]) for name in sorted(kwargs.keys() - set(self.names)))
        return (*values, more, *others) if more or others else values

    def unhashable(self, args: Tuple[object, ...], kwargs: Dict[str, object]) -> Iterator[tuple[str, str]]:
        """``(parameter, type)`` of each argument that cannot be hashed."""
        names = (*self.names[: self.positional], *("*args" for _ in args))
        for name, value in [*zip(names, args), *kwargs.items()]:
            try:
                hash(value)
            except Exception:
                yield name, type(value).__name__


class StandIn(int):
    """Stands in keys for an object that is equal to itself alone; what it counts is the object's hash."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        reference = self.found(self)
        return reference is not None and reference() is other

    __hash__ = int.__hash__

    found: Callable[[StandIn], Optional[_Reference]]


class _Reference(weakref.ref):  # type: ignore[type-arg]
    """Refers to the object that something stands for.

    Attributes:
        stand_in: What stands for it.
        place: What tells it apart.
        keys: By what tells tables apart, where that is part of keys: the table, the keys. They go with the
            object: the next one comes to its place and has its hash, and would be compared with all of them.
    """

    __slots__ = ("keys", "place", "stand_in")
    stand_in: StandIn
    place: int
    keys: Dict[int, Tuple[Dict[Hashable, int], List[Hashable]]]


_living: Dict[int, StandIn] = {}  # by what tells objects apart while they live
_references: Dict[StandIn, _Reference] = {}
StandIn.found = staticmethod(_references.get)  # no global: the interpreter empties modules before it ends


def _gone(
    reference: _Reference,
    living: Dict[int, StandIn] = _living,
    references: Dict[StandIn, _Reference] = _references,
) -> None:
    """The object is no more, and another one may come to its place."""
    for table, keys in reference.keys.values():
        for key in keys:
            table.pop(key, None)
    references.pop(reference.stand_in, None)
    if living.get(reference.place) is reference.stand_in:
        del living[reference.place]


def is_weak(value: object) -> bool:
    """Whether a value's class leaves it equal to itself alone."""
    kind = type(value)
    return _attribute(kind, "__hash__") is object.__hash__ and _attribute(kind, "__eq__") is object.__eq__


def lasting(value: object) -> object:
    """What a key holds of a value: a stand-in if it is equal to itself alone, else the value."""
    if not is_weak(value):
        return value
    place = _id_of(value)
    found = _living.get(place)
    if found is not None:
        return found
    made = StandIn(place)
    try:
        reference = _Reference(value, _gone)
    except TypeError:  # nothing refers weakly to it
        return value
    if hash(made) != place:
        return value
    reference.stand_in, reference.place, reference.keys = made, place, {}
    _references[made] = reference
    return _living.setdefault(place, made)


def goes_with(values: Iterable[object], table: Dict[Hashable, int], key: Hashable) -> None:
    """Have a key deleted once one of the objects is gone for which values stand."""
    for value in values:
        if type(value) is StandIn:
            reference = _references.get(value)
            if reference is None:
                table.pop(key, None)
            else:
                reference.keys.setdefault(_id_of(table), (table, []))[1].append(key)


def size_of(values: Tuple[object, ...], most: int) -> int:
    """Bytes of the values and, as far as ``most`` objects reach, of what they hold."""
    seen: set[int] = set()
    total, waiting = 0, list(values)
    while waiting and len(seen) < most + len(values):
        value: object = waiting.pop()
        if _id_of(value) in seen:
            continue
        seen.add(_id_of(value))
        try:
            total += sys.getsizeof(value)
            if type(value) is dict:
                waiting += [*value.keys(), *value.values()][:most]
            elif (
                type(value) is tuple or type(value) is list or type(value) is set or type(value) is frozenset
            ):
                waiting += list(value)[:most]
            elif type(value).__dictoffset__:
                waiting.append(object.__getattribute__(value, "__dict__"))
        except Exception:  # noqa: S112 - what cannot be measured weighs nothing
            continue
    return total

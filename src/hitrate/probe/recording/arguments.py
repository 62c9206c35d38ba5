"""The arguments of calls: how a call could be spelled otherwise, what cannot be hashed, how large they are.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, Tuple


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


def size_of(values: Tuple[object, ...], most: int) -> int:
    """Bytes of the values and, as far as ``most`` objects reach, of what they hold."""
    seen: set[int] = set()
    total, waiting = 0, list(values)
    while waiting and len(seen) < most + len(values):
        value: object = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
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

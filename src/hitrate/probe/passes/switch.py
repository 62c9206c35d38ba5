"""Functions and their real ``functools.lru_cache``, one put in the other's place while the process runs.

Runs inside the analysed project's processes. Standard library, CPython 3.8+. In either arm a call costs what
it costs without Hitrate: what is called is the function itself, or its cache. So each place that refers to
the one is found (``gc.get_referrers``) and made to refer to the other: dictionaries of modules and others,
classes, lists, and variables of closures. Where anything else holds it (a ``partial``, a tuple, a bound
method), or something that the garbage collector does not see, :class:`HeldError` is raised and nothing was
changed.
"""

from __future__ import annotations

import functools
import gc
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterator, List, Optional, Protocol, Tuple

    class Info(Protocol):
        """What ``cache_info()`` gives."""

        @property
        def hits(self) -> int: ...

        @property
        def misses(self) -> int: ...

        @property
        def currsize(self) -> int: ...

    class Cache(Protocol):
        """A function with an ``lru_cache``."""

        def cache_info(self) -> Info: ...

        def cache_clear(self) -> None: ...

    Function = Callable[..., object]
    Choice = Callable[["Both"], object]
    Place = Callable[["Both"], None]

_WRAPPING = (staticmethod, classmethod)
_KEPT = ("last_type", "last_value", "last_traceback", "last_exc")
"""Where ``sys`` keeps the last exception, and so the variables of the frames that it went through."""


class HeldError(Exception):
    """Something holds a function that cannot be made to hold another; the message is its type."""


class Both:
    """A function without and with its cache; one of the two is in place.

    Attributes:
        plain: What is called without the cache.
        cache: The cache.
        slot: Which of the analysed functions it is.
        on: Whether the cache is in place.
    """

    __slots__ = ("cache", "on", "plain", "slot")

    def __init__(self, plain: object, cache: Cache, slot: int, on: bool) -> None:
        """Take the two."""
        self.plain, self.cache, self.slot, self.on = plain, cache, slot, on


class _State:
    """All functions that are switched, and how they stand."""

    __slots__ = ("made", "on")

    def __init__(self) -> None:
        self.made: List[Both] = []
        self.on = True


_state = _State()


def add(function: Function, slot: int, maxsize: Optional[int], typed: bool, lifted: bool) -> object:
    """What stands for a function from now on, as all others stand.

    Args:
        function: The function.
        slot: Which of the analysed functions it is.
        maxsize: Of its cache.
        typed: Of its cache.
        lifted: Whether the arm without is ``lru_cache(maxsize=0)``, for tests that call ``cache_clear``.
    """
    plain: object = functools.lru_cache(maxsize=0)(function) if lifted else function
    cache = functools.lru_cache(maxsize=maxsize, typed=typed)(function)
    _state.made.append(Both(plain, cache, slot, _state.on))
    return cache if _state.on else plain


def turn(on: bool) -> None:
    """Put all caches in place, or what they are caches of.

    Raises:
        HeldError: One of them is held by something that cannot be changed; all are as they were.
    """
    for name in _KEPT:
        if hasattr(sys, name):
            delattr(sys, name)
    # How many references a search itself has, one for what nobody else knows tells.
    own = _Search(_unknown(not on)).unseen
    turned = [(both, _places(both, own)) for both in _state.made if both.on is not on]
    for both, places in turned:
        for place in places:
            place(both)
        both.on = on
    _state.on = on


def counts(slots: int) -> List[Tuple[int, int]]:
    """Hits and misses by slot since the caches were emptied."""
    found = [(0, 0)] * slots
    for both in _state.made:
        info, (hits, misses) = both.cache.cache_info(), found[both.slot]
        found[both.slot] = (hits + info.hits, misses + info.misses)
    return found


def entries() -> Dict[int, int]:
    """Entries of every ``lru_cache`` of the process, by identity."""
    return {id(cache): cache.cache_info().currsize for cache in _caches()}


def empty(kept: Dict[int, int]) -> None:
    """Empty every ``lru_cache`` of the process, but for those that had entries before."""
    for cache in _caches():
        if not kept.get(id(cache)):
            cache.cache_clear()
    for both in _state.made:
        both.cache.cache_clear()


def _caches() -> Iterator[Cache]:
    kind = type(functools.lru_cache(maxsize=0)(len))
    return (found for found in gc.get_objects() if type(found) is kind)


def _places(both: Both, own: int) -> List[Place]:
    """What puts the other object of a pair wherever the one in place is; a search has ``own`` references."""
    found = _Search(both)
    if found.unseen > own:
        raise HeldError("something unseen")
    return found.places


def _unknown(on: bool) -> Both:
    """A pair that nothing holds."""

    def nothing() -> None:
        pass

    return Both(nothing, functools.lru_cache(maxsize=0)(nothing), 0, on)


class _Search:
    """The places that hold what is in place of a pair.

    Attributes:
        places: What each of them is to be told.
        unseen: References that the garbage collector knows nothing of, those of this search among them.
    """

    def __init__(self, both: Both) -> None:
        """Search all objects.

        Raises:
            HeldError: There is a place that cannot be changed.
        """
        self.places: List[Place] = []
        self._own: List[object] = [both, vars(both.cache), vars(both.plain), both.cache, both.plain]
        self._own.append(self._own)
        self.unseen = self._visit(both.cache if both.on else both.plain, _other)

    def _visit(self, old: object, new: Choice) -> int:
        """Note the places that hold an object, and what is to be there; references that were not found."""
        holders = gc.get_referrers(old)
        self._own.append(holders)
        seen = 0
        for holder in holders:
            if type(holder) is types.FrameType and holder.f_globals is globals():
                continue
            seen += sum(1 for held in gc.get_referents(holder) if held is old)
            if any(holder is own for own in self._own):
                continue
            if isinstance(holder, _WRAPPING):
                self._wrapped(holder, new)
            else:
                self._held(holder, old, new)
        return sys.getrefcount(old) - seen

    def _wrapped(self, holder: object, new: Choice) -> None:
        """A static or class method, which cannot be changed: another one takes its place."""
        kind = type(holder)
        if kind not in _WRAPPING:
            raise HeldError(kind.__name__)
        made: List[object] = []

        def another(both: Both) -> object:
            if not made:
                made.append(kind(new(both)))  # type: ignore[arg-type]
            return made[0]

        self._visit(holder, another)

    def _held(self, holder: object, old: object, new: Choice) -> None:
        if isinstance(holder, dict):
            if any(key is old for key in dict.keys(holder)):
                raise HeldError("a key of a dictionary")
            owner = _class_of(holder)
            for key in [key for key, value in dict.items(holder) if value is old]:
                self.places.append(
                    _in_dict(holder, key, new) if owner is None else _in_class(owner, key, new)
                )
        elif isinstance(holder, list):
            for index in [index for index, value in enumerate(list.__iter__(holder)) if value is old]:
                self.places.append(_in_list(holder, index, new))
        elif type(holder) is types.CellType:
            self.places.append(_in_cell(holder, new))
        else:
            raise HeldError(type(holder).__name__)


def _other(both: Both) -> object:
    """Of a pair, what is not in place."""
    return both.plain if both.on else both.cache


def _class_of(attributes: Dict[object, object]) -> Optional[type]:
    """The class whose attributes a dictionary holds, which must not be changed but through it."""
    module = sys.modules.get(str(dict.get(attributes, "__name__")))
    if module is not None and getattr(module, "__dict__", None) is attributes:
        return None
    for found in gc.get_referrers(attributes):
        if isinstance(found, type) and any(held is attributes for held in gc.get_referents(vars(found))):
            return found
    return None


def _in_dict(holder: Dict[object, object], key: object, new: Choice) -> Place:
    return lambda both: dict.__setitem__(holder, key, new(both))


def _in_class(holder: type, key: str, new: Choice) -> Place:
    return lambda both: type.__setattr__(holder, key, new(both))


def _in_list(holder: List[object], index: int, new: Choice) -> Place:
    return lambda both: list.__setitem__(holder, index, new(both))


def _in_cell(holder: object, new: Choice) -> Place:
    return lambda both: setattr(holder, "cell_contents", new(both))

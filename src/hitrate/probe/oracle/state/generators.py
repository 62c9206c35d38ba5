"""Where generators of random numbers stand, those that the standard library does not know.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
numpy and torch draw in C, unseen by a profile function; what they drew shows in their generators.
"""

from __future__ import annotations

import _random
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

_NUMPY = ("numpy.random._generator", "numpy.random.mtrand")


def shared() -> Dict[str, Optional[int]]:
    """Where the generators that all share stand, by the name of their module."""
    numpy = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
    torch = getattr(sys.modules.get("torch.random"), "default_generator", None)
    found = {}
    if numpy is not None:
        found["numpy.random"] = standing(numpy)
    if torch is not None:
        found["torch"] = _read(_of_torch, torch)
    return found


def standing(value: object) -> Optional[int]:
    """Where a generator of numpy or the standard library stands; None for what is none, or untold."""
    kind = type(value)
    if kind.__name__ in ("Generator", "RandomState") and kind.__module__ in _NUMPY:
        return _read(_of_numpy, value)
    if any(cls is _random.Random for cls in type.__dict__["__mro__"].__get__(kind)):
        return _read(_of_library, value)
    return None


def _read(read: Callable[[Any], int], value: object) -> Optional[int]:
    try:
        return read(value)
    except Exception:
        return None


def _of_library(value: Any) -> int:
    return hash(_random.Random.getstate(value))


def _of_numpy(value: Any) -> int:
    bits = getattr(value, "_bit_generator", None) or value.bit_generator
    return _digest(bits.state)


def _of_torch(value: Any) -> int:
    return hash(tuple(value.get_state().tolist()))


def _digest(state: Any) -> int:
    """Of a state as numpy tells it: dictionaries, numbers and arrays of numbers."""
    if type(state) is dict:
        return hash(tuple((name, _digest(state[name])) for name in sorted(state)))
    if hasattr(type(state), "tobytes"):
        return zlib.crc32(state.tobytes())
    return hash(state)

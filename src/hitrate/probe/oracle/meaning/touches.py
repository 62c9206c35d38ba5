"""Methods written in C that change the object that they belong to, where nothing else shows the change.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
Hash objects, compressors, writers and queues cannot be read from outside: that such a method was called on
one is all that can be seen.
"""

from __future__ import annotations

import array
import collections
import functools
import types

from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import BuiltinFunctionType, FrameType
    from typing import Optional, Tuple

TOUCHED, EMPTIED = "touched", "emptied"
CHANGING = frozenset(
    (
        *("update", "absorb", "feed", "push", "put", "put_nowait", "get_nowait", "throw", "reset", "flush"),
        *("writerow", "writerows", "compress", "decompress", "truncate", "seek", "shutdown", "commit"),
        *("rollback", "process", "finalize", "advance", "observe", "inc", "notify", "encrypt", "decrypt"),
    )
)
"""Their names; those of streams, sockets and databases have rules of their own."""
# What can be read is compared before and after the call.
_READABLE = frozenset(
    map(
        id_of,
        (
            *(dict, set, list, bytearray, array.array, collections.deque, collections.OrderedDict),
            *(collections.Counter, collections.defaultdict, types.ModuleType, type, type(None)),
        ),
    )
)


def touched(arg: BuiltinFunctionType, frame: FrameType) -> Optional[Tuple[str, object]]:
    """The object that a method changes."""
    del frame
    owner = arg.__self__
    return None if id_of(type(owner)) in _READABLE else (TOUCHED, owner)


def emptied(arg: BuiltinFunctionType, frame: FrameType) -> Optional[Tuple[str, object]]:
    """The code of a function whose cache held something and is emptied, unless each call makes its own."""
    del frame
    cache = arg.__self__
    if type(cache) is not functools._lru_cache_wrapper or not cache.cache_info().currsize:
        return None
    code = getattr(cache.__wrapped__, "__code__", None)
    return None if code is None or "<locals>" in cache.__qualname__ else (EMPTIED, code)

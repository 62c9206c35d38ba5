"""Where an existing cache answered, runs the function once more to compare with.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Only if its own calls were seen to do nothing but return and to call no mock, and the first one with this key
was quick. How long it takes then tells what the cache saves.
"""

from __future__ import annotations

import functools
import sys
import time

from .. import difference, snapshot
from .followed import raising

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, Tuple

    from .comparer import Comparer
    from .followed import Counts, Entry, Token

QUICK = 5_000_000

# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)


class Rerun:
    """Runs one function with a cache again."""

    def __init__(self, function: types.FunctionType, comparer: Comparer) -> None:
        self.function = function
        self.comparer = comparer

    def compare_as_it_is(self, entry: Entry, token: Token, result: object) -> None:
        """Compare what the cache handed out with what it was when the function returned it.

        Only builtin data can be said to have been changed: other objects may have filled memos, or refer to a
        world that has changed since.
        """
        now = snapshot.take(result)
        changed = difference.compare(entry.state, now).difference if now.plain else None
        if changed is not None:
            self.comparer.aliased(token, changed)

    def compare(self, entry: Entry, token: Token, result: object, counts: Counts) -> None:
        """Compare what the cache handed out with what the function gives when it is run now."""
        now = snapshot.take(result)
        counts.compared += 1
        try:
            began = _clock()
            made = self.function(*token.args, **token.kwargs)
            ended = _clock()
        except Exception as error:
            self.comparer.differs(entry, token, raising(entry, error))
            return
        if sys.getprofile() is None:
            token.again = max(0, ended - began - _RERUN_NANOSECONDS)
        fresh = snapshot.take(made)
        found = difference.compare(now, fresh, together=True)
        counts.unknown += found.unknown
        if found.difference is not None:
            self.comparer.explain(entry, token, now, fresh, found.difference)


def _rerun_nanoseconds() -> int:
    """What the time of a function that is run again has besides that of a plain call of it."""

    def nothing(_: int) -> None:
        return None

    args: Tuple[int] = (1,)
    kwargs: Dict[str, int] = {}
    best = [1 << 30] * 3
    for _ in range(20):
        moments = [_clock(), _clock()]
        nothing(*args, **kwargs)
        moments.append(_clock())
        nothing(1)
        moments.append(_clock())
        best = [min(old, b - a) for old, a, b in zip(best, moments, moments[1:])]
    reading, unpacking, plain = best
    return reading + unpacking - plain


_RERUN_NANOSECONDS = _rerun_nanoseconds()

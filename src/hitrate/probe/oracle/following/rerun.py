"""Where an existing cache answered, runs the function once more to compare with.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Only if its own calls were seen to do nothing but return and to call no mock, and if it is quick. Its first
call tells the most that it takes: it was watched, and looked up in the cache besides, whose keys may be slow
to hash and to compare. So one that seems slow is run once to see. How long it takes then tells what the cache
saves.
"""

from __future__ import annotations

import functools
import sys
import time

from ...recording.engaged import Engagement
from .. import difference, snapshot
from .followed import raising

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, Set, Tuple

    from .comparer import Comparer
    from .followed import Counts, KeptCall, Token

QUICK = 5_000_000  # ns of a function that is run again and again
ONCE = 200_000_000  # ns of a first call after which it is run once more to see
AFTER_OTHERS = 1_000_000_000  # the same where it was quick with other arguments
MUCH = 200_000  # ns without CPU time that are asked for
FEW = 16  # keys for which it is run even where too much time was spent: what a cache saves rests on them

# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)
_cpu_clock = functools.partial(time.thread_time_ns)


class Rerun:
    """Runs one function with a cache again."""

    def __init__(self, function: types.FunctionType, comparer: Comparer) -> None:
        self.function = function
        self.comparer = comparer
        self.slowest = 0
        self.known: Set[int] = set()

    def is_affordable(self, number: int, first: int, poor: bool) -> bool:
        """Whether the function may be run again for a key whose first call took so many ns."""
        if poor and (number in self.known or len(self.known) >= FEW):
            return False
        return first <= QUICK or (self.slowest <= QUICK and first <= (AFTER_OTHERS if self.known else ONCE))

    def compare_as_it_is(self, entry: KeptCall, token: Token, result: object) -> None:
        """Compare what the cache handed out with what it was when the function returned it.

        Only builtin data can be said to have been changed: other objects may have filled memos, or refer to a
        world that has changed since.
        """
        now = snapshot.take(result)
        changed = difference.compare(entry.state, now).difference if now.plain else None
        if changed is not None:
            self.comparer.aliased(token, changed)

    def compare(self, entry: KeptCall, token: Token, result: object, counts: Counts) -> None:
        """Compare what the cache handed out with what the function gives when it is run now."""
        now = snapshot.take(result)
        counts.compared += 1
        try:
            made, took = self._run(token)
        except Exception as error:
            self.comparer.differs(entry, token, raising(entry, error))
            return
        if sys.getprofile() is None:
            token.again = max(0, took - _RERUN_NANOSECONDS)
        fresh = snapshot.take(made)
        found = difference.compare(now, fresh, together=True)
        counts.unknown += found.unknown
        if found.difference is not None:
            self.comparer.explain(entry, token, now, fresh, found.difference)

    def _run(self, token: Token) -> Tuple[object, int]:
        """Run the function: its result, and how many ns it computed or waited.

        What the machine did for others meanwhile is taken off the first time that a key is run; later the
        shortest time counts. What its threads computed is added.
        """
        first = token.number not in self.known
        self.known.add(token.number)
        engagement = Engagement() if first else None
        cpu, began = _cpu_clock(), _clock()
        made = self.function(*token.args, **token.kwargs)
        took, computed = _clock() - began, _cpu_clock() - cpu
        if engagement is not None and took - computed > MUCH:
            kept, worked = engagement.read()
            took += max(0, worked) - min(took - computed, max(0, kept))
        self.slowest = max(self.slowest, took)
        return made, took


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

"""Looks for proof that a cache would be wrong, while the tests run and calls are really computed.

Runs inside the analysed project's processes. Standard library, CPython 3.8+. The recorder shows it some of
the calls (its docstring has the seam). It changes nothing and raises nothing, and runs no code under test
but the function itself, where an existing cache answered (see ``rerun``).

A key's first calls are followed, then ever fewer: again when other tests have begun or time has gone by, at
growing distances. All of it may take ``SHARE`` of the process's CPU time and ``ALLOWANCE``; beyond, only the
first looks at each function are made, and these may take ``PLEDGED`` of that time and ``PLEDGE`` in all. What
is left out is counted as such, and looked at when there is time again, functions first that were looked at
least. What a look takes besides (``ASKING``, ``AFTERWARDS``) counts, too; importing this does and is allowed.

What is found goes to ``<stem>.hazards`` as JSON, a line each, appended at once; ``hitrate.hazards`` reads it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import json
import os
import time
import types

from . import BEGAN
from .follower import ASKING, FIRST_KEYS, KEYS, SHARED, Follower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Optional, Set, Tuple

try:
    from .resultlog import ResultLog
except ImportError:  # it is laid out only where runs are compared
    ResultLog = None  # type: ignore[assignment, misc]

SHARE, LITTLE = 0.08, 0.02
ALLOWANCE = 50_000_000
PLEDGED, PLEDGE = 0.01, 200_000_000
AFTERWARDS = 0.25  # of a look: what it leaves finds cold caches, and more objects to search for garbage
ASKED = 64  # keys that are asked for at one moment
TICK = 20_000_000
LAST_LOOK = 200_000_000

# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)
_cpu_clock = time.process_time_ns
_spell = json.JSONEncoder(ensure_ascii=True).encode
_IMPORTER, _IMPORTED = os.getpid(), time.thread_time_ns() - BEGAN


class Agenda:
    """What is to be asked for at later moments, which are counted."""

    def __init__(self) -> None:
        self.moment = 0
        self.due: Dict[int, List[Tuple[Follower, int]]] = {}

    def add(self, follower: Follower, number: int, distance: int) -> None:
        """Ask for a key so many moments from now."""
        self.due.setdefault(self.moment + distance, []).append((follower, number))

    def next(self, postpone: bool) -> List[Tuple[Follower, int]]:
        """Go to the next moment; what is due, or nothing if it is to wait for one more."""
        self.moment += 1
        due = self.due.pop(self.moment, [])
        if postpone and due:
            self.due.setdefault(self.moment + 1, []).extend(due)
            return []
        return due


class Oracle:
    """All that is known in this process. Times are nanoseconds.

    Attributes:
        stem: The process's files, without their ending; None: nowhere to write.
        current_test: Id of the test that runs.
        tests: What is to be asked for in later tests.
        ticks: What is to be asked for when time has gone by.
        spent: Time taken so far.
        imported: What importing it took, before anything could be looked at.
        allowed: What was allowed when that was last asked for; it only grows.
        poor: Whether that is more than is allowed.
        thrifty: Whether it is more than what is spent on calls that have been looked at often.
        broke: Whether not even first looks are.
        keys: So many of each function are followed at most.
        results: Notes what calls gave; None where that is not wanted.
    """

    def __init__(self, stem: str | None = None) -> None:
        self.stem = stem
        self.current_test: str | None = None
        self.tests, self.ticks = Agenda(), Agenda()
        self.ticked = self.spent = self.allowed = self.imported = 0
        self.let_go_of_keys: Callable[[], None] | None = None
        self.poor = self.thrifty = self.broke = False
        self.followers: List[Follower] = []
        self.keys = KEYS
        self.results = None if ResultLog is None else ResultLog(self.note)

    def watch(
        self, slot: int, instance: int, function: object, wanted: Set[int], refused: Optional[int] = None
    ) -> Optional[Follower]:
        """Follow one wrapped function; None where it cannot be.

        Args:
            slot: Number of the analysed function.
            instance: Which of the process's function objects it is.
            function: The function or its cache.
            wanted: The numbers of the keys whose calls are to be shown.
            refused: The number of calls whose arguments cannot be a key.
        """
        plain = function
        while type(plain) is not types.FunctionType:
            plain = getattr(plain, "__wrapped__", None)
            if plain is None:
                return None
        made = Follower(self, slot, instance, plain, plain is not function, wanted, refused)
        self.followers.append(made)
        self.keys = max(FIRST_KEYS, min(KEYS, SHARED // len(self.followers)))
        return made

    def test(self, name: str | None) -> None:
        """Another test begins."""
        self.current_test = name
        self._ask(self.tests)

    def tick(self, now: int) -> None:
        """Time has gone by."""
        if now - self.ticked > TICK:
            self.ticked = now
            self._ask(self.ticks)

    def _ask(self, agenda: Agenda) -> None:
        """Ask for the calls that are due, as far as the time spent so far allows."""
        self.spent += ASKING
        self._reckon()
        self.thrifty = self.spent > self.imported + ALLOWANCE + LITTLE * _cpu_clock()
        due = agenda.next(self.poor)
        if len(due) > ASKED:
            due.sort(key=_spent_on)
            for each, number in due[ASKED:]:
                agenda.add(each, number, 1)
        for each, number in due[:ASKED]:
            each.ask(number, agenda)

    def spend(self, nanoseconds: int) -> None:
        """Note what a look took, and what that leaves."""
        self.spent += ASKING + nanoseconds + int(nanoseconds * AFTERWARDS)
        self._reckon()

    def _reckon(self) -> None:
        """Whether there is time left; the clock is only read where what was known to be allowed is spent."""
        if self.spent <= self.allowed:
            self.poor = self.broke = False
            return
        cpu = _cpu_clock()
        self.allowed = int(self.imported + ALLOWANCE + SHARE * cpu)
        self.poor = self.spent > self.allowed
        self.broke = self.spent > self.allowed + PLEDGE + PLEDGED * cpu

    def finish(self) -> None:
        """The process ends: look a last time at what is kept, and say how much was looked at."""
        with contextlib.suppress(Exception):
            self._finish(_clock() + LAST_LOOK)

    def _finish(self, deadline: int) -> None:
        for each in self.followers:
            each.finish(deadline)
        owners = [(each, instances) for each in self.followers if len(instances := each.instances()) > 1]
        if owners:
            self._let_go()
            for each, instances in owners:
                each.count_leaked(instances)

    def _let_go(self) -> None:
        """Give up all keys, here and in the recorder; what lives on is held by the project itself."""
        for each in self.followers:
            each.cleared()
        if self.let_go_of_keys is not None:
            self.let_go_of_keys()
        gc.collect()

    def report(self, observation: Dict[str, object]) -> None:
        """Append one observation."""
        self._append(".hazards", observation)

    def note(self, call: Dict[str, object]) -> None:
        """Append what one call gave."""
        self._append(".ledger", call)

    def _append(
        self,
        ending: str,
        observation: Dict[str, object],
        open_: Callable[[str, int, int], int] = os.open,
        write: Callable[[int, bytes], int] = os.write,
    ) -> None:
        """Append one line; where it cannot be written, the tests go on."""
        if self.stem is None:
            return
        try:
            descriptor = open_(self.stem + ending, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                write(descriptor, (_spell(observation) + "\n").encode())
            finally:
                os.close(descriptor)
        except OSError:
            self.stem = None


def _spent_on(due: Tuple[Follower, int]) -> int:
    return due[0].spent


_oracle = Oracle()
atexit.register(_oracle.finish)


def begin(stem: str, let_go: Callable[[], None] | None = None) -> Oracle:
    """The oracle of this process, which writes to ``<stem>.hazards``; a forked child has its own stem.

    Args:
        stem: Path of the process's files without ending.
        let_go: Makes the recorder give up its keys.
    """
    _oracle.stem = stem
    _oracle.let_go_of_keys = let_go
    _oracle.spent = _oracle.imported = _IMPORTED if os.getpid() == _IMPORTER else 0
    _oracle.allowed = 0
    for each in _oracle.followers:
        each.count_anew()
    return _oracle

"""Looks now and then at what recording takes, and has fewer functions recorded where that is too much.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

A look is due when a chunk is full, and when new keys have taken a while: a thousand calls with keys that are
known cost less than fifty with new ones.
"""

from __future__ import annotations

import sys

from . import economy, tracefile
from .lane import clock, process_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

    from .lane import Lane
    from .recorder import Recorder
    from .watched import Watched

STEP = 10_000_000  # ns that new keys take until the next look, or
PARTS = 16  # such a part of what recording may take, if that is more


class Spending:
    """What recording takes in this process; times are nanoseconds.

    Attributes:
        entries: So many were looked at.
        extra: What new keys and the looks took.
        due: When that is more, the next look is due.
    """

    __slots__ = ("calibrate_at", "due", "entries", "extra", "recorder")

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.calibrate_at = 0
        self.begin()

    def begin(self) -> None:
        """In a new process nothing is spent."""
        self.entries = self.extra = 0
        self.due = STEP

    def look(self, lane: Lane) -> None:
        """Which functions are not worth recording any longer?"""
        began = clock()
        self.entries += lane.index - lane.looked
        for watched, calls, spent in economy.sample(lane, self.recorder.owner_of):
            watched.account.add(calls, spent)
        self._decide()
        self.extra += min(clock() - began, economy.LONGEST)
        self.due = self.extra + max(STEP, int(self._allowed()) // PARTS)

    def may_resume(self, spent: float) -> bool:
        """Whether a function that was only counted may be recorded again, since it took so much."""
        cpu, excess = process_clock(), self._excess()
        if not economy.is_much(spent, cpu):
            return False
        return excess <= 0 or (economy.is_much(spent / economy.MUCH, cpu) and not self._is_far(excess))

    def _decide(self) -> None:
        recorder, costs = self.recorder, self.recorder.costs
        if sys.getprofile() is None and self.entries >= self.calibrate_at:
            self.calibrate_at = self.entries * 5 // 4
            costs = tuple(map(min, costs, recorder.calibrate()))  # either may be of a slow moment
        live = recorder.live()
        for watched in live:
            if watched.cache is None and watched.account.is_settled(costs):
                watched.stop(tracefile.CHEAP)
        if self.entries > economy.ENTRIES:
            for watched in live:
                watched.stop(tracefile.BUSY)
            return
        excess = self._excess()
        if excess > 0:
            self._save({each: each.account for each in live if _may_be_counted(each)}, excess)

    def _save(self, accounts: Dict[Watched, economy.Account], excess: float) -> None:
        """Record fewer functions, for the time being."""
        each, cpu = self._each(), process_clock()
        little = economy.dispensable(accounts, each, cpu)
        for watched in little:
            watched.pause()
            del accounts[watched]
        in_all = economy.cost_of(self.entries, each) / max(1, self.entries)
        for watched in economy.dearest(accounts, in_all, self._allowed() - 2 * excess, cpu):
            watched.pause(economy.worth(watched.account, each))

    def _each(self) -> float:
        return sum(self.recorder.costs[:2])

    def _computed(self) -> int:
        """What the process has computed so far but for the probe."""
        oracle = self.recorder.oracle
        seen = 0 if oracle is None else oracle.spent
        return max(0, process_clock() - int(self.entries * self._each()) - self.extra - seen)

    def _allowed(self) -> float:
        return economy.FREE + economy.SHARE * self._computed()

    def _excess(self) -> float:
        """What recording took, in the process and afterwards, beyond what it may."""
        return economy.cost_of(self.entries, self._each()) + self.extra - self._allowed()

    def _is_far(self, excess: float) -> bool:
        return excess > self._allowed() / 4


def _may_be_counted(watched: Watched) -> bool:
    """Whether a function may be recorded no longer; caches that are there, and deep recursions, go on."""
    return not watched.stopped and watched.cache is None and not watched.nested

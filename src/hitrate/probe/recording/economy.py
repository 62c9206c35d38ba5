"""What recording costs and which functions are worth it.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from . import tracefile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterator, Mapping, Optional, Tuple, TypeVar

    from .lane import Lane

    Owner = TypeVar("Owner")

ENOUGH = 64  # calls that are known before a function is settled
ENTRIES = 4_000_000  # of a process
SHARE = 0.05  # of the process's CPU time
FREE = 100_000_000  # ns of recording that every process has besides
LITTLE = 0.0025  # of the process's CPU time: a quarter of what a cache must usually save
NOTICEABLE = 0.002  # of what recording costs
SMALL = 0.05  # of a function's time: its recording is never too much
PART = 0.2  # of a call's time that its recording may take once it was too much
READ_FREE = 50_000  # entries of a process that are read afterwards for nothing
READING = 2_000  # ns that each further one takes then: what is recorded has to be read and replayed
KEPT = 5_000  # ns that a key takes whose objects are searched for garbage, again and again
LONGEST = 1_000_000  # ns that a key takes: one that seems to take longer was kept from the processor
SAMPLED = 1_024  # calls that are looked at, of those since the last look
OPEN = 256  # calls that had not ended by then
MUCH = 4  # times LITTLE may matter even where recording took too much already


class Account:
    """What a function's calls take and what it costs to record them; times are nanoseconds.

    Attributes:
        sampled: Calls whose time is known.
        calls: All recorded calls, estimated.
        spent: Time in them, that of what they call included.
        extra: What new keys took and take; the oracle minds itself.
        matters: Whether it was seen to take enough time.
    """

    __slots__ = ("calls", "extra", "matters", "sampled", "spent")

    def __init__(self) -> None:
        self.matters = False
        self.sampled = self.calls = self.spent = self.extra = 0

    def add(self, calls: int, spent: int) -> None:
        """Add a sample, which stands for so many calls, and the time of one of them."""
        self.sampled += 1
        self.calls += calls
        self.spent += calls * spent

    def cost(self, each: float) -> float:
        """What recording took, where a call with a known key takes ``each``."""
        return self.extra + self.calls * each

    def is_settled(self, costs: Tuple[float, ...]) -> bool:
        """Whether the function is so cheap that no cache is worth its lookups."""
        inside, _, hit, miss = costs[:4]
        # A cache that answers two calls in three takes so long for each of them.
        return self.sampled >= ENOUGH and self.spent <= (inside + hit + miss / 2) * self.calls


def sample(lane: Lane, owner_of: Callable[[int], Optional[Owner]]) -> Iterator[Tuple[Owner, int, int]]:
    """Some of the calls since the last look: whose it is, for how many it stands, how long it took.

    Calls that were open then and have ended are among them: they are the longest.
    """
    first, last = lane.looked, lane.index
    step = max(1, (last - first) // SAMPLED)
    calls = [
        (lane.ends, at, number, start, step)
        for at, number, start in zip(
            range(first, last, step), lane.numbers[first:last:step], lane.starts[first:last:step]
        )
        if 0 < number < tracefile.EVENTS
    ]
    calls, lane.open, lane.looked = [*lane.open, *calls], [], last
    for call in calls:
        ends, at, number, start, stands_for = call
        if ends[at]:
            owner = owner_of(number)
            if owner is not None:
                yield owner, stands_for, abs(ends[at]) - start
        elif len(lane.open) < OPEN:
            lane.open.append(call)


def cost_of(entries: int, each: float) -> float:
    """What so many entries take, in the process and afterwards, where recording one takes ``each``."""
    return entries * each + max(0, entries - READ_FREE) * READING


def dispensable(accounts: Mapping[Owner, Account], each: float, cpu: int) -> list[Owner]:
    """Those who take too little time to matter.

    Args:
        accounts: Of each owner.
        each: What recording a call takes.
        cpu: What the process has computed so far.
    """
    costs = _costs(accounts, each)
    noticeable = NOTICEABLE * sum(costs.values())
    return [
        owner
        for owner, cost in costs.items()
        if cost > noticeable
        and not accounts[owner].matters
        and not is_much(accounts[owner].spent - accounts[owner].calls * each, cpu)
    ]


def dearest(accounts: Mapping[Owner, Account], each: float, room: float, cpu: int) -> list[Owner]:
    """Those whose recording costs most for the time that they take, so many that the others fit in.

    Those whose recording takes a small part of their own time go on in any case.

    Args:
        accounts: Of each owner.
        each: What recording a call takes.
        room: What the others may have taken so far.
        cpu: What the process has computed so far.
    """
    costs = _costs(accounts, each)
    left, found = sum(costs.values()), []
    # Nested calls of one function are counted again and again.
    parts = {owner: cost / max(1, min(accounts[owner].spent, cpu)) for owner, cost in costs.items()}
    for owner in sorted(parts, key=parts.__getitem__, reverse=True):
        if left <= room or parts[owner] <= SMALL:
            break
        left -= costs[owner]
        found.append(owner)
    return found


def worth(account: Account, each: float) -> float:
    """Nanoseconds that a call must take for its recording to be no large part of it."""
    return account.cost(each) / (PART * max(1, account.calls))


def is_much(spent: float, cpu: int) -> bool:
    """Whether so much of a process's time may matter."""
    return spent >= LITTLE * cpu


def _costs(accounts: Mapping[Owner, Account], each: float) -> dict[Owner, float]:
    return {owner: account.cost(each) for owner, account in accounts.items() if account.sampled}

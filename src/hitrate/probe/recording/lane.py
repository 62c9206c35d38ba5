"""Where the calls of one thread go, and the clocks and the variable that every call reads."""

from __future__ import annotations

import functools
import os
import time

from .engaged import Engagement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Mapping, Optional, Protocol, Tuple, Union

    from . import tracefile

    Text = Union[str, bytes]  # of environment variables, as the system has it
    Spare = List[Tuple[int, tracefile.Columns]]
    Call = Tuple[memoryview, int, int, int, int]  # ends, entry, number, start, calls that it stands for

    class Owner(Protocol):
        """What a lane asks of the recorder."""

        stem: str
        spare: Spare


STOOD_STILL = 1_000_000  # ns without CPU time after which a thread is asked why
ROOM = 8  # entries of a chunk that are kept for events
DEEPER = 16  # nested calls after which the recursion limit is looked at again

# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
clock = functools.partial(time.perf_counter_ns)
process_clock = functools.partial(time.process_time_ns)
# Read without decoding: this happens on every call.
ENVIRONMENT: Mapping[Text, Text] = vars(os.environ).get("_data", os.environ)
_spelled = getattr(os.environ, "encodekey", str)
TEST_KEY: Text = _spelled("PYTEST_CURRENT_TEST")
PATH_KEY: Text = _spelled("PATH")


class Lane:
    """Where a thread's next entry goes.

    Attributes:
        index: The next free entry of the chunk's ``starts``, ``ends`` and ``numbers``, ``size`` long.
        due: When the CPU clock is read next.
        idle: Nanoseconds without CPU time until it was last asked why; None where it has not been.
        engagement: Tells why, from then on.
        seen: The test variable as it was last seen; ``test`` is its number.
        depth: Recorded calls that are open; at ``deep`` the recursion limit is raised.
        older: Ends of earlier chunks in which calls may still be open.
        looked: The first entry that was not looked at yet (``economy``); ``open``: calls that had not ended.
        asking: Whether the oracle is being asked.
        slowed: Whether a profile function was there for it, when that was last looked at.
        serial: Of the thread, within the file that ``stem`` names.
    """

    __slots__ = (
        "asking", "deep", "depth", "due", "ends", "engagement", "idle", "index", "looked", "numbers",
        "older", "open", "recorder", "seen", "serial", "size", "slowed", "starts", "stem", "test",
    )  # fmt: skip

    def __init__(self, recorder: Owner, serial: int) -> None:
        self.recorder, self.stem, self.serial = recorder, recorder.stem, serial
        self.index = self.size = self.depth = self.due = self.test = 0
        self.deep = DEEPER
        self.seen: Optional[Text] = None
        self.idle: Optional[int] = None
        self.engagement: Optional[Engagement] = None
        self.older: list[memoryview] = []
        self.looked = 0
        self.open: list[Call] = []
        self.asking = self.slowed = False

    def __del__(self) -> None:
        if self.index < self.size - ROOM and self.stem == self.recorder.stem:
            self.recorder.spare.append((self.index, self.columns))

    def stood_still(self, now: int, cpu: int) -> bool:
        """Whether the thread had no CPU time for a while since this was last so; true the first time."""
        idle = now - cpu
        if self.idle is not None and idle - self.idle < STOOD_STILL:
            return False
        self.idle = idle
        return True

    def engaged(self) -> Tuple[int, int]:
        """What ``Engagement`` tells of the thread, since this was first asked."""
        if self.engagement is not None:
            return self.engagement.read()
        self.engagement = Engagement()
        return 0, 0

    @property
    def columns(self) -> tracefile.Columns:
        return self.starts, self.ends, self.numbers

    @columns.setter
    def columns(self, columns: tracefile.Columns) -> None:
        self.starts, self.ends, self.numbers = columns
        self.size, self.looked = len(self.numbers), self.index


def end_entry(ends: memoryview, index: int) -> None:
    """End an entry, unless the process was forked meanwhile and the entry is the parent's."""
    try:
        ends[index] = clock()
    except ValueError:
        pass

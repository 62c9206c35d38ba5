"""What a process was doing while one of its threads stood still.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

A thread that has no CPU time waits: for a disk, a network, a clock. Or it would go on, but the machine serves
others (Linux counts the time in its run queue, a quota's throttling included), or another thread of the
process has the interpreter. Only the first can be told from nothing else, so the others are counted. What
threads computed that began meanwhile is counted by itself: they were most likely started to do it for the one
that waits for them.
"""

from __future__ import annotations

import _thread
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Optional, Tuple

    Others = Dict[str, Tuple[int, int]]  # by thread: nanoseconds that it computed, stood in a run queue

TASKS = "/proc/self/task"
MOST_TASKS = 64
"""In a process of more threads, only the time of this one is read."""
_OWN = "/proc/thread-self"
_BYTES = 100
_OF_THREAD = 6  # with ``~identity << 3``, Linux's name for the CPU clock of a thread of this process

# Held here, since tests replace them wherever a module names them.
_open, _read, _close, _names = os.open, os.read, os.close, os.listdir
_process_clock, _thread_clock = time.process_time_ns, time.thread_time_ns
_clock_of: Optional[Callable[[int], int]] = getattr(time, "clock_gettime_ns", None)
_own_number = getattr(_thread, "get_native_id", None)


class Engagement:
    """Sums up, for one thread, what it was kept from and what was done for it.

    Attributes:
        kept: Nanoseconds so far in which other threads computed, or any of them stood in a run queue.
        worked: Nanoseconds so far that threads computed until the first reading after they began.
    """

    __slots__ = ("_names", "_others", "_queue", "_spent", "kept", "worked")

    def __init__(self, names: Callable[[str], List[str]] = _names) -> None:
        """Begin with a reading.

        Args:
            names: Lists a folder.
        """
        self._names = names
        self.kept = self.worked = 0
        self._spent, self._queue, self._others = self._now()

    def read(self) -> Tuple[int, int]:
        """``kept`` and ``worked``; to be called by the thread itself.

        Each can be a little less than before, since a system tells in steps. Where it has no run queue to
        tell, ``kept`` is what the others computed.
        """
        spent, queue, others = self._now()
        computed = spent - self._spent
        self.kept += computed + queue - self._queue
        if others is not None and self._others is not None:
            begun = computed
            for task, (cpu, queued) in others.items():
                earlier = self._others.get(task)
                begun -= 0 if earlier is None else cpu - earlier[0]
                self.kept += queued - (0 if earlier is None else earlier[1])
            ended = begun - sum(cpu for task, (cpu, _) in others.items() if task not in self._others)
            self.worked += begun
            # Nobody tells any more how long these stood in a run queue: for their time, as long as this one.
            self.kept += int(max(0, ended) * queue / max(1, _thread_clock()))
        self._spent, self._queue, self._others = spent, queue, others
        return self.kept, self.worked

    def _now(self) -> Tuple[int, int, Optional[Others]]:
        """What others computed in all; how long this thread stood in a run queue; both for each other one."""
        spent, queue = _process_clock() - _thread_clock(), _queued(_OWN)
        try:
            tasks = self._names(TASKS)
        except OSError:
            return spent, queue, None
        if len(tasks) > MOST_TASKS or _own_number is None or _clock_of is None:
            return spent, queue, None
        own, others = str(_own_number()), {}
        for task in tasks:
            computed = None if task == own else _computed(task)
            if computed is not None:
                others[task] = computed, _queued("%s/%s" % (TASKS, task))
        return spent, queue, others


def _computed(task: str) -> Optional[int]:
    """CPU nanoseconds of a thread; None if it is gone."""
    try:
        return None if _clock_of is None else _clock_of((~int(task) << 3) | _OF_THREAD)
    except (OSError, ValueError, OverflowError):
        return None


def _queued(folder: str) -> int:
    """Nanoseconds that a thread was ready and did not run; 0 where that is not told."""
    try:
        descriptor = _open(folder + "/schedstat", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        try:
            fields = _read(descriptor, _BYTES).split()
        finally:
            _close(descriptor)
        return int(fields[1])
    except (OSError, IndexError, ValueError):
        return 0

"""How long a process was computing, or kept from it, while one of its threads stood still.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

A thread that has no CPU time waits: for a disk, a network, a clock. Or it would go on, but the machine serves
others (Linux counts the time in its run queue, a quota's throttling included), or another thread of the
process has the interpreter. Only the first can be told from nothing else, so the others are counted.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List

TASKS = "/proc/self/task"
MOST_TASKS = 64
"""In a process of more threads, only the time of this one is read."""
_OWN = "/proc/thread-self/schedstat"
_BYTES = 100

# Held here, since tests replace them wherever a module names them.
_open, _read, _close, _names = os.open, os.read, os.close, os.listdir
_process_clock, _thread_clock = time.process_time_ns, time.thread_time_ns


def engaged(names: Callable[[str], List[str]] = _names) -> int:
    """Nanoseconds so far in which the other threads computed, or any of them stood in a run queue.

    Only differences between two moments mean something; one can be negative where a thread has ended. Where
    the system has no run queue to tell, it is what the others computed.

    Args:
        names: Lists a folder.
    """
    spent = _process_clock() - _thread_clock()
    try:
        tasks = names(TASKS)
    except OSError:
        return spent
    if 1 < len(tasks) <= MOST_TASKS:
        return spent + sum(_queued("%s/%s/schedstat" % (TASKS, task)) for task in tasks)
    return spent + _queued(_OWN)


def _queued(path: str) -> int:
    """Nanoseconds that a thread was ready and did not run; 0 where that is not told."""
    try:
        descriptor = _open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        try:
            fields = _read(descriptor, _BYTES).split()
        finally:
            _close(descriptor)
        return int(fields[1])
    except (OSError, IndexError, ValueError):
        return 0

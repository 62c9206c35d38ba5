"""What the processes below this one have computed so far, as the system tells it (proc(5))."""

import os
from collections.abc import Collection
from pathlib import Path

_PROCESSES = Path("/proc")
_PARENT, _TIMES = 1, slice(11, 15)  # fields behind the name: its own time, and that of children it waited for


def children() -> frozenset[int]:
    """Processes whose parent is this one, ended ones that were not waited for included; empty off Linux."""
    own = os.getpid()
    return frozenset(pid for pid, fields in _all().items() if int(fields[_PARENT]) == own)


def cpu_seconds_below(spared: Collection[int]) -> float:
    """CPU seconds of all processes below this one so far; 0 where the system does not tell.

    Those whose parent told the system to forget them (SIGCHLD ignored) are counted only while they run.

    Args:
        spared: Children of this process that are left out, with all below them.
    """
    known = _all()
    below: dict[int, list[int]] = {}
    for pid, fields in known.items():
        below.setdefault(int(fields[_PARENT]), []).append(pid)
    ticks, waiting = 0, [pid for pid in below.get(os.getpid(), ()) if pid not in spared]
    while waiting:
        pid = waiting.pop()
        ticks += sum(map(int, known[pid][_TIMES]))
        waiting += below.get(pid, ())
    return ticks / os.sysconf("SC_CLK_TCK")


def _all() -> dict[int, list[bytes]]:
    """All processes, each with the fields of its ``stat`` that stand behind its name."""
    found = {}
    for entry in _PROCESSES.glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything.
            found[int(entry.parent.name)] = entry.read_bytes().rpartition(b")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
    return found

"""The files that one process's trace is written to; ``hitrate.trace`` reads them.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
The files are memory-mapped, so that they survive ``os._exit``, SIGTERM and SIGKILL.

Files, native byte order
    ``<stem>.trace``, one a process: ``HEADER`` and, from ``ENDINGS_AT`` on, ``ENDING_WORDS`` 64-bit words for
    each time that a wrapper stopped recording: its number and the reason; calls counted since; how often one
    of them was timed, the calls within those, their own included, and their CPU time in ns. Then chunks. A
    chunk is ``CHUNK`` and three columns of ``capacity`` entries: ``starts`` and ``ends`` (64 bits, signed)
    and ``numbers`` (32 bits). Each thread fills chunks of its own, in the order in which calls begin
    (*preorder*), so that what an entry calls follows it. ``<stem>.names`` holds texts, a line each.
    ``announced`` holds a stem a line, written before anything else.

Entries
    A number below ``EVENTS`` is a call with one key of one wrapped function; 0 is an entry that was not used.
    ``starts`` and ``ends`` are ``perf_counter_ns``; the end is negative if the call raised, 0 if it never
    came back. ``BLOCK`` entries say which numbers belong to which wrapper. The first number of a wrapper's
    first block stands for calls whose arguments cannot be a key, the second for ``cache_clear()``. Numbers
    from ``EVENTS`` on are not calls; the two other columns hold their values. ``SLOWED`` stands before a call
    during which the oracle has a profile function, so that it takes longer than others, and with a 0 where
    there is none any more. ``AGAIN`` says how many ns a function with a cache took for a key when the oracle
    ran it. ``ENGAGED`` and ``WORKED`` are a time and what ``Engagement`` told then.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Sequence, Tuple

    Columns = Tuple[memoryview, memoryview, memoryview]  # starts, ends, numbers

MAGIC = b"hitrate1"
PAGE = mmap.ALLOCATIONGRANULARITY
# magic, interpreter, process, ns of the fork (0: started), stem of the parent, CPU ns of importing the probe
# (0: forked), ``COSTS`` in ns
HEADER = struct.Struct("=8sIIq64s8d")
# what recording adds to a call's own time and outside of it; lru_cache's hit, miss; KEY_COST of a plain key;
# what counting adds to a call, what timing adds to one that is timed
COSTS = ("inside", "outside", "hit", "miss", "lookup", "counted", "timed")
HEAD_BYTES = 32 * PAGE
ENDING_WORDS = 5
ENDINGS_AT, ENDINGS = 512, (HEAD_BYTES - 512) // (8 * ENDING_WORDS)
CHUNK = struct.Struct("=4sI")
CHUNK_MAGIC = b"chnk"
CHUNK_HEAD = 16
ENTRY_BYTES = 20
FIRST_CHUNK_BYTES, LAST_CHUNK_BYTES = 8 * PAGE, 1 << 18

EVENTS = 0xFFFFFF00
INSTANCE, BLOCK, SAME, TEST, THREAD, CLOCK, LOST = range(EVENTS, EVENTS + 7)
RESULT_SIZE, KEY_SIZE, KEY_COST, SLOWED, AGAIN, ENGAGED, WORKED = range(EVENTS + 7, EVENTS + 14)
CHEAP, BUSY, CROWDED, DEEP, UNWRITABLE, ENDLESS = range(1, 7)  # why a wrapper records no more
UNCOUNTED = (CHEAP, DEEP, ENDLESS)  # the function itself is run from then on

_OPEN = os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_MMAP: Dict[str, bool] = {"trackfd": False} if sys.version_info >= (3, 13) and os.name == "posix" else {}


class TraceFile:
    """One process's files; where they cannot be written, what is written goes nowhere.

    Attributes:
        stem: Their name without ending.
        path: The same with the folder.
    """

    def __init__(self, folder: str, parent: str, forked_at: int) -> None:
        """Announce the process and lay out its file.

        Args:
            folder: Where it goes.
            parent: Stem of the process that this one was forked from, else empty.
            forked_at: When that was.
        """
        self.folder = folder
        self.stem = "%d-%s" % (os.getpid(), os.urandom(6).hex())
        self.path = os.path.join(folder, self.stem)
        self.end = self.ended = 0
        self.chunk_bytes = FIRST_CHUNK_BYTES
        self.writable = self._append("announced", self.stem)
        head = self._extend(HEAD_BYTES) if self.writable else None
        self.head = head or memoryview(bytearray(HEAD_BYTES))
        self.endings = self.head[ENDINGS_AT:].cast("Q")
        self.first = (MAGIC, sys.hexversion, os.getpid(), forked_at, parent.encode())
        self.imported = 0
        self.tell_costs((0.0,) * len(COSTS))

    def tell_costs(self, costs: Sequence[float]) -> None:
        """Say what the probe costs, nanoseconds a call as ``COSTS`` has them."""
        HEADER.pack_into(self.head, 0, *self.first, float(self.imported), *costs)

    def tell_import(self, nanoseconds: int) -> None:
        """Say how much CPU time importing the probe took."""
        self.imported = nanoseconds
        self.tell_costs((0.0,) * len(COSTS))

    def note(self, *words: object) -> None:
        """Add a line to the process's texts."""
        self._append(self.stem + ".names", "\t".join(map(str, words)))

    def chunk(self) -> Columns | None:
        """An empty chunk at the end of the file; None when the file cannot grow."""
        view = self._extend(self.chunk_bytes) if self.writable else None
        if view is None:
            return None
        self.chunk_bytes = min(2 * self.chunk_bytes, LAST_CHUNK_BYTES)
        capacity = (len(view) - CHUNK_HEAD) // ENTRY_BYTES
        CHUNK.pack_into(view, 0, CHUNK_MAGIC, capacity)
        return columns(view, capacity)

    def ending(self, instance: int, reason: int) -> tuple[memoryview, int]:
        """Note that a wrapper records no more; where its calls are counted from now on."""
        place = ENDING_WORDS * min(self.ended, ENDINGS - 1)  # the last ones share a place
        self.ended += 1
        self.endings[place] = instance | reason << 32
        return self.endings, place + 1

    def _append(self, name: str, line: str) -> bool:
        """Add a line to a file of texts; opened each time, since tests may close every descriptor."""
        try:
            descriptor = os.open(os.path.join(self.folder, name), os.O_WRONLY | os.O_APPEND | _OPEN, 0o666)
            try:
                line = line.replace("\\", "\\\\").replace("\n", "\\n")
                os.write(descriptor, line.encode("utf-8", "backslashreplace") + b"\n")
            finally:
                os.close(descriptor)
        except OSError:
            return False
        return True

    def _extend(self, size: int) -> memoryview | None:
        """Map ``size`` more bytes of the file; None when they cannot be had.

        They are written first: a mapped page that has no room on the disk would kill the process. (It is also
        three times faster than to let the pages be made when they are touched.)
        """
        try:
            descriptor = os.open(self.path + ".trace", os.O_RDWR | _OPEN, 0o644)
            try:
                os.lseek(descriptor, self.end, os.SEEK_SET)
                if os.write(descriptor, bytes(size)) < size:
                    raise OSError("disk full")
                view = memoryview(mmap.mmap(descriptor, size, offset=self.end, **_MMAP))
            finally:
                os.close(descriptor)
        except (OSError, ValueError, MemoryError):
            self.writable = False
            return None
        self.end += size
        return view


def columns(view: memoryview, capacity: int) -> Columns:
    """The columns of a chunk."""
    at = [CHUNK_HEAD, CHUNK_HEAD + 8 * capacity, CHUNK_HEAD + 16 * capacity, CHUNK_HEAD + 20 * capacity]
    return view[at[0] : at[1]].cast("q"), view[at[1] : at[2]].cast("q"), view[at[2] : at[3]].cast("I")


def nowhere(capacity: int) -> Columns:
    """Columns in memory, which nobody will read."""
    return columns(memoryview(bytearray(CHUNK_HEAD + ENTRY_BYTES * capacity)), capacity)

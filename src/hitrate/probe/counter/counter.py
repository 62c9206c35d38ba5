"""Counts what real ``functools.lru_cache`` objects do, in the process that uses them.

Laid out in a package of its own for each run and imported by patched code. Standard library, CPython 3.8+.
After every call the cache's own ``cache_info()`` goes to a memory-mapped file, one a process, so that the
figures survive ``os._exit``, SIGTERM and SIGKILL. A forked child inherits the cache's entries but begins
a file of its own with counts from zero: the sum over files is the sum over processes.

File layout, native byte order, 64-bit words: ``MAGIC``, slots, pid, parent pid; then per slot hits, misses,
refused (unhashable arguments), nanoseconds spent in calls, calls from within a call of the same function.
Beside it ``<stem>.tests`` holds lines ``slot TAB test``, and ``<stem>.callers`` lines ``slot TAB slot`` of
functions and those from within whose calls they were called.
"""

from __future__ import annotations

import functools
import mmap
import os
import time
from typing import Any, Callable, List, Optional, Set

MAGIC = 0x48495452_41544531
HEADER_WORDS = 4
SLOT_WORDS = 5
SLOTS = 8192
HITS, MISSES, REFUSED, NANOSECONDS, REENTRIES = range(SLOT_WORDS)
FILE_BYTES = (HEADER_WORDS + SLOTS * SLOT_WORDS) * 8

Function = Callable[..., Any]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_RECORDS = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "records")
# The mapping under os.environ is read without decoding: this happens on every call.
_ENVIRONMENT: Any = getattr(os.environ, "_data", os.environ)
# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)
_TEST_KEY: Any = getattr(os.environ, "encodekey", str)("PYTEST_CURRENT_TEST")


class _Ledger:
    """This process's file; where none can be had, the counts go nowhere and the tests go on."""

    def __init__(self) -> None:
        self.counts: List[_Count] = []
        self.open()

    def open(self) -> None:
        self.tests: Optional[str] = None
        self.callers: Optional[str] = None
        self.cells = memoryview(bytearray(FILE_BYTES)).cast("Q")
        stem = os.path.join(_RECORDS, "%d-%s" % (os.getpid(), os.urandom(6).hex()))
        try:
            self.cells = _mapped(stem + ".counts")
            self.tests, self.callers = stem + ".tests", stem + ".callers"
        except OSError:
            pass  # a full disk must not fail the tests
        self.cells[1], self.cells[2], self.cells[3] = SLOTS, os.getpid(), os.getppid()
        self.cells[0] = MAGIC

    def note_test(self, slot: int, test: Any) -> None:
        text = os.fsdecode(test).replace("\n", " ").replace("\t", " ")
        if self.tests is not None and not _appended(self.tests, "%d\t%s\n" % (slot, text)):
            self.tests = None

    def note_caller(self, slot: int, caller: int) -> None:
        if self.callers is not None and not _appended(self.callers, "%d\t%d\n" % (slot, caller)):
            self.callers = None

    def restart(self) -> None:
        """In a forked child: a new file; what the parent counted is the parent's."""
        self.open()
        for count in self.counts:
            count.forget()


def _appended(path: str, line: str) -> bool:
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(line)
    except OSError:
        return False
    return True


def _mapped(path: str) -> memoryview:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        os.ftruncate(descriptor, FILE_BYTES)
        return memoryview(mmap.mmap(descriptor, FILE_BYTES)).cast("Q")
    finally:
        os.close(descriptor)


class _Count:
    """What one cache counted before its present ``cache_info()``: cleared, or inherited by fork."""

    def __init__(self, slot: int, cache_info: Function) -> None:
        self.place = HEADER_WORDS + slot * SLOT_WORDS
        self.cache_info = cache_info
        self.hits = self.misses = self.depth = 0

    def forget(self) -> None:
        hits, misses, _, _ = self.cache_info()
        self.hits, self.misses = -hits, -misses

    def carry(self) -> None:
        hits, misses, _, _ = self.cache_info()
        self.hits += hits
        self.misses += misses


_ledger = _Ledger()
_opened: List[int] = []  # the calls that have begun, of all threads: a wrong caller only makes for caution
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ledger.restart)


def count(slot: int, maxsize: Optional[int] = 128, typed: bool = False) -> Callable[[Function], Function]:
    """Decorate with a real ``functools.lru_cache`` whose figures are counted under ``slot``."""

    def decorate(function: Function) -> Function:
        return _counted(function, slot, functools.lru_cache(maxsize=maxsize, typed=typed)(function))

    return decorate


def _counted(function: Function, slot: int, cached: Any) -> Function:
    cache_info = cached.cache_info
    own = _Count(slot, cache_info)
    ledger, clock, environment, test_key = _ledger, _clock, _ENVIRONMENT, _TEST_KEY
    opened, callers, place = _opened, {slot}, own.place
    ledger.counts.append(own)
    seen: Set[Any] = set()
    last: Any = None

    def lookup(*args: Any, **kwargs: Any) -> Any:
        nonlocal last
        test = environment.get(test_key)
        if test is not last:
            last = test
            if test is not None and test not in seen:
                seen.add(test)
                ledger.note_test(slot, test)
        if own.depth:
            ledger.cells[place + REENTRIES] += 1
        own.depth += 1
        if opened and opened[-1] not in callers:
            callers.add(opened[-1])
            ledger.note_caller(slot, opened[-1])
        opened.append(slot)
        start = clock()
        try:
            return cached(*args, **kwargs)
        except TypeError as error:
            if _raised_by_lookup(error):
                ledger.cells[place + REFUSED] += 1
            raise
        finally:
            cells = ledger.cells
            hits, misses, _, _ = cache_info()
            cells[place] = own.hits + hits
            cells[place + 1] = own.misses + misses
            cells[place + 3] += clock() - start
            own.depth -= 1
            opened.pop()

    def cache_clear() -> None:
        own.carry()
        cached.cache_clear()

    functools.update_wrapper(lookup, function)
    vars(lookup).update(cache_info=cache_info, cache_clear=cache_clear)
    if hasattr(cached, "cache_parameters"):
        vars(lookup)["cache_parameters"] = cached.cache_parameters
    return lookup


def _raised_by_lookup(error: TypeError) -> bool:
    """Whether the key could not be hashed: then the function was not called and no frame of it is seen."""
    trace = error.__traceback__
    return trace is not None and trace.tb_next is None and "unhashable" in str(error)

"""Counts what real ``functools.lru_cache`` objects do, in the process that uses them.

Laid out under a name of its own for each run and imported by patched code. Standard library, CPython 3.8+.
After every call the cache's own ``cache_info()`` goes to a memory-mapped file, one a process, so that the
figures survive ``os._exit``, SIGTERM and SIGKILL. A forked child inherits the cache's entries but begins
a file of its own with counts from zero: the sum over files is the sum over processes.

File layout, native byte order, 64-bit words: ``MAGIC``, slots, pid, parent pid; then per slot hits, misses,
refused (unhashable arguments), nanoseconds spent in calls, entries. Beside it ``<stem>.tests`` holds lines
``slot TAB test``.
"""

import functools
import mmap
import os
import time

MAGIC = 0x48495452_41544531
HEADER_WORDS = 4
SLOT_WORDS = 5
SLOTS = 8192
HITS, MISSES, REFUSED, NANOSECONDS, ENTRIES = range(SLOT_WORDS)

_RECORDS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "records")
# The mapping under os.environ is read without decoding: this happens on every call.
_ENVIRONMENT = getattr(os.environ, "_data", os.environ)
_TEST_KEY = getattr(os.environ, "encodekey", str)("PYTEST_CURRENT_TEST")


class _Ledger:
    """This process's file; where none can be had, the counts go nowhere and the tests go on."""

    def __init__(self):
        self.counts = []
        self.open()

    def open(self):
        words = HEADER_WORDS + SLOTS * SLOT_WORDS
        self.tests = None
        try:
            stem = os.path.join(_RECORDS, "%d-%s" % (os.getpid(), os.urandom(6).hex()))
            descriptor = os.open(stem + ".counts", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                os.ftruncate(descriptor, words * 8)
                self.cells = memoryview(mmap.mmap(descriptor, words * 8)).cast("Q")
            finally:
                os.close(descriptor)
            self.tests = stem + ".tests"
        except OSError:
            self.cells = memoryview(bytearray(words * 8)).cast("Q")
        self.cells[1], self.cells[2], self.cells[3] = SLOTS, os.getpid(), os.getppid()
        self.cells[0] = MAGIC

    def note_test(self, slot, test):
        if self.tests is None:
            return
        try:
            text = os.fsdecode(test).replace("\n", " ").replace("\t", " ")
            with open(self.tests, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write("%d\t%s\n" % (slot, text))
        except OSError:
            self.tests = None

    def restart(self):
        """In a forked child: a new file; what the parent counted is the parent's."""
        self.open()
        for count in self.counts:
            count.forget()


_ledger = _Ledger()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ledger.restart)


class _Count:
    """What one cache counted before its present ``cache_info()``: cleared, or inherited by fork."""

    def __init__(self, slot, cache_info):
        self.place = HEADER_WORDS + slot * SLOT_WORDS
        self.cache_info = cache_info
        self.hits = self.misses = 0

    def forget(self):
        hits, misses, _, entries = self.cache_info()
        self.hits, self.misses = -hits, -misses
        _ledger.cells[self.place + ENTRIES] = entries

    def carry(self):
        hits, misses, _, _ = self.cache_info()
        self.hits += hits
        self.misses += misses


def count(slot, maxsize=128, typed=False):
    """Decorate with a real ``functools.lru_cache`` whose figures are counted under ``slot``."""

    def decorate(function):
        return _counted(function, slot, functools.lru_cache(maxsize=maxsize, typed=typed)(function))

    return decorate


def _counted(function, slot, cached):
    cache_info = cached.cache_info
    own = _Count(slot, cache_info)
    place = own.place
    ledger, clock, environment, test_key = _ledger, time.perf_counter_ns, _ENVIRONMENT, _TEST_KEY
    ledger.counts.append(own)
    seen = set()
    last = None

    @functools.wraps(function)
    def lookup(*args, **kwargs):
        nonlocal last
        test = environment.get(test_key)
        if test is not last:
            last = test
            if test is not None and test not in seen:
                seen.add(test)
                ledger.note_test(slot, test)
        start = clock()
        try:
            return cached(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__.tb_next is None and "unhashable" in str(error):
                # Raised by the look-up itself: the function was not called.
                ledger.cells[place + REFUSED] += 1
            raise
        finally:
            cells = ledger.cells
            hits, misses, _, entries = cache_info()
            cells[place] = own.hits + hits
            cells[place + 1] = own.misses + misses
            cells[place + 3] += clock() - start
            cells[place + 4] = entries

    def cache_clear():
        own.carry()
        cached.cache_clear()

    lookup.cache_info = cache_info
    lookup.cache_clear = cache_clear
    parameters = getattr(cached, "cache_parameters", None)
    if parameters is not None:
        lookup.cache_parameters = parameters
    return lookup

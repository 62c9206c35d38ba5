"""Records every call of the functions that it wraps, for an offline replay of ``lru_cache`` over them.

Laid out in a package of its own for each run and imported by patched code. Standard library, CPython 3.8+.
It never changes a result or an exception, and adds one frame to a traceback. It writes a ``tracefile``.

Keys
    As ``lru_cache`` makes them: a single ``int`` or ``str`` is its own key, else the tuple of arguments;
    keywords follow behind a mark. Objects that are equal to others too are kept alive (``arguments``), until
    all wrappers hold ``KEY_BYTES``: then the one that meets a new key lets its keys go.

How the cost is bounded
    Now and then calls are looked at (``spending``). A function as cheap as its lookups would be is
    *settled*: its wrapper turns back into the function itself and costs nothing from then on. Where
    recording takes too much of the process's time, calls of functions that take too little of it to matter
    are from then on only counted, and some of them timed. Should it then take enough, it is recorded again.

The oracle, which compares and watches (hazards), is in the package only where it is asked for. Without it,
nothing below happens.

    ``begin(stem: str, let_go: Callable) -> Oracle``
        Once a process, and again in a forked child, with the path of the process's files without ending.
        ``let_go()`` makes the recorder forget its keys.
    ``Oracle.watch(slot: int, instance: int, function, wanted: set, refused: int) -> Watch | None``
        For each wrapped function object that is called: ``slot`` is the analysed function, ``instance``
        counts the decorated objects of the process (a decorated inner function has many), ``function`` is
        undecorated, or the real cache if there is one. ``wanted`` is the oracle's to fill, at any time:
        **only calls whose key number is in it are shown**, everything else stays on the fast path.
        ``refused`` is the number of calls whose arguments cannot be a key.
    ``Watch.met(number: int, args: tuple, kwargs: dict) -> None``
        A key was seen for the first time; add ``number`` to ``wanted`` to be shown this very call.
    ``Watch.before(number, args, kwargs) -> token``
        A wanted call begins. ``None`` declines: the two below are then not called for it.
    ``Watch.returned(token, result, served: bool) -> int | None``, ``Watch.raised(token, error) -> None``
        It ended; ``served`` if an existing cache answered and the function did not run. If the oracle has run
        it then: how many ns that took.
    ``Watch.cleared() -> None``
        ``cache_clear()`` was called.
    ``Oracle.tick(now: int) -> None``
        From some recorded call, at most once a millisecond: a place to put numbers into ``wanted`` again.
    ``Oracle.test(name: str | None) -> None``
        Another test runs now (pytest), ``None``: none does.
    All times are ``perf_counter_ns``. Time spent in these calls is recorded and subtracted, and observed
    functions that they call are not recorded. An exception out of one of them ends the oracle, not the test.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
import weakref
from bisect import bisect_right

from .. import BEGAN
from . import leaving, tracefile
from .calibration import calibrated
from .lane import DEEPER, ENVIRONMENT, PATH_KEY, ROOM, TEST_KEY, Lane, clock, end_entry
from .recursionlimit import RecursionLimit
from .spending import Spending
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional, Tuple, TypeVar, Union

    from ..oracle.oracle import Oracle

    Answer = TypeVar("Answer")

NOWHERE = 1_000  # entries of a chunk that nobody will read
INSTANCES = 20_000
INTERVAL = 1_000_000

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_RECORDS = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "records")
_cpu_clock = time.thread_time_ns


def observe(
    slot: int, cache: Optional[Tuple[Optional[int], bool]] = None, without: Tuple[str, ...] = ()
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Decorate a function so that its calls are recorded.

    Args:
        slot: Number of the analysed function.
        cache: ``maxsize`` and ``typed`` of the cache that the function carries and that goes on working
            inside; None where it has none.
        without: Parameters; for each of them the trace says which keys differ in nothing else.
    """

    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        made = _recorder.made.get(slot, 0)
        _recorder.made[slot] = made + 1
        if made >= INSTANCES:
            return function if cache is None else functools.lru_cache(*cache)(function)
        return Watched(_recorder, slot, function, cache, without).wrap()

    return decorate


class Recorder:
    """This process's files, and what is observed in it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.local = threading.local()
        self.made: dict[int, int] = {}
        self.blocks: list[tuple[int, int, int]] = []  # first number, how many, instance
        self.firsts: list[int] = []
        self.owners: list[weakref.ref[Watched]] = []
        self.instances: list[tuple[int, int]] = []  # instance, slot
        self.next_number = 1
        self.key_bytes = 0
        self.costs = (0.0,) * len(tracefile.COSTS)
        self.calibrations: list[tuple[float, ...]] = []
        self.stem = self.parent = ""  # no stem: the process has no file yet
        self.forked_at = 0
        self.recursion_limit = RecursionLimit()
        self.spending = Spending(self)
        self.begin_oracle = _oracle()
        self.begin("")

    def begin(self, parent: str) -> None:
        """Announce the process and lay out its file; without one, entries go nowhere."""
        self.file = tracefile.TraceFile(_RECORDS, parent, self.forked_at)
        self.stem = self.file.stem
        self.serials = 0
        self.spending.begin()
        self.spare: list[tuple[int, tracefile.Columns]] = []  # of threads that have ended
        self.tests: dict[str, int] = {}
        self.oracle: Optional[Oracle] = None
        if self.begin_oracle is not None:
            self.oracle = self.begin_oracle(self.file.path, self.let_go)

    def note(self, *words: object) -> None:
        """Add a line to the process's texts."""
        if not self.stem:
            self.begin(self.parent)
        self.file.note(*words)

    def lane(self) -> Lane:
        """The thread's lane, with room for some entries."""
        lane: Lane | None = getattr(self.local, "lane", None)
        if lane is not None and lane.index < lane.size - ROOM:
            return lane
        began = clock()
        with self.lock:
            if lane is None:
                lane = self.start_lane()
            else:
                self.spending.look(lane)
                self.new_chunk(lane)
        self.event(lane, tracefile.LOST, began, clock())
        return lane

    def start_lane(self) -> Lane:
        if not self.stem:
            self.begin(self.parent)
        if not self.calibrations:
            self.calibrate()
        self.serials += 1
        lane = Lane(self, self.serials)
        if self.spare:
            lane.index, lane.columns = self.spare.pop()
            self.event(lane, tracefile.THREAD, lane.serial, clock())
        else:
            self.new_chunk(lane)
        if lane.serial == 1:
            for instance, slot in self.instances:
                self.event(lane, tracefile.INSTANCE, instance, slot)
            for first, count, instance in self.blocks:
                self.event(lane, tracefile.BLOCK, first | count << 32, instance)
        self.local.lane = lane
        return lane

    def calibrate(self) -> Tuple[float, ...]:
        """What the probe costs at this moment; the file says the median of the moments so far."""
        costs = calibrated(self)
        self.calibrations.append(costs)
        self.costs = tuple(sorted(each)[(len(each) - 1) // 2] for each in zip(*self.calibrations))
        self.file.tell_costs(self.costs)
        return costs

    def new_chunk(self, lane: Lane) -> None:
        """Give the lane an empty chunk; when the file cannot grow, one that nobody will read."""
        lane.older = [*lane.older, lane.ends] if lane.depth else []
        columns = self.file.chunk()
        if columns is None:
            for watched in self.live():
                watched.stop(tracefile.UNWRITABLE)
        lane.index, lane.columns = 0, columns or tracefile.nowhere(NOWHERE)
        self.event(lane, tracefile.THREAD, lane.serial, clock())

    def reserve(self, number: int) -> tuple[Lane, memoryview, int, int]:
        """Begin an entry where the short way could not."""
        lane = self.lane()
        index, lane.index = lane.index, lane.index + 1
        lane.numbers[index], lane.starts[index] = number, clock()
        return lane, lane.ends, index, lane.depth

    def event(self, lane: Lane, code: int, first: int, second: int) -> None:
        """Write an entry that is no call."""
        if lane.index >= lane.size:
            self.new_chunk(lane)
        index = lane.index
        lane.index = index + 1
        lane.starts[index], lane.ends[index] = first, second
        lane.numbers[index] = code

    def pause(self) -> tuple[memoryview, int]:
        """Begin a stretch of time that is the probe's own; calls that begin in it do not count."""
        lane = self.lane()
        index = lane.index
        lane.index = index + 1
        lane.starts[index] = clock()
        lane.numbers[index] = tracefile.LOST
        return lane.ends, index

    def attend(self, lane: Lane) -> None:
        """Look at what may have changed since the last call: the test, the depth, the CPU clock."""
        seen = ENVIRONMENT.get(TEST_KEY)
        if seen is not lane.seen:
            self.change_test(lane, seen)
        if lane.depth >= lane.deep:
            lane.deep = lane.depth + DEEPER
            self.recursion_limit.deepen(lane.depth)
        now = clock()
        if now > lane.due:
            cpu = _cpu_clock()
            self.event(lane, tracefile.CLOCK, now, cpu)
            if lane.stood_still(now, cpu):
                kept, worked = lane.engaged()
                self.event(lane, tracefile.ENGAGED, now, kept)
                self.event(lane, tracefile.WORKED, now, worked)
            lane.due = now + INTERVAL
            lane.deep = min(lane.deep, lane.depth + DEEPER)
            if lane.slowed and sys.getprofile() is None:
                lane.slowed = False
                self.event(lane, tracefile.SLOWED, 0, 0)
            if self.oracle is not None:
                self.consult(self.oracle.tick, now)

    def look_at_test(self) -> None:
        """Notice that another test runs before a call of it is shown to the oracle."""
        lane, seen = self.lane(), ENVIRONMENT.get(TEST_KEY)
        if seen is not lane.seen:
            ends, index = self.pause()
            self.change_test(lane, seen)
            end_entry(ends, index)

    def change_test(self, lane: Lane, seen: Optional[Union[str, bytes]]) -> None:
        lane.seen = seen
        if seen is None and PATH_KEY not in ENVIRONMENT:
            return  # a test that empties its environment is still the same test
        name = None if seen is None else os.fsdecode(seen).rpartition(" (")[0]
        number = 0
        if name is not None:
            if name not in self.tests:
                self.tests[name] = len(self.tests) + 1
                self.note("test", self.tests[name], name)
            number = self.tests[name]
        if number == lane.test:
            return
        lane.test = number
        self.event(lane, tracefile.TEST, number, clock())
        if not lane.depth:
            self.recursion_limit.lower()
        if self.oracle is not None:
            self.consult(self.oracle.test, name)

    def ask(self, question: Callable[..., Answer], *values: object) -> Optional[Answer]:
        """Call the oracle; its errors end it, not the test."""
        if self.lane().asking:
            return None
        ends, index = self.pause()
        try:
            return self.consult(question, *values)
        finally:
            end_entry(ends, index)

    def consult(self, question: Callable[..., Answer], *values: object) -> Optional[Answer]:
        """The same within a stretch of time that is the probe's own already."""
        lane = self.lane()
        if lane.asking:
            return None
        lane.asking = True
        try:
            return question(*values)
        except Exception as error:
            self.oracle = None
            for watched in self.live():
                watched.wanted.clear()
            self.note("oracle", type(error).__name__, error)
            return None
        finally:
            lane.asking = False

    def live(self) -> list[Watched]:
        """The wrappers that were called and are still there."""
        owners = dict.fromkeys(owner() for owner in self.owners)  # there is one for each block of numbers
        return [watched for watched in owners if watched is not None]

    def let_go(self) -> None:
        """Forget all keys and cached results: the process ends, and the oracle looks what else holds them."""
        for watched in self.live():
            watched.let_go()

    def release(self) -> None:
        """Forget all keys: nothing that matters is recorded any more."""
        for watched in self.live():
            watched.release()

    def block(self, watched: Watched, count: int) -> int:
        """Give a wrapper numbers for its next keys; the first of them is returned."""
        with self.lock:
            first, self.next_number = self.next_number, self.next_number + count
            self.blocks.append((first, count, watched.instance))
            self.firsts.append(first)
            self.owners.append(weakref.ref(watched))
        self.event(self.lane(), tracefile.BLOCK, first | count << 32, watched.instance)
        return first

    def instance(self, slot: int) -> int:
        """Number a wrapper that is called for the first time."""
        with self.lock:
            number = len(self.instances) + 1
            self.instances.append((number, slot))
        self.event(self.lane(), tracefile.INSTANCE, number, slot)
        return number

    def look(self) -> None:
        """Look at what recording takes, from within a call."""
        ends, index = self.pause()
        with self.lock:
            self.spending.look(self.lane())
        end_entry(ends, index)

    def owner_of(self, number: int) -> Watched | None:
        """Whose key it is; None where that is gone."""
        return self.owners[bisect_right(self.firsts, number) - 1]()

    def forking(self) -> None:
        self.forked_at = clock()

    def forked(self) -> None:
        """In a child: begin files of its own at the first call; calls that are open are the parent's."""
        lane: Lane | None = getattr(self.local, "lane", None)
        if lane is not None:
            lane.stem = ""
            for view in (*lane.older, *lane.columns):
                view.release()
        self.lock = threading.RLock()
        self.local.__dict__.clear()
        self.spare.clear()
        if self.stem:
            self.parent, self.stem = self.stem, ""


def _oracle() -> Optional[Callable[[str, Callable[[], None]], Oracle]]:
    """How an oracle begins; None where none was laid out for this run."""
    if not os.path.exists(os.path.join(_PACKAGE, "oracle", "oracle.py")):
        return None
    try:
        from ..oracle.oracle import begin  # noqa: PLC0415 - only some runs have one
    except Exception:  # the tests go on without it
        return None
    return begin


_recorder = Recorder()
_recorder.file.tell_import(time.thread_time_ns() - BEGAN)
leaving.arrange(_recorder.release)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_recorder.forking, after_in_child=_recorder.forked)

"""Records every call of the functions that it wraps, for an offline replay of ``lru_cache`` over them.

Laid out under a name of its own for each run and imported by patched code. Standard library, CPython 3.8+.
It never changes a result or an exception, and adds one frame to a traceback. What it sees goes to a
``tracefile``, which lies beside this file as ``bodies`` and ``arguments`` do.

Keys
    As ``lru_cache`` makes them: a single ``int`` or ``str`` is its own key, else the tuple of arguments;
    keywords follow behind a mark. A key's objects live as long as those of an unbounded ``lru_cache``, until
    all wrappers hold ``KEY_BYTES``; then the one that meets a new key records no more and lets its keys go.

How the cost is bounded
    When a chunk is full its calls are looked at. A function as cheap as its look-ups would be is *settled*:
    its wrapper turns back into the function itself and costs nothing from then on. Where recording takes more
    than ``SHARE`` of the process's CPU time, calls of the busiest function are from then on only counted, and
    some of them timed.

The oracle, which compares and watches (hazards), lies beside this file under the same name with ``oracle`` in
place of ``recorder``. Without it, nothing below happens.

    ``begin(stem: str) -> Oracle``
        Once a process, and again in a forked child, with the path of the process's files without ending.
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

import contextlib
import functools
import importlib
import os
import sys
import threading
import time
import types
import weakref
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Tuple

    _Columns = Tuple[memoryview, memoryview, memoryview]  # starts, ends, numbers
    _Token = Tuple[Any, int, int]  # the oracle's, misses of the existing cache so far, the key's number

tracefile = importlib.import_module(__name__.replace("recorder", "tracefile"))
arguments = importlib.import_module(__name__.replace("recorder", "arguments"))
bodies = importlib.import_module(__name__.replace("recorder", "bodies"))

ROOM = 8  # entries of a chunk that are kept for events
DEEPER = 16  # nested calls after which the recursion limit is looked at again
NOWHERE = 1_000  # entries of a chunk that nobody will read
SLACK = 32  # frames that the probe may need for itself
ENOUGH = 64
NEW_KEY = 6  # entries that cost as much time as a new key
ENTRIES = 4_000_000
KEY_BYTES = 256 << 20  # of all keys in a process, their arguments included
OWN_KEY_BYTES = 200  # what the recorder itself needs for a key
SHARE = 0.05
FREE_ENTRIES = 100_000
DEPTH = 2_500
INSTANCES = 20_000
PROJECTED = 10_000
SAMPLES = 256
LOOK_UPS = 6
INTERVAL = 1_000_000

_RECORDS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "records")
# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)
_cpu_clock = time.thread_time_ns
# Read without decoding: this happens on every call.
_ENVIRONMENT: Any = getattr(os.environ, "_data", os.environ)
_TEST_KEY = getattr(os.environ, "encodekey", str)("PYTEST_CURRENT_TEST")
_PATH_KEY = getattr(os.environ, "encodekey", str)("PATH")
_PLAIN = frozenset({int, str})


def observe(slot: int, cache: tuple[int | None, bool] | None = None, without: tuple[str, ...] = ()) -> Any:
    """Decorate a function so that its calls are recorded.

    Args:
        slot: Number of the analysed function.
        cache: ``maxsize`` and ``typed`` of the cache that the function carries and that goes on working
            inside; None where it has none.
        without: Parameters; for each of them the trace says which keys differ in nothing else.
    """

    def decorate(function: Any) -> Any:
        made = _recorder.made.get(slot, 0)
        _recorder.made[slot] = made + 1
        if made >= INSTANCES:
            return function if cache is None else functools.lru_cache(cache[0], cache[1])(function)
        return _Watched(slot, function, cache, without).wrap()

    return decorate


class _Lane:
    """Where a thread's next entry goes.

    Attributes:
        index: The next free entry of the chunk's ``starts``, ``ends`` and ``numbers``, ``size`` long.
        due: When the CPU clock is read next.
        seen: The test variable as it was last seen; ``test`` is its number.
        depth: Recorded calls that are open; at ``deep`` the recursion limit is raised.
        older: Ends of earlier chunks in which calls may still be open.
        asking: Whether the oracle is being asked.
        slowed: Whether a profile function was there for it, when that was last looked at.
        serial: Of the thread, within the file that ``stem`` names.
    """

    __slots__ = (
        "asking", "deep", "depth", "due", "ends", "index", "numbers", "older", "recorder", "seen", "serial",
        "size", "slowed", "starts", "stem", "test",
    )  # fmt: skip

    def __init__(self, recorder: _Recorder, serial: int) -> None:
        self.recorder, self.stem, self.serial = recorder, recorder.stem, serial
        self.index = self.size = self.depth = self.due = self.test = 0
        self.deep = DEEPER
        self.seen: Any = None
        self.older: list[memoryview] = []
        self.asking = self.slowed = False

    def __del__(self) -> None:
        if self.index < self.size - ROOM and self.stem == self.recorder.stem:
            self.recorder.spare.append((self.index, self.columns))

    @property
    def columns(self) -> _Columns:
        return self.starts, self.ends, self.numbers

    @columns.setter
    def columns(self, columns: _Columns) -> None:
        self.starts, self.ends, self.numbers = columns
        self.size = len(self.numbers)


class _Recorder:
    """This process's files."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.local = threading.local()
        self.made: dict[int, int] = {}
        self.blocks: list[tuple[int, int, int]] = []  # first number, how many, instance
        self.firsts: list[int] = []
        self.owners: list[weakref.ref[_Watched]] = []
        self.instances: list[tuple[int, int]] = []  # instance, slot
        self.next_number = 1
        self.key_bytes = 0
        self.costs = (0.0,) * len(tracefile.COSTS)
        self.calibrations: list[tuple[float, ...]] = []
        self.stem = self.parent = ""  # no stem: the process has no file yet
        self.forked_at = 0
        self.limit = 0  # the recursion limit as it was last set here
        self.added = 0
        self.oracle_module = _beside("oracle")
        self.begin("")

    def begin(self, parent: str) -> None:
        """Announce the process and lay out its file; without one, entries go nowhere."""
        self.file = tracefile.TraceFile(_RECORDS, parent, self.forked_at)
        self.stem = self.file.stem
        self.entries = self.serials = 0
        self.spare: list[tuple[int, _Columns]] = []  # of threads that have ended
        self.tests: dict[str, int] = {}
        self.oracle = None if self.oracle_module is None else self.oracle_module.begin(self.file.path)

    def note(self, *words: object) -> None:
        """Add a line to the process's texts."""
        if not self.stem:
            self.begin(self.parent)
        self.file.note(*words)

    def lane(self) -> _Lane:
        """The thread's lane, with room for some entries."""
        lane: _Lane | None = getattr(self.local, "lane", None)
        if lane is not None and lane.index < lane.size - ROOM:
            return lane
        began = _clock()
        with self.lock:
            if lane is None:
                lane = self.start_lane()
            else:
                self.review(lane)
                self.new_chunk(lane)
        self.event(lane, tracefile.LOST, began, _clock())
        return lane

    def start_lane(self) -> _Lane:
        if not self.stem:
            self.begin(self.parent)
        if not self.calibrations:
            self.calibrated()
        self.serials += 1
        lane = _Lane(self, self.serials)
        if self.spare:
            lane.index, lane.columns = self.spare.pop()
            self.event(lane, tracefile.THREAD, lane.serial, _clock())
        else:
            self.new_chunk(lane)
        if lane.serial == 1:
            for instance, slot in self.instances:
                self.event(lane, tracefile.INSTANCE, instance, slot)
            for first, count, instance in self.blocks:
                self.event(lane, tracefile.BLOCK, first | count << 32, instance)
        self.local.lane = lane
        return lane

    def calibrated(self) -> tuple[float, ...]:
        """What the probe costs at this moment; the file says the median of the moments so far."""
        costs = _calibrated(self)
        self.calibrations.append(costs)
        self.costs = tuple(sorted(each)[(len(each) - 1) // 2] for each in zip(*self.calibrations))
        self.file.tell_costs(self.costs)
        return costs

    def new_chunk(self, lane: _Lane) -> None:
        """Give the lane an empty chunk; when the file cannot grow, one that nobody will read."""
        lane.older = [*lane.older, lane.ends] if lane.depth else []
        columns = self.file.chunk()
        if columns is None:
            for watched in self.live():
                watched.stop(tracefile.UNWRITABLE)
        lane.index, lane.columns = 0, columns or tracefile.nowhere(NOWHERE)
        self.event(lane, tracefile.THREAD, lane.serial, _clock())

    def reserve(self, number: int) -> tuple[_Lane, memoryview, int, int]:
        """Begin an entry where the short way could not."""
        lane = self.lane()
        index = lane.index
        lane.index = index + 1
        lane.numbers[index] = number
        lane.starts[index] = _clock()
        return lane, lane.ends, index, lane.depth

    def event(self, lane: _Lane, code: int, first: int, second: int) -> None:
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
        lane.starts[index] = _clock()
        lane.numbers[index] = tracefile.LOST
        return lane.ends, index

    def attend(self, lane: _Lane) -> None:
        """Look at what may have changed since the last call: the test, the depth, the CPU clock."""
        seen = _ENVIRONMENT.get(_TEST_KEY)
        if seen is not lane.seen:
            self.change_test(lane, seen)
        if lane.depth >= lane.deep:
            self.deepen(lane)
        now = _clock()
        if now > lane.due:
            self.event(lane, tracefile.CLOCK, now, _cpu_clock())
            lane.due = now + INTERVAL
            lane.deep = min(lane.deep, lane.depth + DEEPER)
            if lane.slowed and sys.getprofile() is None:
                lane.slowed = False
                self.event(lane, tracefile.SLOWED, 0, 0)
            if self.oracle is not None:
                self.ask(self.oracle.tick, now)

    def change_test(self, lane: _Lane, seen: Any) -> None:
        lane.seen = seen
        if seen is None and _PATH_KEY not in _ENVIRONMENT:
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
        self.event(lane, tracefile.TEST, number, _clock())
        self.lower(lane)
        if self.oracle is not None:
            self.ask(self.oracle.test, name)

    def deepen(self, lane: _Lane) -> None:
        """Make up for the frames that wrappers take of the recursion limit, when the program comes near it.

        Only then: programs notice a limit that changes (Hypothesis warns).
        """
        lane.deep = lane.depth + DEEPER
        frames = 0
        frame: types.FrameType | None = sys._getframe()
        while frame is not None:
            frames, frame = frames + 1, frame.f_back
        if sys.getrecursionlimit() - frames < SLACK + 3 * DEEPER * (1 + frames // max(1, lane.depth)):
            self.raise_limit(lane)

    def raise_limit(self, lane: _Lane) -> None:
        """Add to the recursion limit what the wrappers of open calls take of it, and some more."""
        limit = sys.getrecursionlimit()
        own = limit - self.added if limit == self.limit else limit
        self.added = lane.depth + DEEPER + SLACK
        self.limit = own + self.added
        sys.setrecursionlimit(self.limit)

    def lower(self, lane: _Lane) -> None:
        """Give the recursion limit back as it was before it was raised."""
        if self.added and not lane.depth:
            if sys.getrecursionlimit() == self.limit:
                sys.setrecursionlimit(self.limit - self.added)
            self.added = self.limit = 0

    def ask(self, question: Callable[..., Any], *values: Any) -> Any:
        """Call the oracle; its errors end it, not the test."""
        lane = self.lane()
        if lane.asking:
            return None
        lane.asking = True
        ends, index = self.pause()
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
            _end(ends, index)

    def live(self) -> list[_Watched]:
        """The wrappers that were called and are still there."""
        return [watched for watched in (owner() for owner in self.owners) if watched is not None]

    def block(self, watched: _Watched, count: int) -> int:
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

    def review(self, lane: _Lane) -> None:
        """Look at a full chunk: which functions are not worth recording any longer?"""
        self.entries += lane.size
        durations = self.durations(lane)
        costs = self.costs
        if sys.getprofile() is None:
            costs = tuple(map(min, costs, self.calibrated()))  # either may be of a slow moment
        for watched in self.settled(durations, costs):
            watched.stop(tracefile.CHEAP)
        inside, outside = self.costs[:2]
        spent = self.entries * (inside + outside)
        if self.entries > ENTRIES:
            for watched in self.live():
                watched.stop(tracefile.BUSY)
        elif self.entries > FREE_ENTRIES and spent > SHARE * time.process_time_ns() and durations:
            max(durations, key=lambda watched: len(durations[watched])).stop(tracefile.BUSY)

    def settled(self, durations: dict[_Watched, list[int]], costs: tuple[float, ...]) -> list[_Watched]:
        """Wrappers of functions so cheap that no cache is worth its look-ups."""
        inside, _, hit, miss = costs[:4]
        # A cache that answers two calls in three takes so long for each of them.
        limit = inside + hit + miss / 2
        return [
            watched
            for watched, sample in durations.items()
            if watched.cache is None and len(sample) >= ENOUGH and sum(sample) <= limit * len(sample)
        ]

    def durations(self, lane: _Lane) -> dict[_Watched, list[int]]:
        """Durations of some of the calls in a chunk, by wrapper."""
        step = max(1, lane.size // 512)
        found: dict[_Watched, list[int]] = {}
        for number, start, end in zip(lane.numbers[::step], lane.starts[::step], lane.ends[::step]):
            if 0 < number < tracefile.EVENTS and end:
                watched = self.owners[bisect_right(self.firsts, number) - 1]()
                if watched is not None:
                    found.setdefault(watched, []).append(abs(end) - start)
        return found

    def forking(self) -> None:
        self.forked_at = _clock()

    def forked(self) -> None:
        """In a child: begin files of its own at the first call; calls that are open are the parent's."""
        lane: _Lane | None = getattr(self.local, "lane", None)
        if lane is not None:
            lane.stem = ""
            for view in (*lane.older, *lane.columns):
                view.release()
        self.lock = threading.RLock()
        self.local.__dict__.clear()
        self.spare.clear()
        if self.stem:
            self.parent, self.stem = self.stem, ""


def _end(ends: memoryview, index: int) -> None:
    """End an entry, unless the process was forked meanwhile and the entry is the parent's."""
    with contextlib.suppress(ValueError):
        ends[index] = _clock()


def let_go() -> None:
    """Forget all keys and cached results: the process ends, and the oracle looks what else holds them."""
    for watched in _recorder.live():
        watched.keys.clear()
        watched.projected.clear()
        if watched.cache is not None:
            watched.cache.cache_clear()


class _Watched:
    """One wrapped function object: its keys, and its wrapper."""

    mark = object()  # between arguments and keywords of a key

    __slots__ = (
        "__weakref__", "bytes", "cache", "first", "function", "instance", "keys", "last", "next",
        "parameters", "projected", "refused", "samples", "sizes", "slot", "stopped", "typed", "wanted",
        "watch", "wrapper",
    )  # fmt: skip

    def __init__(
        self, slot: int, function: Any, cache: tuple[int | None, bool] | None, without: tuple[str, ...]
    ) -> None:
        self.slot, self.function, self.cache = slot, function, None
        self.typed = False
        if cache is not None:
            maxsize, self.typed = cache
            self.cache = functools.lru_cache(maxsize, self.typed)(function)
            _recorder.note("maxsize", slot, self.cache.cache_info().maxsize)
        self.keys: dict[Any, int] = {}
        self.parameters = arguments.Parameters(function)
        names = self.parameters.names
        places = [None, *(names.index(name) for name in without if name in names)]
        self.projected: list[tuple[int | None, dict[Any, int]]] = [(place, {}) for place in places]
        self.first = self.next = self.last = self.instance = 0
        self.bytes = self.samples = self.sizes = 0
        self.refused: set[tuple[str, str]] = set()
        self.wanted: set[int] = set()
        self.watch: Any = None
        self.stopped = False

    def wrap(self) -> Any:
        """The wrapper: a plain function that looks like the wrapped one."""
        function, recorder = self.function, _recorder
        target = function if self.cache is None else self.cache
        known = {} if self.typed else self.keys  # typed keys are always looked up the long way
        tools = (
            self, target, known, self.wanted, recorder.local, _clock.func, _ENVIRONMENT.get, _TEST_KEY,
            _PLAIN, type, len, Exception,
        )  # fmt: skip
        wrapper: Any = types.FunctionType(
            bodies.recording(tools, function),
            getattr(function, "__globals__", globals()),
            getattr(function, "__name__", "observed"),
            getattr(function, "__defaults__", None),
            getattr(function, "__closure__", None),
        )
        functools.update_wrapper(wrapper, function)
        wrapper.__kwdefaults__ = getattr(function, "__kwdefaults__", None)
        wrapper.cache_clear = self.clear
        for name in ("cache_info", "cache_parameters"):
            if hasattr(self.cache, name):
                setattr(wrapper, name, getattr(self.cache, name))
        self.wrapper = weakref.ref(wrapper)
        return wrapper

    def key(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The key that ``lru_cache`` makes."""
        if self.typed:
            kinds = tuple(map(type, args)) + tuple(map(type, kwargs.values()))
            return (*args, self.mark, *kwargs.items(), *kinds) if kwargs else args + kinds
        if kwargs:
            return (*args, self.mark, *kwargs.items())
        return args[0] if len(args) == 1 and type(args[0]) in _PLAIN else args

    def meet(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
        """The number of a call whose key the wrapper did not find."""
        if self.stopped:
            return 0
        ends, index = _recorder.pause()
        try:
            if not self.first:
                self.introduce()
            try:
                key = self.key(args, kwargs)
                number = self.keys.get(key)
            except Exception:
                return self.refuse(args, kwargs)
            return self.learn(key, args, kwargs) if number is None else number
        finally:
            _end(ends, index)

    def introduce(self) -> None:
        """Become known, before the first key."""
        recorder = _recorder
        self.instance = recorder.instance(self.slot)
        self.first = recorder.block(self, 16)
        self.next, self.last = self.first + 2, self.first + 16
        if recorder.oracle is not None:
            function = self.function if self.cache is None else self.cache
            self.watch = recorder.ask(
                recorder.oracle.watch, self.slot, self.instance, function, self.wanted, self.first
            )

    def learn(self, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
        """Number a new key."""
        recorder = _recorder
        with recorder.lock:
            if self.next == self.last:
                count = min(1 << 16, 2 * (self.last - self.first))
                self.next = recorder.block(self, count)
                self.last = self.next + count
            number, self.next = self.next, self.next + 1
        number = self.keys.setdefault(key, number)
        if len(self.keys) < PROJECTED:
            self.project(number, args, kwargs)
        if self.watch is not None and recorder.oracle is not None:
            recorder.ask(self.watch.met, number, args, kwargs)
        size = arguments.size_of((*args, *kwargs.values()), 1)
        self.bytes += size + OWN_KEY_BYTES
        recorder.key_bytes += size + OWN_KEY_BYTES
        recorder.entries += NEW_KEY
        if len(self.keys) <= SAMPLES:
            recorder.event(recorder.lane(), tracefile.KEY_SIZE, self.instance, size)
        if recorder.key_bytes >= KEY_BYTES:
            self.stop(tracefile.CROWDED)
        return number

    def project(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Say which earlier key is the same but for its spelling, or but for one parameter."""
        values = self.parameters.values(args, kwargs)
        for which, (place, classes) in enumerate(self.projected):
            left = values if place is None else values[:place] + values[place + 1 :]
            try:
                earlier = classes.setdefault(left, number)
            except Exception:  # a default that cannot be hashed, a parameter that cannot be compared
                return
            if earlier != number:
                _recorder.event(_recorder.lane(), tracefile.SAME, number, earlier | which << 32)

    def refuse(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
        """The number of calls whose arguments cannot be a key; the first ones are named."""
        if len(self.refused) >= 8:
            return self.first
        for found in self.parameters.unhashable(args, kwargs):
            if found not in self.refused:
                self.refused.add(found)
                _recorder.note("unhashable", self.slot, *found)
        return self.first

    def attend(
        self, lane: _Lane, number: int, args: tuple[Any, ...], kwargs: dict[str, Any], token: Any
    ) -> tuple[int, Any]:
        """What a call does now and then before it begins: the time at which it begins, and its token.

        Another test may have begun, for which the oracle wants to see this very call.
        """
        ends, index = _recorder.pause()
        lane = _recorder.local.lane
        ticking = _clock() > lane.due
        if lane.depth >= DEPTH:
            _recorder.raise_limit(lane)
            self.stop(tracefile.DEEP)
        _recorder.attend(lane)
        if ticking and self.samples < SAMPLES and not kwargs and self.first:
            self.samples += 1
            with contextlib.suppress(Exception):
                spent = []
                for _ in range(LOOK_UPS):  # the first ones are slow because much else was going on before
                    began = _clock()
                    self.keys.get(args)
                    spent.append(_clock() - began)
                _recorder.event(lane, tracefile.KEY_COST, self.instance, min(spent))
        _end(ends, index)
        if token is None and number in self.wanted:
            token = self.before(number, args, kwargs)
        return _clock(), token

    def reserve(self, number: int) -> tuple[_Lane, memoryview, int, int]:
        return _recorder.reserve(number)

    def before(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Token | None:
        """Show a call that is wanted to the oracle."""
        if self.watch is None or _recorder.oracle is None:
            return None
        token = _recorder.ask(self.watch.before, number, args, kwargs)
        if token is None:
            return None
        if sys.getprofile() is not None:
            lane = _recorder.lane()
            lane.slowed = True
            _recorder.event(lane, tracefile.SLOWED, self.instance, 0)
        return token, self.misses(), number

    def raised(self, lane: _Lane, ends: memoryview, index: int, depth: int, token: _Token | None) -> None:
        """End an entry whose call raised."""
        with contextlib.suppress(ValueError):
            ends[index] = -_clock()
            lane.depth = depth
        if token is not None and _recorder.oracle is not None:
            _recorder.ask(self.watch.raised, token[0], sys.exc_info()[1])

    def returned(self, lane: _Lane, token: _Token | None, result: Any) -> None:
        """What a call does at its end if it was shown to the oracle, or if the CPU clock is due."""
        if token is not None and _recorder.oracle is not None:
            served = self.cache is not None and self.misses() == token[1]
            spent = _recorder.ask(self.watch.returned, token[0], result, served)
            if spent is not None:
                _recorder.event(_recorder.lane(), tracefile.AGAIN, token[2], spent)
        if _clock() > lane.due:
            ends, index = _recorder.pause()
            _recorder.attend(lane)
            if self.sizes < SAMPLES and self.first:
                self.sizes += 1
                _recorder.event(lane, tracefile.RESULT_SIZE, self.instance, arguments.size_of((result,), 64))
            _end(ends, index)

    def misses(self) -> int:
        """Misses so far of the existing cache."""
        misses: int = 0 if self.cache is None else self.cache.cache_info().misses
        return misses

    def clear(self) -> None:
        """``cache_clear()``, recorded."""
        if self.cache is not None:
            self.cache.cache_clear()
        if self.first and not self.stopped:
            _, ends, index, _ = _recorder.reserve(self.first + 1)
            _end(ends, index)
            if self.watch is not None and _recorder.oracle is not None:
                _recorder.ask(self.watch.cleared)

    def stop(self, reason: int) -> None:
        """Record no more: become the function itself, or only count."""
        wrapper = self.wrapper()
        if wrapper is None or self.stopped:
            return
        self.stopped = True
        function = self.function
        endings, cell = _recorder.file.ending(self.instance, reason)
        if (
            reason in (tracefile.CHEAP, tracefile.DEEP)
            and self.cache is None
            and isinstance(function, types.FunctionType)
        ):
            wrapper.__code__ = function.__code__
        else:
            wrapper.__code__ = bodies.counting(self.cache or function, function, endings, cell, [])
        _recorder.key_bytes -= self.bytes
        self.keys.clear()
        self.wanted.clear()
        self.projected.clear()


def _calibrated(recorder: _Recorder) -> tuple[float, ...]:
    """``COSTS``, measured here and now."""

    def nothing(_: Any) -> None:
        return None

    rounds = 64

    def branch(depth: int) -> int:
        return depth if not depth else tree(depth - 1) + tree(depth - 1)

    def spent(call: Callable[[int], Any], numbers: Iterable[int]) -> int:
        began = _clock()
        for number in numbers:
            call(number)
        return _clock() - began

    ones, different, trees = (1,) * rounds, range(rounds), (4, 4)
    calls = 2 * 31
    watched = _Watched(0, nothing, None, ())
    watched.keys[1] = 1
    wrapper, args = watched.wrap(), (1,)
    cached, evicting = functools.lru_cache(rounds)(nothing), functools.lru_cache(1)(nothing)
    words = memoryview(bytearray(8 * tracefile.ENDING_WORDS)).cast("Q")
    counting = types.FunctionType(
        bodies.counting(branch, branch, words, 0, [True]), {}, "", None, branch.__closure__
    )
    timing = types.FunctionType(bodies.counting(nothing, nothing, words, 0, []), {})
    lane = _Lane(recorder, 0)
    lane.due = lane.deep = 1 << 62
    lane.seen = _ENVIRONMENT.get(_TEST_KEY)
    lane.stem = ""
    before, recorder.local.lane = getattr(recorder.local, "lane", None), lane
    best = [1 << 62] * 10
    for _ in range(4):
        lane.index, lane.columns = 0, tracefile.nowhere(rounds)
        began = _clock()
        for _ in ones:
            pass
        looped = _clock()
        for _ in ones:
            _clock()
            watched.keys.get(args)
        spans = [looped - began, _clock() - looped, spent(nothing, different), spent(wrapper, ones)]
        spans += [spent(cached, ones), spent(evicting, different), sum(lane.ends) - sum(lane.starts)]
        tree: Callable[[int], int] = branch
        spans.append(spent(tree, trees))
        tree = counting
        spans.append(spent(tree, trees))
        words[:] = memoryview(bytes(8 * tracefile.ENDING_WORDS)).cast("Q")
        spent(timing, ones)
        spans.append(words[3])
        best = [min(pair) for pair in zip(best, spans)]
    recorder.local.__dict__.clear()
    if before is not None:
        recorder.local.lane = before
    loop, lookup, bare, recorded, hit, miss, within, tree_bare, tree_counted, timed = [
        time / rounds for time in best
    ]
    inside = max(0.0, within - (bare - loop))
    return (
        inside,
        max(0.0, recorded - bare - inside),
        hit - loop,
        max(0.0, miss - bare),
        lookup - loop,
        max(0.0, tree_counted - tree_bare) * rounds / calls,
        max(0.0, timed - (bare - loop)),
    )


def _beside(name: str) -> Any:
    """The module of that name that was laid out for the same run, None if there is none."""
    module = __name__.replace("recorder", name)
    there = os.path.exists(os.path.join(os.path.dirname(os.path.abspath(__file__)), module + ".py"))
    if not there:
        return None
    try:
        return importlib.import_module(module)
    except Exception:  # the tests go on without it
        return None


_recorder = _Recorder()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_recorder.forking, after_in_child=_recorder.forked)

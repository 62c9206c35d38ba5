"""One observed function: its wrapper and its keys."""

from __future__ import annotations

import contextlib
import functools
import gc
import sys
import types
import weakref

from . import economy, tracefile, wrappers
from .keys import arguments
from .keys.likeness import Likeness
from .lane import ENVIRONMENT, TEST_KEY, clock, end_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Hashable, List, Optional, Tuple

    from ..oracle.follower import Follower
    from ..oracle.following import followed
    from .lane import Lane
    from .recorder import Recorder

    Arguments = Tuple[object, ...]
    Keywords = Dict[str, object]
    Token = Tuple[followed.Token, int, int]  # the oracle's, the cache's misses so far, the key's number

OWN_KEY_BYTES = 200  # what the recorder itself needs for a key
KEY_BYTES = 256 << 20  # of all keys in a process, their arguments included
PAUSED_BYTES = KEY_BYTES >> 6  # that a function's keys may keep while it is only counted
DEPTH = 2_500
NESTED = 100  # open calls of one function: were they only counted, its recursion might become too deep
SAMPLES, KEY_SIZES, LOOKUPS = 256, 64, 6
REFUSALS = 64  # calls whose arguments are asked which of them cannot be hashed
REFUSED = 500  # calls after which one that never had a key is only counted: it would not have one later
ONE_IN = 16  # of later keys is measured

_PLAIN = frozenset({int, str})


class Watched:
    """One wrapped function object: its keys, and its wrapper."""

    mark = object()  # between arguments and keywords of a key

    __slots__ = (
        "__weakref__", "account", "bytes", "cache", "first", "function", "holding", "instance", "kept_bytes",
        "key_bytes", "keys", "last", "likeness", "met", "nested", "next", "recorder", "recordings",
        "refusals", "refused", "samples", "sizes", "slot", "stopped", "typed", "wanted", "watch", "wrapper",
    )  # fmt: skip

    def __init__(
        self,
        recorder: Recorder,
        slot: int,
        function: Callable[..., object],
        cache: Optional[Tuple[Optional[int], bool]],
        without: Tuple[str, ...],
    ) -> None:
        """Nothing is recorded yet.

        Args:
            recorder: Of this process.
            slot: Number of the analysed function.
            function: What is wrapped.
            cache: ``maxsize`` and ``typed`` of the cache that it carries; None where it has none.
            without: Parameters; the trace says which keys differ in one of them alone.
        """
        self.recorder = recorder
        self.slot, self.function, self.cache = slot, function, None
        self.typed = False
        if cache is not None:
            maxsize, self.typed = cache
            self.cache = functools.lru_cache(maxsize, self.typed)(function)
            self.recorder.note("maxsize", slot, self.cache.cache_info().maxsize)
        self.keys: Dict[Hashable, int] = {}
        self.likeness = Likeness(recorder, function, without, self.typed)
        self.first = self.next = self.last = self.instance = self.met = 0
        self.bytes = self.key_bytes = self.kept_bytes = self.samples = self.sizes = self.refusals = 0
        self.account = economy.Account()
        self.refused: set[tuple[str, str]] = set()
        self.wanted: set[int] = set()
        self.watch: Optional[Follower] = None
        self.stopped = self.nested = self.holding = False
        self.recordings: List[types.CodeType] = []  # that it goes back to when it matters

    def wrap(self) -> types.FunctionType:
        """The wrapper: a plain function that looks like the wrapped one."""
        function, recorder = self.function, self.recorder
        target = function if self.cache is None else self.cache
        known = {} if self.typed else self.keys  # typed keys are always looked up the long way
        tools = (
            self, target, known, self.wanted, recorder.local, clock.func, ENVIRONMENT.get, TEST_KEY,
            _PLAIN, type, len, Exception,
        )  # fmt: skip
        wrapper = types.FunctionType(
            wrappers.recording(tools, function),
            getattr(function, "__globals__", globals()),
            getattr(function, "__name__", "observed"),
            getattr(function, "__defaults__", None),
            getattr(function, "__closure__", None),
        )
        functools.update_wrapper(wrapper, function)
        wrapper.__kwdefaults__ = getattr(function, "__kwdefaults__", None)
        vars(wrapper)["cache_clear"] = self.clear
        for name in ("cache_info", "cache_parameters"):
            if hasattr(self.cache, name):
                vars(wrapper)[name] = getattr(self.cache, name)
        self.wrapper = weakref.ref(wrapper)
        return wrapper

    def key(self, args: Arguments, kwargs: Keywords) -> Hashable:
        """The key that ``lru_cache`` makes."""
        if self.typed:
            kinds = tuple(map(type, args)) + tuple(map(type, kwargs.values()))
            return (*args, self.mark, *kwargs.items(), *kinds) if kwargs else args + kinds
        if kwargs:
            return (*args, self.mark, *kwargs.items())
        return args[0] if len(args) == 1 and type(args[0]) in _PLAIN else args

    def meet(self, args: Arguments, kwargs: Keywords) -> int:
        """The number of a call whose key the wrapper did not find."""
        if self.stopped:
            return 0
        recorder, began = self.recorder, clock()
        endless = isinstance(sys.exc_info()[1], RecursionError) and self.is_asked_by_its_key()
        ends, index = recorder.pause()
        try:
            if not self.first:
                self.introduce()
                began = clock()  # this happens once
            if endless:
                self.stop(tracefile.ENDLESS)
                return self.first
            try:
                key = self.key(args, kwargs)
                number = self.keys.get(key)
            except Exception:
                return self.refuse(args, kwargs)
            return self.learn(key, args, kwargs) if number is None else number
        finally:
            end_entry(ends, index)
            self.charge(min(clock() - began, economy.LONGEST))
            if recorder.spending.extra > recorder.spending.due:
                recorder.look()

    def is_asked_by_its_key(self) -> bool:
        """Whether this call comes from within the lookup of another one's key: then none would ever end."""
        wrapper, frame, found = self.wrapper(), sys._getframe(1), 0
        code = None if wrapper is None else wrapper.__code__
        while frame is not None and found < 2:
            found += frame.f_code is code and "number" not in frame.f_locals
            frame = frame.f_back  # type: ignore[assignment]
        return found > 1

    def open_calls(self) -> int:
        """How many calls of the wrapper are open in this thread."""
        wrapper, found = self.wrapper(), 0
        code = None if wrapper is None else wrapper.__code__
        frame: Optional[types.FrameType] = sys._getframe(1)
        while frame is not None:
            found += frame.f_code is code
            frame = frame.f_back
        return found

    def introduce(self) -> None:
        """Become known, before the first key."""
        recorder = self.recorder
        self.instance = recorder.instance(self.slot)
        self.first = recorder.block(self, 16)
        self.next, self.last = self.first + 2, self.first + 16
        if recorder.oracle is not None:
            function = self.function if self.cache is None else self.cache
            self.watch = recorder.consult(
                recorder.oracle.watch, self.slot, self.instance, function, self.wanted, self.first
            )

    def learn(self, key: Hashable, args: Arguments, kwargs: Keywords) -> int:
        """Number a new key."""
        recorder = self.recorder
        with recorder.lock:
            if self.next == self.last:
                count = min(1 << 16, max(16, 2 * self.met))
                self.next = recorder.block(self, count)
                self.last = self.next + count
            number, self.next = self.next, self.next + 1
        given = kept = (*args, *kwargs.values()) if kwargs else args
        if not self.typed and any(map(arguments.is_weak, given)):
            kept = tuple(map(arguments.lasting, given))
            args, kwargs = kept[: len(args)], dict(zip(kwargs, kept[len(args) :]))
            key = self.key(args, kwargs)
            arguments.goes_with(kept, self.keys, key)
        number = self.keys.setdefault(key, number)
        self.met += 1
        if self.likeness.is_asked(self.met):
            self.likeness.add(number, args, kwargs, self.keys)
        if self.watch is not None and recorder.oracle is not None:
            recorder.consult(self.watch.met, number, args, kwargs)
        self.weigh(number, given, kept)
        return number

    def weigh(self, number: int, given: Arguments, kept: Arguments) -> None:
        """Note how large a key is, and what is kept of it."""
        if self.met <= KEY_SIZES or not number % ONE_IN:
            self.key_bytes = self.kept_bytes = arguments.size_of(given, 1)
            if kept is not given:
                self.kept_bytes = arguments.size_of(kept, 1)
        if any(map(gc.is_tracked, kept)):
            self.holding = True
            self.charge(economy.KEPT)
        self.bytes += self.kept_bytes + OWN_KEY_BYTES
        self.recorder.key_bytes += self.kept_bytes + OWN_KEY_BYTES
        if self.met <= KEY_SIZES:
            self.recorder.event(self.recorder.lane(), tracefile.KEY_SIZE, self.instance, self.key_bytes)
        if self.recorder.key_bytes >= KEY_BYTES:
            self.stop(tracefile.CROWDED)

    def charge(self, nanoseconds: int) -> None:
        """Account for what a new key takes."""
        self.account.extra += nanoseconds
        self.recorder.spending.extra += nanoseconds

    def refuse(self, args: Arguments, kwargs: Keywords) -> int:
        """The number of calls whose arguments cannot be a key; the first ones are named."""
        self.refusals += 1
        if self.refusals == REFUSED and not self.met:
            self.stop(tracefile.BUSY)
        if len(self.refused) >= 8 or self.refusals > REFUSALS:
            return self.first
        for found in self.likeness.parameters.unhashable(args, kwargs):
            if found not in self.refused:
                self.refused.add(found)
                self.recorder.note("unhashable", self.slot, *found)
        return self.first

    def attend(
        self, lane: Lane, number: int, args: Arguments, kwargs: Keywords, token: Optional[Token]
    ) -> Tuple[int, Optional[Token]]:
        """What a call does now and then before it begins: the time at which it begins, and its token.

        Another test may have begun, for which the oracle wants to see this very call.
        """
        ends, index = self.recorder.pause()
        lane = self.recorder.local.lane
        ticking = clock() > lane.due
        if lane.depth >= NESTED and not self.nested and self.open_calls() >= NESTED:
            self.nested = True
        if lane.depth >= DEPTH:
            self.recorder.recursion_limit.raise_for(lane.depth)
            self.stop(tracefile.DEEP)
        self.recorder.attend(lane)
        if ticking and self.samples < SAMPLES and self.first:
            self.samples += 1
            with contextlib.suppress(Exception):
                key, spent = self.key(args, kwargs) if kwargs or self.typed else args, []
                again = (*key,) if type(key) is tuple else key
                keys = {key: 1} if any(map(arguments.is_weak, args)) else self.keys  # without stand-ins
                for _ in range(LOOKUPS):  # the first ones are slow because much else was going on before
                    began = clock()
                    keys.get(again)
                    spent.append(clock() - began)
                self.recorder.event(lane, tracefile.KEY_COST, self.instance, min(spent))
        end_entry(ends, index)
        if token is None and number in self.wanted:
            token = self.before(number, args, kwargs)
        return clock(), token

    def reserve(self, number: int) -> tuple[Lane, memoryview, int, int]:
        return self.recorder.reserve(number)

    def before(self, number: int, args: Arguments, kwargs: Keywords) -> Token | None:
        """Show a call that is wanted to the oracle."""
        if self.watch is None or self.recorder.oracle is None:
            return None
        self.recorder.look_at_test()
        token = self.recorder.ask(self.watch.before, number, args, kwargs)
        if token is None:
            return None
        if sys.getprofile() is not None:
            lane = self.recorder.lane()
            lane.slowed = True
            self.recorder.event(lane, tracefile.SLOWED, self.instance, 0)
        return token, self.misses(), number

    def raised(self, lane: Lane, ends: memoryview, index: int, depth: int, token: Token | None) -> None:
        """End an entry whose call raised."""
        with contextlib.suppress(ValueError):
            ends[index] = -clock()
            lane.depth = depth
        if token is not None and self.watch is not None and self.recorder.oracle is not None:
            self.recorder.ask(self.watch.raised, token[0], sys.exc_info()[1])

    def returned(self, lane: Lane, token: Token | None, result: object) -> None:
        """What a call does at its end if it was shown to the oracle, or if the CPU clock is due."""
        if token is not None and self.watch is not None and self.recorder.oracle is not None:
            served = self.cache is not None and self.misses() == token[1]
            spent = self.recorder.ask(self.watch.returned, token[0], result, served)
            if spent is not None:
                self.recorder.event(self.recorder.lane(), tracefile.AGAIN, token[2], spent)
        if clock() > lane.due:
            ends, index = self.recorder.pause()
            self.recorder.attend(lane)
            if self.sizes < SAMPLES and self.first:
                self.sizes += 1
                self.recorder.event(
                    lane, tracefile.RESULT_SIZE, self.instance, arguments.size_of((result,), 64)
                )
            end_entry(ends, index)

    def misses(self) -> int:
        """Misses so far of the existing cache."""
        misses: int = 0 if self.cache is None else self.cache.cache_info().misses
        return misses

    def clear(self) -> None:
        """``cache_clear()``, recorded."""
        if self.cache is not None:
            self.cache.cache_clear()
        if self.first and not self.stopped:
            _, ends, index, _ = self.recorder.reserve(self.first + 1)
            end_entry(ends, index)
            if self.watch is not None and self.recorder.oracle is not None:
                self.recorder.ask(self.watch.cleared)

    def release(self) -> None:
        """Forget all keys."""
        self.keys.clear()
        self.likeness.forget()

    def let_go(self) -> None:
        """Forget all keys and cached results."""
        self.release()
        if self.cache is not None:
            self.cache.cache_clear()

    def stop(self, reason: int) -> None:
        """Record no more: become the function itself, or only count."""
        wrapper = self.wrapper()
        if wrapper is None or self.stopped:
            return
        function = self.function
        if reason in tracefile.UNCOUNTED and self.cache is None and isinstance(function, types.FunctionType):
            self.recorder.file.ending(self.instance, reason)
            code = function.__code__
        else:
            code = self.counting(reason, None)
        self.stopped = True
        wrapper.__code__ = code
        self.forget()

    def pause(self, least: float = 0.0) -> None:
        """Only count for a while, until it takes enough time to matter, and a call so many nanoseconds."""
        wrapper = self.wrapper()
        if wrapper is None or self.stopped:
            return
        reconsider = functools.partial(self.reconsider, least)
        recording, code = wrapper.__code__, self.counting(tracefile.BUSY, reconsider)
        self.recordings.append(recording)
        self.stopped = True
        wrapper.__code__ = code
        # A cache would keep its keys; but those that hold objects are searched for garbage meanwhile.
        if self.holding or self.bytes > PAUSED_BYTES:
            self.forget()

    def counting(self, reason: int, reconsider: Optional[Callable[[int, float], None]]) -> types.CodeType:
        """The code of a wrapper that only counts."""
        target = self.function if self.cache is None else self.cache
        endings, cell = self.recorder.file.ending(self.instance, reason)
        return wrappers.counting(target, self.function, endings, cell, [], reconsider)

    def reconsider(self, least: float, calls: int, each: float) -> None:
        """Record again if the calls that were counted since took too much to be left out."""
        if self.recordings and each >= least and self.recorder.spending.may_resume(calls * each):
            wrapper = self.wrapper()
            with self.recorder.lock:
                if wrapper is not None and self.recordings:
                    self.account.matters, self.stopped = True, False
                    wrapper.__code__ = self.recordings.pop()

    def forget(self) -> None:
        """Let all keys go."""
        self.recorder.key_bytes -= self.bytes
        self.bytes, self.holding = 0, False
        self.wanted.clear()
        self.release()

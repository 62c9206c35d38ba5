"""Sees which functions of the tree begin to run, at next to no cost for all others.

Runs inside the analysed project's processes. Standard library, CPython 3.8+. On 3.12 and later each code
object is told apart by the interpreter (``sys.monitoring``) and costs nothing once it was seen in a context;
before, a profiler written in C sees all calls of a context, and its list is looked through at the end.
"""

from __future__ import annotations

import sys
import threading
import time
from operator import itemgetter
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _lsprof import Profiler
    from types import CodeType, FrameType
    from typing import Any, Callable, Dict, List, Optional

    Reach = Callable[[int, Optional[FrameType]], None]
    Number = Callable[[CodeType], Optional[int]]

_frame = sys._getframe  # tests may take it away
_monitoring: Any = getattr(sys, "monitoring", None)
_clock = time.thread_time
_id = object.__hash__  # as `id`, which audit hooks are told of
_FUNCTIONS, _ROUNDS = 1000, 7
_OTHERS = 1.85
"""How much more a call takes in the tests of boltons than in a short loop, which is all that is at hand."""
_CODE, _CALLS = itemgetter(0), itemgetter(1)  # of an entry, whose attributes take longer
_FOREIGN = -1
"""Number of all code that is not the tree's."""
_IDS = (4, 3, 5, 2, 1, 0)  # the last ones are meant for others


class Monitoring:
    """By ``sys.monitoring``.

    Attributes:
        direct: Is told the number alone while nobody needs a frame: to ask for one is what takes long.
    """

    def __init__(self, reach: Reach) -> None:
        """``reach`` is told the number of each code that begins and the frame that called it."""
        self.direct: Optional[Callable[[int], object]] = None
        self._reach = reach
        self._numbers: Dict[int, int] = {}
        self._kept: List[CodeType] = []  # an id is of one object only while it lives
        self._tool: Optional[int] = None

    def start(self) -> bool:
        """Whether there is a place for another tool."""
        monitoring = _monitoring
        for tool in _IDS:
            if monitoring.get_tool(tool) is None:
                monitoring.use_tool_id(tool, "hitrate")
                self._tool = tool
                for event in (monitoring.events.PY_START, monitoring.events.PY_RESUME):
                    monitoring.register_callback(tool, event, self._began)
                return True
        return False

    def add(self, code: CodeType, number: int) -> None:
        """See this code from now on."""
        events = _monitoring.events
        self._numbers[_id(code)] = number
        self._kept.append(code)
        if self._tool is not None:
            _monitoring.set_local_events(self._tool, code, events.PY_START | events.PY_RESUME)

    def again(self) -> None:
        """Another context begins: what was seen before is seen again."""
        if self._tool is not None:
            _monitoring.restart_events()

    def importing(self, code: CodeType) -> None:
        """All is told when it begins anyway."""

    def gather(self) -> bool:
        """All was told already."""
        return True

    def slowed(self) -> float:
        """CPU seconds by which calls were slower for being seen, as far as that is known."""
        return 0.0

    def stop(self) -> None:
        """See nothing any more."""
        self._numbers.clear()  # before CPython 3.14 events go on when a tool is freed
        if self._tool is not None:
            _monitoring.free_tool_id(self._tool)
            self._tool = None

    def _began(self, code: CodeType, _: int) -> object:
        number = self._numbers.get(_id(code))
        if number is not None:
            direct = self.direct
            if direct is None:
                self._reach(number, _frame(1).f_back)
            else:
                direct(number)
        return _monitoring.DISABLE


class Profiling:
    """By the interpreter's own profiler, one a thread.

    Attributes:
        direct: As of the other way.
    """

    def __init__(self, reach: Reach, number: Number) -> None:
        """``reach`` as above, with frames only while a module is imported; ``number`` is that of a code."""
        from _lsprof import Profiler  # noqa: PLC0415 - CPython's own

        self.direct: Optional[Callable[[int], object]] = None
        self._numbers: Dict[int, int] = {}
        self._kept: List[CodeType] = []  # an id is of one object only while it lives
        self._new = Profiler
        self._reach = reach
        self._number = number
        self._main = Profiler(subcalls=False, builtins=False)
        self._others: Dict[int, Profiler] = {}
        self._on = False
        self._importing: Optional[CodeType] = None
        self._calls = 0
        self._seconds = 0.0  # by which each was slower

    def start(self) -> bool:
        """Whether nobody else profiles."""
        if sys.getprofile() is not None or getattr(threading, "_profile_hook", None) is not None:
            return False
        self._seconds = _slowed(self._new)
        self._on = True
        threading.setprofile(self._thread)
        self._main.enable(subcalls=False, builtins=False)
        return True

    def add(self, code: CodeType, number: int) -> None:
        """All code is seen anyway."""

    def again(self) -> None:
        """Another context begins; :meth:`gather` was called before."""

    def importing(self, code: CodeType) -> None:
        """Until this module's code has ended, tell of each function when it begins."""
        if self._importing is None and self._is_on():
            self._main.disable()
            self._importing = code
            sys.setprofile(self._imported)

    def _imported(self, frame: FrameType, event: str, argument: object) -> None:
        del argument
        if event == "call":
            number = self._number(frame.f_code)
            if number is not None:
                self._reach(number, frame.f_back)
        elif event == "return" and frame.f_code is self._importing:
            self._importing = None
            sys.setprofile(None)
            self._main.enable(subcalls=False, builtins=False)

    def gather(self) -> bool:
        """Tell what was seen since the last time; False where somebody else was profiling instead."""
        if not self._on:
            return False
        alone = self._is_on()
        if alone:
            self._main.disable()
        elif self._importing is not None:
            alone, self._importing = True, None
            sys.setprofile(None)
        self._tell(self._main)
        self._main.clear()
        frames = sys._current_frames()
        for thread, profiler in list(self._others.items()):
            self._tell(profiler)
            frame = frames.get(thread)
            if frame is None:
                self._others.pop(thread, None)
            while frame is not None:
                self._told(frame.f_code)
                frame = frame.f_back
        if sys.getprofile() is None:
            self._main.enable(subcalls=False, builtins=False)
        return alone

    def stop(self) -> None:
        """See nothing any more."""
        self._on = False
        self._main.disable()
        if getattr(threading, "_profile_hook", None) == self._thread:
            threading.setprofile(None)

    def slowed(self) -> float:
        """CPU seconds by which calls were slower for being seen, as far as that is known."""
        return self._calls * self._seconds

    def _is_on(self) -> bool:
        current: object = sys.getprofile()
        return current is self._main

    def _thread(self, frame: FrameType, event: str, argument: object) -> None:
        """The first event of a new thread."""
        del event, argument
        profiler = self._others[threading.get_ident()] = self._new(subcalls=False, builtins=False)
        self._told(frame.f_code)
        profiler.enable(subcalls=False, builtins=False)

    def _tell(self, profiler: Profiler) -> None:
        stats, told = profiler.getstats(), self.direct
        self._calls += sum(map(_CALLS, stats))
        codes = list(map(_CODE, stats))
        numbers = set(map(self._numbers.get, map(_id, codes)))  # most code is pytest's: no loop is for that
        if None in numbers:
            for code in codes:
                if _id(code) not in self._numbers and not isinstance(code, str):
                    self._told(code)
        for number in numbers:
            if number is None or number == _FOREIGN:
                continue
            if told is None:
                self._reach(number, None)
            else:
                told(number)

    def _told(self, code: CodeType) -> None:
        number = self._number(code)
        if _id(code) not in self._numbers:
            self._numbers[_id(code)] = _FOREIGN if number is None else number
            self._kept.append(code)
        if number is not None:
            self._reach(number, None)


def _slowed(new: Callable[..., Profiler]) -> float:
    """CPU seconds by which a profiler makes a call slower that does little, one of some functions."""

    def called(some: List[int]) -> int:
        return len(some) + max(len(some), 1)

    code, space = called.__code__, globals()
    functions = [FunctionType(code.replace(co_firstlineno=line), space) for line in range(1, _FUNCTIONS)]

    def took() -> float:
        began = _clock()
        for function in functions:
            function(functions)
        return _clock() - began

    profiler = new(subcalls=False, builtins=False)
    plain = min(took() for _ in range(_ROUNDS))
    profiler.enable(subcalls=False, builtins=False)
    try:
        slow = min(took() for _ in range(_ROUNDS))
    finally:
        profiler.disable()
    return _OTHERS * max(0.0, slow - plain) / len(functions)

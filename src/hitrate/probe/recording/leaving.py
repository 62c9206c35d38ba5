"""Keys are let go before what searches all objects at the end of a process.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Keys keep alive what tests made, hundreds of thousands of objects. When its session ends pytest has garbage
collected, and so has the interpreter: each time all of them would be looked through, which took longer than
the tests themselves where functions are given many objects.
"""

from __future__ import annotations

import atexit
import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable, Dict, Optional

_COLLECTS, _OF = "gc_collect_harder", "unraisableexception.py"
_RUNS_TESTS = "pytest_runtestloop"  # a session within a test of another one is not the last


def arrange(release: Callable[[], None]) -> None:
    """Have ``release`` called when tests are over; more may be recorded afterwards."""

    def before(phase: str, info: Dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2 and _is_over(sys._getframe().f_back):
            release()

    gc.callbacks.append(before)
    atexit.register(release)


def _is_over(frame: Optional[FrameType]) -> bool:
    """Whether this is the collection at the end of pytest's outermost session."""
    code = None if frame is None else frame.f_code
    if code is None or code.co_name != _COLLECTS or not code.co_filename.endswith(_OF):
        return False
    while frame is not None:
        if frame.f_code.co_name == _RUNS_TESTS:
            return False
        frame = frame.f_back
    return True

"""Follows the threads that a watched call starts, so that what they do counts as its doing.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
A thread that has ended with the call and did nothing but compute is part of how the call computes. What a
thread does that cannot be followed, since another profiler has set its hook, is not known.
"""

from __future__ import annotations

import _thread
import sys

from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable, Dict, List, Set

    from ..sightings import Sightings

    Profile = Callable[[FrameType, str, object], None]

_thread_of = _thread.get_ident


class Workers:
    """The threads that watched calls have started.

    Attributes:
        stacks: The watches under way, innermost last, by thread; those of a worker are its starter's.
        threads: Which of these threads are workers.
    """

    def __init__(self, stacks: Dict[int, List[Sightings]], profile: Profile) -> None:
        self.stacks = stacks
        self.threads: Set[int] = set()
        self._profile = profile
        self._expected: Dict[int, List[Sightings]] = {}
        self._hook = self._begin  # one object, to know it again

    def expect(self, thread: object, watches: List[Sightings]) -> None:
        """A thread is about to start: follow it from its beginning."""
        threading = sys.modules["threading"]
        if getattr(threading, "_profile_hook", None) in (None, self._hook):
            threading.setprofile(self._hook)
            self._expected[id_of(thread)] = [*watches]

    def _begin(self, frame: FrameType, event: str, arg: object) -> None:
        """The profile function of a thread that has just begun, until its first event."""
        sys.setprofile(None)
        threading = sys.modules["threading"]
        watches = self._expected.pop(id_of(threading._active.get(_thread_of())), None)
        if watches is None:
            return
        for watch in watches:
            watch.followed += 1
        self.threads.add(_thread_of())
        self.stacks[_thread_of()] = watches
        sys.setprofile(self._profile)
        self._profile(frame, event, arg)

    def let_go(self, watch: Sightings) -> None:
        """A watch has ended: nothing that its workers still do counts."""
        if not watch.threads:
            return
        for waiting in self._expected.values():
            waiting[:] = [each for each in waiting if each is not watch]
        for thread in [*self.threads]:
            left = [each for each in self.stacks.get(thread, ()) if each is not watch]
            if left:
                self.stacks[thread] = left
            else:
                self.threads.discard(thread)
                self.stacks.pop(thread, None)
        if not any(self._expected.values()) and not self.threads:
            self._expected.clear()
            threading = sys.modules["threading"]
            if getattr(threading, "_profile_hook", None) == self._hook:
                threading.setprofile(None)

"""What was seen of one call, and what of that is left when the call has ended.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

What the call itself undoes leaves nothing behind: a file made and removed again, a variable set and reset,
output caught, a generator of random numbers that it has seeded.
"""

from __future__ import annotations

import os
import sys

from . import rules
from .meaning import touches
from .nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable, Dict, Optional

EVENTS = 200_000
NESTED = 200
FRAMES = 60
SIGHTS = 64
CODES = 96
CREATED = "created"
POOLED = "pooled"  # a thread that a pool has started for itself
CHANGES_DATABASE = "a database"


class Sight:
    """One thing that a call was seen to do.

    Attributes:
        kind: One of the kinds of ``rules``.
        what: The path, variable or name that it is about, "" where there is none.
        where: Function, file and line of the analysed code that did it.
        step: "created" where a file was made by it.
    """

    __slots__ = ("kind", "step", "what", "where")

    def __init__(self, kind: str, what: str = "", where: str = "", step: str = "") -> None:
        self.kind = kind
        self.what = what
        self.where = where
        self.step = step


class Sightings:
    """What was seen of one call.

    Attributes:
        sights: By kind and object, in the order first seen.
        codes: The code that ran, with its globals, by identity; of much code the first.
        threads: The threads that it started, each with where, and how many of them are ``followed``.
        touched: What cannot be read and was changed by a method of its own, by identity.
        partial: Whether watching stopped before the call ended: after so many calls within it (``left``), or
            of the function itself (``nested``).
    """

    __slots__ = (
        "changes",
        "code",
        "codes",
        "constants",
        "emptied",
        "followed",
        "left",
        "nested",
        "own",
        "partial",
        "pools",
        "sights",
        "streams",
        "threads",
        "touched",
        "turns",
    )

    def __init__(self, code: CodeType, constants: tuple[str, ...]) -> None:
        self.code = code
        self.codes: dict[int, tuple[CodeType, dict[str, object]]] = {}
        self.constants = constants
        self.streams = (sys.stdout, sys.stderr)
        # Generators that the call seeded and connections that it made, the last ones, by identity.
        self.own: dict[int, object] = {}
        # Connections of others by identity, with what was changed on them before.
        self.changes: dict[int, tuple[object, object]] = {}
        self.turns: dict[tuple[str, str], _Turn] = {}
        self.threads: list[tuple[object, Sight]] = []
        # Pools of threads that were asked, by identity: whether they had any when they first were.
        self.pools: dict[int, tuple[object, bool]] = {}
        self.followed = 0
        self.touched: dict[int, object] = {}
        self.emptied: list[tuple[CodeType, Sight]] = []
        self.sights: dict[tuple[str, str, str], Sight] = {}
        self.left, self.nested = EVENTS, NESTED
        self.partial = False

    def note(self, kind: str, what: Any, frame: FrameType, step: str = "") -> None:
        """Note what one thing that the call does means to it, if it means anything."""
        special = _SPECIAL.get(kind)
        if special is not None:
            special(self, what, frame)
        elif kind != rules.FILE or not what.startswith(self.constants):
            self._add(kind, what, frame, step)

    def turn(self, what: str, read: Callable[[], object], frame: FrameType) -> None:
        """Note that something that can be read is about to be changed, maybe back to what it was."""
        turn = self.turns.setdefault((rules.SYSTEM, what), _Turn(read))
        turn.look()
        self._add(rules.SYSTEM, what, frame)

    def _made(self, what: object, frame: FrameType) -> None:
        del frame
        self.own[id_of(what)] = what
        if len(self.own) > SIGHTS:
            del self.own[next(iter(self.own))]

    def _drawn(self, generator: object, frame: FrameType) -> None:
        if id_of(generator) not in self.own:
            self._add(rules.RANDOM, "", frame)

    def _set(self, what: tuple[str, Callable[[], object]], frame: FrameType) -> None:
        self.turn(what[0], what[1], frame)

    def _equipped(self, what: str, frame: FrameType) -> None:
        self._add(rules.SYSTEM, what, frame)

    def _touched(self, what: object, frame: FrameType) -> None:
        del frame
        if len(self.touched) < SIGHTS:
            self.touched[id_of(what)] = what

    def _emptied(self, code: CodeType, frame: FrameType) -> None:
        if len(self.emptied) < SIGHTS:
            self.emptied.append(
                (code, Sight(rules.SYSTEM, "the entries of a cache", _where(frame, self.code)))
            )

    def _started(self, thread: object, frame: FrameType) -> None:
        pool = rules.pool_of(frame)
        if pool is not None and len(self.pools) < SIGHTS:
            self.pools.setdefault(id_of(pool), (pool, bool(pool._threads)))
        kind = POOLED if self.pools.get(id_of(pool), (None, False))[1] else rules.THREAD
        if len(self.threads) < SIGHTS:
            self.threads.append((thread, Sight(kind, "", _where(frame, self.code))))

    def _executed(self, owner: object, frame: FrameType) -> None:
        connection = rules.connection_of(owner)
        if id_of(connection) in self.own:
            return
        self._add(rules.DATABASE, "", frame)
        if connection is not None and len(self.changes) < SIGHTS:
            self.changes.setdefault(id_of(connection), (connection, rules.changes_of(connection)))

    def _printed(self, stream: object, frame: FrameType) -> None:
        """To the streams that were there before the call, to a file, or into memory."""
        if any(stream is each for each in self.streams):
            self._add(rules.OUTPUT, "", frame)
        elif rules.is_file(stream):
            self._add(rules.WRITE, rules.stream_name(stream), frame)

    def _add(self, kind: str, what: str, frame: FrameType, step: str = "") -> None:
        if kind == rules.WRITE and what == os.devnull:
            return
        key = (kind, what, step)
        if key not in self.sights and len(self.sights) < SIGHTS:
            self.sights[key] = Sight(kind, what, _where(frame, self.code), step)

    def lasting(self) -> list[Sight]:
        """The sights, less what the call itself has undone."""
        sights = [sight for key, sight in self.sights.items() if not self._is_undone(key)]
        sights += self._of_threads()
        # What the call computes with is its own, and nobody misses it.
        run = [code for code, _ in self.codes.values()]
        sights += [sight for code, sight in self.emptied if not _is_among(code, run)][:1]
        if any(self._is_changed(*each) for each in self.changes.values()):
            where = next((sight.where for sight in sights if sight.kind == rules.DATABASE), "")
            sights.append(Sight(rules.WRITE, CHANGES_DATABASE, where))
        made = {
            sight.what for sight in sights if sight.step == CREATED and sight.what and _is_gone(sight.what)
        }
        return [
            sight
            for sight in sights
            if not (sight.kind in (rules.WRITE, rules.FILE) and _is_below(sight.what, made))
        ]

    def _of_threads(self) -> list[Sight]:
        """A thread that goes on; else one that could not be followed, whatever it has done.

        That a pool which was there before has started one more of its own is no doing of the call: that goes
        on as the others do.
        """
        running = [sight for thread, sight in self.threads if sight.kind != POOLED and _is_running(thread)]
        left = [sight for _, sight in self.threads[self.followed :] if sight.kind != POOLED]
        unseen = [Sight(rules.THREADS, "", sight.where) for sight in left]
        return (running or unseen)[:1]

    @staticmethod
    def _is_changed(connection: object, before: object) -> bool:
        now = rules.changes_of(connection)
        return now is not None and before is not None and bool(now != before)

    def _is_undone(self, key: tuple[str, str, str]) -> bool:
        turn = self.turns.get(key[:2])
        return turn is not None and turn.is_undone()


_SPECIAL: Dict[str, Callable[[Sightings, Any, FrameType], None]] = {
    rules.SEEDED: Sightings._made,
    rules.CONNECTED: Sightings._made,
    rules.DRAWN: Sightings._drawn,
    rules.EXECUTED: Sightings._executed,
    rules.PRINTED: Sightings._printed,
    rules.SET: Sightings._set,
    rules.STARTED: Sightings._started,
    rules.EQUIPPED: Sightings._equipped,
    touches.TOUCHED: Sightings._touched,
    touches.EMPTIED: Sightings._emptied,
}


class _Turn:
    """Something that a call changes: what it was before, and whether it was another since."""

    __slots__ = ("before", "read", "turned")

    def __init__(self, read: Callable[[], object]) -> None:
        self.read = read
        self.before = read()
        self.turned = False

    def look(self) -> None:
        self.turned = self.turned or not self._is_as_before()

    def is_undone(self) -> bool:
        return self.turned and self._is_as_before()

    def _is_as_before(self) -> bool:
        now = self.read()
        is_text = type(now) in (str, bytes) and type(now) is type(self.before)
        return bool(now is self.before or (is_text and now == self.before))


def _is_running(thread: object) -> bool:
    """Whether a thread has not ended; one without an object can only be there to do something."""
    if thread is None:
        return True
    alive = sys.modules["threading"].Thread.is_alive
    return bool(alive(thread))


def _is_among(code: CodeType, others: list[CodeType]) -> bool:
    return any(code is each for each in others)


def _where(frame: FrameType, code: CodeType) -> str:
    """Function, file and line of the nearest frame of the project, else of an installed package."""
    found = ""
    current: Optional[FrameType] = frame
    for _ in range(FRAMES):
        if current is None:
            break
        file = current.f_code.co_filename
        if "site-packages" in file or not is_library(file):
            place = "%s, %s:%d" % (current.f_code.co_name, os.path.basename(file), current.f_lineno)
            if not is_library(file):
                return place
            found = found or place
        if current.f_code is code:
            break
        current = current.f_back
    return found


def is_library(file: str) -> bool:
    """Whether a file is of the standard library or of an installed package."""
    return "site-packages" in file or file.startswith(rules.LIBRARY)


def _is_gone(path: str, lstat: Callable[[str], object] = os.lstat) -> bool:
    try:
        lstat(path)
    except OSError:
        return True
    return False


def _is_below(path: str, folders: set[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)

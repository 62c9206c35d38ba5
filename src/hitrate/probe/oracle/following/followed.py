"""The calls that are followed: one key and its result, one call of it, and what tells their arguments apart.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import weakref

from .. import difference, shortrepr, snapshot
from ..results import reliance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Set, Tuple, Union

    from .. import sightings, surroundings
    from ..difference import Difference
    from ..oracle import Agenda
    from ..results.remembered import Remembered
    from ..snapshot import Snapshot
    from ..state.facts import View

    Arguments = Tuple[object, ...]
    Keywords = Dict[str, object]

ARGUMENT_NODES, ARGUMENT_DEPTH = 120, 8


class Weak(weakref.ref):  # type: ignore[type-arg]
    """A weak reference of ours, to tell it from a result that is one."""

    __slots__ = ()


class Token:
    """One call that is shown: its key's entry, its own arguments, what was seen before it.

    Attributes:
        again: Nanoseconds that the function took when it was run once more; None where that is not known.
        looked: Nanoseconds of work that looking at it took.
    """

    __slots__ = (
        "again", "args", "before", "began", "entry", "kwargs", "looked", "number", "places", "positions",
        "seen", "state",
    )  # fmt: skip

    def __init__(self, number: int, entry: Optional[KeptCall], args: Arguments, kwargs: Keywords) -> None:
        self.number = number
        self.entry = entry
        self.args = args
        self.kwargs = kwargs
        self.before: Optional[Snapshot] = None
        self.places: Optional[surroundings.View] = None
        self.state: Optional[View] = None
        self.positions: List[Tuple[object, Optional[str]]] = []
        self.seen: Optional[sightings.Sightings] = None
        self.began = self.looked = 0
        self.again: Optional[int] = None

    def lasting(self) -> List[sightings.Sight]:
        """What the call was seen to do, less what it has undone."""
        return self.seen.lasting() if self.seen is not None else []


class KeptCall:
    """One key: the call whose result is kept, and that result.

    Attributes:
        args, kwargs, before, test: Of that call; ``before`` is a snapshot of its arguments.
        first_test: Of the first call.
        done: Whether a call with this key has returned.
        hits: Calls since that a cache would have answered.
        kept: The result, or a weak reference to it, or None.
        state: A snapshot of the result when it was returned.
        agendas: Where its next calls are due.
        earlier: What calls with it gave, and where they were made.
        lasting: Whether it is followed to the end, however many other keys come.
        looks: So many of its next calls are to be looked at before it rests again.
        rests: How often it came to rest.
        remembered: What the last result that was used filled in then.
        shared: Whether another call gave the same object, or one with a mutable part in common.
        took: Nanoseconds of its first call that returned.
        whole: Whether that call was seen to its end, if it was watched, and gave nothing to be closed later.
    """

    __slots__ = (
        "agendas", "args", "before", "done", "earlier", "first_test", "hits", "kept", "kwargs", "lasting",
        "looks", "remembered", "rests", "shared", "state", "test", "took", "whole",
    )  # fmt: skip

    def __init__(self, token: Token, test: Optional[str], lasting: bool = False) -> None:
        self.first_test = test
        self.lasting = lasting
        self.before: Optional[Snapshot] = None
        self.remember(token, test)
        self.done = self.shared = False
        self.hits = self.took = self.looks = self.rests = 0
        self.whole = True
        self.kept: object = None
        self.state = snapshot.Snapshot(None)
        self.agendas: Set[Agenda] = set()
        self.remembered: Optional[Remembered] = None
        self.earlier = reliance.Earlier()

    def remember(self, token: Token, test: Optional[str]) -> None:
        """That call's result is the one that is kept."""
        self.args, self.kwargs, self.test = token.args, token.kwargs, test
        self.before = token.before or self.before

    def keep(self, result: object, state: Snapshot) -> None:
        """Hold the result as a cache would, unless that could matter to the tests or costs too much."""
        state.alive = None
        state.moving = []
        self.state = state
        self.kept = result
        if not state.complete or state.resource:
            try:
                self.kept = Weak(result)
            except TypeError:
                self.kept = None

    def held(self) -> object:
        """The result if it is still there, None otherwise."""
        kept = self.kept
        return kept() if type(kept) is Weak else kept


class Counts:
    """How much of one function was looked at.

    Attributes:
        hits: Calls that a cache would have answered.
        compared, unknown, partial: Results compared; those that could not be, or not in whole.
        watched: Calls that were watched.
        met, left_out: Keys, and those that are not followed.
    """

    __slots__ = ("compared", "hits", "left_out", "met", "partial", "unknown", "watched")

    def __init__(self) -> None:
        self.hits = self.compared = self.unknown = self.partial = self.watched = 0
        self.met = self.left_out = 0


def arguments_of(token: Token) -> Snapshot:
    """A snapshot of a call's arguments."""
    return snapshot.take((token.args, token.kwargs), ARGUMENT_NODES, ARGUMENT_DEPTH)


def have_state(args: Arguments, kwargs: Keywords) -> bool:
    """Whether an argument is hashed by identity, so that it may change and still be the same key."""
    values = (*args, *kwargs.values())
    return any(
        not snapshot.is_plain(value) and hash_of(type(value)) is object.__hash__ and type(value) is not type
        for value in values
    )


def changed_state(entry: KeptCall, token: Token) -> Optional[Difference]:
    """Where the very same arguments are not as they were."""
    arguments, earlier = (*token.args, *token.kwargs.values()), (*entry.args, *entry.kwargs.values())
    same = all(a is b for a, b in zip(arguments, earlier))
    if not same or entry.before is None:
        return None
    return difference.compare(entry.before, token.before or arguments_of(token)).difference


def unlike(entry: KeptCall, token: Token) -> Optional[Difference]:
    """Where arguments that are equal are not the same, read at one moment."""
    first, second = (entry.args, entry.kwargs), (token.args, token.kwargs)  # alive while they are compared
    return difference.compare(snapshot.take(first), snapshot.take(second), together=True).difference


def raising(entry: KeptCall, error: BaseException) -> Difference:
    """The difference between a result that is kept and an exception."""
    after = "raises %s" % snapshot.name_of(type(error))
    return difference.Difference("", shortrepr.short(entry.state.tree), after)


def types_of(call: Union[KeptCall, Token]) -> List[type]:
    """Of a call's arguments."""
    return [*map(type, call.args), *map(type, call.kwargs.values())]


def are_plain(args: Arguments, kwargs: Keywords) -> bool:
    """Whether all arguments are immutable builtin scalars or short texts."""
    plain = snapshot.is_plain
    return all(plain(value) for value in args) and (not kwargs or all(plain(v) for v in kwargs.values()))


def hash_of(kind: type) -> object:
    """The ``__hash__`` that a class has or inherits."""
    spaces = (snapshot.namespace_of(cls) for cls in snapshot.lineage_of(kind))
    return next((space["__hash__"] for space in spaces if "__hash__" in space), None)


def is_exception(error: BaseException) -> bool:
    """Whether it is an ordinary one: not such as ends a process or a test."""
    return any(cls is Exception for cls in snapshot.lineage_of(type(error)))

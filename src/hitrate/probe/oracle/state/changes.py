"""What changed of what one function reaches by name: in a watched call, and between two of them.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import collections
import math
import re

from .. import shortrepr, snapshot
from ..meaning import libraries
from ..nodes import id_of
from . import ambient, generators, givers, reading, values
from .facts import ENTRY, MEMBER, Drawn, Holds
from .reach import Reach, may_change, reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, Iterator, List, Optional, Set, Tuple

    from .facts import Facts, Path, View

    Codes = Dict[int, Tuple[types.CodeType, Dict[str, object]]]

KNOWN = 2000
_MEMO_NAME = re.compile(r"cache|memo(?!r)|lazy|hash|lock", re.IGNORECASE)
_CONTAINERS = frozenset(map(id, (dict, list, tuple, set, frozenset, collections.deque)))
_ABSENT: object = object()
_OWNERS = ("self", "cls")


class Alteration:
    """Something that was one thing and then another.

    Attributes:
        path: Where.
        before, after: What was there, as short text.
        where: Function and file of the code that reaches it.
        test: The test in which it was the first.
        counts: Whether it is a number that changed.
        holders: The identities of the things that it is in.
        gives: The class of one of these that hands out what it has been given, such as a queue.
    """

    __slots__ = ("after", "before", "counts", "gives", "holders", "path", "test", "where")

    def __init__(self, path: Path, before: object, after: object) -> None:
        self.path = path
        self.before, self.after = _show(before), _show(after)
        self.counts = {type(before), type(after)} <= {int, float}
        self.where = ""
        self.test: Optional[str] = None
        self.holders: Set[int] = set()
        self.gives = ""

    @property
    def name(self) -> str:
        """The path as the code writes it."""
        return name_of(self.path)


def name_of(path: Path) -> str:
    """A path as the code writes it."""
    head = path[0].partition("@")[0]
    rest = "".join(part for part in path[1:] if part[0] != " ")
    return rest[len(": ") :] if rest.startswith(": ") else head + rest.replace(": ", ".")


class State:
    """What one function reaches by name.

    Attributes:
        drawn: The generators of random numbers that its calls moved on.
    """

    def __init__(self, function: types.FunctionType) -> None:
        self.function = function
        self.reach: Optional[Reach] = None
        self.known: Dict[Path, Tuple[object, Optional[str]]] = {}
        self.own: Dict[Path, int] = {}
        self.told: Set[Path] = set()
        self.entries: Dict[Path, Set[str]] = {}

    def look(self, args: Tuple[object, ...]) -> View:
        """Read all of it."""
        if self.reach is None:
            self.reach = Reach()
            self.reach.learn((each.__code__, each.__globals__) for each in reachable(self.function))
        reach = self.reach
        view = self._read(reach, args)
        if not view.asked <= reach.names:
            reach.ask(view.asked)
            view = self._read(reach, args)
        view.facts.update(reach.functions())
        view.facts.update(((called,), value) for called, value in ambient.settings(reach.names, args))
        return view

    def _read(self, reach: Reach, args: Tuple[object, ...]) -> View:
        return reading.view(self._roots(reach, args), None if reach.unfiltered else reach.all_names)

    def _roots(self, reach: Reach, args: Tuple[object, ...]) -> Iterator[Tuple[str, object]]:
        code = self.function.__code__
        if args and code.co_varnames[0] in _OWNERS and not snapshot.is_plain(args[0]):
            kind = id_of(type(args[0]))  # another object may be where one was that is gone
            yield "%s@%x %x" % (code.co_varnames[0], id_of(args[0]), kind), args[0]
            yield snapshot.name_of(type(args[0])), type(args[0])
        for name, value in zip(code.co_varnames[: code.co_argcount], args):
            if generators.standing(value) is not None:
                yield name, value
        yield self.function.__name__, self.function
        for place in (*reach.places.values(), *reach.settings):
            if place.key in place.space:
                yield place.name, place.space[place.key]

    def learn(self, codes: Codes) -> None:
        """Take in the code that a watched call ran."""
        if self.reach is not None:
            self.reach.learn(codes.values())

    def may_have_changed(self, codes: Codes) -> bool:
        """Whether a call ran unknown code, which may have changed what was not read before it."""
        known = self.reach.codes if self.reach is not None else codes
        return any(may_change(*pair) for identity, pair in codes.items() if identity not in known)

    def forget(self) -> None:
        """Know nothing of what earlier calls read."""
        self.known.clear()
        self.entries.clear()

    # In one call.

    def effects(
        self, before: View, after: View, result: object, at_once: bool = False
    ) -> Tuple[List[Alteration], List[str]]:
        """What a call changed for good, and the generators of random numbers that it moved on.

        Args:
            before: What was read before it.
            after: The same now.
            result: Of the call.
            at_once: Whether anything counts as soon as it is changed once.
        """
        found: List[Alteration] = []
        drawn: List[str] = []
        for path, was in before.facts.items():
            now = after.facts.get(path, _ABSENT)
            if type(was) is Drawn and type(now) is Drawn:
                if was.standing != now.standing and not self._is_of_library(path):
                    drawn.append(Alteration(path, None, None).name)
            elif _differ(was, now) and not _is_memo(path):
                self.own[path] = self.own.get(path, 0) + 1
                if (
                    path[0].startswith("self@")
                    or self._is_of_library(path)
                    or _is_scratch(path, before, now)
                    or _took_in(path, before.facts, after.facts, result)
                ):
                    continue
                change = Alteration(path, was, now)
                kinds = [each.kind for each in _holders(path, before.facts)]
                change.gives = next(filter(None, map(givers.giver, kinds)), "")
                if at_once or change.counts or self.own[path] > 1:
                    found.append(change)
        return found, drawn

    # Between calls.

    def inputs(self, now: View, result: object, test: Optional[str]) -> List[Alteration]:
        """What the call reads that was another thing in an earlier one; each only once.

        What the result leads to is left out: who has the result sees it change.

        Args:
            now: What was read before the call.
            result: Of the call.
            test: The test that runs.
        """
        found = [each for each in self._changed(now.facts, test) if each.path not in self.told]
        if found:
            parts = reading.parts_of(result)
            found = [each for each in found if parts.isdisjoint(each.holders)]
            self.told.update(each.path for each in found)
        return found

    def note(self, now: View, test: Optional[str]) -> None:
        """Know what was read before a call that tells nothing itself."""
        for _ in self._changed(now.facts, test):
            pass

    def _changed(self, facts: Facts, test: Optional[str]) -> Iterator[Alteration]:
        for path, now in facts.items():
            known = self.known.get(path)
            if known is None:
                known = self._appeared(path, now)
                if len(self.known) < KNOWN:
                    self.known[path] = (now, test)
            asked = self._asked_entries(path, now, facts)
            differs = known is not None and (_differ(known[0], now) or _is_set(path, known[0], now))
            if known is None or not differs or not self._is_input(path, facts):
                continue
            if asked is not None and asked == self.entries[path]:
                continue
            change = Alteration(path, known[0], now)
            change.test = known[1]
            change.where = self._where(path[0])
            change.holders = {each.identity for each in _holders(path, facts)}
            yield change

    def _appeared(self, path: Path, now: object) -> Optional[Tuple[object, Optional[str]]]:
        """What is known of an attribute of thread-local data that was not there before."""
        known = self.known.get(path[:-1])
        if known is None or type(known[0]) is not Holds or not known[0].is_local:
            return None
        del now
        return (_ABSENT, known[1])

    def _asked_entries(self, path: Path, now: object, facts: Facts) -> Optional[Set[str]]:
        """The entries that a table has of those that are asked for; None where any may be, or it is large."""
        is_table = type(now) is Holds and issubclass(now.kind, dict) and now.count <= reading.ENTRIES
        keys = self.reach.keys_of(_named(path[-1])) if is_table and self.reach is not None else None
        if keys is None:
            return None
        asked = {step for step in map(reading.step_of, keys) if _is_there((*path, step), facts)}
        self.entries.setdefault(path, asked)
        return asked

    def _is_asked_for(self, path: Path) -> bool:
        """Whether the project's code may ask for the entries of tables that a path goes through."""
        for table, step in zip(path, path[1:]):
            keys = self.reach.keys_of(_named(table)) if step[0] == "[" and self.reach is not None else None
            if keys is not None and step not in map(reading.step_of, keys):
                return False
        return True

    def _is_input(self, path: Path, facts: Facts) -> bool:
        """Whether something is read by the project's code, and changed by other code only."""
        reach = self.reach
        if reach is None or _is_memo(path) or any(path[: len(own)] == own for own in self.own):
            return False
        names = [part.lstrip(".:[ ") for part in path[1:] if part[0] in ".:"]
        head = path[0].partition("@")[0].rpartition(".")[2]
        attributes = [part[1:] for part in path[1:] if part[0] == "."]
        is_setting = self._is_of_library(path)
        read, stored = reach.names, reach.stored()
        if is_setting:
            read, stored = reach.all_names, reach.libraries.stored
        elif not stored.isdisjoint(names):
            stored = stored - self._still_bound(path, facts, reach)
        if not reach.unfiltered and any(name not in read for name in attributes):
            return False
        return stored.isdisjoint((head, *names)) and self._is_asked_for(path)

    def _still_bound(self, path: Path, facts: Facts, reach: Reach) -> Set[str]:
        """Names on a path that the code may bind, and that still stand for what they stood for at first.

        One that it makes on first use and keeps (``if cls._one is None: cls._one = cls()``) is such.
        """
        steps = [path[:length] for length in range(1, len(path))]
        held = [(step, facts.get(step), self.known.get(step, (None,))[0]) for step in steps]
        kept = {
            _named(step[-1])
            for step, now, was in held
            if type(now) is Holds and type(was) is Holds and now.identity == was.identity
        }
        return kept & reach.only_bound()

    def _is_of_library(self, path: Path) -> bool:
        """Whether something is in a library, of whose own doing nobody knows."""
        return self.reach is not None and path[0] in self.reach.libraries.names

    def _where(self, root: str) -> str:
        reach = self.reach
        places = (
            [*reach.places.values(), *reach.settings, *reach.called.values()] if reach is not None else []
        )
        own = self.function.__code__
        return next((place.where for place in places if place.name == root), own.co_name)


def _is_scratch(path: Path, before: View, now: object) -> bool:
    """Whether it is a text that an object of a library notes for itself."""
    holder = before.facts.get(path[:-1])
    return type(holder) is Holds and libraries.is_scratch(holder.kind, path[-1][1:], before.facts[path], now)


def _named(step: str) -> str:
    """The name in a step of a path, as code writes it; "" for an entry of a table."""
    return "" if step[0] == "[" else step.partition("@")[0].rpartition(".")[2].lstrip(": ")


def _is_there(path: Path, facts: Facts) -> bool:
    return path in facts or any((*path, part) in facts for part in (ENTRY, MEMBER))


def _holders(path: Path, facts: Facts) -> List[Holds]:
    """The things that a place is in, outermost first."""
    found = [facts.get(path[:length]) for length in range(1, len(path) + 1)]
    return [each for each in found if type(each) is Holds]


def _differ(before: object, after: object) -> bool:
    if type(before) is Holds and type(after) is Holds:
        return before.differs(after)
    if before is None or after is None or after is _ABSENT:
        return False  # filled, or gone with what it was in
    if type(before) is not type(after) and _is_held(before, after):
        return False
    if type(before) is float and math.isnan(before):
        return not (type(after) is float and math.isnan(after))
    return type(before) is not Drawn and bool(before != after)


def _is_set(path: Path, before: object, after: object) -> bool:
    """Whether there was nothing and now is something, or the reverse; of ``self`` a text or number."""
    untold = {Drawn, object, Holds} if path[0].startswith("self@") else {Drawn, object}
    return (before is None) != (after is None) and untold.isdisjoint((type(before), type(after)))


def _is_held(before: object, after: object) -> bool:
    """Whether one of two is no text, number or member of an enumeration, so that little can be said."""
    return any(
        type(each) is Drawn or (type(each) is Holds and not values.is_enumeration(each.kind))
        for each in (before, after)
    )


def _is_memo(path: Path) -> bool:
    return any(_MEMO_NAME.search(part) for part in path)


def _took_in(path: Path, before: Facts, after: Facts, result: object) -> bool:
    """Whether a container only took in the result: a memo, whatever else it has forgotten."""
    if path[-1] == reading.ORDER:
        return _is_last(path[:-1], after, result)
    container = after.get(path)
    by_key = type(container) is Holds and issubclass(container.kind, dict)
    for below, fact in after.items():
        if below[:-1] == path and below not in before:
            if type(fact) is Holds:
                if fact.identity == id_of(result):
                    return True
            elif by_key and type(fact) is type(result) and fact == result:
                return True
    return False


def _is_last(path: Path, after: Facts, result: object) -> bool:
    """Whether what came to the end of a mapping is the result: the entry was asked for last."""
    last = str(after[(*path, reading.ORDER)])[len(reading.LAST) :]
    fact = after.get((*path, "[%s]" % last))
    if type(fact) is Holds:
        return fact.identity == id_of(result)
    return type(fact) is type(result) and fact == result


def _show(fact: object) -> str:
    if type(fact) is Holds:
        is_container = any(id(cls) in _CONTAINERS for cls in snapshot.lineage_of(fact.kind))
        return shortrepr.items(fact.count) if fact.count or is_container else snapshot.name_of(fact.kind)
    return "nothing" if fact is _ABSENT else shortrepr.short(fact)  # type: ignore[arg-type]

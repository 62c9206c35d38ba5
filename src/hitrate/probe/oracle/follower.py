"""Follows the calls of one function: compares what a cache would hand out with what the function gives.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

For each key that is followed it keeps what a cache would keep: the result. When the key comes again, a cache
would have answered with that object, but the function has computed a fresh one. Both are compared as they
are now. Where they differ, either the kept one was changed since it was returned (*aliased*) or the fresh
one is another (*stale*; *typed* if the equal arguments are of different types). Meanwhile ``monitor`` and
``surroundings`` saw what that call read and changed, which a cache would have skipped. The fresh result is
kept from then on, so that each receiver is checked in turn.

Where an existing cache answered, the function did not run. There the object that the cache handed out is
compared with what it was when the function returned it, and the function is run once more to compare with:
only if its own calls were seen to do nothing but return and to call no mock, and the first one with this key
was quick. How long it takes then tells what the cache saves.

At most ``KEYS`` keys are followed; the least recently used one is given up. Results that hold files, locks or
the like are not kept alive, nor are those too large to be read whole.
"""

from __future__ import annotations

import collections
import functools
import os
import sys
import time
import weakref
from typing import Any, Iterator

from . import difference, monitor, rules, shortrepr, snapshot, surroundings

KEYS = 256
FIRST_KEYS = 16
EARLY_HITS, FIRST_HITS, LATER_HITS = 256, 64, 2
WATCHED = 12
REPORTS = 3
SUBJECTS = 100
ARGUMENT_NODES, ARGUMENT_DEPTH = 120, 5
EVENT_NANOSECONDS = 300
QUICK = 5_000_000

# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)


class _Entry:
    """One key: the call whose result is kept, and that result.

    Attributes:
        args, kwargs, before, test: Of that call; ``before`` is a snapshot of its arguments.
        first_test: Of the first call.
        done: Whether a call with this key has returned.
        hits: Calls since that a cache would have answered.
        kept: The result, or a weak reference to it, or None.
        state: A snapshot of the result when it was returned.
        agendas: Where its next calls are due.
        shared: Whether another call gave the same object, or one with a mutable part in common.
        took: Nanoseconds of its first call that returned.
    """

    __slots__ = (
        "agendas",
        "args",
        "before",
        "done",
        "first_test",
        "hits",
        "kept",
        "kwargs",
        "shared",
        "state",
        "test",
        "took",
    )

    def __init__(self, token: Token, test: str | None) -> None:
        self.first_test = test
        self.before: Any = None
        self.remember(token, test)
        self.done = self.shared = False
        self.hits = self.took = 0
        self.kept: Any = None
        self.state: Any = None
        self.agendas: set[Any] = set()

    def remember(self, token: Token, test: str | None) -> None:
        """That call's result is the one that is kept."""
        self.args, self.kwargs, self.test = token.args, token.kwargs, test
        self.before = token.before or self.before

    def keep(self, result: Any, state: Any) -> None:
        """Hold the result as a cache would, unless that could matter to the tests or costs too much."""
        state.alive = None
        self.state = state
        self.kept = result
        if not state.complete or state.resource:
            try:
                self.kept = _Weak(result)
            except TypeError:
                self.kept = None

    def held(self) -> Any:
        """The result if it is still there, None otherwise."""
        return self.kept() if type(self.kept) is _Weak else self.kept


class _Weak(weakref.ref):  # type: ignore[type-arg]
    """A weak reference of ours, to tell it from a result that is one."""

    __slots__ = ()


class Token:
    """One call that is shown: its key's entry, its own arguments, what was seen before it.

    Attributes:
        again: Nanoseconds that the function took when it was run once more; None where that is not known.
    """

    __slots__ = ("again", "args", "before", "began", "entry", "kwargs", "number", "places", "seen")

    def __init__(
        self, number: int | None, entry: _Entry | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ):
        self.number = number
        self.entry: Any = entry
        self.args = args
        self.kwargs = kwargs
        self.before: Any = None
        self.places: Any = None
        self.seen: Any = None
        self.began = 0
        self.again: int | None = None


class Follower:
    """Follows one function.

    Attributes:
        wanted: The numbers of the keys whose calls the recorder shows.
        entries: The keys that are followed, least recently used first.
        innocent: Whether all its own calls that were watched did nothing but return.
    """

    def __init__(
        self,
        oracle: Any,
        slot: int,
        instance: int,
        function: Any,
        cached: bool,
        wanted: set[int],
        refused: int | None,
    ) -> None:
        self.oracle = oracle
        self.slot = slot
        self.instance = instance
        self.function = function
        self.cached = cached
        self.wanted = wanted
        self.refused = refused
        self.entries: collections.OrderedDict[int, _Entry] = collections.OrderedDict()
        self.surroundings = surroundings.Surroundings(function)
        self.constants = _constant_places(function)
        self.reported: dict[tuple[str, str, str], int] = {}
        self.innocent = True
        self.count_anew()
        if refused is not None:
            wanted.add(refused)

    def count_anew(self) -> None:
        """Begin to count: what a forked child inherits was counted by its parent."""
        self.hits = self.compared = self.unknown = self.partial = self.watched = 0
        self.met_keys = self.left_out = 0

    # What the recorder calls.

    def met(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """A key is new: follow it, or leave it out while too much time was spent."""
        del args, kwargs
        self.met_keys += 1
        if self.oracle.poor and self.met_keys > FIRST_KEYS:
            self.left_out += 1
        else:
            self.wanted.add(number)

    def before(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Token | None:
        """A call begins; the token for its end, None to leave it out."""
        start = _clock()
        try:
            token = self._begin(number, args, kwargs)
            token.began = _clock()
        except Exception:
            return None
        finally:
            self.oracle.spent += _clock() - start
        return token

    def returned(self, token: Token, result: Any, served: bool = False) -> int | None:
        """The call gave a result; nanoseconds that the function took if it was run for comparison."""
        start = self._end(token)
        try:
            if token.entry is None:
                self._refused(token)
            elif not token.entry.done:
                self._first(token, result)
            else:
                self._again(token, result, served)
            if token.entry is not None:
                self._rest(token.number, token.entry)
        except Exception:
            self.unknown += 1
        finally:
            self.oracle.spent += _clock() - start
        return token.again

    def raised(self, token: Token, error: BaseException) -> None:
        """The call raised, which no cache keeps; but a cache might have answered instead."""
        start = self._end(token)
        try:
            entry = token.entry
            if entry is not None and entry.done and _is_exception(error):
                self._differs(token, _raising(entry, error))
        except Exception:
            self.unknown += 1
        finally:
            self.oracle.spent += _clock() - start

    def cleared(self) -> None:
        """``cache_clear()`` was called: a cache would know nothing of what was before."""
        self.entries.clear()

    # What the oracle calls.

    def ask(self, number: int, agenda: Any) -> None:
        """Be shown the next call with a key again."""
        entry = self.entries.get(number)
        if entry is not None:
            entry.agendas.discard(agenda)
            self.wanted.add(number)

    def finish(self, deadline: int) -> None:
        """A last look at the results that are kept, as far as the time reaches."""
        try:
            for entry in self.entries.values():
                if _clock() < deadline:
                    self._look_back(entry)
        except Exception:
            self.unknown += 1
        self.tally()

    def tally(self) -> None:
        """Say how much was looked at so far."""
        counts = {name: getattr(self, name) for name in ("hits", "compared", "unknown", "partial", "watched")}
        counts.update(
            left_out=self.left_out, instance=self.instance, process=os.getpid(), spent=self.oracle.spent
        )
        self.oracle.report({"slot": self.slot, "kind": "tally", **counts})

    # A call begins.

    def _begin(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Token:
        if number == self.refused:
            return Token(number, None, args, kwargs)
        entry = self.entries.get(number)
        token = Token(number, entry, args, kwargs)
        if entry is None:
            if _have_state(args, kwargs):
                token.before = _arguments(token)
            token.entry = self.entries[number] = _Entry(token, self.oracle.current_test)
            if len(self.entries) > KEYS:
                self._give_up(*self.entries.popitem(last=False))
            if self.cached and self.watched < WATCHED:
                self._observe(token)
        elif entry.done:
            self.hits += 1
            self.entries.move_to_end(number)
            if self.hits <= WATCHED or (self.hits & (self.hits - 1)) == 0 or not entry.hits:
                self._observe(token)
        return token

    def _observe(self, token: Token) -> None:
        if self.watched < WATCHED or not self.oracle.poor:
            if token.before is None and not _are_plain(token.args, token.kwargs):
                token.before = _arguments(token)
            token.places = self.surroundings.look(token.args)
            token.seen = monitor.begin(self.function.__code__, self.constants)

    def _end(self, token: Token) -> int:
        """Stop watching, count what it cost; the time at which the call ended."""
        now = _clock()
        seen = token.seen
        if seen is not None:
            monitor.end(seen)
            self.watched += 1
            self.oracle.spent += (monitor.EVENTS - seen.left) * EVENT_NANOSECONDS
        return now

    # It ends.

    def _refused(self, token: Token) -> None:
        """The function worked with arguments that cannot be a key: a cache would raise ``TypeError``."""
        named = [*self._named_arguments(token)]
        name, value = next((each for each in named if _is_unhashable(each[1])), named[0])
        self._report("refused", token, argument=name, type=snapshot.name_of(type(value)))

    def _first(self, token: Token, result: Any) -> None:
        entry = token.entry
        entry.done = True
        entry.took = _clock() - token.began
        entry.keep(result, snapshot.take(result))
        if self.oracle.results is not None:
            self.oracle.results.note(self.slot, token, entry.state, self.oracle.current_test)
        what = snapshot.one_shot(result)
        if what is not None and what != snapshot.OPEN_FILE:
            self._report("one-shot", token, what=what)
        if token.seen is not None:
            self._judge_innocence(token, result)

    def _judge_innocence(self, token: Token, result: Any) -> None:
        """Whether a call of a function with a cache did nothing but return, so that it may be run again."""
        seen = (*token.seen.sights.values(), *token.seen.lasting())
        quiet = {sight.kind for sight in seen} <= rules.HARMLESS and not token.seen.partial
        changed = self._changed_argument(token) or self.surroundings.change(token.places, result)
        self.innocent = self.innocent and quiet and changed is None
        self._reads(token)

    def _again(self, token: Token, result: Any, served: bool) -> None:
        """A cache would have answered this call, or has."""
        entry = token.entry
        entry.hits += 1
        if served:
            self._served(token, result)
            return
        if not self.cached:
            self._effects(token, result)
        fresh = snapshot.take(result)
        self._compare(token, result, fresh)
        entry.keep(result, fresh)
        entry.remember(token, self.oracle.current_test)

    def _served(self, token: Token, result: Any) -> None:
        """An existing cache handed out its object: what would the function give?

        Where that is not to be known, only builtin data can be said to have been changed: other objects may
        have filled memos, or refer to a world that has changed since.
        """
        entry = token.entry
        now = snapshot.take(result)
        if not self.innocent or not self.watched or entry.took > QUICK or self.oracle.poor:
            changed = difference.compare(entry.state, now).difference if now.plain else None
            if changed is not None:
                self._report(
                    "aliased", token, place=changed.place, before=changed.before, after=changed.after
                )
            return
        self.compared += 1
        try:
            began = _clock()
            made = self.function(*token.args, **token.kwargs)
            ended = _clock()
        except Exception as error:
            self._differs(token, _raising(entry, error))
            return
        if sys.getprofile() is None:
            token.again = max(0, ended - began - _RERUN_NANOSECONDS)
        fresh = snapshot.take(made)
        found = difference.compare(now, fresh, together=True)
        self.unknown += found.unknown
        if found.difference is not None:
            self._explain(token, now, fresh, found.difference)

    def _compare(self, token: Token, result: Any, fresh: Any) -> None:
        entry = token.entry
        kept = entry.held()
        self.compared += 1
        if kept is result and not snapshot.is_plain(result):
            entry.shared = True
            return
        if snapshot.one_shot(result) is not None and kept is not None:
            self._report("one-shot", token, what=snapshot.one_shot(result))
        if kept is None and entry.state.tree is not None:
            self._compare_unheld(token, fresh)
            return
        now = entry.state if kept is None or snapshot.is_plain(kept) else snapshot.take(kept)
        found = difference.compare(now, fresh, together=now is not entry.state)
        self.unknown += found.unknown
        self.partial += found.partial and not found.unknown
        if found.difference is not None:
            self._explain(token, now, fresh, found.difference)
        elif fresh.plain and not entry.shared:
            entry.shared = difference.share(now, fresh)

    def _compare_unheld(self, token: Token, fresh: Any) -> None:
        """The earlier object is gone: only builtin data can be told from its snapshot.

        Other objects may have filled memos, or refer to a world that has changed since.
        """
        found = difference.compare(token.entry.state, fresh)
        plain = fresh.plain and token.entry.state.plain
        self.unknown += found.unknown or (found.difference is not None and not plain)
        self.partial += found.partial and not found.unknown
        if found.difference is not None and plain:
            self._differs(token, found.difference)

    def _explain(self, token: Token, now: Any, fresh: Any, found: Any) -> None:
        """A cache would hand out something else: was that changed since, or is the fresh result another?"""
        state = token.entry.state
        changed = None if now is state else difference.compare(state, now).difference
        if changed is not None:
            self._report("aliased", token, place=changed.place, before=changed.before, after=changed.after)
            found = difference.compare(state, fresh).difference
        if found is not None:
            self._differs(token, found)

    def _differs(self, token: Token, found: Any) -> None:
        """Equal arguments, another result: because of their types, their content, or something hidden."""
        entry = token.entry
        kind, cause, place = "stale", "hidden", _changed_state(entry, token)
        if _types(token) != _types(entry):
            kind, cause = "typed", "types"
        elif place is not None:
            cause = "state"
        else:
            place = _unlike(entry, token)
            if place is not None:
                kind, cause = ("typed", "nested types") if place.is_type else ("stale", "coarse")
        sights = token.seen.lasting() if token.seen is not None else ()
        self._report(
            kind,
            token,
            cause=cause,
            argument=self._argument(place.place) if place is not None else "",
            place=found.place,
            before=found.before,
            after=found.after,
            first=shortrepr.show(entry.args, entry.kwargs),
            first_test=entry.test,
            reads=sorted({sight.kind for sight in sights if sight.kind in rules.READS}),
        )

    def _effects(self, token: Token, result: Any) -> None:
        """What this call did besides returning, and a cached one would not."""
        self._reads(token)
        for sight in token.seen.lasting() if token.seen is not None else ():
            if sight.kind not in rules.READS and sight.kind != rules.MOCK:
                self._report("effect", token, about=sight.kind, what=sight.what, where=sight.where)
        found = self.surroundings.change(token.places, result) if token.places is not None else None
        if found is not None:
            self._report("global", token, about=found[0], before=found[1], after=found[2])
        changed = self._changed_argument(token)
        if changed is not None:
            name = self._argument(changed.place)
            self._report("argument", token, argument=name, before=changed.before, after=changed.after)

    def _reads(self, token: Token) -> None:
        """What this call reads, and a cached one would not."""
        for sight in token.seen.lasting() if token.seen is not None else ():
            if sight.kind in rules.READS:
                self._report("reads", token, about=sight.kind, what=sight.what, where=sight.where)

    def _changed_argument(self, token: Token) -> Any:
        if token.before is None:
            return None
        return difference.compare(token.before, _arguments(token)).difference

    # What is kept.

    def _rest(self, number: Any, entry: _Entry) -> None:
        """After some repetitions a key rests, longer each time."""
        if entry.hits >= (FIRST_HITS if self.hits <= EARLY_HITS else LATER_HITS):
            self.wanted.discard(number)
            distances = ((self.oracle.tests, 1 + entry.hits // 8), (self.oracle.ticks, entry.hits))
            for agenda, distance in distances:
                if agenda not in entry.agendas:
                    entry.agendas.add(agenda)
                    agenda.add(self, number, distance)
        if self.hits and (self.hits & (self.hits - 1)) == 0:
            self.tally()

    def _give_up(self, number: int, entry: _Entry) -> None:
        self.wanted.discard(number)
        self._look_back(entry)

    def _look_back(self, entry: _Entry) -> None:
        """Whether the last receiver of a result has changed it, where each receiver got one of its own."""
        kept = entry.held()
        if self.cached or not entry.hits or kept is None or entry.shared or not entry.state.plain:
            return
        changed = difference.compare(entry.state, snapshot.take(kept)).difference
        if changed is not None:
            token = Token(None, entry, entry.args, entry.kwargs)
            self._report("aliased", token, place=changed.place, before=changed.before, after=changed.after)

    def instances(self) -> list[tuple[Any, str | None, str]]:
        """Instances that own the method and were called in one test only: weak reference, test, class."""
        tests: dict[int, set[str | None]] = {}
        found: dict[int, Any] = {}
        for entry in self.entries.values():
            if entry.args and self._is_own_instance(entry.args[0]):
                tests.setdefault(id(entry.args[0]), set()).update((entry.first_test, entry.test))
                found[id(entry.args[0])] = entry.args[0]
        return [
            (_Weak(value), tests[key].pop(), snapshot.name_of(type(value)))
            for key, value in found.items()
            if len(tests[key]) == 1 and _has_weak_references(type(value))
        ]

    def count_leaked(self, instances: list[tuple[Any, str | None, str]]) -> None:
        """Tell which instances are gone now that no key refers to them: a cache would have kept them."""
        gone = [(test, name) for reference, test, name in instances if reference() is None]
        if len(gone) > 1:
            what = "%d of %d instances of %s" % (len(gone), len(instances), gone[0][1])
            self.oracle.report({"slot": self.slot, "kind": "leak", "what": what, "test": gone[0][0]})

    def _is_own_instance(self, value: Any) -> bool:
        """Whether a value is the ``self`` of a method, hashed by identity."""
        code = self.function.__code__
        if code.co_argcount == 0 or code.co_varnames[0] != "self":
            return False
        return _hash_of(type(value)) is object.__hash__

    # What is told.

    def _report(self, kind: str, token: Token, **facts: Any) -> None:
        about = (kind, facts.get("about", facts.get("cause", "")), facts.get("what", ""))
        count = self.reported[about] = self.reported.get(about, 0) + 1
        if count > REPORTS or len(self.reported) > SUBJECTS:
            return
        facts.update(slot=self.slot, kind=kind, test=self.oracle.current_test)
        facts["key"] = shortrepr.show(token.args, token.kwargs)
        self.oracle.report(facts)

    def _argument(self, place: str) -> str:
        """The parameter's name for a place in ``(args, kwargs)`` such as ``[0][1].count``."""
        which, _, rest = place[len("[0][") :].partition("]")
        if not place.startswith("[0]["):
            return which.strip("'") + rest
        names = self._parameters()
        index = int(which) if which.isdigit() else len(names)
        return (names[index] if index < len(names) else "*args") + rest

    def _named_arguments(self, token: Token) -> Iterator[tuple[str, Any]]:
        names = self._parameters()
        yield from ((names[i] if i < len(names) else "*args", value) for i, value in enumerate(token.args))
        yield from token.kwargs.items()

    def _parameters(self) -> tuple[str, ...]:
        code = self.function.__code__
        names: tuple[str, ...] = code.co_varnames[: code.co_argcount]
        return names


def _arguments(token: Token) -> Any:
    return snapshot.take((token.args, token.kwargs), ARGUMENT_NODES, ARGUMENT_DEPTH)


def _have_state(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether an argument is hashed by identity, so that it may change and still be the same key."""
    values = (*args, *kwargs.values())
    return any(
        not snapshot.is_plain(value) and _hash_of(type(value)) is object.__hash__ and type(value) is not type
        for value in values
    )


def _changed_state(entry: _Entry, token: Token) -> Any:
    """Where the very same arguments are not as they were."""
    arguments, earlier = (*token.args, *token.kwargs.values()), (*entry.args, *entry.kwargs.values())
    same = all(a is b for a, b in zip(arguments, earlier))
    if not same or entry.before is None:
        return None
    return difference.compare(entry.before, token.before or _arguments(token)).difference


def _unlike(entry: _Entry, token: Token) -> Any:
    """Where arguments that are equal are not the same, read at one moment."""
    first, second = (entry.args, entry.kwargs), (token.args, token.kwargs)  # alive while they are compared
    return difference.compare(snapshot.take(first), snapshot.take(second), together=True).difference


def _raising(entry: _Entry, error: BaseException) -> Any:
    after = "raises %s" % snapshot.name_of(type(error))
    return difference.Difference("", shortrepr.short(entry.state.tree), after)


def _is_exception(error: BaseException) -> bool:
    return any(cls is Exception for cls in snapshot.lineage_of(type(error)))


def _types(call: Any) -> list[type]:
    return [*map(type, call.args), *map(type, call.kwargs.values())]


def _are_plain(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    plain = snapshot.is_plain
    return all(plain(value) for value in args) and (not kwargs or all(plain(v) for v in kwargs.values()))


def _hash_of(kind: type) -> Any:
    """The ``__hash__`` that a class has or inherits."""
    spaces = (snapshot.namespace_of(cls) for cls in snapshot.lineage_of(kind))
    return next((space["__hash__"] for space in spaces if "__hash__" in space), None)


def _has_weak_references(kind: type) -> bool:
    return any("__weakref__" in snapshot.namespace_of(cls) for cls in snapshot.lineage_of(kind))


def _is_unhashable(value: Any) -> bool:
    return _hash_of(type(value)) is None


def _constant_places(function: Any) -> tuple[str, ...]:
    """Folders whose files come with the code: the function's own top-level package, and the interpreter's."""
    package = function.__globals__.get("__package__")
    places: tuple[str, ...] = monitor.CONSTANT_PLACES
    if type(package) is not str or not package:
        return places
    folder = os.path.dirname(os.path.abspath(function.__code__.co_filename))
    for _ in range(package.count(".")):
        folder = os.path.dirname(folder)
    return (os.path.join(folder, ""), *places)


def _rerun_nanoseconds() -> int:
    """What the time of a function that is run again has besides that of a plain call of it."""

    def nothing(_: int) -> None:
        return None

    args: tuple[int] = (1,)
    kwargs: dict[str, Any] = {}
    best = [1 << 30] * 3
    for _ in range(20):
        moments = [_clock(), _clock()]
        nothing(*args, **kwargs)
        moments.append(_clock())
        nothing(1)
        moments.append(_clock())
        best = [min(old, b - a) for old, a, b in zip(best, moments, moments[1:])]
    reading, unpacking, plain = best
    return reading + unpacking - plain


_RERUN_NANOSECONDS = _rerun_nanoseconds()

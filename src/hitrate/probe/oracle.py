"""Looks for proof that a cache would be wrong, while the tests run and every call is really computed.

Laid out beside the recorder inside the analysed project's processes, with ``snapshot``, ``difference``,
``surroundings`` and ``witness``. Standard library, CPython 3.8+. The recorder shows it some of the calls (its
docstring has the seam); it runs no code under test, changes nothing, and raises nothing.

For each key that it follows it keeps what a cache would keep: the result. When the key comes again, a cache
would have answered with that object, but the function has computed a fresh one. Both are compared as they are
now. Where they differ, either the kept one was changed since it was returned (*aliased*) or the fresh one is
another (*stale*; *typed* if the equal arguments are of different types). Meanwhile ``witness`` and
``surroundings`` saw what that call read and changed, which a cache would have skipped. The fresh result is
kept from then on, so that each receiver is checked in turn.

A key's first calls are followed, then ever fewer: again when other tests have begun or time has gone by, at
growing distances. At most ``KEYS`` keys a function are followed; the least recently used one is given up. All
of it may take ``SHARE`` of the process's CPU time; beyond, calls are left out and counted as such. Results
that hold files, locks or the like are not kept alive, nor are those too large to be read whole.

What is found goes to ``<stem>.hazards`` as JSON, a line each, appended at once; ``hitrate.hazards`` reads it.
"""

import atexit
import collections
import gc
import importlib
import json
import os
import time
import types

snapshot = importlib.import_module(__name__.replace("oracle", "snapshot"))
difference = importlib.import_module(__name__.replace("oracle", "difference"))
surroundings = importlib.import_module(__name__.replace("oracle", "surroundings"))
witness = importlib.import_module(__name__.replace("oracle", "witness"))

KEYS = 256
SHARE = 0.08
ALLOWANCE = 50_000_000
EPOCH = 20_000_000
EVENT_NANOSECONDS = 300
WATCHED = 12
REPORTS = 3
ARGUMENT_NODES = 300
INSTANCES = 8
EARLY_HITS, FIRST_HITS = 64, 8

_clock = time.perf_counter_ns
_cpu_clock = time.process_time_ns
_spell = json.JSONEncoder(ensure_ascii=True).encode


class Oracle:
    """All that is known in this process.

    Attributes:
        stem: The process's files, without their ending; None: nowhere to write.
    """

    def __init__(self):
        self.stem = None
        self.current_test = None
        self.first_process = None
        self.epoch = 0
        self.epoch_began = 0
        self.spent = 0
        self.poor = False
        self.due = {}
        self.watches = []

    def watch(self, slot, instance, function, wanted, refused=None):
        """Follow one wrapped function; None where it cannot be.

        Args:
            slot: Number of the analysed function.
            instance: Which of the process's function objects of that slot it is.
            function: The function or its cache.
            wanted: The numbers of the keys whose calls are to be shown.
            refused: The number of calls whose arguments cannot be a key.
        """
        del instance
        plain = function
        while type(plain) is not types.FunctionType:
            plain = getattr(plain, "__wrapped__", None)
            if plain is None:
                return None
        follower = Watch(self, slot, plain, wanted, refused)
        self.watches.append(follower)
        return follower

    def test(self, name):
        """Another test begins."""
        self.current_test = name
        self.next_epoch(_clock())

    def tick(self, now):
        """Time has gone by."""
        if now - self.epoch_began > EPOCH:
            self.next_epoch(now)

    def next_epoch(self, now):
        """Ask for the calls that are due, as far as the time spent so far allows."""
        self.epoch += 1
        self.epoch_began = now
        self.poor = self.spent > ALLOWANCE + SHARE * _cpu_clock()
        entries = self.due.pop(self.epoch, ())
        if self.poor:
            self.due.setdefault(self.epoch + 1, []).extend(entries)
            return
        for follower, number in entries:
            follower.ask(number)

    def later(self, follower, number, distance):
        """Ask for a key again some epochs from now."""
        self.due.setdefault(self.epoch + distance, []).append((follower, number))

    def finish(self):
        """The process ends: look a last time at what is kept, and say how much was looked at."""
        for follower in self.watches:
            follower.finish()

    def report(
        self, observation, append=os.O_WRONLY | os.O_CREAT | os.O_APPEND, open_=os.open, write=os.write
    ):
        """Append one observation; where it cannot be written, the tests go on."""
        if self.stem is None:
            return
        try:
            descriptor = open_(self.stem + ".hazards", append, 0o644)
            try:
                write(descriptor, (_spell(observation) + "\n").encode())
            finally:
                os.close(descriptor)
        except OSError:
            self.stem = None


_oracle = Oracle()
atexit.register(_oracle.finish)


def begin(stem):
    """The oracle of this process, which writes to ``<stem>.hazards``; a forked child has its own stem."""
    _oracle.stem = stem
    return _oracle


class _Entry:
    """One key that is followed: the call whose result is kept, and that result."""

    __slots__ = ("args", "before", "done", "hits", "kept", "kwargs", "shared", "state", "test")

    def __init__(self, token, test):
        self.remember(token, test)
        self.done = False
        self.hits = 0
        self.kept = None
        self.state = None
        self.shared = False

    def remember(self, token, test):
        """That call's result is the one that is kept."""
        self.args = token.args
        self.kwargs = token.kwargs
        self.before = token.before
        self.test = test


class _Token:
    """One call that is shown: its key's entry, its own arguments, what was seen before it."""

    __slots__ = ("args", "before", "entry", "kwargs", "number", "places", "testimony")

    def __init__(self, number, entry, args, kwargs):
        self.number = number
        self.entry = entry
        self.args = args
        self.kwargs = kwargs
        self.before = None
        self.places = None
        self.testimony = None


class Watch:
    """Follows one function."""

    def __init__(self, oracle, slot, function, wanted, refused):
        self.oracle = oracle
        self.slot = slot
        self.function = function
        self.wanted = wanted
        self.entries = collections.OrderedDict()
        self.surroundings = surroundings.Surroundings(function)
        self.constants = _constant_places(function)
        self.reported = {}
        self.hits = self.compared = self.unknown = self.partial = self.watched = 0
        self.met_keys = self.left_out = 0
        self.refused = refused
        if refused is not None:
            wanted.add(refused)

    # What the recorder calls.

    def met(self, number, args, kwargs):
        """A key is new: follow it, or leave it out while too much time was spent."""
        del args, kwargs
        self.met_keys += 1
        if self.oracle.poor and self.met_keys > 16:
            self.left_out += 1
        else:
            self.wanted.add(number)

    def before(self, number, args, kwargs):
        """A call begins; the token for its end, None to leave it out."""
        start = _clock()
        try:
            return self._begin(number, args, kwargs)
        except Exception:
            return None
        finally:
            self.oracle.spent += _clock() - start

    def returned(self, token, result, served=False):
        """The call gave a result."""
        start = _clock()
        try:
            self._end(token)
            if token.entry is None:
                self._refused(token)
            elif not token.entry.done:
                self._first(token, result)
            else:
                self._again(token, result, served)
        except Exception:
            self.unknown += 1
        finally:
            self.oracle.spent += _clock() - start

    def raised(self, token, error):
        """The call raised, which no cache keeps."""
        start = _clock()
        try:
            self._end(token)
            entry = token.entry
            if entry is not None and entry.done and Exception in snapshot.lineage_of(type(error)):
                name = snapshot.name_of(type(error))
                self._differs(token, difference.Difference("", _kept_text(entry), "raises %s" % name))
        except Exception:
            self.unknown += 1
        finally:
            self.oracle.spent += _clock() - start

    def cleared(self):
        """``cache_clear()`` was called: a cache would know nothing of what was before."""
        self.entries.clear()

    # A call begins.

    def _begin(self, number, args, kwargs):
        if number == self.refused:
            return _Token(number, None, args, kwargs)
        entry = self.entries.get(number)
        token = _Token(number, entry, args, kwargs)
        if not _are_plain(args, kwargs):
            token.before = snapshot.take((args, kwargs), ARGUMENT_NODES)
        if entry is None:
            token.entry = self.entries[number] = _Entry(token, self.oracle.current_test)
            if len(self.entries) > KEYS:
                self._give_up(*self.entries.popitem(last=False))
        elif entry.done:
            self.hits += 1
            self.entries.move_to_end(number)
            if self.hits <= WATCHED or (self.hits & (self.hits - 1)) == 0 or not entry.hits:
                self._observe(token)
        return token

    def _observe(self, token):
        if self.watched > WATCHED and self.oracle.poor:
            return
        token.places = self.surroundings.look()
        token.testimony = witness.begin(self.function.__code__, self.constants)

    def _end(self, token):
        """Stop watching; count what it cost."""
        testimony = token.testimony
        if testimony is not None:
            witness.end(testimony)
            self.watched += 1
            self.oracle.spent += (witness.EVENTS - testimony.left) * EVENT_NANOSECONDS

    # It ends.

    def _refused(self, token):
        """The function worked with arguments that cannot be a key: a cache would raise ``TypeError``."""
        names = [*self._names(token)]
        at = next((i for i, value in enumerate(names) if _is_unhashable(value[1])), 0)
        name, value = names[at] if names else ("", None)
        self._report("refused", token, argument=name, type=snapshot.name_of(type(value)))

    def _first(self, token, result):
        entry = token.entry
        entry.done = True
        entry.state = snapshot.take(result)
        entry.state.alive = None
        self._keep(entry, result, entry.state)
        what = snapshot.one_shot(result)
        if what is not None:
            self._report("one-shot", token, what=what)
        self._shown(token)

    def _again(self, token, result, served):
        """A cache would have answered this call."""
        entry = token.entry
        entry.hits += 1
        if not served:
            self._effects(token, result)
        if snapshot.is_plain(result) and type(entry.state.tree) is type(result):
            fresh = snapshot.Snapshot(result)
        else:
            fresh = snapshot.take(result)
        self._compare(token, result, fresh)
        self._shown(token)

    def _compare(self, token, result, fresh):
        entry = token.entry
        kept = entry.kept
        self.compared += 1
        if kept is None and not fresh.plain and not entry.state.plain:
            self._judge_unheld(token, fresh)
        elif kept is not result or snapshot.is_plain(result):
            now = entry.state if kept is None or snapshot.is_plain(kept) else snapshot.take(kept)
            found = difference.compare(now, fresh, together=now is not entry.state)
            self.unknown += found.unknown
            self.partial += found.partial and not found.unknown
            if found.difference is not None:
                self._explain(token, now, fresh, found.difference)
            elif fresh.plain:
                entry.shared = entry.shared or difference.share(now, fresh)
        else:
            entry.shared = True
        fresh.alive = None
        entry.state = fresh
        entry.remember(token, self.oracle.current_test)
        self._keep(entry, result, fresh)

    def _judge_unheld(self, token, fresh):
        """The earlier object is gone: objects may have filled memos or seen the world change since."""
        found = difference.compare(token.entry.state, fresh)
        self.unknown += found.unknown or found.difference is not None

    def _explain(self, token, now, fresh, found):
        """A cache would hand out something else: was that changed since, or is the fresh result another?"""
        entry = token.entry
        if now is entry.state:
            return self._differs(token, found)
        changed = difference.compare(entry.state, now).difference
        was = difference.compare(entry.state, fresh).difference
        if changed is not None:
            self._report("aliased", token, place=changed.place, before=changed.before, after=changed.after)
        if was is not None or changed is None:
            self._differs(token, was or found)
        return None

    def _differs(self, token, found):
        """Equal arguments, another result: because of their types, their content, or something hidden."""
        entry = token.entry
        kind, cause, argument, place = "stale", "hidden", "", None
        if _types(token) != _types(entry):
            kind, cause = "typed", "types"
        elif entry.before is not None and token.before is not None:
            place = difference.compare(entry.before, token.before).difference
        if place is not None:
            argument = self._argument(place.place)
            same = all(a is b for a, b in zip(token.args, entry.args))
            kind, cause = ("stale", "state") if same else ("stale", "coarse")
            if not same and place.is_type:
                kind, cause = "typed", "nested types"
        sights = token.testimony.lasting() if token.testimony is not None else ()
        reads = sorted({sight.kind for sight in sights if sight.kind in witness.READS})
        self._report(
            kind,
            token,
            cause=cause,
            argument=argument,
            place=found.place,
            before=found.before,
            after=found.after,
            first=difference.show(entry.args, entry.kwargs),
            first_test=entry.test,
            reads=reads,
        )

    def _effects(self, token, result):
        """What this call did besides returning, and a cached one would not."""
        if token.testimony is not None:
            for sight in token.testimony.lasting():
                kind = "reads" if sight.kind in witness.READS else "effect"
                self._report(kind, token, about=sight.kind, what=sight.what, where=sight.where)
        if token.places is not None:
            found = self.surroundings.change(token.places, result)
            if found is not None:
                self._report("global", token, about=found[0], before=found[1], after=found[2])
        if token.before is not None:
            after = snapshot.take((token.args, token.kwargs), ARGUMENT_NODES)
            changed = difference.compare(token.before, after).difference
            if changed is not None:
                name = self._argument(changed.place)
                self._report("argument", token, argument=name, before=changed.before, after=changed.after)

    # Book-keeping.

    def ask(self, number):
        """Be shown the next call with a key again."""
        if number in self.entries:
            self.wanted.add(number)

    def _shown(self, token):
        """After some repetitions a key rests, longer each time."""
        entry = token.entry
        if entry.hits >= (FIRST_HITS if self.hits <= EARLY_HITS else 2):
            self.wanted.discard(token.number)
            self.oracle.later(self, token.number, entry.hits - 1)
        if self.hits and (self.hits & (self.hits - 1)) == 0:
            self.tally()

    def _keep(self, entry, result, state):
        """Hold the result as a cache would, unless that could matter to the tests or costs too much."""
        entry.kept = result if state.complete and not state.resource else None

    def _give_up(self, number, entry):
        self.wanted.discard(number)
        self._look_back(entry)

    def _look_back(self, entry):
        """Whether the last receiver of a result has changed it, where each receiver got one of its own."""
        if entry.hits and entry.kept is not None and entry.state.plain and not entry.shared:
            changed = difference.compare(entry.state, snapshot.take(entry.kept)).difference
            if changed is not None:
                token = _Token(None, entry, entry.args, entry.kwargs)
                self._report(
                    "aliased", token, place=changed.place, before=changed.before, after=changed.after
                )

    def finish(self):
        """A last look at the results and instances that are kept."""
        try:
            for entry in self.entries.values():
                self._look_back(entry)
            self._count_leaked()
        except Exception:
            self.unknown += 1
        self.tally()

    def _count_leaked(self):
        """Instances that only keys refer to: a cache on the method keeps them alive."""
        instances, token = {}, None
        for entry in self.entries.values():
            entry.kept = None
            if entry.args and len(instances) < INSTANCES and self._is_own_instance(entry.args[0]):
                token = token or _Token(None, entry, entry.args, entry.kwargs)
                instances[id(entry.args[0])] = entry.args[0]
        if len(instances) < 2:
            return
        held = [*instances.values()]
        left = [value for value in held if not _is_held(value, (instances, held))]
        if len(left) > 1:
            name = snapshot.name_of(type(left[0]))
            self._report("leak", token, what="%d of %d instances of %s" % (len(left), len(held), name))

    def _is_own_instance(self, value):
        """Whether a value is the ``self`` of a method, hashed by identity."""
        code = self.function.__code__
        if code.co_argcount == 0 or code.co_varnames[0] != "self":
            return False
        spaces = (snapshot.namespace_of(cls) for cls in snapshot.lineage_of(type(value)))
        hashes = next((space["__hash__"] for space in spaces if "__hash__" in space), None)
        return hashes is object.__hash__

    def tally(self):
        """Say how much was looked at so far."""
        self.oracle.report(
            {
                "slot": self.slot,
                "kind": "tally",
                "process": os.getpid(),
                "hits": self.hits,
                "compared": self.compared,
                "unknown": self.unknown,
                "partial": self.partial,
                "watched": self.watched,
                "left_out": self.left_out,
            }
        )

    def _report(self, kind, token, **facts):
        about = (kind, facts.get("about", facts.get("cause", "")), facts.get("what", ""))
        count = self.reported[about] = self.reported.get(about, 0) + 1
        if count > REPORTS or len(self.reported) > 100:
            return
        facts.update(slot=self.slot, kind=kind, test=self.oracle.current_test)
        facts["key"] = difference.show(token.args, token.kwargs)
        self.oracle.report(facts)

    def _argument(self, place):
        """The parameter's name for a place in ``(args, kwargs)`` such as ``[0][1].count``."""
        parts = place.replace("]", "").split("[")
        if place.startswith("[0][") and parts[2].partition(".")[0].isdigit():
            index = int(parts[2].partition(".")[0])
            names = self.function.__code__.co_varnames[: self.function.__code__.co_argcount]
            name = names[index] if index < len(names) else "*args"
            return name + place.partition("]")[2].partition("]")[2]
        return place[len("[1][") :].partition("]")[0].strip("'") if place.startswith("[1][") else ""

    def _names(self, token):
        names = self.function.__code__.co_varnames
        yield from ((names[i] if i < len(names) else "*args", value) for i, value in enumerate(token.args))
        yield from token.kwargs.items()


def _types(call):
    return [*map(type, call.args), *map(type, call.kwargs.values())]


def _are_plain(args, kwargs):
    plain = snapshot.is_plain
    return all(plain(value) for value in args) and (not kwargs or all(plain(v) for v in kwargs.values()))


def _is_held(value, ours):
    """Whether anything but a key refers to a value."""
    for holder in gc.get_referrers(value):
        is_key = type(holder) is tuple and holder and holder[0] is value
        if not is_key and type(holder) is not types.FrameType and all(holder is not own for own in ours):
            return True
    return False


def _is_unhashable(value):
    kind = type(value)
    for cls in snapshot.lineage_of(kind):
        if "__hash__" in snapshot.namespace_of(cls):
            return snapshot.namespace_of(cls)["__hash__"] is None
    return False


def _kept_text(entry):
    return difference.short(entry.state.tree)


def _constant_places(function):
    """Folders whose files come with the code: the function's own top-level package, and the interpreter's."""
    package = function.__globals__.get("__package__")
    depth = package.count(".") if type(package) is str and package else -1
    folder = os.path.dirname(os.path.abspath(function.__code__.co_filename))
    for _ in range(max(depth, 0)):
        folder = os.path.dirname(folder)
    own = (os.path.join(folder, ""),) if depth >= 0 else ()
    return own + witness.CONSTANT_PLACES

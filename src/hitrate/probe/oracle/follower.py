"""Follows the calls of one function: compares what a cache would hand out with what the function gives.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

For each key that is followed it keeps what a cache would keep: the result. When the key comes again, a cache
would have answered with that object, but the function has computed a fresh one. Both are compared as they
are now. Where they differ, either the kept one was changed since it was returned (*aliased*) or the fresh
one is another (*stale*; *typed* if the equal arguments are of different types). Meanwhile ``monitor`` and
``surroundings`` saw what that call read and changed, which a cache would have skipped. The fresh result is
kept from then on, so that each receiver is checked in turn.

Where an existing cache answered, the function did not run. There the object that the cache handed out is
compared with what it was when the function returned it, and the function may be run once more (``rerun``).

At most ``KEYS`` keys are followed, fewer where many functions share ``SHARED``: what they keep alive is
searched for garbage. The least recently used one is given up, but for the first ones: those that come back
after many others would never be seen again. Files, locks and the like are not kept, nor what is too large.
"""

from __future__ import annotations

import collections
import functools
import os
import time

from . import monitor, snapshot
from .following import followed, leaks
from .following.comparer import Comparer
from .following.effects import Effects
from .following.findings import Findings
from .following.followed import Counts, KeptCall, Token, are_plain, arguments_of, have_state, raising
from .following.rerun import Rerun
from .results import natures
from .results.reliance import Reliance

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import List, Optional, Set

    from .following.followed import Arguments, Keywords
    from .oracle import Agenda, Oracle

KEYS, SHARED, FIRST_KEYS = 256, 4096, 16
LASTING = KEYS // 4
EARLY_HITS, LATER_HITS = 256, 2
OFTEN_DEAR = 32  # a call that takes so many times as long as the look at it is looked at each time
RELIED = 16  # so many repeated calls with a key are looked at for how their results are used
WATCHED, DEEP = 12, 6
EVENT_NANOSECONDS = 300
OWN_NANOSECONDS, LEAST, OWN_HITS = 5_000_000, 1_000_000, 4  # each function's, whatever others took
OWED_KEYS = 6  # the first calls of so many keys, and what of them is repeated first
POSTPONED = 4  # keys that are looked at later where no first look could be made
STATES = 4  # keys whose first call's arguments are read however much was spent
REFUSALS = 16  # calls with arguments that cannot be a key
ASKING = 5_000  # ns of a question besides its answer, of which the recorder takes the most

# Not the function itself: tools that stop time (freezegun) replace it wherever a module names it.
_clock = functools.partial(time.perf_counter_ns)
# What the oracle takes is its own work: on a busy machine it is often kept from the processor.
_work_clock = functools.partial(time.thread_time_ns)


class Follower:
    """Follows one function.

    Attributes:
        wanted: The numbers of the keys whose calls the recorder shows.
        entries: The keys that are followed, least recently used first.
        counts: How much was looked at.
        spent: Nanoseconds that it took so far.
    """

    def __init__(
        self,
        oracle: Oracle,
        slot: int,
        instance: int,
        function: types.FunctionType,
        cached: bool,
        wanted: Set[int],
        refused: Optional[int],
    ) -> None:
        """Nothing is followed yet.

        Args:
            oracle: Of this process.
            slot: Number of the analysed function.
            instance: Which of the process's function objects it is.
            function: The function, without its cache.
            cached: Whether it has one.
            wanted: The numbers of the keys whose calls are to be shown.
            refused: The number of calls whose arguments cannot be a key.
        """
        self.oracle = oracle
        self.slot = slot
        self.instance = instance
        self.function = function
        self.cached = cached
        self.wanted = wanted
        self.refused = refused
        self.entries: collections.OrderedDict[int, KeptCall] = collections.OrderedDict()
        self.constants = monitor.constant_places(function)
        self.findings = Findings(oracle, slot, function.__code__)
        self.effects = Effects(function, self.findings)
        self.comparer = Comparer(self.findings, cached)
        self.rerun = Rerun(function, self.comparer)
        self.reliance = Reliance()
        self.spent, self.refusals, self.owed = 0, 0, False
        self.postponed: Set[int] = set()
        self.count_anew()
        if refused is not None:
            wanted.add(refused)

    def count_anew(self) -> None:
        """Begin to count: what a forked child inherits was counted by its parent."""
        self.counts = Counts()

    # What the recorder calls.

    def met(self, number: int, args: Arguments, kwargs: Keywords) -> None:
        """A key is new: follow it, or leave it out while too much time was spent."""
        del args, kwargs
        self.oracle.spent += ASKING
        self.counts.met += 1
        if self.oracle.poor and self.counts.met > FIRST_KEYS:
            self.counts.left_out += 1
        elif self.oracle.broke and not self.cached:
            self._put_off(number)
        else:
            self.wanted.add(number)

    def before(self, number: int, args: Arguments, kwargs: Keywords) -> Optional[Token]:
        """A call begins; the token for its end, None to leave it out."""
        if self.oracle.poor and number != self.refused and not self._may_look(number):
            self._put_off(number)
            return None
        start = _work_clock()
        try:
            token = self._begin(number, args, kwargs)
            token.looked = _work_clock() - start
            token.began = _clock()
        except Exception:
            return None
        finally:
            self._spend(_work_clock() - start)
        return token

    def returned(self, token: Token, result: object, served: bool = False) -> Optional[int]:
        """The call gave a result; nanoseconds that the function took if it was run for comparison."""
        took = _clock() - token.began
        start = self._end(token)
        try:
            entry = token.entry
            if entry is None:
                self._refused(token)
            else:
                if not entry.done:
                    self._first(entry, token, result)
                else:
                    self._again(entry, token, result, served)
                token.looked += _work_clock() - start
                self._rest(token, entry, took)
        except Exception:
            self.counts.unknown += 1
        finally:
            self._spend(_work_clock() - start)
        return token.again

    def raised(self, token: Token, error: BaseException) -> None:
        """The call raised, which no cache keeps; but a cache might have answered instead."""
        start = self._end(token)
        try:
            entry = token.entry
            if entry is not None and entry.done and followed.is_exception(error):
                self.comparer.differs(entry, token, raising(entry, error))
        except Exception:
            self.counts.unknown += 1
        finally:
            self._spend(_work_clock() - start)

    def cleared(self) -> None:
        """``cache_clear()`` was called: a cache would know nothing of what was before."""
        self.entries.clear()
        self.effects.state.forget()

    # What the oracle calls.

    def ask(self, number: int, agenda: Agenda) -> None:
        """Be shown the next call with a key again."""
        entry = self.entries.get(number)
        if entry is not None:
            entry.agendas.discard(agenda)
            entry.looks = max(entry.looks, LATER_HITS if agenda is self.oracle.tests else 1)
            self.wanted.add(number)
        elif number in self.postponed:
            self.wanted.add(number)

    def finish(self, deadline: int) -> None:
        """A last look at the results that are kept, as far as the time reaches."""
        try:
            for entry in self.entries.values():
                if _clock() < deadline:
                    self._look_back(entry)
        except Exception:
            self.counts.unknown += 1
        self.tally()

    def tally(self) -> None:
        """Say how much was looked at so far."""
        names = ("hits", "compared", "unknown", "partial", "watched")
        counts = {name: getattr(self.counts, name) for name in names}
        counts["left_out"] = self.counts.left_out + len(self.postponed)
        counts.update(instance=self.instance, process=os.getpid(), spent=self.oracle.spent)
        self.oracle.report({"slot": self.slot, "kind": "tally", **counts})

    def instances(self) -> List[leaks.Instance]:
        """Instances that own the method and were called in one test only.

        There are none where a cache would have answered no call: that it is of no use says more.
        """
        if not self.counts.hits and not self.cached:
            return []
        return leaks.instances(self.function.__code__, self.entries.values())

    def count_leaked(self, found: List[leaks.Instance]) -> None:
        """Tell which instances are gone now that no key refers to them: a cache would have kept them."""
        leaked = leaks.leaked(found)
        if leaked is not None:
            self.oracle.report({"slot": self.slot, "kind": "leak", "what": leaked[0], "test": leaked[1]})

    # A call begins.

    def _begin(self, number: int, args: Arguments, kwargs: Keywords) -> Token:
        if number == self.refused:
            return Token(number, None, args, kwargs)
        entry = self.entries.get(number)
        token = Token(number, entry, args, kwargs)
        self.postponed.discard(number)
        if entry is None:
            if have_state(args, kwargs) and (not self.oracle.poor or len(self.entries) < STATES):
                token.before = arguments_of(token)
            lasting = len(self.entries) < self.oracle.keys // 4
            token.entry = self.entries[number] = KeptCall(token, self.oracle.current_test, lasting)
            while len(self.entries) > self.oracle.keys:
                self._give_up_one()
            if self.cached and (self.counts.watched < WATCHED or self._is_early(self.counts.met)):
                self._observe(token)
        elif entry.done:
            hits = self.counts.hits = self.counts.hits + 1
            self.entries.move_to_end(number)
            if self._is_early(hits) or not entry.hits:
                self._observe(token)
        return token

    @staticmethod
    def _is_early(number: int) -> bool:
        """Whether it is one of the first ones, or of those that are looked at at growing distances."""
        return number <= WATCHED or (number & (number - 1)) == 0

    def _observe(self, token: Token) -> None:
        is_rich = self.owed or not self.oracle.poor
        if self.counts.watched < WATCHED or is_rich:
            if token.before is None and not are_plain(token.args, token.kwargs):
                token.before = arguments_of(token)
            self.effects.look(token, self.counts.watched < DEEP or is_rich)
            token.seen = monitor.begin(self.function.__code__, self.constants)

    def _end(self, token: Token) -> int:
        """Stop watching, count what it cost; the thread's CPU time when the call ended."""
        now = _work_clock()
        seen = token.seen
        if seen is not None:
            monitor.end(seen)
            self.counts.watched += 1
            self._spend((monitor.EVENTS - seen.left) * EVENT_NANOSECONDS)
        return now

    def _spend(self, nanoseconds: int) -> None:
        self.spent += nanoseconds
        self.oracle.spend(nanoseconds)

    def _may_look(self, number: int) -> bool:
        """Whether a call may be looked at although more than allowed was spent: the first, and of first keys.

        Of a function with a cache, a key's first call cannot be looked at later: the cache answers then.
        """
        entry = self.entries.get(number)
        self.owed = (
            len(self.entries) < OWED_KEYS and (entry is None or not entry.hits) and not self.oracle.broke
        )
        if self.oracle.broke and not self.cached:
            return False
        least = LEAST if self.oracle.broke else OWN_NANOSECONDS
        return self.owed or self.spent <= least or self.counts.hits <= OWN_HITS

    def _put_off(self, number: int) -> None:
        """Look at a key again when there is time, instead of at each of its calls."""
        self.wanted.discard(number)
        entry = self.entries.get(number)
        if entry is not None:
            if not entry.hits:
                self.postponed.add(number)
            if self.oracle.ticks in entry.agendas:
                return
            entry.agendas.add(self.oracle.ticks)
        elif len(self.postponed) < POSTPONED or number in self.postponed:
            self.postponed.add(number)
        else:
            self.counts.left_out += 1
            return
        self.oracle.ticks.add(self, number, 1)

    # It ends.

    def _refused(self, token: Token) -> None:
        """The function worked with arguments that cannot be a key: a cache would raise too."""
        self.refusals += 1
        if self.refusals >= REFUSALS:
            self.wanted.discard(token.number)
        self.findings.refused(token)

    def _first(self, entry: KeptCall, token: Token, result: object) -> None:
        entry.done = True
        entry.took = _clock() - token.began
        entry.keep(result, snapshot.take(result))
        self._rely(entry, token, result)
        for name in natures.things_in(entry.state.tree) if self.cached else ():
            self.findings.report("identity", token, what=name)
        if self.oracle.results is not None:
            self.oracle.results.note(self.slot, token, entry.state, self.oracle.current_test)
        what = snapshot.one_shot(result)
        if what is not None and what != snapshot.OPEN_FILE:
            self.findings.report("one-shot", token, what=what)
        self.effects.judge(token, result)

    def _again(self, entry: KeptCall, token: Token, result: object, served: bool) -> None:
        """A cache would have answered this call, or has."""
        entry.hits += 1
        if served:
            self._served(entry, token, result)
            return
        if not self.cached:
            self.effects.tell(token, result)
        fresh = snapshot.take(result)
        self.comparer.compare(entry, token, result, fresh, self.counts)
        self._rely(entry, token, result)
        entry.keep(result, fresh)
        entry.remember(token, self.oracle.current_test)

    def _rely(self, entry: KeptCall, token: Token, result: object) -> None:
        """Whether callers tell the results of one key from each other, where each call makes its own."""
        if self.cached or entry.shared or entry.hits > RELIED or self.oracle.broke:
            return
        apart = entry.hits and self.reliance.is_kept_apart(entry, result, self.function)
        if apart or self.reliance.is_seen(entry.earlier, result, not self.oracle.poor):
            self.findings.report("identity", token, what=snapshot.name_of(type(result)))

    def _served(self, entry: KeptCall, token: Token, result: object) -> None:
        """An existing cache handed out its object: what would the function give?"""
        self.effects.note_served(token, result)
        harmless = self.effects.innocent and self.effects.judged and entry.whole
        if harmless and self.rerun.is_affordable(token.number, entry.took, self.oracle.poor):
            self.rerun.compare(entry, token, result, self.counts)
        else:
            self.rerun.compare_as_it_is(entry, token, result)

    # What is kept.

    def _rest(self, token: Token, entry: KeptCall, took: int) -> None:
        """After some repetitions a key rests, longer each time, unless its calls are dear beside a look."""
        hits = self.counts.hits
        entry.looks -= 1
        dear = token.looked * OFTEN_DEAR <= took and not self.oracle.thrifty
        if hits > EARLY_HITS and entry.hits >= LATER_HITS and entry.looks <= 0 and not dear:
            self.wanted.discard(token.number)
            entry.rests += 1
            distances = ((self.oracle.tests, 1 + entry.rests // 8), (self.oracle.ticks, 1 + entry.rests))
            for agenda, distance in distances:
                if agenda not in entry.agendas:
                    entry.agendas.add(agenda)
                    agenda.add(self, token.number, distance)
        if hits and (hits & (hits - 1)) == 0 and hits.bit_length() & 1:
            self.tally()

    def _give_up_one(self) -> None:
        """Follow the least recently used key no longer, but for some that are to last."""
        spared = self.oracle.keys // 4
        for number in self.entries:
            if not spared or not self.entries[number].lasting:
                break
            spared -= 1
        self.wanted.discard(number)
        self._look_back(self.entries.pop(number))

    def _look_back(self, entry: KeptCall) -> None:
        if not self.cached:
            self.comparer.look_back(entry)

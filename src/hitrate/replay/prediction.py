"""What a trace says about each function: hits, savings, the right size, each alone and all together. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from hitrate.evidence import CurvePoint, Evidence, Together, fraction
from hitrate.replay.answered import WATCHED_FACTOR
from hitrate.replay.player import Tally
from hitrate.replay.remarks import Signs, remarks
from hitrate.replay.replay import Replay
from hitrate.replay.sizing import USUAL_SIZE, advised_size, memory, sizes_to_look_at
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun.run import TestRun
from hitrate.trace.correction import as_if_unslowed, only_slowed, slowdown
from hitrate.trace.reader import Trace
from hitrate.trace.usage import Lookup, Usage, usage_of
from hitrate.trace.waiting import in_wall_time, waiting_slots
from hitrate.vocabulary import Metric

NEGLIGIBLE = 0.001
"""Of the run's CPU time: a tenth of what a cache must usually save."""


PACE = 0.1
"""A run computes so much faster or slower than another of the same tests."""
DEARER = 1.0
"""Recording and counting take so much more, at most, than where they are measured, again and again."""


@dataclass(frozen=True, slots=True)
class ObservedFunction:
    """A function as it was observed.

    Attributes:
        function: The function.
        without: Parameters whose part in the key is of interest, in the order that the recorder was given.
    """

    function: Function
    without: tuple[str, ...] = ()


class Appraisal:
    """What one trace says about the functions that were observed in it.

    Attributes:
        added_seconds: CPU seconds that observing added to the run.
    """

    def __init__(
        self,
        trace: Trace,
        subjects: Sequence[ObservedFunction],
        maxsize: int | None,
        run: TestRun | None = None,
    ) -> None:
        """Take a trace.

        Args:
            trace: What was recorded; a function's slot is its place in ``subjects``.
            subjects: The functions.
            maxsize: Size that new caches are given unless the curve asks for a larger one; existing ones
                keep their own.
            run: The run that it was recorded in; the times of functions that wait are then wall times.
        """
        self._subjects = tuple(subjects)
        existing = {
            slot: _own_size(trace, slot, subject.function.cache)
            for slot, subject in enumerate(subjects)
            if subject.function.cache is not None
        }
        self._tried = dict.fromkeys(range(len(subjects)), maxsize) | existing
        self._sizes = dict(self._tried)
        self._seconds = run.cpu_seconds if run else 0.0
        self._waiting = waiting_slots(trace, run) if run else frozenset()
        unslowed = as_if_unslowed(trace, existing)
        self._only_slowed = only_slowed(unslowed)
        self.added_seconds = slowdown(trace, unslowed) + sum(process.own for process in trace.processes)
        self._replay = Replay(in_wall_time(unslowed, self._waiting), existing)
        self._usages = [self._usage(slot) for slot in self._sizes]

    def _usage(self, slot: int) -> Usage:
        """How a function was called; those that a cache answered tell what its lookups cost."""
        usage = usage_of(slot, self._replay.calls_of(slot))
        took = self._replay.answered[slot].lookup
        if took is not None:
            more = max(0.0, took.likely - usage.plain.hit)
            usage.lookup = Lookup(took.likely, usage.plain.miss + more)
        return usage

    def evidence(self) -> tuple[Evidence, ...]:
        """Evidence for each function; ``together`` is with all those cached that save time alone."""
        alone = [self._alone(slot) for slot in self._sizes]
        worthwhile = [slot for slot, item in enumerate(alone) if (item.saved_seconds or 0.0) > 0]
        together = self.together(worthwhile)
        return tuple(
            replace(item, together=together.get(slot), remarks=self._remarks(slot, item, together.get(slot)))
            for slot, item in enumerate(alone)
        )

    def together(self, slots: Collection[int]) -> dict[int, Together]:
        """The figures of these functions when all of them are cached, each at its own size."""
        if len(slots) == 1:
            (slot,) = slots
            tallies = {slot: self._replay.alone(slot, [self._sizes[slot]])[self._sizes[slot]]}
        else:
            tallies = self._replay.play({slot: self._sizes[slot] for slot in slots})
        return {slot: self._together(slot, tally) for slot, tally in tallies.items()}

    def _together(self, slot: int, tally: Tally) -> Together:
        scale = self._usages[slot].scale
        return Together(round(tally.hits * scale), round(tally.misses * scale), self._saved(slot, tally))

    def _saved(self, slot: int, tally: Tally) -> float:
        """Seconds that a cache saves, its own cost subtracted; never more than were spent in the function."""
        usage = self._usages[slot]
        spent = tally.hits * usage.lookup.hit + tally.misses * usage.lookup.miss
        answered = max(0.0, min(tally.seconds, usage.outer_seconds))
        return answered * self._time_scale(slot) - spent * usage.scale

    def _interval(self, slot: int, saved: float, tally: Tally) -> tuple[float | None, float | None]:
        """Between which figures lies what a cache saves."""
        if self._subjects[slot].function.cache is not None:
            return self._interval_of_existing(slot, saved)
        if slot in self._waiting:
            return None, None
        usage = self._usages[slot]
        share = min(1.0, max(0.0, tally.seconds) / usage.outer_seconds) if usage.outer_seconds > 0 else 0.0
        scale, slowed = self._time_scale(slot), self._only_slowed.get(slot, 0.0)
        watching = DEARER * (usage.recording * scale + usage.counting)
        watching += (1 - 1 / WATCHED_FACTOR) * slowed * scale
        pace = PACE * usage.outer_seconds * scale
        return saved - share * (pace + watching), saved + share * pace

    def _interval_of_existing(self, slot: int, saved: float) -> tuple[float | None, float | None]:
        """The same for a cache that is there; not known where it answered nothing.

        In a recursion no call tells what it would have taken, since those below it were answered: it may
        never end without its cache, of which no costs are sure.
        """
        answered, scale = self._replay.answered[slot], self._usages[slot].scale
        lookup = answered.lookup
        if lookup is None:
            return None, None
        if self._usages[slot].is_recursive:
            return None, max(0.0, saved)
        below = answered.likely - answered.low + answered.calls * (lookup.high - lookup.likely)
        above = answered.high - answered.likely + answered.calls * (lookup.likely - lookup.low)
        return saved - below * scale, saved + above * scale

    def _time_scale(self, slot: int) -> float:
        """Time of all calls for each second of the recorded ones."""
        usage = self._usages[slot]
        # Counted calls of an existing cache were mostly answered; no wall time is known of any counted call.
        by_number = self._subjects[slot].function.cache is not None or slot in self._waiting
        return usage.scale if by_number else usage.time_scale

    def _is_negligible(self, slot: int) -> bool:
        """Whether no new cache of the function could save enough to matter, whatever its size."""
        if self._subjects[slot].function.cache is not None or slot in self._waiting:
            return False
        most = self._usages[slot].repeated_seconds * self._time_scale(slot)
        return most <= NEGLIGIBLE * self._seconds

    def _mean(self, slot: int) -> float | None:
        """Mean time of a call, counted ones included where their time is known."""
        usage = self._usages[slot]
        if usage.is_recursive or not usage.recorded:
            return usage.mean_seconds
        return usage.outer_seconds * self._time_scale(slot) / usage.calls

    def _alone(self, slot: int) -> Evidence:
        usage, size = self._usages[slot], self._sizes[slot]
        function = self._subjects[slot].function
        if not usage.recorded:
            return Evidence(function, maxsize=size, calls=usage.calls, hits=0, misses=0, unhashable=0)
        sizes = sizes_to_look_at(usage, size, roughly=self._is_negligible(slot))
        tallies = self._replay.alone(slot, {*sizes, size})
        curve = tuple(
            CurvePoint(each, _rate(tallies[each]) or 0.0, self._saved(slot, tallies[each])) for each in sizes
        )
        best = advised_size(curve, usage, own_keys=self._has_own_keys_in_each_test(slot))
        if function.cache is None and size is not None and best is not None:
            size = self._sizes[slot] = max(size, best)
        tally = tallies[size]
        saved = self._saved(slot, tally)
        total = usage.outer_seconds * self._time_scale(slot)
        low, high = self._interval(slot, saved, tally)
        return Evidence(
            function,
            maxsize=size,
            calls=usage.calls,
            hits=round(tally.hits * usage.scale),
            misses=round(tally.misses * usage.scale),
            unhashable=round(usage.refused * usage.scale),
            distinct_keys=usage.keys,
            hit_rate_within_test=self._within_test(slot) if usage.tests else None,
            recommended_maxsize=best,
            curve=curve,
            mean_call_seconds=self._mean(slot),
            saved_seconds=saved,
            saved_low=low,
            saved_high=high,
            own_seconds=max(0.0, total),
            memory_bytes=memory(usage, size if best is None else best),
            speedup=total / (total - saved) if total > max(0.0, saved) else None,
            tests=tuple(usage.tests),
            metric=self._metric(slot),
            only_counted=usage.counted,
        )

    def _metric(self, slot: int) -> Metric:
        return Metric.WALL if slot in self._waiting else Metric.CPU

    def _has_own_keys_in_each_test(self, slot: int) -> bool:
        """Whether no hit comes from another test, of so many keys that it matters."""
        usage = self._usages[slot]
        if usage.most_keys <= USUAL_SIZE or len(usage.tests) < 2 or self._is_negligible(slot):
            return False
        hits, _ = self._replay.within_tests(slot, None)
        return hits == self._replay.alone(slot, [None])[None].hits

    def _within_test(self, slot: int) -> float | None:
        return fraction(*self._replay.within_tests(slot, self._sizes[slot]))

    def _remarks(self, slot: int, alone: Evidence, together: Together | None) -> tuple[str, ...]:
        usage = self._usages[slot]
        if not usage.recorded:
            return ()
        subject = self._subjects[slot]
        signs = Signs(
            function=subject.function,
            maxsize=self._tried[slot],
            usage=usage,
            hits=alone.hits or 0,
            misses=alone.misses or 0,
            within_test=alone.hit_rate_within_test,
            spelled_alike=self._same(slot, 0),
            without={
                name: rate
                for place, name in enumerate(subject.without, 1)
                if (rate := self._same(slot, place)) is not None
            },
            curve=alone.curve,
            together=together,
            metric=self._metric(slot),
        )
        return remarks(signs)

    def _same(self, slot: int, difference: int) -> float | None:
        """The hit rate if keys counted as equal that differ only in this way; None where there are none."""
        numbers = [process.same.get(difference, {}) for process in self._replay.calls_of(slot)]
        if not any(numbers):
            return None
        size = self._sizes[slot]
        return _rate(self._replay.alone(slot, [size], same=difference)[size])


def _own_size(trace: Trace, slot: int, cache: ExistingCache) -> int | None:
    """The size of a cache, as the running program had it where the source does not say."""
    if cache.maxsize_expression is None:
        return cache.maxsize
    seen = [process.maxsizes[slot] for process in trace.processes if slot in process.maxsizes]
    return seen[0] if seen else cache.maxsize


def _rate(tally: Tally) -> float | None:
    return fraction(tally.hits, tally.hits + tally.misses)

"""What was measured about each function: the flow from screening and trials to verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Doubt
from hitrate.source.function import Function
from hitrate.testrun.run import TestRun
from hitrate.vocabulary import Metric, Stop

UNCERTAINTY = 0.1
"""Relative error of a promise: what an interval excludes by no more than that counts as borne out."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How long one run took, by either metric, in seconds."""

    cpu_seconds: float
    wall_seconds: float

    def by(self, metric: Metric) -> float:
        """Seconds by one metric."""
        return self.cpu_seconds if metric is Metric.CPU else self.wall_seconds


@dataclass(frozen=True, slots=True)
class Saving:
    """What caches save in one run, in seconds by the metric: wall time where most of it is waiting."""

    seconds: float
    metric: Metric = Metric.CPU


def duration_of(run: TestRun) -> Duration:
    """How long a run took."""
    return Duration(run.cpu_seconds, run.wall_seconds)


@dataclass(frozen=True, slots=True)
class Runs:
    """How often commands were run, a trial's pairs counted as pairs."""

    baseline: int = 0
    observed: int = 0
    cached: int = 0
    trial_pairs: int = 0


@dataclass(frozen=True, slots=True)
class Processes:
    """Processes that announced themselves, and those whose figures arrived."""

    expected: int
    received: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a cache of one size would do: ``hit_rate`` a fraction, ``saved_seconds`` in seconds."""

    maxsize: int
    hit_rate: float
    saved_seconds: float


@dataclass(frozen=True, slots=True)
class Together:
    """A function's figures when every function worth caching is cached at once."""

    hits: int
    misses: int
    saved_seconds: float | None

    @property
    def hit_rate(self) -> float | None:
        """Hits as a fraction of lookups; None when there were none."""
        return fraction(self.hits, self.hits + self.misses)


@dataclass(frozen=True, slots=True)
class Tried:
    """What the pairs of a trial say of a promised saving, in seconds of one run.

    Attributes:
        promised: What the recorded calls promise of all caches that were tried together.
        low: Lower end of the interval of what they save.
        seconds: What they save by the pairs; negative where they are slower.
        high: Upper end of the interval.
        metric: What was measured.
        caches: How many were tried together.
    """

    promised: float
    low: float
    seconds: float
    high: float
    metric: Metric
    caches: int = 1

    @property
    def shows_less(self) -> bool:
        """Whether the interval lies below the promise, by more than the promise's own uncertainty."""
        return self.high < (1 - UNCERTAINTY) * self.promised

    @property
    def shows_more(self) -> bool:
        """Whether the interval lies above the promise, by more than its uncertainty."""
        return self.low > (1 + UNCERTAINTY) * self.promised


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything measured about one function; None is "not known", never zero.

    Attributes:
        function: The function.
        maxsize: Size that ``hits``, ``misses`` and ``saved_seconds`` are for; None is unbounded. Of a new
            cache, the size that the user named, or a larger one that the curve asks for.
        calls: Calls seen, those with unhashable arguments included.
        hits: Lookups that a cache of ``maxsize`` answers, summed over all processes.
        misses: Lookups that it does not answer.
        unhashable: Calls whose arguments cannot be a key.
        distinct_keys: Different keys seen, summed over processes.
        hit_rate_within_test: Fraction of lookups that hit if the cache were emptied between tests.
        recommended_maxsize: The size to advise; None where no size saves anything, or it is not known.
        curve: Hit rate and saving by cache size.
        mean_call_seconds: Mean duration of a call, inclusive of what it calls.
        saved_seconds: CPU time that the cache saves in this workload, lookup costs subtracted.
        saved_low: Lower end of the interval of ``saved_seconds``, as recorded: what another run's pace, and
            what recording took, leave open. None where that is not known, or a trial has shown less.
        saved_high: Upper end of that interval.
        own_seconds: Time of the function in this workload were nothing cached, of which that is saved.
        saved_seconds_at_most: An upper bound where ``saved_seconds`` is not known.
        memory_bytes: Estimated size of the cache when full.
        speedup: Mean duration of a call without the cache ÷ with it.
        together: The same with every function worth caching cached at once.
        hazards: Proofs that a cache would be wrong.
        doubts: Why a cache cannot be recommended although nothing was proven, what was seen first.
        tests: Ids of the tests that call it.
        remarks: Explanations of near misses and other findings, each one plain sentence.
        metric: What its times are; wall time for a function that waits.
        hidden_by: Ids of functions whose caches, all in place in the same run, may have answered what
            its own would have.
        only_counted: Calls after those that were recorded; hits, misses and savings are scaled up to them.
        tried: The trial that it was part of; savings are cut down to what that shows. None without pairs.
        needed_by: Tests that fail, twice, without the cache that it carries and pass with it.
        cut_short: Why what was measured is not all there was; None where it is.
    """

    function: Function
    maxsize: int | None = None
    calls: int | None = None
    hits: int | None = None
    misses: int | None = None
    unhashable: int | None = None
    distinct_keys: int | None = None
    hit_rate_within_test: float | None = None
    recommended_maxsize: int | None = None
    curve: tuple[CurvePoint, ...] = ()
    mean_call_seconds: float | None = None
    saved_seconds: float | None = None
    saved_low: float | None = None
    saved_high: float | None = None
    own_seconds: float | None = None
    saved_seconds_at_most: float | None = None
    memory_bytes: int | None = None
    speedup: float | None = None
    together: Together | None = None
    hazards: tuple[Hazard, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    tests: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    metric: Metric = Metric.CPU
    hidden_by: tuple[str, ...] = ()
    only_counted: int = 0
    tried: Tried | None = None
    needed_by: tuple[str, ...] = ()
    cut_short: str | None = None

    @property
    def hit_rate(self) -> float | None:
        """Hits as a fraction of lookups; None when there were none or they are not known."""
        if self.hits is None or self.misses is None:
            return None
        return fraction(self.hits, self.hits + self.misses)


@dataclass(frozen=True, slots=True)
class Screening:
    """The outcome of one run over all functions.

    Attributes:
        evidence: One entry a function, in the order in which the functions were given.
        run: The run that it comes from.
        processes: Processes announced and received.
        notes: What a reader of the report must know (sampling, differences), each one plain sentence.
    """

    evidence: tuple[Evidence, ...]
    run: TestRun
    processes: Processes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """An A/B measurement: the tests without and with real ``functools.lru_cache``.

    Attributes:
        speedup: Time without ÷ time with; None when no pair was completed.
        low: Lower end of its interval; None where there is no interval.
        high: Upper end of its interval; None where there is no interval.
        confidence: Coverage of the interval, a fraction; None where there is no interval.
        pairs: Completed pairs.
        detectable: Smallest relative saving that the trial could have seen, a fraction.
        metric: CPU time of the process tree or wall time.
        tests_selected: Tests that were run in each arm; None where the whole command was run.
        broken_tests: Tests that pass without and fail with the caches.
        functions: Ids of the functions that carried a cache.
        failure: Why the caches together do not hold, one plain sentence; None where they do.
        slowed_by: Ids of functions whose caches made the tests slower; ``functions`` are the others.
        wall_speedup: The same by wall time, for information where CPU time decides.
        wall_low: Lower end of its interval.
        wall_high: Upper end of its interval.
        seconds_without: Mean time of a run without the caches, by the metric.
        seconds_with: Mean time of a run with them.
        predicted_saving_seconds: What the trace promised for one run.
        stop: Why no more pairs were run; None where none was to be.
        processes: In how many processes pairs of passes over the tests were made; None where each run of a
            pair was a process of its own.
        notes: What a reader must know of how it was measured, each one plain sentence.
    """

    speedup: float | None
    low: float | None
    high: float | None
    confidence: float | None
    pairs: int
    detectable: float | None
    metric: Metric
    tests_selected: int | None = None
    broken_tests: tuple[str, ...] = ()
    functions: tuple[str, ...] = field(default=())
    failure: str | None = None
    slowed_by: tuple[str, ...] = ()
    wall_speedup: float | None = None
    wall_low: float | None = None
    wall_high: float | None = None
    seconds_without: float | None = None
    seconds_with: float | None = None
    predicted_saving_seconds: float | None = None
    stop: Stop | None = None
    processes: int | None = None
    notes: tuple[str, ...] = ()


def fraction(part: int, whole: int) -> float | None:
    """``part / whole``, None when ``whole`` is zero."""
    return part / whole if whole else None


def merged_remarks(*groups: Sequence[str]) -> tuple[str, ...]:
    """Remarks of several sources in order, each once."""
    return tuple(dict.fromkeys(remark for group in groups for remark in group))

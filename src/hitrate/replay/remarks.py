"""Why a cache misses its mark, in plain words: what would have to change for it to be worth having. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hitrate.evidence import CurvePoint, Together, fraction
from hitrate.probe.recording import tracefile
from hitrate.source.function import Function
from hitrate.trace.usage import Usage
from hitrate.vocabulary import Metric
from hitrate.wording.figures import percent, seconds
from hitrate.wording.prose import article

GAIN = 0.2
"""A change of hit rate that is worth a remark."""
MANY = 0.3
"""A share of calls that is worth a remark."""
FEW_MORE = 4
"""A size so many times larger is still close."""
WARM = 0.25
"""Where repeated calls take less than this share of the first one's time, something remembers results."""
MEASURABLE_SECONDS = 2e-6
NOTICEABLE_SECONDS = 1e-4
"""Less than this, summed over first calls, may be any call's bad luck."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known about one function's calls.

    Attributes:
        function: The function.
        maxsize: Size that the cache has, or that was to be tried; None is unbounded.
        usage: How it was called.
        hits: Lookups that a cache of the size in question answers; of a new one, that is one large enough.
        misses: Lookups that it does not answer.
        within_test: Hit rate if the cache were emptied between tests; None if not known.
        spelled_alike: Hit rate if arguments were always spelled the same way; None if that is no matter.
        without: Hit rate if a parameter were not part of the key, by its name.
        curve: Hit rate and saving by size.
        together: The same when the other functions are cached as well; None if not known.
        metric: What its times are.
    """

    function: Function
    maxsize: int | None
    usage: Usage
    hits: int
    misses: int
    within_test: float | None
    spelled_alike: float | None
    without: dict[str, float]
    curve: Sequence[CurvePoint]
    together: Together | None
    metric: Metric

    @property
    def hit_rate(self) -> float:
        """Hits as a fraction of lookups, 0 where there were none."""
        return fraction(self.hits, self.hits + self.misses) or 0.0


def remarks(signs: Signs) -> tuple[str, ...]:
    """What a reader should know about a function whose cache does less than it could, each one a sentence."""
    finders = (
        _refused,
        _redefined,
        _without_parameter,
        _spelling,
        _too_small,
        _starved,
        _remembers,
        _raises,
        _across_tests,
        _waits,
        _ended,
    )
    return tuple(remark for finder in finders for remark in finder(signs))


def _refused(signs: Signs) -> Iterator[str]:
    usage = signs.usage
    if not usage.refused:
        return
    calls = f"{_share(usage.refused, usage.recorded)} of its calls pass arguments that"
    which = " and ".join(f"`{name}` is {article(kind)} {kind}" for name, kind in usage.unhashable)
    if which:
        yield f"{calls} cannot be hashed: {which}; a cache would raise TypeError"
    else:
        yield f"{calls} raise when they are compared with earlier ones; a cache would raise the same"


def _redefined(signs: Signs) -> Iterator[str]:
    if signs.usage.objects > 1 and signs.usage.recorded > 1:
        yield (
            f"the function is redefined {signs.usage.objects} times in one process, each time with an empty "
            "cache; define it once, outside of the function or loop that defines it"
        )


def _without_parameter(signs: Signs) -> Iterator[str]:
    for name, rate in signs.without.items():
        if rate < signs.hit_rate + GAIN:
            continue
        gain = f"{percent(rate)} instead of {percent(signs.hit_rate)} of the lookups would hit without it"
        if name in signs.function.unread:
            yield f"`{name}` is part of the key but never read: {gain}"
        else:
            yield (
                f"`{name}` is another object in most calls whose other arguments repeat: {gain}; "
                "cache a function that does not take it"
            )


def _spelling(signs: Signs) -> Iterator[str]:
    if signs.spelled_alike is not None and signs.spelled_alike >= signs.hit_rate + GAIN / 4:
        yield (
            "the same arguments are passed by position in some calls and by keyword, or left to their "
            f"defaults, in others, which makes different keys: spelled alike, "
            f"{percent(signs.spelled_alike)} instead of {percent(signs.hit_rate)} would hit"
        )


def _too_small(signs: Signs) -> Iterator[str]:
    size = signs.maxsize
    present = next((point.hit_rate for point in signs.curve if point.maxsize == size), None)
    if size is None or present is None:
        return
    for point in signs.curve:
        close = size < point.maxsize <= FEW_MORE * size
        if close and point.hit_rate >= present + GAIN:
            yield (
                f"maxsize {size} is just too small: {point.maxsize} answers "
                f"{percent(point.hit_rate)} instead of {percent(present)} of the lookups"
            )
            return


def _starved(signs: Signs) -> Iterator[str]:
    both = signs.together
    if both is not None and signs.hits and both.hits < signs.hits * (1 - 2 * GAIN):
        calls, alone = both.hits + both.misses, signs.hits + signs.misses
        yield (
            f"with the other functions cached it is called {_times(calls)} instead of {_times(alone)}: "
            "a cache above it answers most of what its own would"
        )


def _remembers(signs: Signs) -> Iterator[str]:
    usage = signs.usage
    later = usage.recorded - usage.refused - usage.keys
    if signs.function.cache is not None or usage.is_recursive or later < 20 or not usage.keys:
        return
    first = usage.first_seconds / usage.keys
    again = (usage.seconds - usage.first_seconds) / later
    noticeable = first > MEASURABLE_SECONDS and usage.first_seconds > NOTICEABLE_SECONDS
    if noticeable and again < WARM * first:
        yield (
            f"a call with new arguments takes {seconds(first)}, a repeated one {seconds(again)}: it, or "
            "something that it calls, remembers results already"
        )


def _raises(signs: Signs) -> Iterator[str]:
    if signs.usage.raised > MANY * signs.usage.recorded:
        yield (
            f"{_share(signs.usage.raised, signs.usage.recorded)} of its calls raise an exception, "
            "which a cache does not keep"
        )


def _across_tests(signs: Signs) -> Iterator[str]:
    if signs.within_test is not None and signs.hit_rate >= GAIN and signs.within_test < signs.hit_rate / 2:
        yield (
            "most hits come from different tests that pass the same arguments: within one test "
            f"{percent(signs.within_test)} of the lookups would hit"
        )


def _waits(signs: Signs) -> Iterator[str]:
    if signs.metric is Metric.WALL:
        yield "its calls wait most of the time: its times are wall time, of which CPU time shows little"


def _ended(signs: Signs) -> Iterator[str]:
    usage = signs.usage
    if tracefile.ENDLESS in usage.endings:
        yield "hashing or comparing its arguments calls it again: with a cache it would never return"
    elif tracefile.CHEAP in usage.endings:
        yield (
            f"a call takes {seconds(usage.mean_seconds or 0.0)}, about as long as a lookup in a cache "
            f"({seconds(usage.lookup.hit)}): only the first {usage.recorded:,} calls were recorded"
        )
    elif usage.counted:
        yield (
            f"the first {usage.recorded:,} of its {usage.calls:,} calls were recorded, the others counted; "
            "its figures are scaled up"
        )
    elif usage.endings:
        yield f"only the first {usage.recorded:,} of its calls were recorded"


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"

"""All cache sizes in one pass, for calls that do not nest: stack distances.

The keys are kept in the order of their last use. A lookup hits in every cache that holds at least as many
entries as the key's place in this order (Mattson, Gecsei, Slutz, Traiger, "Evaluation techniques for storage
hierarchies", IBM Systems Journal 9(2), 1970).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

FEW_KEYS = 400
"""Up to so many keys, looking through them in order is faster than a pass for each size."""


@dataclass(frozen=True, slots=True)
class CacheOutcome:
    """What a cache of one size does: hits, misses, seconds of calls that hits make unnecessary, entries."""

    hits: int
    misses: int
    seconds: float
    entries: int


def outcomes(
    numbers: Sequence[int], seconds: Sequence[float], sizes: Iterable[int | None]
) -> dict[int | None, CacheOutcome]:
    """Play calls that do not nest, all of which return, for several sizes.

    Args:
        numbers: The key of each call.
        seconds: How long each one takes.
        sizes: ``maxsize`` as ``lru_cache`` has it.

    Returns:
        An outcome for each size.
    """
    keys = len(set(numbers))
    if keys <= FEW_KEYS:
        return _by_distance(numbers, seconds, sizes)
    return {
        size: _by_playing(numbers, seconds, size if size is None or size < keys else None) for size in sizes
    }


def hits_within(numbers: Sequence[int], stretches: Iterable[tuple[int, int]], size: int | None) -> int:
    """Hits of a cache that is emptied before each stretch of calls, which do not nest and all return.

    Args:
        numbers: The key of each call.
        stretches: Begin and end of each stretch.
        size: ``maxsize`` as ``lru_cache`` has it.
    """
    hits = 0
    for begin, end in stretches:
        calls = numbers[begin:end]
        keys = len(set(calls))
        if size is None or keys <= size:
            hits += len(calls) - keys
        else:
            cached = lru_cache(size)(abs)
            deque(map(cached, calls), maxlen=0)
            hits += cached.cache_info().hits
    return hits


def _by_distance(
    numbers: Sequence[int], seconds: Sequence[float], sizes: Iterable[int | None]
) -> dict[int | None, CacheOutcome]:
    """One pass for all sizes; its time grows with the distances."""
    order: list[int] = []
    known: set[int] = set()
    hits, saved = [0] * (FEW_KEYS + 1), [0.0] * (FEW_KEYS + 1)
    for number, duration in zip(numbers, seconds, strict=True):
        if number in known:
            distance = order.index(number)
            if distance:
                del order[distance]
                order.insert(0, number)
            hits[distance] += 1
            saved[distance] += duration
        else:
            known.add(number)
            order.insert(0, number)
    all_hits, all_saved = [0, *accumulate(hits)], [0.0, *accumulate(saved)]
    results = {}
    for size in sizes:
        place = FEW_KEYS if size is None else min(size, FEW_KEYS)
        results[size] = CacheOutcome(
            all_hits[place], len(numbers) - all_hits[place], all_saved[place], min(place, len(order))
        )
    return results


def _by_playing(numbers: Sequence[int], seconds: Sequence[float], size: int | None) -> CacheOutcome:
    """One pass for one size, through the real ``lru_cache``."""
    spent = 0.0

    @lru_cache(size)
    def call(_: int) -> None:
        nonlocal spent
        spent += duration

    for number, duration in zip(numbers, seconds, strict=True):  # noqa: B007 - a miss reads the duration
        call(number)
    info = call.cache_info()
    return CacheOutcome(info.hits, info.misses, sum(seconds) - spent, info.currsize)

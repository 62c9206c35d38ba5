"""All sizes in one pass, against ``functools.lru_cache``."""

import functools
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.replay import stackdistances
from hitrate.replay.stackdistances import hits_within, outcomes

SIZES = (1, 2, 3, 4, 7, 8, 100, 1000, None)


def real(numbers: list[int], size: int | None) -> tuple[int, int, int]:
    cached = functools.lru_cache(size)(str)
    for number in numbers:
        cached(number)
    hits, misses, _, entries = cached.cache_info()
    return hits, misses, entries


@pytest.mark.parametrize("few", [0, 5, 400])
@given(numbers=st.lists(st.integers(1, 12), max_size=60))
def test_equals_lru_cache_at_every_size(few: int, numbers: list[int]) -> None:
    before, stackdistances.FEW_KEYS = stackdistances.FEW_KEYS, few
    try:
        found = outcomes(numbers, [1.0] * len(numbers), SIZES)
    finally:
        stackdistances.FEW_KEYS = before
    for size, outcome in found.items():
        assert (outcome.hits, outcome.misses, outcome.entries) == real(numbers, size)
        assert outcome.seconds == outcome.hits


def test_saved_seconds_are_those_of_the_calls_that_hit() -> None:
    found = outcomes([1, 2, 1, 1, 2], [8.0, 4.0, 2.0, 1.0, 0.5], (1, 2))
    assert found[1].seconds == 1.0
    assert found[2].seconds == 3.5


@given(
    stretches=st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=12), max_size=8),
    size=st.sampled_from([1, 2, 4, None]),
)
def test_a_cache_that_is_emptied_before_each_stretch(stretches: list[list[int]], size: int | None) -> None:
    numbers = [number for stretch in stretches for number in stretch]
    ends = [*itertools.accumulate(map(len, stretches))]
    begins = [0, *ends[:-1]]
    expected = sum(real(stretch, size)[0] for stretch in stretches)
    assert hits_within(numbers, zip(begins, ends, strict=False), size) == expected

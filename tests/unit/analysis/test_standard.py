"""What a cache can save at most, of one run of the tests."""

from dataclasses import replace

import pytest

from hitrate.analysis.standard import bounded
from hitrate.evidence import CurvePoint, Evidence
from hitrate.source.function import ExistingCache, Function

NEW = Function("a.py", "f", 1)
EXISTING = Function("a.py", "g", 9, cache=ExistingCache(None, typed=False))
POINTS = (CurvePoint(1, 0.1, 2.0), CurvePoint(128, 0.9, 30.0))
SAVING = Evidence(NEW, maxsize=128, calls=100, hits=90, misses=10, saved_seconds=30.0, curve=POINTS)


def test_a_new_cache_saves_no_more_than_all_there_is() -> None:
    assert bounded(SAVING, 10.0).saved_seconds == 10.0
    assert [point.saved_seconds for point in bounded(SAVING, 10.0).curve] == [2.0, 10.0]


@pytest.mark.parametrize("saved", [30.0, 10.0, -1.0, None])
def test_what_a_cache_that_is_there_saves_was_not_spent(saved: float | None) -> None:
    item = replace(SAVING, function=EXISTING, saved_seconds=saved)
    assert bounded(item, 10.0) == item


@pytest.mark.parametrize("saved", [10.0, -1.0, None])
def test_a_new_cache_that_saves_less_is_left_as_it_is(saved: float | None) -> None:
    item = replace(SAVING, saved_seconds=saved)
    assert bounded(item, 10.0) == item

"""What a cache is there for, and what is then not held against it."""

import pytest

from hitrate.evidence import Evidence
from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import ExistingCache, Function
from hitrate.verdict.purpose import ONCE, ONE_FOR_ALL, SETTLED_ONCE, purpose, without_purpose
from hitrate.vocabulary import HazardKind

CACHE = ExistingCache(None, typed=False)


@pytest.mark.parametrize(
    ("function", "meant"),
    [
        (Function("a.py", "f", 1, cache=CACHE), None),
        (Function("a.py", "f", 1, cache=CACHE, takes_arguments=False), ONE_FOR_ALL),
        (Function("a.py", "f", 1, cache=CACHE, takes_arguments=False, returns_nothing=True), ONE_FOR_ALL),
        (Function("a.py", "f", 1, cache=CACHE, returns_nothing=True), ONCE),
        (Function("a.py", "f", 1, takes_arguments=False), None),
        (Function("a.py", "f", 1, returns_nothing=True), None),
    ],
)
def test_only_a_cache_that_is_there_has_a_purpose(function: Function, meant: str | None) -> None:
    assert purpose(Evidence(function)) == meant


SHARED = Hazard(HazardKind.ALIASED, "changed", shares=True)
OTHER = Hazard(HazardKind.ALIASED, "one shot")
DOUBTS = tuple(Doubt(topic, Grounds.SEEN) for topic in Topic)


@pytest.mark.parametrize(
    ("function", "forgiven"),
    [
        (Function("a.py", "f", 1, cache=CACHE, takes_arguments=False), True),
        (Function("a.py", "f", 1, cache=CACHE), False),
        (Function("a.py", "f", 1, takes_arguments=False), False),
    ],
)
def test_sharing_one_object_is_no_fault_of_a_cache_that_is_there_for_it(
    function: Function, forgiven: bool
) -> None:
    evidence, left = without_purpose(Evidence(function, maxsize=None, hazards=(SHARED, OTHER)), DOUBTS)
    assert evidence.hazards == ((OTHER,) if forgiven else (SHARED, OTHER))
    kept = tuple(doubt for doubt in DOUBTS if doubt.topic not in SETTLED_ONCE) if forgiven else DOUBTS
    assert left == kept
    assert SETTLED_ONCE

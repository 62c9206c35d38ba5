"""What a cache is there for decides what speaks against it."""

from dataclasses import replace

import pytest

from hitrate.evidence import Duration, Evidence
from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import ExistingCache, Function
from hitrate.verdict.judge import Finding, Thresholds, judge
from hitrate.verdict.purpose import NeededBy, could_be_meant
from hitrate.verdict.reason import Answering
from hitrate.vocabulary import HazardKind, Verdict

THRESHOLDS = Thresholds(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2, max_missed_saving=0.05)
CACHED = Function("a.py", "of", 9, cache=ExistingCache(None, typed=False))
SHARED = Evidence(
    CACHED,
    calls=100,
    hits=90,
    misses=10,
    saved_seconds=1.0,
    hazards=(Hazard(HazardKind.ALIASED, "a result was changed", shares=True),),
)
SELDOM = Evidence(CACHED, calls=100, hits=1, misses=99, saved_seconds=-0.1)
IDENTITY = Doubt(Topic.IDENTITY, Grounds.SEEN, ("Lock",))
CLOCK = Doubt(Topic.CLOCK, Grounds.SEEN)
STALE = Hazard(HazardKind.STALE, "reads the clock")


def judged(evidence: Evidence) -> Finding:
    return judge(evidence, THRESHOLDS, Duration(10.0, 10.0))


@pytest.mark.parametrize(
    ("evidence", "without"),
    [
        (SHARED, Verdict.UNSAFE),
        (SELDOM, Verdict.DROP),
        (replace(SELDOM, doubts=(IDENTITY,)), Verdict.KEEP),
        (replace(SHARED, doubts=(IDENTITY,)), Verdict.UNSAFE),
    ],
)
def test_a_cache_that_tests_need_is_kept_and_the_sentence_names_one(
    evidence: Evidence, without: Verdict
) -> None:
    assert judged(evidence).verdict is without
    assert could_be_meant(evidence, evidence.doubts)
    finding = judged(replace(evidence, needed_by=("tests/test_a.py::test_b", "tests/test_a.py::test_c")))
    assert finding.verdict is Verdict.KEEP
    assert isinstance(finding.reason, Answering)
    assert finding.reason.beside == NeededBy(("tests/test_a.py::test_b", "tests/test_a.py::test_c"))
    assert not finding.evidence.hazards


@pytest.mark.parametrize(
    ("hazards", "doubts", "expected"),
    [
        ((STALE,), (), Verdict.UNSAFE),
        ((*SHARED.hazards, STALE), (), Verdict.UNSAFE),
        ((), (CLOCK,), Verdict.INCONCLUSIVE),
        ((), (IDENTITY, CLOCK), Verdict.INCONCLUSIVE),
    ],
)
def test_a_cache_that_tests_need_can_still_be_wrong(
    hazards: tuple[Hazard, ...], doubts: tuple[Doubt, ...], expected: Verdict
) -> None:
    found = replace(SHARED, hazards=hazards, doubts=doubts, needed_by=("t.py::t",))
    assert judged(found).verdict is expected
    assert not could_be_meant(replace(found, needed_by=()), doubts)


@pytest.mark.parametrize(
    "function",
    [
        Function("a.py", "new", 1),
        replace(CACHED, takes_arguments=False),
        replace(CACHED, returns_nothing=True),
    ],
)
def test_the_tests_are_asked_only_where_the_source_does_not_tell(function: Function) -> None:
    assert not could_be_meant(replace(SHARED, function=function), ())

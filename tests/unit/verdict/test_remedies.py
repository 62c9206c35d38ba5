"""A remedy is offered only where it follows from the evidence."""

from dataclasses import replace

import pytest

from hitrate.evidence import Evidence
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.observations import OBSERVATION, Observation
from hitrate.hazards.sentences import ASK_OUTSIDE, CACHE_THE_REST, hazard_of
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import Function
from hitrate.verdict.judge import Finding
from hitrate.verdict.reason import Unmeasured
from hitrate.verdict.remedies import remedy_of
from hitrate.vocabulary import Verdict

FUNCTION = Function("a.py", "f", 1)
READS = Doubt(Topic.ENVIRONMENT, Grounds.SEEN, ("HOME",))
WRITES = Doubt(Topic.OUTPUT, Grounds.STATIC, ("print",))


def hazard(kind: str, **fields: str) -> Hazard:
    line: dict[str, object] = {"slot": 0, "kind": kind, **fields}
    observation: Observation = OBSERVATION.validate_python(line)
    return hazard_of(observation)  # type: ignore[arg-type]


LOGS, COUNTS = hazard("effect", about="log"), hazard("global", about="shop.COUNT")
STALE = hazard("stale", before="1", after="2")
FILLS = hazard("argument", argument="rows")
ALONE = Finding(Evidence(FUNCTION, hazards=(LOGS,)), Verdict.UNSAFE, Unmeasured.NOT_RUN)


def remedy(finding: Finding) -> str | None:
    return remedy_of(finding.evidence.hazards[0], finding)


@pytest.mark.parametrize("hazards", [(LOGS,), (COUNTS,), (LOGS, COUNTS)])
def test_the_rest_may_be_cached_where_nothing_else_speaks_against_it(hazards: tuple[Hazard, ...]) -> None:
    assert remedy(replace(ALONE, evidence=replace(ALONE.evidence, hazards=hazards))) == CACHE_THE_REST


def test_that_the_source_shows_the_same_effect_is_nothing_else() -> None:
    warned = replace(FUNCTION, warnings=(WRITES,))
    assert remedy(replace(ALONE, evidence=replace(ALONE.evidence, function=warned))) == CACHE_THE_REST


@pytest.mark.parametrize(
    "finding",
    [
        replace(ALONE, evidence=replace(ALONE.evidence, hazards=(LOGS, STALE))),
        replace(ALONE, evidence=replace(ALONE.evidence, hazards=(COUNTS, FILLS))),
        replace(ALONE, evidence=replace(ALONE.evidence, doubts=(READS,))),
        replace(ALONE, evidence=replace(ALONE.evidence, function=replace(FUNCTION, doubts=(READS,)))),
        replace(ALONE, evidence=replace(ALONE.evidence, function=replace(FUNCTION, warnings=(READS,)))),
        replace(ALONE, evidence=replace(ALONE.evidence, function=replace(FUNCTION, returns_nothing=True))),
        replace(ALONE, verdict=Verdict.NOT_WORTH_IT),
    ],
)
def test_else_it_is_not_said(finding: Finding) -> None:
    assert remedy(finding) is None


@pytest.mark.parametrize("about", ["network", "process", "thread", "input", "system"])
def test_what_gives_an_answer_leaves_nothing_to_cache(about: str) -> None:
    """The rest of such a function is made of what it was given."""
    asks = hazard("effect", about=about)
    finding = replace(ALONE, evidence=replace(ALONE.evidence, hazards=(asks,)))
    assert remedy(finding) == ASK_OUTSIDE
    assert remedy(replace(finding, evidence=replace(finding.evidence, hazards=(LOGS, asks)))) is None


def test_what_comes_out_of_a_queue_is_passed() -> None:
    finding = replace(ALONE, evidence=replace(ALONE.evidence, hazards=(hazard("global", gives="Queue"),)))
    assert remedy(finding) == ASK_OUTSIDE


@pytest.mark.parametrize("other", [STALE, FILLS])
def test_other_remedies_stay(other: Hazard) -> None:
    finding = replace(ALONE, evidence=replace(ALONE.evidence, hazards=(other, LOGS)))
    assert remedy(finding) == other.remedy is not None

"""Which remedies follow from the evidence. Pure."""

from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Topic
from hitrate.verdict.judge import Finding, doubts_about
from hitrate.vocabulary import Verdict


def remedy_of(hazard: Hazard, finding: Finding) -> str | None:
    """What would make a cache safe; None where nothing would, or where that is not known to be enough.

    That the rest of a function may be cached is only said of one that is worth it, has a rest, and against
    which nothing else speaks.
    """
    if not hazard.leaves_rest or _may_cache_the_rest(finding):
        return hazard.remedy
    return None


def _may_cache_the_rest(finding: Finding) -> bool:
    evidence = finding.evidence
    warned = any(warning.topic is not Topic.OUTPUT for warning in evidence.function.warnings)
    return (
        finding.verdict is Verdict.UNSAFE
        and all(hazard.leaves_rest for hazard in evidence.hazards)
        and not evidence.function.returns_nothing
        and not warned
        and not doubts_about(evidence)
    )

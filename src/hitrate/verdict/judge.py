"""Evidence and thresholds give verdicts; verdicts and limits give the gate. Pure."""

from dataclasses import dataclass

from hitrate.evidence import Duration, Evidence, fraction
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.sentences import doubt_gist, doubt_sentence
from hitrate.settings.model import Settings
from hitrate.source.doubt import Doubt, joined
from hitrate.vocabulary import HazardKind, Kind, Metric, Verdict
from hitrate.wording.figures import TIMES, entries, fine_percent, percent, seconds

RESIZE_GAIN = 0.1
"""A larger cache must save this share more than the present one before a new size is advised."""
PRECISION = 0.05
"""Relative error of a predicted saving at its best: one so near to what is wanted counts as much."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a cache must reach; all are fractions.

    Attributes:
        min_hit_rate: Of a new cache.
        min_saving: Share of the workload's CPU time that a new cache must save.
        min_cache_hit_rate: Of an existing cache.
        max_missed_saving: Share of CPU time that may be left on the table.
    """

    min_hit_rate: float
    min_saving: float
    min_cache_hit_rate: float
    max_missed_saving: float


def thresholds_of(settings: Settings) -> Thresholds:
    """What the settings ask of a cache."""
    return Thresholds(
        settings.min_hit_rate, settings.min_saving, settings.min_cache_hit_rate, settings.max_missed_saving
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """A function's evidence and what follows from it.

    Attributes:
        evidence: What was measured.
        verdict: What to do.
        reason: Why, one plain sentence that needs no figures beside it.
        gist: The same in a few words, for where the figures stand beside it; None where it is short.
    """

    evidence: Evidence
    verdict: Verdict
    reason: str
    gist: str | None = None


def judge(evidence: Evidence, thresholds: Thresholds, workload: Duration | None) -> Finding:
    """The verdict on one function before any trial.

    Args:
        evidence: What was measured.
        thresholds: What a cache must reach.
        workload: How long one plain run of the workload took; None if not known.
    """
    if evidence.function.ineligible is not None:
        return Finding(evidence, Verdict.INELIGIBLE, evidence.function.ineligible)
    if evidence.hazards:
        worst = _worst_hazard(evidence)
        return Finding(evidence, Verdict.UNSAFE, f"{worst.kind}: {worst.detail}", worst.gist or worst.detail)
    if evidence.calls is None:
        return Finding(evidence, Verdict.INCONCLUSIVE, "it was not measured")
    if not evidence.calls:
        return Finding(evidence, Verdict.INCONCLUSIVE, "the tests never call it")
    if evidence.hit_rate is None:
        return Finding(
            evidence, Verdict.INCONCLUSIVE, "no call could be looked up in a cache: " + _no_look_up(evidence)
        )
    if evidence.function.kind is Kind.EXISTING:
        return _audit(evidence, evidence.hit_rate, thresholds)
    return _propose(evidence, evidence.hit_rate, thresholds, workload)


def _worst_hazard(evidence: Evidence) -> Hazard:
    order = list(HazardKind)
    return min(evidence.hazards, key=lambda hazard: order.index(hazard.kind))


def _no_look_up(evidence: Evidence) -> str:
    return "its arguments cannot be hashed" if evidence.unhashable else "nothing was recorded"


def _propose(
    evidence: Evidence, hit_rate: float, thresholds: Thresholds, workload: Duration | None
) -> Finding:
    repeats = f"{percent(hit_rate)} of its calls repeat an earlier one"
    if hit_rate < thresholds.min_hit_rate:
        wanted = fine_percent(thresholds.min_hit_rate)
        few = f"only {repeats}" if hit_rate else "none of its calls repeats an earlier one"
        reason = f"{few} (at least {wanted} wanted)"
        if _may_be_worth_it(evidence, hit_rate, thresholds, workload):
            return Finding(evidence, Verdict.INCONCLUSIVE, f"{reason}, but not all of them were recorded")
        gist = f"its hit rate is below {wanted}"
        return Finding(evidence, Verdict.NOT_WORTH_IT, reason, gist)
    too_small = _too_small(evidence, thresholds.min_saving, workload)
    if too_small is not None:
        return Finding(evidence, Verdict.NOT_WORTH_IT, f"{repeats}, but {too_small}", too_small)
    doubts = doubts_about(evidence)
    if doubts:
        return Finding(evidence, Verdict.INCONCLUSIVE, doubt_sentence(doubts[0]), doubt_gist(doubts[0]))
    saving = share(evidence.saved_seconds, workload, evidence.metric)
    gain = (
        "the tests pass" if saving is None else f"a cache saves {percent(saving)} of {TIMES[evidence.metric]}"
    )
    return Finding(evidence, Verdict.CACHE, f"{repeats}; {gain}")


def _may_be_worth_it(
    evidence: Evidence, hit_rate: float, thresholds: Thresholds, workload: Duration | None
) -> bool:
    """Whether calls that were only counted could change a verdict by hit rate, had all of them been hits.

    Those that were recorded came first, when a cache is still empty, and from other tests.
    """
    calls, unknown = evidence.calls or 0, evidence.only_counted
    best_rate = fraction(round(hit_rate * (calls - unknown)) + unknown, calls) or 0.0
    best_saving = share(unknown * (evidence.mean_call_seconds or 0.0), workload, evidence.metric)
    return best_rate >= thresholds.min_hit_rate and (best_saving or 0.0) >= thresholds.min_saving


def _too_small(evidence: Evidence, wanted: float, workload: Duration | None) -> str | None:
    """Why the saving does not matter, None where it does or is not known."""
    saving = share(evidence.saved_seconds, workload, evidence.metric)
    at_most = share(evidence.saved_seconds_at_most, workload, evidence.metric)
    time = TIMES[evidence.metric]
    if saving is None:
        if at_most is None or at_most >= wanted:
            return None
        return f"a cache saves at most {percent(at_most)} of {time} ({fine_percent(wanted)} wanted)"
    if saving >= (1 - PRECISION) * wanted:
        return None
    if saving <= 0:
        return "a look-up costs as much as the call itself"
    calls = wanted * (evidence.calls or 0) / (evidence.saved_seconds or 1.0)
    return (
        f"a cache saves {percent(saving)} of this workload's {time} ({fine_percent(wanted)} wanted); "
        f"it pays from about {rounded(calls)} calls a second"
    )


def doubts_about(evidence: Evidence) -> tuple[Doubt, ...]:
    """All doubts about a function, what was seen or tried before what its source suggests."""
    return joined(evidence.doubts, evidence.function.doubts)


def _audit(evidence: Evidence, hit_rate: float, thresholds: Thresholds) -> Finding:
    if hit_rate < thresholds.min_cache_hit_rate:
        wanted = fine_percent(thresholds.min_cache_hit_rate)
        reason = f"its cache answers {percent(hit_rate)} of the calls (at least {wanted} wanted)"
        return Finding(evidence, Verdict.DROP, reason, f"its hit rate is below {wanted}")
    if evidence.saved_seconds is not None and evidence.saved_seconds < 0:
        return Finding(
            evidence,
            Verdict.DROP,
            "its cache costs more time than it saves: a look-up is dearer than the call",
            "a look-up is dearer than the call",
        )
    doubts = doubts_about(evidence)
    if doubts:
        wrong, (doubt, *_) = "its cache may be wrong", doubts
        return Finding(
            evidence,
            Verdict.INCONCLUSIVE,
            f"{wrong}: {doubt_sentence(doubt)}",
            f"{wrong}: {doubt_gist(doubt)}",
        )
    larger = _better_size(evidence)
    if larger is not None:
        return Finding(evidence, Verdict.RESIZE, larger)
    return Finding(evidence, Verdict.KEEP, f"its cache answers {percent(hit_rate)} of the calls")


def _better_size(evidence: Evidence) -> str | None:
    """Why another size is better, None when the present one does as well."""
    size, better = (
        evidence.function.cache.maxsize if evidence.function.cache else None,
        evidence.recommended_maxsize,
    )
    if size is None or better is None or better <= size or evidence.saved_seconds is None:
        return None
    best = max((point.saved_seconds for point in evidence.curve if point.maxsize <= better), default=0.0)
    if best <= 0 or best - evidence.saved_seconds < RESIZE_GAIN * best:
        return None
    saved = evidence.saved_seconds
    gain = f"{entries(better)} saves {seconds(best)} instead of {seconds(saved)}"
    return f"maxsize {entries(size)} is below the working set; {gain}"


def share(seconds: float | None, workload: Duration | None, metric: Metric) -> float | None:
    """``seconds`` as a fraction of the workload's; None if either is not known."""
    whole = workload.by(metric) if workload else None
    return seconds / whole if seconds is not None and whole else None


def rounded(number: float) -> str:
    """A count to two significant digits, with thousands separated."""
    return f"{float(f'{number:.2g}'):,.0f}"

"""Evidence and thresholds give verdicts; verdicts and limits give the gate. Pure."""

from dataclasses import dataclass

from hitrate.evidence import Duration, Evidence, fraction
from hitrate.hazards.hazard import Hazard
from hitrate.settings.model import Settings
from hitrate.source.doubt import Doubt, Topic, joined
from hitrate.verdict.purpose import purpose, without_purpose
from hitrate.verdict.reason import (
    Answering,
    AnswersSeldom,
    AtMost,
    CalledSeldom,
    CostsMore,
    CutShort,
    Doubted,
    Hidden,
    Ineligible,
    LeftOpen,
    LongOnes,
    MayBeTooLittle,
    NoGain,
    OnlyCounted,
    Proven,
    Reason,
    Repeating,
    Seldom,
    Slower,
    TooLittle,
    TriedLess,
    TriedTooLittle,
    Undersized,
    Unmeasured,
    Worth,
    Worthwhile,
)
from hitrate.vocabulary import HazardKind, Kind, Metric, Verdict

RESIZE_GAIN = 0.1
"""A larger cache must save this share more than the present one before a new size is advised."""
LITTLE_ABOVE = 1.5
"""So many times what is wanted is enough to try a cache whose saving may be far less than wanted."""
FAR_BELOW = 0.5
"""A saving that may be less than this share of what is wanted is not known well enough to advise a cache."""
PRECISION = 0.05
"""Relative error of a predicted saving at its best: one so near to what is wanted counts as much."""
FEW_CALLS = 3
"""Fewer calls say nothing against a cache that somebody has written: a single one cannot hit."""


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
        reason: Why.
    """

    evidence: Evidence
    verdict: Verdict
    reason: Reason


def judge(evidence: Evidence, thresholds: Thresholds, workload: Duration | None) -> Finding:
    """The verdict on one function before any trial.

    Args:
        evidence: What was measured.
        thresholds: What a cache must reach.
        workload: How long one plain run of the workload took; None if not known.
    """
    if evidence.function.ineligible is not None:
        return Finding(evidence, Verdict.INELIGIBLE, Ineligible(evidence.function.ineligible))
    evidence, doubts = without_purpose(evidence, doubts_about(evidence))
    existing = evidence.function.kind is Kind.EXISTING
    if evidence.hazards and (existing or not evidence.calls or evidence.cut_short):
        return _unsafe(evidence)
    if evidence.cut_short is not None:
        return Finding(evidence, Verdict.INCONCLUSIVE, CutShort(evidence.cut_short))
    if evidence.calls is None:
        return Finding(evidence, Verdict.INCONCLUSIVE, Unmeasured.NOT_RUN)
    if not evidence.calls:
        return Finding(evidence, Verdict.INCONCLUSIVE, Unmeasured.NEVER_CALLED)
    if evidence.hit_rate is None:
        return _not_looked_up(evidence, thresholds, workload)
    if existing:
        return _audit(evidence, evidence.hit_rate, thresholds, doubts)
    return _propose(evidence, evidence.hit_rate, thresholds, workload)


def _unsafe(evidence: Evidence) -> Finding:
    return Finding(evidence, Verdict.UNSAFE, Proven(_worst_hazard(evidence)))


def _worst_hazard(evidence: Evidence) -> Hazard:
    order = list(HazardKind)
    return min(evidence.hazards, key=lambda hazard: order.index(hazard.kind))


def _not_looked_up(evidence: Evidence, thresholds: Thresholds, workload: Duration | None) -> Finding:
    """No call had a key: what it would have been worth can only be told from the time that all calls take."""
    spent = (evidence.calls or 0) * (evidence.mean_call_seconds or 0.0)
    at_most = share(spent, workload, evidence.metric)
    if evidence.hazards and (at_most is None or at_most >= thresholds.min_saving):
        return _unsafe(evidence)
    verdict = Verdict.NOT_WORTH_IT if evidence.hazards else Verdict.INCONCLUSIVE
    return Finding(evidence, verdict, Unmeasured.NO_KEYS if evidence.unhashable else Unmeasured.UNKNOWN_CALLS)


def _propose(
    evidence: Evidence, hit_rate: float, thresholds: Thresholds, workload: Duration | None
) -> Finding:
    """The verdict on a function without a cache some calls of which have a key."""
    least = thresholds.min_hit_rate
    if not _answers(evidence, hit_rate, least):
        return _seldom(evidence, hit_rate, thresholds, workload)
    long_ones = _own_share(evidence) if hit_rate < least else None

    def refused(worth: Worth, verdict: Verdict = Verdict.NOT_WORTH_IT) -> Finding:
        return Finding(evidence, verdict, Repeating(hit_rate, long_ones, worth))

    if _is_slower(evidence):
        return refused(Slower())
    contradicted = _contradicted(evidence, thresholds.min_saving, workload)
    if isinstance(contradicted, TriedLess) and not evidence.hazards:
        return refused(contradicted, Verdict.INCONCLUSIVE)
    tried = contradicted if isinstance(contradicted, TriedTooLittle) else None
    too_little = tried or _too_small(evidence, thresholds.min_saving, workload)
    if too_little is not None:
        return refused(too_little)
    if evidence.hazards:
        return _unsafe(evidence)
    doubts = doubts_about(evidence)
    if doubts:
        return Finding(evidence, Verdict.INCONCLUSIVE, Doubted(doubts[0], Kind.NEW))
    uncertain = _may_be_too_little(evidence, thresholds.min_saving, workload)
    if uncertain is not None:
        return refused(uncertain, Verdict.INCONCLUSIVE)
    saving = share(evidence.saved_seconds, workload, evidence.metric)
    worth = Worthwhile(saving, evidence.metric)
    return Finding(evidence, Verdict.CACHE, Repeating(hit_rate, long_ones, worth))


def _seldom(
    evidence: Evidence, hit_rate: float, thresholds: Thresholds, workload: Duration | None
) -> Finding:
    """A function without a cache that would answer too few of its calls."""
    wanted = thresholds.min_hit_rate
    if evidence.hidden_by:
        open_by: Hidden | OnlyCounted | None = Hidden(evidence.hidden_by)
    else:
        counted = _may_be_worth_it(evidence, hit_rate, thresholds, workload)
        open_by = OnlyCounted() if counted else None
    if open_by is not None and evidence.hazards:
        return _unsafe(evidence)  # whatever the other calls are, it must not be cached
    verdict = Verdict.NOT_WORTH_IT if open_by is None else Verdict.INCONCLUSIVE
    return Finding(evidence, verdict, Seldom(hit_rate, wanted, open_by))


def _answers(evidence: Evidence, hit_rate: float, least: float) -> bool:
    """Whether a cache answers enough: of the calls, or of the time that they take.

    Where a hit skips a long call, or everything below it in a recursion, few hits save most of the time.
    """
    return hit_rate >= least or (_own_share(evidence) or 0.0) >= least


def _own_share(evidence: Evidence, saved: float | None = None) -> float | None:
    """What is saved as a fraction of all time spent in the function; None if not known."""
    saved = evidence.saved_seconds if saved is None else saved
    if saved is None or not evidence.own_seconds:
        return None
    return min(1.0, saved / evidence.own_seconds)


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


def _is_slower(evidence: Evidence) -> bool:
    """Whether a trial has shown that the cache of this function, and no other, slows the tests down."""
    return any(doubt.topic is Topic.SLOWER for doubt in evidence.doubts)


def _contradicted(
    evidence: Evidence, wanted: float, workload: Duration | None
) -> TriedTooLittle | TriedLess | None:
    """What a trial says against a cache; None where it says nothing against it."""
    tried = evidence.tried
    if tried is None:
        return None
    low, likely, most, promised = (
        share(each, workload, tried.metric) for each in (tried.low, tried.seconds, tried.high, tried.promised)
    )
    if low is None or likely is None or most is None or promised is None:
        return None
    if most < (1 - PRECISION) * wanted:
        return TriedTooLittle(most, wanted, tried.metric, tried.caches)
    if likely < (1 - PRECISION) * wanted and tried.shows_less:
        return TriedLess(low, most, promised, tried.metric, tried.caches)
    return None


def _too_small(
    evidence: Evidence, wanted: float, workload: Duration | None
) -> AtMost | TooLittle | NoGain | None:
    """Why the saving does not matter, None where it does or is not known."""
    saving = share(evidence.saved_seconds, workload, evidence.metric)
    if saving is None:
        at_most = share(evidence.saved_seconds_at_most, workload, evidence.metric)
        if at_most is None or at_most >= wanted:
            return None
        return AtMost(at_most, wanted, evidence.metric)
    if saving >= (1 - PRECISION) * wanted:
        return None
    if saving <= 0:
        return NoGain()
    pays_from = wanted * (evidence.calls or 0) / (evidence.saved_seconds or 1.0)
    wrong = evidence.hazards or doubts_about(evidence)
    return TooLittle(saving, wanted, evidence.metric, None if wrong else pays_from)


def _may_be_too_little(evidence: Evidence, wanted: float, workload: Duration | None) -> MayBeTooLittle | None:
    """A saving little above what is wanted that may be far less; None where it is not, or was tried.

    A trial of it would cost far more than it decides about.
    """
    if evidence.tried is not None:
        return None
    low, saving, high = (
        share(each, workload, evidence.metric)
        for each in (evidence.saved_low, evidence.saved_seconds, evidence.saved_high)
    )
    if low is None or saving is None or high is None:
        return None
    if low >= FAR_BELOW * wanted or saving >= LITTLE_ABOVE * wanted:
        return None
    return MayBeTooLittle(low, high, wanted, evidence.metric)


def doubts_about(evidence: Evidence) -> tuple[Doubt, ...]:
    """All doubts about a function, what was seen or tried before what its source suggests."""
    return joined(evidence.doubts, evidence.function.doubts)


def _audit(evidence: Evidence, hit_rate: float, thresholds: Thresholds, doubts: tuple[Doubt, ...]) -> Finding:
    """The verdict on a cache that is there: its size first, since one that is too small hits too rarely."""
    larger = _better_size(evidence, thresholds.min_cache_hit_rate)
    meant = purpose(evidence)
    wasted = None if larger or meant else _wasted(evidence, hit_rate, thresholds.min_cache_hit_rate)
    if wasted is not None:
        return wasted
    if doubts:
        return Finding(evidence, Verdict.INCONCLUSIVE, Doubted(doubts[0], Kind.EXISTING))
    if larger is not None:
        return Finding(evidence, Verdict.RESIZE, larger)
    if meant is not None:
        return Finding(evidence, Verdict.KEEP, Answering(hit_rate, meant))
    low, high = evidence.saved_low, evidence.saved_high
    if low is not None and high is not None and low < 0 <= high:
        return Finding(evidence, Verdict.KEEP, Answering(hit_rate, LeftOpen(low, high)))
    few = hit_rate < thresholds.min_cache_hit_rate
    return Finding(
        evidence, Verdict.KEEP, Answering(hit_rate, LongOnes(_own_share(evidence)) if few else None)
    )


def _wasted(evidence: Evidence, hit_rate: float, least: float) -> Finding | None:
    """Why no reasonable size makes a cache worth it, or that it cannot be told; None where it is worth it."""
    if _answers(evidence, hit_rate, least):
        return Finding(evidence, Verdict.DROP, CostsMore()) if _costs(evidence) else None
    if evidence.hidden_by:
        hidden = AnswersSeldom(hit_rate, least, Hidden(evidence.hidden_by))
        return Finding(evidence, Verdict.INCONCLUSIVE, hidden)
    if (evidence.calls or 0) < FEW_CALLS:
        return Finding(evidence, Verdict.INCONCLUSIVE, CalledSeldom(evidence.calls or 0))
    return Finding(evidence, Verdict.DROP, AnswersSeldom(hit_rate, least))


def _costs(evidence: Evidence) -> bool:
    """Whether a cache surely costs more than it saves."""
    most = evidence.saved_seconds if evidence.saved_high is None else evidence.saved_high
    return most is not None and most < 0


def _better_size(evidence: Evidence, least: float) -> Undersized | None:
    """Why another size is better, None when the present one does as well or none is good enough."""
    size, better = evidence.maxsize, evidence.recommended_maxsize
    if size is None or better is None or better <= size or evidence.saved_seconds is None:
        return None
    best = max(
        (point for point in evidence.curve if point.maxsize <= better), key=lambda point: point.saved_seconds
    )
    enough = best.hit_rate >= least or (_own_share(evidence, best.saved_seconds) or 0.0) >= least
    gains = best.saved_seconds - evidence.saved_seconds >= RESIZE_GAIN * best.saved_seconds > 0
    if not enough or not gains:
        return None
    return Undersized(size, evidence.saved_seconds, better, best.saved_seconds)


def share(seconds: float | None, workload: Duration | None, metric: Metric) -> float | None:
    """``seconds`` as a fraction of the workload's; None if either is not known."""
    whole = workload.by(metric) if workload else None
    return seconds / whole if seconds is not None and whole else None

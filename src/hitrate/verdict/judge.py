"""Evidence and thresholds give verdicts; verdicts and limits give the gate. Pure."""

from dataclasses import dataclass

from hitrate.evidence import Duration, Evidence, fraction
from hitrate.hazards.hazard import Hazard
from hitrate.hazards.sentences import doubt_gist, doubt_sentence
from hitrate.settings.model import Settings
from hitrate.source.doubt import Doubt, Topic, joined
from hitrate.verdict.purpose import purpose, without_purpose
from hitrate.vocabulary import HazardKind, Kind, Metric, Verdict
from hitrate.wording.figures import (
    TIMES,
    entries,
    fine_percent,
    listed,
    percent,
    percent_below,
    seconds,
    some,
)

RESIZE_GAIN = 0.1
"""A larger cache must save this share more than the present one before a new size is advised."""
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
    evidence, doubts = without_purpose(evidence, doubts_about(evidence))
    existing = evidence.function.kind is Kind.EXISTING
    if evidence.hazards and (existing or not evidence.calls or evidence.cut_short):
        return _unsafe(evidence)
    if evidence.cut_short is not None:
        return Finding(evidence, Verdict.INCONCLUSIVE, evidence.cut_short)
    if evidence.calls is None:
        return Finding(evidence, Verdict.INCONCLUSIVE, "it was not measured")
    if not evidence.calls:
        return Finding(evidence, Verdict.INCONCLUSIVE, "the tests never call it")
    if evidence.hit_rate is None:
        return _not_looked_up(evidence, thresholds, workload)
    if existing:
        return _audit(evidence, evidence.hit_rate, thresholds, doubts)
    return _propose(evidence, evidence.hit_rate, thresholds, workload)


def _unsafe(evidence: Evidence) -> Finding:
    worst = _worst_hazard(evidence)
    return Finding(evidence, Verdict.UNSAFE, f"{worst.kind}: {worst.detail}", worst.gist or worst.detail)


def _not_looked_up(evidence: Evidence, thresholds: Thresholds, workload: Duration | None) -> Finding:
    """No call had a key: what it would have been worth can only be told from the time that all calls take."""
    spent = (evidence.calls or 0) * (evidence.mean_call_seconds or 0.0)
    at_most = share(spent, workload, evidence.metric)
    if evidence.hazards and (at_most is None or at_most >= thresholds.min_saving):
        return _unsafe(evidence)
    verdict = Verdict.NOT_WORTH_IT if evidence.hazards else Verdict.INCONCLUSIVE
    return Finding(evidence, verdict, _no_lookup(evidence))


def _worst_hazard(evidence: Evidence) -> Hazard:
    order = list(HazardKind)
    return min(evidence.hazards, key=lambda hazard: order.index(hazard.kind))


def _no_lookup(evidence: Evidence) -> str:
    return (
        "its arguments cannot be the key of a cache"
        if evidence.unhashable
        else "nothing is known of its calls"
    )


def _propose(
    evidence: Evidence, hit_rate: float, thresholds: Thresholds, workload: Duration | None
) -> Finding:
    repeats = f"{percent(hit_rate)} of its calls repeat an earlier one"
    least = thresholds.min_hit_rate
    if not _answers(evidence, hit_rate, least):
        return _seldom(evidence, hit_rate, thresholds, workload)
    if hit_rate < least:
        repeats += f", the long ones, with {percent(_own_share(evidence))} of its time"
    if _is_slower(evidence):
        slower = "the tests got slower with its cache"
        return Finding(evidence, Verdict.NOT_WORTH_IT, f"{repeats}, but {slower}", slower)
    contradicted = _contradicted(evidence, thresholds.min_saving, workload)
    if contradicted is not None and not (evidence.hazards and contradicted[0] is Verdict.INCONCLUSIVE):
        verdict, but = contradicted
        return Finding(evidence, verdict, f"{repeats}, but {but}", but)
    too_small = _too_small(evidence, thresholds.min_saving, workload)
    if too_small is not None:
        return Finding(evidence, Verdict.NOT_WORTH_IT, f"{repeats}, but {too_small}", too_small)
    if evidence.hazards:
        return _unsafe(evidence)
    doubts = doubts_about(evidence)
    if doubts:
        return Finding(evidence, Verdict.INCONCLUSIVE, doubt_sentence(doubts[0]), doubt_gist(doubts[0]))
    saving = share(evidence.saved_seconds, workload, evidence.metric)
    gain = (
        "the tests do not refute a cache, whose saving was not measured"
        if saving is None
        else f"a cache saves {percent(saving)} of {TIMES[evidence.metric]}"
    )
    return Finding(evidence, Verdict.CACHE, f"{repeats}; {gain}")


def _seldom(
    evidence: Evidence, hit_rate: float, thresholds: Thresholds, workload: Duration | None
) -> Finding:
    """A function without a cache that would answer too few of its calls."""
    wanted = fine_percent(thresholds.min_hit_rate)
    rate = percent_below(hit_rate, thresholds.min_hit_rate)
    few = (
        f"only {rate} of its calls repeat an earlier one"
        if hit_rate
        else "none of its calls repeats an earlier one"
    )
    reason = f"{few} (at least {wanted} wanted)"
    if evidence.hidden_by:
        return Finding(evidence, Verdict.INCONCLUSIVE, f"{reason}, but {_hidden(evidence)}")
    if _may_be_worth_it(evidence, hit_rate, thresholds, workload):
        return Finding(evidence, Verdict.INCONCLUSIVE, f"{reason}, but not all of them were recorded")
    return Finding(evidence, Verdict.NOT_WORTH_IT, reason, f"its hit rate is below {wanted}")


def _hidden(evidence: Evidence) -> str:
    """Why a low hit rate says nothing."""
    names = listed([name.rpartition("::")[2] for name in evidence.hidden_by])
    caches = "cache" if len(evidence.hidden_by) == 1 else "caches"
    return (
        f"the {caches} of {names}, from which it is called, answered before it was asked; "
        "effort standard tells"
    )


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


def _contradicted(evidence: Evidence, wanted: float, workload: Duration | None) -> tuple[Verdict, str] | None:
    """What a trial says against a cache, and why; None where it says nothing against it."""
    tried = evidence.tried
    if tried is None:
        return None
    low, likely, most, promised = (
        share(each, workload, tried.metric) for each in (tried.low, tried.seconds, tried.high, tried.promised)
    )
    if low is None or likely is None or most is None or promised is None:
        return None
    time, it = TIMES[tried.metric], "it" if tried.caches == 1 else "all caches together"
    if most < (1 - PRECISION) * wanted:
        saved = f"saved at most {percent(most)} of {time}" if most > 0 else "saved nothing"
        return Verdict.NOT_WORTH_IT, f"in the trial {it} {saved} ({fine_percent(wanted)} wanted)"
    if likely < (1 - PRECISION) * wanted and tried.shows_less:
        saved = f"saved between {percent(max(0.0, low))} and {percent(most)} of {time}"
        return Verdict.INCONCLUSIVE, f"in the trial {it} {saved} instead of the promised {percent(promised)}"
    return None


def _too_small(evidence: Evidence, wanted: float, workload: Duration | None) -> str | None:
    """Why the saving does not matter, None where it does or is not known."""
    saving = share(evidence.saved_seconds, workload, evidence.metric)
    at_most = share(evidence.saved_seconds_at_most, workload, evidence.metric)
    time, least = TIMES[evidence.metric], fine_percent(wanted)
    if saving is None:
        if at_most is None or at_most >= wanted:
            return None
        return f"a cache saves at most {percent_below(at_most, wanted)} of {time} ({least} wanted)"
    if saving >= (1 - PRECISION) * wanted:
        return None
    if saving <= 0:
        return "a lookup costs as much as the call itself"
    calls = wanted * (evidence.calls or 0) / (evidence.saved_seconds or 1.0)
    return (
        f"a cache saves {percent_below(saving, wanted)} of this workload's {time} ({least} wanted); "
        f"it pays from about {rounded(calls)} calls a second"
    )


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
        reason = f"its cache may be wrong: {doubt_sentence(doubts[0])}"
        return Finding(evidence, Verdict.INCONCLUSIVE, reason, doubt_gist(doubts[0]))
    if larger is not None:
        return Finding(evidence, Verdict.RESIZE, larger)
    answers = f"its cache answers {percent(hit_rate)} of the calls"
    if meant is not None:
        return Finding(evidence, Verdict.KEEP, f"{meant}; it answers {percent(hit_rate)} of the calls", meant)
    if _is_open(evidence):
        return Finding(evidence, Verdict.KEEP, f"{answers}; {_interval(evidence)}")
    if hit_rate < thresholds.min_cache_hit_rate:
        answers += f", the long ones: it saves {percent(_own_share(evidence))} of their time"
    return Finding(evidence, Verdict.KEEP, answers)


def _wasted(evidence: Evidence, hit_rate: float, least: float) -> Finding | None:
    """Why no reasonable size makes a cache worth it, or that it cannot be told; None where it is worth it."""
    if not _answers(evidence, hit_rate, least):
        wanted = fine_percent(least)
        reason = f"its cache answers {percent_below(hit_rate, least)} of the calls (at least {wanted} wanted)"
        if evidence.hidden_by:
            return Finding(evidence, Verdict.INCONCLUSIVE, f"{reason}, but {_hidden(evidence)}")
        if (evidence.calls or 0) < FEW_CALLS:
            few = "the tests call it too seldom to tell what its cache is worth"
            return Finding(evidence, Verdict.INCONCLUSIVE, f"{few}: {some(evidence.calls or 0, 'call')}", few)
        return Finding(evidence, Verdict.DROP, reason, f"its hit rate is below {wanted}")
    if _costs(evidence):
        return Finding(
            evidence,
            Verdict.DROP,
            "its cache costs more time than it saves: a lookup costs more than the call",
            "a lookup costs more than the call",
        )
    return None


def _costs(evidence: Evidence) -> bool:
    """Whether a cache surely costs more than it saves."""
    most = evidence.saved_seconds if evidence.saved_high is None else evidence.saved_high
    return most is not None and most < 0


def _is_open(evidence: Evidence) -> bool:
    """Whether a cache may save or cost time, as far as could be told."""
    low, high = evidence.saved_low, evidence.saved_high
    return low is not None and high is not None and low < 0 <= high


def _interval(evidence: Evidence) -> str:
    """Between which figures lies what a cache saves, where that leaves open whether it does."""
    costs, saves = -(evidence.saved_low or 0.0), evidence.saved_high or 0.0
    return (
        "the timings leave open whether it saves time: "
        f"it may cost up to {seconds(costs)} or save up to {seconds(saves)}"
    )


def _better_size(evidence: Evidence, least: float) -> str | None:
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
    gain = (
        f"{entries(better)} saves {seconds(best.saved_seconds)} instead of {seconds(evidence.saved_seconds)}"
    )
    return f"maxsize {entries(size)} is too small; {gain}"


def share(seconds: float | None, workload: Duration | None, metric: Metric) -> float | None:
    """``seconds`` as a fraction of the workload's; None if either is not known."""
    whole = workload.by(metric) if workload else None
    return seconds / whole if seconds is not None and whole else None


def rounded(number: float) -> str:
    """A count to two significant digits, with thousands separated."""
    return f"{float(f'{number:.2g}'):,.0f}"

"""English sentences about the reasons of verdicts: in full, and in a few words beside the figures."""

from typing import assert_never

from hitrate.hazards.sentences import doubt_gist, doubt_sentence
from hitrate.verdict.purpose import NeededBy, Purpose, Role, SharedThings
from hitrate.verdict.reason import (
    Answering,
    AnswersSeldom,
    AtMost,
    Audit,
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
from hitrate.vocabulary import Kind
from hitrate.wording.figures import (
    TIMES,
    entries,
    fine_percent,
    listed,
    percent,
    percent_below,
    rounded,
    seconds,
    some,
)
from hitrate.wording.text import quoted

_UNMEASURED = {
    Unmeasured.NOT_RUN: "it was not measured",
    Unmeasured.NEVER_CALLED: "the tests never call it",
    Unmeasured.NO_KEYS: "its arguments cannot be the key of a cache",
    Unmeasured.UNKNOWN_CALLS: "nothing is known of its calls",
}
_ROLES = {
    Role.ONE_FOR_ALL: "it takes no arguments: its cache hands the same object to all callers",
    Role.ONCE: "it returns nothing: its cache is there so that what it does is done once",
}
_CALLED_SELDOM = "the tests call it too seldom to tell what its cache is worth"
_COSTS_MORE = "a lookup costs more than the call"


def reason_sentence(reason: Reason) -> str:
    """Why the verdict, one plain sentence that needs no figures beside it."""
    match reason:
        case Unmeasured():
            return _UNMEASURED[reason]
        case Ineligible(why) | CutShort(why):
            return why
        case Proven(hazard):
            return f"{hazard.kind}: {hazard.detail}"
        case Doubted(doubt, kind):
            told = doubt_sentence(doubt)
            return told if kind is Kind.NEW else f"its cache may be wrong: {told}"
        case Seldom():
            return _seldom(reason)
        case Repeating():
            return _repeating(reason)
        case _:
            return _audit(reason)


def reason_gist(reason: Reason) -> str | None:
    """The same in a few words, for where the figures stand beside it; None where it is short as it is."""
    match reason:
        case Proven(hazard):
            return hazard.gist or hazard.detail
        case Doubted(doubt):
            return doubt_gist(doubt)
        case Seldom(_, wanted, None) | AnswersSeldom(_, wanted, None):
            return f"its hit rate is below {fine_percent(wanted)}"
        case Repeating(worth=worth):
            return None if isinstance(worth, Worthwhile) else _worth(worth)
        case CalledSeldom():
            return _CALLED_SELDOM
        case CostsMore():
            return _COSTS_MORE
        case Answering(beside=Role() | SharedThings() | NeededBy() as purpose):
            return _purpose(purpose)
        case _:
            return None


def _seldom(reason: Seldom) -> str:
    rate = percent_below(reason.hit_rate, reason.wanted)
    few = (
        f"only {rate} of its calls repeat an earlier one"
        if reason.hit_rate
        else "none of its calls repeats an earlier one"
    )
    told = f"{few} (at least {fine_percent(reason.wanted)} wanted)"
    return told if reason.but is None else f"{told}, but {_left_open_by(reason.but)}"


def _left_open_by(what: Hidden | OnlyCounted) -> str:
    """Why a low hit rate says nothing."""
    if isinstance(what, OnlyCounted):
        return "not all of them were recorded"
    names = listed([name.rpartition("::")[2] for name in what.by])
    caches = "cache" if len(what.by) == 1 else "caches"
    return (
        f"the {caches} of {names}, from which it is called, answered before it was asked; "
        "effort standard tells"
    )


def _repeating(reason: Repeating) -> str:
    repeats = f"{percent(reason.hit_rate)} of its calls repeat an earlier one"
    if reason.long_ones is not None:
        repeats += f", the long ones, with {percent(reason.long_ones)} of its time"
    worth = _worth(reason.worth)
    return f"{repeats}; {worth}" if isinstance(reason.worth, Worthwhile) else f"{repeats}, but {worth}"


def _worth(worth: Worth) -> str:
    match worth:
        case Slower():
            return "the tests got slower with its cache"
        case TriedTooLittle(most, wanted, metric, caches):
            saved = f"saved at most {percent(most)} of {TIMES[metric]}" if most > 0 else "saved nothing"
            return f"in the trial {_tried(caches)} {saved} ({fine_percent(wanted)} wanted)"
        case TriedLess(low, most, promised, metric, caches):
            saved = f"saved between {percent(max(0.0, low))} and {percent(most)} of {TIMES[metric]}"
            return f"in the trial {_tried(caches)} {saved} instead of the promised {percent(promised)}"
        case AtMost(share, wanted, metric):
            most_saved = f"{percent_below(share, wanted)} of {TIMES[metric]}"
            return f"a cache saves at most {most_saved} ({fine_percent(wanted)} wanted)"
        case TooLittle(share, wanted, metric, pays_from):
            saved = f"{percent_below(share, wanted)} of this workload's {TIMES[metric]}"
            told = f"a cache saves {saved} ({fine_percent(wanted)} wanted)"
            pays = None if pays_from is None else f"it pays from about {rounded(pays_from)} calls a second"
            return f"{told}; {pays}" if pays else told
        case MayBeTooLittle(low, high, wanted, metric):
            saved = f"between {fine_percent(max(0.0, low))} and {fine_percent(high)} of {TIMES[metric]}"
            return f"a cache saves {saved} ({fine_percent(wanted)} wanted)"
        case NoGain():
            return "a lookup costs as much as the call itself"
        case Worthwhile(share, metric):
            unknown = "the tests do not refute a cache, whose saving was not measured"
            return unknown if share is None else f"a cache saves {percent(share)} of {TIMES[metric]}"
    assert_never(worth)


def _tried(caches: int) -> str:
    return "it" if caches == 1 else "all caches together"


def _audit(reason: Audit) -> str:
    match reason:
        case AnswersSeldom(hit_rate, wanted, but):
            rate = percent_below(hit_rate, wanted)
            told = f"its cache answers {rate} of the calls (at least {fine_percent(wanted)} wanted)"
            return told if but is None else f"{told}, but {_left_open_by(but)}"
        case CalledSeldom(calls):
            return f"{_CALLED_SELDOM}: {some(calls, 'call')}"
        case CostsMore():
            return f"its cache costs more time than it saves: {_COSTS_MORE}"
        case Undersized(size, saved, better, more):
            gain = f"{entries(better)} saves {seconds(more)} instead of {seconds(saved)}"
            return f"maxsize {entries(size)} is too small; {gain}"
        case Answering():
            return _answering(reason)
    assert_never(reason)


def _answering(reason: Answering) -> str:
    answers = f"{percent(reason.hit_rate)} of the calls"
    match reason.beside:
        case None:
            return f"its cache answers {answers}"
        case LeftOpen(low, high):
            return (
                f"its cache answers {answers}; the timings leave open whether it saves time: "
                f"it may cost up to {seconds(-low)} or save up to {seconds(high)}"
            )
        case LongOnes(share):
            return f"its cache answers {answers}, the long ones: it saves {percent(share)} of their time"
        case purpose:
            return f"{_purpose(purpose)}; it answers {answers}"


def _purpose(purpose: Purpose) -> str:
    match purpose:
        case Role():
            return _ROLES[purpose]
        case SharedThings(names):
            return f"equal arguments share one {listed(list(map(quoted, names)))}"
        case NeededBy(tests):
            first, *others = tests
            fails = f"and {len(others)} more fail" if others else "fails"
            return f"{first} {fails} without its cache, which is there for what it means"
    assert_never(purpose)

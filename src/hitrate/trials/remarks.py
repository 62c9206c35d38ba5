"""What a reader must know of a trial, in English."""

from collections.abc import Sequence

from hitrate.evidence import Evidence, Tried
from hitrate.trials.agreement import Explanation, Shortfall, reasons
from hitrate.trials.pairs import Series
from hitrate.trials.sitting import Refusal, RefusedError
from hitrate.vocabulary import Metric, Stop
from hitrate.wording.figures import listed, seconds, some, verb


def of_series(series: Series) -> tuple[str, ...]:
    """How the pairs went, each one plain sentence."""
    remarks = []
    count = len(series.pairs)
    if series.metric is Metric.WALL:
        remarks.append("Wall time decides, since the saved time is waiting.")
    if series.spoiled:
        told = sorted(
            {test for pair in series.spoiled for test in (*pair.without.failed, *pair.cached.failed)}
        )
        names = f" ({', '.join(told[:3])})" if told else ""
        remarks.append(
            f"{some(len(series.spoiled), 'pair')} not counted: the tests ended differently{names}."
        )
    if series.stop is Stop.FUTILE:
        remarks.append(
            f"The trial ended after {some(count, 'pair')}: their times scatter too much to show "
            "the promised saving."
        )
    if series.stop is Stop.BUDGET:
        remarks.append(f"The time budget ended the trial after {some(count, 'pair')}.")
    if count == 1:
        remarks.append("One pair has no interval.")
    return tuple(remarks)


def of_refusal(refused: RefusedError) -> str:
    """Why pairs are runs of processes, though passes within one would tell more for less."""
    why = _REFUSED[refused.refusal].format(refused.detail or "one of them")
    return f"Each run of the trial is a process of its own: {why}."


_REFUSED = {
    Refusal.FAILED: "the tests cannot be run again in the same process ({})",
    Refusal.PLUGIN: "{} decides how often or where tests are run",
    Refusal.START: "the functions are called before the first test",
    Refusal.HELD: "something holds a function for good ({})",
    Refusal.LONG: "the tests take too long to be run again and again",
    Refusal.DIFFER: "tests end differently when they are run again in one process",
    Refusal.ELSEWHERE: "the tests start processes that call the functions",
    Refusal.CALLS: "when the tests are run again in one process, they call the functions less or more often",
    Refusal.DRIFT: "when the tests are run again in one process, their time keeps rising or falling",
    Refusal.FIRST: "in one process, much is done only the first time that the tests run",
    Refusal.NOTHING: "they could not be run repeatedly in one process",
}


def of_agreement(tried: Tried, items: Sequence[Evidence]) -> tuple[str, ...]:
    """How a trial differs from what was promised, and why that may be; nothing where it does not.

    Args:
        tried: The trial.
        items: What the functions promised before it.
    """
    if not tried.shows_less and not tried.shows_more:
        return ()
    measured = f"{seconds(tried.seconds)} a run ({seconds(tried.low)} to {seconds(tried.high)})"
    promised = f"the {seconds(tried.promised)} that the recorded calls promise"
    if tried.shows_more:
        return (f"The trial shows a saving of {measured}, more than {promised}.",)
    told = [_reason(reason) for reason in reasons(items)]
    why = f" The reason may be that {listed(told)}." if told else ""
    return (f"The trial shows a saving of {measured}, less than {promised}; the smaller is claimed.{why}",)


def _reason(reason: Explanation) -> str:
    names = listed(list(reason.functions))
    match reason.cause:
        case Shortfall.COUNTED:
            return f"most calls of {names} were counted, not timed"
        case Shortfall.SHORT:
            return f"calls of {names} are so short that recording them takes as long"
        case Shortfall.NESTED:
            return f"calls of {names} lie within other calls that a cache answers"
        case Shortfall.ACROSS:
            return f"{names} {verb(reason.functions, 'repeats', 'repeat')} calls of other tests"

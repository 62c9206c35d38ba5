"""Every reason of a verdict in words: in full, and in a few beside its figures."""

import pytest

from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.verdict.purpose import NeededBy, Role, SharedThings
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
from hitrate.verdict.sentences import reason_gist, reason_sentence
from hitrate.vocabulary import HazardKind, Kind, Metric

FILES = Doubt(Topic.FILE, Grounds.SEEN, ("a.txt", "b.txt"), "read, lib/a.py:71")
FOLLOWED = (
    "it reads files (a.txt and b.txt) in read, lib/a.py:71, which a cached result would not follow; "
    "if it can change, pass it as an argument"
)
ONE_FOR_ALL = "it takes no arguments: its cache hands the same object to all callers"
ONCE = "it returns nothing: its cache is there so that what it does is done once"


def plain(text: str | None) -> str | None:
    return None if text is None else text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("reason", "sentence", "gist"),
    [
        (Unmeasured.NOT_RUN, "it was not measured", None),
        (Unmeasured.NEVER_CALLED, "the tests never call it", None),
        (Unmeasured.NO_KEYS, "its arguments cannot be the key of a cache", None),
        (Unmeasured.UNKNOWN_CALLS, "nothing is known of its calls", None),
        (Ineligible("a coroutine"), "a coroutine", None),
        (CutShort("its calls were seen until the end"), "its calls were seen until the end", None),
        (Proven(Hazard(HazardKind.STALE, "reads x")), "stale: reads x", "reads x"),
        (Proven(Hazard(HazardKind.STALE, "reads x", gist="reads")), "stale: reads x", "reads"),
        (Doubted(FILES, Kind.NEW), FOLLOWED, "it reads files"),
        (Doubted(FILES, Kind.EXISTING), f"its cache may be wrong: {FOLLOWED}", "it reads files"),
    ],
)
def test_what_can_be_said_of_any_function(reason: Reason, sentence: str, gist: str | None) -> None:
    assert (reason_sentence(reason), reason_gist(reason)) == (sentence, gist)


@pytest.mark.parametrize(
    ("reason", "sentence", "gist"),
    [
        (
            Seldom(0.0, 0.2),
            "none of its calls repeats an earlier one (at least 20 % wanted)",
            "its hit rate is below 20 %",
        ),
        (
            Seldom(0.1, 0.2),
            "only 10 % of its calls repeat an earlier one (at least 20 % wanted)",
            "its hit rate is below 20 %",
        ),
        (
            Seldom(0.1, 0.2, OnlyCounted()),
            (
                "only 10 % of its calls repeat an earlier one (at least 20 % wanted), "
                "but not all of them were recorded"
            ),
            None,
        ),
        (
            Seldom(0.1, 0.2, Hidden(("a.py::outer",))),
            (
                "only 10 % of its calls repeat an earlier one (at least 20 % wanted), "
                "but the cache of outer, from which it is called, answered before it was asked; "
                "effort standard tells"
            ),
            None,
        ),
        (
            AnswersSeldom(0.1, 0.2),
            "its cache answers 10 % of the calls (at least 20 % wanted)",
            "its hit rate is below 20 %",
        ),
        (
            AnswersSeldom(0.1, 0.2, Hidden(("a.py::f", "a.py::C.g"))),
            (
                "its cache answers 10 % of the calls (at least 20 % wanted), "
                "but the caches of f and C.g, from which it is called, answered before it was asked; "
                "effort standard tells"
            ),
            None,
        ),
    ],
)
def test_too_low_a_rate(reason: Reason, sentence: str, gist: str | None) -> None:
    assert (plain(reason_sentence(reason)), plain(reason_gist(reason))) == (sentence, gist)


@pytest.mark.parametrize("rate", [0.1996, 0.19999, 0.199999999])
@pytest.mark.parametrize("kind", [Seldom, AnswersSeldom])
def test_a_rate_below_the_limit_does_not_read_as_the_limit(
    rate: float, kind: type[Seldom | AnswersSeldom]
) -> None:
    shown = plain(reason_sentence(kind(rate, 0.2))) or ""
    assert "(at least 20 % wanted)" in shown
    assert shown.count("20 %") == 1 or "just below 20 %" in shown


@pytest.mark.parametrize(
    ("worth", "gist"),
    [
        (Slower(), "the tests got slower with its cache"),
        (
            TriedTooLittle(0.005, 0.01, Metric.CPU, 1),
            "in the trial it saved at most 0.5 % of CPU time (1 % wanted)",
        ),
        (
            TriedTooLittle(-0.1, 0.01, Metric.CPU, 3),
            "in the trial all caches together saved nothing (1 % wanted)",
        ),
        (
            TriedLess(-0.03, 0.04, 0.1, Metric.WALL, 1),
            "in the trial it saved between 0 % and 4 % of wall time instead of the promised 10 %",
        ),
        (
            AtMost(0.005, 0.01, Metric.CPU),
            "a cache saves at most 0.5 % of CPU time (1 % wanted)",
        ),
        (
            TooLittle(0.0009, 0.01, Metric.CPU, 111.1),
            (
                "a cache saves <0.1 % of this workload's CPU time (1 % wanted); "
                "it pays from about 110 calls a second"
            ),
        ),
        (
            TooLittle(0.0009, 0.01, Metric.CPU, None),
            "a cache saves <0.1 % of this workload's CPU time (1 % wanted)",
        ),
        (
            MayBeTooLittle(-0.001, 0.012, 0.01, Metric.CPU),
            "a cache saves between 0 % and 1.2 % of CPU time (1 % wanted)",
        ),
        (NoGain(), "a lookup costs as much as the call itself"),
    ],
)
def test_repeats_that_are_not_worth_a_cache(worth: Worth, gist: str) -> None:
    reason = Repeating(0.9, None, worth)
    assert plain(reason_sentence(reason)) == f"90 % of its calls repeat an earlier one, but {gist}"
    assert plain(reason_gist(reason)) == gist


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            Repeating(0.9, None, Worthwhile(0.25, Metric.WALL)),
            "90 % of its calls repeat an earlier one; a cache saves 25 % of wall time",
        ),
        (
            Repeating(0.1, 0.8, Worthwhile(0.1, Metric.CPU)),
            (
                "10 % of its calls repeat an earlier one, the long ones, with 80 % of its time; "
                "a cache saves 10 % of CPU time"
            ),
        ),
        (
            Repeating(0.9, None, Worthwhile(None, Metric.CPU)),
            (
                "90 % of its calls repeat an earlier one; "
                "the tests do not refute a cache, whose saving was not measured"
            ),
        ),
    ],
)
def test_repeats_that_are_worth_a_cache_need_no_fewer_words(reason: Reason, sentence: str) -> None:
    assert plain(reason_sentence(reason)) == sentence
    assert reason_gist(reason) is None


@pytest.mark.parametrize(
    ("reason", "sentence", "gist"),
    [
        (
            CalledSeldom(1),
            "the tests call it too seldom to tell what its cache is worth: 1 call",
            "the tests call it too seldom to tell what its cache is worth",
        ),
        (
            CostsMore(),
            "its cache costs more time than it saves: a lookup costs more than the call",
            "a lookup costs more than the call",
        ),
        (Undersized(128, 1.0, 512, 2.0), "maxsize 128 is too small; 512 saves 2.0 s instead of 1.0 s", None),
        (Answering(0.9), "its cache answers 90 % of the calls", None),
        (
            Answering(0.01, LongOnes(1.0)),
            "its cache answers 1 % of the calls, the long ones: it saves 100 % of their time",
            None,
        ),
        (
            Answering(0.9, LeftOpen(-0.3, 0.0)),
            (
                "its cache answers 90 % of the calls; the timings leave open whether it saves time: "
                "it may cost up to 300 ms or save up to 0 s"
            ),
            None,
        ),
        (
            Answering(0.9, LeftOpen(-0.3, 0.2)),
            (
                "its cache answers 90 % of the calls; the timings leave open whether it saves time: "
                "it may cost up to 300 ms or save up to 200 ms"
            ),
            None,
        ),
        (Answering(0.9, Role.ONE_FOR_ALL), f"{ONE_FOR_ALL}; it answers 90 % of the calls", ONE_FOR_ALL),
        (Answering(0.9, Role.ONCE), f"{ONCE}; it answers 90 % of the calls", ONCE),
        (
            Answering(0.0, SharedThings(("Lock", "Event"))),
            "equal arguments share one `Lock` and `Event`; it answers 0 % of the calls",
            "equal arguments share one `Lock` and `Event`",
        ),
        (
            Answering(0.5, NeededBy(("t.py::t",))),
            "t.py::t fails without its cache, which is there for what it means; it answers 50 % of the calls",
            "t.py::t fails without its cache, which is there for what it means",
        ),
        (
            Answering(0.5, NeededBy(("t.py::t", "t.py::u"))),
            (
                "t.py::t and 1 more fail without its cache, which is there for what it means; "
                "it answers 50 % of the calls"
            ),
            "t.py::t and 1 more fail without its cache, which is there for what it means",
        ),
    ],
)
def test_a_cache_that_is_there(reason: Reason, sentence: str, gist: str | None) -> None:
    assert (plain(reason_sentence(reason)), plain(reason_gist(reason))) == (sentence, gist)

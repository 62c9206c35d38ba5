"""What a reader is told of a trial: how its pairs went, and how it differs from what was promised."""

import pytest

from hitrate.evidence import Evidence, Together
from hitrate.source.function import Function
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trials.pairs import Pair, Series, Stop
from hitrate.trials.remarks import of_agreement, of_refusal, of_series
from hitrate.trials.sitting import Refusal, RefusedError
from hitrate.vocabulary import Metric
from tests.unit.trials.test_agreement import tried

NBSP = "\u00a0"


def run(*failed: str) -> TestRun:
    return TestRun(Outcome.FAILED if failed else Outcome.PASSED, 0, 1.0, 1.0, tests=5, failed=failed)


def series(
    pairs: int = 4,
    stop: Stop = Stop.PRECISE,
    metric: Metric = Metric.CPU,
    spoiled: tuple[Pair, ...] = (),
) -> Series:
    return Series((Pair(run(), run()),) * pairs, metric, None, None, stop, spoiled)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (series(), ()),
        (series(stop=Stop.LAST_LOOK), ()),
        (series(metric=Metric.WALL), ("Wall time decides, since the saved time is waiting.",)),
        (
            series(stop=Stop.FUTILE),
            ("The trial ended after 4 pairs: their times scatter too much to show the promised saving.",),
        ),
        (series(stop=Stop.BUDGET), ("The time budget ended the trial after 4 pairs.",)),
        (
            series(pairs=1, stop=Stop.BUDGET),
            ("The time budget ended the trial after 1 pair.", "One pair has no interval."),
        ),
        (
            series(spoiled=(Pair(run("d", "a"), run("b")), Pair(run(), run("c", "a")))),
            ("2 pairs not counted: the tests ended differently (a, b, c).",),
        ),
        (series(spoiled=(Pair(run(), run()),)), ("1 pair not counted: the tests ended differently.",)),
    ],
)
def test_how_the_pairs_went(given: Series, told: tuple[str, ...]) -> None:
    assert of_series(given) == told


@pytest.mark.parametrize("refusal", Refusal)
def test_why_runs_are_processes_is_one_sentence_that_names_what_is_known(refusal: Refusal) -> None:
    said = of_refusal(RefusedError(refusal, "test_x"))
    assert said.startswith("Each run of the trial is a process of its own: ")
    assert said.endswith(".")
    named = {Refusal.FAILED, Refusal.PLUGIN, Refusal.HELD}
    assert ("test_x" in said) is (refusal in named)
    assert ("one of them" in of_refusal(RefusedError(refusal))) is (refusal in named)


def evidence(name: str, **fields: object) -> Evidence:
    given: dict[str, object] = {
        "calls": 100, "hits": 90, "misses": 10, "saved_seconds": 2.0, "mean_call_seconds": 1e-3,
    }  # fmt: skip
    return Evidence(Function("a.py", name, 1), maxsize=128, **(given | fields))  # type: ignore[arg-type]


def test_a_trial_that_agrees_is_not_told() -> None:
    assert of_agreement(tried(low=1.0, likely=2.0, high=3.0, promised=2.0), [evidence("f")]) == ()


def test_a_trial_that_shows_more_says_how_much() -> None:
    (told,) = of_agreement(tried(low=3.0, likely=4.0, high=5.0, promised=2.0), [evidence("f")])
    assert told == (
        f"The trial shows a saving of 4.0{NBSP}s a run (3.0{NBSP}s to 5.0{NBSP}s), more than the 2.0{NBSP}s "
        "that the recorded calls promise."
    )


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([evidence("f")], ""),
        (
            [evidence("f", only_counted=90)],
            " The reason may be that most calls of f were counted, not timed.",
        ),
        (
            [evidence("f", mean_call_seconds=1e-7), evidence("g", mean_call_seconds=1e-7)],
            " The reason may be that calls of f and g are so short that recording them takes as long.",
        ),
        (
            [evidence("f", together=Together(90, 10, 0.1))],
            " The reason may be that calls of f lie within other calls that a cache answers.",
        ),
        (
            [evidence("f", hit_rate_within_test=0.1)],
            " The reason may be that f repeats calls of other tests.",
        ),
        (
            [evidence("f", hit_rate_within_test=0.1), evidence("g", hit_rate_within_test=0.1)],
            " The reason may be that f and g repeat calls of other tests.",
        ),
    ],
)
def test_a_trial_that_shows_less_says_why_that_may_be(items: list[Evidence], why: str) -> None:
    (told,) = of_agreement(tried(low=0.5, likely=1.0, high=1.5, promised=2.0), items)
    assert told == (
        f"The trial shows a saving of 1.0{NBSP}s a run (500{NBSP}ms to 1.5{NBSP}s), less than the "
        f"2.0{NBSP}s that "
        f"the recorded calls promise; the smaller is claimed.{why}"
    )

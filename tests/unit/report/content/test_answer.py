import pytest

from hitrate.report.annotations import commands
from hitrate.report.content.answer import NOTHING_TO_DO, answer, has_news, not_measured, state
from hitrate.report.content.ranking import Rank, rank, ranked
from hitrate.report.model import ChangeReport, FunctionReport, GateReport, HazardReport, Report, SuiteReport
from hitrate.vocabulary import GateVerdict, HazardKind, Metric, Verdict
from hitrate.wording.figures import NBSP
from tests.unit import reports

TWO_WINS = reports.report(
    [reports.win(), reports.second_win(), reports.not_worth_it()], trial=reports.trial()
)


def left_out(*failing: str) -> SuiteReport:
    return reports.suite(passed=False, failing_tests=failing, failing_left_out=True)


def first(report: Report) -> str:
    return answer(report)[0].replace(NBSP, " ")


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (
            reports.one_win(),
            ("1 of 2 changed functions is worth caching, `parse_rate`: "
            "the 3 tests that call it get 1.38× faster (95 % CI 1.31–1.45)."),
        ),
        (
            TWO_WINS,
            ("2 of 3 changed functions are worth caching: "
            "the 95 tests that call them get 1.38× faster (95 % CI 1.31–1.45)."),
        ),
        (
            reports.report([reports.win()], trial=reports.trial(tests_selected=None)),
            "`parse_rate` is worth caching: the tests get 1.38× faster (95 % CI 1.31–1.45).",
        ),
        (
            reports.report(
                [reports.win()], trial=reports.trial(), suite=reports.suite(workload="python bench.py")
            ),
            "`parse_rate` is worth caching: the workload gets 1.38× faster (95 % CI 1.31–1.45).",
        ),
        (
            reports.report([reports.win()]),
            ("`parse_rate` is worth caching: "
            "a saving of 9.4 s of 41 s CPU time is predicted, and no trial was made."),
        ),
        (
            reports.report([reports.win(together=None)]),
            "`parse_rate` is worth caching: what it saves was not measured.",
        ),
        (
            reports.quick(),
            ("1 of 2 changed functions is worth caching, `parse_rate`: "
            "the tests ran 1.31× faster in a single pair of runs, which gives no interval."),
        ),
        (
            reports.unclear(),
            ("`parse_rate` is worth caching by hit rate, "
            "but the 95 tests that call it showed no clear difference (1.01×, 95 % CI 0.98–1.04)."),
        ),
        (
            reports.report([reports.win()], trial=reports.trial(speedup=0.9, low=0.86, high=0.94)),
            ("`parse_rate` is worth caching by hit rate, "
            "but the 95 tests that call it get slower, 0.90× as fast (95 % CI 0.86–0.94)."),
        ),
        (
            reports.report([reports.tempting(), reports.win()], trial=reports.trial()),
            ("1 of 2 changed functions is worth caching, `parse_rate`: "
            "the 95 tests that call it get 1.38× faster (95 % CI 1.31–1.45)."),
        ),
        (
            reports.report([reports.tempting(qualname="a"), reports.tempting(qualname="b")]),
            "None of the 2 changed functions is worth caching.",
        ),
        (
            reports.report([reports.doubted()]),
            "The cache on `rate_of_today` may be wrong: it reads the clock.",
        ),
        (
            reports.report([reports.win(hit_rate_within_test=0.3)], trial=reports.trial(tests_selected=3)),
            ("`parse_rate` is worth caching: the 3 tests that call it get 1.38× faster (95 % CI 1.31–1.45); "
            "most hits come from different tests that repeat each other."),
        ),
        (
            reports.report([reports.win(hit_rate_within_test=0.3), reports.second_win()]),
            ("2 of 2 changed functions are worth caching: a saving of 13 s of 41 s CPU time is predicted, "
            "and no trial was made; "
            "most hits of `parse_rate` come from different tests that repeat each other."),
        ),
        (
            reports.report(
                [reports.win(hit_rate_within_test=0.3)],
                trial=reports.trial(), suite=reports.suite(workload="python bench.py"),
            ),
            "`parse_rate` is worth caching: the workload gets 1.38× faster (95 % CI 1.31–1.45).",
        ),
        (
            reports.mixed(),
            "The cache on `Cart.lines` is wrong: what it returns is changed afterwards.",
        ),
        (
            reports.report([reports.existing(Verdict.DROP)]),
            "The cache on `request_id` does not earn its keep: its hit rate is below 20 %.",
        ),
        (reports.report([reports.existing(Verdict.KEEP)]), "The cache on `country_of` earns its keep."),
        (reports.nothing(), "None of the 2 changed functions is worth caching."),
        (
            reports.report([reports.not_worth_it()]),
            "`slug` is not worth caching: its hit rate is below 20 %.",
        ),
        (reports.no_functions(), "No function to look at was changed, so there is nothing to cache."),
        (
            reports.report([reports.inconclusive()]),
            "`Order.weight` could not be decided: the tests never call it.",
        ),
        (reports.broken_suite(), "Nothing was measured: 2 tests already fail without any change."),
        (
            reports.report([], suite=reports.suite(passed=False)),
            "Nothing was measured: the test command already fails without any change.",
        ),
        (
            reports.report([reports.not_worth_it()], suite=left_out("test_a.py::test")),
            "1 test already fails without any change and was left out: `test_a.py::test`.",
        ),
        (
            reports.report([reports.not_worth_it()], suite=left_out("test_a.py::test", "test_b.py")),
            "2 tests already fail without any change and were left out: `test_a.py::test` and `test_b.py`.",
        ),
        (
            reports.report([reports.not_worth_it()], suite=left_out("test_b.py")),
            "1 test file already fails without any change and was left out: `test_b.py`.",
        ),
        (
            reports.slower(),
            "1 test fails only with the caches: `tests/test_rates.py::test_patched`.",
        ),
        (
            reports.report(
                [reports.not_worth_it(), reports.ineligible()],
                change=ChangeReport(repository=None, base=None, head=None),
            ),
            "None of the 2 functions is worth caching.",
        ),
    ],
)  # fmt: skip
def test_the_first_sentence_is_the_answer(report: Report, sentence: str) -> None:
    assert first(report) == sentence


def test_no_more_is_said_to_be_saved_than_there_is() -> None:
    greedy = [reports.win(together=reports.together(8740, 380, 30)) for _ in range(2)]
    assert "a saving of 41 s of 41 s CPU time is predicted" in first(reports.report(greedy))


def test_a_saving_of_waiting_is_one_of_wall_time() -> None:
    both = [reports.win(), reports.win(metric=Metric.WALL)]
    told = "a saving of 9.4 s of 41 s CPU time and 9.4 s of 44 s wall time is predicted"
    assert told in first(reports.report(both))


def test_worst_news_come_first() -> None:
    report = reports.report([*reports.mixed().functions, reports.doubted()])
    assert [rank(function) for function in ranked(report)] == [
        Rank.WRONG, Rank.DROP, Rank.RESIZE, Rank.DOUBTED, Rank.CACHE, Rank.CACHE,
        Rank.INCONCLUSIVE, Rank.UNSAFE, Rank.KEEP, Rank.NOT_WORTH_IT, Rank.INELIGIBLE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "news"),
    [
        (reports.wrong(), True),
        (reports.existing(Verdict.DROP), True),
        (reports.existing(Verdict.RESIZE), True),
        (reports.doubted(), True),
        (reports.win(), True),
        (reports.tempting(), False),
        (reports.doubted(doubted=False), False),
        (reports.inconclusive(doubted=True), False),
        (reports.inconclusive(), False),
        (reports.existing(Verdict.KEEP), False),
        (reports.not_worth_it(), False),
        (reports.ineligible(), False),
    ],
    ids=lambda value: f"{value.kind}-{value.verdict}" if isinstance(value, FunctionReport) else "",
)
def test_only_what_asks_something_is_news(function: FunctionReport, news: bool) -> None:
    report = reports.report([function])
    assert has_news(report) is news
    assert (state(report) != "nothing to do") is news
    assert bool(commands(report)) is news


@pytest.mark.parametrize(
    ("name", "news"),
    [
        ("one-win", True), ("mixed", True), ("nothing", False), ("no-functions", False), ("many-50", True),
        ("quick", True), ("slower", False), ("cut-short", False), ("acknowledged", True),
    ],
)  # fmt: skip
def test_news(name: str, news: bool) -> None:
    assert has_news(reports.STATES[name]()) is news


@pytest.mark.parametrize("name", reports.STATES)
def test_a_heading_says_nothing_to_do_only_where_there_is_no_news(name: str) -> None:
    report = reports.STATES[name]()
    assert not (has_news(report) and state(report) == NOTHING_TO_DO)


@pytest.mark.parametrize(
    ("functions", "heading"),
    [
        ([reports.wrong()], "a cache is wrong"),
        ([reports.wrong(), reports.wrong()], "2 caches are wrong"),
        ([reports.wrong(), reports.win()], "1 cache wrong and 1 function worth caching"),
        ([reports.existing(Verdict.DROP), reports.doubted()], "1 cache to drop and 1 in doubt"),
        (
            [
                reports.wrong(),
                reports.wrong(),
                reports.existing(Verdict.RESIZE),
                reports.win(),
                reports.win(),
            ],
            "2 caches wrong, 1 to resize and 2 functions worth caching",
        ),
        (
            [
                reports.wrong(),
                reports.doubted(),
                reports.win(),
                *map(reports.existing, (Verdict.DROP, Verdict.RESIZE)),
            ],
            "1 cache wrong, 1 to drop, 1 to resize, 1 in doubt and 1 function worth caching",
        ),
    ],
)
def test_a_heading_counts_what_there_is(functions: list[FunctionReport], heading: str) -> None:
    assert state(reports.report(functions)) == heading


def test_what_cannot_carry_a_cache_is_not_said_to_be_not_worth_one() -> None:
    one, other = reports.ineligible(), reports.ineligible(qualname="Client.send")
    assert first(reports.report([one])).startswith(
        "`Client.fetch` cannot carry a cache: a coroutine function"
    )
    assert first(reports.report([one, other])) == "None of the 2 changed functions can carry a cache."
    assert first(reports.report([one, reports.not_worth_it()])).endswith("is worth caching.")


def failing_tests(*functions: FunctionReport, gate: GateReport) -> Report:
    return reports.report(
        functions, suite=reports.suite(passed=False, failing_tests=("test_a.py::test",)), gate=gate
    )


def test_tests_that_were_left_out_do_not_hide_what_the_others_tell() -> None:
    report = reports.report([reports.win()], suite=left_out("test_a.py::test"))
    assert not not_measured(report)
    assert (state(report), has_news(report)) == ("a function is worth caching", True)
    quiet = reports.report([reports.not_worth_it()], suite=left_out("test_a.py::test"))
    assert (state(quiet), has_news(quiet)) == ("a test already fails", False)
    several = reports.report([reports.not_worth_it()], suite=left_out("test_a.py::test", "test_b.py"))
    assert state(several) == "tests already fail"


UNDECIDED = reports.inconclusive(calls=None, reason="The tests fail without any change")


@pytest.mark.parametrize(
    "silent",
    [
        failing_tests(UNDECIDED, gate=reports.undecided()),
        failing_tests(UNDECIDED, gate=GateReport(verdict=GateVerdict.PASS)),
        reports.report([UNDECIDED], suite=reports.suite(passed=False), gate=reports.undecided()),
        reports.report([reports.not_worth_it()], gate=reports.undecided()),
        reports.report([reports.inconclusive()], suite=reports.suite(broken_off="the tests were stopped")),
        reports.report([reports.tempting()], trial=reports.trial(broken_tests=("test_a.py::test",))),
    ],
)
def test_what_is_not_known_or_fails_by_itself_is_no_news(silent: Report) -> None:
    assert not has_news(silent)


@pytest.mark.parametrize(
    "loud",
    [
        reports.report([reports.not_worth_it()], gate=reports.failing()),
        reports.broken_suite(),
        reports.report([reports.win()], suite=reports.suite(broken_off="the tests were stopped")),
        reports.report([reports.doubted()], trial=reports.trial(broken_tests=("test_a.py::test",))),
    ],
)
def test_a_failed_gate_and_what_was_found_all_the_same_are_news(loud: Report) -> None:
    assert has_news(loud)


def test_beside_news_nothing_is_said_of_what_asks_nothing() -> None:
    others = [reports.not_worth_it(), reports.inconclusive()]
    assert len(answer(reports.report([reports.wrong(), *others]))) == 1
    assert len(answer(reports.report([reports.wrong(), reports.not_worth_it()]))) == 1
    assert len(answer(reports.report([reports.wrong(), reports.win(), *others]))) == 2
    assert "could not be decided" in answer(reports.report(others))[0]


def test_tests_that_a_function_is_blamed_for_are_not_told_twice() -> None:
    tests = ("test_a.py::test_one", "test_a.py::test_two")
    hazard = HazardReport(
        kind=HazardKind.BROKEN, test=tests[0], key=None, detail=f"{tests[0]} and 1 more fail"
    )
    blamed = reports.tempting(hazards=(hazard,))
    told = reports.report([blamed], trial=reports.trial(broken_tests=tests))
    assert state(told) == NOTHING_TO_DO
    assert not any("only with the caches" in sentence for sentence in answer(told))
    unexplained = reports.report([reports.inconclusive()], trial=reports.trial(broken_tests=tests))
    assert "2 tests fail only with the caches" in " ".join(answer(unexplained))


def test_a_trial_that_could_not_have_shown_the_gain_is_not_said_to_contradict_it() -> None:
    noisy = reports.trial(
        speedup=0.9, low=0.4, high=2.1, detectable=0.6, predicted_saving_seconds=1.0, seconds_without=4.0
    )
    told = first(reports.report([reports.win()], trial=noisy))
    assert "the time of the 95 tests that call it scattered too much to tell (0.90×" in told
    precise = noisy.model_copy(update={"detectable": 0.1})
    assert "showed no clear difference" in first(reports.report([reports.win()], trial=precise))


def test_a_command_that_names_no_failing_test_is_not_told_to_mend_tests() -> None:
    told = answer(reports.report([], suite=reports.suite(passed=False)))
    assert told[1:] == ["It names no test that fails; its last lines in the log say what is wrong."]
    assert "Only passing tests" in answer(reports.broken_suite())[1]

"""The answer of a report in sentences: what to do, worst news first, and what it gains.

Sentences mark code with backticks and are otherwise plain; each renderer escapes them for its own place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hitrate.report.content.ranking import NEWS, Rank, having
from hitrate.report.content.row import share_saved, why
from hitrate.report.model import FunctionReport, Report, TrialReport
from hitrate.vocabulary import GateVerdict, Kind, Metric, Verdict
from hitrate.wording.figures import NBSP, UNKNOWN, listed, some, times, verb
from hitrate.wording.text import quoted

NOTHING_TO_DO = "nothing to do"
NAMED = 3
"""Names in one sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence without its full stop, and the reason that it gives where there is room."""

    text: str
    reason: str = ""


def answer(report: Report) -> list[str]:
    """The answer in sentences, worst news first; the first one can stand alone and gives its reason."""
    first, *others = _statements(report)
    reason = f": {first.reason}" if first.reason else ""
    return [f"{first.text}{reason}.", *(f"{statement.text}." for statement in others)]


def state(report: Report) -> str:
    """The state in a few words that end a heading, worst news first."""
    if not_measured(report):
        return "the tests already fail" if report.suite.failing_tests else "the test command already fails"
    found = {rank: len(functions) for rank in _STATES if (functions := having(report, rank))}
    told = list(_alone(found) if len(found) == 1 else _together(found))
    if not told and _unexplained(report):
        told = ["tests fail with the caches"]
    if not told and report.suite.broken_off:
        told = ["not everything was measured"]
    if not told and report.suite.failing_left_out:
        told = [verb(report.suite.failing_tests, "a test already fails", "tests already fail")]
    if not told and report.gate.verdict is GateVerdict.FAIL:
        told = ["the gate fails"]
    return listed(told, len(told)) or NOTHING_TO_DO


_STATES = {
    Rank.WRONG: ("a cache is wrong", "{} caches are wrong", "wrong"),
    Rank.DROP: ("a cache does not earn its keep", "{} caches do not earn their keep", "to drop"),
    Rank.RESIZE: ("a cache has the wrong size", "{} caches have the wrong size", "to resize"),
    Rank.DOUBTED: ("a cache may be wrong", "{} caches may be wrong", "in doubt"),
    Rank.CACHE: ("a function is worth caching", "{} functions are worth caching", "worth caching"),
}
"""One of a kind and several, where there is one kind only; one kind among others."""


def _alone(found: Mapping[Rank, int]) -> Iterator[str]:
    for rank, number in found.items():
        one, many, _ = _STATES[rank]
        yield one if number == 1 else many.format(f"{number:,}")


def _together(found: Mapping[Rank, int]) -> Iterator[str]:
    """``1 cache wrong``, ``2 to drop``, ``1 function worth caching``: the noun where it changes."""
    said = ""
    for rank, number in found.items():
        noun = "function" if rank is Rank.CACHE else "cache"
        counted = f"{number:,}" if noun == said else some(number, noun)
        yield f"{counted} {_STATES[rank][-1]}"
        said = noun


def has_news(report: Report) -> bool:
    """Whether a reader is asked for something: a cache to change or to look into, a function worth one.

    A gate that fails is one more reason. That a function without a cache must not be given one is no news,
    nor is what was not measured: tests that fail show up red on their own, and where nothing is known nothing
    can be asked.
    """
    return bool(having(report, *NEWS)) or report.gate.verdict is GateVerdict.FAIL


def noun_of_tests(failing: Sequence[str]) -> str:
    """What they are: tests, or files of them that cannot be imported."""
    return "test" if any("::" in name for name in failing) else "test file"


def not_measured(report: Report) -> bool:
    """Whether the tests fail without any change, so that nothing could be measured."""
    suite = report.suite
    return not suite.failing_left_out and (suite.passed is False or bool(suite.failing_tests))


def _statements(report: Report) -> Iterator[_Statement]:
    if not_measured(report):
        yield from _broken_suite(report.suite.failing_tests)
    elif not report.functions:
        yield _Statement("No function to look at was changed, so there is nothing to cache")
    else:
        if report.suite.failing_left_out:
            yield _left_out(report.suite.failing_tests)
        if report.suite.broken_off:
            yield _Statement(report.suite.broken_off)
        yield from _bad_news(report)
        yield from _gains(report)
        yield from _unfinished(report)
        if accepted := having(report, Rank.ACKNOWLEDGED):
            found = _name(accepted[0]) if len(accepted) == 1 else f"{len(accepted):,} functions"
            yield _Statement(f"What was found about {found} is acknowledged")


def _broken_suite(failing: Sequence[str]) -> Iterator[_Statement]:
    tests = some(len(failing), "test") if failing else "the test command"
    fails = "fail" if len(failing) > 1 else "fails"
    yield _Statement(f"Nothing was measured: {tests} already {fails} without any change")
    if failing:
        safe = "Only passing tests can tell a safe cache from a wrong one"
        yield _Statement(f"{safe}; failing: {_tests(failing)}")
    else:  # the command itself may be wrong, and its output tells more than its exit code
        yield _Statement("It names no test that fails; its last lines in the log say what is wrong")


def _left_out(failing: Sequence[str]) -> _Statement:
    fails, was = verb(failing, "fails", "fail"), verb(failing, "was", "were")
    tests = some(len(failing), noun_of_tests(failing))
    return _Statement(f"{tests} already {fails} without any change and {was} left out: {_tests(failing)}")


def _bad_news(report: Report) -> Iterator[_Statement]:
    for group, one, many in (
        (Rank.WRONG, "The cache on {} is wrong", "{} caches are wrong"),
        (Rank.DROP, "The cache on {} does not earn its keep", "{} caches do not earn their keep"),
        (Rank.RESIZE, "The cache on {} has the wrong size", "{} caches have the wrong size"),
        (Rank.DOUBTED, "The cache on {} may be wrong", "{} caches may be wrong"),
    ):
        functions = having(report, group)
        if len(functions) == 1:
            yield _Statement(one.format(_name(functions[0])), why(functions[0]))
        elif functions:
            yield _Statement(f"{many.format(len(functions))}: {_names(functions)}")


def _gains(report: Report) -> Iterator[_Statement]:
    wins = having(report, Rank.CACHE)
    accepted = having(report, Rank.ACKNOWLEDGED)
    candidates = [one for one in report.functions if one.kind is Kind.NEW and one not in accepted]
    if wins:
        yield _Statement(f"{_wins(report, wins, candidates)}{_gain(report)}{_repeated(report, wins)}")
    elif candidates and not having(report, Rank.INCONCLUSIVE, *NEWS):
        yield _no_gain(report, candidates)
    kept = having(report, Rank.KEEP)
    if kept and not having(report, *NEWS):
        one = f"The cache on {_name(kept[0])} earns its keep"
        yield _Statement(verb(kept, one, f"{len(kept):,} caches earn their keep"))
    if broken := _unexplained(report):
        fail = verb(broken, "fails", "fail")
        yield _Statement(f"{some(len(broken), 'test')} {fail} only with the caches: {_tests(broken)}")


def _unexplained(report: Report) -> list[str]:
    """Tests that fail only with the caches, where no function is blamed for any of them.

    A hazard names the first of the tests that it broke, and counts the others.
    """
    blamed = {hazard.test for function in report.functions for hazard in function.hazards}
    broken = report.trial.broken_tests if report.trial else ()
    return [] if blamed.intersection(broken) else list(broken)


def _unfinished(report: Report) -> Iterator[_Statement]:
    """What is not known, where nothing is asked of a reader; the table's last line counts it in any case."""
    undecided = [] if having(report, *NEWS) else having(report, Rank.INCONCLUSIVE)
    if len(undecided) == 1:
        yield _Statement(f"{_name(undecided[0])} could not be decided", why(undecided[0]))
    elif undecided:
        yield _Statement(f"{some(len(undecided), 'function')} could not be decided")


def _wins(report: Report, wins: Sequence[FunctionReport], candidates: Sequence[FunctionReport]) -> str:
    worth = "worth caching" if _gain_is_clear(report) else "worth caching by hit rate"
    if len(candidates) == 1:
        return f"{_name(wins[0])} is {worth}"
    which = f", {_name(wins[0])}" if len(wins) == 1 else ""
    return f"{len(wins):,} of {len(candidates):,} {_noun(report)} {verb(wins, 'is', 'are')} {worth}{which}"


def _repeated(report: Report, wins: Sequence[FunctionReport]) -> str:
    """That tests repeat each other, where most hits come from that: production may see few of them."""
    if report.suite.workload is not None:
        return ""
    repeated = [function for function in wins if _comes_from_other_tests(function)]
    if not repeated:
        return ""
    whose = "" if len(repeated) == len(wins) else f" of {_names(repeated)}"
    return f"; most hits{whose} come from different tests that repeat each other"


def _comes_from_other_tests(function: FunctionReport) -> bool:
    rate, within = function.hit_rate, function.hit_rate_within_test
    return rate is not None and within is not None and within < rate / 2


def _no_gain(report: Report, candidates: Sequence[FunctionReport]) -> _Statement:
    possible = [one for one in candidates if one.verdict is not Verdict.INELIGIBLE]
    if len(candidates) == 1:
        what = "is not worth caching" if possible else "cannot carry a cache"
        return _Statement(f"{_name(candidates[0])} {what}", why(candidates[0]))
    what = "is worth caching" if possible else "can carry a cache"
    return _Statement(f"None of the {len(candidates):,} {_noun(report)} {what}")


def _noun(report: Report) -> str:
    return "changed functions" if report.change.base else "functions"


def _gain(report: Report) -> str:
    """What the recommended caches do to the tests or the workload, as the end of a sentence."""
    trial = report.trial
    if trial is None or trial.speedup is None:
        return f": {_predicted_gain(report)}"
    what, get = _measured_thing(report, trial)
    if trial.low is None or trial.high is None:
        runs = "a single pair of runs" if trial.pairs == 1 else some(trial.pairs, "pair") + " of runs"
        return f": {what} ran {faster(trial)} in {runs}, which gives no interval"
    if trial.low <= 1 <= trial.high:
        figures = f"({times(trial.speedup)}, {interval(trial)})"
        if _is_too_noisy(trial):
            return f", but the time of {what} scattered too much to tell {figures}"
        return f", but {what} showed no clear difference {figures}"
    return f"{':' if trial.speedup >= 1 else ', but'} {what} {get} {faster(trial)} ({interval(trial)})"


def _is_too_noisy(trial: TrialReport) -> bool:
    """Whether the trial could not have shown the saving that was predicted."""
    predicted, whole, detectable = trial.predicted_saving_seconds, trial.seconds_without, trial.detectable
    if predicted is None or detectable is None or not whole:
        return False
    return predicted / whole < detectable


def _gain_is_clear(report: Report) -> bool:
    """Whether nothing speaks against the gain: no trial, no interval, or one that lies above 1."""
    low = report.trial.low if report.trial else None
    return low is None or low > 1


def _predicted_gain(report: Report) -> str:
    wins = having(report, Rank.CACHE)
    saved: dict[Metric, float] = {}
    for function in wins:
        if function.together is None or function.together.saved_seconds is None:
            return f"what {verb(wins, 'it saves', 'they save')} was not measured"
        saved[function.metric] = saved.get(function.metric, 0.0) + function.together.saved_seconds
    savings = listed([share_saved(report, seconds, metric) for metric, seconds in saved.items()])
    return f"a saving of {savings} is predicted, and no trial was made"


def _measured_thing(report: Report, trial: TrialReport) -> tuple[str, str]:
    """What the trial ran, and the verb that goes with it."""
    if report.suite.workload is not None:
        return "the workload", "gets"
    if trial.tests_selected is None or trial.tests_selected == report.suite.tests:
        return "the tests", "get"
    it = verb(having(report, Rank.CACHE), "it", "them")
    if trial.tests_selected == 1:
        return f"the test that calls {it}", "gets"
    return f"the {trial.tests_selected:,} tests that call {it}", "get"


def faster(trial: TrialReport) -> str:
    """The trial's speedup in words: ``1.38× faster``, ``slower, 0.90× as fast``."""
    speedup = trial.speedup or 1.0
    suffix = " in wall time" if trial.metric is Metric.WALL else ""
    return f"{times(speedup)} faster{suffix}" if speedup >= 1 else f"slower{suffix}, {times(speedup)} as fast"


def interval(trial: TrialReport) -> str:
    """The trial's interval: ``95 % CI 1.31–1.45``."""
    name = "CI" if trial.confidence is None else f"{trial.confidence * 100:.3g}{NBSP}% CI"
    if trial.low is None or trial.high is None:
        return f"{name} {UNKNOWN}"
    return f"{name} {trial.low:.2f}–{trial.high:.2f}"


def _tests(tests: Sequence[str]) -> str:
    return listed([*(quoted(test, 120) for test in tests[:NAMED]), *tests[NAMED:]], NAMED)


def _names(functions: Sequence[FunctionReport]) -> str:
    return listed([*map(_name, functions[:NAMED]), *(one.qualname for one in functions[NAMED:])], NAMED)


def _name(function: FunctionReport) -> str:
    return quoted(function.qualname, 60)

"""The answer of a report in sentences: what to do, worst news first, and what it gains.

Sentences mark code with backticks and are otherwise plain; each renderer escapes them for its own place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hitrate.evidence import Metric
from hitrate.functions import Kind
from hitrate.report.escape import clip, quoted
from hitrate.report.figures import NBSP, UNKNOWN, entries, fine_percent, listed, seconds, some, times, verb
from hitrate.report.model import FunctionReport, GateVerdict, Report, TrialReport
from hitrate.report.ranking import NEWS, Rank, having

REASON_LIMIT = 160


def advised_size(function: FunctionReport) -> str:
    """The recommended size, ``–`` where none is advised or known."""
    if function.recommended_maxsize is None and function.suggestion is None:
        return UNKNOWN
    return entries(function.recommended_maxsize)


def has_news(report: Report) -> bool:
    """Whether there is a change to make, a failed gate or a test that breaks."""
    return bool(
        having(report, *NEWS)
        or report.suite.failing_tests
        or (report.trial and report.trial.broken_tests)
        or report.gate.verdict is GateVerdict.FAIL
    )


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


def _statements(report: Report) -> Iterator[_Statement]:
    if report.suite.failing_tests:
        yield from _broken_suite(report.suite.failing_tests)
    elif not report.functions:
        yield _Statement("No Python function was changed, so there is nothing to cache")
    else:
        yield from _bad_news(report)
        yield from _gains(report)
        yield from _unfinished(report)


def _broken_suite(failing: Sequence[str]) -> Iterator[_Statement]:
    tests = some(len(failing), "test")
    yield _Statement(
        f"Nothing was measured: {tests} already {verb(failing, 'fails', 'fail')} without any change"
    )
    yield _Statement(f"Only passing tests can tell a safe cache from a wrong one. Failing: {_tests(failing)}")


def _bad_news(report: Report) -> Iterator[_Statement]:
    for group, one, many in (
        (Rank.WRONG, "The cache on {} is wrong", "{} caches are wrong"),
        (Rank.TEMPTING, "{} must not be cached", "{} functions must not be cached"),
        (Rank.DROP, "The cache on {} does not earn its keep", "{} caches do not earn their keep"),
        (Rank.RESIZE, "The cache on {} has the wrong size", "{} caches have the wrong size"),
    ):
        functions = having(report, group)
        if len(functions) == 1:
            yield _Statement(one.format(_name(functions[0])), _clause(functions[0].reason))
        elif functions:
            names = listed([_name(function) for function in functions])
            yield _Statement(f"{many.format(len(functions))}: {names}")


def _gains(report: Report) -> Iterator[_Statement]:
    wins = having(report, Rank.CACHE)
    candidates = [function for function in report.functions if function.kind is Kind.NEW]
    if wins:
        yield _Statement(f"{_share(report, wins, candidates)}{gain(report)}")
    elif candidates and not having(report, Rank.TEMPTING, Rank.INCONCLUSIVE):
        yield _Statement(f"{_none_of(report, candidates)} worth caching", _only_reason(candidates))
    if kept := having(report, Rank.KEEP):
        one = f"The cache on {_name(kept[0])} earns its keep"
        yield _Statement(verb(kept, one, f"{len(kept):,} caches earn their keep"))
    if report.trial and (broken := report.trial.broken_tests):
        fail = verb(broken, "fails", "fail")
        yield _Statement(f"{some(len(broken), 'test')} {fail} only with the caches: {_tests(broken)}")


def _only_reason(functions: Sequence[FunctionReport]) -> str:
    return _clause(functions[0].reason) if len(functions) == 1 else ""


def _unfinished(report: Report) -> Iterator[_Statement]:
    undecided = having(report, Rank.INCONCLUSIVE)
    if len(undecided) == 1:
        yield _Statement(f"{_name(undecided[0])} could not be decided", _clause(undecided[0].reason))
    elif undecided:
        yield _Statement(f"{some(len(undecided), 'function')} could not be decided")


def _share(report: Report, wins: Sequence[FunctionReport], candidates: Sequence[FunctionReport]) -> str:
    seems = "" if _gain_is_clear(report) else " by its hit rate"
    if len(candidates) == 1:
        return f"{_name(wins[0])} is worth caching{seems}"
    which = f", {_name(wins[0])}" if len(wins) == 1 else ""
    are = verb(wins, "is", "are")
    return f"{len(wins):,} of {len(candidates):,} {_noun(report)} {are} worth caching{seems}{which}"


def _none_of(report: Report, candidates: Sequence[FunctionReport]) -> str:
    if len(candidates) == 1:
        return f"{_name(candidates[0])} is not"
    return f"None of the {len(candidates):,} {_noun(report)} is"


def _noun(report: Report) -> str:
    return "changed functions" if report.change.base else "functions"


def gain(report: Report) -> str:
    """What the recommended caches do to the tests or the workload, as the end of a sentence."""
    trial = report.trial
    if trial is None or trial.speedup is None:
        return f": {_predicted_gain(report)}"
    what, get = _measured_thing(report, trial)
    if trial.low is None or trial.high is None:
        runs = "a single pair of runs" if trial.pairs == 1 else some(trial.pairs, "pair") + " of runs"
        return f": {what} ran {faster(trial)} in {runs}, which gives no interval"
    interval = f"{confidence(trial)} {trial.low:.2f}–{trial.high:.2f}"
    if trial.low <= 1 <= trial.high:
        return f", but {what} showed no clear difference ({times(trial.speedup)}, {interval})"
    return f"{':' if trial.speedup >= 1 else ', but'} {what} {get} {faster(trial)} ({interval})"


def _gain_is_clear(report: Report) -> bool:
    """Whether nothing speaks against the gain: no trial, no interval, or one that lies above 1."""
    low = report.trial.low if report.trial else None
    return low is None or low > 1


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
    """The trial's speedup in words: ``1.38× faster``, ``1.05× slower``."""
    speedup = trial.speedup or 1.0
    suffix = " in wall time" if trial.metric is Metric.WALL else ""
    return f"{times(speedup)} faster{suffix}" if speedup >= 1 else f"{times(1 / speedup)} slower{suffix}"


def confidence(trial: TrialReport) -> str:
    """The name of the trial's interval: ``95 % CI``."""
    return "CI" if trial.confidence is None else f"{trial.confidence * 100:.3g}{NBSP}% CI"


def _predicted_gain(report: Report) -> str:
    saved = [
        function.together.saved_seconds if function.together else None
        for function in having(report, Rank.CACHE)
    ]
    known = [amount for amount in saved if amount is not None]
    if len(known) < len(saved):
        return "what they save was not measured"
    return f"a saving of {share_saved(report, sum(known))} is predicted, no trial was made"


def share_saved(report: Report, saved: float | None) -> str:
    """Time saved and its share of the CPU time: ``9.9 s of 41 s``."""
    if saved is None:
        return UNKNOWN
    total = report.suite.cpu_seconds
    return seconds(saved) if not total else f"{seconds(saved)} of {seconds(total)} CPU time"


def _tests(tests: Sequence[str]) -> str:
    return listed([quoted(test, 120) for test in tests])


def _name(function: FunctionReport) -> str:
    return quoted(function.qualname, 60)


def _clause(sentence: str) -> str:
    """A reason as the end of another sentence."""
    clause = clip(sentence.strip(), REASON_LIMIT).rstrip(".")
    return clause[:1].lower() + clause[1:] if re.match(r"[A-Z][a-z]* [a-z]", clause) else clause

"""What was measured, and how, as sentences; facts that are not known are left out.

Sentences mark code with backticks and are otherwise plain; each renderer escapes them for its own place.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from hitrate.report.content.answer import NAMED, interval, not_measured
from hitrate.report.content.ranking import Rank, having, label, rank, ranked
from hitrate.report.content.row import own_share_saved, seconds_without
from hitrate.report.model import FunctionReport, MemoryReport, Report, RuleReport, TrialReport
from hitrate.vocabulary import GateRule, GateVerdict, Kind, Metric, Verdict
from hitrate.wording.figures import (
    count,
    entries,
    fine_percent,
    listed,
    percent,
    seconds,
    size,
    some,
    times,
    verb,
)
from hitrate.wording.prose import clause, sentence
from hitrate.wording.text import plain, quoted

REMARKS = 20
"""Remarks that a page or a terminal shows of one function; Hitrate makes a few."""


def evidence(report: Report, function: FunctionReport) -> Iterator[str]:
    """What was measured about a function, one sentence a fact; unknown facts are left out."""
    yield from _calls(function)
    yield from _rates(function)
    yield from _durations(report, function)
    if function.together is not None and _differs(function):
        with_others, saved = function.together, function.together.saved_seconds
        gain = "" if saved is None else f", saving {own_share_saved(report, function, saved)}"
        yield f"With the other recommended caches in place it hits {percent(with_others.hit_rate)}{gain}."
    if function.memory_bytes is not None:
        yield f"A full cache holds about {size(function.memory_bytes)}."
    if function.trial is not None and function.trial.speedup is not None:
        yield f"Cached alone: {_solo(function.trial)}."
    yield from remarks(function)
    if function.tests:
        named = [quoted(test, 120) for test in function.tests[: NAMED + 1]]
        others = " among others" if len(named) > NAMED else ""
        yield f"Called by {listed(named[:NAMED])}{others}."


def remarks(function: FunctionReport) -> Iterator[str]:
    """What else is to be said, as sentences; nothing that its reason says already."""
    for remark in function.remarks[:REMARKS]:
        if clause(remark) not in function.reason:
            yield sentence(remark)


def _calls(function: FunctionReport) -> Iterator[str]:
    if function.calls is None:
        return
    keys = "" if function.distinct_keys is None else f" with {some(function.distinct_keys, 'different key')}"
    refused = f", {count(function.unhashable)} of them unhashable" if function.unhashable else ""
    yield f"{some(function.calls, 'call')}{keys}{refused}."


def _rates(function: FunctionReport) -> Iterator[str]:
    if function.hits is None or function.misses is None:
        return
    yield (
        f"{some(function.hits, 'hit')} and {some(function.misses, 'miss', 'misses')} at maxsize "
        f"{entries(function.maxsize)}: hit rate {percent(function.hit_rate)}{_nested(function)}."
    )
    within = function.hit_rate_within_test
    if within is None or function.hit_rate is None:
        return
    across = "; the rest is tests that repeat each other" if within < function.hit_rate - 0.01 else ""
    yield f"If each test began with an empty cache, it would hit {percent(within)}{across}."


def _nested(function: FunctionReport) -> str:
    """Why there are fewer lookups than calls, where a function calls itself."""
    lookups = (function.hits or 0) + (function.misses or 0)
    fewer = lookups < (function.calls or 0) - (function.unhashable or 0)
    return "; calls made within a call that hits would not happen" if fewer else ""


def _durations(report: Report, function: FunctionReport) -> Iterator[str]:
    duration, saved = function.mean_call_seconds, function.saved_seconds
    if duration is not None:
        cached = ""
        if function.speedup is not None:
            ratio = _call_speedup(function.speedup)
            cached = f", {seconds(duration / function.speedup)} with the cache ({ratio})"
        yield f"A call takes {seconds(duration)} on average{cached}."
    if saved is not None:
        of_what = own_share_saved(report, function, saved)
        yield f"{_effect(function, saved)} {of_what}{_share(report, function, saved)}."


def _effect(function: FunctionReport, saved: float) -> str:
    if function.kind is Kind.EXISTING:
        return "The cache saves" if saved >= 0 else "The cache costs"
    return "A cache would save" if saved >= 0 else "A cache would cost"


def _share(report: Report, function: FunctionReport, saved: float) -> str:
    total = seconds_without(report, function, saved)
    return f" ({percent(min(abs(saved) / total, 1.0))})" if total else ""


def _call_speedup(speedup: float) -> str:
    if times(speedup) == times(1.0):
        return "no faster"
    return f"{times(speedup)} faster" if speedup >= 1 else f"{times(1 / speedup)} slower"


def _solo(trial: TrialReport) -> str:
    facts = [some(trial.pairs, "pair")]
    if trial.low is not None and trial.high is not None:
        facts.append(interval(trial))
    return f"speedup {times(trial.speedup)} ({', '.join(facts)})"


def _differs(function: FunctionReport) -> bool:
    """Whether the figures with the other caches are worth telling apart from those alone."""
    alone, together = function, function.together
    if together is None or together.hit_rate is None or alone.hit_rate is None:
        return False
    saved = (alone.saved_seconds or 0.0, together.saved_seconds or 0.0)
    return abs(alone.hit_rate - together.hit_rate) > 0.01 or abs(saved[0] - saved[1]) > 0.1 * abs(saved[0])


def method(report: Report) -> Iterator[str]:
    """How it was measured, one sentence a fact."""
    if report.suite.runs.baseline or report.suite.runs.observed:
        yield from _suite_facts(report)
        yield from _processes(report)
        yield from _trial_facts(report)
    yield from _remembered(report.suite.memory)
    yield f"Hitrate {quoted(report.tool.version, 30)}{_compared(report)}."


def _suite_facts(report: Report) -> Iterator[str]:
    """What was run, what it stands for, and what that cost."""
    suite = report.suite
    about = "about " if suite.estimated else ""
    figures = [
        "" if suite.tests is None else some(suite.tests, "test"),
        "" if suite.cpu_seconds is None else f"{about}{seconds(suite.cpu_seconds)} CPU time",
    ]
    known = ", ".join(figure for figure in figures if figure)
    yield f"Tests: {quoted(suite.command, 200)}{known and f' ({known})'}."
    if suite.workload is not None:
        command = quoted(suite.workload, 200)
        yield f"Workload: {command}. Rates, savings and the trial come from it, safety from the tests."
    elif not not_measured(report):
        yield "The tests were the workload; production may call these functions more often and in other ways."
    if suite.runs.observed and any(one.hit_rate is not None for one in report.functions):
        yield (
            "The hit rate is the share of calls that a cache answers; in the same test it is what is left if "
            "every test begins with an empty cache. Savings are computed from the recorded calls."
        )
    yield f"Effort {suite.effort.value}: {_runs(report)}{_cost(report)}."


def _remembered(memory: MemoryReport | None) -> Iterator[str]:
    """Which tests were run, and what tells that it was enough."""
    if memory is None:
        return
    of = f"memory of {quoted(memory.commit[:12], 20)}, {_age(memory.age_seconds)} old"
    if memory.everything is not None:
        yield f"All {some(memory.tests, 'test')} were run: {plain(memory.everything, 200)}; {of}."
    elif not memory.run:
        yield f"No test was run: none of {some(memory.tests, 'test')} reaches what changed; {of}."
    else:
        yield (
            f"{memory.run:,} of {some(memory.tests, 'test')} were run: those that reach the change; {of}. "
            "Savings are shares of the time that all tests take."
        )


def _age(seconds_: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds_ >= length:
            return some(int(seconds_ // length), unit)
    return "less than a minute"


def _runs(report: Report) -> str:
    runs = report.suite.runs
    parts = [
        some(runs.baseline, "run") + " without caches" if runs.baseline else "",
        some(runs.observed, "run that records", "runs that record") + " calls" if runs.observed else "",
        some(runs.cached, "run") + " with every candidate cached" if runs.cached else "",
        some(runs.trial_pairs, "pair") + " of runs without and with the caches" if runs.trial_pairs else "",
    ]
    return listed([part for part in parts if part], limit=4) or "no run"


def _cost(report: Report) -> str:
    cost = report.suite.suite_equivalents
    if cost is None or not_measured(report):
        return ""
    return f"; all of it took {cost:.1f} times the CPU time of one run of the tests"


def _processes(report: Report) -> Iterator[str]:
    processes = report.suite.processes
    if processes is None or not processes.expected:
        return  # that no process was there is a note
    announced = some(processes.expected, "process", "processes")
    if processes.received == processes.expected:
        yield f"Counts are the sum over {announced}, all of which reported."
    else:
        yield f"Only {processes.received:,} of {announced} reported, so the counts are too low."


def _trial_facts(report: Report) -> Iterator[str]:
    trial = report.trial
    if trial is None or trial.speedup is None:
        return
    metric = "CPU time of the whole process tree" if trial.metric is Metric.CPU else "wall time"
    pairs = f"{some(trial.pairs, 'pair')} of runs"
    if trial.processes is not None:
        count = some(trial.processes, "process", "processes")
        pairs += f"; {count} ran the tests again and again, the caches on and off in turn"
    yield f"The trial compared {metric} without and with real `functools.lru_cache` in {pairs}."
    if trial.seconds_without is not None and trial.seconds_with is not None:
        before, after = seconds(trial.seconds_without), seconds(trial.seconds_with)
        yield f"A run took {before} without and {after} with them."
    if trial.wall_speedup is not None and trial.wall_low is not None and trial.wall_high is not None:
        span = f"{trial.wall_low:.2f}–{trial.wall_high:.2f}"
        yield f"By wall time the speedup is {times(trial.wall_speedup)} ({span})."
    if trial.low is None or trial.high is None:
        yield "It has no interval: read its speedup as a hint."
    if trial.detectable is not None:
        yield f"The smallest saving that it could have seen is {fine_percent(trial.detectable)}."


def _compared(report: Report) -> str:
    base, head = report.change.base, report.change.head
    if base is None or head is None:
        return ""
    named = [quoted(head[:12])] if base != head else []
    changes = ["uncommitted changes"] if report.change.uncommitted else []
    return f" compared {quoted(base[:12])} with {listed([*named, *changes]) or 'itself'}"


def reason(function: FunctionReport) -> Iterator[str]:
    """Why the verdict, as a sentence; nothing where it only repeats a hazard, which is told in full."""
    if function.verdict is not Verdict.UNSAFE or not function.hazards:
        yield sentence(function.reason)


def notes(report: Report) -> Iterator[str]:
    """What a reader must know of this measurement, one sentence a note; first which findings are accepted."""
    for function in having(report, Rank.ACKNOWLEDGED):
        yield f"{quoted(function.id, 200)}, {label(function)}: {_accepted(function)}."
    yield from map(sentence, report.notes)


def _accepted(function: FunctionReport) -> str:
    by = function.acknowledged.by if function.acknowledged else None
    return f"acknowledged by {quoted(by)}" if by else "acknowledged in the config file"


def unlisted(report: Report, shown: Sequence[FunctionReport]) -> Iterator[str]:
    """A line that counts the functions that a table leaves out, by verdict; none if it has all."""
    listed_already = {id(function) for function in shown}
    left = [function for function in ranked(report) if id(function) not in listed_already]
    counts = Counter(rank(function) for function in left)
    if counts:
        told = ", ".join(f"{number:,} {_COUNTED[its_rank]}" for its_rank, number in counts.items())
        yield f"{'Not in the table' if shown else 'Looked at'}: {told}."


_COUNTED = {
    Rank.WRONG: "wrong",
    Rank.DROP: "to drop",
    Rank.RESIZE: "to resize",
    Rank.DOUBTED: "in doubt",
    Rank.CACHE: "worth caching",
    Rank.INCONCLUSIVE: "undecided",
    Rank.UNSAFE: "that must not be cached",
    Rank.KEEP: "to keep",
    Rank.NOT_WORTH_IT: "not worth a cache",
    Rank.INELIGIBLE: "that cannot carry one",
    Rank.ACKNOWLEDGED: "acknowledged",
}


def gate(report: Report) -> Iterator[str]:
    """What the gate decided and why, in one sentence; nothing for a gate that holds."""
    failed = [f"{_found(rule)} (`{rule.rule.value}`)" for rule in report.gate.rules if rule.passed is False]
    undecided = [f"`{rule.rule.value}`" for rule in report.gate.rules if rule.passed is None]
    if report.gate.verdict is GateVerdict.FAIL:
        yield f"The gate fails: {'; '.join(failed)}."
    elif undecided:  # none, where no rule is set and the tests fail already
        rules = f"{verb(undecided, 'rule', 'rules')} {listed(undecided, len(undecided))}"
        yield f"The gate's {rules} could not be decided."


def passed(report: Report) -> Iterator[str]:
    """That the gate holds, and which of its rules; for who asked for it, not for everybody."""
    if report.gate.verdict is GateVerdict.PASS and report.gate.rules:
        rules = [f"`{rule.rule.value}`" for rule in report.gate.rules]
        yield f"The gate passes: {listed(rules, len(rules))}."


def _found(rule: RuleReport) -> str:
    value = 0.0 if rule.value is None else rule.value
    match rule.rule:
        case GateRule.UNSAFE:
            return f"{some(round(value), 'cache')} proven to be wrong"
        case GateRule.WASTEFUL:
            return f"a cache hits {fine_percent(value)}, at least {fine_percent(rule.limit)} wanted"
        case GateRule.MISSED:
            return (
                f"functions worth caching would save {fine_percent(value)} of the CPU time, "
                f"at most {fine_percent(rule.limit)} may be left"
            )
        case GateRule.BROKEN:
            return f"{some(round(value), 'test')} failing without any change"
        case GateRule.INCONCLUSIVE:
            return f"{some(round(value), 'rule')} undecided"

"""Sharding: functions divided over runners, and the reports of the runners joined into one. Pure.

The matrix of GitHub Actions is the engine: ``plan`` says what each job measures, ``merge`` joins the reports.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any, TypeVar

from hitrate.errors import InputError
from hitrate.report.model import (
    GateReport,
    ProcessesReport,
    Report,
    RuleReport,
    RunsReport,
    SuiteReport,
    TrialReport,
)
from hitrate.source.function import Function
from hitrate.verdict.gate import gate_verdict
from hitrate.vocabulary import GateRule, Verdict

Fact = TypeVar("Fact")

MATRIX_LIMIT = 256
"""Jobs that GitHub takes in one matrix."""

CARRIES_CACHE = (Verdict.CACHE, Verdict.KEEP)


def plan(functions: Sequence[Function], shards: int) -> list[list[str]]:
    """Divide functions over shards: about as many to measure in each, those of one file close together.

    Args:
        functions: What a change touches; ineligible ones cost nothing and go along.
        shards: Shards at most.

    Returns:
        Ids by shard, none empty.

    Raises:
        InputError: ``shards`` is not between 1 and 256.
    """
    if not 1 <= shards <= MATRIX_LIMIT:
        raise InputError(f"shards: {shards} is not between 1 and {MATRIX_LIMIT}, GitHub's limit of a matrix")
    ordered = sorted(functions, key=lambda function: (function.path, function.line))
    to_measure = sum(function.ineligible is None for function in ordered)
    size = max(1, -(-to_measure // shards))
    planned: list[list[str]] = []
    named: set[str] = set()
    measured = size
    for function in ordered:
        if function.id in named:  # namesakes have one id, and are measured together
            continue
        named.add(function.id)
        if measured == size and (function.ineligible is None or not planned):
            planned.append([])
            measured = 0
        planned[-1].append(function.id)
        measured += function.ineligible is None
    return planned


def matrix(planned: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The matrix of a workflow: each job's number, how many there are, its functions, one a line."""
    return {
        "include": [
            {"shard": number, "of": len(planned), "functions": "\n".join(ids)}
            for number, ids in enumerate(planned, start=1)
        ]
    }


def merge(reports: Sequence[Report], expected: int | None = None) -> Report:
    """Join the reports of the shards of one change.

    What holds for one shard only is not made up for all: the trial's speedup, and a function's figures
    together with the others. Counts add up; the suite's times are the median of the shards' baselines.

    Args:
        reports: At least one, in any order.
        expected: Shards that were planned; fewer reports leave no gate rule passed.

    Raises:
        InputError: There is none, they do not belong together, or one function is in two.
    """
    if not reports:
        raise InputError("merge: no report was given; name the report.json of every shard")
    if len(reports) == 1 and expected in (None, 1):
        return reports[0]
    _check_alike(reports)
    missing = (expected or len(reports)) - len(reports)
    functions = [function for report in reports for function in report.functions]
    _check_distinct([function.id + f" (line {function.line})" for function in functions])
    alone = sum(_has_cache(report) for report in reports) <= 1
    return reports[0].model_copy(
        update={
            "suite": _suite([report.suite for report in reports]),
            "trial": _trial(reports, alone),
            "functions": tuple(
                sorted(
                    (one if alone else one.model_copy(update={"together": None}) for one in functions),
                    key=lambda function: (function.path, function.line, function.qualname),
                )
            ),
            "gate": _gate([report.gate for report in reports], missing),
            "notes": _notes(reports, missing, alone),
        }
    )


def _check_alike(reports: Sequence[Report]) -> None:
    """Refuse reports that are not shards of one analysis."""
    facts: dict[str, Callable[[Report], object]] = {
        "repositories": lambda report: report.change.repository,
        "pull requests": lambda report: report.change.pull_request,
        "bases": lambda report: report.change.base,
        "heads": lambda report: report.change.head,
        "versions of Hitrate": lambda report: report.tool.version,
        "test commands": lambda report: report.suite.command,
        "workloads": lambda report: report.suite.workload,
        "efforts": lambda report: report.suite.effort.value,
        "thresholds": lambda report: report.limits,
        "gate rules": lambda report: [rule.rule.value for rule in report.gate.rules],
    }
    for name, fact in facts.items():
        found = [fact(report) for report in reports]
        other = next((one for one in found if one != found[0]), None)
        if other is not None or found.count(found[0]) != len(found):
            raise InputError(f"merge: reports of different {name}: {_shown(found[0])} and {_shown(other)}")


def _shown(fact: object) -> str:
    return "none" if fact is None else str(fact)[:80]


def _check_distinct(names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise InputError(f"merge: {twice[0]} is in two reports; give each shard's report once")


def _has_cache(report: Report) -> bool:
    return any(function.verdict in CARRIES_CACHE for function in report.functions)


def _suite(suites: Sequence[SuiteReport]) -> SuiteReport:
    runs = [suite.runs for suite in suites]
    states = [suite.passed for suite in suites]
    return suites[0].model_copy(
        update={
            "tests": max(_known(suite.tests for suite in suites), default=None),
            "cpu_seconds": _median(suite.cpu_seconds for suite in suites),
            "wall_seconds": _median(suite.wall_seconds for suite in suites),
            "estimated": any(suite.estimated for suite in suites),
            "runs": RunsReport(
                baseline=sum(run.baseline for run in runs),
                observed=sum(run.observed for run in runs),
                cached=sum(run.cached for run in runs),
                trial_pairs=sum(run.trial_pairs for run in runs),
            ),
            "observed_cpu_seconds": sum(_known(suite.observed_cpu_seconds for suite in suites)) or None,
            "cached_cpu_seconds": sum(_known(suite.cached_cpu_seconds for suite in suites)) or None,
            "suite_equivalents": sum(_known(suite.suite_equivalents for suite in suites)) or None,
            "processes": _processes([suite.processes for suite in suites]),
            "passed": False if False in states else True if True in states else None,
            "failing_tests": _union(suite.failing_tests for suite in suites),
            "failing_left_out": all(suite.failing_left_out for suite in suites if suite.passed is False)
            and False in states,
            "broken_off": next(filter(None, (suite.broken_off for suite in suites)), None),
        }
    )


def _processes(shards: Sequence[ProcessesReport | None]) -> ProcessesReport | None:
    known = _known(shards)
    if not known:
        return None
    return ProcessesReport(
        expected=sum(one.expected for one in known), received=sum(one.received for one in known)
    )


def _trial(reports: Sequence[Report], alone: bool) -> TrialReport | None:
    """The trial of the only shard with caches; of several no speedup, since no trial had all caches."""
    trials = _known(report.trial for report in reports)
    if not trials or (alone and len(trials) == 1):
        return trials[0] if trials else None
    return TrialReport(
        speedup=None,
        pairs=sum(trial.pairs for trial in trials),
        metric=trials[0].metric,
        broken_tests=_union(trial.broken_tests for trial in trials),
    )


def _gate(gates: Sequence[GateReport], missing: int) -> GateReport:
    rules = [_rule([gate.rules[place] for gate in gates], missing) for place in range(len(gates[0].rules))]
    undecided = sum(rule.passed is None for rule in rules if rule.rule is not GateRule.INCONCLUSIVE)
    rules = [_counted(rule, undecided) if rule.rule is GateRule.INCONCLUSIVE else rule for rule in rules]
    return GateReport(verdict=gate_verdict(rules), rules=tuple(rules))


def _rule(shards: Sequence[RuleReport], missing: int) -> RuleReport:
    """One rule over all shards: failed where one failed, passed where all passed and none is missing."""
    first = max(shards, key=lambda rule: rule.limit)  # 0 where the tests fail without any change
    values = _known(rule.value for rule in shards)
    match first.rule:
        case GateRule.UNSAFE | GateRule.MISSED:
            value = sum(values) if values else None
        case GateRule.WASTEFUL:
            value = min(values, default=None)
        case _:
            value = max(values, default=None)
    states = [rule.passed for rule in shards]
    passed = False if False in states else None if None in states or missing else True
    if passed and first.rule is GateRule.MISSED and (value or 0.0) > first.limit:
        passed = None  # savings of several shards do not simply add up
    return RuleReport(rule=first.rule, limit=first.limit, value=value, passed=passed)


def _counted(rule: RuleReport, undecided: int) -> RuleReport:
    return RuleReport(rule=rule.rule, limit=rule.limit, value=undecided, passed=not undecided)


def _notes(reports: Sequence[Report], missing: int, alone: bool) -> tuple[str, ...]:
    notes = [f"Measured in {len(reports)} shards; counts of runs and processes are those of all of them."]
    if missing > 0:
        notes.insert(
            0, f"{missing} of {missing + len(reports)} shards gave no report: their functions are missing."
        )
    if not alone:
        notes.append("Recommended functions of different shards were never cached together.")
    speedups = [
        f"{trial.speedup:.2f}×" for report in reports if (trial := report.trial) and trial.speedup is not None
    ]
    if len(speedups) > 1:
        notes.append(f"Each shard tried its own caches; the speedups were {', '.join(speedups)}.")
    return _union([notes, *(report.notes for report in reports)])


def _known(facts: Iterable[Fact | None]) -> list[Fact]:
    return [fact for fact in facts if fact is not None]


def _median(durations: Iterable[float | None]) -> float | None:
    known = _known(durations)
    return median(known) if known else None


def _union(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))

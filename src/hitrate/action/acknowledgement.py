"""A report whose acknowledged findings ask nothing of a reader and fail no gate. Pure."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from hitrate.action.outputs import missed_saving
from hitrate.report.content.finding import covers, identities, split, word
from hitrate.report.content.row import workload_seconds
from hitrate.report.model import AcknowledgementReport, FunctionReport, GateReport, Report, RuleReport
from hitrate.verdict.gate import gate_verdict, is_exempt, keeps_to
from hitrate.vocabulary import GateRule, Kind, Verdict


def acknowledged(
    report: Report, found: Mapping[str, AcknowledgementReport], notes: Iterable[str] = ()
) -> Report:
    """The report in which these findings, and no others, are acknowledged.

    Rules that something else has decided, such as tests that fail without any change, stay as they are.

    Args:
        report: As it was measured.
        found: What is acknowledged, by a function's identity or, for all of that name, ``path::Qual.name``.
        notes: What else a reader must know of it.
    """
    names = zip(identities(report.functions), report.functions, strict=True)
    known = marked(report, [_of(one, found.get(name, found.get(one.id))) for name, one in names])
    added = [note for note in dict.fromkeys(notes) if note not in report.notes]
    return known.model_copy(update={"notes": (*report.notes, *added)})


def _of(function: FunctionReport, accepted: AcknowledgementReport | None) -> AcknowledgementReport | None:
    """The acknowledgement, if it is of what is found."""
    if accepted is None or accepted.found is None:
        return accepted
    return accepted if covers(accepted.found, word(function)) else None


def marked(report: Report, known: Sequence[AcknowledgementReport | None]) -> Report:
    """The report with an acknowledgement or none for each of its functions, and its gate decided by that."""
    functions = tuple(
        one.model_copy(update={"acknowledged": accepted})
        for one, accepted in zip(report.functions, known, strict=True)
    )
    after = report.model_copy(update={"functions": functions})
    rules = tuple(_rule(rule, report, after) for rule in report.gate.rules)
    if rules == report.gate.rules:
        return after
    undecided = sum(rule.passed is None for rule in rules if rule.rule is not GateRule.INCONCLUSIVE)
    rules = tuple(
        rule.model_copy(update={"value": undecided, "passed": not undecided})
        if rule.rule is GateRule.INCONCLUSIVE
        else rule
        for rule in rules
    )
    return after.model_copy(update={"gate": GateReport(verdict=gate_verdict(rules), rules=rules)})


def in_config(names: Iterable[str]) -> dict[str, AcknowledgementReport]:
    """What a config file acknowledges, by ``path::Qual.name``.

    Args:
        names: As they are written, some with the finding that is accepted: ``path::Qual.name:resize``.
    """
    known: dict[str, AcknowledgementReport] = {}
    for written in names:
        name, found = split(written)
        known[name] = AcknowledgementReport(found=found)
    return known


def _rule(rule: RuleReport, before: Report, after: Report) -> RuleReport:
    decide = _DECIDED.get(rule.rule)
    if decide is None or not _alike(decide(rule, before), rule):
        return rule
    decided = decide(rule, after)
    return rule if _alike(decided, rule) else decided


def _alike(one: RuleReport, other: RuleReport) -> bool:
    """Whether two decisions are the same, but for how a share was rounded."""
    if one.passed is not other.passed or (one.value is None) is not (other.value is None):
        return False
    return one.value is None or math.isclose(one.value, other.value or 0.0, rel_tol=1e-6, abs_tol=1e-12)


def _caches(report: Report) -> list[FunctionReport]:
    """The caches that a gate looks at."""
    return [one for one in report.functions if one.kind is Kind.EXISTING and one.acknowledged is None]


def _unsafe(rule: RuleReport, report: Report) -> RuleReport:
    caches = _caches(report)
    unsafe = sum(one.verdict is Verdict.UNSAFE for one in caches)
    undecided = any(one.verdict is Verdict.INCONCLUSIVE for one in caches)
    passed = False if unsafe else None if undecided else True
    return rule.model_copy(update={"value": float(unsafe), "passed": passed})


def _wasteful(rule: RuleReport, report: Report) -> RuleReport:
    rates = [
        one.attainable_hit_rate
        for one in _caches(report)
        if not is_exempt(one.verdict, one.hit_rate, rule.limit)
    ]
    known = [rate for rate in rates if rate is not None]
    lowest = min(known, default=None)
    if lowest is not None and lowest < rule.limit:
        passed: bool | None = False
    else:
        passed = True if len(known) == len(rates) else None
    return rule.model_copy(update={"value": lowest, "passed": passed})


def _missed(rule: RuleReport, report: Report) -> RuleReport:
    """What a trial measured is that of all caches; those that are left have their predicted part of it."""
    value = missed_saving(report)
    whole = missed_saving(_asking_all(report))
    low, high = value, value
    ends = _trial_ends(report)
    if value == 0:
        low = high = 0.0
    elif ends is not None and value is not None and whole:
        low, high = (end * value / whole for end in ends)
    elif ends is not None and value is None and whole is None and not _is_acknowledged(report):
        low, high = ends
    return rule.model_copy(update={"value": value, "passed": keeps_to(rule.limit, low, high)})


def _asking_all(report: Report) -> Report:
    functions = tuple(one.model_copy(update={"acknowledged": None}) for one in report.functions)
    return report.model_copy(update={"functions": functions})


def _is_acknowledged(report: Report) -> bool:
    return any(one.acknowledged is not None and one.verdict is Verdict.CACHE for one in report.functions)


def _trial_ends(report: Report) -> tuple[float, float] | None:
    """The ends of what a trial of all caches saved, as shares of the workload; None where it is not known."""
    trial = report.trial
    if trial is None or trial.low is None or trial.high is None:
        return None
    timed: float | None = 1.0
    if trial.tests_selected is not None:
        whole = workload_seconds(report, trial.metric)
        timed = trial.seconds_without / whole if whole and trial.seconds_without is not None else None
    if timed is None:
        return None
    return max(0.0, timed * (1 - 1 / trial.low)), max(0.0, timed * (1 - 1 / trial.high))


_DECIDED: Mapping[GateRule, Callable[[RuleReport, Report], RuleReport]] = {
    GateRule.UNSAFE: _unsafe,
    GateRule.WASTEFUL: _wasteful,
    GateRule.MISSED: _missed,
}

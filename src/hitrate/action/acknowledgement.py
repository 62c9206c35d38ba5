"""A report whose acknowledged findings ask nothing of a reader and fail no gate. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hitrate.report.model import AcknowledgementReport, FunctionReport, GateReport, Report, RuleReport
from hitrate.verdict.gate import gate_verdict, is_exempt
from hitrate.vocabulary import GateRule, Kind, Verdict


def acknowledged(
    report: Report, found: Mapping[str, AcknowledgementReport], notes: Iterable[str] = ()
) -> Report:
    """The report in which these findings, and no others, are acknowledged.

    Rules that something else has decided, such as tests that fail without any change, stay as they are.

    Args:
        report: As it was measured.
        found: What is acknowledged, by ``path::Qual.name``.
        notes: What else a reader must know of it.
    """
    functions = tuple(one.model_copy(update={"acknowledged": found.get(one.id)}) for one in report.functions)
    added = [note for note in notes if note not in report.notes]
    rules = tuple(_rule(rule, report.functions, functions) for rule in report.gate.rules)
    undecided = sum(rule.passed is None for rule in rules if rule.rule is not GateRule.INCONCLUSIVE)
    if rules != report.gate.rules:
        rules = tuple(
            rule.model_copy(update={"value": undecided, "passed": not undecided})
            if rule.rule is GateRule.INCONCLUSIVE
            else rule
            for rule in rules
        )
    gate = GateReport(verdict=gate_verdict(rules), rules=rules) if rules != report.gate.rules else report.gate
    return report.model_copy(update={"functions": functions, "gate": gate, "notes": (*report.notes, *added)})


def in_config(names: Iterable[str]) -> dict[str, AcknowledgementReport]:
    """What a config file acknowledges, by ``path::Qual.name``."""
    return dict.fromkeys(names, AcknowledgementReport())


def _rule(rule: RuleReport, before: Sequence[FunctionReport], after: Sequence[FunctionReport]) -> RuleReport:
    decide = _DECIDED.get(rule.rule)
    if decide is None or decide(rule, _counted(before)) != rule:
        return rule
    return decide(rule, _counted(after))


def _counted(functions: Sequence[FunctionReport]) -> list[FunctionReport]:
    """The caches that a gate looks at."""
    return [one for one in functions if one.kind is Kind.EXISTING and one.acknowledged is None]


def _unsafe(rule: RuleReport, caches: Sequence[FunctionReport]) -> RuleReport:
    unsafe = sum(one.verdict is Verdict.UNSAFE for one in caches)
    undecided = any(one.verdict is Verdict.INCONCLUSIVE for one in caches)
    passed = False if unsafe else None if undecided else True
    return rule.model_copy(update={"value": float(unsafe), "passed": passed})


def _wasteful(rule: RuleReport, caches: Sequence[FunctionReport]) -> RuleReport:
    rates = [
        one.attainable_hit_rate for one in caches if not is_exempt(one.verdict, one.hit_rate, rule.limit)
    ]
    known = [rate for rate in rates if rate is not None]
    lowest = min(known, default=None)
    if lowest is not None and lowest < rule.limit:
        passed: bool | None = False
    else:
        passed = True if len(known) == len(rates) else None
    return rule.model_copy(update={"value": lowest, "passed": passed})


_DECIDED: Mapping[GateRule, Callable[[RuleReport, Sequence[FunctionReport]], RuleReport]] = {
    GateRule.UNSAFE: _unsafe,
    GateRule.WASTEFUL: _wasteful,
}

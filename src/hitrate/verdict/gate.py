"""Whether the verdicts pass the rules that the user chose. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from hitrate.evidence import Duration, Evidence, Trial
from hitrate.verdict.judge import Finding, Thresholds, share
from hitrate.vocabulary import GateRule, GateVerdict, Kind, Verdict


class Decided(Protocol):
    """A rule that was looked at."""

    @property
    def passed(self) -> bool | None:
        """Whether it holds; None where that could not be decided."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the gate.

    Attributes:
        rule: Which one.
        limit: What must not be exceeded, or for ``wasteful`` not be fallen short of.
        value: What was found, in the unit of the limit; None where it is not known.
        passed: Whether it holds; None where that could not be decided.
    """

    rule: GateRule
    limit: float
    value: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Gate:
    """All the rules that were asked for, and what they come to."""

    verdict: GateVerdict
    rules: tuple[Rule, ...] = ()


def gate(
    findings: Sequence[Finding],
    rules: Sequence[GateRule],
    thresholds: Thresholds,
    *,
    workload: Duration | None,
    trial: Trial | None,
) -> Gate:
    """Whether the chosen rules hold. Limits apply to the cautious end of an interval."""
    decided = [
        _rule(rule, findings, thresholds, workload, trial)
        for rule in rules
        if rule is not GateRule.INCONCLUSIVE
    ]
    if GateRule.INCONCLUSIVE in rules:
        undecided = sum(rule.passed is None for rule in decided)
        decided.append(Rule(rule=GateRule.INCONCLUSIVE, limit=0, value=undecided, passed=not undecided))
    return Gate(verdict=gate_verdict(decided), rules=tuple(decided))


def broken_gate(rules: Sequence[GateRule], failing_tests: int) -> Gate:
    """The gate where the tests fail without any change: only ``broken`` can be decided."""
    decided = [
        Rule(rule=rule, limit=0, value=failing_tests, passed=False)
        if rule is GateRule.BROKEN
        else Rule(rule=rule, limit=0, value=None, passed=None)
        for rule in rules
        if rule is not GateRule.INCONCLUSIVE
    ]
    if GateRule.INCONCLUSIVE in rules:
        decided.append(Rule(rule=GateRule.INCONCLUSIVE, limit=0, value=1, passed=False))
    verdict = gate_verdict(decided)
    return Gate(
        verdict=GateVerdict.INCONCLUSIVE if verdict is GateVerdict.PASS else verdict, rules=tuple(decided)
    )


def partial_gate(whole: Gate, failing_tests: int) -> Gate:
    """The gate where tests that fail without any change were left out: ``broken`` does not hold."""
    decided = [
        replace(rule, value=failing_tests, passed=False) if rule.rule is GateRule.BROKEN else rule
        for rule in whole.rules
    ]
    return Gate(verdict=gate_verdict(decided), rules=tuple(decided))


def undecided_gate(rules: Sequence[GateRule]) -> Gate:
    """The gate where no test ran what was changed: nothing but ``broken`` can be decided."""
    broken, undecided = GateRule.BROKEN, GateRule.INCONCLUSIVE
    decided = [
        Rule(
            rule=rule,
            limit=0,
            value=0 if rule is broken else 1 if rule is undecided else None,
            passed=True if rule is broken else False if rule is undecided else None,
        )
        for rule in [*(rule for rule in rules if rule is not undecided), *({undecided} & set(rules))]
    ]
    verdict = gate_verdict(decided)
    return Gate(
        verdict=GateVerdict.INCONCLUSIVE if verdict is GateVerdict.PASS else verdict, rules=tuple(decided)
    )


def gate_verdict(rules: Sequence[Decided]) -> GateVerdict:
    """What the rules come to: one that failed decides, then one that could not be decided."""
    if any(rule.passed is False for rule in rules):
        return GateVerdict.FAIL
    return GateVerdict.INCONCLUSIVE if any(rule.passed is None for rule in rules) else GateVerdict.PASS


def _rule(
    rule: GateRule,
    findings: Sequence[Finding],
    thresholds: Thresholds,
    workload: Duration | None,
    trial: Trial | None,
) -> Rule:
    existing = [finding for finding in findings if finding.evidence.function.kind is Kind.EXISTING]
    match rule:
        case GateRule.UNSAFE:
            return _unsafe_rule(existing)
        case GateRule.WASTEFUL:
            return _wasteful_rule(existing, thresholds.min_cache_hit_rate)
        case GateRule.MISSED:
            return _missed_rule(findings, thresholds.max_missed_saving, workload, trial)
        case _:
            return Rule(rule=GateRule.BROKEN, limit=0, value=0, passed=True)


def _unsafe_rule(existing: Sequence[Finding]) -> Rule:
    unsafe = sum(finding.verdict is Verdict.UNSAFE for finding in existing)
    undecided = any(finding.verdict is Verdict.INCONCLUSIVE for finding in existing)
    passed = False if unsafe else None if undecided else True
    return Rule(rule=GateRule.UNSAFE, limit=0, value=unsafe, passed=passed)


def _wasteful_rule(existing: Sequence[Finding], limit: float) -> Rule:
    rates = [
        attainable_hit_rate(finding.evidence, limit)
        for finding in existing
        if not is_exempt(finding.verdict, finding.evidence.hit_rate, limit)
    ]
    known = [rate for rate in rates if rate is not None]
    lowest = min(known, default=None)
    if lowest is not None and lowest < limit:
        passed: bool | None = False
    else:
        passed = True if len(known) == len(rates) else None
    return Rule(rule=GateRule.WASTEFUL, limit=limit, value=lowest, passed=passed)


def is_exempt(verdict: Verdict, hit_rate: float | None, limit: float) -> bool:
    """Whether a cache's hit rate is no matter: it is kept for the time it saves, or for what it means."""
    return verdict is Verdict.INELIGIBLE or (verdict is Verdict.KEEP and (hit_rate or 0.0) < limit)


def attainable_hit_rate(evidence: Evidence, limit: float) -> float | None:
    """The hit rate of a cache, or that at the size that is advised; None where it says nothing."""
    size = evidence.recommended_maxsize
    if evidence.hit_rate is None or evidence.hit_rate >= limit:
        return evidence.hit_rate
    if evidence.hidden_by:
        return None
    within = (point.hit_rate for point in evidence.curve if size is not None and point.maxsize <= size)
    return max(evidence.hit_rate, *within, 0.0)


def _missed_rule(
    findings: Sequence[Finding], limit: float, workload: Duration | None, trial: Trial | None
) -> Rule:
    missed = missed_share(findings, workload)
    low, high = missed, missed
    timed = _timed_share(trial, workload) if trial else None
    if timed is not None and trial is not None and trial.low and trial.high:
        low, high = (max(0.0, timed * (1 - 1 / end)) for end in (trial.low, trial.high))
    return Rule(rule=GateRule.MISSED, limit=limit, value=missed, passed=keeps_to(limit, low, high))


def keeps_to(limit: float, low: float | None, high: float | None) -> bool | None:
    """Whether what lies between two ends is within a limit; None where that cannot be told."""
    if low is None or high is None:
        return None
    return False if low > limit else True if high <= limit else None


def _timed_share(trial: Trial, workload: Duration | None) -> float | None:
    """The time of what a trial ran, as a fraction of the workload's; None if not known."""
    if trial.tests_selected is None:
        return 1.0
    return share(trial.seconds_without, workload, trial.metric)


def missed_share(findings: Sequence[Finding], workload: Duration | None) -> float | None:
    """Share of the workload's CPU time that the recommended caches would save together; None if not known."""
    recommended = [finding.evidence for finding in findings if finding.verdict is Verdict.CACHE]
    if not recommended:
        return 0.0
    shares = [
        share(
            evidence.together.saved_seconds if evidence.together else evidence.saved_seconds,
            workload,
            evidence.metric,
        )
        for evidence in recommended
    ]
    known = [each for each in shares if each is not None]
    return sum(known) if len(known) == len(shares) else None

"""What an acknowledged finding changes in a report, and above all what it does not."""

import pytest

from hitrate.action.acknowledgement import acknowledged, in_config
from hitrate.report.content.answer import answer, has_news, state
from hitrate.report.model import AcknowledgementReport, FunctionReport, GateReport, Report, RuleReport
from hitrate.vocabulary import GateRule, GateVerdict, Kind, Verdict
from tests.integration.on_github.job import function, report

OCTOCAT = AcknowledgementReport(by="octocat", when=1.0)


def cache(name: str, verdict: Verdict, **facts: object) -> FunctionReport:
    return function(verdict, qualname=name, kind=Kind.EXISTING, **facts)


def gated(
    *functions: FunctionReport, rules: dict[GateRule, tuple[float, float | None, bool | None]]
) -> Report:
    made = tuple(
        RuleReport(rule=rule, limit=limit, value=value, passed=passed)
        for rule, (limit, value, passed) in rules.items()
    )
    states = [one.passed for one in made]
    verdict = (
        GateVerdict.FAIL
        if False in states
        else GateVerdict.INCONCLUSIVE
        if None in states
        else GateVerdict.PASS
    )
    return report(*functions).model_copy(update={"gate": GateReport(verdict=verdict, rules=made)})


def rules(found: Report) -> dict[GateRule, tuple[float | None, bool | None]]:
    return {rule.rule: (rule.value, rule.passed) for rule in found.gate.rules}


WRONG = cache("wrong", Verdict.UNSAFE, hit_rate=0.5, attainable_hit_rate=0.5)
OTHER = cache("other", Verdict.UNSAFE, hit_rate=0.5, attainable_hit_rate=0.5)
IDLE = cache("idle", Verdict.DROP, hit_rate=0.1, attainable_hit_rate=0.1)
KEPT = cache("kept", Verdict.KEEP, hit_rate=0.9, attainable_hit_rate=0.9)
DOUBTED = cache("doubted", Verdict.INCONCLUSIVE, doubted=True)
UNSAFE, WASTEFUL, INCONCLUSIVE = GateRule.UNSAFE, GateRule.WASTEFUL, GateRule.INCONCLUSIVE


def test_the_only_finding_is_acknowledged() -> None:
    before = gated(WRONG, KEPT, rules={UNSAFE: (0, 1, False), WASTEFUL: (0.2, 0.5, True)})
    after = acknowledged(before, {WRONG.id: OCTOCAT})
    assert after.gate.verdict is GateVerdict.PASS
    assert rules(after) == {UNSAFE: (0, True), WASTEFUL: (0.9, True)}
    assert not has_news(after)
    assert state(after) == "nothing to do"
    assert answer(after)[-1] == "What was found about `wrong` is acknowledged."
    assert has_news(before)


def test_another_finding_still_fails() -> None:
    before = gated(WRONG, OTHER, rules={UNSAFE: (0, 2, False)})
    after = acknowledged(before, {WRONG.id: OCTOCAT})
    assert rules(after) == {UNSAFE: (1, False)}
    assert (after.gate.verdict, state(after)) == (GateVerdict.FAIL, "a cache is wrong")


def test_a_wasteful_cache_and_one_in_doubt() -> None:
    before = gated(
        IDLE,
        DOUBTED,
        KEPT,
        rules={UNSAFE: (0, 0, None), WASTEFUL: (0.2, 0.1, False), INCONCLUSIVE: (0, 1, False)},
    )
    idle = acknowledged(before, {IDLE.id: OCTOCAT})
    assert rules(idle) == {UNSAFE: (0, None), WASTEFUL: (0.9, None), INCONCLUSIVE: (2, False)}
    both = acknowledged(before, {IDLE.id: OCTOCAT, DOUBTED.id: OCTOCAT})
    assert rules(both) == {UNSAFE: (0, True), WASTEFUL: (0.9, True), INCONCLUSIVE: (0, True)}
    assert both.gate.verdict is GateVerdict.PASS


@pytest.mark.parametrize("found", [{}, {"src/a.py::nobody": OCTOCAT}])
def test_nothing_changes_where_nothing_is_acknowledged(found: dict[str, AcknowledgementReport]) -> None:
    before = gated(WRONG, IDLE, DOUBTED, rules={UNSAFE: (0, 1, False), WASTEFUL: (0.2, 0.1, False)})
    assert acknowledged(before, found) == before


def test_what_something_else_has_decided_stays() -> None:
    """Tests that fail already, a shard that is missing: no cache has decided these rules."""
    for value in (None, 1.0):
        before = gated(WRONG, rules={UNSAFE: (0, value, None), GateRule.BROKEN: (0, 2, False)})
        assert acknowledged(before, {WRONG.id: OCTOCAT}).gate == before.gate


def test_what_was_acknowledged_before_is_taken_back() -> None:
    before = gated(WRONG, rules={UNSAFE: (0, 1, False)})
    once = acknowledged(before, {WRONG.id: OCTOCAT})
    assert acknowledged(once, {}) == before


def test_the_config_file_says_no_name() -> None:
    after = acknowledged(gated(WRONG, rules={UNSAFE: (0, 1, False)}), in_config([WRONG.id]))
    assert after.functions[0].acknowledged == AcknowledgementReport()
    assert after.gate.verdict is GateVerdict.PASS


def test_a_function_worth_a_cache_that_is_declined() -> None:
    found = acknowledged(report(function(Verdict.CACHE)), in_config(["src/a.py::f"]))
    assert answer(found) == ["What was found about `f` is acknowledged."]
    assert not has_news(found)

"""What an acknowledged finding changes in a report, and above all what it does not."""

import pytest

from hitrate.action.acknowledgement import acknowledged, in_config
from hitrate.action.outputs import missed_saving
from hitrate.report.content.answer import answer, has_news, state
from hitrate.report.model import (
    AcknowledgementReport,
    FunctionReport,
    GateReport,
    HazardReport,
    Report,
    RuleReport,
    TrialReport,
)
from hitrate.vocabulary import GateRule, GateVerdict, HazardKind, Kind, Verdict
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


@pytest.mark.parametrize(
    ("accepted", "holds"),
    [("", True), (":unsafe", True), (":resize", False), (":unsafe+stale", True), (":unsafe+leak", False)],
)
def test_the_config_file_may_say_what_it_accepts(accepted: str, holds: bool) -> None:
    stale = HazardReport(kind=HazardKind.STALE, detail="so it is")
    before = gated(WRONG.model_copy(update={"hazards": (stale,)}), rules={UNSAFE: (0, 1, False)})
    after = acknowledged(before, in_config([f"{WRONG.id}{accepted}"]))
    assert (after.functions[0].acknowledged is not None) is holds
    assert rules(after) == {UNSAFE: (0, True) if holds else (1, False)}


@pytest.mark.parametrize("name", ["a.py::resize", "a.py::C.unsafe", "a:b.py::f", "a.py::f"])
def test_a_name_is_no_finding(name: str) -> None:
    assert in_config([name]) == {name: AcknowledgementReport()}


def test_a_function_worth_a_cache_that_is_declined() -> None:
    found = acknowledged(report(function(Verdict.CACHE)), in_config(["src/a.py::f"]))
    assert answer(found) == ["What was found about `f` is acknowledged."]
    assert not has_news(found)


def test_namesakes_are_marked_one_by_one_but_by_the_config_file() -> None:
    """A config file names functions for good, and has no versions of their sources."""
    before = gated(WRONG, WRONG.model_copy(update={"line": 30}), rules={UNSAFE: (0, 2, False)})
    assert rules(acknowledged(before, {f"{WRONG.id}#2": OCTOCAT})) == {UNSAFE: (1, False)}
    assert rules(acknowledged(before, in_config([WRONG.id]))) == {UNSAFE: (0, True)}


FIRST = function(Verdict.CACHE, qualname="first", saved_seconds=3.0)
SECOND = function(Verdict.CACHE, qualname="second", saved_seconds=1.0)
MISSED = GateRule.MISSED


def trialled(before: Report, low: float, high: float, **facts: object) -> Report:
    trial = TrialReport(speedup=(low + high) / 2, low=low, high=high, pairs=8, **facts)
    return before.model_copy(update={"trial": trial})


class TestMissed:
    """Of 10 s of CPU time, `first` would save 30 % and `second` 10 %."""

    def test_what_is_declined_is_not_missed(self) -> None:
        before = gated(FIRST, SECOND, rules={MISSED: (0.2, 0.4, False)})
        without_trial = before.model_copy(update={"trial": None})
        after = acknowledged(without_trial, {FIRST.id: OCTOCAT})
        assert rules(after) == {MISSED: (0.1, True)}
        assert (after.gate.verdict, missed_saving(after)) == (GateVerdict.PASS, 0.1)
        assert rules(acknowledged(without_trial, {SECOND.id: OCTOCAT})) == {MISSED: (0.3, False)}
        assert rules(acknowledged(after, {})) == rules(before)

    def test_of_what_a_trial_measured_the_others_have_their_part(self) -> None:
        before = trialled(gated(FIRST, SECOND, rules={MISSED: (0.2, 0.4, False)}), low=1.5, high=2.0)
        (found,) = rules(acknowledged(before, {FIRST.id: OCTOCAT})).values()
        assert found == (0.1, True)  # between 8 % and 13 %
        (found,) = rules(acknowledged(before, {SECOND.id: OCTOCAT})).values()
        assert found == (0.3, False)  # between 25 % and 38 %
        every = {FIRST.id: OCTOCAT, SECOND.id: OCTOCAT}
        assert rules(acknowledged(before, every)) == {MISSED: (0, True)}

    def test_a_trial_of_some_tests_is_a_part_of_the_whole(self) -> None:
        facts = {"tests_selected": 1, "seconds_without": 5.0}
        before = trialled(gated(FIRST, SECOND, rules={MISSED: (0.2, 0.4, None)}), low=1.5, high=2.0, **facts)
        (found,) = rules(acknowledged(before, {FIRST.id: OCTOCAT})).values()
        assert found == (0.1, True)

    def test_what_was_decided_otherwise_stays(self) -> None:
        before = gated(FIRST, SECOND, rules={MISSED: (0.2, 0.35, False)})
        assert acknowledged(before, {FIRST.id: OCTOCAT}).gate == before.gate

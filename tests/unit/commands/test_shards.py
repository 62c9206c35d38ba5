import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.commands.shards import matrix, merge, plan
from hitrate.errors import InputError
from hitrate.report.model import GateReport, Report, RuleReport, SuiteReport
from hitrate.source.function import Function
from hitrate.verdict.gate import gate_verdict
from hitrate.vocabulary import GateRule, GateVerdict, Verdict
from tests.unit import reports

FUNCTIONS = st.lists(
    st.builds(
        Function,
        path=st.sampled_from(["a.py", "b.py", "c/d.py"]),
        qualname=st.from_regex(r"[a-z]{1,3}", fullmatch=True),
        line=st.integers(1, 500),
        ineligible=st.sampled_from([None, None, None, "a coroutine function"]),
    ),
    unique_by=lambda function: function.id,
    max_size=60,
)


@given(FUNCTIONS, st.integers(1, 12))
def test_every_function_is_in_exactly_one_shard(functions: list[Function], shards: int) -> None:
    planned = plan(functions, shards)
    assert sorted(name for ids in planned for name in ids) == sorted(function.id for function in functions)
    assert len(planned) <= shards
    assert all(planned)


@given(FUNCTIONS, st.integers(1, 12))
def test_shards_have_about_as_much_to_measure(functions: list[Function], shards: int) -> None:
    measurable = {function.id for function in functions if function.ineligible is None}
    loads = [len(measurable.intersection(ids)) for ids in plan(functions, shards)]
    assert all(load <= -(-len(measurable) // shards) for load in loads)
    assert len(set(loads[:-1])) <= 1


def test_functions_of_a_file_stay_together() -> None:
    functions = [Function(f"{name}.py", f"f{line}", line) for line in range(1, 5) for name in "ba"]
    assert plan(functions, 2) == [[f"a.py::f{n}" for n in range(1, 5)], [f"b.py::f{n}" for n in range(1, 5)]]


def test_namesakes_are_named_once() -> None:
    assert plan([Function("a.py", "f", 1), Function("a.py", "f", 9)], 1) == [["a.py::f"]]
    apart = [Function("a.py", name, line) for line, name in enumerate("fgfh", start=1)]
    assert plan(apart, 2) == [["a.py::f", "a.py::g"], ["a.py::h"]]  # one report has both


@pytest.mark.parametrize("shards", [0, -1, 257])
def test_a_number_of_shards_that_github_does_not_take_is_refused(shards: int) -> None:
    with pytest.raises(InputError, match=r"^shards: -?\d+ is not between 1 and 256"):
        plan([], shards)


def test_the_matrix_is_one_of_a_workflow() -> None:
    assert matrix([["a.py::f", "a.py::g"], ["b.py::h"]]) == {
        "include": [
            {"shard": 1, "of": 2, "functions": "a.py::f\na.py::g"},
            {"shard": 2, "of": 2, "functions": "b.py::h"},
        ]
    }


def split(report: Report, shards: int) -> list[Report]:
    """A report as its shards would have made it."""
    return [
        report.model_copy(update={"functions": report.functions[number::shards]}) for number in range(shards)
    ]


@given(st.integers(0, 40), st.integers(1, 6), st.randoms(use_true_random=False))
def test_a_report_that_was_split_is_whole_again(number: int, shards: int, order: random.Random) -> None:
    whole = reports.many(number)
    parts = split(whole, shards)
    order.shuffle(parts)
    merged = merge(parts)
    figures = {(one.path, one.line): one.model_copy(update={"together": None}) for one in whole.functions}
    assert {
        (one.path, one.line): one.model_copy(update={"together": None}) for one in merged.functions
    } == figures
    assert merged.change == whole.change
    assert merged.gate.verdict is whole.gate.verdict


def test_one_report_stays_as_it_is() -> None:
    assert merge([reports.mixed()]) == reports.mixed()


def suite(**fields: object) -> SuiteReport:
    return reports.suite(**fields)


def test_counts_add_up_and_times_are_the_median() -> None:
    shards = [
        reports.report([reports.win(line=number)], suite=suite(cpu_seconds=seconds, tests=tests))
        for number, (seconds, tests) in enumerate([(40.0, 812), (50.0, None), (42.0, 812)], start=1)
    ]
    merged = merge(shards).suite
    assert (merged.cpu_seconds, merged.tests) == (42.0, 812)
    assert (merged.runs.baseline, merged.runs.trial_pairs) == (3, 24)
    assert merged.processes is not None
    assert (merged.processes.expected, merged.processes.received) == (9, 9)
    assert merged.suite_equivalents == pytest.approx(6.3)


def test_what_one_shard_measured_together_is_not_made_up_for_all() -> None:
    shards = [
        reports.report([reports.win()], trial=reports.trial()),
        reports.report([reports.second_win()], trial=reports.trial(speedup=1.1, low=1.05, high=1.15)),
    ]
    merged = merge(shards)
    assert merged.trial is not None
    assert merged.trial.speedup is None
    assert [function.together for function in merged.functions] == [None, None]
    assert "Each shard tried its own caches; the speedups were 1.38×, 1.10×." in merged.notes


def test_the_only_trial_is_kept() -> None:
    shards = [
        reports.report([reports.not_worth_it()]),
        reports.report([reports.win()], trial=reports.trial()),
    ]
    merged = merge(shards)
    assert merged.trial == reports.trial()
    assert [function.together for function in merged.functions] == [reports.win().together, None]


def gated(line: int, *rules: RuleReport) -> Report:
    gate = GateReport(verdict=gate_verdict(rules), rules=rules)
    return reports.report([reports.existing(Verdict.KEEP, line=line)], gate=gate)


RULES = st.sampled_from([True, False, None])


@given(st.lists(RULES, min_size=2, max_size=5))
def test_a_rule_fails_where_one_shard_fails_it_and_passes_where_all_pass(states: list[bool | None]) -> None:
    shards = [
        gated(number, RuleReport(rule=GateRule.UNSAFE, limit=0, value=int(state is False), passed=state))
        for number, state in enumerate(states, start=1)
    ]
    [rule] = merge(shards).gate.rules
    assert rule.value == states.count(False)
    assert rule.passed is (False if False in states else None if None in states else True)


def test_values_of_rules_are_joined() -> None:
    def shard(line: int, hit_rate: float, missed: float) -> Report:
        return gated(
            line,
            RuleReport(rule=GateRule.WASTEFUL, limit=0.2, value=hit_rate, passed=True),
            RuleReport(rule=GateRule.MISSED, limit=0.05, value=missed, passed=True),
            RuleReport(rule=GateRule.INCONCLUSIVE, limit=0, value=0, passed=True),
        )

    wasteful, missed, inconclusive = merge([shard(1, 0.9, 0.03), shard(2, 0.4, 0.04)]).gate.rules
    assert (wasteful.value, wasteful.passed) == (0.4, True)
    assert (missed.value, missed.passed) == (pytest.approx(0.07), None)
    assert (inconclusive.value, inconclusive.passed) == (1, False)


def test_a_shard_without_report_leaves_no_rule_passed() -> None:
    rule = RuleReport(rule=GateRule.UNSAFE, limit=0, value=0, passed=True)
    merged = merge([gated(1, rule), gated(2, rule)], expected=3)
    assert merged.gate.verdict is GateVerdict.INCONCLUSIVE
    assert merged.notes[0] == "1 of 3 shards gave no report: their functions are missing."
    assert merge([gated(1, rule)], expected=2).gate.verdict is GateVerdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"change": reports.report().change.model_copy(update={"head": "f" * 40})}, "different heads"),
        ({"suite": reports.suite(command="tox")}, "different test commands: python -m pytest -q and tox"),
        ({"suite": reports.suite(effort="quick")}, "different efforts: standard and quick"),
        ({"limits": None}, "different thresholds"),
        ({"gate": reports.undecided()}, "different gate rules"),
    ],
)
def test_reports_that_do_not_belong_together_are_refused(change: dict[str, object], said: str) -> None:
    other = reports.report([reports.second_win()]).model_copy(update=change)
    with pytest.raises(InputError, match=said):
        merge([reports.report([reports.win()]), other])


def test_a_function_in_two_shards_is_refused() -> None:
    with pytest.raises(InputError, match=r"src/shop/rates.py::parse_rate \(line 41\) is in two reports"):
        merge([reports.one_win(), reports.one_win()])


def test_no_report_is_refused() -> None:
    with pytest.raises(InputError, match="no report was given"):
        merge([])


def test_a_broken_suite_in_one_shard_is_told() -> None:
    broken = reports.broken_suite()
    whole = reports.report([reports.win()], gate=broken.gate)
    merged = merge([whole, broken])
    assert merged.suite.passed is False
    assert merged.suite.failing_tests == broken.suite.failing_tests
    assert not merged.suite.failing_left_out


def test_tests_that_one_shard_left_out_are_left_out_of_the_whole() -> None:
    suite = reports.suite(passed=False, failing_tests=("test_a.py::test",), failing_left_out=True)
    partial = reports.report([reports.second_win()], suite=suite)
    merged = merge([reports.report([reports.win()]), partial]).suite
    assert (merged.passed, merged.failing_left_out) == (False, True)
    assert not merge([reports.report([reports.win()])]).suite.failing_left_out
    both = merge([partial, reports.broken_suite().model_copy(update={"gate": partial.gate})]).suite
    assert not both.failing_left_out

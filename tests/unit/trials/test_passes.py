"""Passes within processes: when they are made, what they show, and when they are not believed."""

import math
import random
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from hitrate.evidence import Saving
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials import passes
from hitrate.trials.passes import Order
from hitrate.trials.payback import AT_ANY_COST, FRUGAL
from hitrate.trials.sitting import Pass, Refusal, RefusedError, Sitting
from hitrate.trials.stats import interval, interval_of_groups
from hitrate.trials.validator import IndividualValidator
from hitrate.vocabulary import Metric, Stop
from tests.unit.simulated import Project, winner


@dataclass
class Tests:
    """Processes that make passes: what they take, and what goes wrong."""

    __test__ = False

    starting: float = 0.3
    plain: float = 0.2
    saved: float = 0.05
    noise: float = 0.0
    between: float = 0.0
    first: float = 0.0
    drift: float = 0.0
    looked_up: tuple[tuple[int, int], ...] = ((8, 2),)
    later: tuple[tuple[int, int], ...] = ((8, 2),)
    refused: RefusedError | None = None
    seed: int = 0
    orders: list[Order] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = random.Random(self.seed)

    def sit(self, order: Order) -> Sitting:
        self.orders.append(order)
        if self.refused:
            raise self.refused
        saved = self.saved * math.exp(self.source.gauss(0, self.between))
        affordable = int(order.cpu_seconds / (2 * self.plain - self.saved + order.saving_seconds))
        pairs = 1 if order.pairs == 1 else min(order.pairs, affordable // 2 * 2)
        first = self._pass(True, saved, 0)
        alone = self.starting + self.first + first.cpu_seconds
        run = TestRun(Outcome.PASSED, 0, alone, alone)
        ons = [(index % 4 in (0, 3)) is order.cached_first for index in range(2 * pairs)]
        later = tuple(
            replace(self._pass(on, saved, index), looked_up=self.later if on else ((0, 0),))
            for index, on in enumerate(ons)
        )
        return Sitting(run, replace(first, cpu_seconds=first.cpu_seconds + self.first), later)

    def _pass(self, on: bool, saved: float, index: int) -> Pass:
        seconds = (self.plain - (saved if on else 0.0)) * math.exp(self.source.gauss(0, self.noise))
        seconds *= 1 + self.drift * index
        return Pass(on, seconds, seconds, self.looked_up)


def measured(tests: Tests, saving: float | None = None, means: float = 10.0, economy=FRUGAL):
    alone = tests.starting + tests.plain - tests.saved
    warm = TestRun(Outcome.PASSED, 0, alone, alone)
    plan = passes.planned(tests.saved if saving is None else saving, warm, 600.0, means, economy)
    assert plan is not None
    return passes.measured(tests.sit, plan, lambda: 1.0)


def test_what_passes_save_is_told_of_a_whole_run():
    tests = Tests(starting=0.35, plain=0.25, saved=0.1)
    sittings, series = measured(tests)
    assert series.speedup == pytest.approx(0.6 / 0.5)
    assert (series.interval.low, series.interval.high) == pytest.approx((1.2, 1.2))
    assert (series.processes, len(series.pairs), series.stop) == (4, 4, Stop.PRECISE)
    assert series.pairs[0].without.cpu_seconds == pytest.approx(0.6)
    assert series.pairs[0].cached.cpu_seconds == pytest.approx(0.5)
    assert len(sittings) == 4


def test_processes_begin_with_one_arm_and_the_other_in_turn():
    tests = Tests()
    measured(tests)
    assert [order.cached_first for order in tests.orders] == [False, True, False, True]
    assert [order.number for order in tests.orders] == [1, 2, 3, 4]


@pytest.mark.parametrize(("saved", "pairs"), [(0.1, 1), (0.06, 1), (0.05, 2), (0.03, 4), (0.01, 6)])
def test_smaller_savings_take_more_pairs(saved, pairs):
    tests = Tests(saved=saved)
    measured(tests)
    assert tests.orders[0].pairs == pairs


def test_at_any_cost_none_is_futile_and_small_savings_are_tried():
    tests = Tests(saved=0.001, noise=0.05)
    _, series = measured(tests, economy=AT_ANY_COST, means=math.inf)
    assert {order.pairs for order in tests.orders} == {6}
    assert (series.stop, series.processes) == (Stop.LAST_LOOK, 4)


def test_no_more_pairs_are_made_than_a_trial_may_have():
    tests = Tests(saved=0.001)
    measured(tests, economy=replace(AT_ANY_COST, pairs_at_most=8))
    assert {order.pairs for order in tests.orders} == {2}


def test_long_tests_are_left_to_pairs_of_processes():
    warm = TestRun(Outcome.PASSED, 0, 20.0, 20.0)
    assert passes.planned(2.0, warm, 3600.0, 600.0, FRUGAL) is None
    assert passes.planned(2.0, warm, 3600.0, math.inf, AT_ANY_COST) is None


def test_where_a_process_takes_more_than_its_share_there_is_one_less():
    tests = Tests(starting=0.5, plain=0.5, saved=0.1)
    sittings, series = measured(tests, means=9.0)
    assert (len(sittings), series.processes) == (3, 3)


FOUR = ((0.02, 0.0), (0.002, 0.2), (0.01, 0.1), (0.1, 0.1))
TWO = ((0.02, 0.0), (0.05, 0.02), (0.1, 0.1))
"""Two processes are compared by arm: what differs between them must do so in both."""


@pytest.mark.parametrize(
    ("saved", "means", "scatter"), [(0.05, 10.0, FOUR), (0.1, 10.0, FOUR), (0.1, 2.0, TWO)]
)
def test_the_shown_saving_is_covered_whatever_differs_between_processes(saved, means, scatter):
    for noise, between in scatter:
        covered = 0
        for seed in range(300):
            _, series = measured(Tests(saved=saved, noise=noise, between=between, seed=seed), means=means)
            true = 0.5 / (0.5 - saved)
            covered += series.interval.low <= true <= series.interval.high
        assert covered >= 280, (noise, between)


@pytest.mark.parametrize("saving", [0.05, 0.1])
def test_the_same_code_in_both_arms_is_hardly_ever_told_apart(saving):
    found = [
        measured(Tests(saved=0.0, noise=0.02, seed=seed), saving=saving)[1].interval for seed in range(400)
    ]
    assert sum(each.excludes_one for each in found) <= 20


@pytest.mark.parametrize(
    ("saved", "means", "between"),
    [(0.05, 3.5, 0.05), (0.05, 10.0, 0.05), (0.1, 2.0, 0.02), (0.1, 3.2, 0.05), (0.1, 10.0, 0.05)],
)
def test_the_interval_of_one_run_covers_the_estimate_of_the_next(saved, means, between):
    found = [
        measured(Tests(saved=saved, noise=0.02, between=between, seed=seed), means=means)[1]
        for seed in range(300)
    ]
    covered = [
        one.interval.low <= other.interval.speedup <= one.interval.high for one, other in pairwise(found)
    ]
    assert sum(covered) / len(covered) >= 0.9


def test_single_pairs_come_from_more_processes_where_four_do_not_tell():
    by_seed = [measured(Tests(saved=0.1, noise=0.2, seed=seed))[1] for seed in range(100)]
    assert {series.processes for series in by_seed} == {4, 8}
    assert all(len(series.pairs) == series.processes for series in by_seed)
    shown = sum(series.interval.excludes_one for series in by_seed)
    alone = [measured(Tests(saved=0.1, noise=0.2, seed=seed), means=2.0)[1] for seed in range(100)]
    assert {series.processes for series in alone} == {2}
    assert shown > sum(series.interval.excludes_one for series in alone)


def test_a_saving_twice_as_far_above_the_noise_is_looked_at_after_two_processes():
    tests = Tests(saved=0.15, noise=0.02)
    _, series = measured(tests)
    assert (series.processes, series.stop, [order.of for order in tests.orders]) == (2, Stop.PRECISE, [2, 2])
    many = [measured(Tests(saved=0.15, noise=0.2, seed=seed)) for seed in range(60)]
    assert {series.processes for _, series in many} == {2, 8}


def test_an_early_look_finds_no_more_that_is_not_there():
    found = [measured(Tests(saved=0.0, noise=0.05, seed=seed), saving=0.2)[1] for seed in range(400)]
    assert {series.processes for series in found} >= {2, 8}
    assert sum(series.interval.excludes_one for series in found) <= 20
    large = [measured(Tests(saved=0.15, noise=0.05, seed=seed))[1] for seed in range(400)]
    assert sum(series.interval.low <= 0.5 / 0.35 <= series.interval.high for series in large) >= 375


def test_six_processes_are_begun_where_there_are_no_means_for_eight():
    found = {measured(Tests(saved=0.0, noise=0.05, seed=1), saving=0.1, means=means)[1].processes
             for means in (4.5, 7.0, 9.0)}  # fmt: skip
    assert found == {4, 6, 8}


def test_readers_are_told_of_no_process_that_may_not_be_needed():
    tests = Tests(saved=0.0, noise=0.05, seed=1)
    measured(tests, saving=0.1)
    assert [order.of for order in tests.orders] == [4] * 4 + [8] * 4


def test_what_drifts_makes_single_pairs_scatter_and_no_difference():
    _, series = measured(Tests(saved=0.0, drift=0.1), saving=0.1)
    assert not series.interval.excludes_one
    assert series.speedup == pytest.approx(1.0, abs=1e-3)


def test_the_time_is_up_between_two_looks():
    tests, left = Tests(saved=0.0, noise=0.05, seed=1), iter([1.0] * 6 + [0.0] * 9)
    warm = TestRun(Outcome.PASSED, 0, 0.4, 0.4)
    plan = passes.planned(0.1, warm, 600.0, 10.0, FRUGAL)
    sittings, series = passes.measured(tests.sit, plan, lambda: next(left))
    assert (len(sittings), series.stop) == (6, Stop.BUDGET)
    ratios = [[pair.log_ratio(Metric.CPU) for pair in sitting.pairs()] for sitting in sittings]
    expected = interval_of_groups(ratios, 0.02)
    assert series.interval.half_width == pytest.approx(expected.half_width)


def test_single_pairs_are_futile_only_once_four_processes_tell():
    tests = Tests(saved=0.0, noise=0.6, seed=3)
    _, series = measured(tests, saving=0.1)
    assert (series.stop, len(tests.orders)) == (Stop.FUTILE, 4)


def test_passes_that_cannot_show_the_promise_end():
    tests = Tests(saved=0.0, noise=0.3)
    _, series = measured(tests, saving=0.02)
    assert (series.stop, len(tests.orders)) == (Stop.FUTILE, 2)


@pytest.mark.parametrize(
    ("means", "saving", "budget"),
    [(2.0, 0.05, 600.0), (10.0, 4.5, 600.0), (10.0, 0.003, 600.0), (10.0, 0.05, 2.0), (10.0, 0.0, 600.0)],
)
def test_passes_are_left_where_they_cost_too_much_or_show_nothing(means, saving, budget):
    warm = TestRun(Outcome.PASSED, 0, 0.5, 0.5)
    assert passes.planned(saving, warm, budget, means, FRUGAL) is None


@pytest.mark.parametrize(
    ("tests", "why"),
    [
        (Tests(later=((8, 3),)), Refusal.CALLS),
        (Tests(later=((10, 0),)), Refusal.CALLS),
        (Tests(later=((0, 0),)), Refusal.CALLS),
        (Tests(drift=0.1, noise=0.001), Refusal.DRIFT),
        (Tests(drift=-0.05, noise=0.001), Refusal.DRIFT),
        (Tests(refused=RefusedError(Refusal.HELD, "partial")), Refusal.HELD),
    ],
)
def test_passes_that_do_not_tell_are_refused(tests, why):
    with pytest.raises(RefusedError) as refused:
        measured(tests)
    assert refused.value.refusal is why


@pytest.mark.parametrize(
    "tests",
    [
        Tests(noise=0.03),
        Tests(drift=0.001),
        Tests(looked_up=((800, 200),), later=((801, 200),)),
    ],
)
def test_noise_and_a_call_more_or_less_are_no_reason(tests):
    measured(tests)


def test_no_process_is_begun_when_the_time_is_up():
    tests = Tests()
    warm = TestRun(Outcome.PASSED, 0, 0.45, 0.45)
    plan = passes.planned(0.05, warm, 600.0, 10.0, FRUGAL)
    with pytest.raises(RefusedError):
        passes.measured(tests.sit, plan, lambda: 0.0)
    assert tests.orders == []


def test_groups_that_lie_together_by_luck_are_not_believed():
    apart = interval_of_groups([[0.1, 0.1001], [0.2, 0.2001], [0.3, 0.3001]])
    together = interval_of_groups([[0.1, 0.3], [0.2, 0.2], [0.3, 0.1]])
    assert apart.low < 1 < apart.high
    assert together.half_width == pytest.approx(3.685 * math.sqrt(math.pi / 3 * 0.04 / 3 / 6), rel=1e-3)
    assert apart.pairs == together.pairs == 6


def test_groups_of_one_pair_are_as_single_values():
    assert interval_of_groups([[0.1], [0.2], [0.3]], 0.02) == interval([0.1, 0.2, 0.3], 0.02)


def validator(project: Project, tests: Tests, folder: Path) -> IndividualValidator:
    suite = Suite("python -m pytest", folder, {})
    plain = project.validator(folder)
    return replace(plain, suite=suite, economy=FRUGAL, passes=lambda arms, winners, suite: tests.sit)


def tried(project: Project, tests: Tests, folder: Path, saving=0.1, metric=Metric.CPU):
    return validator(project, tests, folder).trial([winner("f")], Saving(saving, metric), [], 600.0)


def test_a_trial_by_passes_takes_no_pair_of_processes(tmp_path):
    project = Project(seconds=0.5, saves={"f": 0.1})
    trial = tried(project, Tests(saved=0.1), tmp_path)
    assert (trial.processes, trial.pairs, len(project.log)) == (4, 4, 1)
    assert (trial.low, trial.high) == pytest.approx((1.25, 1.25))
    assert trial.seconds_with == pytest.approx(0.4)
    assert trial.failure is None


@pytest.mark.parametrize("refusal", Refusal)
def test_where_they_are_refused_processes_are_run_in_pairs_and_why_is_said(tmp_path, refusal):
    project = Project(seconds=0.5, saves={"f": 0.1}, noise=0.01)
    trial = tried(project, Tests(refused=RefusedError(refusal, "this")), tmp_path)
    assert (trial.processes, trial.failure) == (None, None)
    assert trial.pairs > 1
    told = [
        note for note in trial.notes if note.startswith("Each run of the trial is a process of its own: ")
    ]
    assert len(told) == 1
    assert "{" not in told[0]


def test_where_there_are_no_means_left_for_pairs_only_that_is_said(tmp_path):
    project = Project(seconds=0.5, saves={"f": 0.1}, noise=0.01)
    refusing = validator(project, Tests(refused=RefusedError(Refusal.LONG)), tmp_path)
    tight = replace(refusing, economy=replace(FRUGAL, room=3.0))
    trial = tight.trial([winner("f")], Saving(0.1), [], 600.0)
    assert trial.pairs == 0
    assert len([note for note in trial.notes if "more than is left" in note]) == 1
    assert not any("process of its own" in note for note in trial.notes)


def test_saved_waiting_and_other_commands_take_processes(tmp_path):
    project = Project(seconds=0.5, saves={"f": 0.1}, waits={"f": 0.3}, waiting=0.4, noise=0.01)
    assert tried(project, Tests(), tmp_path, metric=Metric.WALL).processes is None
    plain = replace(validator(project, Tests(), tmp_path), suite=Suite("make test", tmp_path, {}))
    assert plain.trial([winner("f")], Saving(0.1), [], 600.0).processes is None


def test_less_than_promised_is_not_believed_where_the_first_pass_took_as_much_longer(tmp_path):
    project = Project(seconds=0.5, saves={"f": 0.1}, noise=0.01)
    assert tried(project, Tests(saved=0.01, first=0.1), tmp_path).processes is None
    assert tried(project, Tests(saved=0.01, first=0.01), tmp_path).processes == 4
    assert tried(project, Tests(saved=0.1, first=0.1), tmp_path).processes == 4


def test_a_single_cache_that_slows_passes_down_is_told(tmp_path):
    project = Project(seconds=0.5, saves={"f": -0.1})
    trial = tried(project, Tests(saved=-0.05, noise=0.001), tmp_path)
    assert trial.slowed_by == ("a.py::f",)
    assert trial.high < 1


def test_later_processes_make_as_many_passes_as_the_first_one_could():
    tests, asked = Tests(saved=0.01), []
    warm = TestRun(Outcome.PASSED, 0, 0.49, 0.49)
    plan = passes.planned(0.01, warm, 600.0, 10.0, FRUGAL)

    def sit(order: Order) -> Sitting:
        asked.append(order.pairs)
        return tests.sit(replace(order, pairs=min(order.pairs, 4)))

    _, series = passes.measured(sit, plan, lambda: 1.0)
    assert asked == [6, 4, 4, 4]
    assert len(series.pairs) == 16


def test_what_an_earlier_trial_took_is_no_cost_of_refused_passes(tmp_path):
    project = Project(seconds=0.5, saves={"f": 0.1}, noise=0.01)
    refusing = validator(project, Tests(refused=RefusedError(Refusal.HELD)), tmp_path)
    first, second = (refusing.trial([winner("f")], Saving(0.1), [], 600.0) for _ in range(2))
    refusing.bench.spent.cpu_seconds += 1000.0
    third = refusing.trial([winner("f")], Saving(0.1), [], 600.0)
    assert first.pairs > 1
    assert min(second.pairs, third.pairs) > 1

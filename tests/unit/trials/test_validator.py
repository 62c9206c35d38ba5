"""The validator's decisions, on a project whose runs take the time that a test says."""

from dataclasses import replace

import pytest

from hitrate.evidence import Saving
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun.run import Outcome, Suite
from hitrate.trials.arms import Winner
from hitrate.trials.pairs import Arm
from hitrate.trials.payback import FRUGAL
from hitrate.vocabulary import Metric, Stop
from tests.unit.simulated import PATIENT, Project, winner

FAILED = (Outcome.FAILED, ("test_x",))
NAMELESS = (Outcome.FAILED, ())
LATE = (Outcome.TIMED_OUT, ())
PASSED = (Outcome.PASSED, ())


def tried(project, folder, *names, saving=2.0, metric=Metric.CPU, budget=600.0, **settings):
    validator = project.validator(folder, **settings)
    return validator.trial([winner(name) for name in names], Saving(saving, metric), [], budget)


def test_a_saving_is_measured_with_its_interval(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01)
    trial = tried(project, tmp_path, "f")
    assert trial.low <= 1.25 <= trial.high
    assert trial.low > 1
    assert (trial.confidence, trial.pairs, trial.metric) == (0.95, 3, Metric.CPU)
    assert trial.stop is Stop.PRECISE
    assert trial.seconds_without == pytest.approx(10, rel=0.03)
    assert trial.seconds_with == pytest.approx(8, rel=0.03)
    assert trial.predicted_saving_seconds == 2.0
    assert trial.functions == ("a.py::f",)
    assert trial.failure is None
    assert trial.wall_speedup is not None


def test_the_proving_run_comes_first_and_its_arm_stays_warm(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01)
    validator = project.validator(tmp_path)
    validator.trial([winner("f")], Saving(2.0), [], 600.0)
    assert [bool(carrying) for _, carrying in project.log[:5]] == [True, False, True, True, False]
    assert validator.bench.spent.runs == len(project.log) == 7
    assert validator.bench.spent.cpu_seconds == pytest.approx(4 * 8 + 3 * 10, rel=0.05)


def test_the_tree_is_as_before_after_a_trial(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01)
    tried(project, tmp_path, "f")
    assert project.carrying == frozenset()


def test_a_small_saving_is_proven_but_not_measured(tmp_path):
    project = Project(saves={"f": 0.2})
    trial = tried(project, tmp_path, "f", saving=0.2)
    assert (trial.speedup, trial.pairs, trial.failure, trial.stop) == (None, 0, None, None)
    assert "predicted, not measured" in " ".join(trial.notes)
    assert len(project.log) == 1


def test_the_proving_run_is_made_without_any_budget(tmp_path):
    project = Project(saves={"f": 2.0})
    trial = tried(project, tmp_path, "f", budget=0.0)
    assert (trial.pairs, len(project.log)) == (0, 1)
    assert "time budget" in " ".join(trial.notes)


def test_a_budget_that_ends_the_trial_is_said(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.1)
    project.run = slowing_down(project, after=8)
    trial = tried(project, tmp_path, "f", budget=200.0)
    assert 0 < trial.pairs < 8
    assert "The time budget ended the trial" in " ".join(trial.notes)
    assert trial.stop is Stop.BUDGET


def slowing_down(project, after):
    real = project.run

    def run(suite, **options):
        if len(project.log) >= after:
            project.now += 60
        return real(suite, **options)

    return run


def test_tests_that_fail_twice_with_and_never_without_are_broken(tmp_path):
    project = Project(endings={True: [FAILED, FAILED]})
    trial = tried(project, tmp_path, "f")
    assert (trial.broken_tests, trial.pairs, trial.speedup) == (("test_x",), 0, None)
    assert "test_x fails with the caches" in trial.failure
    assert [bool(carrying) for _, carrying in project.log] == [True, False, True]


def test_a_command_without_test_names_can_be_broken_too(tmp_path):
    trial = tried(Project(endings={True: [NAMELESS, NAMELESS]}), tmp_path, "f")
    assert trial.broken_tests == ()
    assert "exit code 1" in trial.failure


def test_a_test_that_fails_once_is_flaky_and_the_trial_goes_on(tmp_path):
    trial = tried(Project(saves={"f": 2.0}, noise=0.01, endings={True: [FAILED, PASSED]}), tmp_path, "f")
    assert (trial.broken_tests, trial.failure) == ((), None)
    assert trial.pairs == 3
    assert "flaky" in " ".join(trial.notes)


def test_other_tests_failing_each_time_prove_nothing(tmp_path):
    other = (Outcome.FAILED, ("test_y",))
    trial = tried(Project(endings={True: [FAILED, other]}), tmp_path, "f")
    assert trial.broken_tests == ()
    assert "flaky" in trial.failure


def test_tests_that_fail_with_and_without_are_not_broken_by_the_caches(tmp_path):
    trial = tried(Project(endings={True: [FAILED], False: [FAILED]}), tmp_path, "f")
    assert trial.broken_tests == ()
    assert "without the caches too" in trial.failure


def test_a_timeout_with_the_caches_only_is_broken_and_not_tried_again(tmp_path):
    project = Project(endings={True: [LATE]})
    trial = tried(project, tmp_path, "f")
    assert "do not end within" in trial.failure
    assert len(project.log) == 2


def test_a_timeout_in_both_arms_says_nothing_about_the_caches(tmp_path):
    trial = tried(Project(endings={True: [LATE], False: [LATE]}), tmp_path, "f")
    assert "without the caches too" in trial.failure
    assert trial.pairs == 0


def test_a_hanging_cache_is_waited_for_in_proportion_to_the_plain_run(tmp_path):
    project = Project()
    limits = []
    real = project.run
    project.run = lambda suite, **options: (
        limits.append(suite.limits),
        real(suite, **options),
    )[1]
    tried(project, tmp_path, "f")
    assert limits[0].timeout_seconds == pytest.approx(5 * 10 + 60)
    assert limits[0].cpu_seconds == pytest.approx(1.5 * 10 + 2)


def test_tests_that_fail_in_the_pairs_with_the_caches_only_are_broken(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01, endings={True: [PASSED, FAILED, PASSED, FAILED]})
    trial = tried(project, tmp_path, "f")
    assert trial.broken_tests == ("test_x",)
    assert "2 pairs not counted" in " ".join(trial.notes)


def test_tests_that_fail_in_the_pairs_now_here_now_there_are_flaky(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01, endings={True: [PASSED, FAILED], False: [PASSED, FAILED]})
    trial = tried(project, tmp_path, "f")
    assert (trial.broken_tests, trial.failure) == ((), None)
    assert trial.pairs == 3


def test_a_slow_cache_is_found_among_many_and_left_out(tmp_path):
    names = [f"f{number}" for number in range(8)]
    project = Project(saves=dict.fromkeys(names, 0.2) | {"f5": -8.0}, noise=0.01)
    trial = tried(project, tmp_path, *names, budget=3600.0)
    assert trial.slowed_by == ("a.py::f5",)
    assert "slower with the cache of a.py::f5" in trial.failure
    assert trial.functions == tuple(f"a.py::{name}" for name in names if name != "f5")
    assert trial.low > 1


def test_a_single_slow_cache_is_shown_as_slower(tmp_path):
    trial = tried(Project(saves={"f": -2.0}, noise=0.01), tmp_path, "f")
    assert trial.high < 1
    assert trial.slowed_by == ("a.py::f",)


def test_which_cache_is_slow_may_stay_open_when_the_time_is_up(tmp_path):
    project = Project(saves={"f": -2.0}, noise=0.01)
    trial = tried(project, tmp_path, "f", "g", budget=95.0)  # three pairs, no fourth
    assert trial.high < 1
    assert trial.slowed_by == ()
    assert trial.failure == "The tests are slower with the caches; which one it is could not be determined."


def test_wall_time_decides_where_the_saving_is_waiting(tmp_path):
    project = Project(seconds=1.0, waiting=9.0, waits={"f": 4.0}, noise=0.01)
    trial = tried(project, tmp_path, "f", saving=4.0, metric=Metric.WALL)
    assert trial.metric is Metric.WALL
    assert trial.low > 1.5
    assert "Wall time decides" in " ".join(trial.notes)
    assert trial.wall_speedup is None


def test_cpu_time_decides_where_the_plain_run_waits_but_the_saving_does_not(tmp_path):
    project = Project(seconds=10.0, waiting=9.0, saves={"f": 4.0}, noise=0.01)
    trial = tried(project, tmp_path, "f", saving=4.0)
    assert trial.metric is Metric.CPU
    assert trial.low > 1.5


def test_a_workload_is_timed_and_the_tests_still_prove(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01)
    trial = tried(project, tmp_path, "f", workload=Suite("./work", tmp_path, {}))
    assert [command for command, _ in project.log[:3]] == ["make test", "./work", "./work"]
    assert {command for command, _ in project.log[1:]} == {"./work"}
    assert trial.low > 1


def test_alone_a_function_is_tried_whatever_it_costs(tmp_path):
    project = Project(saves={"f": 0.05}, noise=0.001)
    trial = project.validator(tmp_path, num_runs=8).solo(winner("f"), Saving(0.05), [], 600.0)
    assert trial.pairs in (4, 8)
    assert trial.low > 1


def test_a_trial_below_the_noise_tells_what_it_could_have_seen(tmp_path):
    project = Project()
    trial = tried(project, tmp_path, "f", saving=1.0, economy=replace(PATIENT, assumed_spread=0.5))
    assert trial.pairs == 0
    assert trial.detectable > 0.1


def test_a_trial_that_cannot_show_the_promise_ends_at_its_first_look_and_says_so(tmp_path):
    trial = tried(Project(saves={"f": 0.5}, noise=0.15), tmp_path, "f", saving=0.5)
    assert trial.pairs == 4
    assert trial.low < 1 < trial.high
    assert "ended after 4 pairs: their times scatter too much" in " ".join(trial.notes)


def test_pairs_cost_no_more_than_one_plain_run(tmp_path):
    project = Project(saves={"f": 2.0}, noise=0.01)
    trial = tried(project, tmp_path, "f", economy=FRUGAL)
    assert (trial.pairs, len(project.log)) == (0, 1)
    assert "a trial would take more than 10" in " ".join(trial.notes)


def test_an_existing_cache_is_lifted_in_one_arm_and_kept_in_the_other():
    function = Function("a.py", "f", 3, cache=ExistingCache(8, False))
    (lift,) = Winner(function, 8).edits(Arm.WITHOUT)
    assert (lift.qualname, lift.line) == ("f", 3)
    assert Winner(function, 8).edits(Arm.WITH) == ()
    (resized,) = Winner(function, 64).edits(Arm.WITH)
    assert "maxsize=64" in resized.decorator
    (typed,) = Winner(function, 8, typed=True).edits(Arm.WITH)
    assert "typed=True" in typed.decorator


def test_slow_caches_are_named_one_after_the_other(tmp_path):
    project = Project(saves={"f": -3.0, "g": 0.1, "h": -3.0, "i": 0.1}, noise=0.01)
    trial = tried(project, tmp_path, "f", "g", "h", "i", budget=3600.0)
    assert trial.failure == "The tests are slower with the cache of a.py::f, a.py::h."
    assert trial.slowed_by == ("a.py::f", "a.py::h")
    assert trial.functions == ("a.py::g", "a.py::i")

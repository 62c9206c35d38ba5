"""Promises against trials on the way to verdicts, on a project whose runs take the time that a test says."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitrate.analysis.rounds.allowance import Allowance
from hitrate.analysis.rounds.course import Course
from hitrate.analysis.session import Bytecode, as_it_is
from hitrate.evidence import Evidence, Together
from hitrate.progress.progress import Silent
from hitrate.settings.model import Settings
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.payback import AT_ANY_COST
from hitrate.verdict.judge import judge, thresholds_of
from hitrate.vocabulary import Effort, Verdict
from hitrate.wording.figures import some
from tests.unit.simulated import PLAIN, Project

KEPT = Function("a.py", "kept", 9, cache=ExistingCache(128, typed=False))


class Screener:
    """Replays nothing: a function saves what it promises, and less beside others."""

    def __init__(self, promises):
        self.promises = promises

    def replay_together(self, functions):
        beside = 1.0 if len(functions) == 1 else 0.9
        return {
            function: Together(90, 10, self.promises[function.qualname] * beside) for function in functions
        }


class Way:
    """One change: what its functions promise, and what their caches really save of 10 s."""

    def __init__(
        self, folder, promises, saves, noise=0.002, *,
        breaks=None, seconds=math.inf, pytest=False, chosen=None, pace=1.0, **validator,
    ):  # fmt: skip
        def ending(carrying):
            failed = [test for test, name in (breaks or {}).items() if name in carrying]
            return (Outcome.FAILED, failed) if failed else PLAIN

        (folder / "t.py").touch()
        self.project = Project(seconds=10.0 * pace, saves=saves, noise=noise, ending=ending)
        baseline = TestRun(Outcome.PASSED, 0, 10.0, 10.0, tests=50)
        session = SimpleNamespace(
            settings=chosen or Settings(),
            clock=lambda: self.project.now,
            cpu_seconds=float,
            of_all=as_it_is,
            patcher=self.project,
            scratch=folder,
            bytecode=Bytecode(folder / "compiled", folder / "warm"),
            progress=Silent(),
            project=SimpleNamespace(
                suite=Suite("pytest" if pytest else "make test", folder, {}), workload=None
            ),
        )
        deadline = session.clock() + session.settings.time_budget
        self.course = course = Course(session, Screener(promises), baseline, deadline)
        course._validator = self.project.validator(folder, **validator)
        bench = course._validator.bench
        course.allowance = Allowance(seconds, lambda: bench.spent.cpu_seconds)
        evidence = [self.item(name, saved) for name, saved in promises.items()]
        found, self.trial = course.tried(evidence)
        self.evidence = found
        self.found = {item.function.qualname: item for item in found}
        self.verdicts = {
            name: judge(item, thresholds_of(Settings()), course._spent).verdict
            for name, item in self.found.items()
        }

    def item(self, name, saved):
        function = KEPT if name == "kept" else Function("a.py", name, 1 + len(name))
        return Evidence(
            function, maxsize=128, calls=100, hits=90, misses=10, saved_seconds=saved, tests=("t.py::a",)
        )

    def claimed(self, name):
        return self.found[name].together.saved_seconds


def test_a_promise_that_is_kept_stays(tmp_path):
    way = Way(tmp_path, {"f": 2.0}, {"f": 2.0})
    assert (way.verdicts["f"], way.claimed("f")) == (Verdict.CACHE, 2.0)
    assert way.trial.notes == (
        (
            "The trial runs the whole test command: it is not a plain pytest call, "
            "so it does not accept test ids."
        ),
    )


def test_of_a_promise_that_is_not_kept_the_trials_figure_is_claimed(tmp_path):
    way = Way(tmp_path, {"f": 2.0, "g": 1.0}, {"f": 0.5, "g": 0.4})
    assert set(way.verdicts.values()) == {Verdict.CACHE}
    assert way.claimed("f") + way.claimed("g") == pytest.approx(0.9, abs=0.1)
    assert way.found["f"].saved_seconds == pytest.approx(2.0 * 0.9 / 2.7, rel=0.1)
    assert "less than the 2.7" in way.trial.notes[-1]


def test_a_promise_of_which_nothing_is_left_is_no_cache(tmp_path):
    way = Way(tmp_path, {"f": 2.0, "kept": 1.0}, {"f": 0.0})
    assert way.verdicts == {"f": Verdict.NOT_WORTH_IT, "kept": Verdict.KEEP}
    assert way.found["f"].together is None
    assert way.claimed("kept") == 1.0  # alone again, without a function that gets no cache


def test_more_than_was_promised_is_said_and_not_claimed(tmp_path):
    way = Way(tmp_path, {"f": 1.0}, {"f": 3.0})
    assert (way.verdicts["f"], way.claimed("f")) == (Verdict.CACHE, 1.0)
    assert "more than the 1.0" in way.trial.notes[-1]


@pytest.mark.parametrize("pace", [0.5, 0.8, 1.25, 2.0])
def test_a_slower_or_faster_minute_is_no_other_share(tmp_path, pace):
    """The project takes 10 s when it is observed, and all of its times are others when it is tried."""
    way = Way(tmp_path, {"f": 2.0}, {"f": 2.0 * pace}, pace=pace)
    assert (way.verdicts["f"], way.claimed("f")) == (Verdict.CACHE, 2.0)
    assert way.trial.speedup == pytest.approx(1.25, rel=0.02)
    assert len(way.trial.notes) == 1


def test_tests_that_were_run_in_part_say_nothing_of_the_pace(tmp_path):
    way = Way(tmp_path, {"f": 2.0}, {"f": 2.0})
    whole, part = (replace(way.trial, tests_selected=number) for number in (50, 9))
    assert way.course._plain_seconds(way.trial) == way.course._plain_seconds(whole) == 10.0
    assert way.course._plain_seconds(part) is None


def test_what_differs_from_its_promise_is_not_tried_again(tmp_path):
    way = Way(tmp_path, {"f": 2.0}, {"f": 0.5})
    assert len(way.project.log) == 1 + 2 * way.trial.pairs


def test_a_trial_too_wide_to_tell_leaves_the_promise(tmp_path):
    way = Way(tmp_path, {"f": 0.8}, {"f": 0.8}, noise=0.2)
    assert way.trial.low < 1 < way.trial.high
    assert (way.verdicts["f"], way.claimed("f")) == (Verdict.CACHE, 0.8)
    assert way.trial.pairs == 4
    assert "scatter too much" in way.trial.notes[-1]


def test_a_cache_that_slows_is_not_worth_it_by_its_own_words(tmp_path):
    way = Way(tmp_path, {"f": 2.0}, {"f": -2.0})
    assert way.verdicts["f"] is Verdict.NOT_WORTH_IT
    assert way.trial.slowed_by == ("a.py::f",)


def test_a_cache_that_breaks_a_test_is_unsafe_and_the_others_are_tried_without_it(tmp_path):
    way = Way(tmp_path, {"f": 2.0, "g": 1.0, "h": 1.0}, {"f": 2.0, "h": 1.0}, breaks={"t.py::a": "g"})
    assert way.verdicts == {"f": Verdict.CACHE, "g": Verdict.UNSAFE, "h": Verdict.CACHE}
    assert way.trial.functions == ("a.py::f", "a.py::h")
    assert way.trial.pairs
    assert way.found["g"].hazards[0].test == "t.py::a"


def test_without_the_means_to_tell_which_cache_it_is_none_is_recommended(tmp_path):
    way = Way(tmp_path, {"f": 2.0, "g": 1.0}, {}, breaks={"t.py::a": "g"}, seconds=5.0)
    assert set(way.verdicts.values()) == {Verdict.INCONCLUSIVE}
    assert len(way.project.log) == 1
    assert "would have taken too long" in way.found["f"].doubts[0].names[0]
    assert way.trial.failure == "t.py::a fails with the caches."


def test_one_cache_that_breaks_its_test_is_proven_by_running_that_again(tmp_path):
    way = Way(tmp_path, {"f": 2.0}, {}, breaks={"t.py::a": "f"}, pytest=True)
    assert way.verdicts == {"f": Verdict.UNSAFE}
    assert [carrying for _, carrying in way.project.log] == [{"f"}, set(), {"f"}]
    assert (way.trial.broken_tests, way.trial.functions) == (("t.py::a",), ("a.py::f",))


def test_pairs_are_run_as_far_as_the_allowance_reaches(tmp_path):
    way = Way(tmp_path, {"f": 2.0}, {"f": 2.0}, seconds=30.0)
    assert way.verdicts == {"f": Verdict.CACHE}
    assert sum(1 for _ in way.project.log) == 1
    assert "predicted, not measured" in way.trial.notes[-1]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.floats(1.0, 900.0), number=st.integers(1, 5), share=st.floats(0.02, 0.15))
def test_trials_of_all_and_of_each_end_within_the_time(tmp_path, budget, number, share):
    """But for the run that proves that the caches hold together, which is always made."""
    promises = {f"f{place}": 10.0 * share for place in range(number)}
    chosen = Settings(effort=Effort.THOROUGH, time_budget=budget)
    way = Way(tmp_path, promises, promises, noise=0.0, chosen=chosen, economy=AT_ANY_COST)
    solos, notes = way.course.solos(way.evidence, way.trial)
    assert way.project.now <= max(budget, 10.0) + 1e-6
    left_out = number - len(solos)
    said = f"Skipped the trials of {some(left_out, 'function')} alone: the time budget was used up."
    assert notes == ((said,) if left_out else ())
    assert left_out == 0 or way.project.now >= budget - 10.0 - 1e-6


def test_with_time_enough_each_is_tried_alone(tmp_path):
    promises = {"f": 2.0, "g": 1.0}
    chosen = Settings(effort=Effort.THOROUGH, time_budget=10_000.0)
    way = Way(tmp_path, promises, promises, chosen=chosen, economy=AT_ANY_COST)
    solos, notes = way.course.solos(way.evidence, way.trial)
    assert ([name for name, _ in solos], notes) == (["a.py::f", "a.py::g"], ())
    assert all(trial.pairs and trial.low > 1 for _, trial in solos)

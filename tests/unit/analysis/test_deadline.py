"""All that ``thorough`` does beyond its first runs shares one time budget."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from hitrate.analysis import standard
from hitrate.analysis.rounds import course
from hitrate.analysis.rounds.allowance import Allowance
from hitrate.settings.model import Settings
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trials.payback import AT_ANY_COST, Economy
from hitrate.vocabulary import Effort


def test_the_runs_under_other_conditions_take_half_of_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[float] = []
    monkeypatch.setattr(standard, "shake", lambda *given: ends.append(given[-1]))
    session = SimpleNamespace(clock=lambda: 100.0, settings=Settings(effort=Effort.THOROUGH))
    screener = SimpleNamespace(observation=SimpleNamespace(records=Path()))
    for lasts in (10.0, 30.0, 50.0, 70.0):
        standard._shaken(session, [], screener, 160.0, lasts)  # type: ignore[arg-type]
    assert ends == [130.0, 130.0, 110.0, 90.0]  # one that lasts longer must begin earlier, or not at all


@pytest.mark.parametrize(("left", "budget"), [(math.inf, 7.0), (1.0, 6.0)])
def test_the_trials_get_what_is_left_then(
    monkeypatch: pytest.MonkeyPatch, left: float, budget: float
) -> None:
    given: list[tuple[float, Economy]] = []

    @dataclass(frozen=True)
    class Validator:
        economy: Economy = AT_ANY_COST

        def trial(self, *arguments: object) -> None:
            given.append((arguments[3], self.economy))

    monkeypatch.setattr(course, "Bench", lambda *_: None)
    monkeypatch.setattr(course, "IndividualValidator", lambda *_, **__: Validator())
    session = SimpleNamespace(
        clock=lambda: 100.0,
        cpu_seconds=float,
        settings=Settings(),
        patcher=None,
        scratch=Path(),
        bytecode=SimpleNamespace(warm=None),
        progress=None,
        project=SimpleNamespace(suite=None, workload=None),
    )
    plain = TestRun(Outcome.PASSED, 0, cpu_seconds=10.0, wall_seconds=20.0)
    way = course.Course(session, SimpleNamespace(), plain, 107.0)  # type: ignore[arg-type]
    way.allowance = Allowance(left, lambda: 0.0)
    way._trial([], [], None)  # type: ignore[arg-type]
    assert given == [(budget, replace(AT_ANY_COST, runs=left / 10.0, free_seconds=left))]

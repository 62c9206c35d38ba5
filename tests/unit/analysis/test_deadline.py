"""All that ``thorough`` does beyond its first runs shares one time budget."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from hitrate.analysis import standard
from hitrate.analysis.rounds import course
from hitrate.settings.model import Settings


def test_the_runs_under_other_conditions_take_half_of_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[float] = []
    monkeypatch.setattr(standard, "shake", lambda *given: ends.append(given[-1]))
    session = SimpleNamespace(clock=lambda: 100.0, settings=Settings())
    screener = SimpleNamespace(observation=SimpleNamespace(records=Path()))
    standard._shaken(session, [], screener, 160.0)  # type: ignore[arg-type]
    assert ends == [130.0]


def test_the_trials_get_what_is_left_then(monkeypatch: pytest.MonkeyPatch) -> None:
    budgets: list[float] = []
    monkeypatch.setattr(course, "Bench", lambda *_: None)
    monkeypatch.setattr(course, "duration_of", lambda _: None)
    monkeypatch.setattr(course, "saving_of", lambda *_: None)
    monkeypatch.setattr(
        course,
        "IndividualValidator",
        lambda *_, **__: SimpleNamespace(trial=lambda *given: budgets.append(given[-1])),
    )
    session = SimpleNamespace(
        clock=lambda: 100.0,
        settings=Settings(),
        patcher=None,
        scratch=Path(),
        bytecode=SimpleNamespace(warm=None),
        progress=None,
        project=SimpleNamespace(suite=None, workload=None),
    )
    course.Course(session, SimpleNamespace(), None, 107.0)._trial([], [])  # type: ignore[arg-type]
    assert budgets == [7.0]

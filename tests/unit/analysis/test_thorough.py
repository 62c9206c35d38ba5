"""The runs under other conditions: none begins when it is too late, and what is left out is told."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from hitrate.analysis import thorough
from hitrate.hazards.perturbation import Disturbance
from hitrate.progress.progress import Silent
from hitrate.testrun.run import Suite

ORDER = "The order of the tests was not changed: the command does not run pytest with its options."


def shaken(
    monkeypatch: pytest.MonkeyPatch, folder: Path, times: Sequence[float], deadline: float
) -> tuple[thorough.Shaken, list[Disturbance]]:
    """What is found where the clock tells these times, one before each run."""
    made: list[Disturbance] = []
    clock = iter(times)
    monkeypatch.setattr(thorough, "_observed", lambda *given: made.append(given[2].change) or {})
    session = SimpleNamespace(
        scratch=folder,
        clock=lambda: next(clock),
        progress=Silent(),
        project=SimpleNamespace(
            tree=folder / "tree", suite=Suite("make test", folder / "tree", {"PATH": "/nowhere"})
        ),
    )
    return thorough.shake(session, [], folder / "records", deadline), made  # type: ignore[arg-type]


def test_a_run_begins_only_before_the_deadline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found, made = shaken(monkeypatch, tmp_path, [9.0, 9.9, 10.0], deadline=10.0)
    assert made == [Disturbance.HASH_SEED, Disturbance.ENVIRONMENT]
    assert found.runs == 2
    assert found.notes[-1] == (
        "Skipped the runs that change which calls came before, the current directory: the time "
        "budget was used up."
    )


def test_without_any_time_no_run_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found, made = shaken(monkeypatch, tmp_path, [10.1], deadline=10.0)
    assert made == []
    assert found.runs == 0
    assert found.notes[-1].endswith("the time budget was used up.")


def test_with_time_enough_every_condition_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found, made = shaken(monkeypatch, tmp_path, [0.0] * 9, deadline=10.0)
    assert set(made) == set(Disturbance) - {Disturbance.CLOCK}
    assert found.runs == 4
    assert found.notes[-1] == ORDER

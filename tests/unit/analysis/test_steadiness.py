"""Plugins that make runs differ are switched off where they are, and only there."""

from pathlib import Path

import pytest

from hitrate.analysis.session import Project
from hitrate.analysis.steadiness import Steadied, steadied
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.testrun.interpreter import Interpreter
from hitrate.testrun.run import Outcome, Suite, TestRun


def steady(folder: Path, installed: str = "", config: str = "", command: str = "pytest") -> Steadied:
    site, tree, scratch = folder / "site", folder / "tree", folder / "scratch"
    for place in (site, tree, scratch):
        place.mkdir()
    if installed:
        (site / installed).mkdir()
    (tree / "pytest.ini").write_text(config)
    project = Project(tree, Suite(command, tree, {}), None, Change(base=None, head=None), Selection(()))
    return steadied(project, Interpreter("cpython-312", (str(site),)), scratch)


@pytest.mark.parametrize("module", ["pytest_randomly", "random_order", "pytest_rerunfailures", "hypothesis"])
def test_a_plugin_that_is_installed_is_seen_to(tmp_path: Path, module: str) -> None:
    found = steady(tmp_path, module)
    assert found.plugin is not None
    assert found.plugin.package in found.project.suite.environment["PYTEST_ADDOPTS"]
    assert found.notes() == ()
    found.plugin.records.mkdir(parents=True, exist_ok=True)
    (found.plugin.records / "pytest-randomly").touch()
    (note,) = found.notes()
    assert "pytest-randomly's order" in note


@pytest.mark.parametrize("option", ["--lf", "--ff", "--last-failed", "--sw", "--new-first"])
def test_a_choice_by_earlier_results_is_seen_to(tmp_path: Path, option: str) -> None:
    assert steady(tmp_path, config=f"[pytest]\naddopts = -q {option}\n").plugin is not None


@pytest.mark.parametrize("config", ["", "[pytest]\naddopts = -q --lfnf=all --stepwise-skip\n"])
def test_without_them_the_project_stays_as_it_is(tmp_path: Path, config: str) -> None:
    found = steady(tmp_path, "requests", config)
    assert found.plugin is None
    assert "PYTEST_ADDOPTS" not in found.project.suite.environment
    assert found.notes() == ()


CONCEALING = ["-rxXs", "-rw", "-rs", "-r s", "-rN", "-rf", "--no-summary"]
NAMING = [
    "-ra",
    "-rA",
    "-rfE",
    "-rsfE",
    "-q",
    "--reruns 2",
    "--rootdir=.",
    "-r requirements.txt",
    "--no-header",
]


@pytest.mark.parametrize("options", CONCEALING)
def test_a_summary_that_does_not_name_what_failed_is_seen_to(tmp_path: Path, options: str) -> None:
    (tmp_path / "configured").mkdir()
    assert steady(tmp_path / "configured", config=f"[pytest]\naddopts = -v {options}\n").plugin is not None
    (tmp_path / "asked").mkdir()
    assert steady(tmp_path / "asked", command=f"python -m pytest {options} tests").plugin is not None


@pytest.mark.parametrize("options", NAMING)
def test_a_summary_that_names_what_failed_is_left_alone(tmp_path: Path, options: str) -> None:
    (tmp_path / "configured").mkdir()
    assert steady(tmp_path / "configured", config=f"[pytest]\naddopts = -v {options}\n").plugin is None
    (tmp_path / "asked").mkdir()
    assert steady(tmp_path / "asked", command=f"python -m pytest {options} tests").plugin is None


def test_whether_it_was_kept_away_is_told_by_the_output(tmp_path: Path) -> None:
    found = steady(tmp_path, "flaky")
    assert found.plugin is not None
    lost = f'Error importing plugin "{found.plugin.package}": No module named'
    ended = [TestRun(Outcome.FAILED, 1, 1.0, 1.0, tail=tail) for tail in (lost, "1 passed")]
    assert [found.was_kept_away(run) for run in ended] == [True, False]

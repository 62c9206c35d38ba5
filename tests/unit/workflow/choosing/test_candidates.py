"""Jobs of a workflow that run tests."""

from typing import Any

import pytest

from hitrate.workflow.choosing.candidates import Workflow
from hitrate.workflow.reading.expression import holds
from hitrate.workflow.reading.reasons import Point

STEPS = [{"run": "pytest"}]
JOB: dict[str, Any] = {"runs-on": "ubuntu-latest", "steps": STEPS}


def workflow(on: object = "pull_request", **jobs: object) -> Workflow:
    return Workflow("ci.yml", {"on": on, "jobs": jobs})


@pytest.mark.parametrize(
    ("on", "event"),
    [
        ("pull_request", "pull_request"),
        (["push", "pull_request"], "pull_request"),
        ({"pull_request": {"types": ["opened"]}}, "pull_request"),
        ({"pull_request": {"types": ["labeled"]}, "push": None}, "push"),
        ({"pull_request": {"types": "labeled"}}, None),
        ({"push": {"tags": ["v*"]}}, None),
        ({"push": {"tags": ["v*"], "branches": ["main"]}}, "push"),
        ("merge_group", "merge_group"),
        ({"schedule": []}, None),
        (3, None),
    ],
)
def test_the_event_by_which_a_change_is_looked_at(on: object, event: str | None) -> None:
    assert workflow(on).event == event


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["docs/**"], "docs/**"),
        (["README.md", "**.rst"], "README.md, **.rst"),
        (["docs/**", "src/**"], None),
        (["**.py"], None),
        (None, None),
    ],
)
def test_paths_that_can_hold_no_code(paths: list[str] | None, expected: str | None) -> None:
    assert workflow({"pull_request": {"paths": paths}}).only_for == expected


def test_jobs_that_run_tests_are_found_and_no_others() -> None:
    found = workflow(test=JOB, lint={**JOB, "steps": [{"run": "ruff check"}]}, broken=3).candidates()
    assert [one.job for one in found] == ["test"]
    assert found[0].recipe is not None
    assert found[0].condition is None
    assert Workflow("ci.yml", {"jobs": 3}).candidates() == []


def test_the_step_runs_on_pull_requests_only_where_the_workflow_runs_on_more() -> None:
    (found,) = workflow(["push", "pull_request"], test=JOB).candidates()
    assert found.condition == "github.event_name == 'pull_request'"


def test_in_a_matrix_the_step_runs_in_one_row() -> None:
    job = {**JOB, "strategy": {"matrix": {"python": ["3.11", "3.12"]}}}
    (found,) = workflow(test=job).candidates()
    indices = [holds(found.condition, {"strategy": {"job-index": number}}) for number in (0, 1)]
    assert sorted(map(str, indices)) == ["False", "True"]
    assert found.has(Point.PYTHONS)


def test_a_job_that_never_runs_there_is_none() -> None:
    assert workflow(test={**JOB, "if": "github.event_name == 'push'"}).candidates() == []


def test_tests_in_another_workflow_are_known_to_be_somewhere() -> None:
    (found,) = workflow(all={"uses": "./.github/workflows/tests.yml"}).candidates()
    assert found.recipe is None
    assert found.has(Point.HIDDEN)
    assert workflow(all={"uses": "./.github/workflows/setup-tests.yml"}).candidates() == []
    assert workflow(all={"uses": "other/repository/tests.yml@v1"}).candidates() == []


@pytest.mark.parametrize(
    ("runs_on", "point"),
    [("windows-latest", Point.ELSEWHERE), ("macos-14", Point.ELSEWHERE), ("own", Point.NO_PLATFORM)],
)
def test_jobs_elsewhere_are_marked(runs_on: str, point: Point) -> None:
    (found,) = workflow(test={**JOB, "runs-on": runs_on}).candidates()
    assert found.has(point)

"""One row of a job: the step that runs its tests, and the points that speak for it and against it."""

from typing import Any

import pytest

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.rowview import RowView
from hitrate.workflow.reading.expression import UNKNOWN
from hitrate.workflow.reading.matrix import Row
from hitrate.workflow.reading.reasons import Point
from hitrate.workflow.reading.steps import JobRow

CHECKOUT = {"uses": "actions/checkout@v4"}


def seen(
    *steps: object,
    name: str = "build",
    path: str = ".github/workflows/main.yml",
    event: str | None = "pull_request",
    only_for: str | None = None,
    row: Row | None = None,
    runs: bool | None = True,
    **job: object,
) -> Candidate | None:
    """What is seen of a job on Linux that would have nothing against it."""
    row = row or Row({})
    data: dict[str, Any] = {"runs-on": "ubuntu-latest", **job}
    data["steps"] = [CHECKOUT, *(steps or ({"run": "pytest"},))]
    known = {"matrix": dict(row.values) if row.complete else UNKNOWN}
    place = JobRow(data, row, known, {}, {})
    return RowView(path, None, event, only_for, name, place).candidate(runs)


def points(*steps: object, **given: Any) -> dict[Point, str]:
    """The points of a job, with what was seen."""
    found = seen(*steps, **given)
    assert found is not None
    return {reason.point: reason.seen for reason in found.reasons}


def test_a_plain_job_has_only_its_runner_and_one_without_tests_is_none() -> None:
    assert points() == {Point.RUNNER: "pytest"}
    assert seen({"run": "ruff check"}) is None
    assert seen({"run": "pytest", "if": False}) is None


def test_the_step_that_most_surely_runs_all_tests_is_the_one() -> None:
    part, whole, target = {"run": "pytest tests/integration"}, {"run": "pytest"}, {"run": "make test"}
    assert points(target, part, whole) == points(whole, part, target) == {Point.RUNNER: "pytest"}
    assert Point.TARGET in points(target, part)  # a part of them is worth less than a mere name


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("test", Point.NAMED),
        ("unit-tests", Point.NAMED),
        ("build-and-test", Point.NAMED_AMONG_OTHERS),
        ("lint", Point.CALLED_OTHERWISE),
        ("lint-and-test", Point.CALLED_OTHERWISE),
        ("slow-tests", Point.PART),
        ("build", None),
    ],
)
def test_a_job_is_judged_by_its_name(name: str, point: Point | None) -> None:
    by_name = {Point.NAMED, Point.NAMED_AMONG_OTHERS, Point.CALLED_OTHERWISE, Point.PART}
    assert by_name & set(points(name=name)) == ({point} if point else set())


@pytest.mark.parametrize(
    ("file", "point"),
    [
        ("tests", Point.IN_FILE_OF_TESTS),
        ("python-ci", Point.IN_FILE_OF_TESTS),
        ("docs", Point.IN_FILE_OF_OTHERS),
        ("main", None),
    ],
)
def test_a_file_is_judged_by_its_name(file: str, point: Point | None) -> None:
    found = set(points(path=f".github/workflows/{file}.yml"))
    assert {Point.IN_FILE_OF_TESTS, Point.IN_FILE_OF_OTHERS} & found == ({point} if point else set())


@pytest.mark.parametrize(
    ("runs_on", "expected"),
    [
        ("ubuntu-24.04", {}),
        (["self-hosted", "linux"], {}),
        ({"group": "large", "labels": "ubuntu-22.04-8core"}, {}),
        ({"group": "ubuntu", "labels": ["windows-2022"]}, {Point.ELSEWHERE: "Windows"}),
        ("windows-latest", {Point.ELSEWHERE: "Windows"}),
        ("macos-14", {Point.ELSEWHERE: "macOS"}),
        ("big-runner", {Point.NO_PLATFORM: ""}),
        ("ubuntu-24.04-arm", {Point.ODD_ROW: "ubuntu-24.04-arm"}),
        ("${{ matrix.os }}", {Point.NO_PLATFORM: ""}),
        ("${{ inputs.os }}", {Point.NO_PLATFORM: ""}),
    ],
)
def test_tests_must_run_on_linux(runs_on: object, expected: dict[Point, str]) -> None:
    assert points(**{"runs-on": runs_on}) == {Point.RUNNER: "pytest", **expected}


def test_where_a_row_runs_is_not_known_while_its_matrix_is_computed() -> None:
    job, computed = {"runs-on": "${{ matrix.os }}"}, Row({}, complete=False)
    assert points(row=computed, **job) == {Point.RUNNER: "pytest", Point.DYNAMIC: ""}
    assert points(row=computed) == {Point.RUNNER: "pytest"}
    assert points(row=Row({"os": "ubuntu-latest"}), **job) == {Point.RUNNER: "pytest"}


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("python:3.12", {Point.CONTAINER: "python:3.12"}),
        ({"image": "python:3.12-alpine"}, {Point.ALPINE: "python:3.12-alpine"}),
        ("${{ inputs.image }}", {Point.CONTAINER: "that its matrix names"}),
        ("", {}),
        ({"env": {"A": "1"}}, {}),
    ],
)
def test_a_container_of_its_own_speaks_against_a_job(container: object, expected: dict[Point, str]) -> None:
    assert points(container=container) == {Point.RUNNER: "pytest", **expected}


def setup(version: object) -> dict[str, object]:
    return {"uses": "actions/setup-python@v5", "with": {"python-version": version}}


@pytest.mark.parametrize(
    ("version", "point"),
    [
        ("3.12", None),
        ("3.9", Point.OLD),
        ("3.15-dev", Point.PRERELEASE),
        ("pypy3.10", Point.ANOTHER_PYTHON),
        ("${{ matrix.python }}", Point.OLD),
        ("${{ inputs.python }}", None),
    ],
)
def test_the_python_that_is_said_last_before_the_tests_counts(version: str, point: Point | None) -> None:
    row, run = Row({"python": "3.8"}), {"run": "pytest"}
    judged = {Point.OLD, Point.PRERELEASE, Point.ANOTHER_PYTHON}
    assert judged & set(points(setup("2.7"), setup(version), run, row=row)) == ({point} if point else set())
    assert not judged & set(points(run, setup(version)))  # after them


def test_the_tests_own_command_names_the_python_before_any_step() -> None:
    found = seen(setup("3.9"), {"run": "uv run --python 3.13 pytest"})
    assert found is not None
    assert found.recipe is not None
    assert found.recipe.python_version == "3.13"
    assert not found.has(Point.OLD)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (Row({"python": "3.12", "coverage": False, "numpy": ""}), None),
        (Row({"minimal": True}), "minimal: true"),
        (Row({"minimal": False}), None),
        (Row({"without": "cython"}), "without: cython"),
        (Row({"with": "cython"}), None),
        (Row({"deps": "minimal"}), "deps: minimal"),
        (Row({"python": "3.12"}, added=True), "rows that it includes"),
    ],
)
def test_a_row_is_odd_by_what_is_set_in_it(row: Row, shown: str | None) -> None:
    assert points(row=row).get(Point.ODD_ROW) == shown


@pytest.mark.parametrize("condition", ["github.event.pull_request.draft == false", "github.actor == 'me'"])
def test_a_condition_on_the_pull_request_skips_some_unless_it_is_known_to_hold(condition: str) -> None:
    step = {"run": "pytest", "if": condition}
    assert points(step) == {Point.RUNNER: "pytest", Point.SKIPS: condition}
    assert points(runs=None, **{"if": condition}) == points(step)
    assert Point.SKIPS not in points(runs=True, **{"if": condition})
    assert Point.SKIPS not in points({"run": "pytest", "if": "github.event.action != 'closed'"})


def test_a_workflow_must_run_for_changes_of_the_code() -> None:
    assert points(event="push") == {Point.RUNNER: "pytest", Point.PULL_REQUESTS_BY_PUSH: ""}
    assert Point.NOT_ON_PULL_REQUESTS in points(event=None)
    assert points(only_for="docs/**")[Point.ONLY_FOR_OTHER_FILES] == "docs/**"


@pytest.mark.parametrize(
    ("script", "points_of_it"),
    [
        ("if [ -f x ]; then\n  pytest\nfi", {Point.COMMAND_OF_MANY}),
        ("echo 'a\npytest\nb'", {Point.CUT}),
        ("pytest\necho ok=1 >> $GITHUB_OUTPUT", {Point.CUT}),
        ("export A=1\npytest\necho done", set()),
    ],
)
def test_a_script_that_cannot_be_taken_line_by_line_is_said_so(script: str, points_of_it: set[Point]) -> None:
    assert {Point.COMMAND_OF_MANY, Point.CUT} & set(points({"run": script})) == points_of_it


def test_services_and_a_folder_below_the_tests_are_named() -> None:
    services = {"redis": {"image": "redis"}, "db": {"image": "postgres"}}
    assert points(services=services)[Point.SERVICES] == "redis, db"
    assert Point.SERVICES not in points(services={})
    assert points({"run": "pytest tests/api"})[Point.SUBFOLDER] == "tests/api"
    assert Point.SUBFOLDER not in points({"run": "pytest tests"})

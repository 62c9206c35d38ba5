"""Steps of a job in one row of its matrix."""

from typing import Any

import pytest

from hitrate.workflow.reading.matrix import Row
from hitrate.workflow.reading.reasons import Absence, Point
from hitrate.workflow.reading.steps import JobRow, Step, absences, obstacles

CHECKOUT = {"uses": "actions/checkout@v4"}


def row(*steps: object, defaults: dict[str, Any] | None = None, **contexts: object) -> JobRow:
    known = {"matrix": {"python": "3.12"}, "env": {"MODE": "fast"}, **contexts}
    return JobRow({"steps": list(steps)}, Row({}, complete=True), known, defaults or {}, {})


def step(script: str = "", uses: str = "", **given: object) -> Step:
    return Step(
        {"run": script, "uses": uses, **({"with": given} if given else {})}, script, script, sure=True
    )


def test_what_never_runs_there_is_left_out() -> None:
    found = row(
        {"run": "a"}, {"run": "b", "if": "matrix.python == '3.11'"}, {"run": "c", "if": "github.x"}, 3
    )
    assert [(one.script, one.sure) for one in found.steps()] == [("a", True), ("c", False)]


def test_expressions_and_variables_that_are_known_are_put_in() -> None:
    (one,) = row({"run": "tox -e ${{ matrix.python }} ${{ inputs.x }} $MODE"}).steps()
    assert one.script == "tox -e ${{ matrix.python }} ${{ inputs.x }} $MODE"
    assert one.read.startswith("tox -e 3.12 ${{ inputs.x }}")


@pytest.mark.parametrize(
    ("shell", "script"), [(None, "x"), ("bash", "x"), ("bash -e {0}", "x"), ("pwsh", ""), ("python", "")]
)
def test_only_scripts_of_a_shell_are_read(shell: str | None, script: str) -> None:
    (one,) = row({"run": "x", **({"shell": shell} if shell else {})}).steps()
    (by_default,) = row({"run": "x"}, defaults={"shell": shell} if shell else {}).steps()
    assert one.script == by_default.script == script


def test_a_steps_variables_go_before_those_around_it() -> None:
    assert row().known({"env": {"MODE": "slow", "P": "${{ matrix.python }}", "U": "${{ inputs.u }}"}}) == {
        "MODE": "slow", "P": "3.12",
    }  # fmt: skip


def test_where_a_step_runs() -> None:
    (one,) = row({"run": "x", "working-directory": "sub"}, defaults={"working-directory": "app"}).steps()
    there = row(defaults={"working-directory": "app"})
    assert there.working_directory(one) == "sub"
    assert there.working_directory(step("x")) == "app"
    assert row().working_directory(step("x")) is None


@pytest.mark.parametrize(
    ("before", "tests", "point"),
    [
        ([], "pytest", Point.NO_CHECKOUT),
        ([step(uses="actions/checkout@v4", repository="other/one")], "pytest", Point.OTHER_CODE),
        ([step(uses="actions/checkout@v4"), step("rm -rf src")], "pytest", Point.CHANGES_FILES),
        ([step(uses="actions/checkout@v4"), step("pip install dist/*.whl")], "pytest", Point.DIST),
    ],
)
def test_what_stands_against_a_step(before: list[Step], tests: str, point: Point) -> None:
    assert point in {reason.point for reason in obstacles(before, step(tests))}


@pytest.mark.parametrize("command", ["pip install -e .", "rm -rf build", "sudo apt-get install x", "echo rm"])
def test_usual_preparation_stands_against_nothing(command: str) -> None:
    assert list(obstacles([step(uses="actions/checkout@v4"), step(command)], step("pytest"))) == []


@pytest.mark.parametrize(
    ("one", "absence"),
    [
        (step("docker compose up -d"), Absence.SERVER),
        (step(uses="actions/setup-node@v4"), Absence.ACTION),
        (step("echo A=1 >> $GITHUB_ENV"), Absence.RUNNER),
        (step("pip install x"), None),
        (step(uses="actions/checkout@v4"), None),
    ],
)
def test_what_a_container_has_not(one: Step, absence: Absence | None) -> None:
    assert [found for found, _ in absences([one])] == ([absence] if absence else [])

"""What the action needs to run tests as a job does."""

import pytest

from hitrate.workflow.choosing import recipe
from hitrate.workflow.choosing.recipe import (
    Recipe,
    StepVariables,
    at_services,
    folders_of_the_runner,
    variables,
    version,
)

SERVICES = {"redis": {"ports": ["6379:6379"]}, "db": {"ports": ["5433:5432/tcp", 9000]}}


def test_inputs_are_those_that_are_not_left_to_detection() -> None:
    assert Recipe(None).inputs() == {}
    assert Recipe("pytest", "3.12", pass_env="A, B").inputs() == {
        "python-version": "3.12", "test-command": "pytest", "pass-env": "A, B",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "moved"),
    [
        ("redis://localhost:6379/0", "redis://redis:6379/0"),
        ("postgres://u@127.0.0.1:5433/x", "postgres://u@db:5432/x"),
        ("localhost:9000", "db:9000"),
        ("localhost:1234", "localhost:1234"),
        ("notlocalhost:6379", "notlocalhost:6379"),
        ("localhost", "localhost"),
        ("${{ job.services.redis.ports['6379'] }}", "6379"),
    ],
)
def test_services_are_reached_by_their_names(value: str, moved: str) -> None:
    assert at_services(value, SERVICES) == moved


def test_of_one_service_the_host_alone_is_enough() -> None:
    assert at_services("localhost", {"redis": {}}) == "redis"
    assert at_services("localhost", {}) == "localhost"


def test_secrets_and_what_steers_other_tools_are_not_for_the_tests() -> None:
    given = {
        "MODE": "fast", "ON": True, "NONE": None, "KEY": "${{ secrets.KEY }}", "T": "${{ github.token }}",
        "UV_SYSTEM_PYTHON": 1, "CODECOV_TOKEN": "x", "HERE": "${{ github.workspace }}/x",
        "PIP_INDEX_URL": "y",
    }  # fmt: skip
    assert variables(given) == {"MODE": "fast", "ON": "true", "NONE": "", "PIP_INDEX_URL": "y"}
    assert folders_of_the_runner(given) == ["HERE"]
    assert variables("x") == {}


def test_a_step_gets_what_the_job_has_not_or_has_otherwise() -> None:
    around, own = {"A": "1", "R": "localhost:6379"}, {"A": "2", "B": "3"}
    names, needed = StepVariables(around, own, SERVICES).passed()
    assert names == "A, R, B"
    assert needed == {"A": "2", "R": "redis:6379", "B": "3"}
    assert StepVariables({}, {}, {}).passed() == (None, {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("3.12", "3.12"),
        (3.9, "3.9"),
        ("${{ matrix.python }}", "${{ matrix.python }}"),
        ("3.x", None),
        (None, None),
    ],
)
def test_versions_that_the_action_takes(given: object, expected: str | None) -> None:
    assert version(given) == expected


def test_the_lines_up_to_the_tests() -> None:
    script = "pip install -e .\nexport A=1\nuv run pytest\npython -m twine upload"
    assert recipe.tests_in(script, lambda line: "pytest" in line) == ["export A=1", "pytest"]
    branching = "if [ -n x ]; then\n  pytest\nfi"
    assert recipe.tests_in(branching, lambda line: "pytest" in line) == branching.splitlines()

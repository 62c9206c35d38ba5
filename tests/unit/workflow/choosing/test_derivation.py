"""The recipe of one row of a job: only what detection would not find is said, and said for a container."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hitrate.workflow.choosing import derivation
from hitrate.workflow.choosing.derivation import Python
from hitrate.workflow.choosing.recipe import Recipe
from hitrate.workflow.reading.matrix import Row
from hitrate.workflow.reading.steps import JobRow, Step
from hitrate.workflow.reading.testing import Lookout

MAKEFILE = "test:\n\tpip install pytest-mock\n\texport MODE=fast\n\tpytest tests\n\techo done\n"
TOX = "[testenv]\nsetenv =\n    MODE = fast\ncommands = {} {{posargs}}\n"


def derived(
    script: str,
    folder: Path | None = None,
    before: Sequence[str] = (),
    own: Mapping[str, str] | None = None,
    around: Mapping[str, str] | None = None,
    services: Mapping[str, Any] | None = None,
) -> derivation.Tests:
    """A step whose script runs tests, and the steps before it."""
    lookout = Lookout(folder, {})
    (finding,) = [found for line in script.splitlines() if (found := lookout.finding(line))]
    place = JobRow({"services": services}, Row({}), {}, {}, around or {})
    steps = [Step({"run": one}, one, one, sure=True) for one in before]
    step = Step({"run": script, "env": own}, script, script, sure=True)
    return derivation.Tests(place, folder, steps, step, finding, Python("3.12", "3.12"))


def project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("said", "value", "expected"),
    [
        ("3.12", "3.12", "3.12"),
        ("'3.11'", "3.11", "3.11"),
        ("${{ matrix.python }}", "3.12", "${{ matrix.python }}"),
        ("${{ inputs.python }}", None, "${{ inputs.python }}"),
        ("${{ matrix.python }}", "pypy3.10", None),
        ("3.x", "3.x", None),
        (None, None, None),
    ],
)
def test_an_expression_stays_one_unless_this_row_has_a_python_that_the_action_does_not_take(
    said: str | None, value: str | None, expected: str | None
) -> None:
    assert Python(said, value).for_the_action == expected


def test_what_installs_goes_before_the_tests_and_what_comes_after_them_is_left_out() -> None:
    script = "pip install -e .\nsudo apt-get install libx\npytest -q\ntwine upload dist/*"
    assert derived(script, before=["pip install wheel", "pip install -r dev.txt"]).recipe() == Recipe(
        test_command="pytest -q",
        python_version="3.12",
        setup="set -e\napt-get update\napt-get install -y libx",
        install="set -e\npip install -r dev.txt\npip install -e .",
    )


@pytest.mark.parametrize(
    ("script", "files"),
    [
        ("tox", {"tox_ini": TOX.format("pytest")}),
        ("nox", {"noxfile_py": ""}),
        ("hatch test", {"pyproject_toml": "[tool.hatch]\n"}),
    ],
)
def test_a_tool_is_left_to_detection_only_where_the_project_configures_it(
    script: str, files: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "bare").mkdir()
    bare = derived(script, tmp_path / "bare").recipe()
    assert (bare.test_command, bare.install) == (script, f"python -m pip install {script.partition(' ')[0]}")
    assert derived(script).recipe() == bare
    assert derived(script, project(tmp_path, **files)).recipe() == Recipe(None, "3.12")


def test_pytest_by_a_target_is_left_to_detection_but_never_a_command_that_says_how_it_is_run(
    tmp_path: Path,
) -> None:
    folder = project(tmp_path, pyproject_toml="[dependency-groups]\ntest = ['pytest']\n")
    assert derived("make test", folder).recipe().test_command is None
    assert derived("pytest -q tests/unit", folder).recipe().test_command == "pytest -q tests/unit"


def test_a_runner_that_detection_does_not_know_is_taken_out_of_tox_with_its_variables(tmp_path: Path) -> None:
    found = derived("tox", project(tmp_path, tox_ini=TOX.format("stestr run")), own={"LEVEL": "1"})
    assert found.recipe() == Recipe(
        "stestr run", "3.12", pass_env="MODE, LEVEL", environment={"MODE": "fast", "LEVEL": "1"}
    )


def test_a_step_goes_before_tox_and_what_the_job_has_anyway_is_only_named(tmp_path: Path) -> None:
    folder = project(tmp_path, tox_ini=TOX.format("stestr run"))
    found = derived("tox", folder, own={"MODE": "slow"}, around={"MODE": "slow", "LEVEL": "1"}).recipe()
    assert (found.pass_env, found.environment) == ("MODE, LEVEL", {})


def test_a_target_of_make_is_replaced_by_what_it_runs_up_to_the_tests(tmp_path: Path) -> None:
    found = derived("make test", project(tmp_path, Makefile=MAKEFILE), ["pip install -e ."]).recipe()
    assert found == Recipe(
        test_command="set -e\nexport MODE=fast\npytest tests",
        python_version="3.12",
        install="set -e\npip install -e .\npip install pytest-mock",
    )


@pytest.mark.parametrize("text", [None, "test:\n\t./run\n"])
def test_make_itself_is_installed_where_it_cannot_be_told_what_its_target_runs(
    text: str | None, tmp_path: Path
) -> None:
    folder = None if text is None else project(tmp_path, Makefile=text)
    found = derived("make test", folder, before=["sudo apt-get install -y libx"]).recipe()
    assert found.test_command == "make test"
    assert (found.setup or "").splitlines() == [
        "set -e",
        "apt-get update",
        "apt-get install -y libx",
        "apt-get install -y --no-install-recommends make",
    ]
    assert derived("pytest", folder).recipe().setup is None


def test_services_are_reached_by_name_from_the_container() -> None:
    found = derived("pytest", own={"URL": "redis://localhost:6379"}, services={"cache": {"ports": [6379]}})
    assert found.recipe().environment == {"URL": "redis://cache:6379"}
    assert derived("pytest", own={"URL": "redis://localhost:6379"}).recipe().environment == {
        "URL": "redis://localhost:6379"
    }

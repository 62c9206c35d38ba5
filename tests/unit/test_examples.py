"""The workflows that the documentation shows fit together, and into the program."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hitrate.runner import read_inputs
from hitrate.settings import build_settings
from hitrate.workflow.step import ACTION, PERMISSIONS, VERSION

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load((ROOT / "docs" / "examples" / name).read_text())
    return data


def steps(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in data["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_uses_this_version_with_inputs_that_exist(path: Path) -> None:
    used = [step for step in steps(workflow(path.name)) if step.get("uses", "").startswith(f"{ACTION}@")]
    for step in used:
        assert step["uses"] == f"{ACTION}@{VERSION}"
        given = {f"INPUT_{name.upper()}": str(value) for name, value in step.get("with", {}).items()}
        build_settings(read_inputs(given), {})


def test_the_readme_uses_this_version() -> None:
    used = re.findall(rf"{ACTION}@(\S+)", (ROOT / "README.md").read_text())
    assert set(used) == {VERSION}


def test_the_two_halves_of_the_pair_fit_together() -> None:
    first, second = workflow("measure.yml"), workflow("post.yml")
    assert second["on"]["workflow_run"] == {"workflows": [first["name"]], "types": ["completed"]}
    upload = next(step["with"] for step in steps(first) if "upload-artifact" in step.get("uses", ""))
    download = next(step["with"] for step in steps(second) if "download-artifact" in step.get("uses", ""))
    assert (download["name"], download["path"]) == (upload["name"], upload["path"])
    assert upload["path"] == build_settings({}, {}).report_dir


def test_what_runs_a_forks_code_may_not_write_and_what_writes_runs_none() -> None:
    first, second = workflow("measure.yml"), workflow("post.yml")
    assert first["on"] == "pull_request"
    assert first["permissions"] == second["permissions"] == {}
    assert [job["permissions"] for job in first["jobs"].values()] == [{"contents": "read"}]
    (granted,) = [job["permissions"] for job in second["jobs"].values()]
    assert granted == {"actions": "read", "pull-requests": PERMISSIONS["pull-requests"]}
    assert all("checkout" not in step.get("uses", "") and "run" not in step for step in steps(second))

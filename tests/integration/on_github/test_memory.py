"""Which events write memory, and where it may lie."""

from pathlib import Path
from typing import Any

import pytest

from hitrate.errors import ExitCode
from hitrate.memory import document
from tests.integration.on_github.job import Job, example, function, report
from tests.integration.on_github.world import HEAD, World

FOLDER = ".cache/memory"


@pytest.fixture
def job(github: World, tmp_path: Path) -> Job:
    return Job(github, tmp_path, report(function(saved_seconds=2.5)))


def push(ref: str) -> dict[str, Any]:
    return example("push") | {"ref": ref, "after": HEAD, "before": "d" * 40, "deleted": False}


def default_branch() -> str:
    return f"refs/heads/{push('')['repository']['default_branch']}"


def test_a_push_to_the_default_branch_writes_it_and_says_nothing_else(job: Job) -> None:
    job.inputs["memory"] = FOLDER
    job = job.again(event_name="push", event=push(default_branch()))
    assert job.run() is ExitCode.PASSED
    assert (job.workspace / FOLDER / document.NAME).read_bytes() == b"memory"
    assert [target.head for target in job.remembered] == [HEAD]
    assert (job.measured, job.world.bodies()) == ([], [])


@pytest.mark.parametrize("ref", ["refs/heads/another", "refs/heads/main-2"])
def test_other_branches_are_measured(ref: str, job: Job) -> None:
    job.inputs["memory"] = FOLDER
    job = job.again(event_name="push", event=push(ref))
    job.run()
    assert (len(job.measured), job.remembered) == (1, [])


def test_a_pull_request_never_writes_it(job: Job) -> None:
    job.inputs["memory"] = FOLDER
    job.run()
    assert (len(job.measured), job.remembered) == (1, [])
    assert not (job.workspace / FOLDER).exists()


def test_without_the_input_a_push_to_the_default_branch_is_measured_as_ever(job: Job) -> None:
    job = job.again(event_name="push", event=push(default_branch()))
    job.run()
    assert (len(job.measured), job.remembered) == (1, [])


@pytest.mark.parametrize("folder", ["../out", "/tmp/x", ".git/memory", "hitrate-report", "hitrate-report/x"])
def test_it_lies_in_a_folder_of_its_own_in_the_workspace(folder: str, job: Job) -> None:
    job.inputs["memory"] = folder
    assert job.run() is ExitCode.BAD_INPUT
    assert "memory" in job.log
    assert job.measured == []


def test_a_link_is_not_followed(job: Job) -> None:
    job.inputs["memory"] = "link"
    job.workspace.mkdir()
    (job.workspace / "link").symlink_to(job.folder)
    job = job.again(event_name="push", event=push(default_branch()))
    assert job.run() is ExitCode.BAD_INPUT
    assert job.remembered == []

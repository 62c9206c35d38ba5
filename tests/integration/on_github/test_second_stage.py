"""The fork-safe pair: a run without write permission measures, a trusted one posts what it has measured."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hitrate.errors import ExitCode, InputError
from hitrate.github.event import Run
from hitrate.github.post import placed, read_report
from hitrate.report.model import Report
from tests.integration.on_github.job import PLAIN, Job, example, function, report
from tests.integration.on_github.world import HEAD, NUMBER, REPOSITORY, World

FORK = "someone/widgets"


def workflow_run() -> dict[str, Any]:
    """GitHub's example, about a run on the stand-in's pull request that comes from a fork."""
    event = example("workflow_run", "completed")
    run = event["workflow_run"]
    run |= {"event": "pull_request", "head_sha": HEAD, "id": 100, "run_attempt": 1, "pull_requests": []}
    run["head_repository"]["full_name"] = FORK
    return event


@pytest.fixture
def job(github: World, tmp_path: Path) -> Job:
    github.github.pull_requests[NUMBER].head_repository = FORK
    made = Job(github, tmp_path, AssertionError("nothing is measured"), "workflow_run", workflow_run())
    made.environment()
    return made


def leave(job: Job, found: Report | bytes) -> None:
    """The artifact of the first run, downloaded."""
    folder = job.workspace / "hitrate-report"
    folder.mkdir(exist_ok=True)
    (folder / "report.json").write_bytes(found if isinstance(found, bytes) else found.to_json().encode())


def changed(**change: Any) -> Report:
    found = report(function())
    return found.model_copy(update={"change": found.change.model_copy(update=change)})


def test_the_pair_end_to_end(github: World, tmp_path: Path) -> None:
    github.github.pull_requests[NUMBER].head_repository = FORK
    first = Job(github, tmp_path / "first", report(function()), token="fork")
    first.event["pull_request"]["head"]["repo"]["full_name"] = FORK
    assert first.run() is ExitCode.PASSED
    assert github.bodies() == []
    second = Job(github, tmp_path / "second", AssertionError(), "workflow_run", workflow_run(), run_id=555)
    second.environment()
    leave(second, (first.workspace / "hitrate-report" / "report.json").read_bytes())
    assert second.run() is ExitCode.PASSED
    (body,) = github.bodies()
    # The comment counts as the first run's, so that a run of a newer commit is newer.
    assert "run=100.1 -->\ncomment on 1 functions" in body
    assert second.outputs()["comment-url"].startswith("https://github.com/octo/widgets/pull/7#issuecomment-")
    assert second.measured == []


def test_six_requests_at_most_for_a_comment_that_is_there(job: Job) -> None:
    leave(job, report(function()))
    job.run()
    job.world.requests()
    event = workflow_run()
    event["workflow_run"]["id"] = 101
    job.again(event=event).run()
    assert len(job.world.requests()) == 6


def test_only_a_run_for_a_pull_request_is_followed(job: Job) -> None:
    leave(job, report(function()))
    job.event["workflow_run"]["event"] = "push"
    assert job.run() is ExitCode.PASSED
    assert job.world.requests() == []


@pytest.mark.parametrize(
    "change",
    [
        {"repository": "octo/other"},
        {"repository": None},
        {"pull_request": None},
        {"head": "f" * 40},
        {"head": None},
    ],
)
def test_a_report_about_something_else_is_refused(job: Job, change: dict[str, Any]) -> None:
    leave(job, changed(**change))
    assert job.run() is ExitCode.BAD_INPUT
    assert "::error title=Hitrate::report: " in job.log
    assert job.world.bodies() == []


def test_a_report_that_names_somebody_elses_pull_request_is_refused(job: Job) -> None:
    # The attacker's run is of the same commit, on another pull request than the one that the report names.
    job.world.github.add_pull_request(
        replace(job.world.github.pull_requests[NUMBER], number=8, head_repository=REPOSITORY)
    )
    leave(job, changed(pull_request=8))
    assert job.run() is ExitCode.BAD_INPUT
    assert "comes from another repository" in job.log
    assert job.world.github.conversation(8) == []


@pytest.mark.parametrize("change", [{"head": "e" * 40}, {"state": "closed"}])
def test_a_pull_request_that_moved_on_is_left_alone(job: Job, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(job.world.github.pull_requests[NUMBER], name, value)
    leave(job, report(function()))
    assert job.run() is ExitCode.PASSED
    assert "moved on" in job.log
    assert job.world.bodies() == []


def test_an_unknown_pull_request_is_an_error(job: Job) -> None:
    leave(job, changed(pull_request=99))
    assert job.run() is ExitCode.NOT_MEASURED
    assert "could not read pull request octo/widgets#99: it does not exist" in job.log


def test_a_missing_artifact_says_what_to_do(job: Job) -> None:
    assert job.run() is ExitCode.BAD_INPUT
    assert "there is no hitrate-report/report.json; download the other run's artifact" in job.log


def test_an_artifact_behind_a_link_is_not_read(job: Job) -> None:
    leave(job, report(function()))
    inside = job.workspace / "hitrate-report" / "report.json"
    inside.rename(job.folder / "report.json")
    inside.symlink_to(job.folder / "report.json")
    assert job.run() is ExitCode.BAD_INPUT


def test_failing_to_post_fails_here(job: Job) -> None:
    leave(job, report(function()))
    assert job.again(token="fork").run() is ExitCode.NOT_MEASURED
    assert job.again(token="").run() is ExitCode.BAD_INPUT


GOOD = json.loads(report(function()).to_json())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "report: not a Hitrate report of schema 1: the document: Invalid JSON"),
        (b"[]", "report: not a Hitrate report of schema 1: the document: Input should be"),
        (b'{"schema": 2}', "report: not a Hitrate report of schema 1: schema: Input should be 1"),
        (
            json.dumps(GOOD | {"functions": [{"path": 3}]}).encode(),
            "report: not a Hitrate report of schema 1: functions.0.path: ",
        ),
        (
            json.dumps(GOOD | {"gate": {"verdict": "fine"}}).encode(),
            "report: not a Hitrate report of schema 1: gate.verdict: ",
        ),
        (
            json.dumps(GOOD).replace('"line": 3', '"line": -3').encode(),
            "report: not a Hitrate report of schema 1: functions.0.line: ",
        ),
        (b"\xff" * 10, "report: not a Hitrate report of schema 1: the document: Invalid JSON"),
        (b"[" * 100_000, "report: not a Hitrate report of schema 1: the document: Invalid JSON"),
        (b" " * (33 * 1024 * 1024), "report: larger than 33554432 bytes"),
    ],
)
def test_what_is_no_report_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read_report(content)
    assert str(raised.value).startswith(said)
    assert len(str(raised.value)) < 500
    assert "\n" not in str(raised.value)


def test_a_report_of_a_newer_version_with_more_fields_is_read() -> None:
    assert read_report(json.dumps(GOOD | {"more": 1}).encode()) == report(function())


def test_rendering_is_of_the_model_never_of_the_file(job: Job) -> None:
    seen: list[Report] = []

    def comment(found: Report, limit: int) -> str:
        seen.append(found)
        return "fresh"

    leave(job, json.dumps(GOOD | {"markdown": "@everyone"}).encode())
    job.again(rendering=replace(PLAIN, comment=comment)).run()
    [rendered] = seen
    assert rendered == placed(report(function()), "https://github.com", Run(100, 1))


@pytest.mark.parametrize("server", ["https://evil.example", "javascript:alert(1)"])
def test_links_lead_to_the_server_and_the_run_that_the_event_names(job: Job, server: str) -> None:
    good = GOOD | {"change": GOOD["change"] | {"server_url": server, "run": 666}}
    leave(job, json.dumps(good).encode())
    seen: list[Report] = []
    job.again(rendering=replace(PLAIN, comment=lambda found, _: seen.append(found) or "fresh")).run()
    assert [(found.change.server_url, found.change.run) for found in seen] == [("https://github.com", 100)]
    assert job.world.bodies()[0].endswith("-->\nfresh")

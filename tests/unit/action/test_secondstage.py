"""The second stage before it reaches GitHub: what it makes of the other run's end, and what it needs."""

import json
from pathlib import Path
from typing import Any

import pytest

from hitrate.action.holding import Holding
from hitrate.action.secondstage import SecondStage, post_report, runner_of
from hitrate.action.telling import Telling
from hitrate.errors import ExitCode, InputError
from hitrate.github.event import Mode, Plan
from hitrate.github.wishes.holding import Marks
from hitrate.settings.model import Settings
from tests.integration.on_github.job import PLAIN, example, pull_request_event
from tests.integration.on_github.world import HEAD, REPOSITORY
from tests.unit.action.offline import TARGET, Said, forbidden, runner


def without_report(conclusion: str, marks: Marks | None = None) -> tuple[bool, list[str]]:
    """Whether there is a reason that the other run left no report, and what the log says."""
    log, lent = Said(), runner(event="workflow_run")
    stage = SecondStage(log, Telling(lent, log, forbidden, PLAIN), Holding(lent, forbidden))
    wanted = Plan(Mode.POST, TARGET, conclusion=conclusion, marks=marks)
    return stage.without_report(wanted, {}, Settings()), log.lines


@pytest.mark.parametrize("conclusion", ["failure", "timed_out", "startup_failure"])
def test_a_run_that_failed_is_told(conclusion: str) -> None:
    assert without_report(conclusion) == (
        True,
        [f"::notice title=Hitrate::the run that measures ended ({conclusion}) without a report; see its log"],
    )


@pytest.mark.parametrize("conclusion", ["cancelled", "skipped", "neutral", "stale", "action_required"])
def test_a_run_that_did_not_come_to_its_end_has_nothing_to_post(conclusion: str) -> None:
    told, (line,) = without_report(conclusion, Marks(labels=("hitrate:skip",)))
    assert told
    assert line == f"::notice title=Hitrate::the run that measures ended ({conclusion}); nothing to post"


def test_a_run_that_succeeded_should_have_left_one_unless_it_was_held_back() -> None:
    assert without_report("success") == (False, [])
    told, (line,) = without_report("success", Marks(message="x [skip hitrate]"))
    assert told
    assert line == (
        "::notice title=Hitrate::the run that measures was held back, so there is nothing to post: "
        "the head commit's message says [skip hitrate]"
    )


def job(folder: Path, name: str, event: dict[str, Any], **variables: str) -> dict[str, str]:
    """What GitHub's runner sets in a job that has no checkout."""
    path = folder / "event.json"
    path.write_text(json.dumps(event))
    given = {"NAME": name, "PATH": str(path)}
    return {
        **{f"GITHUB_EVENT_{key}": value for key, value in given.items()},
        "GITHUB_REPOSITORY": REPOSITORY,
        **variables,
    }


@pytest.mark.parametrize(
    ("variables", "token"),
    [
        ({}, None),
        ({"GITHUB_TOKEN": "a"}, "a"),
        ({"INPUT_GITHUB-TOKEN": "b"}, "b"),
        ({"GITHUB_TOKEN": "a", "INPUT_GITHUB-TOKEN": "b"}, "a"),
        ({"GITHUB_TOKEN": "", "INPUT_GITHUB-TOKEN": "b"}, "b"),
    ],
)
def test_a_command_gets_its_token_in_github_token_or_as_the_action_does(
    tmp_path: Path, variables: dict[str, str], token: str | None
) -> None:
    found = runner_of(job(tmp_path, "pull_request", pull_request_event(), **variables))
    assert (found.token, found.workspace) == (token, Path())


def followed(**facts: object) -> dict[str, Any]:
    """The event of a run that is followed."""
    event = example("workflow_run", "completed")
    known = {"event": "pull_request", "head_sha": HEAD, "conclusion": "success", "head_commit": None}
    event["workflow_run"] |= known | facts
    return event


def posted(folder: Path, name: str, event: dict[str, Any]) -> tuple[ExitCode, list[str]]:
    log = Said()
    code = post_report(job(folder, name, event), log.stream, folder / "report.json", {}, forbidden, PLAIN)
    return code, log.lines


def test_a_job_outside_of_github_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^GITHUB_EVENT_NAME: not set"):
        post_report({}, Said().stream, tmp_path / "report.json", {}, forbidden, PLAIN)


def test_an_event_about_no_pull_request_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^merge_group: "):
        posted(tmp_path, "merge_group", example("merge_group"))


def test_a_report_that_is_missing_is_an_error_unless_the_run_is_why(tmp_path: Path) -> None:
    code, lines = posted(tmp_path, "workflow_run", followed(conclusion="cancelled"))
    assert (code, len(lines)) == (ExitCode.PASSED, 1)
    skipped = pull_request_event()  # of this very job, which held nothing back
    skipped["pull_request"]["labels"] = [{"name": "hitrate:skip"}]
    for name, event in (("workflow_run", followed()), ("pull_request", skipped)):
        with pytest.raises(InputError, match=r"report\.json.*; see the job that measures$"):
            posted(tmp_path, name, event)


def test_a_report_that_is_there_is_read_however_the_run_ended(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(InputError, match=r"^report"):
        posted(tmp_path, "workflow_run", followed(conclusion="cancelled"))

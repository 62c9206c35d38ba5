"""A run that could not measure: outputs, and what becomes of the comment of an earlier commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hitrate.action.outputs import OUTPUTS
from hitrate.action.runner import Runner
from hitrate.action.step import RENDERING, action
from hitrate.cli import main
from hitrate.errors import AnalysisError, ExitCode, InputError
from hitrate.github.client import Client
from hitrate.github.event import Target
from hitrate.report.model import Report
from tests.integration.on_github.job import Job, example, function, report
from tests.integration.on_github.test_second_stage import FORK, leave, workflow_run
from tests.integration.on_github.test_suggestions import advised, file
from tests.integration.on_github.world import HEAD, NUMBER, World

EARLIER = report(function(saved_seconds=2.5))
FAILED = AnalysisError("install: pip failed")
NOTHING: dict[str, Any] = {"processes": {"expected": 0, "received": 0}}


@pytest.fixture
def job(github: World, tmp_path: Path) -> Job:
    """A job on a pull request that an earlier run has commented on."""
    earlier = Job(github, tmp_path, EARLIER)
    assert earlier.run() is ExitCode.PASSED
    (tmp_path / "files" / "output").unlink()
    return earlier.again(run_id=101, result=FAILED)


def ended(job: Job) -> str:
    """The comment below its marker."""
    (body,) = job.world.bodies()
    return body.split("\n", 1)[1]


def set_once(job: Job) -> dict[str, str]:
    """The outputs, each of which was set once."""
    lines = (job.folder / "files" / "output").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines]
    assert sorted(names) == sorted(set(names))
    return dict(job.outputs())


def url(job: Job) -> str:
    return (
        f"https://github.com/octo/widgets/pull/7#issuecomment-{job.world.github.conversation(NUMBER)[0].id}"
    )


def nothing_known(**known: str) -> dict[str, str]:
    return dict.fromkeys(OUTPUTS, "") | {"verdict": "inconclusive"} | known


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (FAILED, ExitCode.NOT_MEASURED),
        (InputError("base: there is no v9"), ExitCode.BAD_INPUT),
        (ZeroDivisionError("oops"), ExitCode.DEFECT),
    ],
)
def test_the_comment_of_an_earlier_commit_tells_that_this_one_could_not_be_measured(
    job: Job, result: Exception, code: ExitCode
) -> None:
    job.result = result
    assert job.run() is code
    assert ended(job).startswith("failed: ")
    assert str(result) in ended(job)
    assert "run=101.1" in job.world.bodies()[0]
    assert set_once(job) == nothing_known(**{"comment-url": url(job)})


def test_the_next_run_that_measures_has_the_last_word(job: Job) -> None:
    job.run()
    job.again(run_id=102, result=EARLIER).run()
    assert ended(job) == "comment on 1 functions"


def test_no_test_imported_the_change(job: Job) -> None:
    job.result = report(function(), **NOTHING)
    assert job.run() is ExitCode.NOT_MEASURED
    assert ended(job).startswith("failed: no test process imported")
    files = {"report-json": "hitrate-report/report.json", "report-html": "hitrate-report/report.html"}
    assert set_once(job) == nothing_known(**files, **{"comment-url": url(job)})


def test_no_comment_is_made_for_a_failure(github: World, tmp_path: Path) -> None:
    job = Job(github, tmp_path, FAILED)
    assert job.run() is ExitCode.NOT_MEASURED
    assert github.bodies() == []
    assert set_once(job) == nothing_known()


def test_unless_there_is_always_to_be_one(github: World, tmp_path: Path) -> None:
    job = Job(github, tmp_path, FAILED, inputs={"comment": "always"})
    assert job.run() is ExitCode.NOT_MEASURED
    assert ended(job) == "failed: install: pip failed"


@pytest.mark.parametrize(
    "inputs",
    [{"comment": "never"}, {"comment-id": "other"}, {"dry-run": "true", "effort": "fast"}],
    ids=str,
)
def test_a_comment_that_is_not_this_steps_is_left_alone(job: Job, inputs: dict[str, str]) -> None:
    job.inputs = inputs
    assert job.run() in (ExitCode.NOT_MEASURED, ExitCode.BAD_INPUT)
    assert ended(job) == "comment on 1 functions"


def test_an_older_run_that_failed_leaves_a_newer_comment_alone(job: Job) -> None:
    assert job.again(run_id=99).run() is ExitCode.NOT_MEASURED
    assert ended(job) == "comment on 1 functions"


@pytest.mark.parametrize(
    "inputs",
    [{"min-hitrate": "3"}, {"effort": "fast"}, {"report-dir": "../out"}],
    ids=str,
)
def test_wrong_inputs_are_told_too(job: Job, inputs: dict[str, str]) -> None:
    job.inputs, job.result = inputs, EARLIER
    assert job.run() is ExitCode.BAD_INPUT
    assert ended(job).startswith("failed: ")
    assert next(iter(inputs)) in ended(job)
    assert set_once(job) == nothing_known(**{"comment-url": url(job)})


@pytest.mark.parametrize("content", ["effort: fast\n", "a: [\n"])
def test_a_wrong_config_is_told(job: Job, content: str) -> None:
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text(content)
    assert job.run() is ExitCode.BAD_INPUT
    assert ended(job).startswith("failed: .github/hitrate.yml:")


def test_a_config_says_whose_comment_it_is(job: Job) -> None:
    (job.workspace / "own.yml").write_text("comment-id: own\n")
    job.inputs = {"config": "own.yml"}
    job.again(result=EARLIER).run()
    job.run()
    assert sorted(body.split("\n", 1)[1] for body in job.world.bodies()) == [
        "comment on 1 functions",
        "failed: install: pip failed",
    ]


def test_a_config_that_cannot_be_read_might_have_named_another_comment(job: Job) -> None:
    (job.workspace / "own.yml").write_text("comment-id: [\n")
    job.inputs = {"config": "own.yml"}
    assert job.run() is ExitCode.BAD_INPUT
    assert ended(job) == "comment on 1 functions"
    job.inputs["comment-id"] = "hitrate"
    assert job.run() is ExitCode.BAD_INPUT
    assert ended(job).startswith("failed: own.yml:")


def test_a_checkout_that_cannot_be_made_is_told(job: Job) -> None:
    @contextmanager
    def checkout(workspace: Path, target: Target) -> Iterator[Path]:
        raise InputError("GITHUB_WORKSPACE: the head could not be fetched")
        yield workspace

    parts = job.parts()
    with (job.folder / "log").open("w") as stream:
        code = action(job.environment(), stream, replace(parts, checkout=checkout))
    assert code is ExitCode.BAD_INPUT
    assert ended(job) == "failed: GITHUB_WORKSPACE: the head could not be fetched"


@pytest.mark.parametrize("token", ["fork", "unknown", ""])
def test_a_failure_to_tell_changes_nothing(job: Job, token: str) -> None:
    job.token = token
    assert job.run() is ExitCode.NOT_MEASURED
    assert "::error title=Hitrate::install: pip failed\n" in job.log
    assert ended(job) == "comment on 1 functions"
    assert set_once(job) == nothing_known()


def test_a_defect_in_telling_changes_nothing(job: Job) -> None:
    def failed(message: str, head: str | None, run: str | None, limit: int) -> str:
        raise ZeroDivisionError

    job.rendering = replace(job.rendering, failed=failed)
    assert job.run() is ExitCode.NOT_MEASURED
    assert "::warning title=Hitrate::the pull request could not be notified (ZeroDivisionError)\n" in job.log


@pytest.mark.parametrize("stage", ["first", "second"])
def test_the_comment_links_to_the_run_whose_log_says_more(job: Job, stage: str) -> None:
    job.rendering = RENDERING
    if stage == "second":
        job.world.github.pull_requests[NUMBER].head_repository = FORK
        event = workflow_run()
        event["workflow_run"] |= {"conclusion": "failure", "id": 101}
        (job.workspace / "hitrate-report" / "report.json").unlink()
        job = job.again(event_name="workflow_run", event=event, run_id=555)
    job.run()
    assert "[The log of the run](https://github.com/octo/widgets/actions/runs/101) says more." in ended(job)


def test_a_defect_after_measuring_leaves_no_stale_output(job: Job) -> None:
    def comment(found: Report, limit: int) -> str:
        raise ZeroDivisionError

    job.result, job.rendering = EARLIER, replace(job.rendering, comment=comment)
    assert job.run() is ExitCode.DEFECT
    assert set_once(job)["verdict"] == "inconclusive"
    assert set_once(job)["recommended"] == ""
    assert ended(job).startswith("failed: a defect in Hitrate")


@pytest.mark.parametrize("stage", ["measure", "post"])
def test_a_cancelled_run_does_nothing_to_the_comment(job: Job, stage: str) -> None:
    def cancelled(*args: object) -> Any:
        raise KeyboardInterrupt

    parts = job.parts()

    def connect(runner: Runner) -> Client:
        return cancelled() if stage == "post" and job.measured[1:] else parts.connect(runner)

    cut = replace(parts, measure=cancelled if stage == "measure" else parts.measure, connect=connect)
    job.result = EARLIER
    with (job.folder / "log").open("w") as stream, pytest.raises(KeyboardInterrupt):
        action(job.environment(), stream, cut)
    assert ended(job) == "comment on 1 functions"
    known = set_once(job)
    assert known.get("verdict") == (None if stage == "measure" else "pass")


def test_a_push_that_fails_is_told_on_its_commits_pull_request_and_nothing_else_is(job: Job) -> None:
    push = example("push") | {"ref": "refs/heads/x", "after": HEAD, "deleted": False}
    job.again(event_name="push", event=push).run()
    assert ended(job).startswith("failed: ")
    job.again(run_id=102, result=EARLIER).run()
    scheduled = job.again(
        run_id=103, event_name="schedule", event={"schedule": "0"}, variables={"GITHUB_SHA": HEAD}
    )
    scheduled.inputs = {"base": "main"}
    assert scheduled.run() is ExitCode.NOT_MEASURED
    assert ended(job) == "comment on 1 functions"


@pytest.fixture
def second(job: Job) -> Job:
    """The second workflow, after a run on a fork's pull request."""
    job.world.github.pull_requests[NUMBER].head_repository = FORK
    event = workflow_run()
    event["workflow_run"] |= {"id": 101}
    for left in (job.workspace / "hitrate-report").iterdir():
        left.unlink()
    return job.again(event_name="workflow_run", event=event, result=AssertionError("nothing is measured"))


@pytest.mark.parametrize("conclusion", ["failure", "timed_out"])
def test_a_first_stage_that_failed_without_a_report_is_told(second: Job, conclusion: str) -> None:
    second.event["workflow_run"]["conclusion"] = conclusion
    assert second.run() is ExitCode.PASSED
    assert (
        ended(second) == f"failed: the run that measures ended ({conclusion}) without a report; see its log"
    )
    assert "run=101.1" in second.world.bodies()[0]
    assert set_once(second) == nothing_known(**{"comment-url": url(second)})


def test_a_first_stage_that_was_cancelled_is_not(second: Job) -> None:
    second.event["workflow_run"]["conclusion"] = "cancelled"
    assert second.run() is ExitCode.PASSED
    assert ended(second) == "comment on 1 functions"
    assert second.outputs() == {}


@pytest.mark.parametrize("change", [{"head": "e" * 40}, {"state": "closed"}, {"head_repository": "a/b"}])
def test_a_pull_request_that_is_not_that_runs_is_left_alone(second: Job, change: dict[str, Any]) -> None:
    second.event["workflow_run"]["conclusion"] = "failure"
    for name, value in change.items():
        setattr(second.world.github.pull_requests[NUMBER], name, value)
    assert second.run() is ExitCode.PASSED
    assert ended(second) == "comment on 1 functions"


def test_a_report_of_nothing_is_no_answer(second: Job) -> None:
    leave(second, report(function(), **NOTHING))
    assert second.run() is ExitCode.PASSED
    assert ended(second).startswith("failed: no test process imported")


def test_a_report_that_is_none_is_told(second: Job) -> None:
    leave(second, b"{}")
    assert second.run() is ExitCode.BAD_INPUT
    assert ended(second).startswith("failed: report: not a Hitrate report")


def test_shards_that_left_no_report_are_told(
    job: Job, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in job.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("hitrate.action.step.connect", job.parts().connect)
    monkeypatch.setenv("GITHUB_TOKEN", "default")
    with pytest.raises(SystemExit) as stopped:
        main(["post", "--report", str(job.folder / "report.json")])
    assert stopped.value.code == ExitCode.BAD_INPUT
    assert "hitrate: report: cannot read " in capsys.readouterr().err
    assert "could not be measured" in ended(job)


def test_what_a_reader_sees(job: Job) -> None:
    job.result = AnalysisError("install: `pip install -e .` failed; @everyone <b>look</b> ![x](http://e.vil)")
    job.again(rendering=RENDERING).run()
    heading, first, second, *_ = ended(job).split("\n\n")
    assert heading.endswith("### Hitrate: not measured")
    assert first.startswith(
        f"**Commit {HEAD[:12]} could not be measured:** install: `pip install -e .` failed; "
    )
    assert "@everyone" not in first
    assert "<b>" not in first
    assert "![x](" not in first
    assert second.startswith("What stood here before was about an earlier commit.")


@pytest.fixture
def suggested(github: World, tmp_path: Path) -> Job:
    """A job on a pull request whose earlier commit got a suggestion."""
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    advice = report(advised(made.text, "price"))
    earlier = Job(github, tmp_path, advice, inputs={"suggestions": "true"})
    assert earlier.run() is ExitCode.PASSED
    assert len(github.github.review_of(NUMBER)) == 1
    return earlier.again(run_id=101, result=FAILED)


@pytest.mark.parametrize("inputs", [{}, {"comment": "never"}])
@pytest.mark.parametrize("result", [FAILED, ZeroDivisionError("oops"), report(function(), **NOTHING)])
def test_what_was_suggested_for_an_earlier_commit_is_withdrawn(
    suggested: Job, inputs: dict[str, str], result: Exception | Report
) -> None:
    suggested.result = result
    suggested.inputs |= inputs
    assert suggested.run() is not ExitCode.PASSED
    assert suggested.world.github.review_of(NUMBER) == []
    assert "Suggestions: 1 withdrawn\n" in suggested.log


def test_so_it_is_by_a_run_that_is_held_back(suggested: Job) -> None:
    suggested.world.github.pull_requests[NUMBER].labels = ("hitrate:skip",)
    assert suggested.run() is ExitCode.PASSED
    assert suggested.world.github.review_of(NUMBER) == []


def test_so_it_is_where_the_config_file_asks_for_suggestions(suggested: Job) -> None:
    (suggested.workspace / ".github").mkdir()
    (suggested.workspace / ".github" / "hitrate.yml").write_text("suggestions: true\n")
    suggested.inputs = {}
    suggested.run()
    assert suggested.world.github.review_of(NUMBER) == []


def test_so_it_is_by_a_second_stage_whose_first_has_failed(suggested: Job) -> None:
    suggested.world.github.pull_requests[NUMBER].head_repository = FORK
    event = workflow_run()
    event["workflow_run"] |= {"conclusion": "failure", "id": 101}
    (suggested.workspace / "hitrate-report" / "report.json").unlink()
    assert suggested.again(event_name="workflow_run", event=event).run() is ExitCode.PASSED
    assert suggested.world.github.review_of(NUMBER) == []


@pytest.mark.parametrize(
    "change", ["old run", "old commit", "not asked for", "other id", "dry run", "answered"]
)
def test_what_is_not_this_runs_to_withdraw_stays(suggested: Job, change: str) -> None:
    github = suggested.world.github
    match change:
        case "old run":
            suggested.run_id = 99
        case "old commit":
            github.pull_requests[NUMBER].head = "e" * 40
        case "not asked for":
            suggested.inputs = {}
        case "other id":
            suggested.inputs |= {"comment-id": "other"}
        case "dry run":
            suggested.inputs |= {"dry-run": "true", "effort": "fast"}
        case "answered":  # it stays as a word, so that the talk keeps its sense
            github.add_reply(github.review_of(NUMBER)[0], suggested.world.account("personal"), "Why?")
    suggested.run()
    body = github.review_of(NUMBER)[0].body
    assert ("suggestion\n" in body) is (change != "answered")


def test_suggestions_that_are_set_wrongly_are_told(job: Job) -> None:
    job.inputs, job.result = {"suggestions": "perhaps"}, EARLIER
    assert job.run() is ExitCode.BAD_INPUT
    assert ended(job).startswith("failed: suggestions: ")

"""The action as the runner starts it: environment and event in; files, outputs, comment and exit code out."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest

from hitrate.action.step import action
from hitrate.demo.standin import pull_request_step
from hitrate.errors import AnalysisError, ExitCode
from hitrate.report.model import GateReport, RuleReport
from hitrate.vocabulary import Effort, GateRule, GateVerdict, Verdict
from tests.integration.on_github.job import Job, example, function, pull_request_event, report
from tests.integration.on_github.world import BASE, HEAD, NUMBER, REPOSITORY, World

ADVICE = report(function(saved_seconds=2.5))


@pytest.fixture
def job(github: World, tmp_path: Path) -> Job:
    return Job(github, tmp_path, ADVICE)


def test_measures_what_the_event_names_and_leaves_everything_where_it_belongs(job: Job) -> None:
    assert job.run() is ExitCode.PASSED
    ((target, settings),) = job.measured
    assert (target.repository, target.base, target.head, target.merge, target.pull_request) == (
        REPOSITORY,
        BASE,
        HEAD,
        "c" * 40,
        NUMBER,
    )
    assert settings.effort is Effort.STANDARD
    (body,) = job.world.bodies()
    assert body.startswith("<!-- hitrate id=hitrate schema=1 head=aaaaaaaa")
    assert body.endswith("-->\ncomment on 1 functions")
    assert job.summary() == "summary of 1 functions\n"
    assert "::notice file=src/a.py::cache\n" in job.log
    assert job.outputs() == {
        "verdict": "pass",
        "recommended": "1",
        "unsafe": "0",
        "wasteful": "0",
        "missed-saving": "0.25",
        "suite-speedup": "1.25",
        "report-json": "hitrate-report/report.json",
        "report-html": "hitrate-report/report.html",
        "comment-url": f"https://github.com/octo/widgets/pull/7#issuecomment-{comment(job)}",
    }
    written = job.workspace / "hitrate-report"
    assert sorted(path.name for path in written.iterdir()) == ["report.html", "report.json", "report.md"]
    assert json.loads((written / "report.json").read_text())["change"]["pull_request"] == NUMBER


def comment(job: Job) -> int:
    (found,) = job.world.github.conversation(NUMBER)
    return found.id


def test_a_second_run_edits_the_comment(job: Job) -> None:
    job.run()
    first = comment(job)
    later = job.again(run_id=101, result=report(function(), function(qualname="g")))
    assert later.run() is ExitCode.PASSED
    assert comment(job) == first
    assert job.world.bodies()[0].endswith("comment on 2 functions")


def test_nothing_to_say_is_said_only_where_something_was_said_before(job: Job) -> None:
    silent = job.again(result=report())
    silent.run()
    assert job.world.bodies() == []
    assert silent.outputs()["comment-url"] == ""
    job.run()
    silent.again(run_id=101).run()
    assert job.world.bodies()[0].endswith("-->\nresolved")


@pytest.mark.parametrize(("mode", "posted"), [("always", 1), ("never", 0), ("auto", 0)])
def test_comment_modes(job: Job, mode: str, posted: int) -> None:
    job.again(result=report(), inputs={"comment": mode}).run()
    assert len(job.world.bodies()) == posted


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (GateVerdict.PASS, ExitCode.PASSED),
        (GateVerdict.FAIL, ExitCode.GATE_FAILED),
        (GateVerdict.INCONCLUSIVE, ExitCode.PASSED),
    ],
)
def test_the_gate_decides_the_exit_code_and_the_log_says_why(
    job: Job, verdict: GateVerdict, code: ExitCode
) -> None:
    rules = (RuleReport(rule=GateRule.WASTEFUL, limit=0.2, value=0.05, passed=verdict is GateVerdict.PASS),)
    gated = report(function(Verdict.DROP)).model_copy(
        update={"gate": GateReport(verdict=verdict, rules=rules)}
    )
    job.result = gated
    assert job.run() is code
    assert f"Gate: {verdict}" in job.log
    assert "(limit 0.2, value 0.05)" in job.log
    assert job.outputs()["verdict"] == verdict
    assert job.outputs()["wasteful"] == "1"


@pytest.mark.parametrize("token", ["fork", "unknown", ""])
def test_a_comment_that_cannot_be_posted_loses_nothing(job: Job, token: str) -> None:
    job.token = token
    job.event = pull_request_event(fork=True)
    assert job.run() is ExitCode.PASSED
    assert job.world.bodies() == []
    assert job.outputs()["recommended"] == "1"
    assert job.summary() == "summary of 1 functions\n"
    assert (job.workspace / "hitrate-report" / "report.json").exists()
    (warning,) = [line for line in job.log.splitlines() if line.startswith("::warning")]
    assert "the job summary has it" in warning
    wanted = {"fork": "pull-requests%3A write" if "%3A" in warning else "pull-requests: write"}
    assert wanted.get(token, "github-token") in warning


def test_an_analysis_that_cannot_be_made_is_one_line_and_exit_code_3(job: Job) -> None:
    job.result = AnalysisError("install: pip failed\nwith this")
    assert job.run() is ExitCode.NOT_MEASURED
    assert job.log.splitlines() == ["::error title=Hitrate::install: pip failed with this"]
    assert "install: pip failed with this" in job.summary()
    assert job.world.bodies() == []


def test_no_process_imported_the_tree(job: Job) -> None:
    job.result = report(function(), processes={"expected": 0, "received": 0})
    assert job.run() is ExitCode.NOT_MEASURED
    assert "no test process imported" in job.log


def test_a_defect_is_one_line_and_exit_code_4(job: Job) -> None:
    job.result = ZeroDivisionError("oops")
    assert job.run() is ExitCode.DEFECT
    assert len(job.log.splitlines()) == 1
    assert "ZeroDivisionError: oops" in job.log
    job.variables = {"RUNNER_DEBUG": "1"}
    job.run()
    assert "Traceback" in job.log


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"min-hitrate": "3"}, "min-hitrate: no such input; did you mean min-hit-rate?"),
        ({"fail_on": "unsafe"}, "fail_on: no such input; did you mean fail-on?"),
        (
            {"effort": "fast"},
            "effort: 'fast' does not fit: must be 'quick', 'standard' or 'thorough'",
        ),
        ({"maxsize": "-1"}, "maxsize: '-1' does not fit: must be a whole number of at least 1"),
        ({"config": "none.yml"}, "config: there is no file 'none.yml' in the repository"),
        ({"config": "../event.json"}, "config: '../event.json' is not below the folder"),
        ({"report-dir": "../out"}, "report-dir: '../out' is not a folder below the workspace; name"),
        ({"comment-id": "a --> b"}, "comment-id: 'a --> b' does not fit"),
    ],
)
def test_wrong_inputs_are_one_line_and_exit_code_2(job: Job, inputs: dict[str, str], said: str) -> None:
    job.inputs = inputs
    assert job.run() is ExitCode.BAD_INPUT
    (line,) = [line for line in job.log.splitlines() if line.startswith("::error")]
    assert said in line


def test_precedence_is_input_then_config_then_default(job: Job) -> None:
    job.environment()
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text("effort: quick\nmaxsize: 64\n")
    job.inputs = {"maxsize": "32"}
    job.run()
    ((_, settings),) = job.measured
    assert (settings.effort, settings.maxsize, settings.comment_id) == (Effort.QUICK, 32, "hitrate")


def test_a_config_behind_a_link_is_not_read(job: Job) -> None:
    job.environment()
    secret = job.folder / "secret"
    secret.write_text("token: hunter2\n")
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").symlink_to(secret)
    assert job.run() is ExitCode.BAD_INPUT
    assert "hunter2" not in job.log


def test_a_report_folder_behind_a_link_is_not_written(job: Job) -> None:
    job.environment()
    elsewhere = job.folder / "elsewhere"
    elsewhere.mkdir()
    (job.workspace / "hitrate-report").symlink_to(elsewhere)
    assert job.run() is ExitCode.BAD_INPUT
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_report_belongs_to_whom_the_checkout_belongs_to(job: Job) -> None:
    job.environment()
    os.chown(job.workspace, 1001, 1001)
    job.run()
    written = [job.workspace / "hitrate-report", *(job.workspace / "hitrate-report").iterdir()]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in written} == {(1001, 1001)}


def test_a_push_is_reported_on_the_pull_request_of_its_commit(job: Job) -> None:
    job.event_name, job.event = (
        "push",
        example("push") | {"ref": "refs/heads/x", "after": HEAD, "deleted": False},
    )
    job.run()
    ((target, _),) = job.measured
    assert (target.base, target.pull_request) == (BASE, NUMBER)
    assert len(job.world.bodies()) == 1


def test_a_push_without_pull_request_is_measured_and_gated(job: Job) -> None:
    job.world.github.pull_requests[NUMBER].state = "closed"
    job.event_name = "push"
    job.event = example("push") | {"ref": "refs/heads/x", "after": HEAD, "before": "d" * 40, "deleted": False}
    assert job.run() is ExitCode.PASSED
    ((target, _),) = job.measured
    assert (target.base, target.pull_request) == ("d" * 40, None)
    assert job.world.bodies() == []


def test_a_base_that_was_given_wins(job: Job) -> None:
    job.inputs = {"base": "v1.0"}
    job.run()
    assert job.measured[0][0].base == "v1.0"


def test_nothing_to_compare_with_is_a_notice(job: Job) -> None:
    job.event_name, job.event = "schedule", {"schedule": "0 0 * * *"}
    assert job.run() is ExitCode.PASSED
    assert job.measured == []
    assert "::notice title=Hitrate::the event names nothing to compare with; set the input base" in job.log


def test_a_forks_code_is_refused_where_it_would_run_with_secrets(job: Job) -> None:
    job.event_name, job.event = "pull_request_target", pull_request_event(fork=True)
    assert job.run() is ExitCode.BAD_INPUT
    assert job.measured == []
    assert "pull_request_target: refused" in job.log


def test_runs_as_the_stand_ins_runner_prepares_it(job: Job) -> None:
    workspace = job.folder / "checkout"
    workspace.mkdir()
    step = pull_request_step(
        job.world.github,
        job.world.url,
        job.world.github.pull_requests[NUMBER],
        folder=job.folder / "runner",
        workspace=workspace,
        inputs={"github-token": "default", "effort": "quick"},
    )
    stream = StringIO()
    assert action(step.environment, stream, job.parts()) is ExitCode.PASSED
    assert step.outputs()["recommended"] == "1"
    assert step.summary.read_text() == "summary of 1 functions\n"
    assert job.world.bodies()[0].endswith("comment on 1 functions")


def test_a_dry_run_says_what_would_be_done_and_does_nothing(job: Job) -> None:
    job.inputs = {"dry-run": "true", "effort": "quick", "fail-on": "unsafe, wasteful"}
    assert job.run() is ExitCode.PASSED
    assert job.measured == []
    assert job.world.requests() == []
    assert job.outputs() == {}
    assert not (job.workspace / "hitrate-report").exists()
    assert job.log.splitlines() == [
        f"Would measure {HEAD} of {REPOSITORY} against {BASE}.",
        "Would tell pull request 7.",
        "effort: quick",
        "fail-on: ['unsafe', 'wasteful']",
        "This was a dry run: nothing was run, written or posted.",
    ]


@pytest.mark.parametrize("name", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_file_of_the_runner_that_cannot_be_written_is_one_line(job: Job, name: str) -> None:
    job.variables = {name: str(job.folder / "nowhere" / "file")}
    assert job.run() is ExitCode.BAD_INPUT
    (line,) = [line for line in job.log.splitlines() if line.startswith("::error")]
    assert f"{name}: cannot write " in line

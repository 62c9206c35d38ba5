"""`hitrate init` and `hitrate post` as commands."""

import json
from pathlib import Path

import pytest

from hitrate.action import step
from hitrate.action.runner import Runner
from hitrate.cli import main
from hitrate.errors import ExitCode
from hitrate.github.post import read_report
from hitrate.report.model import GateReport, Report, RuleReport
from hitrate.vocabulary import GateRule, GateVerdict, Verdict
from tests.integration.on_github.job import Job, function, pull_request_event, report
from tests.integration.on_github.test_second_stage import FORK, workflow_run
from tests.integration.on_github.world import NUMBER, World

SAMPLES = Path(__file__).parents[2] / "data" / "workflows"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    code = ended.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    return tmp_path


def test_init_shows_the_diff_and_writes_it_once(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workflow = repository / ".github" / "workflows" / "ci.yml"
    workflow.write_bytes((SAMPLES / "poetry.yml").read_bytes())
    assert run("init") == ExitCode.PASSED
    shown = capsys.readouterr().out
    assert "The step goes into job tests of .github/workflows/ci.yml: it runs the tests: `" in shown
    assert "\n+    - name: Hitrate\n" in shown
    assert shown.endswith("\n.github/workflows/ci.yml is written; look it through and commit it.\n")
    written = workflow.read_bytes()
    assert b"- name: Hitrate" in written
    assert run("init") == ExitCode.PASSED
    assert capsys.readouterr().out == ".github/workflows/ci.yml has the step already.\n"
    assert workflow.read_bytes() == written


def test_init_takes_a_path_as_the_shell_sees_it(repository: Path) -> None:
    assert run("init", "../.github/workflows/speed.yml") == ExitCode.PASSED
    assert (repository / ".github" / "workflows" / "speed.yml").exists()


def test_init_leaves_alone_what_it_does_not_understand(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SAMPLES / "unclear" / "reusable.yml").read_bytes()
    workflow = repository / ".github" / "workflows" / "ci.yml"
    workflow.write_bytes(text)
    assert run("init", "../.github/workflows/ci.yml") == ExitCode.BAD_INPUT
    assert "- name: Hitrate\n  uses: hitrate/hitrate@v" in capsys.readouterr().out
    assert workflow.read_bytes() == text


def test_init_writes_a_workflow_of_its_own_where_none_fits(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = repository / ".github" / "workflows" / "ci.yml"
    given.write_bytes((SAMPLES / "unclear" / "reusable.yml").read_bytes())
    assert run("init") == ExitCode.PASSED
    shown = capsys.readouterr().out
    assert "job tests: runs `./.github/workflows/tests.yml`, which is not read" in shown
    assert "\n+name: Hitrate\n" in shown
    assert (repository / ".github" / "workflows" / "hitrate.yml").exists()
    assert run("init") == ExitCode.PASSED
    assert capsys.readouterr().out == ".github/workflows/hitrate.yml has the step already.\n"


def test_init_writes_nothing_where_the_tests_need_windows(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = repository / ".github" / "workflows" / "ci.yml"
    given.write_text(
        "on: pull_request\njobs: {test: {runs-on: windows-latest, steps: [{run: pytest, shell: bash}]}}"
    )
    assert run("init") == ExitCode.BAD_INPUT
    assert "run on Windows only, and the action needs Linux: nothing is written." in capsys.readouterr().out
    assert [path.name for path in given.parent.iterdir()] == ["ci.yml"]


@pytest.fixture
def second(github: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    github.github.pull_requests[NUMBER].head_repository = FORK
    job = Job(github, tmp_path, AssertionError(), "workflow_run", workflow_run())
    (tmp_path / "report.json").write_text(report(function()).to_json())
    for name, value in job.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_TOKEN", "default")

    def connect(runner: Runner) -> object:
        assert runner.access is not None
        assert runner.access.token == "default"
        return job.parts().connect(runner)

    monkeypatch.setattr(step, "connect", connect)
    return job


def test_post_renders_the_report_anew_and_posts_it(second: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("post", "--report", str(second.folder / "report.json"), "--comment-id", "fork") == 0
    (body,) = second.world.bodies()
    assert body.startswith("<!-- hitrate id=fork schema=1")
    assert "`f` is worth caching" in body
    assert "Comment: created, https://github.com/octo/widgets/pull/7#issuecomment-" in capsys.readouterr().out


def test_post_takes_the_token_where_the_action_does_and_needs_no_workspace(
    second: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.setenv("INPUT_GITHUB-TOKEN", "default")
    monkeypatch.delenv("GITHUB_WORKSPACE")
    assert run("post", "--report", str(second.folder / "report.json")) == ExitCode.PASSED
    assert len(second.world.bodies()) == 1


def test_post_without_a_report_says_what_held_the_other_run_back(
    second: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    (second.folder / "report.json").unlink()
    second.world.github.pull_requests[NUMBER].draft = True
    assert run("post", "--report", str(second.folder / "report.json")) == ExitCode.PASSED
    assert "held back, so there is nothing to post: the pull request is a draft" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("conclusion", "told"),
    [("failure", "ended (failure) without a report"), ("cancelled", "ended (cancelled); nothing to post")],
)
def test_post_without_a_report_of_a_run_that_ended_otherwise(
    second: Job, capsys: pytest.CaptureFixture[str], conclusion: str, told: str
) -> None:
    (second.folder / "report.json").unlink()
    second.event["workflow_run"]["conclusion"] = conclusion
    (second.folder / "event.json").write_text(json.dumps(second.event))
    assert run("post", "--report", str(second.folder / "report.json")) == ExitCode.PASSED
    assert told in capsys.readouterr().out
    assert second.world.bodies() == []


@pytest.mark.parametrize(
    ("content", "event", "said"),
    [
        (None, "workflow_run", "report: cannot read "),
        ("{}", "workflow_run", "report: "),
        ("", "schedule", "schedule: names no pull request to post on"),
        ("", "issue_comment", "issue_comment: the event issue_comment is not supported"),
    ],
)
def test_post_with_wrong_input(
    second: Job,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    event: str,
    said: str,
) -> None:
    path = second.folder / "report.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("GITHUB_EVENT_NAME", event)
    assert run("post", "--report", str(path)) == ExitCode.BAD_INPUT
    captured = capsys.readouterr()
    assert captured.err.startswith(f"hitrate: {said}")
    assert len(captured.err.splitlines()) == 1
    assert second.world.bodies() == []


def test_post_joins_what_shards_of_the_same_run_have_measured(
    second: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = pull_request_event(fork=True)
    (second.folder / "event.json").write_text(json.dumps(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    second.world.github.pull_requests[NUMBER].head_repository = "someone/widgets"
    assert run("post", "--report", str(second.folder / "report.json")) == ExitCode.PASSED
    assert "run=100.1" in second.world.bodies()[0]


@pytest.fixture
def shards(github: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Reports of two shards, each of a cache that is wrong, in the job that joins them."""
    job = Job(github, tmp_path, AssertionError(), "pull_request", pull_request_event())
    for shard in (1, 2):
        (tmp_path / f"report-{shard}.json").write_text(shard_report(shard).to_json())
    for name, value in job.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_TOKEN", "default")
    monkeypatch.setattr(step, "connect", job.parts().connect)
    return job


def shard_report(shard: int) -> Report:
    wrong = function(
        Verdict.UNSAFE, qualname=f"f{shard}", source=str(shard) * 12, hit_rate=0.5, attainable_hit_rate=0.5
    )
    rule = RuleReport(rule=GateRule.UNSAFE, limit=0, value=1, passed=False)
    gate = GateReport(verdict=GateVerdict.FAIL, rules=(rule,))
    return report(wrong).model_copy(update={"gate": gate, "trial": None})


def merged(job: Job, *arguments: str) -> tuple[int, Report]:
    whole = job.folder / "whole.json"
    reports = [str(job.folder / f"report-{shard}.json") for shard in (1, 2)]
    code = run("merge", *reports, "--expect", "2", "--json", str(whole), *arguments)
    return code, read_report(whole.read_bytes())


def says(job: Job, words: str, permission: str = "write") -> None:
    github = job.world.github
    job.world.time.now += 60
    github.add_comment(NUMBER, github.add_person("octocat", permission), words)
    job.world.time.now += 60


def test_merge_knows_what_the_conversation_acknowledges(shards: Job) -> None:
    code, whole = merged(shards)
    assert (code, whole.gate.rules[0].value) == (ExitCode.GATE_FAILED, 2)
    assert run("post", "--report", str(shards.folder / "whole.json")) == ExitCode.PASSED
    says(shards, "hitrate:ok src/a.py::f1")
    code, whole = merged(shards)
    assert (code, whole.gate.rules[0].value) == (ExitCode.GATE_FAILED, 1)
    says(shards, f"hitrate:ok src/a.py::f2@{'2' * 12}:unsafe")
    code, whole = merged(shards)
    assert (code, whole.gate.verdict) == (ExitCode.PASSED, GateVerdict.PASS)
    assert [one.acknowledged is not None for one in whole.functions] == [True, True]
    assert run("post", "--report", str(shards.folder / "whole.json")) == ExitCode.PASSED
    assert "### Hitrate: resolved" in shards.world.bodies()[0]


def test_merge_asks_for_the_words_under_the_comment_of_its_own_id(shards: Job) -> None:
    merged(shards)
    whole = str(shards.folder / "whole.json")
    assert run("post", "--report", whole, "--comment-id", "shop") == ExitCode.PASSED
    for number in (1, 2):
        says(shards, f"hitrate:ok src/a.py::f{number}")
    assert merged(shards)[0] == ExitCode.GATE_FAILED
    assert merged(shards, "--comment-id", "shop")[0] == ExitCode.PASSED


def test_merge_believes_no_words_of_who_may_not_write_and_says_so(
    shards: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    says(shards, f"hitrate:ok src/a.py::f1@{'1' * 12}:unsafe", permission="read")
    assert merged(shards)[0] == ExitCode.GATE_FAILED
    assert "hitrate:ok by octocat does not count: it takes write access." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("GITHUB_TOKEN", "", ""),
        ("GITHUB_ACTIONS", "", ""),
        ("GITHUB_TOKEN", "unknown", "what the conversation acknowledges is not known"),
        ("GITHUB_REPOSITORY", "octo/other", "what the conversation acknowledges is not known"),
    ],
)
def test_merge_goes_without_a_conversation(
    shards: Job,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    value: str,
    said: str,
) -> None:
    says(shards, f"hitrate:ok src/a.py::f1@{'1' * 12}:unsafe")
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("INPUT_GITHUB-TOKEN", "")
    code, whole = merged(shards)
    assert (code, whole.gate.rules[0].value) == (ExitCode.GATE_FAILED, 2)
    assert said in capsys.readouterr().out


def test_merge_refuses_a_report_that_makes_no_sense(shards: Job, capsys: pytest.CaptureFixture[str]) -> None:
    path = shards.folder / "report-1.json"
    path.write_text(
        path.read_text().replace('"calls": null', '"calls": 1').replace('"hits": null', '"hits": 2')
    )
    assert run("merge", str(path), str(shards.folder / "report-2.json")) == ExitCode.BAD_INPUT
    assert f"hitrate: {path}: functions.0.hits: 2 of 1 calls; post the report.json" in capsys.readouterr().err
    path.write_bytes(b" " * (32 * 1024 * 1024 + 1))
    assert run("merge", str(path)) == ExitCode.BAD_INPUT
    assert f"hitrate: {path}: larger than 33554432 bytes\n" == capsys.readouterr().err

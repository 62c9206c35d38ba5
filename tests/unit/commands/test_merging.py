"""``hitrate merge``: files in, files and an exit code out, outside of a job on GitHub or without a token."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from hitrate.action.runner import Runner
from hitrate.commands.merging import merge_command
from hitrate.commands.outputs import Outputs
from hitrate.commands.shards import merge
from hitrate.errors import ExitCode, InputError
from hitrate.github.client import Client
from hitrate.github.retry import GitHubError
from hitrate.report.model import GateReport, Report, RuleReport
from hitrate.vocabulary import GateRule, GateVerdict
from tests.unit import reports

GOOD = reports.report([reports.win()], gate=reports.passing())
UNSAFE = RuleReport(rule=GateRule.UNSAFE, limit=0, value=1, passed=False)
BAD = reports.report([reports.wrong()], gate=GateReport(verdict=GateVerdict.FAIL, rules=(UNSAFE,)))
JOB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_API_URL": "http://127.0.0.1:9",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REPOSITORY": "octo/widgets",
}


def unreached(runner: Runner) -> Client:
    raise GitHubError("GitHub: could not be reached")


def forbidden(runner: Runner) -> Client:
    raise AssertionError("GitHub is not asked")


def left(folder: Path, *found: Report) -> list[Path]:
    """The reports of shards, as files."""
    paths = [folder / f"report-{number}.json" for number in range(len(found))]
    for path, report in zip(paths, found, strict=True):
        path.write_text(report.to_json(), encoding="utf-8")
    return paths


def whole(
    paths: list[Path],
    folder: Path,
    expected: int | None = None,
    environ: Mapping[str, str] | None = None,
    reached: bool = False,
) -> tuple[ExitCode, Report]:
    """How it ends, and the report that it writes."""
    outputs = Outputs(json=str(folder / "whole.json"))
    connect = unreached if reached else forbidden
    code = merge_command(paths, expected, {}, outputs, environ or {}, connect)
    return code, Report.model_validate_json((folder / "whole.json").read_bytes())


def event(folder: Path, **environ: str) -> dict[str, str]:
    """The environment of a job on the pull request that the reports are about."""
    change = GOOD.change
    repository = {"full_name": change.repository}
    pull = {
        "number": change.pull_request,
        "head": {"sha": change.head, "repo": repository},
        "base": {"sha": change.base, "repo": repository},
    }
    path = folder / "event.json"
    path.write_text(json.dumps({"action": "synchronize", "pull_request": pull}))
    return {**JOB, "GITHUB_REPOSITORY": str(change.repository), "GITHUB_EVENT_PATH": str(path), **environ}


@pytest.mark.parametrize("shards", [[GOOD, BAD], [BAD, GOOD]])
def test_one_shard_that_fails_fails_the_whole(
    tmp_path: Path, shards: list[Report], capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = whole(left(tmp_path, *shards), tmp_path)
    assert (code, report) == (ExitCode.GATE_FAILED, merge(shards))
    shown = capsys.readouterr().out
    assert all(function.qualname in shown for function in report.functions)
    assert "whole.json (JSON)" in shown.replace("\n", "")


def test_shards_that_pass_pass_together_unless_one_is_missing(tmp_path: Path) -> None:
    other = reports.report([reports.second_win()], gate=reports.passing())
    paths = left(tmp_path, GOOD, other)
    assert whole(paths, tmp_path)[0] is ExitCode.PASSED
    _, report = whole(paths, tmp_path, expected=3)
    assert report.notes[0] == "1 of 3 shards gave no report: their functions are missing."
    assert all(not rule.passed for rule in report.gate.rules)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"schema": 1}'])
def test_a_file_that_is_no_report_is_named_and_nothing_is_written(tmp_path: Path, content: bytes) -> None:
    paths = left(tmp_path, GOOD, BAD)
    paths[1].write_bytes(content)
    with pytest.raises(InputError, match=r"report-1\.json: "):
        whole(paths, tmp_path)
    paths[1].unlink()
    with pytest.raises(InputError, match=r"report-1\.json.* name the report\.json of a shard$"):
        whole(paths, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report-0.json"]


def test_a_place_that_cannot_be_written_is_told_before_a_report_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^json: cannot write "):
        whole([tmp_path / "missing.json"], tmp_path / "nowhere")


def test_github_is_not_asked_without_a_token_or_outside_of_a_job(tmp_path: Path) -> None:
    paths = left(tmp_path, BAD, GOOD)
    token = {"GITHUB_TOKEN": "t"}
    for environ in (event(tmp_path), token, event(tmp_path, GITHUB_ACTIONS="", **token)):
        assert whole(paths, tmp_path, environ=environ)[0] is ExitCode.GATE_FAILED


def test_a_github_that_does_not_answer_acknowledges_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = event(tmp_path, GITHUB_TOKEN="t")
    code, report = whole(left(tmp_path, BAD, GOOD), tmp_path, environ=environ, reached=True)
    assert (code, report) == (ExitCode.GATE_FAILED, merge([BAD, GOOD]))
    assert capsys.readouterr().out.startswith(
        "GitHub: could not be reached; what the conversation acknowledges is not known\n"
    )


@pytest.mark.parametrize("named", ["missing.json", "event.json"])
def test_a_job_whose_event_cannot_be_read_acknowledges_nothing(
    tmp_path: Path, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = event(tmp_path, GITHUB_TOKEN="t", GITHUB_EVENT_PATH=str(tmp_path / named))
    (tmp_path / "event.json").write_text("[]")
    assert whole(left(tmp_path, BAD, GOOD), tmp_path, environ=environ)[0] is ExitCode.GATE_FAILED
    said = capsys.readouterr().out.splitlines()[0]
    assert said.startswith("GITHUB_EVENT_PATH: ")
    assert said.endswith("; what the conversation acknowledges is not known")


def test_a_wrong_setting_is_refused(tmp_path: Path) -> None:
    paths = left(tmp_path, GOOD)
    with pytest.raises(InputError, match=r"^comment-id: "):
        merge_command(paths, None, {"comment_id": "a b"}, Outputs(), {}, forbidden)

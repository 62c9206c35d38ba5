"""``hitrate plan`` and ``hitrate merge`` around runs of real shards."""

import json
from pathlib import Path

import pytest

from hitrate.change.comparison import Change
from hitrate.commands.run import as_github_has_it
from hitrate.demo.demo import pull_request_of
from hitrate.demo.sample import PULL_REQUEST, REPOSITORY, Sample, build_repository
from hitrate.demo.standin import GitHub, pull_request_step, serve
from hitrate.report.schema import read
from tests.integration.repositories import hitrate

TOKEN = "ghs_" + "0123456789abcdef" * 2


@pytest.mark.slow
def test_a_change_is_measured_in_shards_joined_and_told(tmp_path: Path) -> None:
    """As docs/examples/sharded.yml does it, in a job of GitHub's."""
    sample = build_repository(tmp_path / "parcels")
    github = GitHub(REPOSITORY)
    github.add_token(TOKEN, "github-actions[bot]", {"pull_requests": "write"})
    pull_request = pull_request_of(sample)
    github.add_pull_request(pull_request)
    with serve(github) as url:
        step = pull_request_step(
            github, url, pull_request, folder=tmp_path / "runner", workspace=sample.folder, inputs={}
        )
        whole = _measured_in_shards(sample, tmp_path, dict(step.environment))
        posted = hitrate(tmp_path, "post", "--report", str(whole), **step.environment, GITHUB_TOKEN=TOKEN)
    assert posted.returncode == 0, posted.stdout + posted.stderr
    (comment,) = github.conversation(PULL_REQUEST)
    assert "The cache on `label` does not earn its keep" in comment.body


def _measured_in_shards(sample: Sample, tmp_path: Path, job: dict[str, str]) -> Path:
    """The joined report."""
    planned = hitrate(sample.folder, "plan", "--base", "main", "--shards", "2", "--paths", "parcels/[bl]*.py")
    assert planned.returncode == 0, planned.stderr
    shards = json.loads(planned.stdout)["include"]
    assert [shard["functions"].split("\n") for shard in shards] == [
        ["parcels/boxes.py::postage", "parcels/labels.py::next_tracking"],
        ["parcels/labels.py::check_digit", "parcels/labels.py::label"],
    ]
    reports = []
    for shard in shards:
        reports.append(str(tmp_path / f"report-{shard['shard']}.json"))
        named = [part for name in shard["functions"].split("\n") for part in ("--function", name)]
        tests = "python -m pytest -q -p no:cacheprovider tests/test_boxes.py tests/test_labels.py"
        done = hitrate(
            sample.folder, "run", "--base", "main", *named, "--effort", "quick", "--test-command", tests,
            "--json", reports[-1], **job,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    whole = tmp_path / "report.json"
    done = hitrate(tmp_path, "merge", *reports, "--expect", "2", "--json", str(whole))
    assert done.returncode == 0, done.stderr
    report = read(whole.read_text(), "report.json")
    assert {function.qualname: function.verdict for function in report.functions} == {
        "postage": "cache",
        "next_tracking": "not-worth-it",
        "check_digit": "not-worth-it",
        "label": "drop",
    }
    assert (report.change.base, report.change.head) == (sample.base, sample.head)
    assert "The cache on label does not earn its keep" in done.stdout
    return whole


@pytest.mark.slow
def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    done = hitrate(tmp_path, "merge", "report.json")
    assert done.returncode == 2
    assert done.stderr.startswith("hitrate: report.json: not a Hitrate report of schema 1: ")
    done = hitrate(tmp_path, "merge", "missing.json")
    said = "report: cannot read 'missing.json' (No such file or directory); name the report.json of a shard"
    assert (done.returncode, done.stderr) == (2, f"hitrate: {said}\n")
    done = hitrate(tmp_path, "merge")
    assert done.returncode == 2
    assert "no report was given" in done.stderr


@pytest.mark.parametrize(
    "environ",
    [{}, {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": "nowhere", "GITHUB_WORKSPACE": "."}],
)
def test_a_job_whose_event_is_unknown_is_measured_all_the_same(environ: dict[str, str]) -> None:
    change = Change(base="a" * 40, head="b" * 40)
    assert as_github_has_it(change, {"GITHUB_ACTIONS": "true", **environ}) is change

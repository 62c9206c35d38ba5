"""``hitrate plan`` and ``hitrate merge`` around runs of real shards."""

import json
from pathlib import Path

from repositories import hitrate

from hitrate.report.schema import read
from hitrate.sample import build_repository


def test_a_change_is_measured_in_shards_and_joined(tmp_path: Path) -> None:
    sample = build_repository(tmp_path / "parcels")
    planned = hitrate(sample.folder, "plan", "--base", "main", "--shards", "2", "--paths", "parcels/[bl]*.py")
    assert planned.returncode == 0, planned.stderr
    jobs = json.loads(planned.stdout)["include"]
    assert [job["functions"].split("\n") for job in jobs] == [
        ["parcels/boxes.py::postage", "parcels/labels.py::next_tracking"],
        ["parcels/labels.py::check_digit", "parcels/labels.py::label"],
    ]
    reports = []
    for job in jobs:
        reports.append(str(tmp_path / f"report-{job['shard']}.json"))
        named = [part for name in job["functions"].split("\n") for part in ("--function", name)]
        tests = "python -m pytest -q -p no:cacheprovider tests/test_boxes.py tests/test_labels.py"
        done = hitrate(
            sample.folder, "run", "--base", "main", *named, "--effort", "quick", "--test-command", tests,
            "--json", reports[-1],
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    whole = tmp_path / "report.json"
    done = hitrate(tmp_path, "merge", *reports, "--expect", "2", "--json", str(whole))
    assert done.returncode == 0, done.stderr
    report = read(whole.read_text(), "report.json")
    assert {function.qualname: function.verdict for function in report.functions} == {
        "postage": "cache",
        "next_tracking": "unsafe",
        "check_digit": "not-worth-it",
        "label": "drop",
    }
    assert (report.change.base, report.change.head) == (sample.base, sample.head)
    assert "next_tracking must not be cached" in done.stdout


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    done = hitrate(tmp_path, "merge", "report.json")
    assert done.returncode == 2
    assert done.stderr.startswith("hitrate: report.json: not a Hitrate report of schema 1: ")
    done = hitrate(tmp_path, "merge", "missing.json")
    assert (done.returncode, done.stderr) == (
        2,
        "hitrate: missing.json: No such file or directory; name the report.json of a shard\n",
    )
    done = hitrate(tmp_path, "merge")
    assert done.returncode == 2
    assert "no report was given" in done.stderr

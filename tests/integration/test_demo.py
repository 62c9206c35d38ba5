"""The demo's sample repository, and what Hitrate finds in it."""

import json
import subprocess
import sys
from pathlib import Path

import git
import pytest

from hitrate.change.comparison import compare
from hitrate.change.discovery import changed_functions
from hitrate.demo.sample import BRANCH, Sample, build_repository
from hitrate.report.schema import read
from tests.integration.repositories import fingerprint, hitrate


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return build_repository(tmp_path_factory.mktemp("demo") / "parcels")


def run_tests(folder: Path) -> str:
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_it_is_a_repository_with_a_pull_request(sample: Sample) -> None:
    with git.Repo(sample.folder) as repository:
        assert repository.active_branch.name == BRANCH
        assert not repository.is_dirty(untracked_files=True)
        assert repository.commit("main").hexsha == sample.base
        assert [commit.hexsha for commit in repository.merge_base("main", BRANCH)] == [sample.base]
        assert repository.commit(BRANCH).hexsha == sample.head


def test_it_is_the_same_for_everybody(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text(
        "[commit]\n gpgsign = true\n[core]\n autocrlf = true\n hooksPath = /nowhere\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    again = build_repository(tmp_path / "again")
    assert (again.base, again.head) == (sample.base, sample.head)


@pytest.mark.slow
def test_its_tests_pass_before_and_after_the_change(sample: Sample, tmp_path: Path) -> None:
    assert "33 passed" in run_tests(sample.folder)
    with git.Repo(sample.folder) as repository, repository.clone(tmp_path / "base", branch="main"):
        assert "5 passed" in run_tests(tmp_path / "base")


def test_the_pull_request_has_every_kind_of_function(sample: Sample) -> None:
    with git.Repo(sample.folder) as repository:
        files = compare(repository, "main", None).files
    functions = {found.qualname: found for found in changed_functions(sample.folder, files).functions}
    assert set(functions) == {
        "zone_of", "postage", "check_digit", "Parcel.charged_kilograms", "quote", "load_surcharges",
        "next_tracking", "label", "pickup_day", "services", "offers", "hours",
    }  # fmt: skip
    assert {name for name, found in functions.items() if found.cache} == {
        "label", "services", "zone_of", "hours",
    }  # fmt: skip
    assert functions["Parcel.charged_kilograms"].is_method
    assert functions["pickup_day"].ineligible is not None


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick"])
def test_the_verdicts_are_those_that_a_reader_would_give(sample: Sample, effort: str, tmp_path: Path) -> None:
    before = fingerprint(sample.folder)
    report = tmp_path / "report.json"
    done = hitrate(
        sample.folder,
        "run",
        "--base",
        "main",
        "--effort",
        effort,
        "--json",
        str(report),
        "--fail-on",
        "wasteful",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert fingerprint(sample.folder) == before
    found = json.loads(report.read_text())["functions"]
    assert {function["qualname"]: function["verdict"] for function in found} == {
        "zone_of": "resize" if effort == "standard" else "keep",
        "postage": "cache",
        "check_digit": "not-worth-it",
        "Parcel.charged_kilograms": "not-worth-it",
        "quote": "not-worth-it",
        "load_surcharges": "unsafe",
        "next_tracking": "not-worth-it",
        "label": "drop",
        "services": "unsafe" if effort == "standard" else "keep",
        "hours": "keep",
        "offers": "not-worth-it",
        "pickup_day": "ineligible",
    }


@pytest.mark.slow
def test_the_demo_prints_the_comment_that_it_posted_and_leaves_what_was_asked_for(tmp_path: Path) -> None:
    environment = {"TMPDIR": str(tmp_path)}
    files = {ending: tmp_path / f"report.{ending}" for ending in ("html", "json")}
    kept = ["--html", str(files["html"]), "--json", str(files["json"])]
    done = hitrate(tmp_path, "demo", "--effort", "quick", *kept, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The comment on octo-org/parcels#12:" in done.stdout
    assert "**The cache on `label` does not earn its keep" in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert f"Written: {files['html']} (HTML)" in done.stdout.splitlines()
    assert "<h1>The cache on <code>label</code> does not earn its keep" in files["html"].read_text()
    report = read(files["json"].read_text(), "report.json")
    assert report.change.pull_request == 12
    [win] = [function for function in report.functions if function.qualname == "postage"]
    assert [edit.line for edit in win.edits] == [3, 37]
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "report.json"}


def test_a_wrong_effort_is_told_before_anything_is_made(tmp_path: Path) -> None:
    done = hitrate(tmp_path, "demo", "--effort", "fast", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hitrate: effort: 'fast' does not fit")
    assert not list(tmp_path.iterdir())

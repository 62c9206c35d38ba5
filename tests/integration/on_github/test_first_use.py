"""The pull request that brings Hitrate to a repository is told why it could not run, and what to paste."""

from pathlib import Path

import pytest
from git import Repo

from hitrate.action.step import RENDERING
from hitrate.change.firstuse import brings_hitrate
from hitrate.environment.causes import snippet
from hitrate.errors import AnalysisError, ExitCode, InputError
from hitrate.vocabulary import GateVerdict
from tests.integration.on_github.job import Job, function, report
from tests.integration.on_github.world import World
from tests.integration.repositories import commit, new_repository

PASTE = snippet("error: command 'gcc' failed: No such file or directory", "install")
FAILED = AnalysisError("install: `uv pip install -e .` failed with exit code 1; no compiler", snippet=PASTE)
USES = "on: pull_request\njobs:\n  a:\n    steps:\n      - uses: hitrate/hitrate@v0\n"
REUSED = "      - uses: org/ci/.github/workflows/hitrate.yml@main\n"
OTHER = "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v7\n"


def first(github: World, folder: Path, **changes: object) -> Job:
    return Job(github, folder, FAILED, rendering=RENDERING, first_use=True).again(**changes)


def test_it_says_why_and_what_to_paste(github: World, tmp_path: Path) -> None:
    job = first(github, tmp_path)
    assert job.run() is ExitCode.NOT_MEASURED
    (body,) = github.bodies()
    assert "### Hitrate: could not run this project's tests yet\n" in body
    assert "failed with exit code 1; no compiler" in body
    assert f"```yaml\n{PASTE}\n```" in body
    assert "/pull/7#issuecomment-" in job.outputs()["comment-url"]
    assert "could not measure this change" in job.summary()


def test_the_next_push_that_fails_too_keeps_one_comment(github: World, tmp_path: Path) -> None:
    first(github, tmp_path).run()
    other = AnalysisError("test-command: 'x' ran no test", snippet=snippet("", "test-command"))
    first(github, tmp_path / "two", run_id=101, result=other).run()
    (body,) = github.bodies()
    assert "ran no test" in body
    assert "test-command: python -m pytest tests" in body


def test_the_first_push_that_measures_puts_its_answer_there(github: World, tmp_path: Path) -> None:
    first(github, tmp_path).run()
    measured = report(function(saved_seconds=2.5))
    assert first(github, tmp_path / "two", run_id=101, result=measured).run() is ExitCode.PASSED
    (body,) = github.bodies()
    assert "could not run" not in body


def test_where_no_test_imports_the_change(github: World, tmp_path: Path) -> None:
    nothing = report(function(), processes={"expected": 0, "received": 0})
    assert first(github, tmp_path, result=nothing).run() is ExitCode.NOT_MEASURED
    (body,) = github.bodies()
    assert "no test process imported" in body
    assert "    install: uv pip install -e" in body


FAILING = report(gate=GateVerdict.INCONCLUSIVE, passed=False, failing_tests=("test_a.py::test_service",))


def test_where_tests_fail_there(github: World, tmp_path: Path) -> None:
    assert first(github, tmp_path, result=FAILING).run() is ExitCode.PASSED
    (body,) = github.bodies()
    assert "### Hitrate: the tests already fail" in body
    assert "`test_a.py::test_service`" in body


@pytest.mark.parametrize("changes", [{"first_use": False}, {"inputs": {"comment": "never"}}], ids=str)
def test_tests_that_fail_make_no_other_comment(
    github: World, tmp_path: Path, changes: dict[str, object]
) -> None:
    job = first(github, tmp_path, result=FAILING, **changes)
    assert job.run() is ExitCode.PASSED
    assert github.bodies() == []
    assert "`test_a.py::test_service`" in job.summary()


def test_tests_that_fail_by_now_are_told_in_the_comment_that_is_there(github: World, tmp_path: Path) -> None:
    worth = report(function(saved_seconds=2.5))
    Job(github, tmp_path, worth, rendering=RENDERING).run()
    assert "worth caching" in github.bodies()[0]
    Job(github, tmp_path / "two", FAILING, rendering=RENDERING, run_id=101).run()
    (body,) = github.bodies()
    assert "### Hitrate: the tests already fail" in body
    assert "What stood here before was about an earlier commit." in body


@pytest.mark.parametrize(
    "changes",
    [
        {"first_use": False},
        {"inputs": {"comment": "never"}},
        {"inputs": {"dry-run": "true", "effort": "fast"}},
        {"token": ""},
        {"result": ZeroDivisionError("oops")},
    ],
    ids=str,
)
def test_otherwise_no_comment_is_made(github: World, tmp_path: Path, changes: dict[str, object]) -> None:
    first(github, tmp_path, **changes).run()
    assert github.bodies() == []


def test_what_the_project_printed_is_no_markdown(github: World, tmp_path: Path) -> None:
    evil = InputError(
        "test-command: `x` <img src=x> [a](http://x) @octocat was not found", snippet="- `` `\n"
    )
    first(github, tmp_path, result=evil).run()
    (body,) = github.bodies()
    assert "<img" not in body
    assert "[a](http://x)" not in body
    assert "``` ``" not in body


@pytest.mark.parametrize(
    ("before", "after", "brings"),
    [
        ({}, {"hitrate.yml": USES}, True),
        ({"ci.yml": OTHER}, {"ci.yml": OTHER + USES}, True),
        ({"ci.yml": OTHER}, {"ci.yml": OTHER, "b.yaml": USES.replace("hitrate/h", "Some/H")}, True),
        (
            {"ci.yml": OTHER},
            {"b.yml": OTHER + REUSED},
            True,
        ),
        ({"ci.yml": USES}, {"ci.yml": USES.replace("v0", "v1")}, False),
        ({"ci.yml": USES}, {"ci.yml": OTHER, "new.yml": USES}, False),
        ({"ci.yml": OTHER}, {"ci.yml": OTHER + "# uses: hitrate/hitrate@v0\n"}, False),
        ({"ci.yml": OTHER}, {"ci.yml": OTHER}, False),
        ({"ci.yml": USES}, {}, False),
    ],
)
def test_what_brings_hitrate(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], brings: bool
) -> None:
    def laid_out(files: dict[str, str]) -> dict[str, str]:
        return {f".github/workflows/{name}": text for name, text in files.items()} | {"a.py": ""}

    tree = new_repository(tmp_path / "tree", laid_out(before))
    base = Repo(tree).head.commit.hexsha
    for path in (tree / ".github" / "workflows").glob("*"):
        path.unlink()
    commit(tree, laid_out(after))
    assert brings_hitrate(Repo(tree), base) is brings
    assert brings_hitrate(Repo(tree), None) is False

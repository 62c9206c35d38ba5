"""The commit by which a workflow names the action, and whether it should."""

import subprocess
from pathlib import Path

import pytest

from hitrate.workflow.writing.pinning import checkout, pins
from hitrate.workflow.writing.step import ACTION, CHECKOUT, VERSION
from hitrate.workspace.release import released_commit

OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def git(tmp_path: Path) -> Path:
    """A git that says what is in the file `answer`, and ends with what is in `code`."""
    program = tmp_path / "git"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat {tmp_path}/answer\nexit $(cat {tmp_path}/code)\n'
    )
    program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("answer", "code", "commit"),
    [
        (f"{OLD}\trefs/tags/v0\n", 0, OLD),
        (f"{OLD}\trefs/tags/v0\n{NEW}\trefs/tags/v0^{{}}\n", 0, NEW),
        ("", 0, None),
        (f"{OLD}\trefs/tags/v0\n", 128, None),
    ],
)
def test_the_commit_of_a_tag_is_asked_of_github(
    git: Path, answer: str, code: int, commit: str | None
) -> None:
    (git / "answer").write_text(answer)
    (git / "code").write_text(str(code))
    assert released_commit({"PATH": f"{git}:/usr/bin:/bin"}, ACTION, VERSION) == commit
    assert (git / "asked").read_text().startswith("ls-remote https://github.com/hitrate/hitrate refs/tags/v")


def test_without_git_there_is_no_commit(tmp_path: Path) -> None:
    assert released_commit({"PATH": str(tmp_path)}, ACTION, VERSION) is None


def test_an_annotated_tag_is_told_from_its_commit_as_git_prints_them(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    run("init", "-q")
    run("commit", "-q", "--allow-empty", "-m", "a")
    run("tag", "-a", "v0", "-m", "a")
    lines = run("ls-remote", str(tmp_path), "refs/tags/v0", "refs/tags/v0^{}").splitlines()
    assert lines[-1].split() == [run("rev-parse", "HEAD").strip(), "refs/tags/v0^{}"]


@pytest.mark.parametrize(
    ("lines", "pinned"),
    [
        ([f"- uses: actions/checkout@{OLD} # v4", "  uses: 'a/b/c@main'", f'  - uses: "c/d@{NEW}"'], True),
        ([f"- uses: actions/checkout@{OLD}", "- uses: a/b@v1"], False),
        (["- uses: ./local", "- run: echo uses"], False),
        ([f"- uses: actions/checkout@{OLD}", "- uses: ./local", "- uses: docker://alpine"], True),
    ],
)
def test_a_workflow_pins_if_most_of_its_actions_are(lines: list[str], pinned: bool) -> None:
    assert pins("\n".join(lines)) is pinned


def test_the_checkout_is_taken_as_it_is_pinned() -> None:
    assert checkout([f"- uses: actions/checkout@{OLD}  # v4.2\n"]) == f"actions/checkout@{OLD} # v4.2"
    assert checkout(["- uses: actions/checkout@v4\n"]) == CHECKOUT

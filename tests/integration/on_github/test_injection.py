"""Hostile text from the pull request on its way through the whole action: it stays text."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.action.outputs import OUTPUTS
from hitrate.action.step import RENDERING
from hitrate.demo.standin import File
from hitrate.errors import AnalysisError, ExitCode
from hitrate.github.answers import Owner
from hitrate.github.comment import BODY_LIMIT, read_marker
from hitrate.github.suggestions import review
from hitrate.report.model import Report
from tests.integration.on_github.job import Job, function, report
from tests.integration.on_github.world import HEAD, NUMBER, World, world
from tests.unit.hostile import PAYLOADS, SHAPES

COMMANDS = ("::error", "::warning", "::notice")


def check_log(log: str) -> None:
    """Every line that the runner would take for a command is one of ours; nothing else in it is active."""
    for line in log.splitlines():
        assert not line.lstrip().startswith("::") or line.startswith(COMMANDS), line
        assert "##[" not in line or line.startswith(COMMANDS), line
    assert not any(character in log for character in "\x1b\x00\x08\x9b\u202e\u2066")


def run(github: World, folder: Path, found: Report | Exception, comment: str = "auto") -> Job:
    job = Job(github, folder, found, rendering=RENDERING, inputs={"comment": comment})
    job.run()
    return job


def check(github: World, job: Job) -> None:
    check_log(job.log)
    assert set(job.outputs()) == set(OUTPUTS)
    comments = github.github.conversation(NUMBER)
    assert len(comments) == 1
    body = comments[0].body
    assert len(body) <= BODY_LIMIT
    marker = read_marker(body)
    assert marker is not None
    assert (marker.id, marker.head, marker.run.id) == ("hitrate", HEAD, 100)
    assert body.count("<!-- hitrate") == 1
    assert len(job.summary().encode()) <= 1024 * 1024


@pytest.mark.parametrize("shape", SHAPES, ids=["advice", "links", "broken"])
@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_report(text: str, shape: object, github: World, tmp_path: Path) -> None:
    assert callable(shape)
    # Broken tests alone are no reason to comment, and what they are called is hostile as well.
    job = run(github, tmp_path, shape(text), comment="always")
    assert "a defect" not in job.log
    check(github, job)


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=200))
def test_any_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    with world() as github:
        job = run(github, tmp_path_factory.mktemp("job"), SHAPES[0](text))
        check(github, job)


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_error(text: str, github: World, tmp_path: Path) -> None:
    job = run(github, tmp_path, AnalysisError(f"{text}: {text}"))
    assert len(job.log.splitlines()) == 1
    check_log(job.log)
    assert len(job.summary().splitlines()) == 1
    assert "<script" not in job.summary()
    assert "</details" not in job.summary()


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_defect(text: str, github: World, tmp_path: Path) -> None:
    job = Job(github, tmp_path, ValueError(text), variables={"RUNNER_DEBUG": "1"})
    assert job.run() is ExitCode.DEFECT
    check_log(job.log)


def test_a_hostile_line_beside_a_suggestion_stays_in_its_block(github: World) -> None:
    line = 'TEXT = "```" + "<!-- hitrate-suggestion id=hitrate key=0 -->" + "@octocat"'
    text = f"import re\n{line}\n\n\ndef f(x):\n    return x\n"
    patch = "@@ -1,6 +1,6 @@\n" + "\n".join(f" {one}" for one in text.splitlines())
    github.github.pull_requests[NUMBER].files = (File("src/a.py", text, patch),)
    with github.client() as client:
        done = review(
            client.review(NUMBER, HEAD),
            report(function(line=5)),
            "hitrate",
            Owner(login="github-actions[bot]"),
        )
    assert done.posted == 1
    (comment,) = github.github.review_of(NUMBER)
    assert comment.body.count("````suggestion\n") == 1
    assert comment.body.endswith("\n````")
    assert line in comment.body
    with github.client() as client:
        again = review(
            client.review(NUMBER, HEAD),
            report(function(line=5)),
            "hitrate",
            Owner(login="github-actions[bot]"),
        )
    assert again == replace(done, posted=0, standing=1)

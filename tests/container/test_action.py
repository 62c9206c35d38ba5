"""The image as the runner starts it: comment, outputs, summary, gate, an untouched workspace."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobs import PROJECTS, TOKEN, Job, changed, everything, job

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "styles" / "groups"
CHANGE = changed(
    PROJECT, "src/prices_lib/prices.py", "    table = [", "    # every land has a rate\n    table = ["
)


@pytest.fixture
def step(engine: str, image: str, tmp_path: Path) -> Iterator[Job]:
    with job(engine, image, tmp_path, PROJECT, CHANGE) as made:
        yield made


def test_a_pull_request_gets_its_answer(step: Job) -> None:
    before = everything(step.workspace)
    done = step.run({"effort": "quick"})
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert done.report["change"]["head"] == step.pull_request.head
    assert done.report["change"]["base"] == step.pull_request.base
    assert done.report["suite"]["tests"] == 21
    found = done.function("tax_rate")
    assert (found["calls"], found["hits"]) == (21, 19)
    assert found["verdict"] == "cache"
    (comment,) = step.comments()
    assert "tax_rate" in comment
    assert "tax_rate" in done.summary
    assert done.outputs["recommended"] == "1"
    assert done.outputs["verdict"] == "pass"
    assert done.outputs["comment-url"].endswith(f"issuecomment-{step.github.conversation(7)[0].id}")
    assert everything(step.workspace) == before
    for name in ("report.json", "report.html", "report.md"):
        written = step.workspace / "hitrate-report" / name
        assert written.stat().st_uid == step.workspace.stat().st_uid
    assert TOKEN not in done.log
    assert all(TOKEN not in path.read_text("utf-8") for path in (step.workspace / "hitrate-report").iterdir())

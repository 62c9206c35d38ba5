"""Memory written by a push to the default branch in one container, and read by a pull request in the next."""

import json
from pathlib import Path

import pytest

from hitrate.analysis.memory.recollection import NEARLY_EVERY
from tests.integration.jobs import PROJECTS, REPOSITORY, changed, everything, job

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "styles" / "groups"
MODULE = "src/prices_lib/prices.py"
CHANGE = changed(PROJECT, MODULE, "    table = [", "    # every land has a rate\n    table = [")
FOLDER = ".cache/hitrate-memory"


def test_what_a_push_remembers_a_pull_request_reads(engine: str, image: str, tmp_path: Path) -> None:
    with job(engine, image, tmp_path, PROJECT, CHANGE) as step:
        base = step.pull_request.base
        event = {
            "ref": "refs/heads/main",
            "before": "0" * 40,
            "after": base,
            "repository": {"full_name": REPOSITORY, "default_branch": "main"},
        }
        step.workflow.mkdir(parents=True)
        pushed = step.workflow / "push.json"
        pushed.write_text(json.dumps(event))
        push = {
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_EVENT_PATH": str(pushed),
            "GITHUB_REF": event["ref"],
            "GITHUB_SHA": base,
        }
        before = everything(step.workspace)
        done = step.run({"memory": FOLDER}, {name: str(value) for name, value in push.items()})
        assert done.exit_code == 0, done.log
        assert (done.report, step.comments(), done.summary) == (None, [], "")
        kept = step.workspace / FOLDER
        assert [path.name for path in kept.iterdir()] == ["tests.memory"]
        assert all(path.stat().st_uid == step.workspace.stat().st_uid for path in (kept, *kept.iterdir()))
        written = everything(kept)
        assert everything(step.workspace, but=".cache") == before
        done = step.run({"memory": FOLDER})
        assert done.exit_code == 0, done.log
        assert done.report is not None
        memory = done.report["suite"]["memory"]
        assert memory["commit"] == base
        assert (memory["everything"], memory["tests"]) == (NEARLY_EVERY, 21), done.report["notes"]
        assert done.function("tax_rate")["verdict"] == "cache"
        assert (done.function("tax_rate")["calls"], done.function("tax_rate")["hits"]) == (21, 19)
        assert everything(kept) == written

"""The composite action: the job's own interpreter and checkout, which is as before afterwards."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.jobs import NUMBER, PROJECTS, ROOT, TOKEN, Job, changed, everything, job

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="refused there, see native/run.sh")

PROJECT = PROJECTS / "styles" / "none"
MODULE = "prices_lib/prices.py"
CHANGE = changed(PROJECT, MODULE, "    table = [", "    # every land has a rate\n    table = [")
COMMAND = [sys.executable, "-c", "from hitrate.action.native import main; raise SystemExit(main())"]
VARIABLES = {"PYTHONPATH": str(ROOT / "src"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.fixture
def step(tmp_path: Path) -> Iterator[Job]:
    with job("no engine", "no image", tmp_path, PROJECT, CHANGE) as made:
        yield made


def test_a_pull_request_gets_its_answer(step: Job) -> None:
    before = everything(step.workspace)
    done = step.run_native(COMMAND, {"effort": "quick"}, VARIABLES)
    assert done.exit_code == 0, done.log
    found = done.function("tax_rate")
    assert (found["calls"], found["hits"], found["verdict"]) == (21, 19, "cache")
    assert len(step.comments()) == 1
    assert done.outputs["recommended"] == "1"
    assert done.report is not None
    assert done.report["change"]["base"] == step.pull_request.base
    assert TOKEN not in done.log
    assert everything(step.workspace) == before


@pytest.mark.slow
def test_tests_do_not_get_the_token(tmp_path: Path) -> None:
    code = f"import os\n\ndef test_token():\n    assert {TOKEN!r} not in str(dict(os.environ))\n"
    with job("no engine", "no image", tmp_path, PROJECT, CHANGE | {"tests/test_token.py": code}) as step:
        done = step.run_native(COMMAND, {"effort": "quick"}, VARIABLES | {"GITHUB_TOKEN_IN_ENV": ""})
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert done.report["suite"]["failing_tests"] == []


@pytest.mark.slow
def test_another_commit_is_checked_out(tmp_path: Path) -> None:
    with job("no engine", "no image", tmp_path, PROJECT, CHANGE) as step:
        step.pull_request.head = "0" * 40
        step.merge = "1" * 40
        done = step.run_native(COMMAND, {"effort": "quick"}, VARIABLES)
    assert done.exit_code == 2
    assert "is not checked out; add actions/checkout before Hitrate" in done.log


@pytest.mark.slow
def test_the_head_commits_message_holds_it_back(tmp_path: Path) -> None:
    """The checkout is as actions/checkout leaves it: the test merge alone, the head commit not among it."""
    with job("no engine", "no image", tmp_path, PROJECT, CHANGE, message="Rates [skip hitrate]") as step:
        before = everything(step.workspace)
        done = step.run_native(COMMAND, {}, VARIABLES)
    assert done.exit_code == 0, done.log
    said = "::notice title=Hitrate::held back, so nothing was measured: the head commit's message says "
    assert done.log == f"{said}[skip hitrate]\n"
    assert (done.report, done.outputs["verdict"]) == (None, "")
    assert step.comments() == []
    assert everything(step.workspace) == before


@pytest.mark.slow
def test_a_wasteful_cache_is_acknowledged_until_it_changes(tmp_path: Path) -> None:
    change = changed(PROJECT, MODULE, "def gross(", "@functools.lru_cache\ndef gross(")
    change[MODULE] = change[MODULE].replace("\n\n\n", "\n\nimport functools\n\n\n", 1)
    inputs = {"effort": "quick", "fail-on": "wasteful"}
    with job("no engine", "no image", tmp_path, PROJECT, change) as step:
        first = step.run_native(COMMAND, inputs, VARIABLES)
        (comment,) = step.comments()
        (words,) = [line for line in comment.splitlines() if line.startswith("hitrate:ok ")]
        step.github.add_comment(NUMBER, step.github.add_person("octocat", "write"), words)
        second = step.run_native(COMMAND, inputs, VARIABLES)
        own = comment.replace("hitrate:ok", "").splitlines()[1]
    assert first.exit_code == 1, first.log
    assert own.startswith("<!-- seen ")
    assert words.startswith(f"hitrate:ok {MODULE}::gross@")
    assert (second.exit_code, second.outputs["verdict"], second.outputs["wasteful"]) == (0, "pass", "0")
    assert second.function("gross")["acknowledged"]["by"] == "octocat"
    assert words.rpartition("@")[2] == second.function("gross")["source"] + ":drop"


@pytest.mark.slow
@pytest.mark.parametrize("given", ["", "[]", "nothing"])
def test_not_as_a_composite_action(step: Job, given: str) -> None:
    environment = step.prepared({}, VARIABLES) | {"HITRATE_INPUTS": given}
    done = step.done(COMMAND, os.environ | environment, environment)
    assert done.exit_code == 2
    assert done.log.startswith("::error title=Hitrate::HITRATE_INPUTS: ")


@pytest.mark.slow
def test_inputs_with_every_character_arrive(step: Job) -> None:
    command = "python -m pytest -q && echo 'a \"b\" %0A ü'"
    done = step.run_native(COMMAND, {"effort": "quick", "test-command": command}, VARIABLES)
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert json.dumps(done.report["suite"]["command"]) == json.dumps(command)
    assert step.github.conversation(NUMBER)

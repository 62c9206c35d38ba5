"""A step that the demo prepares is read by the action as one of GitHub's own."""

from pathlib import Path

import pytest

from hitrate.action.runner import Runner, add_summary, read_inputs, read_runner, set_outputs
from hitrate.demo.standin.runner import Step, pull_request_step
from hitrate.demo.standin.state import GitHub, PullRequest
from hitrate.github.event import Mode, Run, Target, plan
from hitrate.github.wishes.holding import Marks

HEAD, BASE = "a" * 40, "b" * 40


def step(folder: Path, pull: PullRequest, inputs: dict[str, str] | None = None, run: int = 1) -> Step:
    return pull_request_step(
        GitHub("octo/widgets"),
        "http://127.0.0.1:8080",
        pull,
        folder=folder / "new" / "runner",
        workspace=folder / "checkout",
        inputs=inputs or {},
        run=run,
    )


def lent(given: Step) -> Runner:
    return read_runner(given.environment)


@pytest.mark.parametrize("origin", ["octo/widgets", "someone/fork"])
def test_the_action_measures_the_pull_request_that_was_pushed_to(tmp_path: Path, origin: str) -> None:
    pull = PullRequest(7, HEAD, BASE, origin, title="Faster", draft=True, labels=("bug", "a b"))
    runner = lent(step(tmp_path, pull, run=31))
    wanted = plan(runner.event)
    assert wanted.mode is Mode.PULL_REQUEST
    assert wanted.target == Target("octo/widgets", BASE, HEAD, HEAD, 7, origin, Run(31, 1))
    assert wanted.marks == Marks(title="Faster", labels=("bug", "a b"), draft=True)
    assert runner.workspace == tmp_path / "checkout"


def test_inputs_arrive_and_the_callers_environment_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INPUT_EFFORT", "thorough")
    pull = PullRequest(7, HEAD, BASE, "octo/widgets")
    given = step(tmp_path, pull, {"github-token": "t", "fail-on": "unsafe"})
    assert read_inputs(given.environment) == {"fail_on": "unsafe"}
    access = lent(given).access
    assert access is not None
    assert (access.token, access.api_url) == ("t", "http://127.0.0.1:8080")
    assert not {"PATH", "HOME"} & set(given.environment)
    assert lent(step(tmp_path, pull)).access is None


def test_what_the_step_sets_is_read_back(tmp_path: Path) -> None:
    given = step(tmp_path, PullRequest(7, HEAD, BASE, "octo/widgets"))
    assert given.outputs() == {}
    set_outputs(lent(given), {"verdict": "pass", "comment-url": None, "report": "a=b"})
    set_outputs(lent(given), {"hit-rate": 0.5})
    assert given.outputs() == {"verdict": "pass", "comment-url": "", "report": "a=b", "hit-rate": "0.5"}
    add_summary(lent(given), "# Hitrate")
    assert given.summary.read_text() == "# Hitrate\n"

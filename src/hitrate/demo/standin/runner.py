"""What GitHub's runner lends a step: an event, files for outputs and summary, environment variables."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hitrate.demo.standin.shapes import Shapes
from hitrate.demo.standin.state import GitHub, PullRequest


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was prepared.

    Attributes:
        environment: Its environment variables, nothing of the caller's.
        output: File that it sets outputs in.
        summary: File that it adds its summary to.
    """

    environment: Mapping[str, str]
    output: Path
    summary: Path

    def outputs(self) -> dict[str, str]:
        """The outputs that it has set."""
        lines = self.output.read_text("utf-8").splitlines()
        return dict(line.partition("=")[::2] for line in lines)


def pull_request_step(
    github: GitHub,
    url: str,
    pull_request: PullRequest,
    *,
    folder: Path,
    workspace: Path,
    inputs: Mapping[str, str],
    run: int = 1,
) -> Step:
    """Prepare a step of a workflow that runs on a pull request.

    Args:
        github: The stand-in's state.
        url: Where the stand-in serves its API.
        pull_request: The pull request that was pushed to.
        folder: An empty or missing folder for the runner's files.
        workspace: The checkout.
        inputs: The action's inputs, by their names.
        run: ``GITHUB_RUN_ID``; a later run has a greater one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    event, output, summary = (folder / name for name in ("event.json", "output", "summary"))
    event.write_text(json.dumps(Shapes(github, url).event(pull_request, "synchronize")), "utf-8")
    output.touch()
    summary.touch()
    environment = {
        **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_REF": f"refs/pull/{pull_request.number}/merge",
        "GITHUB_REPOSITORY": github.repository,
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": str(run),
        "GITHUB_SHA": pull_request.head,
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_WORKSPACE": str(workspace),
    }
    return Step(environment, output, summary)

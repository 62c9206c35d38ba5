"""The commit of this program's own release."""

import json
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution

PATIENCE_SECONDS = 10.0
"""Time that GitHub may take to name the commit."""


def released_commit(environment: Mapping[str, str], repository: str, tag: str) -> str | None:
    """The commit of the release that this program belongs to: as it was installed, or else as GitHub has it.

    Args:
        environment: Variables for git.
        repository: owner/name of this program on GitHub.
        tag: The release.
    """
    return _installed_commit(repository) or _remote_commit(environment, repository, tag)


def _installed_commit(repository: str) -> str | None:
    """The commit that pip or uv installed this program from (PEP 610)."""
    try:
        text = distribution("hitrate").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    origin = json.loads(text) if text else {}
    known = repository in str(origin.get("url", ""))
    return origin.get("vcs_info", {}).get("commit_id") if known else None


def _remote_commit(environment: Mapping[str, str], repository: str, tag: str) -> str | None:
    command = [
        "git",
        "ls-remote",
        f"https://github.com/{repository}",
        f"refs/tags/{tag}",
        f"refs/tags/{tag}^{{}}",
    ]
    quiet = {**environment, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, env=quiet, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.split("\n") if done.returncode == 0 else []
    # Of an annotated tag the second line names the commit.
    return next((line.split()[0] for line in reversed(lines) if line.strip()), None)

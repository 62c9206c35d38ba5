"""Actions that are named by commit: whether a workflow does so, and the commit of the action itself."""

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution

from hitrate.workflow.step import ACTION, CHECKOUT, DEFAULT_USES, VERSION

_USES = re.compile(
    r"^\s*(?:-\s+)?uses:\s*['\"]?([\w.-]+/[\w./-]+)@([^\s'\"#]+)['\"]?[ \t]*(#[^\r\n]*)?", re.MULTILINE
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_PATIENCE = 10.0
"""Seconds that GitHub may take to name the commit."""

Resolver = Callable[[], str | None]
"""Gives the commit of the action's release; None if it cannot be had."""


def pins(text: str) -> bool:
    """Whether a workflow names the actions of others by commit, most of them at least."""
    found = [bool(_COMMIT.fullmatch(reference)) for _, reference, _ in _USES.findall(text)]
    return sum(found) * 2 > len(found)


def uses(text: str, resolve: Resolver) -> tuple[str, str | None]:
    """How a workflow with that text names the action, and what the user should know about it."""
    if not pins(text):
        return DEFAULT_USES, None
    commit = resolve()
    if commit is not None and _COMMIT.fullmatch(commit):
        return f"{ACTION}@{commit} # {VERSION}", None
    return DEFAULT_USES, (
        f"The other actions are pinned by commit; pin this one too: "
        f"`git ls-remote https://github.com/{ACTION} {VERSION}` tells the commit of {VERSION}."
    )


def checkout(texts: Iterable[str]) -> str:
    """How workflows name the checkout, where they pin it; else by its version."""
    for text in texts:
        for name, reference, comment in _USES.findall(text):
            if name == "actions/checkout" and _COMMIT.fullmatch(reference):
                return f"{name}@{reference} {comment.strip()}".rstrip()
    return CHECKOUT


def released_commit(environment: Mapping[str, str]) -> str | None:
    """The commit of the release that this program belongs to: as it was installed, or else as GitHub has it.

    Args:
        environment: Variables for git.
    """
    return _installed_commit() or _remote_commit(environment)


def _installed_commit() -> str | None:
    """The commit that pip or uv installed this program from (PEP 610)."""
    try:
        text = distribution("hitrate").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    origin = json.loads(text) if text else {}
    known = ACTION in str(origin.get("url", ""))
    return origin.get("vcs_info", {}).get("commit_id") if known else None


def _remote_commit(environment: Mapping[str, str]) -> str | None:
    command = [
        "git",
        "ls-remote",
        f"https://github.com/{ACTION}",
        f"refs/tags/{VERSION}",
        f"refs/tags/{VERSION}^{{}}",
    ]
    quiet = {**environment, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, env=quiet, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.split("\n") if done.returncode == 0 else []
    # Of an annotated tag the second line names the commit.
    return next((line.split()[0] for line in reversed(lines) if line.strip()), None)

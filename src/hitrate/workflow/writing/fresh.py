"""A workflow of its own, where no job is surely the one for the step: what it holds, and what is said."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.choice import Choice
from hitrate.workflow.reading.reasons import Point
from hitrate.workflow.writing.step import Keeping

_LOOKS = ("FORCE_COLOR", "NO_COLOR", "COLOR", "PY_COLORS", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS")
"""Variables that change how output looks, and hardly what tests do."""


def inputs(choice: Choice) -> dict[str, str]:
    """Inputs of the action: the system packages that the likeliest job installs; all else is detected."""
    best = _likeliest(choice)
    setup = best.recipe.setup if best and best.recipe else None
    return {"setup": setup} if setup and "${{" not in setup else {}


def notes(choice: Choice, workflows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Why there is a workflow of its own, and what the likeliest job has and it has not.

    Args:
        choice: What was looked at.
        workflows: The data of each file.
    """
    if not workflows:
        return []
    listed = choice.listed()
    if not listed:
        return ["None of the workflows runs tests in a step that is understood, so this is one of its own."]
    said = ["Not sure which job runs the tests on every pull request, so this is a workflow of its own."]
    said += ["Looked at:", *listed]
    if choice.fitting:
        said.append("To add the step to one of them anyway, name its file: hitrate init FILE")
    best = _likeliest(choice)
    return [*said, *(_missing(best, workflows[best.path]["jobs"][best.job]) if best else [])]


def keeping(root: Path, cache: str | None) -> Keeping | None:
    """How memory is kept in the workflow; None where ``actions/cache`` cannot be named.

    Args:
        root: The repository's root.
        cache: The version of ``actions/cache`` to name.
    """
    return None if cache is None else Keeping(_default_branch(root), cache)


def kept(keeping: Keeping) -> str:
    """What it is for."""
    return (
        f"Pushes to {keeping.branch} note what each test reaches; "
        "pull requests then run only the tests that reach what they change."
    )


def _default_branch(root: Path) -> str:
    """As the clone has it from its origin; else the usual name."""
    heads = root / ".git" / "refs"
    try:
        text = (heads / "remotes" / "origin" / "HEAD").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    named = re.fullmatch(r"ref: refs/remotes/origin/(\S+)\s*", text)
    if named and named[1].isprintable():
        return named[1]
    only_master = (heads / "heads" / "master").is_file() and not (heads / "heads" / "main").is_file()
    return "master" if only_master else "main"


def on_windows(choice: Choice, path: str) -> list[str]:
    """Why nothing is written."""
    return [
        "The tests of this repository run on Windows only, and the action needs Linux: nothing is written.",
        *choice.listed(),
        f"If they run on Linux too, `hitrate init {path}` writes a workflow for that.",
    ]


def _likeliest(choice: Choice) -> Candidate | None:
    """The job that most likely tests this repository's code."""
    found = (one for one in (*choice.fitting, *choice.others) if not one.has(Point.CALLED_OTHERWISE))
    return next(found, None)


def _missing(best: Candidate, job: Mapping[str, Any]) -> list[str]:
    said = []
    given = job.get("services")
    if services := ", ".join(map(str, given)) if isinstance(given, Mapping) else "":
        said.append(
            f"Job {best.job} has services ({services}) and this workflow has none; add them if needed."
        )
    names = best.recipe.pass_env.split(", ") if best.recipe and best.recipe.pass_env else []
    if wanted := ", ".join(name for name in names if name not in _LOOKS):
        said.append(
            f"Job {best.job} sets {wanted} and this workflow does not; "
            "if the tests need that, set it under `env` and name it in `pass-env`."
        )
    return [*said, *(absence.sentence(step) for absence, step in best.absent)]

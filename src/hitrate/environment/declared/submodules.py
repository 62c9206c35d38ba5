"""Submodules of a repository that its checkout left empty, as actions/checkout does unless told otherwise."""

import re
from contextlib import suppress
from pathlib import Path, PurePosixPath

from hitrate.environment.manifest import text
from hitrate.errors import AnalysisError

_PATH = re.compile(r"^[ \t]*path[ \t]*=[ \t]*([\w./-](?:[\w./ -]{0,198}[\w./-])?)[ \t]*$", re.MULTILINE)
_SEVERAL = 20


def left_empty(folder: Path) -> tuple[str, ...]:
    """Paths of the submodules that are declared around a project and have nothing in them.

    Args:
        folder: The project's folder; its repository's root is it or above it.
    """
    root = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
    named: list[str] = []
    with suppress(AnalysisError):  # it is larger than any that is
        named = _PATH.findall(text(root / ".gitmodules"))[:_SEVERAL]
    return tuple(path for path in named if _is_inside(path) and not _holds_something(root / path))


def _is_inside(path: str) -> bool:
    plain = PurePosixPath(path)
    return not plain.is_absolute() and ".." not in plain.parts


def _holds_something(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False

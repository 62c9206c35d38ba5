"""What a checkout left out, as actions/checkout does unless told otherwise: submodules, and tags."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from hitrate.environment.manifest import Manifest, requirement_names, strings, table, text
from hitrate.errors import AnalysisError

_PATH = re.compile(r"^[ \t]*path[ \t]*=[ \t]*([\w./-](?:[\w./ -]{0,198}[\w./-])?)[ \t]*$", re.MULTILINE)
_SEVERAL = 20
_OF_TAGS = frozenset(
    {
        "setuptools-scm",
        "hatch-vcs",
        "setuptools-git-versioning",
        "versioneer",
        "versioningit",
        "dunamai",
        "pbr",
    }
    | {"poetry-dynamic-versioning", "uv-dynamic-versioning", "flit-scm", "vcs-versioning"}
)
"""What makes a version of the nearest tag."""
_IN_SETUP = re.compile(r"\buse_scm_version\b|\bversioneer\b")


def left_out(project: Manifest) -> Iterator[str]:
    """Sentences on what may be missing, to be told where the tests fail."""
    for path in left_empty(project.folder):
        yield f"Nothing is in the submodule `{path}`: submodules: true of actions/checkout brings it."
    if _versioned_by_tags(project) and _has_no_tags(_root(project.folder)):
        yield "Its version comes from tags, and the checkout has none: fetch-depth: 0 of actions/checkout."


def left_empty(folder: Path) -> tuple[str, ...]:
    """Paths of the submodules that are declared around a project and have nothing in them.

    Args:
        folder: The project's folder; its repository's root is it or above it.
    """
    root = _root(folder)
    named: list[str] = []
    with suppress(AnalysisError):  # it is larger than any that is
        named = _PATH.findall(text(root / ".gitmodules"))[:_SEVERAL]
    return tuple(path for path in named if _is_inside(path) and not _holds_something(root / path))


def _root(folder: Path) -> Path:
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def _is_inside(path: str) -> bool:
    plain = PurePosixPath(path)
    return not plain.is_absolute() and ".." not in plain.parts


def _holds_something(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False


def _versioned_by_tags(project: Manifest) -> bool:
    required = requirement_names(strings(table(project.pyproject, "build-system").get("requires")))
    return bool(required & _OF_TAGS) or _IN_SETUP.search(text(project.folder / "setup.py")) is not None


def _has_no_tags(root: Path) -> bool:
    git = root / ".git"
    packed = " refs/tags/"  # so it is taken to be where the file is elsewhere, or larger than any here
    if git.is_dir() and not (git / "reftable").exists():
        with suppress(AnalysisError):
            packed = text(git / "packed-refs")
    return " refs/tags/" not in packed and not _holds_something(git / "refs" / "tags")

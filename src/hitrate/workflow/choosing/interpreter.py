"""Which Pythons Hitrate measures, and whether a project is known to be tested by pytest."""

import re
from enum import Enum, auto
from pathlib import Path

from hitrate.environment import manifest
from hitrate.environment.test_requirements import needs
from hitrate.errors import AnalysisError

OLDEST = (3, 8)
NEWEST = (3, 14)
"""The newest release of CPython that is taken for released."""

_CPYTHON = re.compile(r"(?:cpython-?|python-?|~|>=|\^)?\s*(\d+)(?:\.(\d+))?(?:\.(?:\d+|x))?")
_PRERELEASE = re.compile(r"(\d+)\.(\d+)(?:\.\d+)?-?(?:dev|alpha|beta|a|b|rc)[.\d-]*|~?\d+\.\d+\.0-\S*|.*-dev")


MAINTAINED = (3, 10)
"""The oldest release of CPython that is not past its end of life."""


class Support(Enum):
    """What a version of Python is to Hitrate."""

    SUPPORTED = auto()
    OLD = auto()
    PRERELEASE = auto()
    UNSUPPORTED = auto()
    UNKNOWN = auto()


def kind(text: str | None) -> Support:
    """What a version is, as ``actions/setup-python`` or uv takes it."""
    versions = (text or "").split()
    if not versions:
        return Support.UNKNOWN
    if len(versions) > 1:
        return Support.UNKNOWN
    given = versions[0].lower()
    if given.endswith(".x") or given in ("3", ">=3"):
        return Support.SUPPORTED
    if _PRERELEASE.fullmatch(given):
        return (
            Support.PRERELEASE
            if not given.startswith(("pypy", "graalpy")) and "t-" not in given
            else Support.UNSUPPORTED
        )
    found = _CPYTHON.fullmatch(given)
    if found is None or found[2] is None:
        return Support.UNSUPPORTED
    number = (int(found[1]), int(found[2]))
    if number > NEWEST:
        return Support.PRERELEASE
    if number < OLDEST:
        return Support.UNSUPPORTED
    return Support.SUPPORTED if number >= MAINTAINED else Support.OLD


def pytest_is_known(folder: Path) -> bool:
    """Whether detection finds pytest in what a project declares for its tests.

    That pytest is configured there does not say how the project is installed, so it is not enough.
    """
    try:
        return any(bundle.brings_pytest for bundle in needs(manifest.read(folder)))
    except AnalysisError:
        return False

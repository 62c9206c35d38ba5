"""Versions of Python as setup-python and uv take them."""

import pytest

from hitrate.workflow.choosing.interpreter import Support, kind


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (["3.10", "3.14", "3.12.10", "3.x", "3", "3.13.x", ">=3.10"], Support.SUPPORTED),
        (["3.8", "3.9", "3.9.21"], Support.OLD),
        (["3.15", "3.15-dev", "3.15.0-rc.1", "3.14.0rc1", "~3.15.0-0", "3.13.0a2"], Support.PRERELEASE),
        (
            ["3.7", "2.7", "3.14t", "3.13t-dev", "pypy3.10", "pypy-3.11-v7.3.20", "graalpy-24.1", "rp"],
            Support.UNSUPPORTED,
        ),
        ([None, "", "3.10\n3.11"], Support.UNKNOWN),
    ],
)
def test_kinds_of_versions(versions: list[str | None], expected: Support) -> None:
    assert {version: kind(version) for version in versions} == dict.fromkeys(versions, expected)

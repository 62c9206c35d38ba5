"""Pythons that the image does not have: one that the user's ``setup`` brings, one that uv brings."""

import os
from pathlib import Path

import pytest

from tests.integration.jobs import PROJECTS, changed, job

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "styles" / "extras"
CHANGE = changed(
    PROJECT, "src/prices_lib/prices.py", "    table = [", "    # every land has one\n    table = ["
)
VERSION = "import sys\n\ndef test_version():\n    assert sys.version_info[:2] == {}\n"


def analysed_with(engine: str, image: str, folder: Path, inputs: dict[str, str], *mounts: str) -> None:
    """Analyse with another Python, which a test of the project asks for."""
    version = tuple(map(int, inputs["python-version"].split(".")))
    change = CHANGE | {"tests/test_version.py": VERSION.format(version)}
    with job(engine, image, folder, PROJECT, change) as step:
        step.mounts = list(mounts)
        done = step.run({"effort": "quick", **inputs})
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert (done.report["suite"]["tests"], done.report["suite"]["failing_tests"]) == (22, [])
    assert done.function("tax_rate")["calls"] == 21


def test_from_debian(engine: str, image: str, tmp_path: Path) -> None:
    setup = "apt-get update -q && apt-get install -qy --no-install-recommends python3 python3-venv"
    analysed_with(engine, image, tmp_path, {"python-version": "3.11", "setup": setup})


def test_from_uv(engine: str, image: str, tmp_path: Path) -> None:
    """Where uv cannot download one, HITRATE_PYTHONS is a folder that has interpreters, such as pyenv's."""
    inputs = {"python-version": "3.9"}
    folder = os.environ.get("HITRATE_PYTHONS")
    if folder is None:
        analysed_with(engine, image, tmp_path, inputs)
        return
    prefix = max(Path(folder).glob("3.9.*"))
    opened = " ".join(f"chmod a+x {parent};" for parent in prefix.parents)
    linked = f"ln -s {prefix}/bin/python3.9 /usr/local/bin/python3.9"
    analysed_with(engine, image, tmp_path, inputs | {"setup": opened + linked}, f"{prefix}:{prefix}:ro")

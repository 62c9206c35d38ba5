"""What environments of tox and sessions of nox run."""

from pathlib import Path

import pytest

from hitrate.environment.declared.naming import Purpose
from hitrate.workflow.reading.environments import configured, of_nox, of_tox, tox_commands, tox_variables

TOX = """
[testenv]
setenv =
    MODE = fast
    HERE = {toxinidir}
commands = pytest
[testenv:speed]
commands = python measure.py
[testenv:docs]
commands = pytest --doctest-only
[testenv:everything]
commands = python -m unittest
"""
NOX = """
import nox

@nox.session(name="check-all")
def checks(session):
    _run(session)

def _run(session):
    session.run("python", "-m", "pytest")

@nox.session
def other(session):
    session.run("python", "x.py")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tox.ini").write_text(TOX)
    (tmp_path / "noxfile.py").write_text(NOX)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("py312", Purpose.TESTS),
        ("everything", Purpose.TESTS),
        ("speed", Purpose.UNKNOWN),
        ("docs", Purpose.OTHER),
    ],
)
def test_environments_of_tox_are_told_by_name_and_commands(folder: Path, name: str, purpose: Purpose) -> None:
    assert of_tox(name, folder) is purpose


def test_without_a_folder_only_names_speak() -> None:
    assert of_tox("everything", None) is Purpose.UNKNOWN
    assert of_nox("tests-3.12", None) is Purpose.TESTS


def test_sessions_of_nox_are_followed_into_their_helpers(folder: Path) -> None:
    assert of_nox("all-of-it", folder) is Purpose.UNKNOWN
    assert of_nox("other", folder) is Purpose.UNKNOWN
    assert of_nox("checks", folder) is Purpose.OTHER


def test_commands_and_variables_that_are_plain_text(folder: Path) -> None:
    assert tox_commands("speed", folder) == ["python measure.py"]
    assert tox_variables("py312", folder) == {"MODE": "fast"}
    (folder / "tox.ini").unlink()
    (folder / "tox.toml").write_text('[env_run_base]\ncommands = [["pytest", "-q"]]\n')
    assert tox_commands("py312", folder) == ["pytest -q"]


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("tox", "tox.toml", ""),
        ("tox", "setup.cfg", "[testenv:x]\n"),
        ("tox", "pyproject.toml", "[tool.tox]\n"),
        ("nox", "noxfile.py", ""),
        ("hatch", "hatch.toml", ""),
        ("hatch", "pyproject.toml", "[tool.hatch.envs.test]\n"),
    ],
)
def test_a_tool_is_configured_where_a_file_says_so(tmp_path: Path, kind: str, name: str, text: str) -> None:
    assert not configured(kind, tmp_path)
    (tmp_path / name).write_text(text)
    assert configured(kind, tmp_path)

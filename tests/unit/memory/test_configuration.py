"""What in files that configure Python and pytest makes a difference to tests, and what makes none."""

import pytest

from hitrate.analysis.memory.remembering import is_direct
from hitrate.memory.configuration import significant

PROJECT = """\
[build-system]
requires = ["hatchling"]

[project]
name = "thing"
version = "1.0"
description = "Does it."
authors = [{name = "A. Author"}]
classifiers = ["Programming Language :: Python :: 3.12"]
dependencies = ["attrs>=23", "other @ git+https://example.org/other@1"]

[project.urls]
Home = "https://example.org"

[project.optional-dependencies]
docs = ["sphinx==7"]

[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff==1"]

[tool.ruff]
line-length = 88

[tool.pytest.ini_options]
addopts = "-ra"  # what is shown

[tool.coverage.run]
branch = true

[tool.uv.sources]
other = {path = "other"}
"""
TOX = """\
[tox]
envlist = py38, py39

[testenv:lint]
commands = ruff check

[flake8]
max-line-length = 88

[tool:pytest]
addopts = -ra

[pytest]
addopts = -q

[coverage:run]
branch = true

[metadata]
version = 1
"""


def differs(path: str, text: str, before: str, after: str, *, direct: bool = True) -> bool:
    assert text.count(before) == 1
    told = [significant(path, each.encode(), direct=direct) for each in (text, text.replace(before, after))]
    return told[0] != told[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("line-length = 88", "line-length = 100"),
        ("[tool.ruff]\n", "[tool.mypy]\nstrict = true\n[tool.ruff]\n"),
        ("Home = ", "Source = 'https://example.org/s'\nHome = "),
        ("Python :: 3.12", "Python :: 3.13"),
        ("A. Author", "B. Author"),
        ("sphinx==7", "sphinx==8"),
        ("attrs>=23", "attrs>=24"),
        ("ruff==1", "ruff==2"),
        ("  # what is shown", ""),
    ],
)
def test_what_no_run_of_tests_sees_makes_no_difference(before: str, after: str) -> None:
    assert not differs("sub/pyproject.toml", PROJECT, before, after)
    assert differs("sub/pyproject.toml", PROJECT, before, after, direct=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"-ra"', '"-rA"'),
        ("branch = true", "branch = false"),
        ("hatchling", "setuptools"),
        ('version = "1.0"', 'version = "1.1"'),
        ('name = "thing"', 'name = "thinger"'),
        ("Does it.", "Does this."),
        ("other@1", "other@2"),
        ('path = "other"', 'path = "another"'),
        ("[tool.ruff]\n", "[tool.unknown]\n"),
        ("[tool.ruff]\n", "[tool.pytest_env]\nX = '1'\n[tool.ruff]\n"),
        ("[tool.ruff]\n", "[tool.hatch.build]\nx = 1\n[tool.ruff]\n"),
        ("[project.urls]", "[project.scripts]\nthing = 'thing:main'\n[project.urls]"),
        ("line-length = 88", "line-length = "),
    ],
)
def test_all_else_of_a_project_makes_one(before: str, after: str) -> None:
    assert differs("pyproject.toml", PROJECT, before, after)


@pytest.mark.parametrize("path", ["setup.cfg", "tox.ini"])
@pytest.mark.parametrize(
    ("before", "after", "makes_one"),
    [
        ("py38, py39", "py39", False),
        ("ruff check", "ruff check .", False),
        ("max-line-length = 88", "max-line-length = 100", False),
        ("[flake8]", "[mypy-thing.*]\nignore_errors = True\n\n[flake8]", False),
        ("-ra", "-rA", True),
        ("-q", "-v", True),
        ("branch = true", "branch = false", True),
        ("version = 1", "version = 2", True),
        ("[flake8]", "[pytest_env]", True),
        ("[tox]", "addopts = -x\n[tox]", True),
    ],
)
def test_of_sections_those_of_tools_that_run_no_tests_make_none(
    path: str, before: str, after: str, makes_one: bool
) -> None:
    assert differs(path, TOX, before, after) == makes_one
    assert differs(path, TOX, before, after, direct=False)


@pytest.mark.parametrize("path", ["pytest.ini", "setup.py", "uv.lock", ".pytest.toml"])
def test_of_other_files_all_makes_one(path: str) -> None:
    assert differs(path, TOX, "py38, py39", "py39")


@pytest.mark.parametrize(
    "text", ["", "[", "a = [", "[[[[", "\0", "[tool]\nruff = 1\n", "tool = 1\nproject = 2\n"]
)
def test_any_content_is_taken(text: str) -> None:
    for path in ("pyproject.toml", "setup.cfg", "noxfile.py"):
        assert isinstance(significant(path, text.encode(), direct=True), bytes)
    assert significant("pyproject.toml", b"a = 1\xff", direct=True) == b"a = 1\xff"


@pytest.mark.parametrize(
    ("command", "direct"),
    [
        ("pytest", True),
        ("python -m pytest -q", True),
        (".venv/bin/python3.12 -X dev -m pytest tests", True),
        ("cd sub && PYTHONHASHSEED=0 pytest -x", True),
        ("uv run pytest", False),
        ("poetry run python -m pytest", False),
        ("python -m tox", False),
        ("python -m nox -- -m pytest", False),
        ("python runtests.py", False),
        ("pip install -e . && pytest", False),
        ("tox -e py", False),
        ("make test", False),
        ("pytest | tee log", False),
        ("", False),
    ],
)
def test_whether_pytest_is_called_itself(command: str, direct: bool) -> None:
    assert is_direct(command) is direct

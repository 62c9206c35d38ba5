"""Which command runs a project's tests, from the files of the tools that it uses."""

from pathlib import Path

import pytest

from hitrate.environment.manifest import read
from hitrate.environment.testcommand import DJANGO, PYTEST, command_for_tests

FOLDERS = ("tests", "lib", "unit tests")


def command(folder: Path, **files: str) -> str:
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    (folder / "test_one.py").touch()
    for name, text in files.items():
        (folder / name).write_text(text)
    return command_for_tests(read(folder))


def test_pytest_where_nothing_is_said(tmp_path: Path) -> None:
    assert command(tmp_path) == PYTEST
    assert command(tmp_path, **{"tox.ini": "no ini", "noxfile.py": "no python"}) == PYTEST


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("pytest", ""),
        ("pytest --cov=lib --cov-report=xml {posargs: tests}", " tests"),
        ("python -m pytest {posargs:tests test_one.py}", " tests test_one.py"),
        ("coverage run --source lib -m pytest -n 2 tests {posargs}", " tests"),
        ("pytest -c lib --cov lib {toxinidir}/tests", " tests"),
        ("pytest setup.cfg missing", ""),
        ("pytest --ignore=lib/slow \\\n    tests", " --ignore=lib/slow tests"),
        ("pytest 'unit tests'", " 'unit tests'"),
        ("flake8 lib\n    - pytest tests", " tests"),
        ("slow: pytest lib\n    pytest tests", " tests"),
        ("pytest 'tests", ""),
    ],
)
def test_the_paths_that_tox_gives_to_pytest(tmp_path: Path, line: str, arguments: str) -> None:
    assert command(tmp_path, **{"tox.ini": f"[testenv]\ncommands =\n    {line}\n"}) == PYTEST + arguments


@pytest.mark.parametrize(
    "text",
    [
        "[testenv]\nchangedir = docs\ncommands = pytest tests\n",
        "[testenv]\ncommands = pytest tests\n[pytest]\ntestpaths = lib\n",
        "[testenv:docs]\ncommands = pytest tests\n",
    ],
)
def test_paths_that_do_not_count(tmp_path: Path, text: str) -> None:
    """Of another folder, or of another session, or where pytest knows better."""
    assert command(tmp_path, **{"tox.ini": text}) == PYTEST


def test_tox_in_toml(tmp_path: Path) -> None:
    text = (
        "[env_run_base]\n"
        'commands = [["ruff"], ["pytest", {replace = "posargs", default = ["tests"], extend = true}]]\n'
    )
    assert command(tmp_path, **{"tox.toml": text}) == f"{PYTEST} tests"


def test_nox(tmp_path: Path) -> None:
    text = (
        "import nox\n"
        "@nox.session\n"
        "def tests(session):\n"
        "    session.install('pytest')\n"
        "    session.run('pytest', '-q', 'tests', *session.posargs)\n"
    )
    assert command(tmp_path, **{"noxfile.py": text}) == f"{PYTEST} tests"


def test_hatch(tmp_path: Path) -> None:
    script = (
        '[tool.hatch.envs.default.scripts]\ntest = ["pytest {args:tests}", "echo"]\nlint = "pytest lib"\n'
    )
    assert command(tmp_path, **{"pyproject.toml": script}) == f"{PYTEST} tests"
    own = '[tool.hatch.envs.hatch-test]\ndefault-args = ["tests"]\n'
    assert command(tmp_path, **{"pyproject.toml": own}) == f"{PYTEST} tests"


def test_unittest_where_pytest_would_find_nothing(tmp_path: Path) -> None:
    discover = 'python -m unittest discover -s lib -p "*tests.py"'
    script = f"[tool.hatch.envs.test.scripts]\ntest = '{discover}'\n"
    assert (
        command(tmp_path, **{"pyproject.toml": script}) == "python -m unittest discover -s lib -p '*tests.py'"
    )
    assert (
        command(tmp_path, **{"tox.ini": "[testenv]\ncommands = python -m unittest discover lib\n"}) == PYTEST
    )
    both = f"[testenv]\ncommands =\n    pytest tests\n    {discover}\n"
    assert command(tmp_path, **{"tox.ini": both}) == f"{PYTEST} tests"


def test_django(tmp_path: Path) -> None:
    assert command(tmp_path, **{"manage.py": "", "requirements.txt": "django\n"}) == DJANGO
    assert command(tmp_path, **{"requirements.txt": "django\npytest-django\n"}) == PYTEST

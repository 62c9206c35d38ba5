"""Command lines that run tests, and what is run instead."""

from pathlib import Path

import pytest

from hitrate.environment.runners import understood


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").touch()
    (tmp_path / "manage.py").touch()
    (tmp_path / "runtests.py").touch()
    (tmp_path / "other.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("pytest -q -n 4 tests", ["python -m pytest tests"]),
        ("py.test --cov pkg tests/test_a.py", ["python -m pytest tests/test_a.py"]),
        ("python3.12 -W error -m pytest --ignore=tests/slow", ["python -m pytest --ignore=tests/slow"]),
        ("coverage run --source pkg -m pytest", ["python -m pytest"]),
        ("/usr/bin/python -m unittest discover", ["python -m pytest", "python -m unittest discover"]),
        ("python -m unittest discover -p '*_check.py'", ["python -m unittest discover -p '*_check.py'"]),
        ("nosetests tests", ["python -m nose tests"]),
        ("django-admin test app", ["python -m django test app"]),
        ("python manage.py test app", ["python manage.py test app"]),
        ("./runtests.py --fast", ["python runtests.py --fast"]),
        ("MODE=a CI=1 pytest", ["MODE=a python -m pytest"]),
        ("bash -c 'echo x && pytest'", ["python -m pytest"]),
    ],
)
def test_what_is_run_for_a_line(line: str, commands: list[str], folder: Path) -> None:
    assert list(understood(line, folder)) == commands


@pytest.mark.parametrize(
    "line",
    [
        "ruff check .",
        "python manage.py migrate",
        "python other.py",
        "python -c 'import pytest'",
        "pytest | tee log",
        "pytest & wait",
        "bash -c 'cd tests && pytest'",
        "pip install pytest",
        "python -m test",
        "pytest 'unclosed",
        "",
    ],
)
def test_what_is_not_understood_is_nothing(line: str, folder: Path) -> None:
    assert understood(line, folder) == ()


def test_where_the_project_says_which_tests_there_are_no_paths_are_given(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    assert understood("pytest tests/test_a.py", folder) == ("python -m pytest",)

"""Command lines that run tests, and what is run instead."""

from pathlib import Path

import pytest

from hitrate.environment.manifest import read
from hitrate.environment.runners import plugins_wanted, understood


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


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("pytest -c config/test.ini tests", "python -m pytest -c config/test.ini tests"),
        ("pytest --config-file=config/test.ini", "python -m pytest -c config/test.ini"),
        (
            "pytest --rootdir . --config-file config/test.ini",
            "python -m pytest -c config/test.ini --rootdir=.",
        ),
        ("pytest -c config/paths.ini --rootdir=. tests", "python -m pytest -c config/paths.ini --rootdir=."),
        ("pytest -c missing.ini tests", "python -m pytest tests"),
        ("pytest -c ../outside.ini tests", "python -m pytest tests"),
        ("pytest --rootdir=. tests", "python -m pytest tests"),
        ("pytest tests -c", "python -m pytest tests"),
    ],
)
def test_a_configuration_that_is_named_is_kept(line: str, command: str, folder: Path) -> None:
    (folder / "config").mkdir()
    (folder / "config" / "test.ini").write_text("[pytest]\naddopts = -q\n")
    (folder / "config" / "paths.ini").write_text("[pytest]\ntestpaths = lib\n")
    (folder.parent / "outside.ini").touch()
    assert understood(line, folder) == (command,)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "-ra --no-cov-on-fail -n auto"\n'),
        ("pyproject.toml", '[tool.pytest]\naddopts = ["--cov=lib", "-nauto"]\n'),
        ("pytest.ini", "[pytest]\naddopts =\n    --cov-report term\n    --dist=loadgroup\n"),
        (".pytest.ini", "[pytest]\naddopts = --cov lib -n 2\n"),
        ("tox.ini", "[pytest]\naddopts = --no-cov --numprocesses=2\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = --cov-append -n4\n"),
    ],
)
def test_plugins_that_the_configuration_has_options_of(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert [one.requirement for one in plugins_wanted(read(tmp_path))] == ["pytest-cov", "pytest-xdist"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\naddopts = "-ra --strict-markers --durations=5 -p no:x"\n',
        ),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"-k 'not --cov' --covers\"\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = 3\n"),
        ("pytest.ini", "[pytest]\naddopts = 'open\n"),
        ("setup.cfg", "[pytest]\naddopts = --cov\n"),
        ("noxfile.py", "addopts = '--cov'\n"),
    ],
)
def test_configurations_that_need_no_plugin(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert plugins_wanted(read(tmp_path)) == ()


def test_the_first_file_that_configures_pytest_counts(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -q\n")
    (tmp_path / "tox.ini").write_text("[pytest]\naddopts = --cov\n")
    assert plugins_wanted(read(tmp_path)) == ()


@pytest.mark.parametrize(
    ("name", "text", "requirement"),
    [
        ("pytest.ini", "[pytest]\nasyncio_mode = auto\n", "pytest-asyncio"),
        ("pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = tests.settings\n", "pytest-django"),
        ("setup.cfg", "[tool:pytest]\ntimeout_method = thread\n", "pytest-timeout"),
        ("tox.ini", "[pytest]\ntimeout = 60\n", "pytest-timeout"),
        ("pyproject.toml", "[tool.pytest.ini_options]\ntrio_mode = true\n", "pytest-trio"),
        ("pyproject.toml", '[tool.pytest.ini_options]\nenv = ["A=1"]\n', "pytest-env"),
        ("pyproject.toml", '[tool.pytest]\nmpl-results-path = "x"\n', "pytest-mpl"),
    ],
)
def test_plugins_that_have_keys_of_the_configuration(
    tmp_path: Path, name: str, text: str, requirement: str
) -> None:
    (tmp_path / name).write_text(text)
    assert [one.requirement for one in plugins_wanted(read(tmp_path))] == [requirement]


STRICT = "[pytest]\naddopts = --strict-markers\nmarkers =\n    order: of size\n    slow: takes long\n"
MARKED = """
import pytest
from pytest import mark

@pytest.mark.asyncio
@mark.repeat(3)
@pytest.mark.parametrize("n", [1])
@pytest.mark.slow
async def test_a(n): ...

@pytest.mark.order
@pytest.mark.dependency
def test_b(): ...
"""


@pytest.mark.parametrize(
    ("configuration", "requirements"),
    [
        (STRICT, ["pytest-asyncio", "pytest-repeat"]),
        (STRICT.replace("--strict-markers", "--strict"), ["pytest-asyncio", "pytest-repeat"]),
        (STRICT.replace("addopts = --strict-markers", "strict = True"), ["pytest-asyncio", "pytest-repeat"]),
        (STRICT.replace("--strict-markers", "-q"), []),
        (STRICT.replace("addopts = --strict-markers", "strict_markers = false"), []),
    ],
)
def test_marks_that_pytest_refuses_without_their_plugin(
    tmp_path: Path, configuration: str, requirements: list[str]
) -> None:
    """Marks that the project has itself, in its configuration or a conftest.py, need none."""
    (tmp_path / "pytest.ini").write_text(configuration)
    declaring = "def pytest_configure(config):\n    config.addinivalue_line('markers', 'dependency')\n"
    for path, text in {
        "lib/tests/test_lib.py": MARKED,
        "lib/tests/conftest.py": declaring,
        "lib/core.py": "mark.benchmark",
        ".venv/lib/test_other.py": "pytest.mark.django_db",
        "node_modules/test_other.py": "pytest.mark.django_db",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert [one.requirement for one in plugins_wanted(read(tmp_path))] == requirements


SCRIPT = """#!/bin/bash
export PYTHONPATH=".:$PYTHONPATH"

usage() {
    echo "USAGE: $0 [command]"
}

CMD="$1"
shift

case "$CMD" in
    "test" )
        DJANGO_SETTINGS_MODULE=settings django-admin test lib $@ ;;
    check|verify)
        pytest tests
        ;;
    'lint') ruff check ;;
    far) cd lib && pytest ;;
    other)
        ./again.sh test ;;
    * )
        usage ;;
esac
"""


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("./run.sh test", "DJANGO_SETTINGS_MODULE=settings python -m django test lib"),
        ("bash run.sh test", "DJANGO_SETTINGS_MODULE=settings python -m django test lib"),
        ("run.sh verify", "python -m pytest tests"),
        ("scripts/check -v", "python -m pytest tests"),
    ],
)
def test_what_a_script_of_the_project_runs(tmp_path: Path, line: str, command: str) -> None:
    write_scripts(tmp_path)
    assert understood(line, tmp_path) == (command,)


@pytest.mark.parametrize(
    "line",
    [
        "./run.sh lint",
        "./run.sh far",
        "./run.sh other",
        "./run.sh nothing",
        "./run.sh",
        "./loop.sh",
        "../outside.sh",
        "./missing.sh test",
        "scripts/notes",
    ],
)
def test_scripts_that_tell_nothing(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    write_scripts(folder)
    assert understood(line, folder) == ()


def write_scripts(folder: Path) -> None:
    for place in ("tests", "scripts"):
        (folder / place).mkdir()
    (folder / "run.sh").write_text(SCRIPT)
    (folder / "scripts" / "check").write_text(
        '#!/usr/bin/env bash\nset -e\necho run\npython -m pytest tests "$@"\n'
    )
    (folder / "scripts" / "notes").write_text("pytest tests\n")
    (folder / "loop.sh").write_text("./loop.sh\npytest tests\n")
    (folder.parent / "outside.sh").write_text("pytest tests\n")

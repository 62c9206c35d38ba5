"""Commands in the scripts of a workflow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.environment.declared import shell
from hitrate.workflow.reading.testing import Lookout


@pytest.mark.parametrize(
    ("line", "text", "python"),
    [
        ("pytest -q", "pytest -q", None),
        ("uv run pytest", "pytest", None),
        ("uv run --python 3.12 -- pytest", "pytest", "3.12"),
        ("uv run --python='3.12' --group test pytest -p no:x", "pytest -p no:x", "'3.12'"),
        ("uvx --python ${{ matrix.python }} --with tox-uv tox -e py", "tox -e py", "${{ matrix.python }}"),
        ("pipx run nox -s tests", "nox -s tests", None),
        ("uv tool run --from 'tox>=4' tox", "tox", None),
        ("A=1 B='x y' poetry run python -m pytest", "A=1 B='x y' python -m pytest", None),
        ("sudo -E xvfb-run -a timeout 10m pytest", "pytest", None),
        ("if ! pytest; then", "pytest; then", None),
    ],
)
def test_the_command_within_a_package_manager(line: str, text: str, python: str | None) -> None:
    found = shell.command(line)
    assert (found.text, found.python) == (text, python)


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("python -m pytest -q", ("pytest", "-q")),
        ("python3.12 -Im pytest", ("pytest",)),
        ("python -W error manage.py test", ("manage.py", "test")),
        ("python -X dev -m unittest discover", ("unittest", "discover")),
        (".venv/bin/python -m tox", ("tox",)),
        ("bin/pytest", ("pytest",)),
        ("python", ("python",)),
    ],
)
def test_the_program_that_runs(line: str, program: tuple[str, ...]) -> None:
    assert shell.command(line).program == program


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("a && b\nc", ["a", "b", "c"]),
        ("a \\\n  b", ["a b"]),
        ("a $(b && c)", ["a $(b && c)"]),
        ("(a && b)", ["(a && b)"]),
        ("a 'b && c'", ["a 'b && c'"]),
    ],
)
def test_the_lines_of_a_script(script: str, lines: list[str]) -> None:
    assert list(shell.lines_of(script)) == lines


@pytest.mark.parametrize(
    ("script", "torn"),
    [
        ("a $(\n  b\n)", True),
        ("a 'b\nc'", True),
        ("{\n  a\n}", True),
        ("a $(b)\nc `d`", False),
        ("# it's\na", False),
    ],
)
def test_what_goes_over_the_end_of_a_line_cannot_be_cut(script: str, torn: bool) -> None:
    assert shell.torn(script) is torn


@pytest.mark.parametrize(
    ("line", "installs"),
    [
        ("pip install -e .", True),
        ("uv pip install --system -r a.txt", True),
        ("python -m pip install -U pip setuptools wheel", False),
        ("python -m pip install -U pip 'setuptools; python_version<\"3.12\"' wheel", False),
        ("pip install pip-tools", True),
        ("pip uninstall -y a", False),
        ("pip install --upgrade", False),
    ],
)
def test_what_installs_more_than_pip(line: str, installs: bool) -> None:
    assert shell.installs(line) is installs


@pytest.mark.parametrize(
    ("lines", "script"),
    [
        (["sudo apt install a"], ["apt-get update", "apt install -y a"]),
        (["apt-get update", "apt-get install -y a"], ["apt-get update", "apt-get install -y a"]),
        (["sudo -E apt-get -yq install a-y"], ["apt-get update", "apt-get -yq install a-y"]),
        (["apt-get install --yes a"], ["apt-get update", "apt-get install --yes a"]),
        ([], []),
    ],
)
def test_system_packages_without_questions(lines: list[str], script: list[str]) -> None:
    assert shell.system_script(lines) == script


@given(st.text(max_size=60))
def test_no_line_is_too_odd(line: str) -> None:
    shell.command(line)
    list(shell.lines_of(line))
    shell.torn(line)
    Lookout(None, {}).finding(line)

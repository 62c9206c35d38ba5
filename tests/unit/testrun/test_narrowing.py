"""Choosing tests on the command line, on files that exist but are never run."""

import os
import shlex
from pathlib import Path

import pytest

from hitrate.testrun.narrowing import COMMAND_BYTES, Narrowing, ways_to_run, without_tests


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("tests/test_a.py", "tests/sub/test_b.py", "src/test_doc.py", "sub/tests/test_c.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "pytest.ini").touch()
    return tmp_path


A = "tests/test_a.py::test_x"


@pytest.mark.parametrize(
    ("command", "narrow"),
    [
        ("pytest", f"pytest {A}"),
        ("pytest -q tests", f"pytest -q {A}"),
        ("python -m pytest -q tests --tb short", f"python -m pytest -q --tb short {A}"),
        (
            "python3.12 -X dev -m pytest tests/test_a.py src -x",
            f"python3.12 -X dev -m pytest -x {A}",
        ),
        (".venv/bin/pytest -k 'a or b' tests", f".venv/bin/pytest -k 'a or b' {A}"),
        ("pytest -qk x tests", f"pytest -qk x {A}"),
        ("pytest -n2 tests", f"pytest -n2 {A}"),
        ("pytest -n 2 tests", f"pytest -n 2 {A}"),
        ("pytest -vx tests", f"pytest -vx {A}"),
        ("pytest --ignore tests/sub tests", f"pytest --ignore tests/sub {A}"),
        ("pytest --ignore=tests/sub tests", f"pytest --ignore=tests/sub {A}"),
        ("pytest --cov src tests", f"pytest --cov src {A}"),
        ("pytest --strict-markers tests", f"pytest --strict-markers {A}"),
        ("pytest --deselect tests/test_a.py::test_y", f"pytest --deselect tests/test_a.py::test_y {A}"),
        ('pytest -o addopts="" tests/test_a.py', f'pytest -o addopts="" {A}'),
        ("pytest -- tests", f"pytest {A}"),
        ("pytest tests/test_a.py::test_x tests/test_a.py::test_y", f"pytest {A}"),
        ("coverage run -m pytest tests", f"coverage run -m pytest {A}"),
        ("uv run --extra dev pytest tests", f"uv run --extra dev pytest {A}"),
        ("poetry run python -m pytest", f"poetry run python -m pytest {A}"),
        ("FOO=1 BAR='a b' pytest tests", f"FOO=1 BAR='a b' pytest {A}"),
        ("echo first && pytest tests", f"echo first && pytest {A}"),
        ("pytest --cov=$PACKAGE tests", f"pytest --cov=$PACKAGE {A}"),
    ],
)
def test_ids_take_the_place_of_what_the_command_names(tree, command, narrow):
    first, *_ = ways_to_run(command, tree, [A])
    assert (first.command, first.reach, first.tests, first.note) == (narrow, Narrowing.TESTS, 1, None)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("make test", "not a plain pytest call"),
        ("tox -e pytest", "not a plain pytest call"),
        ("python -m unittest", "not a plain pytest call"),
        ("python tests/run.py pytest", "not a plain pytest call"),
        ("bash -c 'pytest tests'", "not a plain pytest call"),
        ("pytest tests | tee log", "not a plain pytest call"),
        ("pytest tests > log", "not a plain pytest call"),
        ("pytest tests || true", "not a plain pytest call"),
        ("pytest 'tests", "not a plain pytest call"),
        ("pytest $TESTS", "the shell decides what $TESTS means"),
        ("pytest tests/test_*.py", "the shell decides what tests/test_*.py means"),
        ("pytest --unheard-of tests", "write --unheard-of=tests"),
        ("cd $HOME && pytest", "changes its folder"),
    ],
)
def test_other_commands_are_run_whole_and_the_reason_is_said(tree, command, reason):
    (only,) = ways_to_run(command, tree, [A])
    assert (only.command, only.reach, only.tests) == (command, Narrowing.ALL, None)
    assert reason in only.note
    assert only.note.endswith(".")


def test_the_last_way_is_the_command_as_it_was(tree):
    *_, last = ways_to_run("pytest -q tests", tree, [A])
    assert (last.command, last.reach) == ("pytest -q tests", Narrowing.ALL)


def test_phases_groups_and_repetitions_are_dropped(tree):
    recorded = [f"{A} (setup)", f"{A} (call)", f"{A}[1@2]@group (call)", f"{A} (teardown)"]
    first, *_ = ways_to_run("pytest", tree, recorded)
    assert first.command == f"pytest {A} '{A}[1@2]'"
    assert first.tests == 2


def test_parameters_of_every_sort_reach_pytest_as_they_are(tree):
    odd = [
        f"{A}[{parameter}]" for parameter in ("a b", "it's", "$HOME", 'say "hi"', "a;b|c", "\\u00e9", "x]y")
    ]
    first, *_ = ways_to_run("pytest", tree, odd)
    assert shlex.split(first.command) == ["pytest", *odd]


@pytest.mark.parametrize("parameter", ["a::b", "line\nbreak", "(null)"])
def test_parameters_that_pytest_might_misread_are_left_off(tree, parameter):
    first, *_ = ways_to_run("pytest", tree, [f"{A}[{parameter}]"])
    assert first.command == f"pytest {A}"


def test_without_known_tests_the_whole_command_is_run(tree):
    (only,) = ways_to_run("pytest", tree, [])
    assert "not known" in only.note


def test_when_nearly_all_tests_call_them_the_whole_command_is_run(tree):
    (only,) = ways_to_run("pytest", tree, [A, f"{A}2"], suite_tests=2)
    assert "2 of 2 tests" in only.note


def test_too_many_ids_fall_back_to_functions_and_then_to_files(tree):
    with_parameters = [f"{A}[{number}]" for number in range(COMMAND_BYTES // 20)]
    first, *_ = ways_to_run("pytest", tree, with_parameters)
    assert first.command == f"pytest {A}"
    assert "parameters" in first.note
    many = [f"{A}{number}" for number in range(COMMAND_BYTES // 20)]
    first, *_ = ways_to_run("pytest", tree, [*many, "tests/sub/test_b.py::test_y"])
    assert (first.command, first.reach) == ("pytest tests/test_a.py tests/sub/test_b.py", Narrowing.FILES)
    assert "files" in first.note


def test_ids_are_relative_to_the_root_and_the_command_to_its_folder(tree):
    first, *_ = ways_to_run("pytest", tree / "sub", ["sub/tests/test_c.py::test_z"])
    assert first.command == "pytest tests/test_c.py::test_z"
    first, *_ = ways_to_run("cd sub && pytest tests", tree, ["sub/tests/test_c.py::test_z"])
    assert first.command == "cd sub && pytest tests/test_c.py::test_z"
    first, *_ = ways_to_run("pytest ../tests", tree / "sub", [A])
    assert first.command == f"pytest {tree / A}"


def test_a_root_below_the_folder_is_found_by_its_configuration(tree):
    (tree / "sub" / "setup.cfg").write_text("[tool:pytest]\n")
    first, *_ = ways_to_run("pytest sub/tests", tree, ["tests/test_c.py::test_z"])
    assert first.command == "pytest sub/tests/test_c.py::test_z"


def test_the_root_option_counts(tree):
    first, *_ = ways_to_run("pytest --rootdir=sub sub/tests", tree, ["tests/test_c.py::test_z"])
    assert first.command == "pytest --rootdir=sub sub/tests/test_c.py::test_z"
    first, *_ = ways_to_run("pytest --rootdir sub sub/tests", tree, ["tests/test_c.py::test_z"])
    assert first.command == "pytest --rootdir sub sub/tests/test_c.py::test_z"


B = "tests/sub/test_b.py::test_y"


@pytest.fixture
def nearer(tree: Path) -> Path:
    """A tree with a configuration that pytest takes for those tests alone."""
    (tree / "tests" / "sub" / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    return tree


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("pytest.ini", "pytest.ini"),
        ("tox.ini", "tox.ini"),
        ("pyproject.toml", "pyproject.toml"),  # in which pytest is not named
    ],
)
def test_chosen_tests_are_run_under_the_configuration_of_all(nearer, own, named):
    (nearer / "pytest.ini").unlink()
    (nearer / own).write_text("[pytest]\n" if own.endswith("ini") else "[project]\n")
    first, *_ = ways_to_run("pytest -q", nearer, [B])
    assert (first.command, first.reach) == (f"pytest -q -c {named} {B}", Narrowing.TESTS)
    first, *_ = ways_to_run("cd tests && pytest -q", nearer, [B])
    assert first.command == f"cd tests && pytest -q -c {nearer / named} sub/test_b.py::test_y"


def test_where_all_are_run_under_none_a_nearer_one_would_change_what_is_run(nearer):
    (nearer / "pytest.ini").unlink()
    (only,) = ways_to_run("pytest", nearer, [B])
    assert f"under {os.path.join('tests', 'sub', 'pyproject.toml')}" in only.note


@pytest.mark.parametrize("option", ["-c pytest.ini", "-qc pytest.ini", "--config-file=pytest.ini"])
def test_the_configuration_that_the_command_names_stays(nearer, option):
    first, *_ = ways_to_run(f"pytest {option} tests", nearer, [B])
    assert first.command == f"pytest {option} {B}"


@pytest.mark.parametrize("option", ["-rc", "-k c", "-pc", "--color=no"])
def test_other_options_with_that_letter_name_none(nearer, option):
    first, *_ = ways_to_run(f"pytest {option}", nearer, [B])
    assert first.command == f"pytest {option} -c pytest.ini {B}"


def test_a_file_that_does_not_configure_pytest_is_none(tree):
    (tree / "tests" / "sub" / "pyproject.toml").write_text("[project]\n")
    first, *_ = ways_to_run("pytest", tree, [B, A])
    assert first.command == f"pytest {B} {A}"
    first, *_ = ways_to_run("pytest", tree, [B])
    assert first.command == f"pytest {B}"


def test_tests_of_several_folders_have_none_nearer_to_all_of_them(nearer):
    first, *_ = ways_to_run("pytest", nearer, [B, A])
    assert first.command == f"pytest {B} {A}"


def test_tests_whose_files_are_nowhere_to_be_found(tree):
    (only,) = ways_to_run("pytest", tree, ["gone/test_a.py::test_x"])
    assert "not found" in only.note


@pytest.mark.parametrize(
    ("command", "without"),
    [
        ("pytest", "pytest --deselect={A}"),
        ("python -m pytest -q tests", "python -m pytest --deselect={A} -q tests"),
        ("pytest -- tests", "pytest --deselect={A} -- tests"),
        ("FOO=1 coverage run -m pytest", "FOO=1 coverage run -m pytest --deselect={A}"),
        ("echo first && pytest tests", "echo first && pytest --deselect={A} tests"),
        (
            "pytest --deselect=tests/test_a.py::test_y",
            "pytest --deselect={A} --deselect=tests/test_a.py::test_y",
        ),
    ],
)
def test_tests_are_left_out_of_commands_of_pytest(tree, command, without):
    assert without_tests(command, tree, [A]) == without.format(A=A)


@pytest.mark.parametrize("command", ["make test", "python -m unittest", "tox -e py", "pytest | tee log", "("])
def test_other_commands_leave_out_none(tree, command):
    assert without_tests(command, tree, [A]) is None


def test_what_is_left_out_is_quoted_and_named_once(tree):
    found = without_tests("pytest", tree, [f"{A}[a b]", f"{A}[a b]", "tests/sub/test_b.py"])
    assert shlex.split(found) == ["pytest", f"--deselect={A}[a b]", "--ignore=tests/sub/test_b.py"]
    assert without_tests("pytest", tree, []) is None
    assert without_tests("pytest", tree, [f"{A}[{'a' * COMMAND_BYTES}]"]) is None


def test_what_is_left_out_is_named_from_the_root_too(tree):
    found = without_tests("cd tests && pytest", tree, ["test_a.py::test_x"])
    assert found == f"cd tests && pytest --deselect=test_a.py::test_x --deselect={A}"
    assert without_tests("cd $WHERE && pytest", tree, [A]) is None

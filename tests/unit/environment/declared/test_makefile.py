"""What targets of a Makefile, recipes of a justfile and tasks of a program run."""

from pathlib import Path

import pytest

from hitrate.environment.declared.makefile import just_recipe, recipe, task

MAKEFILE = """
PYTEST ?= pytest
FLAGS = -q \\
  -x

.PHONY: test
test unit: build  # the tests
\t@$(PYTEST) ${FLAGS} tests
\t-rm -rf out

build: prepare
\tpython -m build

prepare: test
\techo $(MISSING)ready
"""
JUSTFILE = """
python := "3.12"

test *args: (build "now")
    @pytest {{args}} tests

build:
    python -m build
"""


def test_what_a_target_needs_is_run_before_it(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("build:\n\tmake wheel\ntest: build\n\t@pytest -q\n")
    assert recipe(tmp_path, "test") == ["make wheel", "pytest -q"]
    assert recipe(tmp_path, "unit") == []


def test_variables_are_filled_in_and_marks_of_make_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE)
    lines = recipe(tmp_path, "unit", 0)
    assert [line.split() for line in lines] == [["pytest", "-q", "-x", "tests"], ["rm", "-rf", "out"]]


def test_targets_that_need_each_other_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(MAKEFILE)
    lines = recipe(tmp_path, "prepare")
    assert lines[-1] == "echo ready"
    assert len(lines) < 20


def test_a_recipe_of_a_justfile(tmp_path: Path) -> None:
    (tmp_path / "justfile").write_text(JUSTFILE)
    assert [line.split() for line in just_recipe(tmp_path, "test")] == [
        ["python", "-m", "build"],
        ["pytest", "tests"],
    ]
    assert just_recipe(tmp_path, "missing") == []


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    assert recipe(tmp_path, "test") == just_recipe(tmp_path, "test") == []


HEAD = "from invoke import task\nRUN = 'coverage run `which django-admin` test'\n"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("@task\ndef test(c):\n    c.run('pytest -q lib')\n", ["pytest -q lib"]),
        (
            "@task\ndef test(c, a='all'):\n    if a == 'all':\n        c.run('{0} tests'.format(RUN))\n",
            ["coverage run django-admin test tests"],
        ),
        ("@invoke.task(pre=[build])\ndef test(ctx):\n    ctx.run(f'{RUN} x', pty=True)\n", None),
        ("@duty\ndef test(ctx):\n    ctx.run(['pytest', '-k', 'a b'], title='x')\n", ["pytest -k 'a b'"]),
        (
            "@duty\ndef test(c, *b):\n    c.run(tools.pytest('a', config_file='c.ini').add_args('-n', *b))\n",
            ["pytest --config-file=c.ini a"],
        ),
        (
            "@duty\ndef test(ctx):\n    ctx.run(tools.pytest(paths=['a'], rootdir='.'))\n",
            ["pytest --rootdir=. a"],
        ),
        ("@duty\ndef test(ctx):\n    ctx.run(tools.mypy('a'))\n    ctx.run(pytest)\n", []),
        ("@task\ndef test(c):\n    c.run('cd lib && pytest')\n", ["cd lib", "pytest"]),
        ("@task\ndef test(c, what):\n    c.run(what)\n    c.run('pytest ' + what)\n", []),
        ("def test(c):\n    c.run('pytest')\n", []),
        ("@task\ndef docs(c):\n    c.run('pytest')\n", []),
        ("@task\ndef test(c):\n    other.run('pytest')\n    run('pytest')\n", []),
        ("@task\ndef test():\n    pass\n", []),
        ("@task\ndef test(c:\n", []),
    ],
)
def test_what_a_task_has_its_context_run(tmp_path: Path, source: str, lines: list[str] | None) -> None:
    (tmp_path / "tasks.py").write_text(HEAD + source)
    assert task(tmp_path, "test") == (["coverage run django-admin test x"] if lines is None else lines)


@pytest.mark.parametrize("name", ["tasks.py", "tasks/__init__.py", "duties.py"])
def test_where_tasks_are_described(tmp_path: Path, name: str) -> None:
    (tmp_path / "tasks").mkdir()
    (tmp_path / name).write_text("@task\ndef unit_test(c):\n    c.run('pytest')\n")
    assert task(tmp_path, "unit-test") == ["pytest"]
    assert task(tmp_path, "test") == []


@pytest.mark.parametrize(
    "head",
    [
        "test:",
        "@test:",
        "test +FLAGS='':",
        'test a="b:c" *d:',
        "test a=x $b='1': (build 'x')",
        "test a='it''s':",
    ],
)
def test_parameters_of_a_recipe(tmp_path: Path, head: str) -> None:
    before = "set shell := ['bash', '-c']\nalias t := test\nexport test := 'x'\n"
    (tmp_path / "justfile").write_text(f"{before}{head}\n    pytest {{{{FLAGS}}}} lib\n")
    assert [line.split() for line in just_recipe(tmp_path, "test")] == [["pytest", "lib"]]


@pytest.mark.parametrize("head", ["test := 'a'", "testing:", "set test := true", "# test:", "[test]"])
def test_what_is_no_head_of_a_recipe(tmp_path: Path, head: str) -> None:
    (tmp_path / "justfile").write_text(f"{head}\n    pytest lib\n")
    assert just_recipe(tmp_path, "test") == []

"""What targets of a Makefile and recipes of a justfile run."""

from pathlib import Path

from hitrate.environment.declared.makefile import just_recipe, recipe

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

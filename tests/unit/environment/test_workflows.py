"""What a repository's own workflows run as its tests."""

from pathlib import Path

import pytest

from hitrate.environment.workflows import lines_of_jobs, options_of_jobs, packages_of_jobs

WORKFLOW = """
defaults: {run: {working-directory: app}}
jobs:
  lint:
    steps: [{run: ruff check}]
  everything:
    steps: [{run: make check}]
  tests:
    defaults: {run: {working-directory: .}}
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install -e .
          pytest -q ${{ matrix.flags }}
      - run: cd app && pytest -x
      - run: |
          cd one
          make
          cd ../two
      - run: python -m unittest
        working-directory: ./app/../app
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / "app").mkdir()
    (tmp_path / ".github" / "workflows" / "flow.yml").write_text(WORKFLOW)
    return tmp_path


def test_lines_of_the_folder_and_no_expressions(root: Path) -> None:
    assert list(lines_of_jobs(root)) == ["pip install -e ."]


def test_jobs_named_for_tests_come_first_and_those_for_other_things_not_at_all(root: Path) -> None:
    assert list(lines_of_jobs(root / "app")) == ["pytest -x", "python -m unittest", "make check"]


def test_the_options_of_the_likeliest_line(root: Path) -> None:
    assert options_of_jobs(root / "app", ["nox"], ["python", "-m", "unittest"], ["pytest"]) == ()
    assert options_of_jobs(root / "app", ["nox"], ["pytest"]) == ("-x",)
    assert options_of_jobs(root / "app", ["nox"]) == ()


@pytest.mark.parametrize(
    "text", ["", "[", "jobs: 3", "jobs: {tests: 3}", "jobs: {tests: {steps: [3, {run: 4}]}}"]
)
def test_a_file_that_says_nothing_is_passed_over(root: Path, text: str) -> None:
    (root / ".github" / "workflows" / "flow.yml").write_text(text)
    assert list(lines_of_jobs(root)) == []


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("sudo apt-get install -y zsh fish", ("zsh", "fish")),
        (
            "sudo apt-get -qq update && sudo apt-get -y install --no-install-recommends g++ libx-1.0",
            ("g++", "libx-1.0"),
        ),
        ("apt install tcsh; pytest now", ("tcsh",)),
        ("sudo apt-get install zsh zsh | tee log", ("zsh",)),
        ("sudo apt-get install zsh=5.* ${{ matrix.more }}", ()),
        ("sudo apt-get update", ()),
        ("brew install zsh", ()),
        ("pip install zsh", ()),
    ],
)
def test_packages_of_the_system(root: Path, line: str, packages: tuple[str, ...]) -> None:
    flow = f"jobs: {{tests: {{steps: [{{run: {line!r}}}]}}, lint: {{steps: [{{run: apt install lint}}]}}}}"
    (root / ".github" / "workflows" / "flow.yml").write_text(flow)
    assert packages_of_jobs(root) == packages

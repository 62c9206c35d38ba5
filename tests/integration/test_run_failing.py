"""Tests that fail without any change: few of them are told and left out, and the others are measured."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repositories import hitrate, new_repository, write

pytestmark = pytest.mark.slow

LIB = """
from functools import lru_cache


def slow(n):
    return sum(i * i % 7 for i in range(40_000 + n))


@lru_cache
def kept(n):
    return sum(i * i % 5 for i in range(2_000 + n))


def used(n):
    return n + 1
"""
GOOD = """
import pytest
from lib import kept, slow, used


@pytest.mark.parametrize("n", range(30))
def test_good(n):
    assert slow(n % 3) == slow(n % 3)
    assert kept(n % 3) == kept(n % 3)
    assert used(n) == n + 1
"""
BAD = "from lib import used\n\n\ndef test_bad():\n    assert used(1) == 5\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "tree", {"lib.py": LIB, "test_lib.py": GOOD})


def functions(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["qualname"]: one for one in report["functions"]}


def told(
    tree: Path, *arguments: str, names: Sequence[str] = ("used",), code: int = 3
) -> tuple[dict[str, Any], str]:
    """The report on some functions, and the last line."""
    report = tree.parent / "report.json"
    named = [part for name in names for part in ("--function", f"lib.py::{name}")]
    plain = dict.fromkeys(("PYTHONDONTWRITEBYTECODE", "CI", "GITHUB_ACTIONS", "BUILD_NUMBER"), "")
    done = hitrate(tree, "run", *named, "--json", str(report), *arguments, **plain)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(report.read_text()), "".join(done.stderr.strip().splitlines()[-1:])


def measured(tree: Path, *failing: str, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """What a run reports in which these tests were left out and the 30 others measured."""
    report, last = told(tree, *arguments)
    suite = report["suite"]
    assert (suite["passed"], suite["failing_left_out"], suite["tests"]) == (False, True, 30)
    assert suite["failing_tests"] == list(failing)
    assert all(test in last for test in failing)
    assert functions(report)["used"]["calls"] == 30
    return report


def test_one_that_fails_is_told_and_the_rest_is_measured(tree: Path) -> None:
    write(tree, {"test_bad.py": BAD})
    report, last = told(tree, "--fail-on", "unsafe,broken", names=("slow", "kept"))
    suite = report["suite"]
    assert (suite["failing_tests"], suite["failing_left_out"]) == (["test_bad.py::test_bad"], True)
    assert (suite["passed"], suite["tests"], suite["runs"]["observed"]) == (False, 30, 2)
    assert "test_bad.py::test_bad" in last
    found = functions(report)
    assert [found[name]["verdict"] for name in ("slow", "kept")] == ["cache", "keep"]
    assert report["gate"]["verdict"] == "fail"
    rules = {rule["rule"]: rule["passed"] for rule in report["gate"]["rules"]}
    assert rules == {"unsafe": True, "broken": False}


@pytest.mark.parametrize(
    ("config", "options"),
    [("-rxXs", ""), ("-rw --no-summary", ""), ("", "-rs"), ("-ra", "-r N")],
)
def test_one_that_the_summary_would_not_name_is_told_all_the_same(
    tree: Path, config: str, options: str
) -> None:
    write(tree, {"test_bad.py": BAD, "pytest.ini": f"[pytest]\naddopts = {config}\n"})
    measured(tree, "test_bad.py::test_bad", arguments=("--test-command", f"python -m pytest {options}"))


def test_what_a_failing_test_calls_is_not_vouched_for(tree: Path) -> None:
    """It may fail because of the very cache that is there."""
    bad = "from lib import kept, slow\n\n\ndef test_bad():\n    assert kept(1) == slow(1)\n"
    write(tree, {"test_bad.py": bad})
    report, _ = told(tree, names=("slow", "kept"))
    found = functions(report)
    assert [found[name]["verdict"] for name in ("slow", "kept")] == ["inconclusive", "inconclusive"]
    assert "`test_bad.py::test_bad`, which calls it, already fails" in found["kept"]["reason"]
    assert [(rule["rule"], rule["passed"]) for rule in report["gate"]["rules"]] == [("unsafe", None)]


FIXTURE = """
import pytest


@pytest.fixture
def broken():
    raise OSError


def test_bad(broken):
    pass
"""
PARAMETERS = """
import pytest


@pytest.mark.parametrize("word", ["a b", "[x] - y", "'"])
class TestBad:
    def test_bad(self, word):
        assert not word
"""
AFTER_OTHERS = """
import test_lib


def test_a():
    test_lib.seen = 1
    assert False


def test_b():
    assert hasattr(test_lib, "seen")
"""
RELATIVES = {
    "fixture": (FIXTURE, ["test_bad"]),
    "parameters": (PARAMETERS, [f"TestBad::test_bad[{word}]" for word in ("a b", "[x] - y", "'")]),
    "needed by others": (AFTER_OTHERS, ["test_a", "test_b"]),
}


@pytest.mark.parametrize(("code", "failing"), RELATIVES.values(), ids=[*RELATIVES])
def test_relatives_are_left_out_too(tree: Path, code: str, failing: list[str]) -> None:
    write(tree, {"test_bad.py": code})
    measured(tree, *(f"test_bad.py::{name}" for name in failing))


def test_a_file_that_cannot_be_imported_is_left_out(tree: Path) -> None:
    write(tree, {"test_bad.py": "import no_such_module\n"})
    report = measured(tree, "test_bad.py")
    assert "Why they may fail: no_such_module is not installed" in " ".join(report["notes"])


def test_few_that_fail_without_capturing_are_better_than_many(tree: Path) -> None:
    """Tests that read their input fail while output is captured, and one of them needs a terminal."""
    reading = "import pytest, sys\n\n\n@pytest.mark.parametrize('n', range(30))\ndef test_read(n):\n"
    terminal = "\n\ndef test_terminal():\n    sys.stdin.read()\n    assert sys.stdin.isatty()\n"
    write(tree, {"test_bad.py": f"{reading}    sys.stdin.read()\n{terminal}"})
    report, _ = told(tree)
    suite = report["suite"]
    assert (suite["failing_tests"], suite["tests"]) == (["test_bad.py::test_terminal"], 60)
    assert suite["command"].endswith(" -s")


def test_a_run_that_ends_with_the_first_failure_is_not_all_there_is(tree: Path) -> None:
    more = "\n\ndef test_worse():\n    assert used(1) == 6\n"
    write(tree, {"pytest.ini": "[pytest]\naddopts = -x\n", "test_bad.py": BAD + more})
    measured(tree, "test_bad.py::test_bad", "test_bad.py::test_worse")


def test_ids_begin_where_pytest_has_its_root(tree: Path) -> None:
    (tree / "test_lib.py").unlink()
    write(
        tree,
        {
            "pytest.ini": "[pytest]\npythonpath = .\n",
            "tests/test_lib.py": GOOD,
            "tests/test_bad.py": BAD,
        },
    )
    measured(tree, "test_bad.py::test_bad", arguments=("--test-command", "cd tests && python -m pytest"))


@pytest.mark.parametrize("tests", [4, 30])
def test_where_many_fail_nothing_is_measured(tree: Path, tests: int) -> None:
    parameters = f"import pytest\n\n\n@pytest.mark.parametrize('n', range({tests}))\n"
    write(tree, {"test_bad.py": f"{parameters}def test_bad(n):\n    assert n < 0\n"})
    report, last = told(tree)
    suite = report["suite"]
    assert (suite["failing_left_out"], len(suite["failing_tests"])) == (False, tests)
    assert suite["runs"]["observed"] == 1
    assert {one["verdict"] for one in report["functions"]} == {"inconclusive"}
    assert "fix these tests" in last


def test_thorough_leaves_them_out_too(tree: Path) -> None:
    write(tree, {"test_bad.py": BAD})
    measured(tree, "test_bad.py::test_bad", arguments=("--effort", "thorough"))


def test_tests_that_all_pass_are_observed_once(tree: Path) -> None:
    report, _ = told(tree, code=0)
    suite = report["suite"]
    assert (suite["passed"], suite["failing_left_out"], suite["runs"]["observed"]) == (True, False, 1)
    assert "deselect" not in suite["command"]

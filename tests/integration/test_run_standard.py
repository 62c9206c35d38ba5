"""Effort standard: a plain run of the tests is made only where the observed one leaves something open."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repositories import hitrate, new_repository, write

LIB = "def double(n):\n    return 2 * n\n"
TEST = "from lib import double\n\n\ndef test_double():\n    assert double(2) == 4\n"
WRAPPED = 'import lib\n\n\ndef test_bare():\n    assert not hasattr(lib.double, "__wrapped__")\n'
BAD = "def test_bad():\n    assert False\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "tree", {"lib.py": LIB, "test_lib.py": TEST})


def said(tree: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    """What a run on ``double`` reports."""
    report = tree.parent / "report.json"
    named = ("run", "--function", "lib.py::double", "--json", str(report))
    plain = dict.fromkeys(("PYTHONDONTWRITEBYTECODE", "CI", "GITHUB_ACTIONS", "BUILD_NUMBER"), "")
    done = hitrate(tree, *named, *arguments, **plain)
    assert done.returncode == code, done.stdout + done.stderr
    loaded: dict[str, Any] = json.loads(report.read_text())
    return loaded


def noting(tree: Path, body: str) -> tuple[str, Path]:
    """A module of tests that notes each run of one, and where."""
    log = tree.parent / "log"
    fixture = (
        "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef noted(request):\n"
        f"    with open({str(log)!r}, 'a') as file:\n        file.write(request.node.name + ' ')\n\n\n"
    )
    return fixture + body, log


def test_tests_that_pass_are_run_once_observed_and_never_plainly(tree: Path) -> None:
    # A second of its own: what observing adds to tests of nothing may be too large a part of them to tell.
    code, log = noting(tree, TEST + "    assert sum(range(50_000_000))\n")
    write(tree, {"test_lib.py": code})
    suite = said(tree)["suite"]
    assert suite["runs"] == {"baseline": 0, "observed": 1, "cached": 0, "trial_pairs": 0}
    assert (suite["passed"], suite["tests"], suite["estimated"]) == (True, 1, True)
    assert suite["cpu_seconds"] > 0 < suite["wall_seconds"]
    assert log.read_text() == "test_double "


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick", "thorough"])
def test_other_efforts_make_a_plain_run(tree: Path, effort: str) -> None:
    suite = said(tree, "--effort", effort)["suite"]
    assert (suite["runs"]["baseline"], suite["estimated"]) == (1, False)


@pytest.mark.slow
def test_tests_that_fail_anyway_are_run_by_themselves_to_say_so(tree: Path) -> None:
    code, log = noting(tree, "def test_good():\n    pass\n\n\n" + BAD)
    write(tree, {"test_more.py": code})
    suite = said(tree, code=3)["suite"]
    assert (suite["passed"], suite["failing_tests"]) == (False, ["test_more.py::test_bad"])
    assert suite["runs"]["baseline"] == 0
    bad = log.read_text().split().count("test_bad")
    assert log.read_text().split().count("test_good") == 1 < bad


@pytest.mark.slow
def test_a_test_that_only_observing_breaks_does_not_break_the_suite(tree: Path) -> None:
    write(tree, {"test_more.py": WRAPPED})
    report = said(tree)
    assert (report["suite"]["passed"], report["suite"]["failing_tests"]) == (True, [])
    assert (report["suite"]["runs"]["baseline"], report["suite"]["estimated"]) == (1, False)
    assert any("test_more.py::test_bare" in note for note in report["notes"])
    assert report["functions"][0]["calls"] == 1


@pytest.mark.slow
def test_of_tests_that_fail_only_those_count_that_fail_without_observing(tree: Path) -> None:
    write(tree, {"test_more.py": WRAPPED, "test_bad.py": BAD})
    suite = said(tree, code=3)["suite"]
    assert suite["failing_tests"] == ["test_bad.py::test_bad"]


@pytest.mark.slow
def test_tests_that_fail_in_their_order_alone_fail_without_any_change(tree: Path) -> None:
    """By themselves they pass: a plain run of all tests tells."""
    order = (
        "import lib\n\n\ndef test_a():\n    lib.seen = 1\n\n\n"
        "def test_b():\n    assert not hasattr(lib, 'seen')\n"
    )
    write(tree, {"test_order.py": order})
    suite = said(tree, code=3)["suite"]
    assert (suite["runs"]["baseline"], suite["failing_tests"]) == (2, ["test_order.py::test_b"])


@pytest.mark.slow
def test_a_command_that_cannot_be_narrowed_is_run_plainly_where_it_fails(tree: Path) -> None:
    write(tree, {"check.py": "from lib import double\nassert double(2) == 5\n"})
    suite = said(tree, "--test-command", "python check.py", code=3)["suite"]
    assert (suite["passed"], suite["runs"]["baseline"]) == (False, 2)


@pytest.mark.slow
@pytest.mark.parametrize(("work", "plain"), [("sum(range(40_000_000))", 0), ("pass", 1)])
def test_a_command_of_any_kind_is_run_plainly_only_if_it_is_over_at_once(
    tree: Path, work: str, plain: int
) -> None:
    """Of so short a run, most is observing; its time cannot be told from that."""
    write(tree, {"check.py": f"from lib import double\nassert double(2) == 4\n{work}\n"})
    assert said(tree, "--test-command", "python check.py")["suite"]["runs"]["baseline"] == plain


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("nothing-of-this-name", 2, "was not found"),
        ("python -m pytest -k nothing", 3, "ran no test"),
        ("python -m pytest (", 2, "is not a command that a shell understands ("),
        ("python -m pytest 'tests", 2, "is not a command that a shell understands ("),
    ],
)
def test_what_is_no_test_command_is_refused(tree: Path, command: str, code: int, words: str) -> None:
    done = hitrate(tree, "run", "--function", "lib.py::double", "--test-command", command)
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


@pytest.mark.slow
def test_a_workload_is_run_once_too(tree: Path) -> None:
    log = tree.parent / "log"
    work = "from lib import double\nfor n in range(9):\n    double(n % 3)\n"
    work += f"with open({str(log)!r}, 'a') as file:\n    file.write('w')\n"
    write(tree, {"work.py": work})
    report = said(tree, "--workload", "python work.py")
    assert report["functions"][0]["calls"] == 9
    assert report["suite"]["workload_cpu_seconds"] > 0
    assert log.read_text() in ("w", "ww")  # so short a run may be mostly the probe's own


@pytest.mark.slow
@pytest.mark.parametrize(("work", "code"), [("python -c 'raise SystemExit(3)'", 3), ("nothing-at-all", 2)])
def test_a_workload_that_fails_is_refused(tree: Path, work: str, code: int) -> None:
    done = hitrate(tree, "run", "--function", "lib.py::double", "--workload", work)
    assert done.returncode == code
    assert "workload: " in done.stderr

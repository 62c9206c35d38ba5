"""Observed runs that break off, through the whole command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repositories import hitrate, new_repository

pytestmark = pytest.mark.slow

LIB = """
def double(n):
    return 2 * n


if hasattr(double, "__wrapped__"):
    raise ImportError("double is not what it was")
"""


def test_why_it_broke_off_is_shown_and_nothing_is_said_of_calls(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    test = "from lib import double\n\ndef test_double():\n    assert double(2) == 4\n"
    new_repository(tree, {"lib.py": LIB, "test_lib.py": test})
    report = tmp_path / "report.json"
    done = hitrate(tree, "run", "--function", "lib.py::double", "--json", str(report))
    assert "double is not what it was" in done.stdout + done.stderr
    written = json.loads(report.read_text())
    (double,) = written["functions"]
    assert double["verdict"] == "inconclusive"
    assert double["reason"] == "its calls were seen only until the observed run could not import test_lib.py"
    assert double["calls"] is None
    assert any(
        note.startswith("The observed run failed where the plain one passed") for note in written["notes"]
    )


DEADLY = """
import os
import signal


def before(n):
    return n + 1


def deadly(n):
    if hasattr(deadly, "__wrapped__"):
        {death}
    return n


def after(n):
    return n + 1
"""
DEADLY_TESTS = """
from lib import after, before, deadly


def test_before():
    assert [before(n % 3) for n in range(30)]


def test_deadly():
    assert {calls}


def test_after():
    assert [after(n % 3) for n in range(30)]
"""
DEATHS = {
    "signal": ("os.kill(os.getpid(), signal.SIGSEGV)", "was killed by SIGSEGV"),
    "exit with 0": ("os._exit(0)", "broke off before its end (exit code 0)"),
    "exit with 3": ("os._exit(3)", "broke off before its end (exit code 3)"),
}


def measured(tree: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    report = tree.parent / "report.json"
    names = [f"--function=lib.py::{name}" for name in ("before", "deadly", "after")]
    done = hitrate(tree, "run", *names, "--json", str(report), *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(report.read_text()), done.stdout


@pytest.mark.parametrize("death", DEATHS)
def test_what_kills_the_tests_is_left_out_by_its_name(tmp_path: Path, death: str) -> None:
    statement, told = DEATHS[death]
    files = {
        "lib.py": DEADLY.format(death=statement),
        "test_lib.py": DEADLY_TESTS.format(calls="deadly(1) == 1"),
    }
    tree = new_repository(tmp_path / "tree", files)
    written, shown = measured(tree)
    before, deadly, after = written["functions"]
    assert (before["calls"], after["calls"]) == (30, 30)
    assert {before["verdict"], after["verdict"]} <= {"cache", "not-worth-it"}
    assert deadly["verdict"] == "inconclusive"
    assert deadly["reason"] == f"the observed run {told} while `deadly` was observed"
    assert written["suite"]["broken_off"] == f"The observed run {told} while `deadly` was observed"
    assert written["suite"]["runs"]["observed"] == 2
    assert " ".join(shown.split()).find(f"The observed run {told} while") >= 0


def test_what_hangs_only_while_it_is_observed_is_left_out_by_its_name(tmp_path: Path) -> None:
    files = {
        "lib.py": DEADLY.format(death="__import__('threading').Event().wait()"),
        "test_lib.py": DEADLY_TESTS.format(calls="deadly(1) == 1"),
    }
    tree = new_repository(tmp_path / "tree", files)
    written, _ = measured(tree, "--timeout", "30")
    before, deadly, after = written["functions"]
    assert (before["calls"], after["calls"]) == (30, 30)
    told = "did not end in time while `deadly` was observed"
    assert (deadly["verdict"], deadly["reason"]) == ("inconclusive", f"the observed run {told}")
    assert written["suite"]["broken_off"] == f"The observed run {told}"
    assert written["suite"]["runs"]["observed"] == 2


def test_what_kills_them_without_being_called_is_found_by_halves(tmp_path: Path) -> None:
    """Such as code that looks at what the function has become."""
    lib = DEADLY.format(death="pass")
    tests = DEADLY_TESTS.format(calls="not hasattr(deadly, '__wrapped__') or __import__('os')._exit(7)")
    tree = new_repository(tmp_path / "tree", {"lib.py": lib, "test_lib.py": tests})
    written, _ = measured(tree)
    before, deadly, after = written["functions"]
    assert (before["calls"], after["calls"]) == (30, 30)
    assert (deadly["verdict"], deadly["calls"]) == ("inconclusive", None)
    assert "`deadly`" in written["suite"]["broken_off"]


def test_a_worker_that_dies_takes_the_verdicts_of_its_test_with_it(tmp_path: Path) -> None:
    files = {
        "lib.py": DEADLY.format(death="os._exit(3)"),
        "test_lib.py": DEADLY_TESTS.format(calls="deadly(1) == 1"),
    }
    tree = new_repository(tmp_path / "tree", files)
    written, _ = measured(tree, "--test-command", "python -m pytest -q -n 1")
    before, deadly, after = written["functions"]
    assert (before["calls"], after["calls"]) == (30, 30)
    assert deadly["verdict"] == "inconclusive"
    assert "test_deadly" in deadly["reason"]
    assert "inconclusive" not in {before["verdict"], after["verdict"]}


def test_where_everything_kills_them_nothing_is_said_to_be_worthless(tmp_path: Path) -> None:
    tests = DEADLY_TESTS.format(calls="not hasattr(before, '__wrapped__') or __import__('os')._exit(7)")
    tests = tests.replace("hasattr(before, '__wrapped__')", "'_hitrate_probe' in vars(__import__('lib'))")
    tree = new_repository(tmp_path / "tree", {"lib.py": DEADLY.format(death="pass"), "test_lib.py": tests})
    written, _ = measured(tree)
    assert {function["verdict"] for function in written["functions"]} == {"inconclusive"}
    assert written["suite"]["broken_off"].startswith("The observed run broke off")

"""Runners: where pytest cannot stand in for one, and those that run tests in their own way."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repositories import hitrate, new_repository

pytestmark = pytest.mark.slow

PRICES = "def base(n):\n    return n + 0\n"
UNUSUAL = "import unittest\nfrom prices import base\n\nclass T(unittest.TestCase):\n    def test(self):\n"
UNUSUAL += "        self.assertEqual(base(base(2)), 2)\n\nif __name__ == '__main__':\n    unittest.main()\n"


def analysed(tree: Path, effort: str, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Measure ``base``, expect an exit code, and return the report."""
    report = tree.parent / "report.json"
    options = ("--effort", effort, "--json", str(report), "--function", "prices.py::base", *arguments)
    done = hitrate(tree, "run", *options)
    assert done.returncode == code, done.stdout + done.stderr
    loaded: dict[str, Any] = json.loads(report.read_text())
    return loaded


STRICT = "[pytest]\nfilterwarnings = error\n[testenv]\ncommands = python -m unittest\n"
NO_TEST_CLASS = (
    "class TestSuite(unittest.TestSuite):\n    def __init__(self):\n        super().__init__()\n\n"
)
ITSELF_FAILING = "    def test_wrong(self):\n        self.assertEqual(base(2), 3)\n\n"


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_where_pytest_cannot_stand_in_the_projects_own_runner_is_used(tmp_path: Path, effort: str) -> None:
    tests = UNUSUAL.replace("class T", f"{NO_TEST_CLASS}class T")
    files = {"prices.py": PRICES, "test_unusual.py": tests, "tox.ini": STRICT}
    tree = new_repository(tmp_path / "strict", files)
    report = analysed(tree, effort)
    assert report["suite"]["command"].endswith("-m unittest")
    assert report["suite"]["passed"] is True
    assert report["functions"][0]["calls"] == 2
    assert any("with which all pass, was run instead" in note for note in report["notes"])


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_tests_that_fail_in_every_way_are_broken(tmp_path: Path, effort: str) -> None:
    tests = UNUSUAL.replace("if __name__", f"{ITSELF_FAILING}if __name__")
    files = {"prices.py": PRICES, "test_unusual.py": tests, "tox.ini": STRICT}
    report = analysed(new_repository(tmp_path / "broken", files), effort, code=3)
    assert report["suite"]["passed"] is False
    assert report["suite"]["command"].endswith("-m pytest")


def test_a_runner_that_runs_fewer_tests_does_not_stand_for_those_that_fail(tmp_path: Path) -> None:
    tests = UNUSUAL + "\n\ndef test_wrong():\n    assert base(2) == 3\n"
    files = {"prices.py": PRICES, "test_unusual.py": tests, "tox.ini": STRICT}
    report = analysed(new_repository(tmp_path / "fewer", files), "quick", code=3)
    assert report["suite"]["passed"] is False

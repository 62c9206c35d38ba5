"""``hitrate run --memory``: written on a clean base, read on a change; whatever it is, verdicts stay."""

import json
from pathlib import Path
from typing import Any

import pytest

from hitrate.memory import document
from tests.integration.repositories import commit, git, hitrate, new_repository

LIB = """
def slow(n):
    return sum(i * i for i in range(20_000 + n % 2))


def other(n):
    return n + 1


def unused(n):
    return n - 1
"""
TESTS = """
import pytest

from lib import other, slow


@pytest.mark.parametrize("n", range(12))
def test_slow(n):
    for _ in range(20):
        assert slow(n % 3) == slow(n % 3)


@pytest.mark.parametrize("n", range(4))
def test_other(n):
    assert other(n) == n + 1
"""
CHANGED = {"lib.py": LIB.replace("i * i for", "i * i + 0 for")}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository on whose base memory was written, into a folder of the tree that git does not track."""
    tree = new_repository(tmp_path_factory.mktemp("base") / "tree", {"lib.py": LIB, "test_lib.py": TESTS})
    done = hitrate(tree, "run", "--memory", "kept")
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert f"kept now holds what 16 tests reach at {git(tree, 'rev-parse', 'HEAD')[:12]}." in said
    assert document.read(tree / "kept") is not None
    return tree


def report(tree: Path, *options: str) -> dict[str, Any]:
    place = tree.parent / "report.json"
    done = hitrate(tree, "run", "--base", "main", "--json", str(place), *options)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(place.read_text())
    return told | {"said": " ".join((done.stdout + done.stderr).split())}


def branch(base: Path, name: str, files: dict[str, str]) -> Path:
    git(base, "checkout", "-q", "-B", name, "main")
    commit(base, {".git/info/exclude": "kept\nother\n"} | files)
    return base


def figures(told: dict[str, Any]) -> list[object]:
    return [
        (each["qualname"], each["verdict"], each["calls"], each["hits"], each["misses"])
        for each in told["functions"]
    ]


@pytest.mark.slow
def test_only_the_tests_are_run_that_reach_the_change(base: Path) -> None:
    tree = branch(base, "slow", CHANGED)
    told, whole = report(tree, "--memory", "kept"), report(tree)
    assert figures(told) == figures(whole)
    assert [each["verdict"] for each in told["functions"]] == ["cache"]
    memory = told["suite"]["memory"]
    assert (memory["run"], memory["tests"], memory["everything"]) == (12, 16, None)
    assert memory["commit"] == git(tree, "rev-parse", "main").strip()
    assert (told["suite"]["tests"], told["suite"]["command"]) == (16, whole["suite"]["command"])
    assert "12 of 16 tests were run: those that reach the change; memory of" in told["said"]
    assert whole["suite"]["memory"] is None
    shares = [each["functions"][0]["saved_seconds"] / each["suite"]["cpu_seconds"] for each in (told, whole)]
    assert shares[0] == pytest.approx(shares[1], rel=0.6)


def test_where_no_test_reaches_the_change_none_is_run(base: Path) -> None:
    tree = branch(base, "unused", {"lib.py": LIB.replace("n - 1", "n - 2")})
    told = report(tree, "--memory", "kept")
    assert [each["reason"] for each in told["functions"]] == ["the tests never call it"]
    assert told["suite"]["runs"] == {"baseline": 0, "observed": 0, "cached": 0, "trial_pairs": 0}
    assert told["suite"]["suite_equivalents"] < 1
    assert "No test was run: none of 16 tests reaches what changed" in told["said"]
    git(tree, "checkout", "-q", "main")


NOT_ENOUGH = {
    "failing": """
import lib


def test_before():
    lib.seen = 1


def test_after():
    assert lib.seen and lib.other(1)
""",
    "gone": """
import os

import lib
import pytest


@pytest.mark.parametrize("n", [os.environ["NAMES"]])
def test_n(n):
    assert lib.other(1)
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_ENOUGH)
def test_where_the_chosen_tests_are_not_enough_all_are_run(base: Path, name: str) -> None:
    """One fails by itself, or is not there any more by the name that it had."""
    tree = branch(base, f"{name}-base", {"test_more.py": NOT_ENOUGH[name]})
    written = hitrate(tree, "run", "--base", "HEAD", "--memory", "other", NAMES="one")
    assert written.returncode == 0, written.stderr
    commit(tree, {"lib.py": LIB.replace("return n + 1", "return 1 + n")})
    place = tree.parent / "report.json"
    options = ("--base", f"{name}-base~1", "--memory", "other", "--json", str(place))
    done = hitrate(tree, "run", *options, NAMES="two")
    assert done.returncode == 0, done.stderr
    told = json.loads(place.read_text())
    assert [each["calls"] for each in told["functions"]] == [5]
    git(tree, "checkout", "-q", "main")


@pytest.mark.slow
def test_damaged_memory_is_told_and_all_tests_are_run(base: Path) -> None:
    tree = branch(base, "damaged", CHANGED)
    (tree / "other").mkdir(exist_ok=True)
    content = bytearray((tree / "kept" / document.NAME).read_bytes())
    content[-3] ^= 1
    (tree / "other" / document.NAME).write_bytes(bytes(content))
    told = report(tree, "--memory", "other")
    assert (told["suite"]["memory"], told["suite"]["tests"]) == (None, 16)
    assert [each["verdict"] for each in told["functions"]] == ["cache"]
    assert "All tests were run: memory in `other` is damaged." in told["notes"]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["tracked", "link", "deep/er"])
def test_memory_that_the_change_itself_may_have_written_is_not_read(base: Path, folder: str) -> None:
    tree = branch(base, f"own-{folder}", CHANGED)
    place = tree / ("tracked" if folder == "link" else folder)
    place.mkdir(parents=True)
    (place / document.NAME).write_bytes((tree / "kept" / document.NAME).read_bytes())
    if folder == "link":
        (tree / folder).symlink_to("tracked")
    commit(tree)
    told = report(tree, "--memory", folder, "--test-command", "python -m pytest -q -k other")
    git(tree, "checkout", "-q", "main")
    assert told["suite"]["memory"] is None
    why = "is tracked by git, so that the change itself may have written it"
    assert f"All tests were run: memory in `{folder}` {why}." in told["notes"]


@pytest.mark.slow
def test_memory_of_another_branch_is_told_and_all_tests_are_run(base: Path) -> None:
    tree = branch(base, "foreign", {"test_foreign.py": "def test_foreign():\n    pass\n"})
    assert hitrate(tree, "run", "--base", "HEAD", "--memory", "other").returncode == 0
    told = report(branch(base, "own", CHANGED), "--memory", "other")
    assert told["suite"]["memory"] is None
    why = "is of a commit that is in the history of neither base nor head"
    assert f"All tests were run: memory in `other` {why}." in told["notes"]


@pytest.mark.slow
def test_a_first_run_on_a_change_says_that_there_is_none_yet(base: Path) -> None:
    told = report(
        branch(base, "first", CHANGED), "--memory", "nowhere", "--test-command", "pytest -q -k slow"
    )
    assert (
        "All tests were run: memory in `nowhere` does not exist yet; a run on the base writes it."
        in told["notes"]
    )


@pytest.mark.slow
def test_failing_tests_leave_no_memory(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "tree", {"test_x.py": "def test_x():\n    assert False\n"})
    done = hitrate(tree, "run", "--memory", "kept")
    assert done.returncode == 3
    assert "memory: not written, since tests fail; without it all tests are run" in done.stderr
    assert document.read(tree / "kept") is None

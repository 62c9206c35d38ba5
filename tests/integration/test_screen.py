"""BatchScreener on real projects with real processes."""

import os
import sys
from pathlib import Path

import pytest
from repositories import new_repository, project

from hitrate.discovery import named_functions
from hitrate.evidence import Screening
from hitrate.patch import SourcePatcher
from hitrate.progress import Silent
from hitrate.screen import BatchScreener
from hitrate.testrun import Outcome, Suite

PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"


def suite(tree: Path, command: str) -> Suite:
    return Suite(command, tree, {"PATH": os.environ["PATH"], "HOME": str(tree)})


def screened(
    tree: Path, *names: str, command: str = PYTEST, workload: str | None = None, maxsize: int | None = 128
) -> Screening:
    work = None if workload is None else suite(tree, workload)
    with SourcePatcher(tree) as patcher:
        screener = BatchScreener(
            patcher, suite(tree, command), tree.parent / "scratch", Silent(), workload=work
        )
        return screener.screen(named_functions(tree, names).functions, maxsize=maxsize)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_counts_are_the_sum_over_every_kind_of_process(tmp_path: Path, workers: tuple[str, ...]) -> None:
    tree = project(tmp_path / "processes", "processes")
    screening = screened(tree, "counted/__init__.py::square", command=" ".join((PYTEST, *workers)))
    (square,) = screening.evidence
    assert screening.run.outcome is Outcome.PASSED
    # Processes make ten calls on two keys each. Two of them are forked from one that has the keys already,
    # and test_here and test_fork_starts_from_zero share a process: its second ten calls all hit.
    assert square.calls == 100
    assert (square.hits or 0) + (square.misses or 0) == 100
    assert screening.processes.expected == screening.processes.received >= 8
    if not workers:
        assert square.misses == 2 * 7
    assert len(square.tests) == 8  # a child without any environment cannot know its test


def test_every_function_alone_and_together(tmp_path: Path) -> None:
    tree = new_repository(
        tmp_path / "nested",
        {
            "nested.py": (
                "def inner(n):\n    return sum(range(20_000)) + n\n\n"
                "def outer(n):\n    return inner(n) + inner(n)\n\n"
                "def never(n):\n    return n\n"
            ),
            "test_nested.py": (
                "import nested\n\n"
                "def test_a():\n    assert [nested.outer(n % 3) for n in range(30)]\n\n"
                "def test_b():\n    assert nested.outer(1)\n"
            ),
        },
    )
    outer, inner, never = screened(tree, "nested.py::outer", "nested.py::inner", "nested.py::never").evidence
    assert (outer.calls, outer.hits, outer.misses) == (31, 28, 3)
    assert (inner.calls, inner.hits, inner.misses) == (62, 59, 3)
    assert (never.calls, never.hits, never.hit_rate) == (0, 0, None)
    assert inner.together is not None
    assert (inner.together.hits, inner.together.misses) == (3, 3)
    assert any("a cache above it" in remark for remark in inner.remarks)
    assert outer.tests == ("test_nested.py::test_a", "test_nested.py::test_b")
    assert outer.hit_rate_within_test == pytest.approx(27 / 31)
    assert outer.recommended_maxsize == 4
    assert outer.saved_seconds is not None
    assert outer.mean_call_seconds is not None
    assert outer.saved_seconds == pytest.approx(28 * outer.mean_call_seconds, rel=0.2)
    assert (tree / "nested.py").read_text().startswith("def inner")

"""BatchScreener on real projects with real processes."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

import pytest

from hitrate.analysis.screener import BatchScreener
from hitrate.change.discovery import named_functions
from hitrate.evidence import Evidence, Screening
from hitrate.patching.patcher import SourcePatcher
from hitrate.progress.progress import Silent
from hitrate.testrun.pycache import link_compiled
from hitrate.testrun.run import Outcome, Suite
from hitrate.wording.figures import NBSP
from tests.integration.repositories import new_repository, project

PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"


def suite(tree: Path, command: str) -> Suite:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return Suite(command, tree, {"PATH": path, "HOME": str(tree)})


def screener_of(patcher: SourcePatcher, tests: Suite, workload: Suite | None = None) -> BatchScreener:
    """A screener with folders of its own, whose runs need not compile the standard library and pytest."""
    scratch = Path(mkdtemp(dir=tests.directory.parent))
    link_compiled(scratch / "warm", tests)
    return BatchScreener(patcher, tests, scratch, Silent(), workload=workload, warm=scratch / "warm")


def screened(
    tree: Path, *names: str, command: str = PYTEST, workload: str | None = None, maxsize: int | None = 128
) -> Screening:
    work = None if workload is None else suite(tree, workload)
    with SourcePatcher(tree) as patcher:
        screener = screener_of(patcher, suite(tree, command), work)
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


@pytest.fixture(scope="module")
def misses(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Evidence]:
    """What is found about each function of the project of near misses, in one run."""
    tree = project(tmp_path_factory.mktemp("misses") / "tree", "misses")
    names = re.findall(r"^ *def (\w+)", (tree / "misses.py").read_text(), re.MULTILINE)
    ids = [f"misses.py::{'Thing.' * (name == 'fresh_self')}{name}" for name in names if name not in OTHERS]
    screening = screened(tree, *ids)
    assert screening.run.outcome is Outcome.PASSED, screening.run.tail
    return {item.function.qualname.rpartition(".")[2]: item for item in screening.evidence}


OTHERS = ("work", "__init__")


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("unread_argument", "`verbose` is part of the key but never read: 95 % instead of 0 %"),
        ("keyword_or_not", "spelled alike, 67 % instead of 0 %"),
        ("fresh_self", "`self` is another object in most calls whose other arguments repeat: 95 % instead"),
        ("lists_too", "40 of 80 of its calls pass arguments that cannot be hashed: `items` is a list"),
        ("too_many_for_it", "maxsize 128 is just too small: 256 answers 67 % instead of 0 %"),
        ("inner", "it is called 4 times instead of 40 times"),
        ("remembers", "remembers results already"),
        ("often_raises", "26 of 40 of its calls raise an exception, which a cache does not keep"),
        ("across_tests", "within one test 0 % of the lookups would hit"),
        ("too_small", "maxsize 4 is just too small: 8 answers 99 % instead of 0 %"),
    ],
)
def test_near_misses_are_explained(misses: Mapping[str, Evidence], name: str, remark: str) -> None:
    told = [found.replace(NBSP, " ") for found in misses[name].remarks]
    assert any(remark in found for found in told), told


def test_a_plain_win_needs_no_explanation(misses: Mapping[str, Evidence]) -> None:
    assert misses["outer"].remarks == ()
    assert misses["outer"].hit_rate == 0.9


def test_a_recursion_is_not_taken_for_a_memory(misses: Mapping[str, Evidence]) -> None:
    """Calls with new arguments take longer, since others are made within them."""
    assert not any("remembers" in remark for remark in misses["branches"].remarks)
    assert misses["branches"].speedup is not None
    assert misses["branches"].speedup > 2


def test_existing_caches_are_audited_while_they_work(misses: Mapping[str, Evidence]) -> None:
    too_small, never_hit = misses["too_small"], misses["never_hit"]
    kept, recursive = misses["earns_its_keep"], misses["recursive"]
    assert (too_small.maxsize, too_small.hits, too_small.misses) == (4, 0, 600)
    assert too_small.recommended_maxsize == 8
    assert (never_hit.hits, never_hit.misses) == (2, 40)
    assert (kept.maxsize, kept.hits, kept.misses) == (128, 38, 2)
    # A hit saves what the call took when it was computed.
    assert kept.mean_call_seconds is not None
    assert kept.saved_seconds == pytest.approx(38 * kept.mean_call_seconds, rel=0.2)
    assert (recursive.hits, recursive.misses) == (58, 61)


WORKLOAD = "import misses\nfor n in range(100): misses.outer(n % 50)\n"


def test_a_workload_supplies_the_figures_and_the_tests_the_tests(tmp_path: Path) -> None:
    tree = project(tmp_path / "misses", "misses")
    (tree / "bench.py").write_text(WORKLOAD)
    screening = screened(tree, "misses.py::outer", workload=f"{sys.executable} bench.py")
    (outer,) = screening.evidence
    assert (outer.calls, outer.hits, outer.misses) == (100, 50, 50)
    assert outer.tests == ("test_misses.py::test_all_but_one",)
    assert outer.hit_rate_within_test == 0.9
    failing = screened(
        tree, "misses.py::outer", workload=f"{sys.executable} -c 'import misses; misses.outer(1); 1/0'"
    )
    assert failing.evidence[0].calls == 1
    assert "exit code 1" in failing.notes[0]


def test_together_can_be_asked_for_any_choice(tmp_path: Path) -> None:
    tree = project(tmp_path / "misses", "misses")
    functions = named_functions(tree, ["misses.py::outer", "misses.py::inner"]).functions
    with SourcePatcher(tree) as patcher:
        screener = screener_of(patcher, suite(tree, PYTEST))
        with pytest.raises(RuntimeError):
            screener.replay_together(functions)
        screener.screen(functions, maxsize=None)
    inner = functions[1]
    assert screener.replay_together([inner])[inner].hits == 36
    assert screener.replay_together(functions)[inner].hits == 0
    assert screener.replay_together([]) == {}

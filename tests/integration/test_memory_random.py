"""Random programs, tests and edits under a real pytest: no test is left out that calls what is looked at."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from hitrate.analysis.memory.remembering import Moment, remember
from hitrate.memory.imports import Imports
from hitrate.memory.model import WHOLE, Memory, Piece, Sources
from hitrate.memory.pieces import OUTSIDE
from hitrate.memory.selection import ChosenTests, Wanted, choose
from hitrate.memory.sources import Anatomy, anatomies, digests_of, imports_of
from hitrate.progress.progress import Silent
from tests.integration.programs import Program, edited, program
from tests.integration.repositories import write
from tests.integration.test_memory_reach import COMMAND, listed, project

pytestmark = pytest.mark.slow

TRUTH = """
import json, sys, threading
import pytest

CALLED, RUNNING = {}, [None]


def profile(frame, event, argument):
    code = frame.f_code
    if event == "call" and RUNNING[0] and "/t_" not in code.co_filename:
        CALLED[RUNNING[0]].add((code.co_filename, code.co_firstlineno))


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    RUNNING[0] = item.nodeid
    CALLED[item.nodeid] = set()
    threading.setprofile(profile)
    sys.setprofile(profile)
    yield
    sys.setprofile(None)
    RUNNING[0] = None


def pytest_sessionfinish():
    with open("truth.json", "w") as file:
        json.dump({test: sorted(called) for test, called in CALLED.items()}, file)
"""


def called_by(tree: Path) -> dict[str, set[Piece]]:
    """What each test calls, by the profiler of a plain run."""
    folder = tree.parent / "truth"
    write(folder, {"truth.py": TRUTH})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "truth"]
    command += ["--continue-on-collection-errors"]  # an edit may break a program
    done = subprocess.run(
        command,
        cwd=tree,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout
    known = anatomies(tree, [path for path in listed(tree) if path.endswith(".py")])
    return {
        test: set(_pieces(tree, places, known))
        for test, places in json.loads((tree / "truth.json").read_text()).items()
    }


def _pieces(tree: Path, places: list[tuple[str, int]], known: dict[str, Anatomy]) -> Iterator[Piece]:
    for name, line in places:
        path = Path(name)
        if tree in path.parents:
            relative = path.relative_to(tree).as_posix()
            span = known[relative].piece_at(line)
            if span is not None:
                yield Piece(relative, span.name)


def is_chosen(test: str, choice: ChosenTests) -> bool:
    parts = test.partition("[")[0].split("::")
    ids = {test, *("::".join(parts[:end]) for end in range(2, len(parts) + 1))}
    return choice.everything is not None or parts[0] in choice.files or not ids.isdisjoint(choice.tests)


def check(
    number: int,
    memory: Memory,
    sources: Sources,
    imports: dict[str, Imports],
    called: dict[str, set[Piece]],
    has_caches: bool,
) -> int:
    """Every test that calls the changed functions of this program, or any one of its functions, is chosen.

    With caches in it, not any one: where a change elsewhere has another test fill a cache, that test calls
    what the cache is of, which it did not before.

    Returns:
        How many are left out that call none that changed.
    """
    mine = (f"p{number}_", f"t{number}/")
    now = {path: digests for path, digests in memory.sources.items() if not path.startswith(mine)}
    now |= {path: digests for path, digests in sources.items() if path.startswith(mine)}
    functions = {
        Piece(path, name): memory.sources.get(path, {}).get(name) == digest
        for path, digests in now.items()
        if path.startswith(f"p{number}_")
        for name, digest in digests.items()
        if name not in (OUTSIDE, WHOLE)
    }
    imports = {path: each for path, each in imports.items() if path in now}
    tests = {test: each for test, each in called.items() if test.startswith(f"t{number}/")}
    changed = {piece for piece, same in functions.items() if not same}
    for wanted in (changed, *({piece} for piece in functions if not has_caches)):
        everyone = choose(memory, now, memory.circumstances, Wanted(wanted), imports)
        narrow = choose(memory, now, memory.circumstances, Wanted.that_call(wanted, imports), imports)
        for choice in (everyone, narrow):
            for test, pieces in tests.items():
                assert pieces.isdisjoint(wanted) or is_chosen(test, choice), (test, pieces & wanted, choice)
    narrow = choose(memory, now, memory.circumstances, Wanted.that_call(changed, imports), imports)
    return sum(not is_chosen(test, narrow) for test in tests)


def checked(root: Path, seed: int, count: int, hiding: str = "lru_cache") -> tuple[int, int]:
    """How many of the tests of programs made from a seed are left out, of how many.

    Args:
        root: An empty folder.
        seed: Of the programs.
        count: How many programs.
        hiding: Programs with this word in them have caches that may hide a call.
    """
    random = Random(seed)
    before = [program(number, random) for number in range(count)]
    after = [edited(each, random) for each in before]
    tree = root / "tree"
    _laid_out(tree, before)
    (root / "scratch").mkdir()
    memory = remember(project(tree, COMMAND), listed(tree), Moment("1" * 40, 0), root / "scratch", Silent())
    for path in {*(p for each in before for p in each.files)} - {*(p for each in after for p in each.files)}:
        (tree / path).unlink()
    _laid_out(tree, after)
    data = [path for path in memory.sources if not path.endswith(".py")]
    sources = digests_of(tree, listed(tree), data, memory.sources)
    imports = imports_of(tree, sources, memory)
    called = called_by(tree)
    left_out = 0
    for number, each in enumerate(after):
        has_caches = any(hiding in text for text in each.files.values())
        left_out += check(number, memory, sources, imports, called, has_caches)
    return left_out, len(called)


def _laid_out(tree: Path, programs: list[Program]) -> None:
    for each in programs:
        write(tree, each.files)


def test_no_test_is_left_out_that_calls_a_changed_function(tmp_path: Path) -> None:
    left_out, tests = checked(tmp_path, seed=19, count=12, hiding="no such word")  # holds with caches as well
    assert tests / 4 < left_out < tests  # it is worth the while


@pytest.mark.parametrize("seed", range(8))
def test_nor_in_many_more_programs(tmp_path: Path, seed: int) -> None:
    checked(tmp_path, seed=1010 + seed, count=30)

"""Random programs, tests and edits under a real pytest: no test is left out that calls what is looked at."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from hitrate.analysis.memory.remembering import Moment, remember
from hitrate.memory import selection
from hitrate.memory.imports import Imports
from hitrate.memory.model import ANYTHING, WHOLE, Memory, Piece, Sources
from hitrate.memory.names.mentions import Seeing, seeing
from hitrate.memory.pieces import OUTSIDE, is_function
from hitrate.memory.selection import ChosenTests, Wanted, bindings_changed, docstrings_changed
from hitrate.memory.sources import Anatomy, described, digests_of, imports_of
from hitrate.progress.progress import Silent
from tests.integration.programs import Program, edited, program
from tests.integration.repositories import write
from tests.integration.test_memory_reach import COMMAND, listed, project

pytestmark = pytest.mark.slow

SEED, COUNT = 20, 43
Mutant = tuple[object, str, Callable[..., object]]
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
    _, known = described(tree, listed(tree), ())
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


@dataclass(frozen=True)
class Edited:
    """A program that was remembered, and what is known of it after an edit.

    Attributes:
        memory: Of the program as it was.
        sources: Its files as they are.
        imports: What these import.
        seeing: What may see that names are bound to something else.
        called: What its tests call now.
        has_caches: Whether caches in it may hide a call.
    """

    memory: Memory
    sources: Sources
    imports: dict[str, Imports]
    seeing: Seeing
    called: dict[str, set[Piece]]
    has_caches: bool


def chosen(edited: Edited, wanted: Wanted) -> ChosenTests:
    memory = edited.memory
    return selection.choose(
        memory, edited.sources, memory.circumstances, wanted, edited.imports, seen_by(edited)
    )


def seen_by(edited: Edited) -> Seeing:
    """What may see that names are bound to something else."""
    return edited.seeing


def check(edited: Edited) -> int:
    """Every test that calls the changed functions of this program, or any one of its functions, is chosen.

    With caches in it, not any one: where a change elsewhere has another test fill a cache, that test calls
    what the cache is of, which it did not before.

    Returns:
        How many are left out that call none that changed.
    """
    functions = {
        Piece(path, name): edited.memory.sources.get(path, {}).get(name) == digest
        for path, digests in edited.sources.items()
        if path.startswith("p")
        for name, digest in digests.items()
        if is_function(name)
    }
    changed = {piece for piece, same in functions.items() if not same}
    for wanted in (changed, *({piece} for piece in functions if not edited.has_caches)):
        for choice in (
            chosen(edited, Wanted(wanted)),
            chosen(edited, Wanted.that_call(wanted, edited.imports)),
        ):
            for test, pieces in edited.called.items():
                assert pieces.isdisjoint(wanted) or is_chosen(test, choice), (test, pieces & wanted, choice)
    narrow = chosen(edited, Wanted.that_call(changed, edited.imports))
    return sum(not is_chosen(test, narrow) for test in edited.called)


def of_program(memory: Memory, mine: tuple[str, ...]) -> Memory:
    """What is remembered of one of the programs in a tree; no other one changes what its tests do."""
    kept = [
        number
        for number, piece in enumerate(memory.pieces)
        if piece.path.startswith(mine) or piece == ANYTHING
    ]
    place = {number: at for at, number in enumerate(kept)}

    def places(reached: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
        return {
            name: tuple(place[number] for number in numbers if number in place)
            for name, numbers in reached.items()
            if name.startswith(mine)
        }

    return replace(
        memory,
        sources={path: each for path, each in memory.sources.items() if path.startswith(mine)},
        pieces=tuple(memory.pieces[number] for number in kept),
        tests=places(memory.tests),
        files=places(memory.files),
        always=tuple(place[number] for number in memory.always if number in place),
        imports={path: each for path, each in memory.imports.items() if path.startswith(mine)},
    )


def programs(root: Path, seed: int, count: int, hiding: str = "lru_cache") -> Iterator[Edited]:
    """Programs made from a seed, in one tree.

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
    for number, each in enumerate(after):
        mine = (f"p{number}_", f"t{number}/")
        then = of_program(memory, mine)
        now = {path: digests for path, digests in sources.items() if path.startswith(mine)}
        yield Edited(
            then,
            now,
            {path: found for path, found in imports.items() if path.startswith(mine)},
            seeing(
                tree,
                now,
                bindings_changed(then.sources, now),
                described=docstrings_changed(then.sources, now),
            ),
            {test: pieces for test, pieces in called.items() if test.startswith(mine)},
            any(hiding in text for text in each.files.values()),
        )


def _laid_out(tree: Path, programs: list[Program]) -> None:
    for each in programs:
        write(tree, each.files)


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[Edited]:
    return [*programs(tmp_path_factory.mktemp("programs"), SEED, COUNT)]


def test_no_test_is_left_out_that_calls_a_changed_function(some: list[Edited]) -> None:
    left_out, tests = sum(map(check, some)), sum(len(each.called) for each in some)
    assert tests / 4 < left_out < tests  # it is worth the while


def as_it_was(blind: Callable[[Piece], bool]) -> Mutant:
    seen = selection._is_as_it_was
    return selection, "_is_as_it_was", lambda piece, *where: blind(piece) or seen(piece, *where)


MUTANTS: dict[str, Callable[[], Mutant]] = {
    "functions": lambda: as_it_was(lambda piece: piece.path.startswith("p") and piece.name not in ("", "*")),
    "what stands outside of functions": lambda: as_it_was(lambda piece: piece.name == OUTSIDE),
    "what names are bound to": lambda: (sys.modules[__name__], "seen_by", lambda _: Seeing()),
    "data": lambda: as_it_was(lambda piece: piece.name == WHOLE),
    "fixtures": lambda: as_it_was(lambda piece: piece.path.endswith("conftest.py")),
    "docstrings": lambda: (selection._View, "_docstrings", lambda *_: (frozenset(), frozenset())),
    "new tests": lambda: (selection._View, "new_tests", lambda *_: iter(())),
    "files that import others": lambda: (selection, "importing", lambda targets, _: frozenset(targets)),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_selection_that_does_not_look_at_something_leaves_one_out(
    name: str, some: list[Edited], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*MUTANTS[name]())

    def fails(each: Edited) -> bool:
        try:
            check(each)
        except AssertionError:
            return True
        return False

    assert any(map(fails, some))


@pytest.mark.parametrize("seed", range(8))
def test_nor_in_many_more_programs(tmp_path: Path, seed: int) -> None:
    for each in programs(tmp_path, 1010 + seed, 30):
        check(each)

"""Which tests a change can make a difference to, by what is remembered of a run of all. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from hitrate.memory.model import Memory, Piece, Sources

_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py")


@dataclass(frozen=True, slots=True)
class Choice:
    """The tests to run.

    Attributes:
        tests: Ids of single tests.
        files: Files of tests that are run as a whole, since they may hold tests that memory does not know.
        everything: Why all tests must be run, as the second half of a sentence; None where these are enough.
    """

    tests: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    everything: str | None = None


def choose(
    memory: Memory, sources: Sources, circumstances: str, also: Collection[Piece] = frozenset()
) -> Choice:
    """The tests that may go another way than when all were run: those that reached something that changed.

    Args:
        memory: Of a run of all tests.
        sources: The Python files of the tree as they are now.
        circumstances: All else that the tests depend on, as it is now.
        also: Pieces that count as changed whether they are or not.
    """
    if circumstances != memory.circumstances:
        return Choice(everything="the interpreter, a dependency or a file that is no Python is another one")
    new = sorted(sources.keys() - memory.sources.keys())
    collected = {_folder(test.partition("::")[0]) for test in memory.tests}
    for path in new:
        # Nothing tells who will import it, or find it in a folder.
        if not _TEST_FILE.fullmatch(PurePosixPath(path).name) or _folder(path) not in collected:
            return Choice(everything=f"{path} is new")
    changed = _changed(memory, sources, also)
    if not changed.isdisjoint(memory.always):
        return Choice(everything="something changed that is run before or between the tests")
    files = {path for path, reached in memory.files.items() if not changed.isdisjoint(reached)}
    files = {path for path in files if path in sources} | set(new)
    tests = [
        test
        for test, reached in memory.tests.items()
        if (path := test.partition("::")[0]) in sources
        and path not in files
        and not changed.isdisjoint(reached)
    ]
    return Choice(tuple(tests), tuple(sorted(files)))


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _changed(memory: Memory, sources: Sources, also: Collection[Piece]) -> frozenset[int]:
    """The pieces that are no more, or are not as they were."""
    return frozenset(
        place
        for place, piece in enumerate(memory.pieces)
        if piece in also or not _is_as_it_was(piece, memory.sources, sources)
    )


def _is_as_it_was(piece: Piece, before: Sources, now: Sources) -> bool:
    path, name = piece
    was = before.get(path, {}).get(name)
    return was is not None and was == now.get(path, {}).get(name)

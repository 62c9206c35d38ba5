"""What is remembered of a run of all tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Sources = Mapping[str, Mapping[str, str]]
"""Of each Python file of the tree, by its path, the digests of its pieces."""


class Piece(NamedTuple):
    """A function of a file, or with the name ``OUTSIDE`` all that stands in none; ``WHOLE`` is all of it.

    A folder, by its path and ``/``, is the names of the files in it.
    """

    path: str
    name: str


WHOLE = "*"
"""Name of the piece that is the whole file, Python or not."""
ANYTHING = Piece("", "anything")
"""What a test reached that started processes: nothing tells what; so it never is as it was."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Which tests reached what, in one run of all tests on one commit.

    Pieces are named by their places in ``pieces``. What a test reached are the functions that ran in it or in
    a fixture that it uses, whoever set that up, and what was reached by importing whatever it may have seen.

    Attributes:
        commit: Sha of the commit.
        made: When the run was made, in seconds since 1970.
        circumstances: A digest of all else that the tests depend on: the interpreter, installed packages, the
            command, configuration, files that are no Python.
        cpu_seconds: What a plain run of all tests takes.
        wall_seconds: The same by wall time.
        sources: The Python files as they were.
        pieces: What was reached by anything.
        tests: What each test reached, by its id.
        files: What was reached while each file of tests was collected.
        always: What was reached by none of them, as hooks of pytest are.
        imports: The files that each Python file may import; None where it may import any.
    """

    commit: str
    made: int
    circumstances: str
    cpu_seconds: float
    wall_seconds: float
    sources: Sources
    pieces: tuple[Piece, ...]
    tests: Mapping[str, tuple[int, ...]]
    files: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...] = ()
    imports: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)

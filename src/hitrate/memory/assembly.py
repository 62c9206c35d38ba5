"""What the processes of one run saw becomes memory. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from hitrate.memory.model import ANYTHING, WHOLE, Memory, Piece, Sources
from hitrate.memory.pieces import CONFTEST, OUTSIDE
from hitrate.memory.reachlog import IncompleteError, ProcessLog
from hitrate.memory.selection import conftests, path_of
from hitrate.memory.sources import Anatomy
from hitrate.probe.reach.log import LISTED, OPENED, SESSION


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a run besides what its tests reached; as in :class:`~hitrate.memory.model.Memory`."""

    commit: str
    made: int
    digest: str
    cpu_seconds: float
    wall_seconds: float


def data_read(logs: Iterable[ProcessLog]) -> frozenset[str]:
    """Files that are no Python, and folders with ``/`` behind, that anything has read."""
    return frozenset(
        f"{path}/" if line == LISTED else path
        for log in logs
        for path, line in log.pieces
        if line == LISTED or not path.endswith(".py")
    ) | {
        path
        for log in logs
        for name, _ in (*log.tests, *log.files)
        if not (path := name.partition("::")[0]).endswith(".py")
    }


def assembled(
    logs: Sequence[ProcessLog],
    sources: Sources,
    anatomies: Mapping[str, Anatomy],
    circumstances: Circumstances,
) -> Memory:
    """Memory of a run.

    Args:
        logs: What its processes saw.
        sources: The files of the tree, and all data that was read.
        anatomies: What the Python files tell.
        circumstances: What is known of it besides.

    Raises:
        IncompleteError: No test ran, or what ran between them may have reached anything.
    """
    book = _Book(anatomies)
    tests, files, always = _merged(book, logs)
    if not tests:
        raise IncompleteError("no test ran under it")
    graph = _Graph(book)
    strays = _union(
        graph.strays(reached, path)
        for path, reached in (*((path_of(test), each) for test, each in tests.items()), *files.items())
    )
    return Memory(
        commit=circumstances.commit,
        made=circumstances.made,
        circumstances=circumstances.digest,
        cpu_seconds=circumstances.cpu_seconds,
        wall_seconds=circumstances.wall_seconds,
        sources=sources,
        pieces=tuple(book.pieces),
        tests={test: places(graph.whole(each | strays, path_of(test))) for test, each in tests.items()},
        files={path: places(graph.whole(each | strays, path)) for path, each in files.items()},
        always=places(graph.whole(always, None)),
        imports=graph.imports(),
    )


def _merged(book: "_Book", logs: Sequence[ProcessLog]) -> tuple[dict[str, int], dict[str, int], int]:
    """What all processes saw of each test, of each file of tests, and of neither.

    Raises:
        IncompleteError: What ran between the tests may have reached anything.
    """
    tests: dict[str, int] = {}
    files: dict[str, int] = {}
    always = 0
    for log in logs:
        page = _Page(book, log)
        if SESSION in log.anything:
            raise IncompleteError("what runs before or between the tests may reach anything")
        always |= page.of([SESSION]) & ~book.conftests()
        for path, contexts in log.files:
            files[path] = files.get(path, 0) | page.of(contexts)
        carried = page.kept(log)  # what imports have cached answers every test
        for test, contexts in log.tests:
            reached = page.of(contexts)
            carried |= reached & book.cached
            tests[test] = tests.get(test, 0) | reached | carried
    return tests, files, always


class _Book:
    """All pieces that any process reached; sets of them are whole numbers, a bit for each."""

    def __init__(self, anatomies: Mapping[str, Anatomy]) -> None:
        self.anatomies = anatomies
        self.pieces: list[Piece] = []
        self.cached = 0
        self.modules: dict[str, int] = {}
        self._places: dict[Piece, int] = {}

    def bit(self, piece: Piece, *, cached: bool = False) -> int:
        """The bit of a piece."""
        place = self._places.get(piece)
        if place is None:
            place = self._places[piece] = len(self.pieces)
            self.pieces.append(piece)
        if cached:
            self.cached |= 1 << place
        return 1 << place

    def of_code(self, path: str, line: int) -> int:
        """The bit of what stands at a line of a file."""
        if line == LISTED:
            return self.bit(Piece(f"{path}/", WHOLE))
        if line == OPENED:
            return self.bit(Piece(path, WHOLE))
        span = self.anatomies[path].piece_at(line) if path in self.anatomies else None
        if line == 0 or span is None:
            return self.bit(Piece(path, OUTSIDE))
        return self.bit(Piece(path, span.name), cached=span.cached)

    def conftests(self) -> int:
        """What is run when a ``conftest.py`` is imported: each test has those of its folders."""
        found = 0
        for place, piece in enumerate(self.pieces):
            if piece.name == OUTSIDE and PurePosixPath(piece.path).name == CONFTEST:
                found |= 1 << place
        return found


class _Page:
    """What one process saw, in the book's bits."""

    def __init__(self, book: _Book, log: ProcessLog) -> None:
        self._book = book
        bits = [book.of_code(path, line) for path, line in log.pieces]
        self._reached = {
            context: _union(bits[n] for n in numbers) for context, numbers in log.reached.items()
        }
        for context in log.anything:
            self._reached[context] = self._reached.get(context, 0) | book.bit(ANYTHING)
        for number, numbers in log.modules.items():
            path = log.pieces[number][0]
            book.modules[path] = book.modules.get(path, 0) | _union(bits[n] for n in numbers)

    def kept(self, log: ProcessLog) -> int:
        """What may hold results from importing and collecting, before any test."""
        contexts = (SESSION, *(context for _, collected in log.files for context in collected))
        return (self.of(contexts) | _union(self._book.modules.values())) & self._book.cached

    def of(self, contexts: Iterable[int]) -> int:
        """What was reached in contexts."""
        return _union(self._reached.get(context, 0) for context in contexts)


class _Graph:
    """Which pieces importing a file reaches, whoever imported it first."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._imported = {
            piece.path: 1 << place for place, piece in enumerate(book.pieces) if piece.name == OUTSIDE
        }
        self._files = {path: number for number, path in enumerate(sorted(self._imported))}
        self._names = list(self._files)
        self._below = self._closures()
        self._masks: dict[int, int] = {}
        self._of_files: dict[str, int] = {}

    def whole(self, reached: int, path: str | None) -> int:
        """What was reached, with what importing all that took part in it reaches.

        Args:
            reached: Pieces.
            path: The file of the test, or that is collected.
        """
        roots = {self._book.pieces[place].path for place in places(reached)}
        return reached | self._mask(self._imported_by(roots, path))

    def strays(self, reached: int, path: str) -> int:
        """Files whose import nothing explains: something outside of the tree found them, and may again.

        Whoever needs one after that finds it imported, so that nothing tells who does.
        """
        pieces = {place: self._book.pieces[place] for place in places(reached)}
        imported = {place: piece for place, piece in pieces.items() if piece.name == OUTSIDE}
        roots = {piece.path for place, piece in pieces.items() if place not in imported}
        known = self._imported_by(roots, path)
        return _union(
            1 << place
            for place, piece in imported.items()
            if piece.path in self._files and not known >> self._files[piece.path] & 1
        )

    def _imported_by(self, roots: set[str], path: str | None) -> int:
        """Files that others may have imported, these and those of a test's folders included."""
        if path is not None:
            roots = {*roots, path, *conftests(path)}
        return _union(self._below[root] for root in roots if root in self._below)

    def imports(self) -> dict[str, tuple[str, ...] | None]:
        """What each file imports, by its source or as it was seen; None where it may be anything."""
        return {
            path: None if anatomy.imports.open else tuple(sorted(anatomy.imports.paths | self._seen(path)))
            for path, anatomy in self._book.anatomies.items()
        }

    def _seen(self, path: str) -> set[str]:
        """Files that were reached while a file was imported."""
        return {self._book.pieces[place].path for place in places(self._book.modules.get(path, 0))}

    def _mask(self, files: int) -> int:
        known = self._masks.get(files)
        if known is None:
            paths = [self._names[number] for number in places(files)]
            known = self._masks[files] = _union(
                self._imported[path] | self._book.modules.get(path, 0) for path in paths
            )
        return known

    def _closures(self) -> dict[str, int]:
        """All files that each file may have imported, itself included."""
        everything = (1 << len(self._files)) - 1
        below = {path: 1 << number for path, number in self._files.items()}
        for path in below:
            anatomy = self._book.anatomies.get(path, Anatomy())
            for other in (*anatomy.imports.paths, *self._seen(path)):
                below[path] |= 1 << self._files[other] if other in self._files else 0
            if anatomy.imports.open:
                below[path] = everything
        grown = True
        while grown:
            grown = False
            for path, reached in below.items():
                wider = _union(below[self._names[number]] for number in places(reached))
                if wider != reached:
                    below[path], grown = wider, True
        return below


def places(bits: int) -> tuple[int, ...]:
    """The places of the bits that are set, in their order."""
    return tuple(_set_bits(bits))


def _set_bits(bits: int) -> Iterator[int]:
    text = bin(bits)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


def _union(sets: Iterable[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found

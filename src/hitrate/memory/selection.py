"""Which tests a change can make a difference to, by what is remembered of a run of all. Pure."""

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from hitrate.memory.imports import Imports, importing
from hitrate.memory.model import ANYTHING, WHOLE, Memory, Piece, Sources
from hitrate.memory.names.bindings import under_class
from hitrate.memory.names.mentions import Seeing
from hitrate.memory.pieces import (
    BOUND,
    CONFTEST,
    DOCSTRINGS,
    EXPORTED,
    OUTSIDE,
    READER,
    is_file_of_tests,
    is_function,
)

_ANYWHERE = sys.stdlib_module_names | {"sitecustomize", "usercustomize"}
"""Modules that others than the tree's own may import by their name."""


@dataclass(frozen=True, slots=True)
class ChosenTests:
    """The tests to run.

    Attributes:
        tests: Ids of single tests, of all with the same function, or of a class.
        files: Files of tests that are run as a whole, since they may hold tests that memory does not know.
        everything: Why all tests must be run, as the second half of a sentence; None where these are enough.
    """

    tests: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    everything: str | None = None

    def remembered(self, memory: Memory) -> int:
        """How many tests these are, as far as they are known."""
        files, tests = set(self.files), set(self.tests)
        known = [test for test in memory.tests if path_of(test) in files or not tests.isdisjoint(_ids(test))]
        found = {each for test in known for each in _ids(test)}
        return len(known) + len(tests - found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What tests are looked for.

    Attributes:
        pieces: Those that count as changed whether they are or not.
        importers: Files by which a test may come to call one of them; None where it may by any.
    """

    pieces: Collection[Piece] = frozenset()
    importers: frozenset[str] | None = None

    @classmethod
    def that_call(cls, pieces: Collection[Piece], imports: Mapping[str, Imports]) -> "Wanted":
        """Tests that may call something, by what each file may import."""
        return cls(pieces, importing({piece.path for piece in pieces}, imports))


def choose(
    memory: Memory,
    sources: Sources,
    circumstances: str,
    wanted: Wanted = Wanted(),
    imports: Mapping[str, Imports] | None = None,
    seeing: Seeing | None = None,
) -> ChosenTests:
    """The tests that may go another way than when all were run: those that reached something that changed.

    Args:
        memory: Of a run of all tests.
        sources: The files of the tree as they are now.
        circumstances: All else that the tests depend on, as it is now.
        wanted: What tests are looked for; all others may go as they like.
        imports: What each file may import now; None where that is not known.
        seeing: What may see that names are bound to something else, as told by
            :func:`~hitrate.memory.names.mentions.seeing`; None where whatever imports the file may.
    """
    if circumstances != memory.circumstances:
        return ChosenTests(everything="the interpreter, a dependency or a file other than Python has changed")
    new = sorted(path for path in sources.keys() - memory.sources.keys() if path.endswith(".py"))
    collected = {_folder(path_of(test)) for test in memory.tests}
    suites = [path for path in new if is_file_of_tests(path) and _folder(path) in collected]
    for path in new:
        if path not in suites and not _is_of_no_matter(path, memory, sources, imports):
            return ChosenTests(everything=f"{path} is new")
    view = _View(memory, sources, wanted, imports or {}, seeing)
    if view.touches(memory.always):
        return ChosenTests(everything="something changed that is run before or between the tests")
    files = {
        path for path, reached in memory.files.items() if path in sources and view.concerns(path, reached)
    }
    files |= {path for path in suites if view.may_call(path, ())}
    targets = [
        target
        for test, reached in memory.tests.items()
        if (path := path_of(test)) in sources and path not in files
        if (target := view.target(test, reached))
    ]
    targets += [each for path in memory.files if path not in files for each in view.new_tests(path)]
    choice = ChosenTests(tuple(dict.fromkeys(targets)), tuple(sorted(files)))
    return replace(choice, tests=(*choice.tests, *view.witnesses(choice)))


def bindings_changed(before: Sources, now: Sources) -> Mapping[str, frozenset[str]]:
    """Of each file that is there before and after, the bindings and exported names that are others.

    A public method that is new, or gone, counts under its class as well: libraries may look for it in what
    they are given.
    """
    found = {}
    for path in before.keys() & now.keys():
        was, are = before[path], now[path]
        names = {name for name in was.keys() | are.keys() if name.startswith((BOUND, EXPORTED))}
        if changed := frozenset(name for name in names if was.get(name) != are.get(name)):
            found[path] = changed | {
                f"{BOUND}{under_class(name[1:])}"
                for name in changed
                if name.startswith(BOUND) and (name in was) != (name in are)
            }
    return found


def redescribed(before: Sources, now: Sources) -> Mapping[str, frozenset[str]]:
    """Of each file the docstrings that are others: pieces of it, each of one binding or of all else."""
    found = {}
    for path, was in before.items():
        are = now.get(path, {})
        names = {name for name in was.keys() | are.keys() if name.startswith(DOCSTRINGS)}
        if changed := frozenset(name for name in names if was.get(name) != are.get(name)):
            found[path] = changed
    return found


def docstrings_changed(before: Sources, now: Sources) -> Mapping[str, frozenset[str]]:
    """Of each file the bindings whose docstrings are others; none where nothing may read docstrings."""
    if not readers(before, now):
        return {}
    found = {
        path: frozenset(name[len(DOCSTRINGS) :] for name in names - {DOCSTRINGS})
        for path, names in redescribed(before, now).items()
    }
    return {path: names for path, names in found.items() if names}


def readers(before: Sources, now: Sources) -> frozenset[tuple[str, str]]:
    """Functions that may read docstrings, each as its file and name; a file alone where all of it may."""
    return frozenset(
        (path, name.removeprefix(READER))
        for path, names in (*before.items(), *now.items())
        for name in names
        if name.startswith(READER)
    )


def _imports_more(path: str, memory: Memory, imports: Mapping[str, Imports]) -> bool:
    """Whether a file may import one of the tree that it did not: to run that may do anything."""
    before, now = memory.imports.get(path), imports.get(path)
    return now is not None and (before is None or not now.paths <= set(before))


def path_of(test: str) -> str:
    """The file of a test."""
    return test.partition("::")[0]


class _View:
    """What changed, and what of that is of interest."""

    def __init__(
        self,
        memory: Memory,
        sources: Sources,
        wanted: Wanted,
        imports: Mapping[str, Imports],
        seeing: Seeing | None,
    ) -> None:
        self._memory, self._sources, self._wanted = memory, sources, wanted
        self._run: dict[str, set[str]] = {}
        for test in memory.tests:
            self._run.setdefault(path_of(test), set()).update(map(_piece, _ids(test)[:-1]))
        self.names = {path: _names_changed(path, memory.sources, sources) for path in memory.files}
        shared = {path for path in memory.files if self.names[path] and self._is_shared(path, imports)}
        shared |= redescribed(memory.sources, sources).keys() & memory.files.keys()  # that may be its tests
        self._rebound = bindings_changed(memory.sources, sources)
        open_ = {
            path
            for path in self._rebound
            if seeing is None or path in memory.files or _imports_more(path, memory, imports)
        }
        told = seeing
        seeing = seeing or Seeing()
        seen, both = seeing.pieces, seeing.looking & seeing.holding
        shared |= {piece.path for piece in seen if piece.name == DOCSTRINGS} & memory.files.keys()
        self._seeing = {piece for piece in seen | both if is_function(piece.name)}
        self._looking, self._holding = (
            frozenset(place for place, piece in enumerate(memory.pieces) if piece in pieces)
            for pieces in (seeing.looking, seeing.holding)
        )
        self.changed = frozenset(
            place
            for place, piece in enumerate(memory.pieces)
            if piece in wanted.pieces
            or piece in seen
            or (piece.name == OUTSIDE and (piece.path in shared or piece.path in open_))
            or not _is_as_it_was(piece, memory.sources, sources)
        )
        self._described, self._readers = self._docstrings(told)
        self._known: dict[tuple[int, int], bool] = {}
        importers = wanted.importers or frozenset()
        self._near = frozenset(
            place
            for place, piece in enumerate(memory.pieces)
            if piece.path in importers
            or (place in self.changed and (piece == ANYTHING or piece.name == WHOLE))  # data may name it
        )

    def concerns(self, path: str, reached: Collection[int]) -> bool:
        """Whether what reached these pieces reached something that changed, and may call what is wanted."""
        return self.touches(reached) and self.may_call(path, reached)

    def touches(self, reached: Collection[int]) -> bool:
        """Whether what reached these pieces reached something that changed."""
        if self._touches(self.changed, reached):
            return True
        if self._may_touch(self._looking, reached) and self._may_touch(self._holding, reached):
            return True
        return self._may_touch(self._readers, reached) and self._touches(self._described, reached)

    def _may_touch(self, places: frozenset[int], reached: Collection[int]) -> bool:
        """Whether what reached these pieces, or what runs between the tests, reached one of those."""
        return self._touches(places, self._memory.always) or self._touches(places, reached)

    def may_call(self, path: str, reached: Collection[int]) -> bool:
        """Whether tests of a file that reached this may come to call what is wanted."""
        importers = self._wanted.importers
        if importers is None or self._touches(self._near, self._memory.always):
            return True
        return self._touches(self._near, reached) or not importers.isdisjoint((path, *conftests(path)))

    def _touches(self, places: frozenset[int], reached: Collection[int]) -> bool:
        """Whether these are among those; tests share what they reached, and each is looked at once."""
        key = (id(places), id(reached))
        known = self._known.get(key)
        if known is None:
            known = not places.isdisjoint(reached)
            self._known[key] = known
        return known

    def target(self, test: str, reached: Collection[int]) -> str | None:
        """How a test is to be run; None where it need not be."""
        path, *names = _ids(test)[::-1]
        changed, now = self.names.get(path, frozenset()), self._sources[path]
        own = next((name for name in names if self._is_another(path, _piece(name), changed)), None)
        if own is None:
            return test if self.concerns(path, reached) else None
        if not self.may_call(path, reached):
            return None
        if _piece(own) in now:
            return own
        outer = own.rpartition("::")[0]  # it is gone; a class may have inherited another one
        return outer if is_function(_piece(outer)) and _piece(outer) in now else None

    def _is_another(self, path: str, name: str, changed: Collection[str]) -> bool:
        """Whether a test or a class of tests is another one, or may be for other parameters."""
        return name in changed or Piece(path, name) in self._seeing

    def witnesses(self, choice: ChosenTests) -> Iterator[str]:
        """A test for each file of what is wanted that binds something else, to show that it can be imported.

        None where a test was chosen that does, and where no test is.
        """
        memory, files, tests = self._memory, set(choice.files), set(choice.tests)
        if not (files or tests):
            return
        for path in sorted({piece.path for piece in self._wanted.pieces} & self._rebound.keys()):
            place = memory.pieces.index(Piece(path, OUTSIDE)) if Piece(path, OUTSIDE) in memory.pieces else -1
            importing = [test for test, reached in memory.tests.items() if place in reached]
            chosen = (
                test for test in importing if path_of(test) in files or not tests.isdisjoint(_ids(test))
            )
            if importing and next(chosen, None) is None:
                yield min(importing, key=lambda test: (len(memory.tests[test]), test))

    def new_tests(self, path: str) -> Iterator[str]:
        """Tests of a file that are new, belong to a class of tests that changed, or were not run before."""
        if path not in self._sources or not self.may_call(path, ()):
            return
        before, changed = self._memory.sources.get(path, {}), self.names[path]
        for name in self._sources[path]:
            first = name.partition(".")[0]
            if is_function(name) and (name not in before or (name in changed and self._was_left(path, name))):
                yield f"{path}::{first}" if first in changed else f"{path}::{name.replace('.', '::')}"

    def _was_left(self, path: str, name: str) -> bool:
        """Whether a name is one of a test, or of a class of tests, that was not run: it may be now."""
        is_one = name.rpartition(".")[2].lower().startswith("test")
        return is_one and name not in self._run.get(path, ())

    def _docstrings(self, seeing: Seeing | None) -> tuple[frozenset[int], frozenset[int]]:
        """Of all that was reached, what may have got what is described anew, and what may read that."""
        before, now = self._memory.sources, self._sources
        whole = {
            path for path, names in redescribed(before, now).items() if DOCSTRINGS in names or seeing is None
        }
        held = seeing.described if seeing else frozenset[Piece]()
        pieces = list(enumerate(self._memory.pieces))
        read = readers(before, now)
        return (
            frozenset(place for place, piece in pieces if piece.path in whole or piece in held),
            frozenset(place for place, piece in pieces if piece in read or (piece.path, "") in read),
        )

    def _is_shared(self, path: str, imports: Mapping[str, Imports]) -> bool:
        """Whether tests of a file may belong to another one too."""
        others = {other for file in self._memory.files for other in (file, *conftests(file))} - {path}
        return any(
            path in each.paths or each.open for other in others if (each := imports.get(other)) is not None
        )


def conftests(path: str) -> list[str]:
    """Files that pytest imports before a file of tests, if they are there."""
    return [(folder / CONFTEST).as_posix() for folder in PurePosixPath(path).parents]


def _is_of_no_matter(
    path: str, memory: Memory, sources: Sources, imports: Mapping[str, Imports] | None
) -> bool:
    """Whether a new file can be seen by nothing but what has changed itself."""
    place = PurePosixPath(path)
    if is_file_of_tests(path) or place.name == CONFTEST or imports is None:
        return False
    name = place.parent.name if place.name == "__init__.py" else place.stem
    if name in _ANYWHERE or not all(map(is_file_of_tests, memory.files)):
        return False
    unchanged = (
        each
        for other, each in imports.items()
        if sources[other].get(WHOLE) == memory.sources.get(other, {}).get(WHOLE)
    )
    return not any(path in each.paths for each in unchanged)


def _ids(test: str) -> list[str]:
    """The names by which pytest can be asked for a test, narrowest first; the last one is its file."""
    path, mark, name = test.partition("::")
    function = name.partition("[")[0]
    parts = function.split("::")
    outer = [f"{path}::{'::'.join(parts[:end])}" for end in range(len(parts), 0, -1)]
    return [*dict.fromkeys((test, *outer)), path] if mark else [path]


def _piece(target: str) -> str:
    """The piece that an id without parameters stands for."""
    return target.partition("::")[2].replace("::", ".")


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _names_changed(path: str, before: Sources, now: Sources) -> frozenset[str]:
    was, are = before.get(path, {}), now.get(path, {})
    names = was.keys() | are.keys()
    return frozenset(name for name in names if was.get(name) != are.get(name) and is_function(name))


def _is_as_it_was(piece: Piece, before: Sources, now: Sources) -> bool:
    path, name = piece
    was = before.get(path, {}).get(name)
    return was is not None and was == now.get(path, {}).get(name)

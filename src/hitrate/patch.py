"""SourcePatcher: puts decorators on functions of a working tree, and puts every file back as it was."""

import os
import signal
import stat
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from hitrate import bytecode, swap
from hitrate.edits import Edit, PatchError, cached, lifted, rewrite
from hitrate.journal import Entry, Journal, Method, Place, opened
from hitrate.source import Source, SourceError, parse

__all__ = ["Edit", "PatchError", "RestoreError", "SourcePatcher", "cached", "lifted", "recover"]

_NANO = 10**9
_MTIME_SPAN = 1 << 24
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class RestoreError(PatchError):
    """Files that somebody else changed while they were patched; their change was not overwritten."""


@dataclass(slots=True)
class _File:
    """A file as it was when it was last not patched, and what it holds now.

    Attributes:
        path: The file itself, links resolved.
        stat: Of the original.
        source: The original.
        digest: SHA-256 of the original.
        entry: Its journal entry while it is patched.
        edits: What was done to it; nothing if it is not patched.
        content: SHA-256 of what it holds.
        variants: Its content by edits, for those made before.
        seconds: The second of modification given to each content, by its SHA-256.
    """

    path: Path
    stat: os.stat_result
    source: Source
    digest: str
    content: str
    entry: Entry | None = None
    edits: tuple[Edit, ...] = ()
    variants: dict[tuple[Edit, ...], bytes] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)

    def variant(self, edits: tuple[Edit, ...]) -> bytes:
        """The file's content with these edits."""
        if edits not in self.variants:
            self.variants[edits] = rewrite(self.source, edits).data
        return self.variants[edits]

    def mtime_ns(self, digest: str) -> int:
        """A time of modification for new content.

        Python takes compiled code for current when size and second of modification are those of the source. So each
        content of a file has a second of its own, taken from its digest: also another run's never comes out the same.
        """
        if digest not in self.seconds:
            original = self.stat.st_mtime_ns // _NANO
            step = 1 + int(digest[:12], 16) % _MTIME_SPAN
            second = original - step if original > 2 * _MTIME_SPAN else original + step
            while second in self.seconds.values() or second == original:
                second += 1
            self.seconds[digest] = second
        return self.seconds[digest] * _NANO


class SourcePatcher:
    """Puts decorators on functions of a tree for the length of a ``with`` block.

    Every original is back, byte for byte, with mode and times, when the block ends, however it ends. Had the process
    no chance to (SIGKILL, power cut), the next patcher on the tree or :func:`recover` puts them back.

    Attributes:
        recovered: Files that a crashed run had left patched and that were put back on entry.
    """

    def __init__(
        self,
        tree: Path | str,
        *,
        mirrors: Mapping[str, Sequence[Path]] | None = None,
        place: Place | None = None,
        exchanging: swap.Exchange = swap.exchange,
    ) -> None:
        """Nothing is touched before the block is entered.

        Args:
            tree: The working tree.
            mirrors: Identical copies of files of the tree that get the same edits, such as installed ones.
            place: Where the journal is kept; by default where :meth:`Place.of` says.
            exchanging: Exchanges two files.
        """
        self._tree = Path(tree).resolve()
        self._mirrors = dict(mirrors or {})
        self._place = place or Place.of(self._tree)
        self._exchanging = exchanging
        self._files: dict[Path, _File] = {}
        self._stack = ExitStack()
        self._journal: Journal | None = None
        self.recovered: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Take the tree, putting back first what a crash left.

        Raises:
            PatchError: Another Hitrate is at work in it, or its journal cannot be written.
            RestoreError: A file that a crash left patched was changed since.
        """
        with ExitStack() as stack:
            self._journal = stack.enter_context(opened(self._place))
            with _uninterrupted():
                restored = _put_all_back(self._journal, self._journal.entries, self._exchanging)
            self.recovered = tuple(self._name(path) for path in restored)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put every file back and let the tree go.

        Raises:
            RestoreError: Somebody else changed patched files, or they could not be written.
        """
        with _uninterrupted():
            try:
                self.restore_all()
            finally:
                self._journal = None
                self._stack.close()

    def apply_cache_decorator(
        self, file_path: str | Path, function_name: str, cache_size: int | None, *, line: int | None = None
    ) -> None:
        """Give a function a real ``functools.lru_cache``, besides what is patched already.

        A function that has been given one, or that carries one of its own, gets this one instead.

        Args:
            file_path: The file, relative to the tree.
            function_name: Qualified name of the function, without ``<locals>``.
            cache_size: Entries at most; None is unbounded.
            line: Line of its ``def`` in the file as it was; needed where a name is defined several times.

        Raises:
            PatchError: It cannot be done, with the reason; the file is left as it was.
        """
        if cache_size is not None and (not isinstance(cache_size, int) or cache_size < 0):
            raise PatchError(f"cache size {cache_size!r}: must be a whole number of at least 0, or None")
        path = self._relative(Path(file_path))
        line = self._line(path, function_name, line)
        present = [edit for file in self._files.values() for edit in file.edits]
        others = [edit for edit in dict.fromkeys(present) if (edit.path, edit.line) != (path, line)]
        self.apply([*others, cached(path, function_name, line, cache_size)])

    def apply(self, edits: Sequence[Edit]) -> None:
        """Make the tree equal to the originals with exactly these edits; files that are right stay untouched.

        Raises:
            PatchError: An edit cannot be made, with the reason. If it names a wrong function or file, nothing was
                changed. If a file could not be written, those already written by this call are put back.
        """
        journal = self._open_journal()
        wanted = self._plan(edits)
        with _uninterrupted():
            self._switch(journal, wanted)

    def restore_all(self) -> None:
        """Put every file back as it was.

        Raises:
            RestoreError: Somebody else changed patched files, or they could not be written; all the others are back.
        """
        if self._journal is None:
            return
        with _uninterrupted():
            try:
                _put_all_back(self._journal, self._journal.entries, self._exchanging)
            finally:
                self._note_state(self._journal)

    def _open_journal(self) -> Journal:
        if self._journal is None:
            raise PatchError(f"{self._tree}: patching needs the patcher's with block")
        return self._journal

    def _relative(self, path: Path) -> str:
        """A path as edits have it."""
        full = self._tree / path
        with suppress(ValueError):
            return (full.parent.resolve() / full.name).relative_to(self._tree).as_posix()
        raise PatchError(f"{path}: is not in the tree {self._tree}")

    def _line(self, path: str, qualname: str, line: int | None) -> int:
        """The line of the one definition of this name, or of the one asked for."""
        found = self._load(path, self._resolved(path)).source.definitions
        lines = [item.line for item in found if item.qualname == qualname and line in (None, item.line)]
        if len(lines) == 1:
            return lines[0]
        if lines:
            listed = ", ".join(map(str, lines))
            raise PatchError(
                f"{path}: {qualname} is defined several times, in lines {listed}: say which line"
            )
        where = f"{path}:{line}" if line else path
        raise PatchError(f"{where}: no function {qualname} is defined here")

    def _resolved(self, path: str) -> Path:
        """The file that a path leads to, which must be in the tree."""
        try:
            real = (self._tree / path).resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise PatchError(f"{path}: {getattr(error, 'strerror', None) or 'cannot be found'}") from None
        if not real.is_relative_to(self._tree):
            raise PatchError(f"{path}: leads out of the tree, to {real}; only files of the tree are patched")
        return real

    def _load(self, path: str, real: Path) -> _File:
        """A file as it is when it is not patched, read again only if it has changed."""
        file = self._files.get(real)
        if file is not None and (file.entry is not None or _unchanged(file.stat, real)):
            return file
        try:
            with real.open("rb") as stream:
                status, data = os.fstat(stream.fileno()), stream.read()
            if not stat.S_ISREG(status.st_mode):
                raise PatchError(f"{path}: is not a regular file")
            source = parse(data)
        except OSError as error:
            raise PatchError(f"{path}: cannot be read: {error.strerror}") from None
        except SourceError as error:
            raise PatchError(f"{path}: {error}") from None
        digest = swap.digest(data)
        seconds = file.seconds if file is not None else {}
        self._files[real] = _File(real, status, source, digest, content=digest, seconds=seconds)
        return self._files[real]

    def _plan(self, edits: Sequence[Edit]) -> dict[Path, tuple[Edit, ...]]:
        """The edits of each file; what cannot be done is found here, before anything is touched."""
        by_path: dict[str, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.path, []).append(edit)
        plan: dict[Path, tuple[Edit, ...]] = {}
        for path, own in by_path.items():
            real = self._resolved(path)
            plan[real] = (*plan.get(real, ()), *own)
            file = self._load(path, real)
            for mirror in self._mirrors.get(path, ()):
                if self._load(str(mirror), mirror.resolve()).digest != file.digest:
                    raise PatchError(f"{mirror}: differs from {path}, of which it should be a copy")
                plan[mirror.resolve()] = plan[real]
        for real, wanted in plan.items():
            self._files[real].variant(wanted)
        return plan

    def _switch(self, journal: Journal, plan: Mapping[Path, tuple[Edit, ...]]) -> None:
        """Give every file its content."""
        files = [self._files[path] for path in plan]
        digests = {file.path: swap.digest(file.variant(plan[file.path])) for file in files}
        obsolete = [file.entry for file in self._files.values() if file.entry and file.path not in plan]
        changing = [file for file in files if file.content != digests[file.path]]
        try:
            _put_all_back(journal, obsolete, self._exchanging)
            new = [self._announce(journal, file) for file in changing if file.entry is None]
            journal.record(new, [(_entry(file), digests[file.path]) for file in changing])
        except OSError as error:
            raise PatchError(
                f"{self._tree}: cannot be patched: {journal.place.folder}: {error.strerror}"
            ) from None
        finally:
            self._note_state(journal)
        self._write_all(journal, changing, plan)

    def _announce(self, journal: Journal, file: _File) -> Entry:
        """A new entry for a file that is about to be patched."""
        folder = file.path.parent / bytecode.FOLDER
        file.entry = Entry(
            path=file.path,
            slot=journal.slot(),
            original=file.digest,
            method=Method.EXCHANGE,
            bytecode=tuple((path, journal.slot()) for path in bytecode.compiled(file.path)),
            had_bytecode_folder=folder.is_dir(),
        )
        return file.entry

    def _write_all(
        self, journal: Journal, files: Sequence[_File], plan: Mapping[Path, tuple[Edit, ...]]
    ) -> None:
        written: list[Entry] = []
        for file in files:
            data = file.variant(plan[file.path])
            try:
                self._write(journal, file, data)
            except (OSError, swap.Changed) as error:
                if not file.edits:
                    written.append(_entry(file))
                else:
                    swap.is_patched(_entry(file))  # clears up; the file keeps what it held
                _put_all_back(journal, written, self._exchanging)
                self._note_state(journal)
                raise PatchError(f"{self._name(file.path)}: cannot be patched: {_reason(error)}") from None
            file.edits, file.content = plan[file.path], swap.digest(data)
            written.append(_entry(file))

    def _write(self, journal: Journal, file: _File, data: bytes) -> None:
        """Replace one file."""
        entry, digest = _entry(file), swap.digest(data)
        bytecode.set_aside(entry)
        try:
            swap.stage(entry, data, file.mtime_ns(digest))
            swap.swap_in(entry, {file.content}, self._exchanging)
        except swap.NoExchange:
            swap.discard(entry)
            journal.settle(entry)
            file.entry = entry = replace(entry, method=Method.COPY, patched=set())
            journal.record([entry], [(entry, digest)])
            swap.stage(entry, data, file.mtime_ns(digest))
            swap.swap_in(entry, {file.content}, self._exchanging)

    def _note_state(self, journal: Journal) -> None:
        """Files whose entry is settled are not patched any more."""
        for file in self._files.values():
            if file.entry is not None and file.entry not in journal.entries:
                file.entry, file.edits, file.content = None, (), file.digest

    def _name(self, path: Path) -> str:
        return _name(path, self._tree)


def recover(tree: Path | str, *, place: Place | None = None) -> list[str]:
    """Put a tree back after a crash.

    Returns:
        The files that were put back, relative to the tree.

    Raises:
        PatchError: Another Hitrate is at work in the tree.
        RestoreError: Files were changed after the crash; all the others are back.
    """
    place = place or Place.of(Path(tree))
    if not place.folder.is_dir():
        return []
    with SourcePatcher(tree, place=place) as patcher:
        return list(patcher.recovered)


def _entry(file: _File) -> Entry:
    if file.entry is None:
        raise ValueError(f"{file.path} has no journal entry")
    return file.entry


def _unchanged(status: os.stat_result, path: Path) -> bool:
    """Whether a file looks as it did; a change that this misses is noticed before the file is replaced."""
    now = path.stat()
    return (now.st_size, now.st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def _name(path: Path, tree: Path) -> str:
    return path.relative_to(tree).as_posix() if path.is_relative_to(tree) else str(path)


def _reason(error: OSError | swap.Changed) -> str:
    if isinstance(error, swap.Changed):
        return "somebody else changed it meanwhile; it was left as it is"
    return error.strerror or str(error)


def _put_all_back(journal: Journal, entries: Sequence[Entry], exchanging: swap.Exchange) -> list[Path]:
    """Put files back; those that really had been patched.

    Raises:
        RestoreError: Some could not be; says why, after all the others were put back.
    """
    restored: list[Path] = []
    complaints: list[str] = []
    for entry in tuple(entries):
        try:
            if _put_one_back(entry, exchanging):
                restored.append(entry.path)
        except swap.Changed:
            complaints.append(_changed(journal, entry))
        except OSError as error:
            complaints.append(
                f"{_name(entry.path, journal.place.root)} could not be put back ({error.strerror}): when that is mended, "
                "run hitrate recover"
            )
            continue
        journal.settle(entry)
    if complaints:
        raise RestoreError("; ".join(complaints))
    return restored


def _put_one_back(entry: Entry, exchanging: swap.Exchange) -> bool:
    """Put one file and its compiled files back; whether it had been patched."""
    patched = swap.is_patched(entry)
    if patched:
        bytecode.put_back(entry)
    else:
        bytecode.return_set_aside(entry)
    swap.put_back(entry, exchanging)
    return patched


def _changed(journal: Journal, entry: Entry) -> str:
    name = _name(entry.path, journal.place.root)
    if not os.path.lexists(entry.slot):
        return f"{name} was changed by somebody else while it was patched; it is back, with that change"
    return (
        f"{name} was changed by somebody else while it was patched and left as it is; its original is in "
        f"{journal.keep(entry)}"
    )


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and requests to terminate wait until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        pending.append(number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    handled = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}
    for number in handled:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
        for waiting in dict.fromkeys(pending):
            signal.raise_signal(waiting)

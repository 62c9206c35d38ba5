"""SourcePatcher: puts decorators on functions of a working tree, and puts every file back as it was."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from hitrate.patching import exchange, stalebytecode
from hitrate.patching.edits import Edit, PatchError, Splice, cached, lifted
from hitrate.patching.interrupts import uninterrupted
from hitrate.patching.journal import Journal, JournalPlace, Method, PatchedFile, opened
from hitrate.patching.patched import File, Variant, same_times, unwritten
from hitrate.patching.restore import RestoreError, name_of, put_all_back, recover
from hitrate.source.definitions import Definition, SourceError, read
from hitrate.source.eligibility import ineligibility

__all__ = ["Edit", "PatchError", "RestoreError", "SourcePatcher", "cached", "lifted", "recover"]

Plan = Mapping[Path, tuple[Edit, ...]]
"""The edits of each file."""


class SourcePatcher:
    """Puts decorators on functions of a tree for the length of a ``with`` block.

    Every original is back, byte for byte, with mode and times, when the block ends, however it ends. If the
    process has no chance to do that (SIGKILL, power cut), the next patcher or :func:`recover` does.

    Attributes:
        recovered: Files that a crashed run had left patched and that were put back on entry.
    """

    def __init__(
        self,
        tree: Path | str,
        *,
        mirrors: Mapping[str, Sequence[Path]] | None = None,
        place: JournalPlace | None = None,
        exchanging: exchange.Exchange = exchange.exchange,
    ) -> None:
        """Nothing is touched before the block is entered.

        Args:
            tree: The working tree.
            mirrors: Identical copies of files of the tree that get the same edits, such as installed ones.
            place: Where the journal is kept; by default where :meth:`JournalPlace.of` says.
            exchanging: Exchanges two files.
        """
        self._tree = Path(tree).resolve()
        self._mirrors = dict(mirrors or {})
        self._place = place or JournalPlace.of(self._tree)
        self._exchanging = exchanging
        self._files: dict[Path, File] = {}
        self._stack = ExitStack()
        self._journal: Journal | None = None
        self.recovered: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Take the tree, putting back first what a crash left.

        Raises:
            PatchError: Another Hitrate is at work in it, or its journal cannot be written.
            RestoreError: A file that a crash left patched was changed since; it was not touched.
        """
        with ExitStack() as stack:
            journal = stack.enter_context(opened(self._place))
            with uninterrupted():
                restored = put_all_back(journal, journal.entries, self._exchanging)
            self.recovered = tuple(name_of(item.path, self._tree) for item in restored)
            self._stack = stack.pop_all()
        self._journal = journal
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put every file back and let the tree go.

        Raises:
            RestoreError: Somebody else changed patched files, or they could not be written.
        """
        with uninterrupted():
            try:
                self.restore_all()
            finally:
                self._journal = None
                self._stack.close()

    def apply_cache_decorator(
        self, file_path: str | Path, function_name: str, cache_size: int | None, *, line: int | None = None
    ) -> None:
        """Give a function a real ``functools.lru_cache``, besides what is patched already.

        A function that has been given one, or that carries one of its own, gets this one instead, which is
        ``typed`` where its own is.

        Args:
            file_path: The file, relative to the tree.
            function_name: Qualified name of the function, with or without ``<locals>``.
            cache_size: Entries at most; None is unbounded.
            line: Line of its ``def`` in the file as it was; needed where several of its definitions may carry
                a cache, as alternatives do; overloads, setters and stubs are none of these.

        Raises:
            PatchError: It cannot be done, with the reason; the file is left as it was.
        """
        if not _is_cache_size(cache_size):
            raise PatchError(
                f"cache size {cache_size!r}: must be a whole number from 0 to {sys.maxsize}, or None"
            )
        path = self._relative(Path(file_path))
        target = self._definition(path, function_name.replace(".<locals>", ""), line)
        typed = target.cache is not None and target.cache.typed
        present = [edit for file in self._files.values() for edit in file.edits]
        others = [edit for edit in dict.fromkeys(present) if (edit.path, edit.line) != (path, target.line)]
        self.apply([*others, cached(path, target.qualname, target.line, cache_size, typed=typed)])

    def apply(self, edits: Sequence[Edit]) -> None:
        """Make the tree equal to the originals with exactly these edits; files that are right stay untouched.

        Raises:
            PatchError: An edit cannot be made, with the reason. Nothing was changed then; but where a file
                could not be written, those that this call had written already are back as they were.
        """
        if self._journal is None:
            raise PatchError(f"{self._tree}: patching needs the patcher's with block")
        plan = self._plan(edits)
        with uninterrupted():
            try:
                self._switch(self._journal, plan)
            finally:
                self._note_state(self._journal)

    def restore_all(self) -> None:
        """Put every file back as it was.

        Raises:
            RestoreError: Somebody else changed files, or some could not be written; the others are back.
        """
        if self._journal is None:
            return
        with uninterrupted():
            try:
                self._put_back(self._journal, self._journal.entries)
            finally:
                self._note_state(self._journal)

    def _put_back(self, journal: Journal, entries: Sequence[PatchedFile]) -> None:
        """Put files back; an original that somebody removed meanwhile is made again from what was read."""

        def refill(entry: PatchedFile) -> None:
            file = self._files[entry.path]
            if file.edits:
                exchange.refill(entry, file.source.data, file.stat)

        put_all_back(journal, entries, self._exchanging, refill)

    def _relative(self, path: Path) -> str:
        """A path as edits have it."""
        full = self._tree / path
        with suppress(ValueError):
            return (full.parent.resolve() / full.name).relative_to(self._tree).as_posix()
        raise PatchError(f"{path}: is not in the tree {self._tree}")

    def _definition(self, path: str, qualname: str, line: int | None) -> Definition:
        """The one definition of this name that may carry a cache, or the one on the line asked for."""
        source = self._load(path, self._resolved(path)).source
        found = [
            item for item in source.definitions if item.qualname == qualname and line in (None, item.line)
        ]
        if len(found) > 1:
            found = [item for item in found if ineligibility(item, source.module) is None] or found
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(str(item.line) for item in found)
            raise PatchError(f"{path}: {qualname} is defined in lines {listed}: say which line is meant")
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

    def _load(self, path: str, real: Path) -> File:
        """A file as it is when it is not patched, read again only if it has changed."""
        known = self._files.get(real)
        if known is not None and known.entry is not None:
            return known
        try:
            status = real.stat()
            if known is not None and same_times(known.stat, status):
                return known
            source = read(real)
        except OSError as error:
            raise PatchError(f"{path}: cannot be read: {error.strerror}") from None
        except SourceError as error:
            raise PatchError(f"{path}: {error}") from None
        seconds = known.seconds if known is not None else {}
        digest = exchange.digest(source.data)
        same = next((file.variants for file in self._files.values() if file.digest == digest), {})
        self._files[real] = File(real, status, source, digest, content=digest, variants=same, seconds=seconds)
        return self._files[real]

    def _plan(self, edits: Sequence[Edit]) -> Plan:
        """The edits of each file; what cannot be done is found here, before anything is touched."""
        by_path: dict[str, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.path, []).append(edit)
        plan: dict[Path, tuple[Edit, ...]] = {}
        for path, own in by_path.items():
            real = self._resolved(path)
            file = self._load(path, real)
            plan[real] = (*plan.get(real, ()), *own)
            for mirror in self._mirrors.get(path, ()):
                if self._load(str(mirror), mirror.resolve()).digest != file.digest:
                    raise PatchError(f"{mirror}: differs from {path}, of which it should be a copy")
                plan[mirror.resolve()] = plan[real]
        for real, wanted in plan.items():
            self._files[real].variant(wanted)
        return plan

    def _switch(self, journal: Journal, plan: Plan) -> None:
        """Give every file its content."""
        obsolete = [file.entry for file in self._files.values() if file.entry and file.path not in plan]
        self._put_back(journal, obsolete)
        files = [self._files[path] for path in plan]
        changing = [file for file in files if file.content != file.variant(plan[file.path]).digest]
        try:
            new = [self._announced(journal, file) for file in changing if file.entry is None]
            journal.record(new, [_announcement(file, plan) for file in changing])
        except OSError as error:
            raise PatchError(f"{journal.place.folder}: {error.strerror}; nothing was patched") from None
        self._write_all(journal, changing, plan)

    def _announced(self, journal: Journal, file: File) -> PatchedFile:
        """A new entry for a file that is about to be patched."""
        folder = file.path.parent / stalebytecode.FOLDER
        beside = (entry for entry in journal.entries if entry.path.parent == file.path.parent)
        before = next(
            (entry.had_bytecode_folder for entry in beside), None
        )  # a patched file may have made it
        file.entry = PatchedFile(
            path=file.path,
            slot=journal.slot(),
            original=file.digest,
            method=Method.EXCHANGE,
            bytecode=tuple((path, journal.slot()) for path in stalebytecode.compiled(file.path)),
            had_bytecode_folder=folder.is_dir() if before is None else before,
        )
        return file.entry

    def _write_all(self, journal: Journal, files: Sequence[File], plan: Plan) -> None:
        written: list[PatchedFile] = []
        for file in files:
            try:
                self._write(journal, file, file.variant(plan[file.path]))
            except (OSError, exchange.ChangedError) as error:
                if file.edits:
                    exchange.is_patched(file.announced)  # clears up; the file holds what it held before
                self._put_back(journal, [*written, *unwritten(files)])
                raise PatchError(f"{name_of(file.path, self._tree)}: {_reason(error)}") from None
            file.edits, file.content = plan[file.path], file.variant(plan[file.path]).digest
            written.append(file.announced)

    def _write(self, journal: Journal, file: File, new: Variant) -> None:
        """Replace one file."""
        entry = file.announced
        if not file.edits:
            stalebytecode.set_aside(entry)
        try:
            exchange.stage(entry, new.data, file.mtime_ns(new.digest))
            exchange.swap_in(entry, {file.content}, self._exchanging)
        except exchange.NoExchangeError:
            exchange.discard(entry)
            journal.settle(entry)
            file.entry = entry = replace(entry, method=Method.COPY, patched={}, merged={})
            journal.record([entry], [(entry, new.digest, new.pieces)])
            exchange.stage(entry, new.data, file.mtime_ns(new.digest))
            exchange.swap_in(entry, {file.content}, self._exchanging)

    def _note_state(self, journal: Journal) -> None:
        """Files whose entry is settled are not patched any more."""
        for file in self._files.values():
            if file.entry is not None and file.entry not in journal.entries:
                file.entry, file.edits, file.content = None, (), file.digest


def _is_cache_size(size: object) -> bool:
    """Whether ``lru_cache`` takes it for a number of entries, and a reader too (``True`` is none)."""
    return size is None or (type(size) is int and 0 <= size <= sys.maxsize)


def _announcement(file: File, plan: Plan) -> tuple[PatchedFile, str, tuple[Splice, ...]]:
    """What the journal has to know before the file gets its content."""
    variant = file.variant(plan[file.path])
    return file.announced, variant.digest, variant.pieces


def _reason(error: OSError | exchange.ChangedError) -> str:
    if isinstance(error, exchange.ChangedError):
        return "somebody else changed it meanwhile; it was left as it is"
    return f"cannot be patched: {error.strerror or error}"

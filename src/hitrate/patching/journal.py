"""The journal of a patched tree: what was changed, where the originals are, and who may patch."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

from hitrate.patching.edits import PatchError, Splice

_RECORDS = "journal"
_LOCK = "lock"
_KEPT = "kept"


class Method(StrEnum):
    """How a file is replaced."""

    EXCHANGE = "exchange"
    """Two names change places in one step. The original itself (inode, links, attributes) waits in the
    journal's folder, and putting it back needs no space on the disk."""

    COPY = "copy"
    """The original is copied, and a file written beside it is renamed over it; for file systems that know no
    exchange, and where the journal is on another one."""


@dataclass(frozen=True, slots=True)
class JournalPlace:
    """Where a tree's journal is.

    Attributes:
        root: Folder that the journal's paths are relative to.
        folder: The journal's own folder; it exists only while something is patched or has to be put back.
    """

    root: Path
    folder: Path

    @classmethod
    def of(cls, tree: Path) -> "JournalPlace":
        """The place for a tree: ``hitrate`` in its git directory; ``.hitrate`` in the tree if there is none.

        Both move with the tree and are on its file system, and git shows neither.
        """
        tree = tree.resolve()
        for root in (tree, *tree.parents):
            if (git := _git_directory(root)) is not None:
                return cls(root, git / "hitrate")
        return cls(tree, tree / ".hitrate")


def _git_directory(root: Path) -> Path | None:
    """The git directory of the work tree at ``root``; a linked one and a submodule name theirs in a file."""
    entry = root / ".git"
    if entry.is_dir():
        return entry
    if not entry.is_file():
        return None
    with suppress(OSError, UnicodeDecodeError):
        label, _, target = entry.read_text().strip().partition(": ")
        if label == "gitdir" and (root / target).is_dir():
            return (root / target).resolve()
    return None


@dataclass(frozen=True, slots=True, eq=False)
class PatchedFile:
    """One patched file.

    Attributes:
        path: The file.
        slot: Where its original waits while it is patched.
        original: SHA-256 of the original.
        method: How it is replaced.
        bytecode: Its compiled files that were there before, and where each of them waits.
        had_bytecode_folder: Whether ``__pycache__`` was there before.
        patched: SHA-256 of everything that was ever written to it, and the patch that each one is; the latest
            is the last.
        merged: SHA-256 of what was made of somebody's edits by taking the patch out, and of the content
            with these edits that it takes the place of.
    """

    path: Path
    slot: Path
    original: str
    method: Method
    bytecode: tuple[tuple[Path, Path], ...]
    had_bytecode_folder: bool
    patched: dict[str, tuple[Splice, ...]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[Path, ...]:
        """All its names in the journal's folder."""
        return (self.slot, *(slot for _, slot in self.bytecode))

    @property
    def part(self) -> Path:
        """New content while it is being written."""
        return self._beside("part")

    @property
    def next(self) -> Path:
        """New content, complete; after an exchange, what was in its place."""
        return self._beside("next")

    @property
    def merging(self) -> Path:
        """Somebody's edits less the patch, complete; after an exchange, the edits as they were."""
        return self._beside("merged")

    @property
    def copy(self) -> Path:
        """The copy of the original while it is being made."""
        return self.slot.with_name(f"{self.slot.name}.copy")

    def _beside(self, suffix: str) -> Path:
        """A name on the same file system as the place that it is for."""
        if self.method is Method.EXCHANGE:
            return self.slot.with_name(f"{self.slot.name}.{suffix}")
        return self.path.with_name(f".{self.path.name}.hitrate-{suffix}")


class Journal:
    """The open journal of a tree; whoever has it open is the only one to patch the tree."""

    def __init__(self, place: JournalPlace, lock: int, entries: list[PatchedFile]) -> None:
        """Use :func:`opened`."""
        self.place = place
        self.entries = entries
        self._lock = lock
        self._slots = max((int(slot.name) for entry in entries for slot in entry.slots), default=0)

    def slot(self) -> Path:
        """A new name in the journal's folder."""
        self._slots += 1
        return self.place.folder / f"{self._slots:04d}"

    def record(
        self, new: Iterable[PatchedFile], variants: Iterable[tuple[PatchedFile, str, tuple[Splice, ...]]]
    ) -> None:
        """Write down what is about to happen, on the disk before this returns.

        Args:
            new: Files about to be patched for the first time.
            variants: Files about to get new content, the SHA-256 of that content, and the patch that it is.
        """
        new, variants = list(new), list(variants)
        if not new and not variants:
            return
        records = [self._file_record(entry) for entry in new]
        records += [
            {
                "variant": entry.slot.name,
                "sha256": digest,
                "pieces": [_piece_record(piece) for piece in pieces],
            }
            for entry, digest, pieces in variants
        ]
        self._write(records)
        self.entries.extend(new)
        for entry, digest, pieces in variants:
            entry.patched.pop(digest, None)
            entry.patched[digest] = pieces

    def record_merged(self, entry: PatchedFile, edited: str, merged: str) -> None:
        """Write down that edits of a patched file are about to be replaced by the same less the patch.

        Args:
            entry: The file.
            edited: SHA-256 of what it holds.
            merged: SHA-256 of what takes its place.
        """
        self._write([{"merged": entry.slot.name, "sha256": merged, "edited": edited}])
        entry.merged[merged] = edited

    def settle(self, entry: PatchedFile) -> None:
        """Forget an entry whose file is as it was."""
        self.entries.remove(entry)

    def keep(self, entry: PatchedFile) -> Path:
        """Put an original that could not be put back where it stays; returns the place."""
        kept = self.kept_name(entry)
        kept.parent.mkdir(exist_ok=True)
        entry.slot.replace(kept)
        return kept

    def kept_name(self, entry: PatchedFile) -> Path:
        """Where an original can stay: a place that no other one has."""
        for number in count(1):
            suffix = f"-{number}" if number > 1 else ""
            kept = self.kept / f"{entry.original[:12]}{suffix}-{entry.path.name}"
            if not os.path.lexists(kept):
                return kept
        raise AssertionError

    @property
    def kept(self) -> Path:
        """The folder of the originals that could not be put back."""
        return self.place.folder / _KEPT

    def clear(self) -> None:
        """Remove the records once nothing is patched any more."""
        for path in (self.place.folder / _RECORDS, self.place.folder / _LOCK):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # originals may be kept there
            self.place.folder.rmdir()

    def _write(self, records: Iterable[dict[str, object]]) -> None:
        lines = "".join(json.dumps(record) + "\n" for record in records)
        _append(self.place.folder / _RECORDS, lines.encode())

    def _file_record(self, entry: PatchedFile) -> dict[str, object]:
        return {
            "file": self.relative(entry.path),
            "slot": entry.slot.name,
            "sha256": entry.original,
            "method": entry.method,
            "bytecode": [[self.relative(path), slot.name] for path, slot in entry.bytecode],
            "bytecode_folder": entry.had_bytecode_folder,
        }

    def relative(self, path: Path) -> str:
        """A path as the journal has it, so that it holds when the tree is moved."""
        return str(path.relative_to(self.place.root) if path.is_relative_to(self.place.root) else path)


def _piece_record(piece: Splice) -> list[object]:
    return [piece.start, piece.end, piece.data.decode("latin-1")]


@contextmanager
def opened(place: JournalPlace) -> Iterator[Journal]:
    """Open a tree's journal, with the entries of a crashed run if there was one.

    Raises:
        PatchError: Another Hitrate has it open, or it cannot be written.
    """
    try:
        lock = _locked(place)
    except OSError as error:
        raise PatchError(
            f"{place.root}: cannot be patched: {place.folder}: {error.strerror}; make it writable"
        ) from None
    journal = Journal(place, lock, _read(place))
    try:
        yield journal
    finally:
        try:
            if not journal.entries:
                journal.clear()
        finally:
            os.close(lock)


def _locked(place: JournalPlace) -> int:
    """Take the lock, which ends with this process however it ends; a descriptor that holds it."""
    place.folder.mkdir(mode=0o700, exist_ok=True)
    path = place.folder / _LOCK
    while True:
        # Not open for writing, so that it does not keep the file system from being mounted read-only.
        descriptor = _at_once(str(path), os.O_RDONLY | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), path.stat()):
                    with suppress(OSError):
                        path.write_text(f"{os.getpid()}\n")
                    return descriptor
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise PatchError(
                f"{place.root}: another Hitrate (process {owner}) is at work here; wait until it ends"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # the one before us removed it in between
        place.folder.mkdir(mode=0o700, exist_ok=True)


def _read(place: JournalPlace) -> list[PatchedFile]:
    """The entries of a journal, less a torn last line: what it announces did not begin."""
    path = place.folder / _RECORDS
    try:
        with open(path, "rb", opener=_at_once) as file:
            data = file.read()
    except FileNotFoundError:
        return []
    whole = data.rpartition(b"\n")[0]
    if len(data) > len(whole) + 1:
        os.truncate(path, len(whole) + 1 if whole else 0)
    entries: dict[str, PatchedFile] = {}
    try:
        for line in whole.splitlines():
            record = json.loads(line)
            if "variant" in record:
                patched = entries[record["variant"]].patched
                patched.pop(record["sha256"], None)
                patched[record["sha256"]] = tuple(
                    Splice(start, end, text.encode("latin-1"))
                    for start, end, text in record.get("pieces", ())
                )
            elif "merged" in record:
                entries[record["merged"]].merged[record["sha256"]] = record["edited"]
            else:
                entries[record["slot"]] = _file_entry(place, record)
    except (ValueError, KeyError, TypeError):
        raise PatchError(f"{path}: damaged; the originals of patched files are beside it") from None
    return list(entries.values())


def _file_entry(place: JournalPlace, record: dict[str, Any]) -> PatchedFile:
    return PatchedFile(
        path=place.root / record["file"],
        slot=place.folder / record["slot"],
        original=record["sha256"],
        method=Method(record["method"]),
        bytecode=tuple((place.root / path, place.folder / slot) for path, slot in record["bytecode"]),
        had_bytecode_folder=record["bytecode_folder"],
    )


def _append(path: Path, lines: bytes) -> None:
    """Append whole lines, on the disk before this returns; nothing is appended if that fails."""
    with open(path, "ab", buffering=0, opener=_at_once) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            while lines:
                lines = lines[file.write(lines) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
    sync_folder(path.parent)


def _at_once(path: str, flags: int) -> int:
    """Open a file, or a pipe that was put in its place without waiting for somebody at its other end."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)


def sync_folder(folder: Path) -> None:
    """Have what was done to a folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A file that is patched, or may be: its original and what edits make of it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hitrate.patching import exchange
from hitrate.patching.edits import Edit, Splice, pieces_of, spliced
from hitrate.patching.journal import PatchedFile
from hitrate.source.definitions import Source

_NANO = 10**9
_MTIME_SPAN = 1 << 24


@dataclass(frozen=True, slots=True)
class Variant:
    """What edits make of a file.

    Attributes:
        data: The content.
        digest: Its SHA-256.
        pieces: How it differs from the original.
    """

    data: bytes
    digest: str
    pieces: tuple[Splice, ...]


@dataclass(slots=True)
class File:
    """A file as it was when it was last not patched, and what it holds now.

    Attributes:
        path: The file itself, links resolved.
        stat: Of the original.
        source: The original.
        digest: SHA-256 of the original.
        content: SHA-256 of what it holds.
        entry: Its journal entry while it is patched.
        edits: What was done to it; nothing if it is not patched.
        variants: By edits, what they make of it, for those made before.
        seconds: The second of modification given to each content, by its SHA-256.
    """

    path: Path
    stat: os.stat_result
    source: Source
    digest: str
    content: str
    entry: PatchedFile | None = None
    edits: tuple[Edit, ...] = ()
    variants: dict[tuple[Edit, ...], Variant] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)

    def variant(self, edits: tuple[Edit, ...]) -> Variant:
        """The file with these edits.

        Raises:
            PatchError: They cannot be made.
        """
        if edits not in self.variants:
            pieces = pieces_of(self.source, edits)
            data = spliced(self.source.data, pieces)
            self.variants[edits] = Variant(data, exchange.digest(data), pieces)
        return self.variants[edits]

    @property
    def announced(self) -> PatchedFile:
        """The journal entry, which must be there."""
        if self.entry is None:
            raise ValueError(f"{self.path} has no journal entry")
        return self.entry

    def mtime_ns(self, digest: str) -> int:
        """A time of modification for new content.

        Python takes compiled code for current when size and second of modification are those of the source.
        So each content has a second of its own, taken from its digest so that it differs across runs too.
        """
        if digest not in self.seconds:
            original = self.stat.st_mtime_ns // _NANO
            step = 1 + int(digest[:12], 16) % _MTIME_SPAN
            second = original - step if original > 2 * _MTIME_SPAN else original + step
            while second in self.seconds.values() or second == original:
                second += 1
            self.seconds[digest] = second
        return self.seconds[digest] * _NANO


def unwritten(files: Sequence[File]) -> list[PatchedFile]:
    """Entries of files that were announced and never written."""
    return [file.entry for file in files if file.entry is not None and not file.edits]


def same_times(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether a file looks unchanged; a change that this misses is noticed before the file is replaced."""
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)

"""Files that were left with lines of a patch in them: noted until these are gone."""

import json
import shlex
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hitrate.patching import exchange
from hitrate.patching.edited import threeway
from hitrate.patching.journal import Journal, PatchedFile

_NOTE = ".left.json"


@dataclass(frozen=True, slots=True)
class Left:
    """A file that somebody edited while it was patched, and that could not be put back.

    Attributes:
        path: The file.
        kept: Where its original is.
    """

    path: Path
    kept: Path

    @property
    def command(self) -> str:
        """The shell command that puts the original back."""
        path, kept = shlex.quote(str(self.path)), shlex.quote(str(self.kept))
        if self.path.is_dir():  # a link to one too: mv would move the original into it
            aside = shlex.quote(f"{self.path}.aside")
            return f"mv {path} {aside} && mv {kept} {path}"
        return f"mv -f {kept} {path}"


def leave(journal: Journal, entry: PatchedFile) -> tuple[Left, bool]:
    """Keep the original of a file that stays as it is.

    Returns:
        The file, and whether lines of a patch are in it; only then :func:`remaining` tells of it again.
    """
    original, current = exchange.content_of(entry.slot), exchange.content_of(entry.path)
    traced = False
    if original is not None and current is not None:
        ours = threeway.texts(original, list(entry.patched.values()))
        traced = threeway.traces(original, ours, current)
        if traced:
            note = journal.kept_name(entry)
            note.parent.mkdir(exist_ok=True)
            record = {
                "file": journal.relative(entry.path),
                "texts": sorted(text.decode("latin-1") for text in ours),
            }
            note.with_name(note.name + _NOTE).write_text(json.dumps(record))
    return Left(entry.path, journal.keep(entry)), traced


def remaining(journal: Journal) -> Iterator[Left]:
    """The files that were left with lines of a patch in them and still have some; forgets the others."""
    if not journal.kept.is_dir():
        return
    for note in sorted(journal.kept.glob(f"*{_NOTE}")):
        try:
            record = json.loads(note.read_text())
            path = journal.place.root / record["file"]
            ours = {text.encode("latin-1") for text in record["texts"]}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # not ours
        kept = note.with_name(note.name.removesuffix(_NOTE))
        original, current = exchange.content_of(kept), exchange.content_of(path)
        if original is not None and current is not None and threeway.traces(original, ours, current):
            yield Left(path, kept)
            continue
        if original is not None and original == current:
            kept.unlink()
        note.unlink()
    with suppress(OSError):  # other originals may be there
        journal.kept.rmdir()

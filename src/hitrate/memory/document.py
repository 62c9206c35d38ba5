"""Memory as a file: versioned, checksummed, bounded; names and digests, no code and no values."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitrate.files import untrusted
from hitrate.memory.model import Memory, Piece

VERSION = 6
NAME = "tests.memory"
EXAMPLE = ".cache/hitrate-memory"
FILE_LIMIT_BYTES = 20 << 20
_TEXT_LIMIT_BYTES = 200 << 20
_MAGIC = b"hitrate-memory"

_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Places = tuple[int, ...]


class UnusableError(Exception):
    """A file cannot be used; the message says why, as the second half of a sentence."""


class _Document(BaseModel):
    """What the file holds. ``sets`` are those that tests and files share, each once, as differences."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    commit: str
    made: Annotated[int, Field(ge=0, le=1 << 40)]
    circumstances: str
    cpu_seconds: _Seconds
    wall_seconds: _Seconds
    sources: dict[str, dict[str, str]]
    pieces: list[tuple[str, str]]
    sets: list[list[int]]
    tests: dict[str, int]
    files: dict[str, int]
    always: int
    paths: list[str]
    imports: list[list[int] | None]


def to_bytes(memory: Memory) -> bytes:
    """The content of the file.

    Raises:
        UnusableError: It would be larger than such a file may be.
    """
    sets: dict[_Places, int] = {}

    def known(reached: _Places) -> int:
        return sets.setdefault(tuple(sorted(set(reached))), len(sets))

    tests = {test: known(reached) for test, reached in memory.tests.items()}
    files = {path: known(reached) for path, reached in memory.files.items()}
    always = known(memory.always)
    paths = sorted({*memory.imports, *(path for each in memory.imports.values() for path in each or ())})
    numbers = {path: number for number, path in enumerate(paths)}
    document = {
        "commit": memory.commit,
        "made": memory.made,
        "circumstances": memory.circumstances,
        "cpu_seconds": memory.cpu_seconds,
        "wall_seconds": memory.wall_seconds,
        "sources": {path: dict(pieces) for path, pieces in memory.sources.items()},
        "pieces": memory.pieces,
        "sets": [_differences(reached) for reached in sets],
        "tests": tests,
        "files": files,
        "always": always,
        "paths": paths,
        "imports": [
            None if each is None else sorted(numbers[other] for other in each)
            for each in (memory.imports.get(path, ()) for path in paths)
        ],
    }
    body = zlib.compress(json.dumps(document, separators=(",", ":"), allow_nan=False).encode(), 6)
    content = _head(body) + body
    if len(content) > FILE_LIMIT_BYTES:
        raise UnusableError(f"is larger than {FILE_LIMIT_BYTES >> 20} MB")
    return content


def from_bytes(content: bytes) -> Memory:
    """Memory from the content of a file.

    Raises:
        UnusableError: It is damaged, of another version, or not what :func:`to_bytes` gives.
    """
    head = content[:200].partition(b"\n")[0]
    words = head.split(b" ")
    if len(words) != 3 or words[0] != _MAGIC:
        raise UnusableError("is not a memory file of Hitrate")
    if words[1] != b"%d" % VERSION:
        raise UnusableError("is of another version of Hitrate")
    body = content[len(head) + 1 :]
    if _head(body) != head + b"\n":
        raise UnusableError("is damaged")
    try:
        inflater = zlib.decompressobj()
        text = inflater.decompress(body, _TEXT_LIMIT_BYTES)
        if not inflater.eof or inflater.unused_data:
            raise UnusableError("is damaged")
        return _memory(_Document.model_validate_json(text))
    except (zlib.error, ValidationError, IndexError):
        raise UnusableError("is damaged") from None


def read(root: Path, folder: str = ".") -> Memory | None:
    """Memory from a folder; None where it holds none.

    Args:
        root: A folder that is trusted, as its links are.
        folder: The folder below it, in which no link is followed.

    Raises:
        UnusableError: What is there cannot be used.
    """
    try:
        content = untrusted.read(root, f"{folder}/{NAME}", FILE_LIMIT_BYTES)
    except ValueError:
        raise UnusableError("is too large or not a regular file") from None
    except OSError:
        return None
    return None if content is None else from_bytes(content)


def _head(body: bytes) -> bytes:
    return b"%s %d %s\n" % (_MAGIC, VERSION, hashlib.sha256(body).hexdigest().encode())


def _differences(places: _Places) -> list[int]:
    return [place - before for before, place in zip((0, *places), places, strict=False)]


def _memory(document: _Document) -> Memory:
    sets = [_sums(differences, len(document.pieces)) for differences in document.sets]
    places = (*document.tests.values(), *document.files.values(), document.always)
    named = [number for each in document.imports for number in each or ()]
    if min((*places, *named)) < 0 or len(document.imports) != len(document.paths):
        raise IndexError
    return Memory(
        commit=document.commit,
        made=document.made,
        circumstances=document.circumstances,
        cpu_seconds=document.cpu_seconds,
        wall_seconds=document.wall_seconds,
        sources=document.sources,
        pieces=tuple(Piece(*piece) for piece in document.pieces),
        tests={test: sets[place] for test, place in document.tests.items()},
        files={path: sets[place] for path, place in document.files.items()},
        always=sets[document.always],
        imports={
            path: None if each is None else tuple(document.paths[number] for number in each)
            for path, each in zip(document.paths, document.imports, strict=True)
        },
    )


def _sums(differences: list[int], limit: int) -> _Places:
    """Places from their differences.

    Raises:
        IndexError: They do not grow, or there is no such place.
    """
    places: list[int] = []
    at = 0
    for difference in differences:
        if difference < 0 or (places and not difference):
            raise IndexError
        at += difference
        places.append(at)
    if at >= limit and places:
        raise IndexError
    return tuple(places)

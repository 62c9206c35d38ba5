"""Taking a patch out of a file that its user edited meanwhile: the edit stays, the patched lines go.

Three contents meet: the original, the original with the patch, and what the file holds now. A patch changes
whole lines only, and each of them bears a private name, so they are found again wherever an edit left them
as they were. Where one cannot be told apart from the user's own text, nothing is taken out at all.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hitrate.patching.edits import LRU_CACHE, Splice, spliced
from hitrate.source.definitions import line_starts

Variant = tuple[Splice, ...]
"""One patch of a file, as the pieces of it that were replaced."""

_PRIVATE = LRU_CACHE.encode()


def merged(original: bytes, variants: Sequence[Variant], current: bytes) -> bytes | None:
    """What the file holds now, with the patch taken out of it.

    Args:
        original: The file before it was patched.
        variants: Every patch that was ever made of it, in order.
        current: What the file holds: one of these patches with somebody's edits.

    Returns:
        The original with the same edits; None where the patch cannot be told from the edits, and where
        nothing of it is left in the file.
    """
    patches = [patch for pieces in variants if (patch := _patch(original, pieces)) is not None]
    befores: dict[bytes, set[tuple[bytes, ...]]] = {}
    for patch in patches:
        for index, before in patch.before.items():
            befores.setdefault(patch.lines[index].strip(), set()).add(before)
    if not traces(original, set(befores), current):
        return None
    own = _lines(original)
    known = _Known(frozenset(own), frozenset(line.strip() for line in own), befores)
    for patch in reversed(patches):
        if (data := _taken_out(patch, known, _lines(current))) is not None:
            return data
    return None


def texts(original: bytes, variants: Sequence[Variant]) -> set[bytes]:
    """The lines that these patches brought, without the white space around them."""
    patches = (_patch(original, pieces) for pieces in variants)
    return {text for patch in patches if patch is not None for text in patch.texts}


def traces(original: bytes, ours: set[bytes], current: bytes) -> bool:
    """Whether a line of ``current`` comes, changed or not, from a patch.

    Args:
        original: The file before it was patched; its own lines, as often as they are there, are none.
        ours: Lines of the patches, as :func:`texts` gives them.
        current: What the file holds.
    """
    more = Counter(_lines(current)) - Counter(_lines(original))
    return any(_PRIVATE in line or line.strip() in ours for line in more)


def _lines(data: bytes) -> list[bytes]:
    """Lines as Python ends them, their ends included; a byte order mark is one of its own."""
    starts = line_starts(data)
    return [data[start:end] for start, end in pairwise((0, *starts)) if start < end]


@dataclass(frozen=True, slots=True)
class _Patch:
    """A patched file.

    Attributes:
        lines: Its lines.
        before: What stood in the original in place of each line of the patch, by the line's index.
    """

    lines: list[bytes]
    before: dict[int, tuple[bytes, ...]]

    @property
    def texts(self) -> Counter[bytes]:
        """The patch's lines without the white space around them, and how often each one is there."""
        return Counter(self.lines[index].strip() for index in self.before)


@dataclass(frozen=True, slots=True)
class _Known:
    """What tells whose a line is.

    Attributes:
        own: The original's lines.
        own_texts: The same without the white space around them.
        befores: Lines of all patches, without it, and all that they stand in place of.
    """

    own: frozenset[bytes]
    own_texts: frozenset[bytes]
    befores: dict[bytes, set[tuple[bytes, ...]]]


def _patch(original: bytes, pieces: Variant) -> _Patch | None:
    """The patched file, line by line; None if the pieces are not such as patches are made of."""
    lines: list[bytes] = []
    before: dict[int, tuple[bytes, ...]] = {}
    position = 0
    for start, end, group in _whole_lines(original, pieces):
        if start < position:
            return None
        lines += _lines(original[position:start])
        after = _lines(spliced(original[start:end], [piece.moved(-start) for piece in group]))
        if len(after) != 1:
            return None
        before[len(lines)] = tuple(_lines(original[start:end]))
        lines += after
        position = end
    lines += _lines(original[position:])
    return _Patch(lines, before)


def _whole_lines(original: bytes, pieces: Variant) -> list[tuple[int, int, list[Splice]]]:
    """The pieces, those that share a line together, and the range of whole lines that each changes."""
    starts = line_starts(original)
    found: list[tuple[int, int, list[Splice]]] = []
    for piece in pieces:
        first = bisect_right(starts, piece.start) - 1
        start = starts[max(first, 0)]
        inserted = piece.start == piece.end == start and piece.data.endswith((b"\n", b"\r"))
        last = max(bisect_left(starts, piece.end), first + 1)
        end = start if inserted else starts[min(last, len(starts) - 1)]
        if found and not inserted and start < found[-1][1]:
            begun, ended, group = found[-1]
            found[-1] = (begun, max(ended, end), [*group, piece])
        else:
            found.append((start, end, [piece]))
    return found


def _taken_out(patch: _Patch, known: _Known, current: list[bytes]) -> bytes | None:
    """The current lines less this patch; None where that is not certain."""
    head, tail = _untouched(patch.lines, current)
    shift = len(patch.lines) - len(current)
    left, ours = patch.texts, {patch.lines[index] for index in patch.before}
    result: list[bytes] = []
    for index, line in enumerate(current):
        text = line.strip()
        if index < head or index >= len(current) - tail:
            place = index if index < head else index + shift
            if place in patch.before:
                left[text] -= 1
            result += patch.before.get(place, (line,))
        elif left[text] > 0 and text not in known.own_texts and len(known.befores[text]) == 1:
            left[text] -= 1
            (before,) = known.befores[text]
            if before and line not in ours:
                return None  # indented or ended otherwise, as what it stands for would have to be
            result += before
        elif text in left or (line not in known.own and (_PRIVATE in line or text in known.befores)):
            return None
        else:
            result.append(line)
    if any(count and _PRIVATE not in text for text, count in left.items()):
        return None  # changed, it could not be recognised
    return b"".join(result)


def _untouched(patched: list[bytes], current: list[bytes]) -> tuple[int, int]:
    """How many lines at the beginning and at the end no edit has touched, however it was made.

    Where the same lines could belong to either end, they belong to none.
    """
    shorter = min(len(patched), len(current))
    if patched == current:
        return shorter, 0
    head = next((at for at in range(shorter) if patched[at] != current[at]), shorter)
    tail = next((at for at in range(shorter) if patched[-1 - at] != current[-1 - at]), shorter)
    return max(0, min(head, shorter - tail)), max(0, min(tail, shorter - head))

"""Which sizes of a cache are looked at, what they take, and which one to advise. Pure."""

from collections.abc import Sequence

from hitrate.evidence import CurvePoint
from hitrate.trace.usage import Usage

KNEE = 0.95
"""A size is large enough from where it saves this share of what the best one saves."""
LARGEST_SIZE = 1 << 20
MANY_CALLS = 1_000_000
"""From so many recorded calls on, the curve has half as many points."""
ENTRY_BYTES = 150
"""What ``lru_cache`` itself needs for an entry: a link of 56 bytes and its place in a dictionary."""
USUAL_SIZE = 128
"""What ``lru_cache`` holds unless told otherwise: up to it, a size needs no reason."""
TRIVIAL_BYTES = 1 << 20
"""A cache that takes no more is not made smaller to save memory."""


def sizes_to_look_at(usage: Usage, size: int | None, *, roughly: bool = False) -> tuple[int, ...]:
    """Sizes for the curve: powers of two until all keys fit, and the size in question.

    Args:
        usage: How the function was called.
        size: The size in question.
        roughly: Whether the largest of them will do besides the latter.
    """
    step = 2 if usage.recorded < MANY_CALLS else 4
    sizes = {1}
    while max(sizes) < min(usage.most_keys, LARGEST_SIZE):
        sizes.add(max(sizes) * step)
    if roughly:
        sizes = {max(sizes)}
    return tuple(sorted({*sizes, size} if size else sizes))


def advised_size(curve: Sequence[CurvePoint], usage: Usage, *, own_keys: bool = False) -> int | None:
    """The size to advise; None where no size saves anything.

    The knee of the curve tells in which order this run passed its keys, and a program may pass them in
    another one. So all keys should fit, up to the usual size, as long as that takes little memory.

    Args:
        curve: Hit rate and saving by size, from small to large.
        usage: How the function was called.
        own_keys: Whether each test has keys of its own: then the order says nothing at all, and all keys
            should fit whatever their number.
    """
    size = knee(curve)
    if size is None:
        return None
    keys = usage.most_keys if own_keys else min(usage.most_keys, USUAL_SIZE)
    enough = next((point.maxsize for point in curve if point.maxsize >= keys), curve[-1].maxsize)
    each = ENTRY_BYTES + (usage.entry_bytes or 0.0)
    trivial = (
        point.maxsize
        for point in curve
        if point.maxsize <= enough and min(point.maxsize, usage.most_keys) * each <= TRIVIAL_BYTES
    )
    return max([size, *trivial])


def knee(curve: Sequence[CurvePoint]) -> int | None:
    """The smallest size that saves nearly all that any saves; None where none saves anything."""
    best = max((point.saved_seconds for point in curve), default=0.0)
    if best <= 0:
        return None
    return next(point.maxsize for point in curve if point.saved_seconds >= KNEE * best)


def memory(usage: Usage, size: int | None) -> int | None:
    """Bytes of the cache when it holds as many keys as it can, or as there are; None if not known."""
    if usage.entry_bytes is None:
        return None
    entries = usage.most_keys if size is None else min(size, usage.most_keys)
    return round(entries * (ENTRY_BYTES + usage.entry_bytes))

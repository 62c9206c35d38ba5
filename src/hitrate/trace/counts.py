"""Reads what the counting probe wrote; the files come from untrusted processes and are only ever parsed."""

import struct
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from hitrate.evidence import Processes
from hitrate.files import untrusted
from hitrate.probe.counter import counter

TESTS_LIMIT_BYTES = 32 << 20
_WORD = struct.calcsize("Q")


@dataclass(frozen=True, slots=True)
class Count:
    """One function's figures, summed over processes.

    Attributes:
        hits: Lookups answered by the cache.
        misses: Lookups that called the function.
        refused: Calls whose arguments cannot be hashed.
        nanoseconds: Time spent in all calls, nested ones counted again.
        reentries: Calls made from within a call of the same function.
        tests: Ids of the tests that call it, in the order first seen.
        callers: Slots of the functions from within whose calls it was called.
    """

    hits: int = 0
    misses: int = 0
    refused: int = 0
    nanoseconds: int = 0
    reentries: int = 0
    tests: tuple[str, ...] = field(default=())
    callers: frozenset[int] = frozenset()


def read_counts(records: Path, slots: int) -> tuple[tuple[Count, ...], Processes]:
    """Sum the files of all processes.

    Args:
        records: The folder that the probe wrote to.
        slots: Number of functions.

    Returns:
        One count a slot, and how many processes announced themselves and delivered.
    """
    files = sorted(records.glob("*.counts"))
    tables = [table for file in files if (table := _table(file, slots)) is not None]
    tests, callers = _tests(records, slots), _callers(records, slots)
    totals = [
        [sum(table[slot][column] for table in tables) for column in range(counter.SLOT_WORDS)]
        for slot in range(slots)
    ]
    counts = tuple(
        Count(hits, misses, refused, nanoseconds, reentries, tests[slot], callers[slot])
        for slot, (hits, misses, refused, nanoseconds, reentries) in enumerate(totals)
    )
    return counts, Processes(expected=len(files), received=len(tables))


def _table(file: Path, slots: int) -> list[tuple[int, ...]] | None:
    """The file's rows, None when it is not one of ours or was damaged."""
    content = untrusted.read_up_to(file.parent, file.name, counter.FILE_BYTES + 1)
    if len(content) != counter.FILE_BYTES:
        return None
    words = counter.HEADER_WORDS + slots * counter.SLOT_WORDS
    values = struct.unpack_from(f"{words}Q", content)
    if values[0] != counter.MAGIC or values[1] != counter.SLOTS:
        return None
    starts = range(counter.HEADER_WORDS, words, counter.SLOT_WORDS)
    return [values[start : start + counter.SLOT_WORDS] for start in starts]


def _tests(records: Path, slots: int) -> dict[int, tuple[str, ...]]:
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    known = {str(slot): slot for slot in range(slots)}
    for file in sorted(records.glob("*.tests")):
        for line in _text(records, file.name).splitlines():
            slot, _, test = line.partition("\t")
            if test and slot in known:
                found[known[slot]][test_id(test)] = None
    return {slot: tuple(found[slot]) for slot in range(slots)}


def _callers(records: Path, slots: int) -> dict[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    known = {str(slot): slot for slot in range(slots)}
    for file in sorted(records.glob("*.callers")):
        for line in _text(records, file.name).splitlines():
            slot, _, caller = line.partition("\t")
            if slot in known and caller in known:
                found[known[slot]].add(known[caller])
    return {slot: frozenset(found[slot]) for slot in range(slots)}


def _text(records: Path, name: str) -> str:
    """What a file holds; nothing where it is not one of ours."""
    try:
        return (untrusted.read(records, name, TESTS_LIMIT_BYTES) or b"").decode("utf-8", "replace")
    except ValueError:
        return ""


def test_id(current_test: str) -> str:
    """The id in a value of ``PYTEST_CURRENT_TEST``: ``id (setup|call|teardown)``."""
    test, _, phase = current_test.rpartition(" (")
    return test if test and phase in {"setup)", "call)", "teardown)"} else current_test


test_id.__test__ = False  # type: ignore[attr-defined]  # keeps pytest from collecting it

"""Files of the counting probe, and what others may have written in their place."""

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitrate.evidence import Processes
from hitrate.probe.counter import counter
from hitrate.trace.counts import Count, read_counts
from hitrate.trace.counts import test_id as id_of

rows = st.lists(st.tuples(*[st.integers(0, 1 << 40)] * counter.SLOT_WORDS), min_size=2, max_size=2)


def content(table: list[tuple[int, ...]], magic: int = counter.MAGIC, slots: int = counter.SLOTS) -> bytes:
    header = [magic, slots, *[0] * (counter.HEADER_WORDS - 2)]
    words = [*header, *(word for row in table for word in row)]
    return struct.pack(f"{len(words)}Q", *words).ljust(counter.FILE_BYTES, b"\0")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.lists(rows, max_size=3))
def test_processes_are_summed(tables: list[list[tuple[int, ...]]], tmp_path: Path) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    for number, table in enumerate(tables):
        (tmp_path / f"{number}.counts").write_bytes(content(table))
    counts, processes = read_counts(tmp_path, 2)
    assert processes == Processes(expected=len(tables), received=len(tables))
    for slot, count in enumerate(counts):
        sums = [sum(table[slot][column] for table in tables) for column in range(counter.SLOT_WORDS)]
        assert [count.hits, count.misses, count.refused, count.nanoseconds, count.reentries] == sums


ROW = [(1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    "data",
    [b"", content(ROW)[:-1], content(ROW) + b"\0", content(ROW, magic=7), content(ROW, slots=1)],
    ids=["empty", "cut", "longer", "foreign", "another layout"],
)
def test_what_is_not_ours_counts_as_not_delivered(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "1.counts").write_bytes(content(ROW))
    (tmp_path / "2.counts").write_bytes(data)
    (count,), processes = read_counts(tmp_path, 1)
    assert processes == Processes(expected=2, received=1)
    assert count == Count(1, 2, 3, 4, 5)


def test_tests_and_callers_are_those_of_known_functions(tmp_path: Path) -> None:
    (tmp_path / "1.tests").write_text(
        "0\tt.py::a (call)\n0\tt.py::a (teardown)\n1\tt.py::b (setup)\n7\tt.py::c\nx\n"
    )
    (tmp_path / "2.tests").write_bytes(b"0\tt.py::\xff (call)\n01\tt.py::d\n")
    (tmp_path / "1.callers").write_text("0\t1\n0\t9\n1\t1\nx\ty\n")
    (first, second), _ = read_counts(tmp_path, 2)
    assert first.tests == ("t.py::a", "t.py::\ufffd")
    assert second.tests == ("t.py::b",)
    assert (first.callers, second.callers) == (frozenset({1}), frozenset({1}))


@pytest.mark.parametrize(
    ("current", "test"),
    [
        ("t.py::a (call)", "t.py::a"),
        ("t.py::a[x (y)] (setup)", "t.py::a[x (y)]"),
        ("t.py::a[x (call)]", "t.py::a[x (call)]"),
        ("t.py::a", "t.py::a"),
        (" (call)", " (call)"),
        ("t.py::a (other)", "t.py::a (other)"),
    ],
)
def test_the_phase_is_no_part_of_a_tests_id(current: str, test: str) -> None:
    assert id_of(current) == test

"""The files of one process's trace: what cannot be written goes nowhere."""

import os
from pathlib import Path

from hitrate.probe.recording import tracefile
from hitrate.probe.recording.tracefile import CHUNK_HEAD, ENTRY_BYTES, TraceFile


def test_a_process_is_announced_with_its_head(tmp_path: Path) -> None:
    file = TraceFile(str(tmp_path), "parent", 17)
    file.tell_import(5)
    file.tell_costs(tuple(map(float, range(len(tracefile.COSTS)))))
    assert (tmp_path / "announced").read_text() == f"{file.stem}\n"
    head = tracefile.HEADER.unpack_from((tmp_path / f"{file.stem}.trace").read_bytes())
    assert head[0] == tracefile.MAGIC
    assert head[2:5] == (os.getpid(), 17, b"parent".ljust(64, b"\0"))
    assert head[5:] == (5.0, *map(float, range(len(tracefile.COSTS))))


def test_chunks_follow_each_other_and_grow(tmp_path: Path) -> None:
    file = TraceFile(str(tmp_path), "", 0)
    chunks = [file.chunk() for _ in range(3)]
    sizes = []
    for chunk in chunks:
        assert chunk is not None
        starts, ends, numbers = chunk
        assert len(starts) == len(ends) == len(numbers)
        starts[0], ends[0], numbers[0] = -1, 1 << 40, tracefile.EVENTS
        sizes.append(len(numbers))
    assert sizes == sorted(sizes)
    content = (tmp_path / f"{file.stem}.trace").read_bytes()
    at = tracefile.HEAD_BYTES
    for size in sizes:
        assert tracefile.CHUNK.unpack_from(content, at) == (tracefile.CHUNK_MAGIC, size)
        at += -(-(CHUNK_HEAD + ENTRY_BYTES * size) // tracefile.PAGE) * tracefile.PAGE
    assert at == len(content)


def test_texts_are_a_line_each_whatever_they_hold(tmp_path: Path) -> None:
    file = TraceFile(str(tmp_path), "", 0)
    file.note("a\nb", "c\\d", "\udc80")
    (line,) = (tmp_path / f"{file.stem}.names").read_bytes().splitlines()
    assert line == b"a\\nb\tc\\\\d\t\\udc80"


def test_endings_beyond_the_last_place_share_it(tmp_path: Path) -> None:
    file = TraceFile(str(tmp_path), "", 0)
    places = [file.ending(number, tracefile.CHEAP)[1] for number in range(tracefile.ENDINGS + 5)]
    assert len(set(places)) == tracefile.ENDINGS
    assert len(set(places[-6:])) == 1


def test_where_nothing_can_be_written_calls_still_have_columns(tmp_path: Path) -> None:
    file = TraceFile(str(tmp_path / "missing"), "", 0)
    assert (file.writable, file.chunk()) == (False, None)
    endings, place = file.ending(1, tracefile.BUSY)
    endings[place] += 1
    starts, ends, numbers = tracefile.nowhere(8)
    assert len(starts) == len(ends) == len(numbers) == 8
    assert not list(tmp_path.iterdir())

"""The trace's files come from untrusted processes: whatever they hold, reading them ends and gives sense."""

import itertools
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitrate.probe.recording import tracefile
from hitrate.trace import reader as trace_module
from hitrate.trace.reader import Process, read
from hitrate.trace.usage import usage_of
from tests.unit.probe.observing import Observation

STEM = "12-0123456789ab"
calm = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def lay_out(records: Path, data: bytes, names: bytes = b"") -> None:
    (records / "announced").write_text(f"{STEM}\n")
    (records / f"{STEM}.trace").write_bytes(data)
    (records / f"{STEM}.names").write_bytes(names)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real file of some kilobytes."""
    observation = Observation(tmp_path_factory.mktemp("whole"))

    @observation.observe(0)
    def double(n: int) -> int:
        return double(n - 1) + 2 if n else 0

    for n in range(40):
        double(n % 9)
    (file,) = observation.instrument.records.glob("*.trace")
    return file.read_bytes()


@calm
@given(data=st.binary(max_size=300), names=st.binary(max_size=100), head=st.booleans())
def test_garbage_is_not_delivered(data: bytes, names: bytes, head: bool, tmp_path: Path) -> None:
    magic = tracefile.MAGIC + bytes(tracefile.HEAD_BYTES - 8) if head else b""
    lay_out(tmp_path, magic + data, names)
    trace = read(tmp_path)
    assert trace.announced == 1
    assert all(not len(lane) for process in trace.processes for lane in process.lanes)


@calm
@given(st.data())
def test_a_damaged_file_is_read_without_harm(tmp_path: Path, whole: bytes, data: st.DataObject) -> None:
    file = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(file) - 9))
        file[place : place + 8] = data.draw(st.binary(min_size=8, max_size=8))
    lay_out(tmp_path, bytes(file[: data.draw(st.integers(0, len(file)))]))
    for process in read(tmp_path).processes:
        for lane in process.lanes:
            assert len(lane) == len(lane.stops) == len(lane.seconds) == len(lane.raised)
            assert all(index < stop <= len(lane) for index, stop in enumerate(lane.stops))


def test_links_and_foreign_files_are_not_followed(tmp_path: Path, whole: bytes) -> None:
    (tmp_path / "secret").write_bytes(whole)
    (tmp_path / "announced").write_text(f"{STEM}\n../secret\n\x00\n")
    os.symlink(tmp_path / "secret", tmp_path / f"{STEM}.trace")
    trace = read(tmp_path)
    assert trace.processes == ()
    assert trace.delivered.expected == 1


def test_a_chunk_that_claims_to_be_huge_is_damage(tmp_path: Path, whole: bytes) -> None:
    data = bytearray(whole)
    struct.pack_into("=I", data, tracefile.HEAD_BYTES + 4, 0xFFFFFFF0)
    lay_out(tmp_path, bytes(data))
    trace = read(tmp_path)
    assert all(not len(lane) for process in trace.processes for lane in process.lanes)


def test_many_large_files_are_read_up_to_a_limit(
    tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands can be forged that take no room on the disk; those that come first are read as ever."""
    monkeypatch.setattr(trace_module, "RUN_LIMIT_BYTES", 3 * len(whole))
    stems = [f"{number}-0123456789ab" for number in range(1000, 1100)]
    (tmp_path / "announced").write_text("\n".join(stems) + "\n")
    for stem in stems:
        (tmp_path / f"{stem}.trace").write_bytes(whole)
    trace = read(tmp_path)
    assert trace.announced == 100
    assert 1 <= len(trace.processes) <= 3
    assert trace.delivered.expected == 100
    assert trace.delivered.received == len(trace.processes)


def test_a_forged_file_does_not_take_the_place_of_the_small_ones(tmp_path: Path, whole: bytes) -> None:
    (tmp_path / "announced").write_text(f"1-0123456789ab\n2-0123456789ab\n{STEM}\n")
    for stem in ("1-0123456789ab", "2-0123456789ab"):
        with (tmp_path / f"{stem}.trace").open("wb") as file:
            file.truncate(tracefile.HEAD_BYTES)
    (tmp_path / f"{STEM}.trace").write_bytes(whole)
    assert [process.stem for process in read(tmp_path).processes] == [STEM]


@pytest.mark.parametrize("processes", [1, 3])
def test_of_too_many_entries_the_first_are_read_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    ticking = itertools.count(10**9, 50).__next__
    for clock in ("perf_counter_ns", "process_time_ns", "thread_time_ns"):
        monkeypatch.setattr(time, clock, ticking)  # only looking at a clock takes time
    observation = Observation(tmp_path / "run")
    for name in ("FREE", "ENOUGH"):
        monkeypatch.setattr(observation.economy, name, 1 << 60)

    def inner(n: int) -> int:
        return n

    def outer(n: int) -> int:
        return first(n) + second(n % 50)

    first, second = observation.observe(0)(inner), observation.observe(0)(inner)
    calls = observation.observe(1)(outer)
    for n in range(6_000):
        calls(n)
    second.cache_clear()
    (file,) = observation.instrument.records.glob("*.trace")
    stems = [f"{number}-0123456789ab" for number in range(processes)]
    (tmp_path / "announced").write_text("\n".join(stems) + "\n")
    for stem in stems:
        (tmp_path / f"{stem}.trace").write_bytes(file.read_bytes())
    whole = read(tmp_path)
    monkeypatch.setattr(trace_module, "ENTRIES_AT_MOST", 6_000 * processes)
    part = read(tmp_path)
    assert len(part.processes) == processes
    for slot, number in ((0, 12_000), (1, 6_000)):
        found, all_ = (usage_of(slot, map(alone(slot), trace.processes)) for trace in (part, whole))
        assert all_.calls == all_.recorded == found.calls == number * processes
        assert 0 < found.recorded < found.calls
        assert found.scale == found.calls / found.recorded
    spent, whole_spent = (sum(process.own for process in trace.processes) for trace in (part, whole))
    assert spent == pytest.approx(whole_spent)  # of what was not read, by the wall
    assert [process.owners for process in part.processes] == [process.owners for process in whole.processes]


def alone(slot: int) -> Callable[[Process], Process]:
    return lambda process: process.only(frozenset([slot]))

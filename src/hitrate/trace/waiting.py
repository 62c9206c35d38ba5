"""Which functions wait, for a disk, a network or a clock: there, a cache saves wall time. Pure."""

from array import array
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from operator import sub

from hitrate.testrun.run import TestRun
from hitrate.trace.calls import Lane
from hitrate.trace.cpuclock import NEVER, SHORT_NANOSECONDS
from hitrate.trace.reader import Process, Trace

MOST = 0.5
"""A function waits if this share of its wall time is no CPU time, and processors were idle meanwhile."""
NEARLY_ALL = 0.9
"""It waits whatever they did if this share is none: a busy machine leaves a function more CPU time."""
LONG_SECONDS = 0.1
"""Less than this, summed over all calls, is nothing to speak of."""


def waiting_slots(trace: Trace, run: TestRun) -> frozenset[int]:
    """The functions whose calls mostly wait.

    Time in which it stood in a run queue, or another thread of its process computed, is none of a call.

    Args:
        trace: What was recorded.
        run: The run that it was recorded in. Where processors were busy all the time, a call may have taken
            longer than its CPU time because others were served.
    """
    if run.stalled_seconds < LONG_SECONDS:
        return frozenset()
    wall, cpu = defaultdict[int, float](float), defaultdict[int, float](float)
    for process in trace.processes:
        for lane in process.lanes:
            for number, seconds, span in zip(lane.numbers, lane.seconds, _spans(lane), strict=True):
                slot = _slot(process, number)
                wall[slot] += span
                cpu[slot] += seconds
    stalled = {
        slot: seconds - cpu[slot] for slot, seconds in wall.items() if seconds - cpu[slot] > LONG_SECONDS
    }
    return frozenset(
        slot
        for slot, seconds in stalled.items()
        if seconds > NEARLY_ALL * wall[slot] or min(seconds, run.waiting_seconds) > MOST * wall[slot]
    )


def in_wall_time(trace: Trace, slots: Collection[int]) -> Trace:
    """The trace with the wall time of these functions' calls in place of their CPU time."""
    if not slots:
        return trace
    return replace(trace, processes=tuple(_in_wall_time(process, slots) for process in trace.processes))


def _in_wall_time(process: Process, slots: Collection[int]) -> Process:
    lanes = (
        replace(
            lane,
            seconds=array(
                "d",
                (
                    span if _slot(process, number) in slots else seconds
                    for number, seconds, span in zip(lane.numbers, lane.seconds, _spans(lane), strict=True)
                ),
            ),
        )
        for lane in process.lanes
    )
    return replace(process, lanes=tuple(lanes))


def _slot(process: Process, number: int) -> int:
    wrapper = process.wrappers.get(process.owners[number])
    return -1 if wrapper is None else wrapper.slot


def _spans(lane: Lane) -> "array[float]":
    """Wall seconds of each call, less those in which it was kept from going on; 0 if it never came back.

    It goes on while threads compute that it started.
    """
    spans = array(
        "d",
        (
            (end - start) / 1e9 if end < NEVER else 0.0
            for start, end in zip(lane.starts, lane.ends, strict=True)
        ),
    )
    if any(lane.stills.kept):
        long = SHORT_NANOSECONDS / 1e9
        still = array("d", map(sub, spans, lane.seconds))
        for index, worked in lane.worked.items():
            still[index] += worked
        for index in [index for index, seconds in enumerate(still) if seconds > long and spans[index]]:
            kept = still[index] * lane.stills.share_kept(lane.starts[index], lane.ends[index])
            spans[index] -= max(0.0, kept - lane.worked.get(index, 0.0))
    return spans

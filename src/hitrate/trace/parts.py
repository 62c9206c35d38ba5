"""A process taken apart by function, in one pass over its calls. Pure."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import sub

from hitrate.trace.calls import Lane, stops_among
from hitrate.trace.reader import Process, Wrapper


@dataclass(slots=True)
class _Part:
    """What is found of one function."""

    lanes: list[Lane] = field(default_factory=list)
    wrappers: dict[int, Wrapper] = field(default_factory=dict)
    same: defaultdict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))


def by_function(process: Process) -> dict[int, Process]:
    """For each slot, the process as if only that function had been recorded.

    Threads that do not call it are left out, and so is which calls were slowed. Its time grows with calls,
    keys and functions, each taken once, whatever their number.
    """
    parts: defaultdict[int, _Part] = defaultdict(_Part)
    slots = {number: wrapper.slot for number, wrapper in process.wrappers.items()}
    for number, wrapper in process.wrappers.items():
        parts[wrapper.slot].wrappers[number] = wrapper
    for difference, pairs in process.same.items():
        for number, earlier in pairs.items():
            if number < len(process.owners):
                parts[slots.get(process.owners[number], -1)].same[difference][number] = earlier
    for lane in process.lanes:
        whose = array("q", [slots.get(process.owners[number], -1) for number in lane.numbers])
        for slot, one in by_owner(lane, whose).items():
            parts[slot].lanes.append(one)
    return {
        slot: replace(process, lanes=tuple(part.lanes), wrappers=part.wrappers, same=part.same)
        for slot, part in parts.items()
    }


def by_owner(lane: Lane, whose: Sequence[int]) -> Mapping[int, Lane]:
    """The calls of a thread by that to which they belong; ``whose`` is each call's."""
    places: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
    for index, slot in enumerate(whose):
        places[slot].append(index)
    tests: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for begin, end, test in lane.stretches():
        for slot in set(whose[begin:end]):
            tests[slot].append((bisect_left(places[slot], begin), test))
    return {slot: _lane(lane, own, tests[slot]) for slot, own in places.items()}


def _lane(lane: Lane, places: "array[int]", tests: Sequence[tuple[int, str]]) -> Lane:
    ends = array("I", map(lane.stops.__getitem__, places))
    stops = stops_among(places, ends)
    return Lane(
        array("I", map(lane.numbers.__getitem__, places)),
        stops,
        array("d", map(lane.seconds.__getitem__, places)),
        array("q", map(lane.starts.__getitem__, places)),
        array("q", map(lane.ends.__getitem__, places)),
        bytearray(map(lane.raised.__getitem__, places)),
        tuple(tests),
        records=sum(map(sub, ends, places)) if _are_alone(stops) else _records(places, ends, stops),
    )


def _are_alone(stops: "array[int]") -> bool:
    """Whether no call lies within another one."""
    return stops == array("I", range(1, len(stops) + 1))


def _records(places: Sequence[int], ends: Sequence[int], stops: Sequence[int]) -> int:
    """How many records lie within the calls that lie in no other one, these included."""
    records = at = 0
    while at < len(places):
        records += ends[at] - places[at]
        at = stops[at]
    return records

"""Calls that the oracle slowed get the time of others."""

from array import array
from collections.abc import Sequence

from hitrate.trace.calls import Costs, Lane
from hitrate.trace.correction import as_if_unslowed, only_slowed
from hitrate.trace.reader import Process, Trace, Wrapper


def seconds(
    calls: Sequence[tuple[int, int, float]],
    slowed: tuple[int, ...] = (),
    parts: tuple[tuple[int, int], ...] = (),
    cached: tuple[int, ...] = (),
) -> list[float]:
    """Seconds after the correction, of calls given as number, index past the last nested one, seconds.

    ``slowed`` are indices of calls that were slowed throughout, ``parts`` are begin and end of stretches.
    """
    trace = trace_of(calls, slowed, parts)
    return list(as_if_unslowed(trace, cached).processes[0].lanes[0].seconds)


def trace_of(
    calls: Sequence[tuple[int, int, float]],
    slowed: tuple[int, ...] = (),
    parts: tuple[tuple[int, int], ...] = (),
) -> Trace:
    numbers, stops, spent = zip(*calls, strict=True)
    moments = array("q", range(len(calls)))
    lane = Lane(
        numbers=array("I", numbers),
        stops=array("I", stops),
        seconds=array("d", spent),
        starts=moments,
        ends=moments,
        raised=bytearray(len(calls)),
        slowed=tuple((index, stops[index]) for index in slowed) + parts,
    )
    wrappers = {1: Wrapper(0, 90, 91), 2: Wrapper(1, 92, 93)}
    process = Process("1-0", "", 0, Costs(), (lane,), wrappers, array("I", [0, 1, 1, 1, 2]))
    return Trace((process,), 1)


def test_a_slowed_call_takes_as_long_as_others_with_its_key() -> None:
    calls = [(1, 1, 9.0), (2, 2, 50.0), (1, 3, 1.0), (1, 4, 3.0), (2, 5, 10.0)]
    assert seconds(calls, slowed=(0, 1)) == [2.0, 10.0, 1.0, 3.0, 10.0]


def test_one_whose_key_has_no_others_is_shortened_as_its_function_is() -> None:
    calls = [(1, 1, 8.0), (3, 2, 40.0), (1, 3, 2.0), (4, 4, 40.0)]
    assert seconds(calls, slowed=(0, 1, 3)) == [2.0, 10.0, 2.0, 40.0]


def test_it_never_takes_longer_for_that() -> None:
    assert seconds([(1, 1, 1.0), (1, 2, 5.0), (3, 3, 7.0)], slowed=(0, 2)) == [1.0, 5.0, 7.0]


def test_calls_within_and_around_it_are_corrected_too() -> None:
    outer, watched, inner = (4, 4, 30.0), (1, 3, 20.0), (2, 3, 12.0)
    calls = [outer, watched, inner, (3, 4, 5.0), (1, 6, 4.0), (2, 6, 1.0)]
    assert seconds(calls, slowed=(1,)) == [14.0, 4.0, 1.0, 5.0, 4.0, 1.0]


def test_time_around_a_slowed_call_is_no_measure_for_others() -> None:
    calls = [(1, 2, 30.0), (2, 2, 25.0), (1, 3, 50.0), (2, 4, 1.0), (1, 5, 2.0)]
    assert seconds(calls, slowed=(1, 2)) == [6.0, 1.0, 2.0, 1.0, 2.0]


def test_of_a_call_that_was_slowed_in_part_what_was_slowed_within_it_is_corrected() -> None:
    calls = [(1, 5, 40.0), (2, 3, 20.0), (3, 3, 9.0), (2, 5, 6.0), (3, 5, 3.0)]
    assert seconds(calls, parts=((0, 3),)) == [26.0, 6.0, 3.0, 6.0, 3.0]


def test_a_call_that_a_cache_did_not_answer_stays_as_it_is() -> None:
    """Others with its key are lookups; what such a call makes is corrected all the same."""
    calls = [(1, 2, 9.0), (4, 2, 6.0), (1, 3, 0.1), (1, 4, 0.1), (4, 5, 2.0)]
    assert seconds(calls, slowed=(0,), cached=(0,)) == [9.0, 2.0, 0.1, 0.1, 2.0]


def test_without_any_nothing_changes() -> None:
    assert seconds([(1, 1, 9.0), (1, 2, 1.0)], slowed=()) == [9.0, 1.0]


def test_of_a_part_of_the_functions_the_same_calls_were_slowed() -> None:
    moments = array("q", range(6))
    lane = Lane(
        numbers=array("I", [1, 4, 2, 3, 4, 2]),
        stops=array("I", [1, 4, 4, 4, 5, 6]),
        seconds=array("d", range(6)),
        starts=moments,
        ends=moments,
        raised=bytearray(6),
        slowed=((1, 4), (5, 6)),
    )
    assert lane.only(bytes([0, 1, 1, 1, 0])).slowed == ((1, 3), (3, 4))
    assert lane.only(bytes([0, 1, 0, 0, 1])).slowed == ((1, 2), (3, 3))


def test_time_that_no_other_call_tells_is_told_by_function() -> None:
    """Key 1 was called unslowed too; of a recursion the outer call counts; 4 is another function's."""
    calls = [(1, 1, 9.0), (2, 3, 50.0), (3, 3, 20.0), (1, 4, 1.0), (4, 5, 7.0), (2, 7, 8.0), (4, 7, 3.0)]
    assert only_slowed(trace_of(calls, slowed=(0, 1, 4), parts=((6, 7),))) == {0: 58.0, 1: 10.0}
    assert only_slowed(trace_of(calls)) == {}

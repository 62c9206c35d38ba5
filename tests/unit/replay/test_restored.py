"""What calls that a real cache answered would have taken without it; looking up costs nothing here."""

from array import array
from collections.abc import Mapping, Sequence

import pytest

from hitrate.replay.answered import Answered, restored
from hitrate.replay.replay import Replay
from hitrate.trace.calls import Costs, Lane
from hitrate.trace.reader import Process, Trace, Wrapper

KEY, OTHER = 3, 4


def lane_of(calls: Sequence[tuple[int, int, float]], slowed: Sequence[tuple[int, int]] = ()) -> Lane:
    """Calls given as number, index past the last nested one, recorded seconds."""
    numbers, stops, spent = zip(*calls, strict=True)
    moments = array("q", range(len(calls)))
    return Lane(
        array("I", numbers), array("I", stops), array("d", spent), moments, moments, bytearray(len(calls)),
        slowed=tuple(slowed),
    )  # fmt: skip


def process_of(lane: Lane, again: Mapping[int, float]) -> Process:
    wrappers = {1: Wrapper(slot=0, refused=1, cleared=2)}
    return Process("1-0", "", 0, Costs(), (lane,), wrappers, array("I", [0, 1, 1, 1, 1]), again=again)


def replayed(
    calls: Sequence[tuple[int, int, float]],
    again: Mapping[int, float],
    slowed: Sequence[tuple[int, int]] = (),
) -> Replay:
    return Replay(Trace((process_of(lane_of(calls, slowed), again),), 1), existing={0: None})


def seconds(calls: Sequence[tuple[int, int, float]], again: Mapping[int, float]) -> list[float]:
    """What these calls would have taken, had the cache answered none."""
    (played,) = replayed(calls, again).processes
    return list(played.lanes[0].seconds)


def test_a_hit_would_have_taken_as_long_as_the_call_whose_result_was_kept() -> None:
    assert seconds([(KEY, 1, 5.0), (KEY, 2, 0.0), (OTHER, 3, 7.0)], {}) == [5.0, 5.0, 7.0]


def test_a_call_that_was_run_again_took_as_long_as_then() -> None:
    """When it was computed it may have been watched, which slows it."""
    assert seconds([(KEY, 1, 5.0), (KEY, 2, 0.0), (OTHER, 3, 7.0)], {KEY: 2.0}) == [2.0, 2.0, 7.0]


@pytest.mark.parametrize("again", [{}, {KEY: 0.2}])
def test_one_that_makes_others_keeps_its_time(again: Mapping[int, float]) -> None:
    """Run again, the cache would have answered those."""
    assert seconds([(KEY, 2, 5.0), (OTHER, 2, 4.0), (KEY, 3, 0.0)], again) == [5.0, 4.0, 5.0]


def answered_in(calls: Sequence[tuple[int, int, float]], again: Mapping[int, float]) -> Answered:
    """What is known of the served ones of such calls."""
    return replayed(calls, again).answered[0]


def test_what_was_run_again_is_known_within_a_fifth() -> None:
    """And no better than the clock."""
    found = answered_in([(KEY, 1, 5.0), (KEY, 2, 0.0)], {KEY: 2.0})
    assert (found.calls, found.low, found.likely) == (1, pytest.approx(1.6), 2.0)
    assert found.high == pytest.approx(2.4 + 1e-7, abs=1e-12)


def test_what_was_computed_before_recording_began_took_at_least_as_long_as_its_lookup() -> None:
    """A cache that a forked process inherits answers at once: nothing is known but that."""
    totals = {0: Answered()}
    lane = lane_of([(KEY, 1, 0.25)])
    (after,) = restored(process_of(lane, {}), [range(len(lane))], [{0}], {}, lambda _: 0.0, totals)
    assert list(after.seconds) == [0.25]
    assert (totals[0].calls, totals[0].low, totals[0].likely, totals[0].high) == (1, 0.0, 0.25, 0.25)


def test_a_key_that_was_never_served_is_looked_up_like_the_others() -> None:
    """A lookup of the one that was took 1 s: what was computed is given less by that."""
    assert seconds([(KEY, 1, 5.0), (KEY, 2, 1.0), (OTHER, 3, 7.0)], {}) == [4.0, 4.0, 6.0]


def test_the_lookups_of_a_key_go_before_those_of_the_others() -> None:
    calls = [(KEY, 1, 5.0), (OTHER, 2, 9.0), (KEY, 3, 1.0), (OTHER, 4, 3.0)]
    assert seconds(calls, {}) == [4.0, 6.0, 4.0, 6.0]


def test_a_call_that_was_not_run_again_is_no_slower_than_the_slowest_that_was() -> None:
    """It lasts as long as that one; at most five times as long, and at least a watched one's share."""
    found = answered_in([(KEY, 1, 2.0), (OTHER, 2, 50.0), (OTHER, 3, 0.0)], {KEY: 2.0})
    assert (found.low, found.likely, found.high) == (50.0, 50.0, 50.0)
    watched = replayed([(KEY, 1, 2.0), (OTHER, 2, 40.0), (OTHER, 3, 0.0)], {KEY: 2.0}, slowed=[(1, 2)])
    assert watched.answered[0].low == pytest.approx(5.0)
    assert watched.answered[0].likely == pytest.approx(5.0)
    assert watched.answered[0].high == pytest.approx(10.0)


MANY = (1, 2, 3, 4)
"""Numbers of keys, all of one function."""


def of_one_function(
    spent: Sequence[float], hits: Sequence[int], again: Mapping[int, float]
) -> tuple[list[float], Answered]:
    """What calls would have taken that are computed for these keys in turn, and then hits of some of them."""
    calls = [(key, place + 1, each) for place, (key, each) in enumerate(zip(MANY, spent, strict=False))]
    calls += [(key, len(calls) + place + 1, 0.0) for place, key in enumerate(hits)]
    wrappers = {1: Wrapper(slot=0, refused=5, cleared=6)}
    process = Process(
        "1-0", "", 0, Costs(), (lane_of(calls),), wrappers, array("I", [0, 1, 1, 1, 1]), again=again
    )
    replay = Replay(Trace((process,), 1), existing={0: None})
    (played,) = replay.processes
    return list(played.lanes[0].seconds), replay.answered[0]


def test_a_hit_would_not_have_done_again_what_the_first_call_does_once() -> None:
    """An import, a file that is read, a pattern that is compiled."""
    taken, answered = of_one_function([90.0, 1.0, 2.0, 1.5], [1, 1, 2], {})
    assert taken == [90.0, 1.0, 2.0, 1.5, 2.0, 2.0, 1.0]
    assert (answered.low, answered.likely, answered.high) == (5.0, 5.0, 181.0)


@pytest.mark.parametrize(
    ("spent", "hit", "again"),
    [
        pytest.param([9.0, 1.0, 2.0, 1.5], 9.0, {}, id="no more than others may"),
        pytest.param([90.0, 1.0, 2.0], 90.0, {}, id="too few others to tell"),
        pytest.param([90.0, 1.0, 80.0, 1.0], 90.0, {}, id="another one as slow"),
        pytest.param([90.0, 1.0, 2.0, 1.5], 70.0, {1: 70.0}, id="run again and as slow"),
    ],
)
def test_the_first_call_may_be_as_slow_again(
    spent: Sequence[float], hit: float, again: Mapping[int, float]
) -> None:
    taken, _ = of_one_function(spent, [1], again)
    assert taken[-1] == hit


def test_a_later_call_that_is_slow_is_slow_again() -> None:
    taken, _ = of_one_function([1.0, 90.0, 2.0, 1.5], [2], {})
    assert taken[-1] == 90.0

"""What calls that a real cache answered would have taken without it; looking up costs nothing here."""

from array import array
from collections.abc import Mapping, Sequence

import pytest

from hitrate.replay.replay import Replay
from hitrate.trace.calls import Costs, Lane
from hitrate.trace.reader import Process, Trace, Wrapper

KEY, OTHER = 3, 4


def seconds(calls: Sequence[tuple[int, int, float]], again: Mapping[int, float]) -> list[float]:
    """Seconds of calls given as number, index past the last nested one, recorded seconds."""
    numbers, stops, spent = zip(*calls, strict=True)
    moments = array("q", range(len(calls)))
    lane = Lane(
        array("I", numbers), array("I", stops), array("d", spent), moments, moments, bytearray(len(calls))
    )
    wrappers = {1: Wrapper(slot=0, refused=1, cleared=2)}
    process = Process("1-0", "", 0, Costs(), (lane,), wrappers, array("I", [0, 1, 1, 1, 1]), again=again)
    (played,) = Replay(Trace((process,), 1), existing={0: None}).processes
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

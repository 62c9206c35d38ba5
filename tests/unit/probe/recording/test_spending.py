"""What recording takes stays within what it may."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hitrate.probe.recording import economy, tracefile
from hitrate.probe.recording.spending import STEP
from tests.unit.probe.observing import Observation

if TYPE_CHECKING:
    from hitrate.probe.recording.lane import Lane


class Entries:
    """A lane of so many entries, as far as a look needs it."""

    def __init__(self, size: int = 64) -> None:
        self.index = self.looked = 0
        self.starts, self.ends, self.numbers = tracefile.nowhere(size)
        self.open: list[tuple[memoryview, int, int, int, int]] = []

    def begin(self, number: int, start: int) -> int:
        self.numbers[self.index], self.starts[self.index] = number, start
        self.index += 1
        return self.index - 1


def looked_at(lane: Entries) -> list[tuple[str, int, int]]:
    given: Any = lane
    typed: Lane = given
    return list(economy.sample(typed, lambda number: f"f{number}"))


def test_a_look_takes_the_calls_since_the_last_one_and_those_that_were_open_then() -> None:
    lane = Entries()
    outer = lane.begin(1, 100)
    lane.ends[lane.begin(2, 200)] = 250
    lane.ends[lane.begin(tracefile.TEST, 3)] = 7
    lane.ends[lane.begin(3, 300)] = -310  # it raised
    assert looked_at(lane) == [("f2", 1, 50), ("f3", 1, 10)]
    assert looked_at(lane) == []
    lane.ends[lane.begin(2, 400)] = 440
    lane.ends[outer] = 1_100
    assert looked_at(lane) == [("f1", 1, 1_000), ("f2", 1, 40)]
    assert looked_at(lane) == []


def test_new_keys_of_many_functions_take_no_more_than_they_may(tmp_path: Path) -> None:
    observation = Observation(tmp_path)
    observation.economy.FREE, observation.economy.SHARE = 2 * STEP, 0.0  # type: ignore[attr-defined]
    recorder = observation.recorder._recorder
    functions = [observation.observe(slot)(lambda thing: sum(range(60))) for slot in range(100)]
    for _ in range(400):
        for function in functions:
            function(object())
    assert recorder.spending.extra <= 1.5 * recorder.spending._allowed() + 4 * STEP
    assert sum(watched.stopped for watched in recorder.live()) > 50

"""What the probe costs is measured on functions that do nothing, and leaves no trace."""

from pathlib import Path

import pytest

from hitrate.probe.recording import calibration, tracefile
from tests.unit.probe.observing import Observation


def test_every_cost_is_told_in_nanoseconds_and_recording_costs_more_than_nothing(tmp_path: Path) -> None:
    recorder = Observation(tmp_path).recorder.Recorder()
    costs = dict(zip(tracefile.COSTS, calibration.calibrated(recorder), strict=True))
    assert min(costs["inside"] + costs["outside"], costs["timed"]) > 0
    assert max(costs.values()) < 1_000_000  # a call takes no millisecond anywhere


def test_nobody_reads_what_is_recorded_meanwhile_and_the_thread_goes_on_where_it_was(tmp_path: Path) -> None:
    recorder = Observation(tmp_path).recorder.Recorder()
    lane = recorder.lane()
    before, numbers = lane.index, [*lane.numbers]
    calibration.calibrated(recorder)
    assert recorder.lane() is lane
    assert (lane.index, [*lane.numbers]) == (before, numbers)


def test_a_recursion_that_leaves_no_room_for_it_does_not_cost_the_thread_its_lane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_deep(capacity: int) -> None:
        raise RecursionError(capacity)

    recorder = Observation(tmp_path).recorder.Recorder()
    lane = recorder.lane()
    monkeypatch.setattr(tracefile, "nowhere", too_deep)
    with pytest.raises(RecursionError):
        calibration.calibrated(recorder)
    assert recorder.lane() is lane

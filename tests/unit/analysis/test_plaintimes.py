"""The time of a plain run, told from an observed one."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.analysis.plaintimes import SHARE_AT_MOST, as_if_plain
from hitrate.analysis.screener import ObservedRun
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace.reader import Trace

SECONDS = st.floats(0.01, 1e4)


def told(cpu: float, wall: float, added: float, compiling: float = 0.0) -> TestRun | None:
    run = TestRun(Outcome.PASSED, 0, cpu, wall, tests=3)
    return as_if_plain(ObservedRun(run, Trace((), 0), Path("nowhere"), added, compiling))


@given(SECONDS, SECONDS, st.floats(0, SHARE_AT_MOST))
def test_what_observing_added_is_taken_off(cpu: float, wall: float, share: float) -> None:
    run = told(cpu, wall, share * cpu * 0.999)
    assert run is not None
    assert run.cpu_seconds == pytest.approx(cpu * (1 - share * 0.999))
    assert 0 < run.wall_seconds <= wall
    assert run.tests == 3


def test_of_processes_at_once_each_takes_its_part_of_the_wall_time() -> None:
    run = told(cpu=8.0, wall=2.0, added=0.8)
    assert run is not None
    assert (run.cpu_seconds, run.wall_seconds) == pytest.approx((7.2, 1.8))


def test_a_run_that_mostly_waits_waits_as_long_without_observing() -> None:
    run = told(cpu=1.0, wall=10.0, added=0.2)
    assert run is not None
    assert (run.cpu_seconds, run.wall_seconds) == pytest.approx((0.8, 9.8))


@pytest.mark.parametrize("added", [0.5, 1e300, math.inf, math.nan])
def test_where_it_was_much_or_nonsense_nothing_is_told(added: float) -> None:
    assert told(1.0, 1.0, added) is None


def test_records_that_claim_less_than_nothing_make_no_run_longer() -> None:
    run = told(1.0, 2.0, -5.0)
    assert run is not None
    assert (run.cpu_seconds, run.wall_seconds) == (1.0, 2.0)


def test_a_run_without_any_time_is_told_as_it_is() -> None:
    run = told(0.0, 0.0, 0.0)
    assert run is not None
    assert run.cpu_seconds == 0


def test_what_later_runs_find_compiled_is_taken_off_too() -> None:
    run = told(2.0, 4.0, 0.2, compiling=0.5)
    assert run is not None
    assert (run.cpu_seconds, run.wall_seconds) == pytest.approx((1.3, 3.3))
    assert told(2.0, 4.0, 0.7, compiling=0.5) is None


def test_where_most_of_it_was_compiling_no_further_run_is_made() -> None:
    run = told(2.0, 2.0, 0.1, compiling=5.0)
    assert run is not None
    assert run.cpu_seconds == pytest.approx(0.3)

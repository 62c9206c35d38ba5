"""Functions that wait are told from those that compute, and from those that a busy machine held up."""

from array import array
from dataclasses import replace

from hitrate.analysis.rounds.course import saving_of
from hitrate.evidence import Duration, Evidence, Saving
from hitrate.replay.prediction import Appraisal, ObservedFunction
from hitrate.source.function import Function
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace.calls import Costs, Lane
from hitrate.trace.cpuclock import NEVER
from hitrate.trace.reader import Process, Trace, Wrapper
from hitrate.trace.waiting import in_wall_time, waiting_slots
from hitrate.vocabulary import Metric

SECOND = 10**9
WRAPPERS = {1: Wrapper(slot=0, refused=1, cleared=2), 2: Wrapper(slot=1, refused=4, cleared=5)}
OWNERS = array("I", [0, 1, 1, 1, 2, 2, 2])
WAITS, COMPUTES = 3, 6


def trace(*calls: tuple[int, float]) -> Trace:
    """Calls of one second each: number, CPU seconds."""
    count = len(calls)
    lane = Lane(
        numbers=array("I", [number for number, _ in calls]),
        stops=array("I", range(1, count + 1)),
        seconds=array("d", [seconds for _, seconds in calls]),
        starts=array("q", [place * SECOND for place in range(count)]),
        ends=array("q", [(place + 1) * SECOND for place in range(count)]),
        raised=bytearray(count),
    )
    return Trace((Process("1-0", "", 0, Costs(), (lane,), WRAPPERS, OWNERS),), 1)


def run(*, cpu: float = 2.0, idle: float | None) -> TestRun:
    """A run of four seconds."""
    return TestRun(Outcome.PASSED, 0, cpu, 4.0, idle_seconds=idle)


MIXED = trace((WAITS, 0.05), (COMPUTES, 0.9), (WAITS, 0.05), (COMPUTES, 0.9))


def test_a_function_waits_if_most_of_its_wall_time_is_no_cpu_time() -> None:
    half = trace((WAITS, 0.3), (COMPUTES, 0.9), (WAITS, 0.3), (COMPUTES, 0.9))
    assert waiting_slots(half, run(idle=4.0)) == {0}
    assert waiting_slots(half, run(idle=None)) == {0}


def test_a_function_that_had_to_share_its_processor_does_not_wait() -> None:
    half = trace((WAITS, 0.3), (COMPUTES, 0.9), (WAITS, 0.3), (COMPUTES, 0.9))
    assert waiting_slots(half, run(idle=0.0)) == frozenset()


def test_a_function_that_hardly_computes_waits_on_a_busy_machine_too() -> None:
    assert waiting_slots(MIXED, run(idle=0.0)) == {0}


def test_nobody_waits_where_the_run_did_not() -> None:
    assert waiting_slots(MIXED, run(cpu=4.0, idle=4.0)) == frozenset()


def test_only_the_calls_of_these_functions_get_wall_time() -> None:
    (process,) = in_wall_time(MIXED, {0}).processes
    assert list(process.lanes[0].seconds) == [1.0, 0.9, 1.0, 0.9]
    assert in_wall_time(MIXED, ()) is MIXED


def test_a_call_that_never_came_back_has_no_time() -> None:
    cut_off = trace((WAITS, 0.1))
    cut_off.processes[0].lanes[0].ends[0] = NEVER
    assert waiting_slots(cut_off, run(idle=4.0)) == frozenset()


def test_a_cache_saves_the_waiting() -> None:
    subjects = [ObservedFunction(Function("a.py", "f", 1)), ObservedFunction(Function("a.py", "g", 2))]
    waits, computes = Appraisal(MIXED, subjects, 128, run(idle=4.0)).evidence()
    assert (waits.metric, waits.saved_seconds, waits.mean_call_seconds) == (Metric.WALL, 1.0, 1.0)
    assert (waits.saved_low, waits.saved_high) == (None, None)
    assert (computes.metric, computes.saved_seconds) == (Metric.CPU, 0.9)
    assert "wait most of the time" in " ".join(waits.remarks)


def test_the_saving_is_wall_time_where_most_of_it_is_waiting() -> None:
    computes = Evidence(Function("a.py", "f", 1), saved_seconds=2.0)
    waits = replace(computes, metric=Metric.WALL)
    assert saving_of([computes, replace(waits, saved_seconds=3.0)], Duration(9, 9)) == Saving(
        5.0, Metric.WALL
    )
    assert saving_of([computes, replace(waits, saved_seconds=1.0)], Duration(9, 9)) == Saving(2.0, Metric.CPU)


def test_nothing_saves_more_than_was_spent() -> None:
    computes = Evidence(Function("a.py", "f", 1), saved_seconds=2.0)
    waits = replace(computes, metric=Metric.WALL, saved_seconds=3.0)
    assert saving_of([computes, computes], Duration(3.0, 9.0)) == Saving(3.0, Metric.CPU)
    assert saving_of([waits, waits], Duration(3.0, 4.0)) == Saving(4.0, Metric.WALL)

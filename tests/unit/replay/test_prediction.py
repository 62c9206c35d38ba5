"""What a trace says about a function, on traces made by hand."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.analysis.assemble import function_report
from hitrate.evidence import CurvePoint, Evidence
from hitrate.probe.recording import tracefile
from hitrate.replay.prediction import Appraisal, ObservedFunction
from hitrate.replay.sizing import TRIVIAL_BYTES, advised_size, knee, memory
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace.calls import Costs, Lane
from hitrate.trace.reader import Process, Trace, Wrapper
from hitrate.trace.usage import Usage
from hitrate.verdict.advice import Advice
from hitrate.verdict.judge import Finding, Thresholds, judge
from hitrate.verdict.reason import Unmeasured
from hitrate.vocabulary import Verdict

COSTS = Costs(hit=1e-7, miss=2e-7)
FUNCTION = Function("a.py", "f", 1)
WRAPPER = Wrapper(slot=0, refused=1, cleared=2)


def evidence(
    keys: list[int],
    *,
    seconds: float = 1e-3,
    first: float | None = None,
    maxsize: int | None = 128,
    stops: Sequence[int] = (),
    wrapper: Wrapper = WRAPPER,
    function: Function = FUNCTION,
    tests: Sequence[tuple[int, str]] = (),
    times: Sequence[float] = (),
    slowed: Sequence[tuple[int, int]] = (),
    without: tuple[str, ...] = (),
    run: TestRun | None = None,
    costs: Costs = COSTS,
    **more: object,
) -> Evidence:
    count = len(keys)
    lane = Lane(
        numbers=array("I", [3 + key for key in keys]),
        stops=array("I", stops or range(1, count + 1)),
        seconds=array("d", times or [seconds if first is None else first, *[seconds] * (count - 1)]),
        starts=array("q", range(10, 10 * count + 10, 10)),
        ends=array("q", range(15, 10 * count + 15, 10)),
        raised=bytearray(count),
        tests=tuple(tests),
        slowed=tuple(slowed),
    )
    owners = array("I", [0] + [1] * (max(keys) + 4))
    process = Process("1-0", "", 0, costs, (lane,), {1: wrapper}, owners, **more)  # type: ignore[arg-type]
    (found,) = Appraisal(Trace((process,), 1), [ObservedFunction(function, without)], maxsize, run).evidence()
    return found


def test_a_hit_saves_the_call_and_costs_a_lookup() -> None:
    found = evidence([0, 1] * 50)
    assert (found.hits, found.misses, found.distinct_keys) == (98, 2, 2)
    assert found.saved_seconds == pytest.approx(98 * (1e-3 - 1e-7) - 2 * 2e-7)
    assert found.mean_call_seconds == pytest.approx(1e-3)
    assert found.speedup == pytest.approx(0.1 / (0.1 - (found.saved_seconds or 0)))
    assert found.together is not None
    assert found.together.hits == 98


def test_keys_that_are_slow_to_hash_make_every_lookup_dearer() -> None:
    costs = {"key_costs": {0: [5_000, 6_000, 7_000]}}
    assert evidence([0] * 100, **costs).saved_seconds == pytest.approx(
        99 * (1e-3 - 1e-7 - 6e-6) - 2e-7 - 6e-6
    )


def test_calls_that_were_only_counted_scale_the_figures() -> None:
    found = evidence([0, 1] * 50, wrapper=Wrapper(0, 1, 2, counted=900, stopped=tracefile.BUSY))
    assert (found.calls, found.hits, found.misses) == (1000, 980, 20)
    assert found.saved_seconds == pytest.approx(10 * (98 * (1e-3 - 1e-7) - 2 * 2e-7))
    assert any("the first 100 of its 1,000 calls" in remark for remark in found.remarks)


def test_what_is_saved_is_scaled_by_the_time_of_counted_calls() -> None:
    """Of a recursion, in which every other call is made by the one before it, and of calls that are not."""
    wrapper = Wrapper(0, 1, 2, counted=900, counted_seconds=0.025, stopped=tracefile.BUSY)
    found = evidence([0, 1] * 50, stops=[2 * (index // 2) + 2 for index in range(100)], wrapper=wrapper)
    assert (found.calls, found.hits, found.misses) == (1000, 490, 20)
    assert found.saved_seconds == pytest.approx(1.5 * 49e-3 - 10 * (49 * 1e-7 + 2 * 2e-7))
    flat = evidence([0, 1] * 50, wrapper=wrapper)
    assert flat.saved_seconds == pytest.approx(1.25 * 98e-3 - 10 * (98 * 1e-7 + 2 * 2e-7))
    assert flat.mean_call_seconds == pytest.approx((0.1 + 0.025) / 1000)


@pytest.mark.parametrize(("first", "told"), [(13e-6, False), (13e-3, True)])
def test_one_slow_call_is_no_sign_of_a_memory_unless_it_takes_long(first: float, told: bool) -> None:
    found = evidence([0] * 100, first=first, seconds=5e-7)
    assert any("remembers results" in remark for remark in found.remarks) is told


def test_what_a_cache_would_hold_is_estimated() -> None:
    sizes = {"result_sizes": {0: [1000, 3000]}, "key_sizes": {0: [50, 50]}}
    assert evidence([0, 1, 2] * 50, **sizes).memory_bytes == 3 * (150 + 2000 + 50)
    assert evidence([0, 1, 2] * 50).memory_bytes is None


def test_the_curve_ends_where_all_keys_fit() -> None:
    found = evidence([key for _ in range(10) for key in range(100)])
    assert [point.maxsize for point in found.curve] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert [point.hit_rate for point in found.curve] == [0.0] * 7 + [0.9]
    assert found.recommended_maxsize == 128
    assert evidence([0] * 9, maxsize=None).recommended_maxsize == 1


def test_a_function_that_is_never_called_has_no_figures() -> None:
    (found,) = Appraisal(Trace((), 0), [ObservedFunction(FUNCTION)], 128).evidence()
    assert (found.calls, found.hits, found.misses, found.hit_rate) == (0, 0, 0, None)
    assert found.together is None
    assert found.remarks == ()


times = st.floats(-1e-3, 1e-3) | st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1e-9, -1e-9])


@given(
    keys=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    times=st.lists(times, min_size=12, max_size=12),
    nested=st.booleans(),
    counted=st.integers(0, 1000),
    counted_seconds=st.none() | st.floats(0, 1),
    maxsize=st.none() | st.integers(0, 8),
)
def test_whatever_the_times_are_the_report_can_tell_them(
    keys: list[int],
    times: list[float],
    nested: bool,
    counted: int,
    counted_seconds: float | None,
    maxsize: int | None,
) -> None:
    """What recording costs is taken off each call by its mean, so a cheap one may come out below zero."""
    count = len(keys)
    found = evidence(
        keys,
        times=times[:count],
        stops=[count, *range(2, count + 1)] if nested else (),
        wrapper=Wrapper(0, 1, 2, counted, counted_seconds, tracefile.CHEAP if counted else 0),
        maxsize=maxsize,
    )
    told = function_report(Finding(found, Verdict.NOT_WORTH_IT, Unmeasured.NOT_RUN), Advice())
    assert told.mean_call_seconds is not None
    spent, of_all = max(0.0, sum(times[:count])), count + counted
    counted_too = (spent + (counted_seconds or 0.0)) / of_all
    assert told.mean_call_seconds <= max(spent / count, counted_too) * (1 + 1e-9)
    assert told.speedup is None or told.speedup > 0
    assert told.saved_seconds is not None
    assert found.own_seconds is not None
    assert told.saved_seconds <= found.own_seconds
    assert not any("\N{MINUS SIGN}" in remark for remark in told.remarks)


curves = st.lists(st.floats(-5, 100), min_size=1, max_size=12).map(
    lambda savings: [CurvePoint(1 << place, 0.5, saved) for place, saved in enumerate(savings)]
)


@given(curves)
def test_the_knee_is_the_first_size_that_saves_nearly_all(curve: list[CurvePoint]) -> None:
    best = max(point.saved_seconds for point in curve)
    size = knee(curve)
    assert (size is None) == (best <= 0)
    for point in curve:
        if size is not None and point.maxsize < size:
            assert point.saved_seconds < 0.95 * best


@given(curves, st.integers(1, 5000), st.none() | st.floats(1, 1e6), st.booleans())
def test_the_advised_size_holds_all_keys_while_that_is_cheap(
    curve: list[CurvePoint], keys: int, entry_bytes: float | None, own_keys: bool
) -> None:
    usage = Usage(recorded=1, most_keys=keys, entry_bytes=entry_bytes)
    size, least = advised_size(curve, usage, own_keys=own_keys), knee(curve)
    assert (size is None) == (least is None)
    if size is None or least is None:
        return
    assert size >= least
    assert size in [point.maxsize for point in curve]
    wanted = min(keys if own_keys else min(keys, 128), curve[-1].maxsize)
    takes = memory(usage, 2 * wanted) or 0
    assert size >= wanted or takes > TRIVIAL_BYTES
    assert size == least or (memory(usage, size) or 0) <= TRIVIAL_BYTES


def test_a_new_cache_is_judged_at_a_size_that_holds_its_working_set() -> None:
    found = evidence([*range(200)] * 4)
    assert (found.maxsize, found.recommended_maxsize) == (256, 256)
    assert (found.hits, found.misses) == (600, 200)
    assert found.together is not None
    assert found.together.hits == 600
    assert any("maxsize 128 is just too small: 256" in remark for remark in found.remarks)


def test_a_new_cache_is_judged_at_the_size_that_was_named_where_that_is_enough() -> None:
    found = evidence([*range(6)] * 4)
    assert (found.maxsize, found.recommended_maxsize) == (128, 8)
    once = evidence([*range(300)])
    assert (once.maxsize, once.recommended_maxsize, once.hits) == (128, None, 0)
    unbounded = evidence([*range(300)] * 2, maxsize=None)
    assert (unbounded.maxsize, unbounded.recommended_maxsize) == (None, 512)


def test_an_existing_cache_is_told_at_its_own_size() -> None:
    function = replace(FUNCTION, cache=ExistingCache(128, typed=False))
    found = evidence([*range(200)] * 4, function=function)
    assert (found.maxsize, found.recommended_maxsize, found.hits) == (128, 256, 0)


@pytest.mark.parametrize("keys", [6, 100, 130, 300])
def test_the_order_of_the_tests_is_not_the_working_set(keys: int) -> None:
    """Each key comes ten times in a row, in a test of its own."""
    calls = [key for key in range(keys) for _ in range(10)]
    tests = [(10 * key, f"test_{key}") for key in range(keys)]
    found = evidence(calls, tests=tests)
    assert len(found.tests) == keys
    assert found.recommended_maxsize is not None
    assert found.recommended_maxsize >= keys


def test_keys_that_tests_share_tell_how_many_are_needed() -> None:
    """Three tests with the same 300 keys, of which each comes twenty times in a row."""
    calls = [key for _ in range(3) for key in range(300) for _ in range(20)]
    tests = [(6000 * number, f"test_{number}") for number in range(3)]
    assert evidence(calls, tests=tests).recommended_maxsize == 128


def test_the_time_of_a_recursion_is_that_of_its_outer_calls() -> None:
    found = evidence([0, 1] * 50, stops=[2 * (index // 2) + 2 for index in range(100)])
    assert found.own_seconds == pytest.approx(50e-3)
    assert evidence([0, 1] * 50).own_seconds == pytest.approx(100e-3)


THRESHOLDS = Thresholds(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2, max_missed_saving=1.0)
CACHED = replace(FUNCTION, cache=ExistingCache(None, typed=False))


@pytest.mark.parametrize("again", [True, False])
def test_a_cache_whose_keys_are_slow_is_not_credited_with_its_own_lookups(again: bool) -> None:
    """A call of 1 ms that is looked up in 5 ms: computed ones were recorded with one such lookup in them."""
    more: dict[str, object] = {"again": {3 + key: 1e-3 for key in range(5) if again}}
    found = evidence([*range(5)] * 20, times=[6e-3] * 5 + [5e-3] * 95, function=CACHED, **more)
    assert found.saved_seconds == pytest.approx(95 * (1e-3 - 5e-3) - 5 * 5e-3, rel=0.01)
    assert found.saved_low is not None
    assert found.saved_high is not None
    assert found.saved_low < found.saved_seconds < found.saved_high
    assert (found.saved_high < 0) is again  # else the computed ones may have been as fast as their lookups


def test_lookups_of_keys_that_are_hashed_at_once_leave_a_cache_what_it_saves() -> None:
    found = evidence([*range(5)] * 20, times=[6e-3] * 5 + [1e-7] * 95, function=CACHED)
    assert found.saved_seconds == pytest.approx(95 * 6e-3, rel=0.01)
    assert found.saved_low == pytest.approx(95 * 6e-3, rel=0.01)
    assert found.saved_high == pytest.approx(95 * 6e-3, rel=0.01)


def test_lookups_that_were_watched_say_nothing_of_those_that_are_not() -> None:
    """The first of those that are answered was watched, and took a second."""
    times = [6e-3] * 5 + [1.0] + [1e-7] * 94
    watched = evidence([*range(5)] * 20, times=times, function=CACHED, slowed=[(5, 6)])
    assert watched.saved_seconds == pytest.approx(95 * 6e-3, rel=0.01)
    plainly = evidence([*range(5)] * 20, times=times, function=CACHED)
    assert plainly.saved_low is not None
    assert plainly.saved_high is not None
    assert plainly.saved_low < 0 < plainly.saved_high


def test_a_recursion_that_its_cache_cuts_short_is_never_told_to_be_faster_without() -> None:
    """Each call has asked for one below it, which was answered: no time tells what it would have taken."""
    calls, times = [0, 1, 0, 1, *[0] * 96], [6e-3, 5e-3, *[5e-3] * 98]
    flat = evidence(calls, times=times, function=CACHED, again={3: 1e-3, 4: 1e-3})
    assert flat.saved_high is not None
    assert flat.saved_high < 0
    nested = evidence(calls, times=times, stops=[2, 2, *range(3, 101)], function=CACHED, again={4: 1e-3})
    assert nested.saved_seconds is not None
    assert nested.saved_seconds < 0
    assert (nested.saved_low, nested.saved_high) == (None, 0.0)
    verdict = judge(nested, THRESHOLDS, None).verdict
    assert verdict is Verdict.KEEP


@given(
    computed=st.floats(1e-6, 1e-2),
    lookups=st.lists(st.floats(1e-7, 1e-2), min_size=95, max_size=95),
    slowed=st.sampled_from([[], [(0, 5)], [(0, 40)], [(0, 100)]]),
    again=st.one_of(st.none(), st.floats(1e-7, 1e-2)),
)
def test_what_a_cache_saves_lies_within_its_interval(
    computed: float, lookups: list[float], slowed: list[tuple[int, int]], again: float | None
) -> None:
    more: dict[str, object] = {} if again is None else {"again": {3 + key: again for key in range(5)}}
    times = [computed] * 5 + lookups
    found = evidence([*range(5)] * 20, times=times, function=CACHED, slowed=slowed, **more)
    known = any(begin <= 0 and end == 100 for begin, end in slowed)
    assert (found.saved_low is None) is known
    if found.saved_low is not None and found.saved_high is not None and found.saved_seconds is not None:
        assert found.saved_low <= found.saved_seconds <= found.saved_high


def test_a_repeated_call_is_never_told_to_take_less_than_no_time() -> None:
    (remark,) = evidence([0] * 100, times=[1e-3, *[-1e-8] * 99]).remarks
    assert "a repeated one 0" in remark
    assert evidence([0] * 100, times=[-1e-6] * 100).mean_call_seconds == 0


def test_the_size_of_a_cache_is_that_of_the_running_program_where_the_source_does_not_say() -> None:
    calls = [*range(8)] * 4
    said = replace(FUNCTION, cache=ExistingCache(8, typed=False))
    unsaid = replace(FUNCTION, cache=ExistingCache(8, typed=False, maxsize_expression="SIZE"))
    assert evidence(calls, function=unsaid, maxsizes={0: 4}).maxsize == 4
    assert evidence(calls, function=unsaid, maxsizes={0: 4}).hits == 0
    assert evidence(calls, function=unsaid, maxsizes={1: 4}).maxsize == 8
    assert evidence(calls, function=said, maxsizes={0: 4}).maxsize == 8
    assert evidence(calls, function=said, maxsizes={0: 4}).hits == 24


def test_keys_that_differ_in_their_spelling_only_are_told() -> None:
    alike = {0: {3 + key: 3 for key in range(50)}}
    found = evidence([*range(100)], same=alike)
    assert found.hits == 0
    assert any("spelled alike, 49\u00a0% instead of 0\u00a0% would hit" in each for each in found.remarks)
    assert not any("spelled alike" in each for each in evidence([*range(100)], same={1: alike[0]}).remarks)


def test_hits_within_one_test_are_those_of_a_cache_that_each_finds_empty() -> None:
    tests = [(0, "test_a"), (10, "test_b")]
    found = evidence([0, 1] * 10, tests=tests)
    assert found.hit_rate == pytest.approx(18 / 20)
    assert found.hit_rate_within_test == pytest.approx(16 / 20)
    nested = evidence([0, 1] * 10, tests=tests, stops=[20, *range(2, 21)])
    assert nested.hit_rate_within_test is not None
    assert evidence([0, 1] * 10).hit_rate_within_test is None


def test_without_a_parameter_more_would_hit() -> None:
    """The first one named, and not the next, which is the second in the trace."""
    alike = {1: {3 + key: 3 for key in range(50)}}
    lane_keys = [*range(100)]
    found = evidence(lane_keys, without=("session", "verbose"), same=alike)
    (told,) = [each for each in found.remarks if "would hit without it" in each]
    assert told.startswith("`session` is another object")


def test_what_is_saved_together_is_told_with_what_hits() -> None:
    found = evidence([0, 1] * 50)
    assert found.together is not None
    assert found.together.saved_seconds == found.saved_seconds
    counted = evidence([0, 1] * 50, wrapper=Wrapper(0, 1, 2, counted=900, stopped=tracefile.BUSY))
    assert (found.only_counted, counted.only_counted) == (0, 900)


def test_a_function_below_another_cached_one_is_told_to_starve() -> None:
    """The outer one's cache answers what makes all but the first of the inner one's calls."""
    count = 40
    lane = Lane(
        numbers=array("I", [5, 6] * count),
        stops=array("I", [2 * (index // 2) + 2 for index in range(2 * count)]),
        seconds=array("d", [2e-3, 1e-3] * count),
        starts=array("q", range(2 * count)),
        ends=array("q", range(2 * count)),
        raised=bytearray(2 * count),
    )
    wrappers = {1: Wrapper(0, 1, 2), 2: Wrapper(1, 3, 4)}
    process = Process("1-0", "", 0, COSTS, (lane,), wrappers, array("I", [0, 1, 1, 2, 2, 1, 2]))
    subjects = [ObservedFunction(FUNCTION), ObservedFunction(replace(FUNCTION, qualname="g"))]
    outer, inner = Appraisal(Trace((process,), 1), subjects, 128).evidence()
    assert (outer.hits, inner.hits) == (39, 39)
    assert inner.together is not None
    assert (inner.together.hits, inner.together.misses) == (0, 1)
    assert any("with the other functions cached it is called once" in each for each in inner.remarks)
    assert not any("with the other functions cached" in each for each in outer.remarks)


@pytest.mark.parametrize("repeated", [0.0009, 0.0011])
def test_a_curve_is_only_drawn_where_some_cache_could_matter(repeated: float) -> None:
    """Of 100 s of a run, one in a thousand and a little less; the figures at the size in question stay."""
    keys = [*range(300), *range(300)]
    found = evidence(keys, seconds=repeated * 100 / 300, run=TestRun(Outcome.PASSED, 0, 100.0, 100.0))
    sizes = [point.maxsize for point in found.curve]
    assert sizes == ([128, 512] if repeated < 0.001 else [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
    assert (found.hits, found.calls, found.maxsize) == (300, 600, 512)
    audited = evidence(
        keys,
        seconds=repeated * 100 / 300,
        run=TestRun(Outcome.PASSED, 0, 100.0, 100.0),
        function=replace(FUNCTION, cache=ExistingCache(128, typed=False)),
    )
    assert len(audited.curve) > 2, "a cache that is there is looked at closely"


def test_a_new_cache_saves_as_much_as_the_pace_of_a_run_leaves_open() -> None:
    found = evidence([0, 1] * 50)
    saved = found.saved_seconds or 0.0
    assert found.saved_low == pytest.approx(saved - 0.1 * 98e-3)
    assert found.saved_high == pytest.approx(saved + 0.1 * 98e-3)


def test_what_recording_and_counting_took_is_only_known_so_well() -> None:
    """Half of the time of a call and 60 % of that of the 100 that were counted was taken off."""
    counted = replace(WRAPPER, counted=100, counted_seconds=0.04, counting=0.06)
    costs = replace(COSTS, inside=0.2e-3, outside=0.3e-3)
    found = evidence([0] * 100, wrapper=counted, costs=costs)
    saved, share = found.saved_seconds or 0.0, 0.99
    off = 100 * 0.5e-3 * (0.1 + 0.04) / 0.1 + 0.06
    assert found.saved_low == pytest.approx(saved - share * (off + 0.1 * 0.14), rel=1e-3)
    assert found.saved_high == pytest.approx(saved + share * 0.1 * 0.14, rel=1e-3)


def test_calls_of_other_functions_within_are_recorded_too() -> None:
    """Each of two calls makes two of another function, of which the outer ones are told."""
    lane = Lane(
        array("I", [3, 8, 8, 3, 8, 8]),
        array("I", [3, 2, 3, 6, 5, 6]),
        array("d", [1e-3, 1e-5, 1e-5] * 2),
        array("q", [10, 11, 13, 20, 21, 23]),
        array("q", [16, 12, 14, 26, 22, 24]),
        bytearray(6),
    )
    wrappers = {1: WRAPPER, 2: Wrapper(1, 6, 7)}
    costs = replace(COSTS, inside=1e-5, outside=2e-5)
    made = Process("1-0", "", 0, costs, (lane,), wrappers, array("I", [0, 1, 1, 1, 0, 0, 2, 2, 2]))
    functions = [ObservedFunction(FUNCTION), ObservedFunction(replace(FUNCTION, line=9))]
    outer, inner = Appraisal(Trace((made,), 1), functions, 128).evidence()
    assert outer.saved_low == pytest.approx((outer.saved_seconds or 0.0) - 1e-4 - 0.5 * 6 * 3e-5)
    assert inner.saved_low == pytest.approx((inner.saved_seconds or 0.0) - 0.75 * (4e-6 + 4 * 3e-5))


def test_calls_that_were_all_watched_may_take_far_less() -> None:
    watched = evidence([0] * 10, slowed=[(0, 10)])
    saved = watched.saved_seconds or 0.0
    assert watched.saved_low == pytest.approx(saved - 9e-3 * (0.1 + 7 / 8))
    assert watched.saved_high == pytest.approx(saved + 9e-4)
    first = evidence([0] * 10, slowed=[(0, 1)])
    assert first.saved_low == pytest.approx((first.saved_seconds or 0.0) - 9e-4)

"""How a function was called, from calls made by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.trace.calls import Costs
from hitrate.trace.reader import Wrapper
from hitrate.trace.usage import Lookup, Usage, dearness, usage_of
from tests.unit.traces import CLEARED, FIRST, KEYS, LAST, REFUSED, WRAPPERS, Call, Outer, flat, process

numbers = st.lists(st.sampled_from([*KEYS, REFUSED, CLEARED]), max_size=20)


@given(numbers, numbers)
def test_calls_and_keys_are_counted_by_process(first: list[int], second: list[int]) -> None:
    usage = usage_of(0, [process(flat(first)), process(flat(second), "2-0")])
    both = [each for each in first + second if each != CLEARED]
    assert usage.recorded == usage.calls == len(both)
    assert usage.refused == both.count(REFUSED)
    keys = [len({each for each in calls if each in KEYS}) for calls in (first, second)]
    assert usage.keys == sum(keys)
    assert usage.most_keys == max(keys)


def test_of_a_recursion_the_outer_calls_tell_the_time() -> None:
    tree = Call(FIRST, (Call(LAST, (Call(FIRST, seconds=1),), seconds=2), Call(LAST, seconds=3)), seconds=9)
    usage = usage_of(0, [process([Outer(tree), Outer(Call(LAST, seconds=4, raised=True))])])
    assert (usage.recorded, usage.outer, usage.raised) == (5, 2, 1)
    assert (usage.seconds, usage.outer_seconds) == (19.0, 13.0)
    assert usage.is_recursive
    assert usage.mean_seconds == pytest.approx(19 / 5)
    assert usage.first_seconds == 9 + 2  # of each key the call that came first


def test_a_key_comes_first_once_in_a_process_whichever_threads_ask_for_it() -> None:
    """As where each request is served by a thread of its own."""
    calls = [Outer(Call(FIRST, seconds=9), 1), *(Outer(Call(FIRST, seconds=2), lane) for lane in (0, 2, 3))]
    usage = usage_of(0, [process(calls), process(calls, "2-0")])
    assert (usage.recorded, usage.keys) == (8, 2)
    assert (usage.first_seconds, usage.repeated_seconds) == (18, 12)


def test_tests_are_named_in_the_order_in_which_they_call() -> None:
    calls = [Outer(Call(FIRST), test="test_b"), Outer(Call(FIRST), test="test_a"), Outer(Call(LAST), 1)]
    usage = usage_of(0, [process(calls)])
    assert list(usage.tests) == ["test_b", "test_a"]


def test_calls_that_were_only_counted_scale_the_others() -> None:
    counted = WRAPPERS | {1: Wrapper(0, REFUSED, CLEARED, counted=30, counted_seconds=3.0, stopped=1)}
    usage = usage_of(0, [process(flat([FIRST] * 10), wrappers=counted)])
    assert (usage.calls, usage.scale, usage.endings) == (40, 4.0, {1})
    assert usage.time_scale == pytest.approx(1.3)  # 10 s recorded, 3 s counted
    slow = WRAPPERS | {1: Wrapper(0, REFUSED, CLEARED, counted=30, counted_seconds=300.0)}
    assert usage_of(0, [process(flat([FIRST] * 10), wrappers=slow)]).time_scale == 4.0
    untimed = WRAPPERS | {1: Wrapper(0, REFUSED, CLEARED, counted=30)}
    assert usage_of(0, [process(flat([FIRST] * 10), wrappers=untimed)]).time_scale == 4.0


def test_what_was_never_called_has_no_mean_and_no_scale() -> None:
    usage = usage_of(0, [])
    assert (usage.calls, usage.scale, usage.time_scale, usage.mean_seconds) == (0, 1.0, 1.0, None)
    assert usage == Usage()


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6))
def test_time_never_falls_below_none(seconds: list[int]) -> None:
    """What recording costs is taken off each call by its mean: cheap ones may come out below zero."""
    usage = usage_of(0, [process([Outer(Call(FIRST, seconds=each)) for each in seconds])])
    assert usage.seconds == usage.outer_seconds == max(0, sum(seconds))
    assert 0 <= usage.first_seconds <= usage.seconds


def test_keys_that_are_slow_to_hash_make_lookups_dearer() -> None:
    costs = Costs(hit=1.0, miss=2.0, lookup=3.0)
    plain = process(flat([FIRST]), costs=costs)
    slow = replace(plain, key_costs={0: [4_000_000_000, 5_000_000_000, 90_000_000_000]})
    assert dearness(plain, 0) is None
    assert dearness(slow, 0) == 2.0  # the median, less what a plain one takes
    assert usage_of(0, [plain]).lookup == usage_of(0, [plain]).plain == Lookup(1.0, 2.0)
    assert usage_of(0, [slow]).lookup == Lookup(3.0, 4.0)
    quick = replace(plain, key_costs={0: [1]})
    assert usage_of(0, [quick]).lookup == Lookup(1.0, 2.0)


def test_an_entry_is_a_mean_key_and_a_mean_result() -> None:
    sampled = process(flat([FIRST]), result_sizes={0: [10, 30]}, key_sizes={0: [5]})
    assert usage_of(0, [sampled]).entry_bytes == 25.0
    assert usage_of(0, [replace(sampled, key_sizes={})]).entry_bytes is None

"""Why a cache misses its mark: each remark at its limit, and silence beside it."""

from dataclasses import replace

import pytest

from hitrate.evidence import CurvePoint, Together
from hitrate.probe.recording import tracefile
from hitrate.replay.remarks import Signs, remarks
from hitrate.source.function import ExistingCache, Function
from hitrate.trace.usage import Lookup, Usage
from hitrate.vocabulary import Metric

NBSP = "\u00a0"
FUNCTION = Function("a.py", "f", 1)
SIGNS = Signs(
    function=FUNCTION,
    maxsize=128,
    usage=Usage(recorded=100, keys=50, most_keys=50, objects=1, outer=100),
    hits=50,
    misses=50,
    within_test=None,
    spelled_alike=None,
    without={},
    curve=(),
    together=None,
    metric=Metric.CPU,
)


def told(usage: dict[str, object] | None = None, **fields: object) -> tuple[str, ...]:
    whole = {"usage": replace(SIGNS.usage, **(usage or {})), **fields}  # type: ignore[arg-type]
    return remarks(replace(SIGNS, **whole))  # type: ignore[arg-type]


def test_a_cache_that_does_what_it_could_needs_no_word() -> None:
    assert told() == ()


def test_the_hit_rate_is_of_lookups() -> None:
    assert SIGNS.hit_rate == 0.5
    assert replace(SIGNS, hits=0, misses=0).hit_rate == 0.0


def test_arguments_that_cannot_be_hashed() -> None:
    end = "of its calls pass arguments that cannot be hashed"
    (refused,) = told({"refused": 3})
    assert refused == (
        "3 of 100 of its calls pass arguments that raise when they are compared with earlier ones; "
        "a cache would raise the same"
    )
    kinds = {("rows", "list"): None, ("by", "dict"): None}
    assert told({"refused": 1234, "recorded": 5000, "unhashable": kinds}) == (
        f"1,234 of 5,000 {end}: `rows` is a list and `by` is a dict; a cache would raise TypeError",
    )


def test_a_function_that_is_defined_again_and_again() -> None:
    assert told({"objects": 1}) == told({"objects": 5, "recorded": 1}) == ()
    (remark,) = told({"objects": 2, "recorded": 2})
    assert remark == (
        "the function is redefined 2 times in one process, each time with an empty cache; define it once, "
        "outside of the function or loop that defines it"
    )


def test_a_parameter_that_makes_keys_differ() -> None:
    assert told(without={"a": 0.69}) == ()
    gain = f"70{NBSP}% instead of 50{NBSP}% of the lookups would hit without it"
    assert told(without={"a": 0.7}) == (
        (
            f"`a` is another object in most calls whose other arguments repeat: {gain}; cache a "
            f"function that "
            "does not take it"
        ),
    )
    unread = replace(FUNCTION, unread=("b",))
    assert told(function=unread, without={"a": 0.1, "b": 0.7}) == (
        f"`b` is part of the key but never read: {gain}",
    )


def test_arguments_that_are_spelled_in_two_ways() -> None:
    assert told(spelled_alike=0.54) == ()
    assert told(spelled_alike=0.55) == (
        (
            "the same arguments are passed by position in some calls and by keyword, or left to "
            "their defaults, in "
            f"others, which makes different keys: spelled alike, 55{NBSP}% instead of 50{NBSP}% would hit"
        ),
    )


@pytest.mark.parametrize(
    ("points", "maxsize", "told_size"),
    [
        (((128, 0.0), (256, 0.19), (512, 0.2), (1024, 0.9)), 128, 512),
        (((128, 0.0), (256, 0.2), (512, 0.9)), 128, 256),
        (((128, 0.0), (513, 0.9)), 128, None),
        (((128, 0.0), (512, 0.19)), 128, None),
        (((64, 0.9), (128, 0.0)), 128, None),
        (((256, 0.9),), 128, None),
        (((128, 0.0), (256, 0.9)), None, None),
    ],
)
def test_a_size_just_below_the_working_set(
    points: tuple[tuple[int, float], ...], maxsize: int | None, told_size: int | None
) -> None:
    curve = tuple(CurvePoint(size, rate, 0.0) for size, rate in points)
    assert told(curve=curve, maxsize=maxsize) == (
        (
            (
                f"maxsize 128 is just too small: {told_size} answers 20{NBSP}% instead of "
                f"0{NBSP}% of the lookups"
            ),
        )
        if told_size
        else ()
    )


def test_a_cache_that_another_one_leaves_nothing() -> None:
    assert told(together=Together(30, 20, 0.0)) == ()
    assert told(together=Together(0, 1, 0.0), hits=0, misses=100) == ()
    end = "a cache above it answers most of what its own would"
    assert told(together=Together(29, 71, 0.0), hits=50, misses=1950) == (
        f"with the other functions cached it is called 100 times instead of 2,000 times: {end}",
    )
    assert told(together=Together(0, 1, 0.0)) == (
        f"with the other functions cached it is called once instead of 100 times: {end}",
    )


REMEMBERS = {"recorded": 70, "keys": 50, "seconds": 0.5 + 20 * 2e-3, "first_seconds": 0.5}
"""50 first calls of 10 ms, 20 later ones of 2 ms."""


def test_a_function_that_remembers_results() -> None:
    assert told(REMEMBERS) == (
        (
            f"a call with new arguments takes 10{NBSP}ms, a repeated one 2.0{NBSP}ms: it, or "
            f"something that it "
            "calls, remembers results already"
        ),
    )


@pytest.mark.parametrize(
    "less",
    [
        {"recorded": 69},
        {"refused": 1},
        {"seconds": 0.5 + 20 * 2.5e-3},
        {"first_seconds": 50 * 2e-6, "seconds": 50 * 2e-6},
        {"keys": 40, "first_seconds": 1e-4, "seconds": 1e-4},
        {"keys": 0, "first_seconds": 0.0},
        {"outer": 60},
    ],
)
def test_what_is_no_sign_of_a_memory(less: dict[str, object]) -> None:
    found = told({**REMEMBERS, "outer": 70, **less})
    assert not any("remembers" in remark for remark in found)


def test_a_cache_of_its_own_is_no_surprise() -> None:
    assert told(REMEMBERS, function=replace(FUNCTION, cache=ExistingCache(128, typed=False))) == ()


def test_calls_that_raise() -> None:
    assert told({"raised": 30}) == ()
    assert told({"raised": 31}) == ("31 of 100 of its calls raise an exception, which a cache does not keep",)


@pytest.mark.parametrize(
    ("within", "hits", "is_told"),
    [(0.24, 50, True), (0.25, 50, False), (0.0, 20, True), (0.0, 19, False), (None, 50, False)],
)
def test_hits_from_other_tests(within: float | None, hits: int, is_told: bool) -> None:
    found = told(within_test=within, hits=hits, misses=100 - hits)
    assert bool(found) is is_told
    if is_told:
        assert found[0].startswith(
            "most hits come from different tests that pass the same arguments: within one "
        )
        assert found[0].endswith(f"test {round((within or 0) * 100)}{NBSP}% of the lookups would hit")


def test_calls_that_wait() -> None:
    assert told(metric=Metric.WALL) == (
        "its calls wait most of the time: its times are wall time, of which CPU time shows little",
    )


def test_a_recording_that_ended() -> None:
    assert told({"endings": {tracefile.BUSY}}) == ("only the first 100 of its calls were recorded",)
    assert told({"endings": {tracefile.BUSY}, "counted": 1900}) == (
        "the first 100 of its 2,000 calls were recorded, the others counted; its figures are scaled up",
    )
    cheap = {"endings": {tracefile.CHEAP}, "counted": 9, "lookup": Lookup(1e-6, 2e-6), "seconds": 2e-4}
    (remark,) = told(cheap)
    assert remark.startswith("a call takes ")
    assert remark.endswith(
        f"about as long as a lookup in a cache (1.0{NBSP}µs): only the first 100 calls were recorded"
    )
    for others in ({tracefile.ENDLESS}, {tracefile.ENDLESS, tracefile.CHEAP}):
        assert told({"endings": others, "counted": 9}) == (
            "hashing or comparing its arguments calls it again: with a cache it would never return",
        )

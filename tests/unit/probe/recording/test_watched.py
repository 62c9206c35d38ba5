"""One observed function: its keys are those of ``lru_cache``, and its wrapper looks like it."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hitrate.probe.recording import tracefile
from hitrate.probe.recording.watched import PAUSED_BYTES, Watched
from tests.unit.probe.observing import Observation

VALUES = st.sampled_from([0, 1, True, 1.0, 0.0, "0", "a", "", None, (0,), (1,), (True,), 2**70])
CALLS = st.tuples(
    st.lists(VALUES, max_size=2).map(tuple), st.dictionaries(st.sampled_from("ab"), VALUES, max_size=2)
)


def echo(*args: object, **kwargs: object) -> tuple[object, ...]:
    """What it was given."""
    return (*args, *kwargs.items())


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return Observation(tmp_path_factory.mktemp("keys")).recorder.Recorder()


def watched(
    recorder: Any, function: Callable[..., Any], typed: bool | None = None
) -> tuple[Watched, Callable[..., Any]]:
    found = Watched(recorder, 0, function, None if typed is None else (None, typed), ())
    return found, found.wrap()


@settings(max_examples=40)
@given(CALLS, CALLS, st.booleans())
@example(((1,), {}), ((True,), {}), False)
@example(((1, 0), {}), ((1.0, False), {}), False)
@example(((1, 0), {}), ((1.0, 0), {}), True)
@example(((), {"a": 1}), ((), {"a": 1.0}), True)
@example(((), {"a": 1, "b": 2}), ((), {"b": 2, "a": 1}), False)
@example(((("a", 1),), {}), ((), {"a": 1}), False)
def test_two_calls_have_one_key_where_lru_cache_answers_the_second_by_the_first(
    recorder: Any, first: Any, second: Any, typed: bool
) -> None:
    real = functools.lru_cache(maxsize=None, typed=typed)(echo)
    for args, kwargs in (first, second):
        real(*args, **kwargs)
    found, _ = watched(recorder, echo, typed)
    assert (found.key(*first) == found.key(*second)) == bool(real.cache_info().hits)


def test_a_wrapper_is_a_plain_function_that_looks_like_the_one_it_stands_for(recorder: Any) -> None:
    def documented(a: int, *, b: int = 2) -> int:
        """Adds."""
        return a + b

    _, wrapper = watched(recorder, documented)
    assert (wrapper.__name__, wrapper.__doc__, wrapper.__kwdefaults__) == ("documented", "Adds.", {"b": 2})
    assert wrapper(1) == 3
    assert not hasattr(wrapper, "cache_info")


def test_the_cache_that_a_function_carries_goes_on_working(recorder: Any) -> None:
    found, wrapper = watched(recorder, lambda number: [number], typed=True)
    assert wrapper(1) is wrapper(1)
    assert wrapper(1) is not wrapper(1.0)
    assert wrapper.cache_info()[:2] == (2, 2)
    assert wrapper.cache_parameters() == {"maxsize": None, "typed": True}
    wrapper.cache_clear()
    assert wrapper.cache_info().currsize == 0
    assert found.misses() == 0


@pytest.mark.parametrize("reason", tracefile.UNCOUNTED)
def test_a_function_that_is_not_even_counted_costs_nothing_any_more(recorder: Any, reason: int) -> None:
    def plain(number: int) -> int:
        return number

    found, wrapper = watched(recorder, plain)
    wrapper(1)
    found.stop(reason)
    assert wrapper.__code__ is plain.__code__
    assert wrapper(2) == 2
    assert found.keys == {}


def test_one_that_is_counted_can_be_recorded_again_when_it_matters(recorder: Any) -> None:
    """It still knows its keys then, as a cache would."""
    found, wrapper = watched(recorder, echo)
    wrapper(1)
    wrapper(2)
    assert [*found.keys] == [1, 2]
    found.pause(least=1_000.0)
    assert wrapper(3) == (3,)
    found.reconsider(1_000.0, calls=1 << 60, each=999.0)  # short calls never are
    wrapper(4)
    assert [*found.keys] == [1, 2]
    found.reconsider(1_000.0, calls=1 << 60, each=1_000.0)
    wrapper(5)
    assert [*found.keys] == [1, 2, 5]


@pytest.mark.parametrize("key", [Observation, "x" * (PAUSED_BYTES + 1)], ids=["an object", "a long text"])
def test_keys_that_cost_something_are_let_go_while_calls_are_counted(recorder: Any, key: object) -> None:
    found, wrapper = watched(recorder, echo)
    before = recorder.key_bytes
    wrapper(key)
    assert [*found.keys] in ([key], [(key,)])
    found.pause()
    assert found.keys == {}
    assert recorder.key_bytes == before


def test_stopping_for_good_is_for_good(recorder: Any) -> None:
    found, wrapper = watched(recorder, echo)
    wrapper(1)
    found.stop(tracefile.CROWDED)
    found.reconsider(0.0, calls=1 << 60, each=1e9)
    assert wrapper(1) == (1,)
    assert found.keys == {}


@pytest.fixture
def observation(tmp_path: Path) -> Observation:
    return Observation(tmp_path)


def test_arguments_that_cannot_be_a_key_are_named_and_the_call_is_made(observation: Observation) -> None:
    @observation.observe(0)
    def size(things: list[int], more: object = None) -> int:
        return len(things)

    assert [size([1]), size((1, 2)), size([1], more={})] == [1, 2, 1]
    (process,) = observation.trace().processes
    assert process.unhashable == {0: (("things", "list"), ("more", "dict"))}
    (wrapper,) = process.wrappers.values()
    assert [*process.lanes[0].numbers].count(wrapper.refused) == 2

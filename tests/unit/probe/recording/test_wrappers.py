"""Functions that only count stand in for others without being noticed."""

import functools
import threading
import types
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from hitrate.probe.recording import tracefile, wrappers
from hitrate.probe.recording.wrappers import ONE_IN, RECONSIDERED, TIMED


class Counting:
    """A function with a wrapper that only counts, and what it counted."""

    def __init__(
        self, function: Callable[..., Any], reconsider: Callable[[int, float], None] | None = None
    ) -> None:
        self.words = memoryview(bytearray(8 * tracefile.ENDING_WORDS)).cast("Q")
        self.timing: list[bool] = []
        code = wrappers.counting(function, function, self.words, 0, self.timing, reconsider)
        self.call = types.FunctionType(code, {}, closure=function.__closure__)

    @property
    def calls(self) -> int:
        return self.words[0]

    @property
    def timed(self) -> int:
        return self.words[1]


def echo(*args: object, **kwargs: object) -> object:
    """What it was given."""
    return args, kwargs


def test_calls_are_passed_on_and_counted_and_the_first_ones_all_timed() -> None:
    counting = Counting(echo)
    for number in range(TIMED):
        assert counting.call(number, words=1) == ((number,), {"words": 1})
    assert counting.calls == counting.timed == TIMED
    for _ in range(10 * ONE_IN):
        counting.call()
    assert (counting.calls, counting.timed) == (TIMED + 10 * ONE_IN, TIMED + 10)


def test_a_call_that_raises_is_counted_and_timed_and_the_next_ones_too() -> None:
    def broken(number: int) -> float:
        return 1 / number

    counting = Counting(broken)
    with pytest.raises(ZeroDivisionError):
        counting.call(0)
    assert (counting.call(1), counting.calls, counting.timed) == (1, 2, 2)


def test_calls_within_one_that_is_timed_are_part_of_it() -> None:
    def down(number: int) -> int:
        return number and counting.call(number - 1)

    counting = Counting(down)
    counting.call(4)
    assert (counting.calls, counting.timed) == (5, 1)
    assert counting.words[2] == 5  # calls in what was timed, its own included


def test_it_is_reconsidered_now_and_then_with_what_a_call_takes() -> None:
    told: list[tuple[int, float]] = []
    counting = Counting(lambda: sum(range(1_000)), lambda calls, each: told.append((calls, each)))
    for _ in range(2 * RECONSIDERED + 1):
        counting.call()
    assert [calls for calls, _ in told] == [RECONSIDERED, 2 * RECONSIDERED]
    assert all(each > 1_000 for _, each in told)  # ns


def named(args: int, kwargs: int, words: int, timing: int) -> Callable[[], Any]:
    """A function whose free variables are called as the wrapper's own."""

    def inner(**given: int) -> Any:
        return args, kwargs, words, timing, given

    return inner


def test_free_variables_may_be_called_as_the_wrappers_own() -> None:
    function = named(1, 2, 3, 4)
    counting = Counting(function)
    assert counting.call(count=5) == (1, 2, 3, 4, {"count": 5})
    code = counting.call.__code__
    assert code.co_freevars == function.__code__.co_freevars
    assert not {*code.co_varnames} & {*code.co_freevars}
    assert (code.co_name, code.co_qualname) == ("inner", "named.<locals>.inner")


def test_a_warning_is_still_about_the_line_that_called_the_function() -> None:
    def old() -> None:
        warnings.warn("old", DeprecationWarning, stacklevel=2)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Counting(old).call()
    assert [warning.filename for warning in caught] == [__file__]


def test_what_has_no_code_of_its_own_is_counted_as_well() -> None:
    counting = Counting(echo)
    code = wrappers.counting(max, max, counting.words, 0, counting.timing)
    assert types.FunctionType(code, {})(2, 3) == 3
    assert (code.co_name, counting.calls) == ("max", 1)
    lock = threading.Lock()
    code = wrappers.counting(lock.locked, lock.locked, counting.words, 0, counting.timing)
    assert types.FunctionType(code, {})() is False


class Shapes:
    """Functions of all shapes, each a closure too; what they are given is what they return."""

    def __init__(self) -> None:
        tools = count = "free"

        def none():
            return ()

        def plain(a, b=2, c=(3,)):
            return a, b, c

        def named_alike(words, at, timing, start, function=1, *, every, clock=2):
            return words, at, timing, start, function, every, clock

        def keywords(*, key0, _0=1, key1=2):
            return key0, _0, key1

        def positional(a, b=2, /, c=3):
            return a, b, c

        def mangled(self, __x, *, __y=1):
            return self, __x, __y

        def closed(a, *, key1="k"):
            return a, key1, tools, count

        def more(a, *args, key0=1, **kwargs):
            return a, args, key0, kwargs

        self.all = [none, plain, named_alike, keywords, positional, mangled, closed, more]


CALLS: list[tuple[tuple[int, ...], dict[str, int]]] = [
    ((), {}),
    ((1,), {}),
    ((1, 2), {}),
    ((1, 2, 3), {}),
    ((1, 2, 3, 4), {"every": 5}),
    ((1,), {"b": 5}),
    ((1,), {"c": 5, "b": 6}),
    ((), {"key0": 1}),
    ((), {"key0": 1, "key1": 7, "_0": 8}),
    ((1,), {"key1": 4}),
    ((1,), {"a": 4}),
    ((1, 2), {"_Shapes__y": 4}),
    ((), {"words": 1, "at": 2, "timing": 3, "start": 4, "every": 5, "clock": 6, "function": 7}),
    ((), {"other": 1}),
]


def outcome(call: Callable[..., Any], args: tuple[int, ...], kwargs: dict[str, int]) -> object:
    try:
        return call(*args, **kwargs)
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize("function", Shapes().all, ids=lambda function: function.__name__)
def test_functions_of_all_shapes_are_given_what_they_were_given_before(function: Callable[..., Any]) -> None:
    counting = Counting(function)
    counting.call.__defaults__ = function.__defaults__  # type: ignore[attr-defined]
    counting.call.__kwdefaults__ = function.__kwdefaults__  # type: ignore[attr-defined]
    told = [outcome(function, *call) for call in CALLS]
    assert [outcome(counting.call, *call) for call in CALLS] == told
    assert any(type(each) is tuple for each in told)
    assert counting.calls >= sum(type(each) is tuple for each in told)


@pytest.mark.parametrize("many", [1, 11, 12, 13, 15, 16, 17, 300])
def test_however_many_parameters_are_passed_on(many: int) -> None:
    space: dict[str, Callable[..., Any]] = {}
    first, second = ([f"{letter}{number}" for number in range(many)] for letter in "pq")
    source = f"def wide({', '.join(first)}, *, {', '.join(second)}): return {first[-1]}, {', '.join(second)}"
    exec(source, space)
    counting = Counting(space["wide"])
    keywords = {name: number for number, name in enumerate(second)}
    assert counting.call(*range(many), **keywords) == (many - 1, *range(many))
    assert counting.call(**dict.fromkeys(first, 5), **keywords) == (5, *range(many))


def test_the_spelling_of_a_call_reaches_a_cache() -> None:
    cache = functools.lru_cache(echo)
    words = memoryview(bytearray(8 * tracefile.ENDING_WORDS)).cast("Q")

    def function(a: int, b: int = 2) -> object:
        return a, b

    call = types.FunctionType(wrappers.counting(cache, function, words, 0, []), {})
    assert [call(1), call(1, 2), call(1, b=2), call(a=1)] == [
        ((1,), {}), ((1, 2), {}), ((1,), {"b": 2}), ((), {"a": 1})
    ]  # fmt: skip
    assert cache.cache_info().misses == 4

"""Functions that only count stand in for others without being noticed."""

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

"""Limits: what goes over one is refused in one line, whatever it is, and the time is given back."""

import signal
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hitrate.errors import AnalysisError
from hitrate.files import limits
from hitrate.files.limits import FirstLook, LimitError, check_yaml, parse_ini, parse_json, parse_toml, within


def forever() -> None:
    for _ in count():
        with suppress(Exception):  # as parsers do
            time.monotonic()


def deep() -> int:
    return deep() + 1


def test_work_that_does_not_end_is_broken_off() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(LimitError, match=r"takes more than 0\.05 s"):
        within(0.05, forever)
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_work_that_ends_is_not() -> None:
    assert within(60, lambda: 3) == 3
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_the_time_of_the_whole_is_up_within_a_part_of_it() -> None:
    with pytest.raises(LimitError, match=r"takes more than 0\.05 s"):
        within(0.05, lambda: within(60, forever), timer=signal.ITIMER_REAL)
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("error", [RecursionError, MemoryError])
def test_a_parser_that_gives_up(error: type[BaseException]) -> None:
    def give_up() -> None:
        raise error

    with pytest.raises(LimitError):
        within(60, give_up)


def test_recursion_without_an_end() -> None:
    with pytest.raises(LimitError, match="nested too deeply"):
        within(60, deep)


def ticks(*times: float) -> Iterator[float]:
    yield from times


def test_the_parts_of_a_look_share_its_time() -> None:
    clock = ticks(0, 4, 4, 20, 20)
    look = FirstLook(seconds=5.0, clock=lambda: next(clock))
    assert look.spend("one", "leave it", lambda: 1) == 1
    with pytest.raises(AnalysisError) as raised:
        look.spend("two", "leave it", forever)
    assert str(raised.value) == "two: the look before the first run takes more than 5 s; leave it"


def expanded(value: object) -> int:
    match value:
        case dict():
            return 1 + sum(1 + expanded(item) for item in value.values())
        case list():
            return 1 + sum(map(expanded, value))
    return 1


NESTED = st.recursive(st.integers(0, 9), lambda inner: st.lists(inner, max_size=4), max_leaves=8)


@given(st.lists(NESTED, min_size=1, max_size=5), st.data())
def test_nodes_are_counted_as_if_nothing_were_shared(values: list[object], data: st.DataObject) -> None:
    lines = []
    for number, value in enumerate(values):
        earlier = [f"*a{n}" for n in data.draw(st.lists(st.integers(0, number - 1)))] if number else []
        lines.append(f"- &a{number} [{', '.join([str(value), *earlier])}]\n")
    text = "".join(lines)
    nodes = limits._Nodes()
    for event in YAML(typ="safe", pure=True).parse(text):
        nodes.take(event)
    assert nodes.total == expanded(YAML(typ="safe", pure=True).load(text))
    too_many = nodes.total > limits.YAML_NODES
    with pytest.raises(LimitError, match="once aliases are resolved") if too_many else nullcontext():
        check_yaml(text.encode())


def test_depth_at_the_limit_and_beyond() -> None:
    for depth in (limits.DEPTH - 1, limits.DEPTH + 1):
        brackets = "[" * depth + "]" * depth
        outcome = pytest.raises(LimitError, match="nested") if depth > limits.DEPTH else nullcontext()
        with outcome:
            parse_toml(f"a = {brackets}".encode())
        with outcome:
            check_yaml(brackets.encode())


@given(st.binary(max_size=200))
def test_bytes_end_in_a_value_or_in_an_error_of_value(data: bytes) -> None:
    for parse in (parse_toml, parse_json):
        with suppress(ValueError):
            parse(data)
    with suppress(ValueError, SyntaxError):
        limits.parse_python(data)


def test_json_nested_too_deeply() -> None:
    with pytest.raises(LimitError):
        parse_json("[" * 200_000)


def test_ini_over_the_limit() -> None:
    with pytest.raises(LimitError, match="larger than"):
        parse_ini("#" * (limits.PACKAGING_BYTES + 1))

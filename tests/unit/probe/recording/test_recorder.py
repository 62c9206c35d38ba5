"""What one process records of all that is observed in it."""

import functools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.probe.recording.watched import Watched
from tests.unit.probe.observing import Observation


def kept(number: int) -> list[int]:
    """A result that tells by its identity whether it came from a cache."""
    return [number]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return Observation(tmp_path_factory.mktemp("numbers")).recorder.Recorder()


@pytest.fixture
def observation(tmp_path: Path) -> Observation:
    return Observation(tmp_path)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 100)), min_size=1, max_size=8))
def test_every_number_of_a_key_belongs_to_the_one_wrapper_that_was_given_it(
    recorder: Any, given_out: list[tuple[int, int]]
) -> None:
    wrappers = [Watched(recorder, slot, kept, None, ()) for slot in range(3)]
    blocks = [(wrappers[which], recorder.block(wrappers[which], count), count) for which, count in given_out]
    numbers = [number for _, first, count in blocks for number in range(first, first + count)]
    assert len({*numbers}) == len(numbers)
    for wrapper, first, count in blocks:
        assert {recorder.owner_of(number) for number in (first, first + count - 1)} == {wrapper}


def test_the_numbers_of_a_wrapper_that_is_gone_belong_to_nobody(recorder: Any) -> None:
    gone, there = (Watched(recorder, 0, kept, None, ()) for _ in range(2))
    numbers = [recorder.block(each, 4) for each in (gone, there)]
    del gone
    assert [recorder.owner_of(number) for number in numbers] == [None, there]
    assert there in recorder.live()


def test_of_functions_that_are_made_again_and_again_only_the_first_ones_are_observed(
    observation: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observation.recorder, "INSTANCES", 2)
    observed = [observation.observe(0)(kept) for _ in range(3)]
    assert [function is kept for function in observed] == [False, False, True]
    assert observation.observe(1)(kept) is not kept  # another one begins anew
    cached = [observation.observe(2, cache=(8, False))(kept) for _ in range(3)]
    for function in cached:
        assert function(1) is function(1)
        assert function.cache_parameters()["maxsize"] == 8
    assert isinstance(cached[2], functools._lru_cache_wrapper)


def test_each_thing_that_was_decorated_is_an_instance_of_its_function(observation: Observation) -> None:
    first, second = observation.observe(4)(kept), observation.observe(4)(kept)
    other, never = observation.observe(9)(kept), observation.observe(4)(kept)
    for function in (second, first, other, second):
        function(1)
    assert never.__wrapped__ is kept
    (process,) = observation.trace().processes
    assert [(number, wrapper.slot) for number, wrapper in process.wrappers.items()] == [
        (1, 4),
        (2, 4),
        (3, 9),
    ]
    assert len(process.lanes[0]) == 4


def test_the_test_that_runs_is_noted_once_and_a_test_without_variables_is_still_the_same(
    observation: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = observation.observe(0)(kept)
    for current in ("a.py::x (setup)", "a.py::x (call)", None, "b.py::y[(z)] (call)"):
        if current is None:
            monkeypatch.delenv("PYTEST_CURRENT_TEST")
            monkeypatch.delenv("PATH")
        else:
            monkeypatch.setenv("PYTEST_CURRENT_TEST", current)
        function(1)
    (process,) = observation.trace().processes
    assert [*process.lanes[0].stretches()] == [(0, 3, "a.py::x"), (3, 4, "b.py::y[(z)]")]


def test_what_the_oracle_raises_ends_it_and_not_the_test(observation: Observation) -> None:
    recorder: Any = observation.recorder.Recorder()
    recorder.oracle = object()

    def fails(number: int) -> int:
        raise LookupError(number)

    assert recorder.ask(abs, -3) == 3
    assert recorder.oracle is not None
    assert recorder.ask(fails, 3) is None
    assert recorder.oracle is None
    noted = Path(recorder.file.path + ".names").read_text().splitlines()
    assert noted == ["oracle\tLookupError\t3"]


def test_the_oracle_is_not_asked_while_it_is_asked(observation: Observation) -> None:
    recorder: Any = observation.recorder.Recorder()
    assert recorder.ask(lambda: recorder.ask(abs, -3)) is None
    assert recorder.ask(abs, -3) == 3

"""The replay against the real thing: random programs under the recorder and under ``functools.lru_cache``."""

import functools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitrate.replay.replay import Replay
from tests.unit.probe.observing import Observation

SPELLINGS: tuple[Callable[[Any, int], Any], ...] = (
    lambda function, n: function(n),
    lambda function, n: function(n=n),
    lambda function, n: function(n, False),
    lambda function, n: function(n, unused=False),
    lambda function, n: function(float(n)),
    lambda function, n: function(bool(n)) if n < 2 else function(n),
    lambda function, n: function(n, unused=0, n2=n),
    lambda function, n: function(n, n2=n, unused=0),
)


@dataclass(frozen=True)
class Step:
    """What a body does: call another function with a smaller number, clear a cache, or raise."""

    kind: str
    target: int
    spelling: int
    smaller: int
    guarded: bool


@dataclass(frozen=True)
class Program:
    """``bodies[f][n]`` is what function ``f`` does for ``n``; ``script`` is what is called from outside."""

    bodies: tuple[tuple[tuple[Step, ...], ...], ...]
    script: tuple[tuple[str, int, int, int], ...]

    def run(self, decorate: Callable[[int, Any], Any]) -> list[Any]:
        functions: list[Any] = []

        def make(place: int) -> Any:
            def function(n: Any, unused: Any = False, n2: Any = None) -> int:
                for step in self.bodies[place][int(n)]:
                    self.step(functions, step, int(n))
                return int(n)

            return decorate(place, function)

        functions.extend(make(place) for place in range(len(self.bodies)))
        for kind, place, spelling, n in self.script:
            if kind == "clear":
                functions[place].cache_clear()
            else:
                with suppress(ArithmeticError):
                    SPELLINGS[spelling](functions[place], n)
        return functions

    def step(self, functions: list[Any], step: Step, n: int) -> None:
        if step.kind == "raise":
            raise ArithmeticError
        if step.kind == "clear":
            functions[step.target].cache_clear()
        elif n > 0:
            call = functools.partial(
                SPELLINGS[step.spelling], functions[step.target], max(0, n - step.smaller)
            )
            if step.guarded:
                with suppress(ArithmeticError):
                    call()
            else:
                call()


NUMBERS = 5
steps = st.builds(
    Step,
    st.sampled_from(["call"] * 12 + ["raise", "clear"]),
    st.integers(0, 2),
    st.integers(0, len(SPELLINGS) - 1),
    st.integers(1, 2),
    st.booleans(),
)
body = st.lists(steps, max_size=3).map(tuple)
programs = st.builds(
    Program,
    st.tuples(*[st.tuples(*[body] * NUMBERS)] * 3),
    st.lists(
        st.tuples(
            st.sampled_from(["call"] * 9 + ["clear"]),
            st.integers(0, 2),
            st.integers(0, len(SPELLINGS) - 1),
            st.integers(0, NUMBERS - 1),
        ),
        min_size=1,
        max_size=25,
    ).map(tuple),
)
sizes = st.sampled_from([None, 0, 1, 2, 3, 5, 8, 128])


class Counted:
    """A real ``lru_cache`` whose counts go on when it is cleared."""

    def __init__(self, function: Any, maxsize: int | None, *, typed: bool) -> None:
        self.cached = functools.lru_cache(maxsize, typed)(function)
        self.hits = self.misses = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.cached(*args, **kwargs)

    def cache_clear(self) -> None:
        self.hits, self.misses, _ = self.counts()
        self.cached.cache_clear()

    def counts(self) -> tuple[int, int, int]:
        hits, misses, _, entries = self.cached.cache_info()
        return self.hits + hits, self.misses + misses, entries


def uncached(function: Any) -> Any:
    function.cache_clear = lambda: None
    return function


def real_counts(program: Program, cached: dict[int, int | None], *, typed: bool = False) -> dict[int, Any]:
    functions = program.run(
        lambda place, function: (
            Counted(function, cached[place], typed=typed) if place in cached else uncached(function)
        )
    )
    return {place: functions[place].counts() for place in cached}


def replayed(replay: Replay, cached: dict[int, int | None]) -> dict[int, Any]:
    tallies = replay.play(cached)
    return {place: (tally.hits, tally.misses, tally.entries) for place, tally in tallies.items()}


exhaustive = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@exhaustive
@given(program=programs, sizes=st.tuples(sizes, sizes, sizes))
def test_equals_lru_cache_alone_and_together(
    program: Program, sizes: tuple[int | None, ...], tmp_path: Path
) -> None:
    observation = Observation(tmp_path)
    program.run(lambda place, function: observation.observe(place)(function))
    replay = Replay(observation.trace())
    for place, size in enumerate(sizes):
        assert replayed(replay, {place: size}) == real_counts(program, {place: size})
    pair = {0: sizes[0], 2: sizes[2]}
    assert replayed(replay, pair) == real_counts(program, pair)
    everything = dict(enumerate(sizes))
    assert replayed(replay, everything) == real_counts(program, everything)


@exhaustive
@given(program=programs, sizes=st.tuples(sizes, sizes, sizes), typed=st.booleans())
def test_existing_caches_are_what_they_were(
    program: Program, sizes: tuple[int | None, ...], typed: bool, tmp_path: Path
) -> None:
    observation = Observation(tmp_path)
    functions = program.run(
        lambda place, function: observation.observe(place, cache=(sizes[place], typed))(function)
    )
    replay = Replay(observation.trace())
    real = real_counts(program, dict(enumerate(sizes)), typed=typed)
    assert replayed(replay, dict(enumerate(sizes))) == real
    assert [function.cache_info().currsize for function in functions] == [
        entries for *_, entries in real.values()
    ]


@exhaustive
@given(program=programs, asked=st.sets(sizes, min_size=1))
def test_many_sizes_at_once_are_what_each_is(
    program: Program, asked: set[int | None], tmp_path: Path
) -> None:
    observation = Observation(tmp_path)
    program.run(lambda place, function: observation.observe(place)(function))
    replay = Replay(observation.trace())
    for place in range(3):
        at_once = {
            size: (tally.hits, tally.misses, tally.entries)
            for size, tally in replay.alone(place, asked).items()
        }
        assert at_once == {size: real_counts(program, {place: size})[place] for size in asked}

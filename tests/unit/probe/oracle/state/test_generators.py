"""Where generators of random numbers stand."""

import random

from hitrate.probe.oracle.state import generators


class Own(random.Random):
    """One of a project."""

    def getstate(self) -> object:  # type: ignore[override]
        raise AssertionError("a method of the project was called")


def test_a_draw_moves_a_generator_and_a_look_does_not() -> None:
    for source in (random.Random(1), Own(1)):
        before = generators.standing(source)
        assert before is not None
        assert generators.standing(source) == before
        source.random()
        assert generators.standing(source) != before


def test_equal_seeds_stand_at_one_place() -> None:
    assert generators.standing(random.Random(1)) == generators.standing(random.Random(1))
    assert generators.standing(random.Random(1)) != generators.standing(random.Random(2))


def test_what_is_none_stands_nowhere() -> None:
    class Generator:
        pass

    assert generators.standing(Generator()) is None
    assert generators.standing([]) is None

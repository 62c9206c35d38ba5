import itertools

import pytest
import atoms
import country
import doors
import parts
import stops


def test_250_elements_three_times():
    for _ in range(3):
        values = [atoms.shell(element) for element in range(250)]
        assert values == sorted(values)


def test_there_and_back():
    line = list(range(160))
    for stop in itertools.chain(line, line[::-1], line, line[::-1]):
        assert 0 <= stops.fare(stop) < 4099


@pytest.mark.parametrize(
    "code", ["de", "fr", "pl", "cz", "at", "ch", "li", "lu", "be", "nl", "dk", "se"]
)
def test_a_code_a_test(code):
    assert len({country.dialling(code) for _ in range(25)}) == 1


def test_large_parts_at_the_top():
    screw = ()
    for _ in range(60):
        screw = (screw,)
    assert all(parts.mass(screw) == mass for mass in [parts.mass(screw)] for _ in range(30))
    rod = ()
    for _ in range(320):
        rod = (rod,)
    assert parts.mass(rod) > 0


@pytest.mark.parametrize("day", range(20))
def test_two_sides(day):
    for _ in range(3):
        assert doors.plan("north") > 0
        assert doors.plan("south wing") > 0

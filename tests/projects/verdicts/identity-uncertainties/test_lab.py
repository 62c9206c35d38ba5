import lab
import pytest


@pytest.mark.parametrize("turn", range(40))
def test_reading(turn):
    assert lab.reading(3).nominal_value == 3


@pytest.mark.parametrize("turn", range(20))
def test_mean(turn):
    assert lab.mean(4).nominal_value == 4

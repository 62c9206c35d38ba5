import sys

import pytest
from garden import Greenhouse


def test_one():
    assert Greenhouse().yield_of(1) == 2


@pytest.mark.xfail(reason="too many")
def test_too_many():
    assert Greenhouse().yield_of(91) == 182


def test_shown():
    try:
        Greenhouse().yield_of(99)
    except OverflowError:
        frame = sys.exc_info()[2].tb_next
        assert all(repr(name) for name in frame.tb_frame.f_locals)


def test_many():
    for _ in range(40):
        assert Greenhouse().yield_of(4) == 8

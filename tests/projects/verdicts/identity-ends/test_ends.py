import ends
import pytest


def test_buffer():
    for _ in range(60):
        assert ends.buffer(3).size == 3


def test_reading():
    for _ in range(40):
        assert (ends.reading(3.0, 0.1) - ends.reading(1.0, 0.1)).error > 0.1


def test_check():
    for _ in range(60):
        with pytest.raises(ends.FetchError):
            ends.check(404)

import pytest
from logbook import LogBook


@pytest.fixture(scope="module")
def voyage():
    book = LogBook("Ida")
    for miles in (12, 30, 8):
        book.sail(miles)
    return book


@pytest.mark.parametrize("watch", range(50))
def test_distance(voyage, watch):
    assert [voyage.distance() for _ in range(3)] == [50, 50, 50]

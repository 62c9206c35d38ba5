import pytest
from site_pages import numbers, options


@pytest.fixture
def german():
    options.active.decimal_mark = ","
    yield
    options.active.decimal_mark = "."


def test_plain():
    for _ in range(50):
        assert numbers.written(17).startswith("17.")


def test_german(german):
    for _ in range(50):
        assert numbers.written(23).startswith("23,")

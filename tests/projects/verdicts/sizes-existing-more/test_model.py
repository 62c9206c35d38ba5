import pytest
from model import User, Order
@pytest.mark.parametrize("i", range(10))
def test_both(i):
    for _ in range(10):
        assert User.schema() == ("id", "name")
        assert Order.schema() == ("id", "total", "user")

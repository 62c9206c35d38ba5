import pytest, rates
@pytest.mark.parametrize("i", range(150))
def test_rate(i):
    for _ in range(3):
        assert rates.rate("c%03d" % i) == 4 / 7

import doubling
def test_a():
    for i in range(300):
        assert doubling.doubled(i % 20) == i % 20 * 2

import keys

def test_spread():
    for _ in range(40):
        assert keys.spread(1.0, 0.1) > 0

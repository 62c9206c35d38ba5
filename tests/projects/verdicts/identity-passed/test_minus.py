import minus

def test_spread():
    for _ in range(40):
        assert minus.spread(1.0) > 0

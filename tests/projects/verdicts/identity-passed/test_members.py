import members

def test_pair():
    for _ in range(40):
        assert members.pair(1.0) == 3.0

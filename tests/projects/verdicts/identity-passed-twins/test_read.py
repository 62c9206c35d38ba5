import read

def test_both():
    for _ in range(40):
        assert read.both(1.0) > 0
def test_more():
    for i in range(40):
        assert read.both(float(i % 4)) > 0

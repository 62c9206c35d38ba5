import units
def test_km():
    for i in range(40):
        assert units.convert(i % 4, "km") == (i % 4) * 1000
def test_m():
    for i in range(40):
        assert units.convert(i % 4, "m") == i % 4

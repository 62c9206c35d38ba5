import geo
def test_m():
    keep = geo.unit("m")
    for i in range(40):
        assert geo.area(i % 4, "m") == (i % 4) ** 2
def test_km():
    for i in range(40):
        assert geo.area(i % 4, "km") == ((i % 4) * 1000) ** 2

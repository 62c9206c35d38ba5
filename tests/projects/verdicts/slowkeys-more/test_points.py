import points
def test_a():
    for r in range(12):
        for i in range(120):
            assert points.weight(points.Point(i)) == 780 + i

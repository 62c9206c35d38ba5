import histogram
def test_score():
    for i in range(60):
        assert histogram.score(i % 5) >= 0
    assert sum(histogram.HISTOGRAM) > 0

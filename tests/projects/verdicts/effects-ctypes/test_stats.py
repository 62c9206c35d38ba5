import stats
def test_score():
    for i in range(60):
        assert stats.score(i % 5) >= 0
    assert stats.STATS.calls >= 1

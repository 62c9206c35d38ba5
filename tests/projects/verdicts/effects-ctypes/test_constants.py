import constants
def test_score():
    for i in range(60):
        assert constants.score(i % 5) >= 0
def test_more():
    for i in range(60):
        assert constants.score(i % 7) >= 0

import tally
def test_score():
    for i in range(60):
        assert tally.score(i % 5) >= 0
def test_calls():
    before = tally.CALLS.value
    tally.score(77)
    assert tally.CALLS.value == before + 1

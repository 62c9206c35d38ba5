import caller
def test_two():
    for _ in range(40):
        assert caller.amount(1.5) == "1.50"
def test_three(monkeypatch):
    monkeypatch.setattr(caller.STYLE, "_places", 3)
    for _ in range(40):
        assert caller.amount(2.5) == "2.500"

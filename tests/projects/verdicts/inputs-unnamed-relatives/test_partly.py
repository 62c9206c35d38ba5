import partly
def test_two():
    for _ in range(40):
        assert partly.amount(1.5) == "1.50"
def test_three(monkeypatch):
    monkeypatch.setattr(partly.show.args[0], "digits", 3)
    for _ in range(40):
        assert partly.amount(2.5) == "2.500"

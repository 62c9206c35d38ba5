import getter
def test_two():
    for _ in range(40):
        assert getter.amount(1.5) == "1.50"
def test_three(monkeypatch):
    monkeypatch.setattr(getter.SETTINGS, "digits", 3)
    for _ in range(40):
        assert getter.amount(2.5) == "2.500"

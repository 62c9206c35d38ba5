import price, shopconf
def test_eur():
    for i in range(60):
        assert price.amount(i % 3) == f"{i % 3} EUR"
def test_usd(monkeypatch):
    monkeypatch.setattr(shopconf.settings, "currency", "USD")
    for i in range(60):
        assert price.amount(10 + i % 3) == f"{10 + i % 3} USD"

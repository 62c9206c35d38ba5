import shop


def test_price():
    assert [shop.price(100) for _ in range(300)] == [119] * 300


def test_rate():
    assert [shop.rate("EUR") for _ in range(200)] == [2] * 200


def test_rate_changed(monkeypatch):
    monkeypatch.setitem(shop._RATES, "EUR", 3)
    assert shop.rate("EUR")


def test_place():
    assert len({shop.place("x") for _ in range(300)}) == 1


def test_options():
    for number in range(200):
        shop.options("a")["number"] = number


def test_note(capsys):
    for _ in range(200):
        shop.note("a")


def test_label():
    assert {shop.label(value, "m") for value in (1, True) * 100}


def test_total():
    for _ in range(200):
        assert shop.total((1, 2)) == 3
    assert shop.total([1, 2]) == 3


def test_rank():
    assert [shop.rank("a") for _ in range(20)]


def test_basket():
    for number in range(20):
        basket = shop.Basket([number])
        assert basket.size() == basket.size() == 1

from shop import context, logic


def test_amount():
    for _ in range(40):
        assert logic.amount(150) == "1.50 EUR0"


def test_amount_while_debugging(monkeypatch):
    monkeypatch.setattr(context.settings, "debug", True)
    context.local.user = "ada"
    for _ in range(40):
        assert logic.amount(275) == "2.75 EUR0"


def test_places():
    for _ in range(40):
        assert (logic.places("EUR"), logic.places("JPY")) == (2, 0)


def test_metres():
    for _ in range(40):
        assert (logic.metres(2, "km"), logic.metres(2, "m")) == (2000, 2)


def test_score():
    for _ in range(40):
        assert logic.score("zebra") > logic.score("ax") > 0


def test_trace():
    for turn in range(60):
        assert logic.UNIT.trace() == 2
        if turn == 30:
            logic.UNIT.name("unit")


def test_districts():
    for _ in range(60):
        logic.Census.ask()
        assert logic.Census.districts("south") == 10

import datetime

import values


def test_pair():
    for _ in range(40):
        assert values.pair(1) == (1, 1)


def test_money():
    for _ in range(40):
        assert values.money("250 EUR") == values.Money(250, "EUR")


def test_share():
    for _ in range(40):
        assert 2 * values.share(4) == values.share(2)


def test_precise():
    for _ in range(40):
        assert str(values.precise("1.50")) == "1.50"


def test_version():
    for _ in range(40):
        assert values.version("3.1.4") == values.version("3.1.4") != values.version("3.1.5")


def test_deadline():
    for _ in range(40):
        assert values.deadline(31) == datetime.date(2024, 2, 1)


def test_colour():
    for _ in range(40):
        assert values.colour("r") is values.Colour.RED

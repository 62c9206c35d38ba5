import datetime
import decimal
import fractions
import uuid

import pytest
import told


@pytest.fixture(autouse=True, scope="module")
def before_all():
    assert told.outer(1) == 4


def test_first_calls_outer():
    for _ in range(20):
        assert told.outer(1) == 4


def test_second_calls_nothing():
    assert told._work(10) > 0


def test_third_calls_inner():
    for _ in range(40):
        assert told.inner(2) == 6


def test_fourth_calls_nothing():
    assert told.LOG


def test_booked():
    for _ in range(40):
        assert told.booked(decimal.Decimal("17.25")) == decimal.Decimal("34.5")


def test_due():
    for _ in range(40):
        assert told.due(datetime.date(2031, 5, 6)) == "2031-05-06"


def test_found():
    for _ in range(40):
        assert told.found(uuid.UUID("12345678123456781234567812345678")).startswith("1234")


def test_part():
    for _ in range(40):
        assert told.part(fractions.Fraction(355, 113)) == 355


def test_clarity():
    for number in range(40):
        assert told.clarity(told.Vague(number % 2)) < 2


def test_seldom():
    for number in list(range(49)) + list(range(12)):
        assert told.seldom(number) == number


def test_greeted():
    for _ in range(40):
        assert told.greeted("Ada") == "Hi Ada"


def test_greeted_otherwise(monkeypatch):
    monkeypatch.setenv("GREETING", "Moin")
    for _ in range(40):
        assert told.greeted("Ada") == "Moin Ada"

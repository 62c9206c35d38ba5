import datetime
import decimal
import fractions
import pathlib
import uuid

import plain


def test_doubled():
    for _ in range(40):
        assert plain.doubled(decimal.Decimal("17.25")) == decimal.Decimal("34.5")


def test_weekday():
    for _ in range(40):
        assert plain.weekday(datetime.datetime(2031, 5, 6, 12, 30))


def test_short():
    for _ in range(40):
        assert plain.short(uuid.UUID("12345678123456781234567812345678")) == "123456"


def test_denominator():
    for _ in range(40):
        assert plain.denominator(fractions.Fraction(355, 113)) == 113


def test_suffix():
    for _ in range(40):
        assert plain.suffix(pathlib.PurePosixPath("/a/b.txt")) == ".txt"


def test_inner():
    for number in range(60):
        assert plain.inner(number % 2) < 4


def test_outer():
    for number in range(60):
        assert plain.outer(number % 2 + 5) > 15


def test_clarity():
    for number in range(60):
        assert plain.clarity(plain.Clear(number % 2)) < 2

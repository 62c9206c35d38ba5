import calendar
import mimetypes

import app
import pytest


def test_first():
    for number in range(60):
        assert app.weeks(number % 3 + 1) == 5
        assert app.header(f"{number % 3}.html") == "text/html"
        assert app.leap(2000 + number % 3) == (number % 3 == 0)


@pytest.fixture
def sunday():
    calendar.setfirstweekday(calendar.SUNDAY)
    yield
    calendar.setfirstweekday(calendar.MONDAY)


def test_later(sunday):
    mimetypes.add_type("application/x-own", ".own")
    for number in range(30):
        assert app.weeks(number % 3 + 4) > 4
        assert app.header(f"{number % 3}.own") == "application/x-own"
        assert not app.leap(2001 + number % 3)

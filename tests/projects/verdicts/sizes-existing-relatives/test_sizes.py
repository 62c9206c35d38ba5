import random

import holidays
import schema
import thumbs
import words
from inner import grid


def test_150_years_again_and_again():
    for _ in range(5):
        assert all(0 <= holidays.easter(year) < 35 for year in range(1900, 2050))


def test_two_subclasses_by_turns():
    for _ in range(60):
        assert len(schema.Orders.layout()) == 2800
        assert len(schema.Customers.layout()) == 3500


def test_thumbnails_in_any_order():
    order = random.Random(3)
    for _ in range(260):
        thumbs.thumbnail(order.randrange(40))


def test_three_languages():
    for _ in range(60):
        assert words.Words.endings("de") < words.Words.endings("nds") < words.Words.endings("scots")


def test_a_map_of_100_fields():
    for _ in range(6):
        for x in range(10):
            for y in range(10):
                assert 0 <= grid.noise(x, y, octave=1) <= 1

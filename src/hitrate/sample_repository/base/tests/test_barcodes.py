import random

from parcels.barcodes import drawn, encoded, scanned


def test_two_digits():
    assert encoded("38") == "nnnn" + "wwwnnnnwnn" + "wnn"


def test_what_is_printed_is_what_is_scanned():
    numbers = random.Random(1)
    for _ in range(100_000):
        digits = f"{numbers.randrange(10**12):012d}"
        assert scanned(encoded(digits)) == digits


def test_a_picture_has_a_bar_for_every_digit():
    for number in range(50_000):
        assert drawn(f"{number:08d}").count("<rect") == 4 + 4 * 5

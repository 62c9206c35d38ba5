import decimal

import keys


def test_height():
    for _ in range(30):
        for x in range(4):
            assert keys.height(keys.Point(x, 2)) == x + 2


def test_inversions():
    rows = [tuple(range(n, n + 800)) for n in range(3)]
    for _ in range(40):
        assert [keys.inversions(row) for row in rows] == [0, 0, 0]


def test_price():
    for _ in range(40):
        for number in range(4):
            assert keys.price(keys.Article(number, ("a", "b"))) == 2 * number


def test_stroke():
    for _ in range(40):
        for letter in "abcd":
            assert keys.stroke(keys.Sign(letter)) == ord(letter)


def test_rounded():
    for _ in range(40):
        for cents in range(4):
            assert keys.rounded(decimal.Decimal(cents) / 1000) < 1

import pure


def test_vowels():
    for _ in range(110):
        assert pure.vowels("caterpillar") == 6000 and pure.vowels("owl") == 1500


def test_tax():
    for _ in range(110):
        assert pure.tax("a", "full") < pure.tax("b", "full")


def test_price():
    for _ in range(110):
        assert pure.price(3) >= 0


def test_fingerprint():
    for _ in range(110):
        assert pure.fingerprint("ab") != pure.fingerprint("ba")


def test_table():
    for _ in range(110):
        assert pure.table(20).startswith("0,0")


def test_smoothed():
    for _ in range(110):
        assert pure.smoothed((1, 5, 2, 8)) > 0


def test_squares():
    for _ in range(110):
        assert pure.squares(12000) > 0

import letters


def test_stamps():
    assert len({letters.stamp(number) for number in range(600)}) == 600


def test_initials():
    names = [f"{n:04x}" for n in range(250)]
    for _ in range(4):
        assert all(letters.initial(name) == "0" for name in names)


def test_postage():
    for _ in range(30):
        for grams in (20, 50, 500, 1000):
            assert letters.postage(grams) < 509


def test_folds():
    for paper in range(400):
        assert letters.folds(100 + paper / 7) >= 6


def test_serials():
    seen = [letters.serial(f"{n}-{n * n}") for n in range(500)]
    assert min(seen) > 0

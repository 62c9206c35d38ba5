import fixed


def test_field():
    for _ in range(90):
        assert fixed.field(1) != fixed.field(2)


def test_legacy():
    for _ in range(90):
        assert fixed.legacy(3) > 0


def test_spectrum():
    for _ in range(90):
        assert fixed.spectrum(65_536) > 0


def test_largest():
    for _ in range(90):
        assert fixed.largest(90) > 0


def test_seeds():
    for _ in range(90):
        assert fixed.seeds(9) > 0


def test_median():
    for _ in range(90):
        assert fixed.median(2) > 0

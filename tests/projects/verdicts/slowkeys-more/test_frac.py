from fractions import Fraction
import frac
POINTS = [tuple(Fraction(i * 7 + 1, j * 11 + 10**30) for j in range(200)) for i in range(10)]
def test_span():
    for _ in range(30):
        for p in POINTS:
            assert isinstance(frac.span(p), int)

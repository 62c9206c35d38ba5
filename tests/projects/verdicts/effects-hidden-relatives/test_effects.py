import area
import audit
import lookup
import parcel
import plural
import tax


def test_duty():
    for _ in range(50):
        assert tax.duty(19) == tax.duty(19)


def test_hectares():
    for _ in range(100):
        assert area.hectares(3) > 0


def test_girth():
    for _ in range(100):
        assert parcel.Parcel.girth(3, 4) >= 0


def test_many():
    for _ in range(50):
        assert plural.many("bus") == "buses"
        assert plural.many("car") == "cars"


def test_distance():
    for _ in range(100):
        assert lookup.distance(401, 3) > 100


def test_allowed():
    for _ in range(100):
        assert audit.allowed("ada")

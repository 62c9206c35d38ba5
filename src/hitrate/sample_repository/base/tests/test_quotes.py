from parcels.labels import label
from parcels.quotes import Parcel, quote


def test_quote():
    assert quote(Parcel("DE", "10115", 23, 40, 30, 20)) == 3 * 890


def test_label():
    assert label("PX1", "Ada", 1) == "PX1\nAda\nZONE 1"

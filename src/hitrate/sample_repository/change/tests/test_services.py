from parcels.quotes import Parcel
from parcels.services import offers


def test_islands_have_no_express():
    assert offers(Parcel("DE", "25946", 5, 40, 30, 20)) == ["standard", "tracked", "insured"]


def test_a_heavy_parcel_is_collected():
    assert "collected" in offers(Parcel("DE", "10115", 25, 40, 30, 20))


def test_every_parcel_can_be_tracked():
    for kilograms in range(1, 41):
        assert "tracked" in offers(Parcel("FR", "75001", kilograms, 40, 30, 20))

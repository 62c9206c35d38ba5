import pytest

from parcels.zones import zone_of


@pytest.mark.parametrize(
    ("country", "postcode", "zone"),
    [
        ("DE", "10115", 1), ("DE", "25946", 3), ("DE", "27498", 4),
        ("FR", "20000", 4), ("FR", "75001", 2), ("IT", "07026", 4),
    ],
)  # fmt: skip
def test_zone_of(country, postcode, zone):
    assert zone_of(country, postcode) == zone

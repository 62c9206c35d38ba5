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


def test_a_round_trip_crosses_every_zone():
    places = [
        ("AT", "1010"), ("AT", "6563"), ("DE", "10115"), ("DE", "25946"), ("DE", "27498"), ("FR", "20000"),
        ("FR", "75001"), ("FR", "97100"), ("IT", "00118"), ("IT", "07026"), ("NL", "1012"), ("NL", "1796"),
    ]  # fmt: skip
    for _ in range(150):
        assert {zone_of(country, postcode) for country, postcode in places} == {1, 2, 3, 4, 5}

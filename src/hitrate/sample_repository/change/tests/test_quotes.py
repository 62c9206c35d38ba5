import asyncio
import json
from dataclasses import replace

import pytest

from parcels.quotes import Parcel, pickup_day, quote
from parcels.surcharges import load_surcharges

PLACES = [
    ("AT", "1010"), ("AT", "6563"), ("DE", "10115"), ("DE", "20095"), ("DE", "25946"), ("DE", "50667"),
    ("DE", "80331"), ("FR", "20000"), ("FR", "33000"), ("FR", "69001"), ("FR", "75001"), ("IT", "00118"),
    ("IT", "07026"), ("IT", "20121"), ("IT", "90121"), ("NL", "1012"), ("NL", "1796"),
]  # fmt: skip


def parcels(number):
    """A shipment to a few places, as customers send them."""
    return [
        Parcel(*PLACES[index * 7 % len(PLACES)], 1 + 2 * (index % 11), length=40, width=30, height=20 + index % 9)
        for index in range(number)
    ]


@pytest.fixture
def surcharges(tmp_path):
    path = tmp_path / "surcharges.json"
    path.write_text(json.dumps({"fuel": 0.12, "toll": 0.03}))
    return path


def test_quote(surcharges):
    assert quote(Parcel("DE", "10115", 23, 40, 30, 20), surcharges) == round(1690 * 1.15)


@pytest.mark.parametrize("number", [20, 150, 500])
def test_a_heavier_parcel_never_costs_less(number, surcharges):
    for parcel in parcels(number):
        heavier = replace(parcel, kilograms=parcel.kilograms + 1)
        assert quote(heavier, surcharges) >= quote(parcel, surcharges)


def test_light_and_large_parcels_are_charged_by_volume():
    assert Parcel("DE", "10115", 2, 100, 50, 50).charged_kilograms() == 50
    assert all(parcel.charged_kilograms() >= parcel.kilograms for parcel in parcels(300))


def test_surcharges_follow_the_file(surcharges):
    assert load_surcharges(surcharges) == {"fuel": 0.12, "toll": 0.03}
    surcharges.write_text(json.dumps({"fuel": 0.14}))
    assert load_surcharges(surcharges) == {"fuel": 0.14}


def test_pickup_day():
    async def carrier(postcode):
        return f"tomorrow in {postcode}\n"

    assert asyncio.run(pickup_day("10115", carrier)) == "tomorrow in 10115"

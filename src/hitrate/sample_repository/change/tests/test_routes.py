import random

from parcels.routes import LEGS, hours

DEPOTS = sorted({depot for leg in LEGS for depot in leg})


def test_hours():
    assert hours("Hamburg", "Rome") == 28


def test_there_is_as_far_as_back():
    shipments = random.Random(7)
    for _ in range(2000):
        start, end = shipments.sample(DEPOTS, 2)
        assert hours(start, end) == hours(end, start) <= 40

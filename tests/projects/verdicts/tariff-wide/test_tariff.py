import tariff

PARCELS = [(zone, weight) for zone in range(12) for weight in range(15)]


def test_each_week_the_same_parcels():
    weeks = [[tariff.fee(*parcel) for parcel in PARCELS] for _ in range(4)]
    assert weeks[0] == weeks[1] == weeks[2] == weeks[3]

import tides


def test_twenty_ports():
    for _ in range(8):
        for port in range(20):
            assert tides.high_water(port) == tides.high_water(port)


def test_ninety_ports():
    for _ in range(4):
        for port in range(90):
            assert tides.low_water(port) >= 0


def test_one_year():
    for year in (2024, 2025):
        assert len({tides.spring_tide(year) for _ in range(100)}) == 1


def test_quarters():
    for month in range(120):
        assert tides.quarter(month // 3 % 4) >= 0


def test_each_moment_is_a_new_one():
    assert all(tides.once(moment) < 12 for moment in range(300))

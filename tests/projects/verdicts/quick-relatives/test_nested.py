import nested


def test_chapters():
    for _ in range(40):
        for number in (1, 2, 5, 6):
            assert nested.chapter(number).startswith("Chapter")


def test_table():
    for _ in range(40):
        assert "|" in nested.table("ab")
        assert "|" in nested.table("cd")


def test_tax():
    for _ in range(40):
        assert nested.Rates.tax("full", 2) == 38
        assert nested.Rates.tax("half", 3) == 21


def test_stem():
    for _ in range(40):
        assert nested.stem(" Cars ", "s") == "car"
        assert nested.stem("Buses", "es") == "bus"


def test_checksum():
    for _ in range(40):
        assert nested.checksum("adg") == 10
        assert nested.checksum("behk") > 0

import alloy

RECIPES = [("bronze", {"Cu": 80 + n / 4, "Sn": 20 - n / 4, "Zn": n / 9}) for n in range(16)]


def test_weights():
    for _batch in range(12):
        for name, parts in RECIPES:
            assert alloy.weight(alloy.Alloy(name, parts)) > 0

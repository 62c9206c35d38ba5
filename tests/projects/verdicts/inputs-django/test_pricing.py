from django.test import override_settings

import pricing


def test_euro():
    for _ in range(50):
        assert pricing.label(150) == "1.50 EUR"


@override_settings(SHOP_CURRENCY="CHF")
def test_francs():
    for _ in range(50):
        assert pricing.label(275) == "2.75 CHF"


def test_area():
    for _ in range(50):
        assert pricing.area(3) == 10


@override_settings(BORDER=2)
def test_area_with_a_wide_border():
    for _ in range(50):
        assert pricing.area(4) == 18

import pytest

from parcels.boxes import postage


@pytest.mark.parametrize(("kilograms", "cents"), [(1, 390), (2, 390), (7, 890), (12, 1280), (23, 1690), (30, 2580), (36, 2970), (44, 3380)])
def test_postage(kilograms, cents):
    assert postage(kilograms) == cents

import pytest
import six
from prices_lib.prices import gross, tax_rate


@pytest.mark.parametrize("net", range(20))
def test_gross(net):
    assert gross(net, "land-19") == round(net * 1.19, 2)


def test_no_tax():
    assert tax_rate(six.ensure_text("nowhere")) == 0.0

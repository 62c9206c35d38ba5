import pytest
import freight


@pytest.mark.parametrize(
    "port", ["Aden", "Brest", "Cork", "Dover", "Emden", "Fowey", "Genoa", "Hull", "Izmir"]
)
def test_cost(port):
    assert len({freight.cost(port) for _ in range(35)}) == 1

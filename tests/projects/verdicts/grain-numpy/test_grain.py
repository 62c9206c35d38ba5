import pytest
import grain

FIRST = []


@pytest.mark.parametrize("frame", range(80))
def test_speckle(frame):
    FIRST.append(grain.speckle(60, 60))
    assert FIRST[0] == FIRST[-1]

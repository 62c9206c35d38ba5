import nesting


def test_cottages():
    for _ in range(50):
        assert nesting.height(16) >= 16


def test_tower():
    assert nesting.height(260) >= 260

import symbols


def test_fresh():
    bindings = {}
    for value in range(50):
        bindings[symbols.fresh("x")] = value
    assert len(bindings) == 50


def test_unset():
    for _ in range(50):
        assert symbols.unset("x") is not symbols.unset("x")

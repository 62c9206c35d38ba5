import shares


def test_locks():
    for number in range(20):
        assert shares.add("a", 1) == number + 1


def test_handlers():
    for number in range(10):
        shares.logger_for("shares.a").warning("warning %d", number)
    assert len(shares.OUTPUT.getvalue().splitlines()) == 10


def test_client():
    for _ in range(10):
        assert shares.client("x").address("/a") == "x/a"

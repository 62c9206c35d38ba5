import waits


def test_fetch():
    for _ in range(40):
        assert waits.fetch("ab") == "AB"


def test_polled():
    for _ in range(40):
        assert waits.polled(1) == 2


def test_signalled():
    for _ in range(40):
        assert waits.signalled(3) == 6


def test_asked():
    for _ in range(40):
        assert waits.asked("abc") == 3


def test_mixed():
    for _ in range(40):
        assert waits.mixed(5) == 5

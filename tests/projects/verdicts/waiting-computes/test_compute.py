import compute


def test_primes():
    for _ in range(60):
        assert compute.primes(60_000) == 6057


def test_digest():
    for _ in range(60):
        assert compute.digest("a") != compute.digest("b")


def test_packed():
    for _ in range(40):
        assert compute.packed(20_000) > 0


def test_once():
    for number in range(200):
        assert compute.once(number) >= 0


def test_squeezed():
    for _ in range(40):
        assert compute.squeezed(20_000) > 0

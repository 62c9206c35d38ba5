import gang


def test_threaded():
    for _ in range(60):
        assert gang.threaded(2) == 2 * sum(range(60_000)) * 2


def test_pooled():
    for _ in range(60):
        assert gang.pooled(1) == 6 * sum(range(20_000)) + 15


def test_hashed():
    for _ in range(60):
        assert len(gang.hashed(b"text")) == 64


def test_relayed():
    for _ in range(60):
        assert gang.relayed(3) == 3 * sum(range(80_000))

import gang


def test_threaded():
    for _ in range(60):
        assert gang.threaded(2) == 2 * sum(range(60_000)) * 2

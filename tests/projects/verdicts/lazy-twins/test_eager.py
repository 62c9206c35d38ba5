import eager


def test_circle():
    for _ in range(50):
        assert 12 < eager.circle(2).area < 13


def test_rows():
    for _ in range(30):
        assert len(eager.rows("user")) == 30


def test_evens():
    for _ in range(50):
        assert list(eager.evens(6)) == [0, 2, 4]


def test_span():
    for _ in range(50):
        assert eager.span("four").length == 4


def test_name():
    for _ in range(50):
        assert eager.name("ada") in {eager.Name("Ada"), eager.Name("Bob")}


def test_pattern():
    for _ in range(50):
        assert eager.pattern(("ab", "cd")).match("cd")

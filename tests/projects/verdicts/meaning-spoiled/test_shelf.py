import shelf


def test_one_port():
    assert "port=1" in shelf.connect("dev", port=1)


def test_hosts():
    for _ in range(20):
        assert "host=localhost" in shelf.connect("dev")


def test_labels():
    assert "new" in shelf.labelled("book", "new")
    for _ in range(20):
        assert "book" in shelf.tags("book")


def test_grants():
    assert "write" in shelf.admin("ann").grants
    for _ in range(20):
        assert "read" in shelf.account("ann").grants


def test_marks():
    assert shelf.marked(3, 0, 0)[0][0] == 1
    for _ in range(20):
        assert len(shelf.grid(3)) == 3


def test_seals():
    assert shelf.Reader.sealed("a").startswith(b"name:a!")
    for _ in range(20):
        assert shelf.Reader.header("a").startswith(b"name:")

import pytest
import store


@pytest.fixture(params=range(1, 41))
def rows(request):
    store.ROWS[:] = [("user", number) for number in range(request.param)]


def test_report(rows):
    assert {kind for kind, _ in store.report("user").rows} == {"user"}


def test_newest(rows):
    assert store.newest("user")[0][0] == "user"


def test_author(rows):
    assert store.author("user").books[0] == 0


def test_size(rows):
    assert store.size("user").get() > 0


@pytest.mark.parametrize("turn", range(40))
def test_salute(turn, monkeypatch):
    monkeypatch.setitem(store.NOW, "language", "fr" if turn % 4 == 3 else "en")
    assert str(store.salute("!")).endswith("!")

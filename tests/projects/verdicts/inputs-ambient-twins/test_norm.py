import norm
def test_a():
    for _ in range(60):
        assert norm.norm(" A") == "pa"
def test_b(monkeypatch):
    monkeypatch.setenv("MODE", "x")
    t = norm.user.set("bob")
    for _ in range(60):
        assert norm.norm(" B") == "pb"
    assert norm.who() == "bob"
    norm.user.reset(t)

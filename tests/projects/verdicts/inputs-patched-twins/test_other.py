import other, platform, time
def test_here():
    for _ in range(40):
        assert other.place("a") > 0
def test_there(monkeypatch):
    monkeypatch.setattr(platform, "node", lambda: "x")
    monkeypatch.setattr(time, "sleep", lambda s: None)
    other.wait()
    assert other.host() == "x"
    for _ in range(40):
        assert other.place("b") > 0
